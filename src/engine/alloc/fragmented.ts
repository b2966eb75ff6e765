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
  for (let node = 0; node < nodes && most > 0; node++) {
    const all = new Int32Array(most);
    let n = 0;
    while (n < most) {
      const first = buddy.fresh(node);
      // Areas that are there before the run have the rest.
      if (first < 0) break;
      for (let k = 0; k < BLOCK_PAGES; k++) all[n++] = first + k;
    }
    const order = all.subarray(0, n);
    const own = cpus.filter((cpu) => e.cpus.socketOf(cpu) === node);
    const writers = new Uint16Array(n);
    const draws = drawsOf(e.seed, FRAGMENT_DRAWS + node, 0);
    for (let k = 0; k < n; k++) {
      // One draw: its whole part is a place among those before, what is behind the point a CPU.
      const drawn = drawOf(draws, k) * (k + 1);
      const other = whole(drawn);
      writers[k] = own[whole((drawn - other) * own.length)] as number;
      const frame = order[k] as number;
      order[k] = order[other] as number;
      order[other] = frame;
    }
    buddy.scatter(node, order, writers);
  }
}
