/** Speed of the batch-size study: one point with 192 CPUs on one core, and a whole curve on two. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { ms, Table } from './table.mjs';

const MACHINE = 'machine=skylake-ex-4s';
/** The published batches (facts zone, 1.1). */
const CURVE = [
  31, 53, 63, 73, 119, 127, 137, 165, 188, 223, 255, 267, 299, 320, 393, 424, 458, 467, 498, 511,
];
/** Those whose points take longest and about as long as most. */
const POINTS = [31, 119];

/**
 * @param {readonly number[]} batches
 * @param {number} jobs
 * @returns {number} wall time of the command, ms
 */
function sweep(batches, jobs) {
  const args = ['sweep', 'page-fault1', '--set', MACHINE, '--set', `batch=${batches.join()}`, '--json'];
  const begin = performance.now();
  const command = [join(root, 'tools/mmscope.mjs'), ...args, '--jobs', String(jobs)];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - begin;
}

/** @returns {boolean} whether both bounds are held */
export function zoneBench() {
  const table = new Table();
  table.head('page_fault1 on 192 CPUs');
  for (const batch of POINTS) table.row(`one point, batch ${batch}`, sweep([batch], 1), ms, 5_000);
  table.row(`${CURVE.length} points on two cores`, sweep(CURVE, 2), ms, 60_000);
  return table.ok;
}
