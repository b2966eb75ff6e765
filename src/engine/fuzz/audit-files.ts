import { State, TABLE_PAGES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { Outcome } from '../outcome.ts';
import { GRACE_DOMAINS } from '../world.ts';
import type { Complain } from './audit-cpus.ts';

/** The disk's queue, who sleeps for a page, and what the page cache counts. */
export function auditFiles(e: Engine, complain: Complain): void {
  const { w } = e;
  const queue: number[] = [];
  for (let at = w.disk[0] as number; at !== 0; at = w.ioNext[at - 1] as number) {
    queue.push(at - 1);
    if (queue.length > w.sizes.threads) {
      complain('the queue of the disk is a circle');
      return;
    }
  }
  if (queue.length !== w.disk[2]) complain(`the disk counts ${w.disk[2]} reads of ${queue.length}`);
  if ((w.disk[1] as number) !== (queue.at(-1) ?? -1) + 1) complain("the tail of the disk's queue is wrong");
  const source = w.sizes.cpus * 3 + w.sizes.threads * 2 + GRACE_DOMAINS;
  if (w.run[0] === Outcome.RUNNING && e.q.has(source) !== queue.length > 0)
    complain(`the disk has ${queue.length} reads, and its event does not fit`);
  const wanted = queue.map((t) => `${w.threadMm[t]}:${w.ioPage[t]}`);
  if (new Set(wanted).size !== wanted.length) complain(`a page is read twice at a time: ${wanted}`);
  for (let t = 0; t < w.sizes.threads; t++) {
    const sleeps = w.ioPage[t] !== 0;
    if ((w.ioReads[t] === 1) !== queue.includes(t)) complain(`thread ${t} and its read do not fit`);
    if (sleeps && w.state[t] !== State.IDLE) complain(`thread ${t} waits for the disk, state ${w.state[t]}`);
    if (sleeps && !wanted.includes(`${w.threadMm[t]}:${w.ioPage[t]}`))
      complain(`lost read: thread ${t} sleeps for page ${w.ioPage[t]}, which nobody reads`);
    if (!sleeps && w.ioNext[t] !== 0)
      complain(`thread ${t} reads nothing and has a next in the disk's queue`);
  }
  w.cacheCount.forEach((n, slot) => {
    if (n > TABLE_PAGES) complain(`the page cache counts ${n} pages of table ${slot}`);
    if (w.sizes.pages && bitsOf(w.cacheBits, slot) !== n)
      complain(`the page cache counts ${n} pages of table ${slot}, not as many as its bits`);
  });
}

function bitsOf(bits: Uint32Array, slot: number): number {
  let n = 0;
  for (let k = slot * 16; k < slot * 16 + 16; k++) for (let v = bits[k] as number; v !== 0; v &= v - 1) n++;
  return n;
}
