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
  /** The CPU that works, + 1. */
  cpu = 0;

  constructor(e: Engine) {
    this.e = e;
    this.w = e.w;
    this.frames = e.w.frame;
  }

  nodeOf(frame: number): number {
    return (this.w.blockNode[frame >>> 10] as number) - 1;
  }

  /** Reads a frame's line. */
  private look(frame: number): void {
    const from = this.frames[4 * frame + CPU] as number;
    if (from !== this.cpu) this.cold += this.e.lines.transfer(from, this.cpu - 1);
  }

  /** Writes to it. */
  touch(frame: number): void {
    const from = this.frames[4 * frame + CPU] as number;
    if (from === this.cpu) return;
    this.cold += this.e.lines.transfer(from, this.cpu - 1);
    this.frames[4 * frame + CPU] = this.cpu;
  }

  private add(node: number, order: number, frame: number, atTail: boolean): void {
    const { w, frames } = this;
    const list = node * ORDERS + order;
    const near = (atTail ? w.freeTail[list] : w.freeHead[list]) as number;
    frames[4 * frame + PREV] = atTail ? near : 0;
    frames[4 * frame + NEXT] = atTail ? 0 : near;
    if (near !== 0) {
      if (atTail) frames[4 * (near - 1) + NEXT] = frame + 1;
      else frames[4 * (near - 1) + PREV] = frame + 1;
      this.touch(near - 1);
    }
    if (atTail || near === 0) w.freeTail[list] = frame + 1;
    if (!atTail || near === 0) w.freeHead[list] = frame + 1;
    w.freeCount[list] = (w.freeCount[list] as number) + 1;
    frames[4 * frame + ORDER] = order + 1;
    this.touch(frame);
  }

  private remove(node: number, order: number, frame: number): void {
    const { w, frames } = this;
    const list = node * ORDERS + order;
    const next = frames[4 * frame + NEXT] as number;
    const prev = frames[4 * frame + PREV] as number;
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
    frames[4 * frame + NEXT] = 0;
    frames[4 * frame + PREV] = 0;
    frames[4 * frame + ORDER] = 0;
    this.touch(frame);
  }

  /** A page of a zone, from the smallest block that is free; -1: the zone has none, or there is no record left. */
  take(node: number): number {
    const { w } = this;
    let order = 0;
    while (order < ORDERS && w.freeHead[node * ORDERS + order] === 0) order++;
    const frame = order === ORDERS ? this.fresh(node) : (w.freeHead[node * ORDERS + order] as number) - 1;
    if (frame < 0) return -1;
    if (order === ORDERS) order = TOP;
    else this.remove(node, order, frame);
    // expand(): the upper halves go back.
    while (order > 0) {
      order--;
      this.add(node, order, frame + 2 ** order, false);
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

  /** Takes a page back (__free_one_page): as long as its buddy is free too, both are one block of the next order. */
  give(frame: number, how: Freeing): void {
    const { frames } = this;
    const node = this.nodeOf(frame);
    let at = frame;
    let order = 0;
    if (how.merge) {
      for (; order < TOP; order++) {
        const buddy = at ^ (1 << order);
        if (order > 0 || !how.prefetched) this.look(buddy);
        if (frames[4 * buddy + ORDER] !== order + 1) break;
        this.remove(node, order, buddy);
        at &= ~(1 << order);
      }
    }
    this.add(node, order, at, how.merge && this.mergesSoon(at, order));
  }

  /** The block that it would be part of has a free neighbour: put at the tail it is likely to be left alone until then. */
  private mergesSoon(frame: number, order: number): boolean {
    if (order >= TOP - 1) return false;
    const above = (frame & ~(1 << order)) ^ (1 << (order + 1));
    this.look(above);
    return this.frames[4 * above + ORDER] === order + 2;
  }

  /** Free pages of a zone that have records. */
  freeFrames(node: number): number {
    let n = 0;
    for (let order = 0; order < ORDERS; order++)
      n += (this.w.freeCount[node * ORDERS + order] as number) * 2 ** order;
    return n;
  }
}
