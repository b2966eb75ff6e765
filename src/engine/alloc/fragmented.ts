import type { Engine } from '../engine.ts';
import { drawOf, drawsOf, whole } from '../numbers.ts';
import { BLOCK_PAGES } from './buddy.ts';
import type { Zones } from './zones.ts';

/** Draws of nodes, behind those of threads, CPUs, locks and hosts. */
const FRAGMENT_DRAWS = 262_144;

/**
 * Memory as it is after long use: `pages` of it, evenly over the nodes and in whole blocks of the highest order, are free one
 * by one, in any order, each written last by any CPU of its node. Tasks that allocate and free all the time, batch by batch,
 * leave it so: what came from one block was given out to many, and comes back from each at another time. Tests of
 * will-it-scale run for 300 s in the lab of the published figures (facts zone, 2.1), some 700 rounds of page_fault1; a
 * simulation has time for a few.
 */
export function fragment(e: Engine, zones: Zones, pages: number): void {
  const { buddy, nodes } = zones;
  const cpus = Array.from({ length: e.cpus.count }, (_, cpu) => cpu);
  const most = whole(pages / nodes / BLOCK_PAGES) * BLOCK_PAGES;
  // For all nodes: fresh memory costs a page fault for every 1024 pages.
  const all = new Int32Array(most);
  const writers = new Uint16Array(most);
  for (let node = 0; node < nodes && most > 0; node++) {
    let n = 0;
    while (n < most) {
      const first = buddy.fresh(node);
      // Areas that are there before the run have the rest.
      if (first < 0) break;
      for (let k = 0; k < BLOCK_PAGES; k++) all[n++] = first + k;
    }
    const own = Uint16Array.from(cpus.filter((cpu) => e.cpus.socketOf(cpu) === node));
    const order = all.subarray(0, n);
    shuffle(order, writers, own, drawsOf(e.seed, FRAGMENT_DRAWS + node, 0));
    buddy.scatter(node, order, writers);
  }
}

/** Brings the frames into any order, and draws who of `own` wrote each of them last. */
function shuffle(order: Int32Array, writers: Uint16Array, own: Uint16Array, draws: number): void {
  for (let k = 0; k < order.length; k++) {
    // One draw: its whole part is a place among those before, what is behind the point a CPU. Below 2^31 `| 0` is `whole`,
    // without a branch that is taken every other time: there are millions of draws.
    const drawn = drawOf(draws, k) * (k + 1);
    const other = drawn | 0;
    writers[k] = own[((drawn - other) * own.length) | 0] as number;
    const frame = order[k] as number;
    order[k] = order[other] as number;
    order[other] = frame;
  }
}
