import type { Engine } from '../engine.ts';
import type { World } from '../world.ts';

/** Orders of the buddy allocator: 2^0 to 2^10 pages. */
export const ORDERS = 11;
/** Pages of a block of the highest order. */
export const BLOCK_PAGES = 1_024;
const TOP = ORDERS - 1;
/** Words of a frame's record. */
const NEXT = 0;
const PREV = 1;
const ORDER = 2;
const CPU = 3;

/** Pages that are looked at together when they go back. */
export const MOST_TOGETHER = 4_096;

/** How pages go back to the buddy; see kernel/alloc/zone.kp. */
export interface Freeing {
  /** Buddies of order 0 were prefetched before the lock was taken (commit 97334162e4d7). */
  readonly prefetched: boolean;
  /** Pages of order 0 stay as they are (RFC of 2018). */
  readonly merge: boolean;
}

/**
 * The buddy allocator: of every zone, free blocks by order, split and merged (facts zone, 2.3). A page frame that was
 * ever used has a record: its links, its order while it heads a free block, and the CPU that wrote its struct page last.
 * All other memory of a zone stays a number of pages in blocks of the highest order. A frame is its index + 1 in links.
 *
 * Working on a struct page that another CPU wrote last costs the transfer of its line; `cold` collects that.
 */
export class Buddy {
  private readonly e: Engine;
  private readonly w: World;
  private readonly frames: Uint32Array;
  /** ns of transfers since it was set to 0. */
  cold = 0;
  /** The CPU that works, + 1, and what a line of the node's struct pages costs it by the CPU (+ 1) that has it. */
  private cpu = 0;
  private costs: Float64Array;
  private readonly costsOf: Float64Array[] = [];

  constructor(e: Engine) {
    this.e = e;
    this.w = e.w;
    this.frames = e.w.frame;
    this.costs = this.costsFor(0, 0);
  }

  /** Where the costs of a CPU that works on a node's pages stand; nodes differ only where the home of a line matters. */
  private placeOf(cpu: number, node: number): number {
    return this.e.w.sizes.homes ? node * this.e.cpus.count + cpu : cpu;
  }

  private costsFor(cpu: number, node: number): Float64Array {
    const n = this.e.cpus.count;
    const costs = new Float64Array(n + 1);
    for (let from = 0; from <= n; from++)
      costs[from] = from === cpu + 1 ? 0 : this.e.lines.transfer(from, cpu, node + 1);
    this.costsOf[this.placeOf(cpu, node)] = costs;
    return costs;
  }

  /** Work of another CPU begins, on pages of a node: their struct pages are in its memory. */
  begin(cpu: number, node: number): void {
    this.cold = 0;
    this.cpu = cpu + 1;
    this.costs = this.costsOf[this.placeOf(cpu, node)] ?? this.costsFor(cpu, node);
  }

  nodeOf(frame: number): number {
    return (this.w.blockNode[frame >>> 10] as number) - 1;
  }

  /** Writes to a frame's line. */
  private touch(frame: number): void {
    const at = 4 * frame + CPU;
    const from = this.frames[at] as number;
    if (from === this.cpu) return;
    this.cold += this.costs[from] as number;
    this.frames[at] = this.cpu;
  }

  private add(list: number, order: number, frame: number, atTail: boolean): void {
    const { w, frames } = this;
    const at = 4 * frame;
    const near = (atTail ? w.freeTail[list] : w.freeHead[list]) as number;
    frames[at + PREV] = atTail ? near : 0;
    frames[at + NEXT] = atTail ? 0 : near;
    frames[at + ORDER] = order + 1;
    if (near !== 0) {
      frames[4 * (near - 1) + (atTail ? NEXT : PREV)] = frame + 1;
      this.touch(near - 1);
    }
    if (atTail || near === 0) w.freeTail[list] = frame + 1;
    if (!atTail || near === 0) w.freeHead[list] = frame + 1;
    w.freeCount[list] = (w.freeCount[list] as number) + 1;
    this.touch(frame);
  }

  private remove(list: number, frame: number): void {
    const { w, frames } = this;
    const at = 4 * frame;
    const next = frames[at + NEXT] as number;
    const prev = frames[at + PREV] as number;
    if (prev === 0) w.freeHead[list] = next;
    else {
      frames[4 * (prev - 1) + NEXT] = next;
      this.touch(prev - 1);
    }
    if (next === 0) w.freeTail[list] = prev;
    else {
      frames[4 * (next - 1) + PREV] = prev;
      this.touch(next - 1);
    }
    w.freeCount[list] = (w.freeCount[list] as number) - 1;
    frames[at + NEXT] = 0;
    frames[at + PREV] = 0;
    frames[at + ORDER] = 0;
    this.touch(frame);
  }

  /** A page of a zone, from the smallest block that is free; -1: the zone has none, or there is no record left. */
  take(node: number): number {
    const { w } = this;
    const base = node * ORDERS;
    let order = 0;
    while (order < ORDERS && w.freeHead[base + order] === 0) order++;
    const frame = order === ORDERS ? this.fresh(node) : (w.freeHead[base + order] as number) - 1;
    if (frame < 0) return -1;
    if (order === ORDERS) order = TOP;
    else this.remove(base + order, frame);
    // expand(): the upper halves go back.
    while (order > 0) {
      order--;
      this.add(base + order, order, frame + 2 ** order, false);
    }
    this.touch(frame);
    return frame;
  }

  /** First frame of a block that was never used, -1: none. */
  private fresh(node: number): number {
    const { w } = this;
    const block = w.zoneBlocks[0] as number;
    if ((w.zoneWhole[node] as number) < BLOCK_PAGES || block >= w.blockNode.length) return -1;
    w.zoneWhole[node] = (w.zoneWhole[node] as number) - BLOCK_PAGES;
    w.zoneBlocks[0] = block + 1;
    w.blockNode[block] = node + 1;
    return block * BLOCK_PAGES;
  }

  /** Pages that are given back together; see `pages`. */
  readonly pages = new Uint32Array(MOST_TOGETHER);

  /**
   * Takes back the first `n` of `pages`, all of one node, one after the other. Those that are a whole block by themselves
   * go back as one: it comes to the same, for each of them would find its buddy free.
   */
  giveAll(n: number, how: Freeing): void {
    const { pages, frames, costs, cpu } = this;
    // In a loop of its own: processors bring in the lines of many records at a time, but not through all that follows.
    for (let k = 0; k < n; k++) {
      const at = 4 * (pages[k] as number) + CPU;
      const from = frames[at] as number;
      if (from === cpu) continue;
      this.cold += costs[from] as number;
      frames[at] = cpu;
    }
    for (let i = 0; i < n; ) {
      let order = 0;
      while (how.merge && this.isBlock(i, order + 1, n)) order++;
      const size = 1 << order;
      const a = pages[i] as number;
      const b = pages[i + size - 1] as number;
      const first = a < b ? a : b;
      // Halves of it stood at the head of a list before their buddies came.
      const list = this.nodeOf(first) * ORDERS;
      for (let k = 0; k < order; k++) {
        const head = this.w.freeHead[list + k] as number;
        if (head !== 0) this.touch(head - 1);
      }
      this.give(first, order, how);
      i += size;
    }
  }

  /** Whether the pages from `i` on are a block of an order, upwards or downwards. */
  private isBlock(i: number, order: number, n: number): boolean {
    const { pages } = this;
    const size = 1 << order;
    if (i + size > n || order > 4) return false;
    const a = pages[i] as number;
    const way = (a & (size - 1)) === 0 ? 1 : (a & (size - 1)) === size - 1 ? -1 : 0;
    if (way === 0) return false;
    // The first half is known to be one.
    for (let k = size >>> 1; k < size; k++) if (pages[i + k] !== a + way * k) return false;
    return true;
  }

  /** Takes a block back (__free_one_page): as long as its buddy is free too, both are one block of the next order. */
  give(frame: number, from: number, how: Freeing): void {
    const { frames } = this;
    const base = this.nodeOf(frame) * ORDERS;
    let at = frame;
    let order = from;
    let atTail = false;
    if (how.merge) {
      for (; order < TOP; order++) {
        const buddy = at ^ (1 << order);
        const owner = frames[4 * buddy + CPU] as number;
        if (owner !== this.cpu && (order > 0 || !how.prefetched)) this.cold += this.costs[owner] as number;
        if (frames[4 * buddy + ORDER] !== order + 1) break;
        this.remove(base + order, buddy);
        at &= ~(1 << order);
      }
      atTail = order < TOP - 1 && this.mergesSoon(at, order);
    }
    this.add(base + order, order, at, atTail);
  }

  /** The block that it would be part of has a free neighbour: put at the tail it is likely to be left alone until then. */
  private mergesSoon(frame: number, order: number): boolean {
    const above = (frame & ~(1 << order)) ^ (1 << (order + 1));
    const from = this.frames[4 * above + CPU] as number;
    if (from !== this.cpu) this.cold += this.costs[from] as number;
    return this.frames[4 * above + ORDER] === order + 2;
  }

  /** Free pages of a zone that have records. */
  freeFrames(node: number): number {
    let n = 0;
    for (let order = 0; order < ORDERS; order++)
      n += (this.w.freeCount[node * ORDERS + order] as number) * 2 ** order;
    return n;
  }

  /** Whether a zone has a free page that has a record. */
  hasFrames(node: number): boolean {
    const { freeCount } = this.w;
    for (let list = node * ORDERS; list < (node + 1) * ORDERS; list++) if (freeCount[list] !== 0) return true;
    return false;
  }
}
