import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { galleryEntry, type Source } from '../scenario/index.ts';
import { type Arguments, UsageError } from './args.ts';
import { startWorker } from './pool-worker.ts';
import { Interrupted, interruptible } from './session.ts';
import { resolveOperand } from './source.ts';
import { scoreChanges } from './sweep-changes.ts';
import { type Grid, type Point, pointName, readGrid } from './sweep-points.ts';
import { runPool } from './sweep-pool.ts';
import { ProgressLine, progressText } from './sweep-progress.ts';
import { sweepTable } from './sweep-table.ts';
import { isBatchResult, type SweepResult, type SweepSetup } from './sweep-worker.ts';

/** Between two looks at signals while the points are resolved. */
const SLICE_MS = 50;

/** `sweep SCENARIO`: runs every combination of the values, prints the results; the exit code. */
export async function sweepCommand(args: Arguments): Promise<number> {
  const [operand, ...rest] = args.operands;
  if (operand === undefined) throw new UsageError('sweep: which scenario? (mmscope list shows them)');
  if (rest.length > 0) throw new UsageError(`sweep: unexpected argument '${rest[0]}'`);
  const grid = readGrid(args.set);
  const results = await interruptible((signal) => sweep(operand, grid, args, signal));
  if (args.json) {
    for (const key of hiddenKeys(grid, results)) {
      const where = `its swept value is in set.${key} only`;
      process.stderr.write(`mmscope: sweep: '${key}' is a field of a run's result too; ${where}\n`);
    }
    await printElements(results);
  } else process.stdout.write(sweepTable(grid, results));
  return args.check && results.some((r) => !r.expected) ? 1 : 0;
}

async function sweep(
  operand: string,
  grid: Grid,
  args: Arguments,
  signal: AbortSignal,
): Promise<SweepResult[]> {
  const { points } = grid;
  const progress = new ProgressLine();
  try {
    await resolveAll(operand, points, progress, signal);
    const setup: SweepSetup = { source: sourceOf(operand), untilNs: args.untilNs };
    return await runPool<Point, SweepResult>({
      tasks: points,
      jobs: args.jobs ?? availableParallelism(),
      start: () => startWorker('sweep', setup),
      name: pointName,
      progress: (done, running) => progress.show(progressText(done, points.length, running)),
      signal,
    });
  } finally {
    progress.clear();
  }
}

/**
 * Resolves every point, so that bad input is refused before anything runs. The programs are not kept: ten thousand of
 * them would take a gigabyte, and a worker compiles its own in 2 ms.
 * @throws UsageError with the first diagnostic of the first point that is refused.
 */
async function resolveAll(
  operand: string,
  points: readonly Point[],
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  let looked = performance.now();
  for (const [i, point] of points.entries()) {
    try {
      resolveOperand(operand, point.set);
    } catch (error) {
      // What the first point is refused for need not lie in its swept values; in a later one it does.
      if (!(error instanceof UsageError) || i === 0) throw error;
      throw new UsageError(`${error.message} (at ${pointName(point)})`);
    }
    if (performance.now() - looked < SLICE_MS) continue;
    progress.show(`checked ${i + 1} of ${points.length}`);
    await new Promise((done) => setImmediate(done));
    if (signal.aborted) throw new Interrupted();
    looked = performance.now();
  }
}

/** The text to run: read once, so that all points have the same. The operand has been resolved before. */
function sourceOf(operand: string): Omit<Source, 'set'> {
  if (galleryEntry(operand) !== undefined) return { scenario: operand };
  const end = operand.lastIndexOf('.kp') + '.kp'.length;
  const file = operand.slice(0, end);
  return { scenario: operand.slice(end + 1), text: readFileSync(file, 'utf8'), file: basename(file) };
}

/** Swept keys that mean something else in a run's result, such as a number `threads` of the scenario. */
function hiddenKeys({ keys }: Grid, results: readonly SweepResult[]): string[] {
  const hidden = (key: string): boolean =>
    results.some(({ swept, run }) => Object.entries(run).some(([k, v]) => k === key && v !== swept[key]));
  return keys.filter(hidden);
}

/**
 * One array, an element a line: the swept keys, then what `run --json` prints, or what page_fault1 measured, which wins.
 * Written piece by piece: together they may be longer than a string can be.
 */
async function printElements(results: readonly SweepResult[]): Promise<void> {
  const changes = scoreChanges(results);
  for (const [i, { swept, run }] of results.entries()) {
    const element = { ...swept, ...run, ...(isBatchResult(run) ? { changePct: changes[i] } : {}) };
    const text = `${i === 0 ? '[\n' : ',\n'}${JSON.stringify(element)}`;
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
  process.stdout.write('\n]\n');
}
