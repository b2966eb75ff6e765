import { Class, Kind, objectId, TABLE_PAGES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { Outcome, Reason } from '../outcome.ts';
import { GATHER_ROOM, type World } from '../world.ts';
import type { Zones } from './zones.ts';

/** Pages of one batch of an mmu_gather (facts zone, 2.3). */
const GATHER_BATCH = 510;

/**
 * Where pages are while they are in use: frames stand in a row of their page table in the order in which they were
 * mapped; munmap moves them to the thread's mmu_gather, and from there batch by batch off the LRU and into the CPU's
 * lists (release_pages; facts zone, 2.3).
 */
export class Release {
  private readonly zones: Zones;
  private readonly e: Engine;
  private readonly w: World;

  constructor(zones: Zones, e: Engine) {
    this.zones = zones;
    this.e = e;
    this.w = e.w;
  }

  /** Puts a frame into a table. */
  map(table: number, frame: number): void {
    const { w } = this;
    const row = (w.tabRow[table] as number) || this.newRow(table);
    if (row === 0) return;
    const n = w.tabFrames[table] as number;
    w.rows[(row - 1) * TABLE_PAGES + n] = frame;
    w.tabFrames[table] = n + 1;
  }

  /** Puts `n` frames from the head of a list into a table. */
  mapFrom(list: number, table: number, n: number): void {
    const { w } = this;
    const row = (w.tabRow[table] as number) || this.newRow(table);
    if (row === 0) return;
    const have = w.tabFrames[table] as number;
    this.zones.lists.popAll(list, w.rows, (row - 1) * TABLE_PAGES + have, n);
    w.tabFrames[table] = have + n;
  }

  /** A row for a table, + 1; 0 when there is none left. */
  private newRow(table: number): number {
    const { w } = this;
    const [free = 0, used = 0] = w.rowsUsed;
    let row = free;
    if (row !== 0) w.rowsUsed[0] = w.rows[(row - 1) * TABLE_PAGES] as number;
    else if (used * TABLE_PAGES < w.rows.length) {
      row = used + 1;
      w.rowsUsed[1] = row;
    } else {
      this.e.stop(Outcome.LIMIT, Reason.FRAMES, this.e.running);
      return 0;
    }
    w.tabRow[table] = row;
    return row;
  }

  /** A table needs its row no longer. */
  dropRow(table: number): void {
    const { w } = this;
    const row = w.tabRow[table] as number;
    if (row === 0) return;
    w.rows.fill(0, (row - 1) * TABLE_PAGES, row * TABLE_PAGES);
    w.rows[(row - 1) * TABLE_PAGES] = w.rowsUsed[0] as number;
    w.rowsUsed[0] = row;
    w.tabRow[table] = 0;
    w.tabFrames[table] = 0;
  }

  /** The first `n` frames of a table go to the end of the thread's mmu_gather. */
  gather(thread: number, table: number, n: number): void {
    const { w } = this;
    const from = ((w.tabRow[table] as number) - 1) * TABLE_PAGES;
    const have = w.tabFrames[table] as number;
    const at = w.gatherCount[thread] as number;
    w.gather.set(w.rows.subarray(from, from + n), thread * GATHER_ROOM + at);
    w.gatherCount[thread] = at + n;
    if (n === have) {
      this.dropRow(table);
      return;
    }
    w.rows.copyWithin(from, from + n, from + have);
    w.tabFrames[table] = have - n;
  }

  /** Begins the next batch of the thread's mmu_gather; its pages, 0 when there are none left. */
  begin(thread: number): number {
    const { w } = this;
    const { nodes } = this.zones;
    let pages = (w.gatherCount[thread] as number) - (w.gatherDone[thread] as number);
    if (pages === 0) {
      w.gatherCount[thread] = 0;
      w.gatherDone[thread] = 0;
    }
    w.releaseNode[thread] = 0;
    for (let node = 0; node < nodes; node++) {
      const counted = w.gatherWhole[thread * nodes + node] as number;
      if (counted === 0) continue;
      pages = counted;
      w.releaseNode[thread] = node + 1;
      break;
    }
    const n = pages < GATHER_BATCH ? pages : GATHER_BATCH;
    w.releaseSize[thread] = n;
    w.releaseLru[thread] = n;
    w.releaseLeft[thread] = n;
    return n;
  }

  private frameAt(thread: number, k: number): number {
    return this.w.gather[thread * GATHER_ROOM + k] as number;
  }

  /** How many of `n` frames of the thread's mmu_gather, from `k` on, follow each other that are of a node. */
  private alike(thread: number, k: number, n: number, node: number): number {
    const { gather, blockNode } = this.w;
    const from = thread * GATHER_ROOM + k;
    let same = 0;
    while (same < n && blockNode[(gather[from + same] as number) >>> 10] === node + 1) same++;
    return same;
  }

  /** Node of the next page of the batch that is still on the LRU; -1: none is. */
  node(thread: number): number {
    const { w } = this;
    const left = w.releaseLru[thread] as number;
    if (left === 0) return -1;
    const counted = w.releaseNode[thread] as number;
    if (counted > 0) return counted - 1;
    const at = (w.gatherDone[thread] as number) + (w.releaseSize[thread] as number) - left;
    return this.zones.buddy.nodeOf(this.frameAt(thread, at));
  }

  /** Takes up to `most` pages of a node off the LRU; how many. */
  offLru(thread: number, node: number, most: number): number {
    const { w } = this;
    const left = w.releaseLru[thread] as number;
    let n = left < most ? left : most;
    if (w.releaseNode[thread] === 0) {
      const at = (w.gatherDone[thread] as number) + (w.releaseSize[thread] as number) - left;
      n = this.alike(thread, at, n, node);
    }
    w.releaseLru[thread] = left - n;
    return n;
  }

  /**
   * Puts pages of the batch on the lists of the thread's CPU until one of them is full: the node of that one, -1 when the
   * batch is done.
   */
  toLists(thread: number, high: number, batch: number, mode: number): number {
    const { w, zones } = this;
    const { lists, buddy } = zones;
    const counted = w.releaseNode[thread] as number;
    let left = w.releaseLeft[thread] as number;
    const before = left;
    let full = -1;
    while (left > 0 && full < 0) {
      const done = w.gatherDone[thread] as number;
      const node = counted > 0 ? counted - 1 : buddy.nodeOf(this.frameAt(thread, done));
      const list = zones.listOf(thread, node);
      const room = lists.high(list, high, batch, mode) - lists.count(list);
      let n = left < room ? left : room;
      if (n > 0 && counted > 0) {
        const at = thread * zones.nodes + node;
        w.gatherWhole[at] = (w.gatherWhole[at] as number) - n;
        w.listWhole[list] = (w.listWhole[list] as number) + n;
      } else if (n > 0) {
        n = this.alike(thread, done, n, node);
        lists.pushAll(list, w.gather, thread * GATHER_ROOM + done, n);
        w.gatherDone[thread] = done + n;
      } else n = 0;
      left -= n;
      if (lists.count(list) >= lists.high(list, high, batch, mode)) full = node;
    }
    w.releaseLeft[thread] = left;
    this.account(thread, before - left, left === 0);
    return full;
  }

  private account(thread: number, n: number, last: boolean): void {
    const { w, e } = this;
    if (n === 0) return;
    const mm = w.threadMm[thread] as number;
    w.gatherPages[thread] = (w.gatherPages[thread] as number) - n;
    w.mmFreed[mm] = (w.mmFreed[mm] as number) + n;
    w.clock[3] = (w.clock[3] as number) - n;
    if ((w.mmFreed[mm] as number) > (w.mmAllocated[mm] as number)) e.watch.freedTwice(thread);
    if (!last) return;
    const size = w.releaseSize[thread] as number;
    e.emit(Kind.FREE_PAGES, thread, objectId(Class.MM, mm), size, w.state[thread] as number);
  }
}
