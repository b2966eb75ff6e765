import type { Engine } from '../engine.ts';
import type { World } from '../world.ts';
import { Recent } from './recent.ts';

/** Orders of the buddy allocator: 2^0 to 2^10 pages. */
export const ORDERS = 11;
/** Pages of a block of the highest order. */
export const BLOCK_PAGES = 1_024;
const TOP = ORDERS - 1;
/**
 * A frame is two words, side by side so that one cache line brings in both. Their upper 24 bits link the next and the
 * previous block of a free list; below them the first has eight bits of CPU + 1, the second its other four, and order + 1.
 */
const LINK = 8;
const CPU_LOW = 0xff;
const CPU_HIGH = 0xf0;
const ORDER = 0x0f;
const CPU_SHIFT = 4;
/** Most frames that a link can name. */
export const MOST_FRAMES = (1 << 24) - 1;

/** Pages that are taken, or looked at when they go back, together. */
export const MOST_TOGETHER = 4_096;
/** Pages of the largest block that goes back as one. */
const MOST_AT_ONCE = 16;

/** How pages go back to the buddy; see kernel/alloc/zone.kp. */
export interface Freeing {
  /** Buddies of order 0 were prefetched before the lock was taken (commit 97334162e4d7). */
  readonly prefetched: boolean;
  /** Pages of order 0 stay as they are (RFC of 2018). */
  readonly merge: boolean;
}

/**
 * The buddy allocator: of every zone, free blocks by order, split and merged (facts zone, 2.3). A page frame that was
 * ever used has a record: the CPU that wrote its struct page last, and its order and links while it heads a free block.
 * All other memory of a zone stays a number of pages in blocks of the highest order. A frame is its index + 1 in links.
 *
 * Working on a struct page that another CPU wrote last costs the transfer of its line; `cold` collects that.
 */
export class Buddy {
  private readonly w: World;
  private readonly frames: Int32Array;
  /** ns of transfers since it was set to 0. */
  cold = 0;
  /** The CPU that works, + 1, as the two words of a frame have it, and where its row of `ways` begins. */
  private low = 0;
  private high = 0;
  private row = 0;
  /** How far a line is away, by the CPU that wants it and the CPU (+ 1) that has it; and what that costs. */
  private readonly ways: Uint8Array;
  private readonly costs: Float64Array;
  private readonly holders: number;
  private readonly cpus: number;
  private readonly homes: boolean;
  private readonly recent: Recent;

  constructor(e: Engine) {
    this.w = e.w;
    this.frames = e.w.frames;
    this.recent = new Recent(e.w.sizes.nodes, e.w.sizes.frames);
    const cpus = e.cpus.count;
    this.cpus = cpus;
    this.homes = e.w.sizes.homes;
    this.holders = cpus + 1;
    const nodes = this.homes ? e.w.sizes.nodes : 1;
    this.ways = new Uint8Array(nodes * cpus * this.holders);
    const costs: number[] = [];
    for (let at = 0; at < this.ways.length; at++) {
      const from = at % this.holders;
      const row = (at - from) / this.holders;
      const cpu = row % cpus;
      const ns = from === cpu + 1 ? 0 : e.lines.transfer(from, cpu, (row - cpu) / cpus + 1);
      if (!costs.includes(ns)) costs.push(ns);
      this.ways[at] = costs.indexOf(ns);
    }
    this.costs = Float64Array.from(costs);
  }

  /** Work of another CPU begins, on pages of a node: their struct pages are in its memory. */
  begin(cpu: number, node: number): void {
    this.cold = 0;
    this.low = (cpu + 1) & CPU_LOW;
    this.high = ((cpu + 1) >>> CPU_SHIFT) & CPU_HIGH;
    // Nodes differ only where the home of a line matters.
    this.row = (this.homes ? node * this.cpus + cpu : cpu) * this.holders;
  }

  nodeOf(frame: number): number {
    return (this.w.blockNode[frame >>> 10] as number) - 1;
  }

  /** What the line of a frame costs, by its two words: nothing where the CPU that works has it. */
  private costOf(a: number, b: number): number {
    if ((a & CPU_LOW) === this.low && (b & CPU_HIGH) === this.high) return 0;
    const from = (a & CPU_LOW) | ((b & CPU_HIGH) << CPU_SHIFT);
    return this.costs[this.ways[this.row + from] as number] as number;
  }

  /** Writes to a frame's line: its link to the next block, or to the previous one; 0: none. */
  private setNext(frame: number, next: number): void {
    const { frames } = this;
    const at = frame << 1;
    const b = frames[at | 1] as number;
    this.cold += this.costOf(frames[at] as number, b);
    frames[at] = (next << LINK) | this.low;
    frames[at | 1] = (b & ~CPU_HIGH) | this.high;
  }
  private setPrev(frame: number, prev: number): void {
    const { frames } = this;
    const at = frame << 1;
    const a = frames[at] as number;
    const b = frames[at | 1] as number;
    this.cold += this.costOf(a, b);
    frames[at] = (a & ~CPU_LOW) | this.low;
    frames[at | 1] = (prev << LINK) | (b & ORDER) | this.high;
  }

  /** Writes to a frame's line without a change of its own. */
  private touch(frame: number): void {
    const { frames, low, high } = this;
    const at = frame << 1;
    const a = frames[at] as number;
    const b = frames[at | 1] as number;
    if ((a & CPU_LOW) === low && (b & CPU_HIGH) === high) return;
    this.cold += this.costOf(a, b);
    frames[at] = (a & ~CPU_LOW) | low;
    frames[at | 1] = (b & ~CPU_HIGH) | high;
  }

  /**
   * Whether one of the first `n` of `pages` heads a free block. None should; but a loop as short as this makes processors
   * bring in the lines of many at a time.
   */
  private anyFree(n: number): boolean {
    const { pages, frames } = this;
    let order = 0;
    for (let k = 0; k < n; k++) order |= frames[((pages[k] as number) << 1) | 1] as number;
    return (order & ORDER) !== 0;
  }

  /** Writes to the lines of `pages` from `from` up to `to`. */
  private touchAll(from: number, to: number): void {
    const { pages, frames, ways, costs, row, low, high } = this;
    let cold = 0;
    for (let k = from; k < to; k++) {
      const at = (pages[k] as number) << 1;
      const a = frames[at] as number;
      const b = frames[at | 1] as number;
      if ((a & CPU_LOW) === low && (b & CPU_HIGH) === high) continue;
      cold += costs[ways[row + ((a & CPU_LOW) | ((b & CPU_HIGH) << CPU_SHIFT))] as number] as number;
      frames[at] = (a & ~CPU_LOW) | low;
      frames[at | 1] = (b & ~CPU_HIGH) | high;
    }
    this.cold += cold;
  }

  private add(list: number, order: number, frame: number, atTail: boolean): void {
    const { w, frames, low, high } = this;
    const at = frame << 1;
    const near = (atTail ? w.freeTail[list] : w.freeHead[list]) as number;
    this.cold += this.costOf(frames[at] as number, frames[at | 1] as number);
    frames[at] = atTail ? low : (near << LINK) | low;
    frames[at | 1] = (atTail ? near << LINK : 0) | high | (order + 1);
    if (near !== 0) {
      if (atTail) this.setNext(near - 1, frame + 1);
      else this.setPrev(near - 1, frame + 1);
    }
    if (atTail || near === 0) w.freeTail[list] = frame + 1;
    if (!atTail || near === 0) w.freeHead[list] = frame + 1;
    if (order === 0 && !atTail) this.recent.push((list / ORDERS) | 0, frame);
    w.freeCount[list] = (w.freeCount[list] as number) + 1;
  }

  private remove(list: number, frame: number): void {
    const { w, frames, low, high } = this;
    const at = frame << 1;
    const a = frames[at] as number;
    const b = frames[at | 1] as number;
    const next = a >>> LINK;
    const prev = b >>> LINK;
    if (prev === 0) w.freeHead[list] = next;
    else this.setNext(prev - 1, next);
    if (next === 0) w.freeTail[list] = prev;
    else this.setPrev(next - 1, prev);
    w.freeCount[list] = (w.freeCount[list] as number) - 1;
    this.cold += this.costOf(a, b);
    frames[at] = low;
    frames[at | 1] = high;
  }

  /** Pages that are taken or given back together, at most MOST_TOGETHER; see `takeAll` and `giveAll`. */
  readonly pages = new Int32Array(MOST_TOGETHER);

  /** A page of a zone, from the smallest block that is free; -1: the zone has none, or there is no record left. */
  take(node: number): number {
    return this.takeAll(node, 1) === 0 ? -1 : (this.pages[0] as number);
  }

  /** Takes up to `most` pages of a zone into `pages`, each from the smallest block that is free then; how many. */
  takeAll(node: number, most: number): number {
    const base = node * ORDERS;
    const singles = this.takeSingles(node, base, most);
    let n = singles;
    // Lists below the one in turn are empty, and remain so until the last block is split.
    for (let order = 1; order < ORDERS && n < most; order++) n = this.takeBlocks(base, order, n, most);
    while (n < most) {
      const frame = this.fresh(node);
      if (frame < 0) break;
      n = this.expand(base, TOP, frame, n, most);
    }
    if (n > singles) this.touchAll(singles, n);
    return n;
  }

  /** Takes pages that are free by themselves, up to `most`, from the head of their list into `pages`; how many. */
  private takeSingles(node: number, list: number, most: number): number {
    const { w, frames, pages, low, high } = this;
    let head = w.freeHead[list] as number;
    if (head === 0) return 0;
    this.recent.look(node, frames, most);
    let cold = 0;
    let n = 0;
    while (head !== 0 && n < most) {
      pages[n++] = head - 1;
      const at = (head - 1) << 1;
      const a = frames[at] as number;
      cold += this.costOf(a, frames[at | 1] as number);
      head = a >>> LINK;
      frames[at] = low;
      frames[at | 1] = high;
    }
    this.cold += cold;
    this.recent.took(node, pages, n);
    this.cutHead(list, head, n);
    return n;
  }

  /** `taken` blocks are no longer at the head of a list; what is there now, 0: nothing. */
  private cutHead(list: number, head: number, taken: number): void {
    const { w } = this;
    w.freeHead[list] = head;
    w.freeCount[list] = (w.freeCount[list] as number) - taken;
    if (head === 0) w.freeTail[list] = 0;
    else this.setPrev(head - 1, 0);
  }

  /** Takes blocks of an order from the head of their list until `pages` has `most`; how many it has. */
  private takeBlocks(base: number, order: number, have: number, most: number): number {
    const { w, frames } = this;
    const list = base + order;
    let head = w.freeHead[list] as number;
    if (head === 0) return have;
    let n = have;
    let blocks = 0;
    for (; head !== 0 && n < most; blocks++) {
      const frame = head - 1;
      const at = frame << 1;
      const a = frames[at] as number;
      head = a >>> LINK;
      frames[at] = a & CPU_LOW;
      frames[at | 1] = (frames[at | 1] as number) & CPU_HIGH;
      n = this.expand(base, order, frame, n, most);
    }
    this.cutHead(list, head, blocks);
    return n;
  }

  /** Puts the pages of a block behind the first `n` of `pages` until there are `most`; what is left goes back. */
  private expand(base: number, order: number, frame: number, n: number, most: number): number {
    const { pages } = this;
    const size = 1 << order;
    const some = size < most - n ? size : most - n;
    for (let k = 0; k < some; k++) pages[n + k] = frame + k;
    for (let at = some, left = 0; at < size; left++) {
      if ((at & (1 << left)) === 0) continue;
      this.add(base + left, left, frame + at, false);
      at += 1 << left;
    }
    return n + some;
  }

  /** First frame of a block that was never used, -1: none. */
  fresh(node: number): number {
    const { w } = this;
    const block = w.zoneBlocks[0] as number;
    if ((w.zoneWhole[node] as number) < BLOCK_PAGES || block >= w.blockNode.length) return -1;
    w.zoneWhole[node] = (w.zoneWhole[node] as number) - BLOCK_PAGES;
    w.zoneBlocks[0] = block + 1;
    w.blockNode[block] = node + 1;
    return block * BLOCK_PAGES;
  }

  /**
   * Takes back the first `n` of `pages`, all of one node, one after the other. Those that are a whole block by themselves
   * go back as one: it comes to the same, for each of them would find its buddy free.
   */
  giveAll(n: number, how: Freeing): void {
    const { pages } = this;
    const { freeHead } = this.w;
    if (this.anyFree(n)) throw new Error('a page that is free is given back');
    this.touchAll(0, n);
    const base = this.nodeOf(pages[0] as number) * ORDERS;
    for (let i = 0; i < n; ) {
      const a = pages[i] as number;
      // Of pages in any order hardly one stands beside its buddy.
      const alone = i + 1 === n || ((pages[i + 1] as number) ^ a) !== 1;
      const order = alone || !how.merge ? 0 : this.orderAt(i, n);
      const size = 1 << order;
      // Halves of it stood at the head of a list before their buddies came.
      for (let k = 0; k < order; k++) {
        const head = freeHead[base + k] as number;
        if (head !== 0) this.touch(head - 1);
      }
      this.giveBlock(base, order === 0 || (a & 1) === 0 ? a : a - size + 1, order, how);
      i += size;
    }
  }

  /** Order of the largest block that the pages from `i` on are, upwards or downwards. */
  private orderAt(i: number, n: number): number {
    const { pages } = this;
    const first = pages[i] as number;
    const way = (first & 1) === 0 ? 1 : -1;
    // Bits that are 0 where a block begins; downwards those of its last page are all 1.
    const place = way === 1 ? first : ~first;
    let order = 0;
    let k = 1;
    for (let size = 2; size <= MOST_AT_ONCE && i + size <= n && (place & (size - 1)) === 0; size *= 2) {
      for (; k < size; k++) if (pages[i + k] !== first + way * k) return order;
      order++;
    }
    return order;
  }

  /** Pages of a zone that has none become free, each by itself, in this order from the tail on; `writers` wrote them last, as CPUs. */
  scatter(node: number, pages: Int32Array, writers: Uint16Array): void {
    const { w, frames } = this;
    const n = pages.length;
    const list = node * ORDERS;
    for (let k = 0; k < n; k++) {
      const at = (pages[k] as number) << 1;
      const cpu = (writers[k] as number) + 1;
      const next = k === 0 ? 0 : (pages[k - 1] as number) + 1;
      const prev = k === n - 1 ? 0 : (pages[k + 1] as number) + 1;
      frames[at] = (next << LINK) | (cpu & CPU_LOW);
      frames[at | 1] = (prev << LINK) | ((cpu >>> CPU_SHIFT) & CPU_HIGH) | 1;
    }
    if (n === 0) return;
    w.freeTail[list] = (pages[0] as number) + 1;
    w.freeHead[list] = (pages[n - 1] as number) + 1;
    w.freeCount[list] = n;
    this.recent.fill(node, pages);
  }

  /** Takes a page back. */
  give(frame: number, how: Freeing): void {
    this.giveBlock(this.nodeOf(frame) * ORDERS, frame, 0, how);
  }

  /** Takes a block back (__free_one_page): as long as its buddy is free too, both are one block of the next order. */
  private giveBlock(base: number, frame: number, from: number, how: Freeing): void {
    const { frames } = this;
    let at = frame;
    let order = from;
    let atTail = false;
    if (how.merge) {
      for (; order < TOP; order++) {
        const buddy = at ^ (1 << order);
        const b = frames[(buddy << 1) | 1] as number;
        if (order > 0 || !how.prefetched) this.cold += this.costOf(frames[buddy << 1] as number, b);
        if ((b & ORDER) !== order + 1) break;
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
    const b = this.frames[(above << 1) | 1] as number;
    this.cold += this.costOf(this.frames[above << 1] as number, b);
    return (b & ORDER) === order + 2;
  }

  /** The block behind one in its free list, both as frames + 1; 0: none. */
  next(block: number): number {
    return (this.frames[(block - 1) << 1] as number) >>> LINK;
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
