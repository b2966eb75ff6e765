import { TABLE_PAGES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { GATHER_ROOM } from '../world.ts';
import { BLOCK_PAGES, ORDERS } from './buddy.ts';
import type { Zones } from './zones.ts';

/**
 * Where every page frame of the blocks in use is: how many are in no place, or in several. Pages in a thread's hand
 * between allocation and page table are in none, and are counted as `pagesInHand`. From the lists themselves, not from
 * what the models count.
 */
export function lostPages(zones: Zones, e: Engine): number {
  const { w } = e;
  const places = new Uint8Array((w.zoneBlocks[0] as number) * BLOCK_PAGES);
  const put = (frame: number): void => {
    places[frame] = (places[frame] as number) + 1;
  };
  for (let list = 0; list < zones.nodes * ORDERS; list++) {
    const pages = 2 ** (list % ORDERS);
    for (let f = w.freeHead[list] as number; f !== 0; f = zones.buddy.next(f))
      for (let k = 0; k < pages; k++) put(f - 1 + k);
  }
  const room = w.sizes.listRoom;
  w.listCount.forEach((n, list) => {
    for (let k = 0; k < n; k++)
      put(w.listPages[list * room + (((w.listHead[list] as number) + k) & (room - 1))] as number);
  });
  w.tabRow.forEach((row, table) => {
    for (let k = 0; k < (w.tabFrames[table] as number); k++)
      put(w.rows[(row - 1) * TABLE_PAGES + k] as number);
  });
  let inHand = 0;
  for (let t = 0; t < w.sizes.threads; t++) {
    inHand += w.pagesInHand[t] as number;
    for (let k = w.gatherDone[t] as number; k < (w.gatherCount[t] as number); k++)
      put(w.gather[t * GATHER_ROOM + k] as number);
  }
  let wrong = 0;
  let nowhere = 0;
  for (const n of places) {
    if (n === 0) nowhere++;
    else if (n > 1) wrong++;
  }
  return wrong + Math.abs(nowhere - inHand) + uncounted(e);
}

/** Pages by which the sums are off: managed = in use + on lists + free. */
function uncounted(e: Engine): number {
  const { w } = e;
  const sum = (all: ArrayLike<number>): number => {
    let n = 0;
    for (let k = 0; k < all.length; k++) n += all[k] as number;
    return n;
  };
  let free = sum(w.zoneWhole) + sum(w.listCount) + sum(w.listWhole);
  w.freeCount.forEach((n, list) => {
    free += n * 2 ** (list % ORDERS);
  });
  return Math.abs(sum(w.zoneManaged) - free - (w.clock[3] as number));
}
