import { Class, Kind, type ObjectId, objectId, TABLE_PAGES } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { Outcome, Reason } from './outcome.ts';

/** Values of World.vmaState. */
export const VmaState = { FREE: 0, LINKED: 1, DETACHED: 2 } as const;

/** First page that mmap gives away: where the first area stands. Address 0 stays free. */
const MMAP_BASE = TABLE_PAGES;

/** A VMA as bytecode handles it: generation, mm and slot in one number, 0 for NULL. */
const GEN = 65_536 * 256;
const MM = 65_536;

/**
 * The VMAs of every mm: slots, and a tree of the linked ones kept as slots in order of address (a search takes as many
 * looks as a balanced tree has levels). Freed slots are zeroed; the lowest free one is taken first.
 */
export class Vmas {
  private readonly e: Engine;
  private readonly per: number;

  constructor(e: Engine) {
    this.e = e;
    this.per = e.layout.vmas;
  }

  handle(mm: number, at: number): number {
    return (this.e.w.vmaGen[at] as number) * GEN + mm * MM + (at - mm * this.per) + 1;
  }

  mmOf(handle: number): number {
    return ((handle % GEN) / MM) | 0;
  }

  objectOf(mm: number, at: number): ObjectId {
    return objectId(Class.VMA, (mm << 20) | (at - mm * this.per));
  }

  /** The slot behind a handle, or -1 (and a violation) when the VMA was freed. */
  slotOf(thread: number, handle: number): number {
    const at = this.peek(handle);
    if (at < 0) this.e.watch.vmaGone(thread, this.lastSlotOf(handle));
    return at;
  }

  /** The slot that the VMA behind a handle has, or had. */
  private lastSlotOf(handle: number): number {
    return this.mmOf(handle) * this.per + (handle % MM) - 1;
  }

  /** The slot behind a handle, or -1 if the VMA was freed; for showing, so it is no use of the VMA. */
  peek(handle: number): number {
    const at = this.lastSlotOf(handle);
    const gen = handle / GEN;
    return this.e.w.vmaState[at] === VmaState.FREE || this.e.w.vmaGen[at] !== gen - (gen % 1) ? -1 : at;
  }

  /** Place in the tree of the first VMA that ends above a page; the count if there is none. */
  private search(mm: number, page: number): number {
    const { treeSlot, treeCount, vmaEnd } = this.e.w;
    const base = mm * this.per;
    let lo = 0;
    let hi = treeCount[mm] as number;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if ((vmaEnd[treeSlot[base + mid] as number] as number) > page) hi = mid;
      else lo = mid + 1;
    }
    return lo;
  }

  /** Slot of the first VMA that ends above a page, or -1. */
  find(mm: number, page: number): number {
    const k = this.search(mm, page);
    return k < (this.e.w.treeCount[mm] as number) ? (this.e.w.treeSlot[mm * this.per + k] as number) : -1;
  }

  covering(mm: number, page: number): number {
    const at = this.find(mm, page);
    return at >= 0 && (this.e.w.vmaStart[at] as number) <= page ? at : -1;
  }

  overlaps(mm: number, from: number, to: number): boolean {
    const at = this.find(mm, from);
    return at >= 0 && (this.e.w.vmaStart[at] as number) < to;
  }

  /** Pages of [from, to) that VMAs of the tree cover. */
  covered(mm: number, from: number, to: number): number {
    const w = this.e.w;
    let n = 0;
    for (let at = this.find(mm, from); at >= 0 && (w.vmaStart[at] as number) < to; at = this.after(mm, at)) {
      const a = (w.vmaStart[at] as number) > from ? (w.vmaStart[at] as number) : from;
      const b = (w.vmaEnd[at] as number) < to ? (w.vmaEnd[at] as number) : to;
      n += b - a;
    }
    return n;
  }

  /** VMAs of the tree that reach into [from, to). */
  countIn(mm: number, from: number, to: number): number {
    const { treeSlot, treeCount, vmaStart } = this.e.w;
    const base = mm * this.per;
    const first = this.search(mm, from);
    let k = first;
    while (k < (treeCount[mm] as number) && (vmaStart[treeSlot[base + k] as number] as number) < to) k++;
    return k - first;
  }

  /** Length of a detached list from a slot (-1: none) on. */
  listedFrom(first: number): number {
    let n = 0;
    for (let at = first; at >= 0; at = (this.e.w.vmaChain[at] as number) - 1) n++;
    return n;
  }

  /** Slot of the VMA behind this one in the tree, or -1. */
  after(mm: number, at: number): number {
    return this.find(mm, this.e.w.vmaEnd[at] as number);
  }

  private allocate(thread: number, mm: number): number {
    const w = this.e.w;
    // Below the first that may be free all are in use.
    for (let at = mm * this.per + (w.vmaLowest[mm] as number); at < (mm + 1) * this.per; at++) {
      if (w.vmaState[at] !== VmaState.FREE) continue;
      w.vmaLowest[mm] = at - mm * this.per + 1;
      // A generation that comes round again is never 0.
      w.vmaGen[at] = ((w.vmaGen[at] as number) % 65_535) + 1;
      return at;
    }
    this.e.stop(Outcome.LIMIT, Reason.VMAS, thread);
    return -1;
  }

  private insert(mm: number, at: number): void {
    const w = this.e.w;
    const base = mm * this.per;
    const k = this.search(mm, w.vmaStart[at] as number);
    const n = w.treeCount[mm] as number;
    w.treeSlot.copyWithin(base + k + 1, base + k, base + n);
    w.treeSlot[base + k] = at;
    w.treeCount[mm] = n + 1;
    w.vmaState[at] = VmaState.LINKED;
  }

  private removeAt(mm: number, k: number): void {
    const w = this.e.w;
    const base = mm * this.per;
    const n = w.treeCount[mm] as number;
    w.treeSlot.copyWithin(base + k, base + k + 1, base + n);
    w.treeSlot[base + n - 1] = 0;
    w.treeCount[mm] = n - 1;
  }

  /** Links a new mapping [from, to); returns its slot, or -1 when the slots are used up (the run ends). */
  link(thread: number, mm: number, from: number, to: number, flags: number, area: number): number {
    const { e } = this;
    const w = e.w;
    const at = this.allocate(thread, mm);
    if (at < 0) return -1;
    w.mmBirths[mm] = (w.mmBirths[mm] as number) + 1;
    w.vmaStart[at] = from;
    w.vmaEnd[at] = to;
    w.vmaFlags[at] = flags;
    w.vmaBirth[at] = w.mmBirths[mm] as number;
    w.vmaArea[at] = area;
    w.vmaEvent[at] = e.count;
    w.vmaAnon[at] = 0;
    e.words.fresh(at);
    this.insert(mm, at);
    this.report(Kind.VMA_LINK, thread, mm, at, from);
    this.report(Kind.VMA_LENGTH, thread, mm, at, to - from);
    e.watch.mapped(mm, from, to);
    return at;
  }

  /** Cuts a VMA at a page; the upper part is a new VMA of the same mapping. False when the slots are used up. */
  split(thread: number, mm: number, at: number, page: number): boolean {
    const w = this.e.w;
    const upper = this.allocate(thread, mm);
    if (upper < 0) return false;
    w.vmaStart[upper] = page;
    w.vmaEnd[upper] = w.vmaEnd[at] as number;
    w.vmaFlags[upper] = w.vmaFlags[at] as number;
    w.vmaBirth[upper] = w.vmaBirth[at] as number;
    w.vmaArea[upper] = w.vmaArea[at] as number;
    w.vmaEvent[upper] = w.vmaEvent[at] as number;
    w.vmaAnon[upper] = w.vmaAnon[at] as number;
    this.e.words.split(at, upper);
    w.vmaEnd[at] = page;
    this.insert(mm, upper);
    this.report(Kind.VMA_LENGTH, thread, mm, at, page - (w.vmaStart[at] as number));
    this.report(Kind.VMA_LINK, thread, mm, upper, page);
    this.report(Kind.VMA_LENGTH, thread, mm, upper, (w.vmaEnd[upper] as number) - page);
    return true;
  }

  /** Whether a VMA can have these bounds without reaching into a neighbour. */
  fits(mm: number, at: number, from: number, to: number): boolean {
    const { treeSlot, treeCount, vmaStart, vmaEnd } = this.e.w;
    const base = mm * this.per;
    const n = treeCount[mm] as number;
    let k = 0;
    while (k < n && treeSlot[base + k] !== at) k++;
    if (k === n || to > (this.e.layout.endPage[mm] as number)) return false;
    const below = k > 0 ? (vmaEnd[treeSlot[base + k - 1] as number] as number) : 0;
    const above = k + 1 < n ? (vmaStart[treeSlot[base + k + 1] as number] as number) : Infinity;
    return from >= below && to <= above;
  }

  /** Takes the VMA and its successors that start below `end` out of the tree; the slots stay chained. */
  detach(thread: number, mm: number, first: number, end: number): void {
    const w = this.e.w;
    const k = this.search(mm, w.vmaStart[first] as number);
    let before = -1;
    const base = mm * this.per;
    while (k < (w.treeCount[mm] as number)) {
      const at = w.treeSlot[base + k] as number;
      if ((w.vmaStart[at] as number) >= end) break;
      this.removeAt(mm, k);
      w.vmaState[at] = VmaState.DETACHED;
      if (before >= 0) w.vmaChain[before] = at + 1;
      before = at;
      this.report(Kind.VMA_DETACH, thread, mm, at, w.vmaStart[at] as number);
      this.e.watch.removes(
        thread,
        w.vmaBirth[at] as number,
        w.vmaStart[at] as number,
        w.vmaEvent[at] as number,
      );
    }
  }

  /** Frees a chain of detached VMAs. */
  free(thread: number, mm: number, first: number): void {
    const w = this.e.w;
    let at = first;
    while (at >= 0) {
      const next = (w.vmaChain[at] as number) - 1;
      this.report(Kind.VMA_FREE, thread, mm, at, 0);
      w.vmaState[at] = VmaState.FREE;
      if (at - mm * this.per < (w.vmaLowest[mm] as number)) w.vmaLowest[mm] = at - mm * this.per;
      w.vmaStart[at] = 0;
      w.vmaEnd[at] = 0;
      w.vmaFlags[at] = 0;
      w.vmaBirth[at] = 0;
      w.vmaArea[at] = 0;
      w.vmaChain[at] = 0;
      w.vmaEvent[at] = 0;
      w.vmaAnon[at] = 0;
      this.e.words.freed(at);
      at = next;
    }
  }

  /**
   * First gap that is long enough, from the lowest area up, or -1. The kernel looks from the top down (since 2.6), where
   * its oldest mappings stand; here they stand lowest, and free space goes on above. Seen from the oldest mapping it is
   * the same: a hole that munmap left is used again before anything new (facts munmap, 2 (c)). A VMA that is detached
   * but not yet zapped is no longer in the way; what keeps its place free until the zap is over is mmap_sem (7 (d)).
   */
  unmappedArea(mm: number, pages: number): number {
    const w = this.e.w;
    let from: number = MMAP_BASE;
    for (let k = this.search(mm, from); k < (w.treeCount[mm] as number); k++) {
      const at = w.treeSlot[mm * this.per + k] as number;
      if ((w.vmaStart[at] as number) - from >= pages) break;
      from = w.vmaEnd[at] as number;
    }
    return from + pages <= (this.e.layout.endPage[mm] as number) ? from : -1;
  }

  report(kind: number, thread: number, mm: number, at: number, arg: number): void {
    const { e } = this;
    const object = this.objectOf(mm, at);
    // A VMA that begins changes none.
    if (kind === Kind.VMA_LINK) e.emit(kind, thread, object, arg, e.stateOf(thread));
    else e.emitChange(kind, thread, object, arg, e.stateOf(thread));
  }
}
