import type { Engine } from '../engine.ts';
import type { World } from '../world.ts';

/** Orders of the buddy allocator: 2^0 to 2^10 pages. */
export const ORDERS = 11;
/** Pages of a block of the highest order. */
export const BLOCK_PAGES = 1_024;
const TOP = ORDERS - 1;
/** Words of a frame's links. */
const NEXT = 0;
const PREV = 1;
/** Parts of a frame's tag: CPU + 1, and order + 1 above it. */
const CPU_BITS = 12;
const CPU = (1 << CPU_BITS) - 1;

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
  private readonly links: Int32Array;
  private readonly tags: Uint16Array;
  /** ns of transfers since it was set to 0. */
  cold = 0;
  /** The CPU that works, + 1, and where its row of `ways` begins. */
  private cpu = 0;
  private row = 0;
  /** How far a line is away, by the CPU that wants it and the CPU (+ 1) that has it; and what that costs. */
  private readonly ways: Uint8Array;
  private readonly costs: Float64Array;
  private readonly holders: number;
  private readonly cpus: number;
  private readonly homes: boolean;

  constructor(e: Engine) {
    this.w = e.w;
    this.links = e.w.frameLinks;
    this.tags = e.w.frameTag;
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
    this.cpu = cpu + 1;
    // Nodes differ only where the home of a line matters.
    this.row = (this.homes ? node * this.cpus + cpu : cpu) * this.holders;
  }

  nodeOf(frame: number): number {
    return (this.w.blockNode[frame >>> 10] as number) - 1;
  }

  /** What a line costs that another CPU (+ 1) has. */
  private costOf(from: number): number {
    return this.costs[this.ways[this.row + from] as number] as number;
  }

  /** Writes to a frame's line. */
  private touch(frame: number): void {
    const { tags, cpu } = this;
    const tag = tags[frame] as number;
    const from = tag & CPU;
    if (from === cpu) return;
    this.cold += this.costOf(from);
    tags[frame] = tag ^ from ^ cpu;
  }

  /** Writes to the lines of the first `n` of `pages`; a loop of its own, so that processors bring in many at a time. */
  private touchAll(n: number): void {
    const { pages, tags, ways, costs, row, cpu } = this;
    let cold = 0;
    for (let k = 0; k < n; k++) {
      const frame = pages[k] as number;
      const tag = tags[frame] as number;
      const from = tag & CPU;
      if (from === cpu) continue;
      cold += costs[ways[row + from] as number] as number;
      tags[frame] = tag ^ from ^ cpu;
    }
    this.cold += cold;
  }

  /**
   * Looks whether one of the first `n` of `pages` is in a free list. None should be; but that brings in, many at a time,
   * the lines that are about to be written.
   */
  private anyLinked(n: number): boolean {
    const { pages, links } = this;
    let linked = 0;
    for (let k = 0; k < n; k++) linked |= links[(pages[k] as number) << 1] as number;
    return linked !== 0;
  }

  private add(list: number, order: number, frame: number, atTail: boolean): void {
    const { w, links, tags } = this;
    const at = frame << 1;
    const near = (atTail ? w.freeTail[list] : w.freeHead[list]) as number;
    links[at + PREV] = atTail ? near : 0;
    links[at + NEXT] = atTail ? 0 : near;
    tags[frame] = (tags[frame] as number) | ((order + 1) << CPU_BITS);
    if (near !== 0) {
      links[((near - 1) << 1) + (atTail ? NEXT : PREV)] = frame + 1;
      this.touch(near - 1);
    }
    if (atTail || near === 0) w.freeTail[list] = frame + 1;
    if (!atTail || near === 0) w.freeHead[list] = frame + 1;
    w.freeCount[list] = (w.freeCount[list] as number) + 1;
    this.touch(frame);
  }

  private remove(list: number, frame: number): void {
    const { w, links, tags } = this;
    const at = frame << 1;
    const next = links[at + NEXT] as number;
    const prev = links[at + PREV] as number;
    if (prev === 0) w.freeHead[list] = next;
    else {
      links[((prev - 1) << 1) + NEXT] = next;
      this.touch(prev - 1);
    }
    if (next === 0) w.freeTail[list] = prev;
    else {
      links[((next - 1) << 1) + PREV] = prev;
      this.touch(next - 1);
    }
    w.freeCount[list] = (w.freeCount[list] as number) - 1;
    links[at + NEXT] = 0;
    links[at + PREV] = 0;
    tags[frame] = (tags[frame] as number) & CPU;
    this.touch(frame);
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
    let n = 0;
    // Lists below the one in turn are empty, and remain so until the last block is split.
    for (let order = 0; order < ORDERS && n < most; order++) n = this.takeBlocks(base, order, n, most);
    while (n < most) {
      const frame = this.fresh(node);
      if (frame < 0) break;
      n = this.expand(base, TOP, frame, n, most);
    }
    this.touchAll(n);
    return n;
  }

  /** Takes blocks of an order from the head of their list until `pages` has `most`; how many it has. */
  private takeBlocks(base: number, order: number, have: number, most: number): number {
    const { w, links, tags } = this;
    const list = base + order;
    let head = w.freeHead[list] as number;
    if (head === 0) return have;
    let n = have;
    let blocks = 0;
    for (; head !== 0 && n < most; blocks++) {
      const frame = head - 1;
      head = links[(frame << 1) + NEXT] as number;
      links[(frame << 1) + NEXT] = 0;
      links[(frame << 1) + PREV] = 0;
      tags[frame] = (tags[frame] as number) & CPU;
      n = this.expand(base, order, frame, n, most);
    }
    w.freeHead[list] = head;
    w.freeCount[list] = (w.freeCount[list] as number) - blocks;
    if (head === 0) w.freeTail[list] = 0;
    else {
      links[((head - 1) << 1) + PREV] = 0;
      this.touch(head - 1);
    }
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
  private fresh(node: number): number {
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
    this.touchAll(n);
    if (this.anyLinked(n)) throw new Error('a page that is free is given back');
    const base = this.nodeOf(pages[0] as number) * ORDERS;
    for (let i = 0; i < n; ) {
      const a = pages[i] as number;
      const order = how.merge ? this.orderAt(i, n) : 0;
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

  /** Takes a page back. */
  give(frame: number, how: Freeing): void {
    this.giveBlock(this.nodeOf(frame) * ORDERS, frame, 0, how);
  }

  /** Takes a block back (__free_one_page): as long as its buddy is free too, both are one block of the next order. */
  private giveBlock(base: number, frame: number, from: number, how: Freeing): void {
    const { tags, cpu } = this;
    let at = frame;
    let order = from;
    let atTail = false;
    if (how.merge) {
      for (; order < TOP; order++) {
        const buddy = at ^ (1 << order);
        const tag = tags[buddy] as number;
        const owner = tag & CPU;
        if (owner !== cpu && (order > 0 || !how.prefetched)) this.cold += this.costOf(owner);
        if (tag >>> CPU_BITS !== order + 1) break;
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
    const tag = this.tags[above] as number;
    const from = tag & CPU;
    if (from !== this.cpu) this.cold += this.costOf(from);
    return tag >>> CPU_BITS === order + 2;
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
