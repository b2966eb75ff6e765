import { Class, Kind, objectId, TABLE_PAGES } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { tableId, tableSlot } from './layout.ts';
import { whole } from './numbers.ts';
import { GATHER_ROOM } from './world.ts';

/** What is known of a present page at grain `page`, among its marks; those of watch.ts take the lower bits. */
export const PteMark = {
  /** The entry does not allow writing. */
  READ_ONLY: 16,
  /** Another mm has the page too. */
  SHARED: 32,
} as const;

/**
 * A table that is unlinked and not free yet: until the TLB flush is acknowledged; or, where RCU keeps tables, until a grace
 * period is over, which may have to wait for the one that is under way.
 */
export const Dying = { FLUSH: 1, NEXT_GRACE: 2, GRACE: 3 } as const;

/** A table that a walk found, as bytecode handles it: its object id, and above it which table of that place it was, + 1. */
export const WALKED = 2 ** 32;

/** Pages that fill an mmu_gather: 19 batches of 510 and 8 on the stack (commit 53a59fc67f97; facts munmap, section 1). */
export const GATHER_PAGES = GATHER_ROOM;

function bits32(x: number): number {
  let v = x - ((x >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Mask of the bits [from, to) of word `k` of a table's presence map. */
function wordMask(k: number, from: number, to: number): number {
  const lo = from > k * 32 ? from - k * 32 : 0;
  const hi = to < (k + 1) * 32 ? to - k * 32 : 32;
  if (lo >= 32 || hi <= lo) return 0;
  const upTo = hi === 32 ? -1 : (1 << hi) - 1;
  return upTo & ~((1 << lo) - 1);
}

/** The part [from, to) of a table's 512 pages that a range of pages covers. */
export interface Part {
  from: number;
  to: number;
}

/** Page tables and the pages in them. A table is a slot; a handle of the language is the table's object id. */
export class Tables {
  private readonly e: Engine;
  private readonly part: Part = { from: 0, to: 0 };

  constructor(e: Engine) {
    this.e = e;
  }

  slotOf(handle: number): number {
    return (this.e.layout.tableBase[(handle >>> 20) & 0xff] as number) + (handle & 0xfffff);
  }

  mmOf(handle: number): number {
    return (handle >>> 20) & 0xff;
  }

  /** Handle of the next table with pages in [from, to) pages of an mm, at or behind table number `start`; 0: none. */
  nextPopulated(mm: number, start: number, from: number, to: number): number {
    const { w, layout } = this.e;
    const base = layout.tableBase[mm] as number;
    const end = layout.tableBase[mm + 1] as number;
    for (let t = start; t * TABLE_PAGES < to && base + t < end; t++) {
      if (w.tabCount[base + t] !== 0 && (t + 1) * TABLE_PAGES > from) return tableId(layout, mm, base + t);
    }
    return 0;
  }

  private partOf(handle: number, from: number, to: number): Part {
    const first = (handle & 0xfffff) * TABLE_PAGES;
    const p = this.part;
    p.from = from > first ? from - first : 0;
    p.to = to < first + TABLE_PAGES ? to - first : TABLE_PAGES;
    return p;
  }

  /**
   * Present pages of a table within a range. At grain `table` a partly covered table counts the covered share of what is
   * mapped there, rounded up: a table that serves the range alone counts whole.
   */
  presentIn(handle: number, from: number, to: number): number {
    const w = this.e.w;
    const slot = this.slotOf(handle);
    const { from: a, to: b } = this.partOf(handle, from, to);
    if (b <= a) return 0;
    const count = w.tabCount[slot] as number;
    if (b - a === TABLE_PAGES) return count;
    if (!w.sizes.pages) {
      const mm = this.mmOf(handle);
      const first = (handle & 0xfffff) * TABLE_PAGES;
      const beside =
        this.e.vmas.covered(mm, first, first + a) + this.e.vmas.covered(mm, first + b, first + TABLE_PAGES);
      const mapped = b - a + beside;
      const share = (count * (b - a) + mapped - 1) / mapped;
      return share - (share % 1);
    }
    let n = 0;
    for (let k = a >>> 5; k * 32 < b; k++)
      n += bits32((w.tabBits[slot * 16 + k] as number) & wordMask(k, a, b));
    return n;
  }

  /** Present pages of a range of pages; takes time by the tables of the range. */
  presentPages(mm: number, from: number, to: number): number {
    const { w, layout } = this.e;
    const base = layout.tableBase[mm] as number;
    const tables = (layout.tableBase[mm + 1] as number) - base;
    const before = (from / TABLE_PAGES) | 0;
    const after = ((to + TABLE_PAGES - 1) / TABLE_PAGES) | 0;
    const behind = after < tables ? after : tables;
    let n = 0;
    // Only the tables at the edges may be covered in part; between them there may be a million.
    for (let t = before; t < behind; t++) {
      const count = w.tabCount[base + t] as number;
      const whole = t * TABLE_PAGES >= from && (t + 1) * TABLE_PAGES <= to;
      if (count !== 0) n += whole ? count : this.presentIn(tableId(layout, mm, base + t), from, to);
    }
    return n;
  }

  /** Clears up to `room` present pages of a range; returns how many. */
  clear(handle: number, from: number, to: number, room: number): number {
    const w = this.e.w;
    const slot = this.slotOf(handle);
    const have = this.presentIn(handle, from, to);
    const n = have < room ? have : room;
    if (n === 0) return 0;
    if (w.sizes.pages) {
      const { from: a, to: b } = this.partOf(handle, from, to);
      let left = n;
      for (let k = a >>> 5; k * 32 < b && left > 0; k++) {
        let hit = (w.tabBits[slot * 16 + k] as number) & wordMask(k, a, b);
        while (hit !== 0 && left > 0) {
          const lowest = hit & -hit;
          hit &= ~lowest;
          w.tabBits[slot * 16 + k] = (w.tabBits[slot * 16 + k] as number) & ~lowest;
          left--;
        }
      }
    }
    w.tabCount[slot] = (w.tabCount[slot] as number) - n;
    const mm = this.mmOf(handle);
    w.mmPresent[mm] = (w.mmPresent[mm] as number) - n;
    return n;
  }

  /**
   * True when the page's entry is empty. At grain `table` a table knows how many pages it has, not which: the entry is
   * known to be full where every page is present that VMAs map there.
   */
  isEmpty(handle: number, page: number): boolean {
    const w = this.e.w;
    const slot = this.slotOf(handle);
    if (!w.sizes.pages) {
      const count = w.tabCount[slot] as number;
      if (count === 0 || count === TABLE_PAGES) return count === 0;
      const first = (handle & 0xfffff) * TABLE_PAGES;
      const mapped = this.e.vmas.covered(this.mmOf(handle), first, first + TABLE_PAGES);
      return mapped === 0 || count < mapped;
    }
    const bit = page % TABLE_PAGES;
    return ((w.tabBits[slot * 16 + (bit >>> 5)] as number) & (1 << (bit & 31))) === 0;
  }

  /** No table is there, nor one that is unlinked but may still be walked. */
  isGone(slot: number): boolean {
    return this.e.w.tabState[slot] === 0 && this.e.w.tabDying[slot] === 0;
  }

  /** The table that a walk found is no longer the one at its place. Other handles name the place, which may have none. */
  isStale(handle: number): boolean {
    const w = this.e.w;
    const slot = this.slotOf(handle);
    if (handle < WALKED) return w.tabState[slot] === 0;
    return w.tabState[slot] === 0 || whole(handle / WALKED) !== (w.tabGen[slot] as number) + 1;
  }

  /** A handle that a walk gave names a table that is no longer linked, and that a flush has seen off: its memory may be anything. */
  isFreed(handle: number): boolean {
    if (!this.isStale(handle)) return false;
    const w = this.e.w;
    const slot = this.slotOf(handle);
    // The one that was unlinked last may still be walked until it is flushed.
    return w.tabDying[slot] === 0 || whole(handle / WALKED) !== (w.tabGen[slot] as number);
  }

  /** Tables that the thread unlinked can no longer be walked by anybody: its flush is acknowledged. */
  flushed(thread: number): void {
    const w = this.e.w;
    const to = w.dyingTo[thread] as number;
    for (let slot = w.dyingFrom[thread] as number; slot < to; slot++)
      if (w.tabDying[slot] === Dying.FLUSH) w.tabDying[slot] = 0;
    w.dyingFrom[thread] = 0;
    w.dyingTo[thread] = 0;
  }

  /** Tables that the thread unlinked since its last flush go when a grace period is over; returns how many they are. */
  keepForGrace(thread: number): number {
    const w = this.e.w;
    const to = w.dyingTo[thread] as number;
    let n = 0;
    for (let slot = w.dyingFrom[thread] as number; slot < to; slot++) {
      if (w.tabDying[slot] !== Dying.FLUSH) continue;
      w.tabDying[slot] = Dying.NEXT_GRACE;
      n++;
    }
    return n;
  }

  /** A grace period begins: it is the one for tables that came since the last one began. */
  graceBegins(): void {
    this.age(Dying.NEXT_GRACE, Dying.GRACE);
  }

  /** It is over: what waited for it is free. */
  graceEnds(): void {
    this.age(Dying.GRACE, 0);
  }

  private age(from: number, to: number): void {
    const { tabDying } = this.e.w;
    for (let slot = tabDying.indexOf(from); slot >= 0; slot = tabDying.indexOf(from, slot + 1))
      tabDying[slot] = to;
  }

  /** Puts a page into an entry; false where one was there, which is lost, as far as the grain lets it be known. */
  install(handle: number, page: number): boolean {
    const w = this.e.w;
    const slot = this.slotOf(handle);
    if (w.sizes.pages ? !this.isEmpty(handle, page) : w.tabCount[slot] === TABLE_PAGES) return false;
    w.tabCount[slot] = (w.tabCount[slot] as number) + 1;
    const mm = this.mmOf(handle);
    w.mmPresent[mm] = (w.mmPresent[mm] as number) + 1;
    if (!w.sizes.pages) return true;
    const bit = page % TABLE_PAGES;
    const at = slot * 16 + (bit >>> 5);
    w.tabBits[at] = (w.tabBits[at] as number) | (1 << (bit & 31));
    w.tabMark[slot * TABLE_PAGES + bit] =
      (w.tabMark[slot * TABLE_PAGES + bit] as number) & ~(PteMark.READ_ONLY | PteMark.SHARED);
    this.e.watch.pageInstalled(slot, bit, !this.e.files.maps(mm, page));
    return true;
  }

  /** Installs `n` pages of a table from one on, whose entries are empty. */
  installAll(handle: number, page: number, n: number): void {
    const w = this.e.w;
    if (w.sizes.pages) {
      for (let k = 0; k < n; k++) this.install(handle, page + k);
      return;
    }
    const slot = this.slotOf(handle);
    const mm = this.mmOf(handle);
    w.tabCount[slot] = (w.tabCount[slot] as number) + n;
    w.mmPresent[mm] = (w.mmPresent[mm] as number) + n;
  }

  /** Makes the table of a page if there is none; its handle, or 0 outside the mm. */
  make(thread: number, mm: number, page: number, mapping: number): number {
    const { e } = this;
    const w = e.w;
    const slot = tableSlot(e.layout, mm, page);
    if (slot < 0) return 0;
    const id = tableId(e.layout, mm, slot);
    if (w.tabState[slot] === 0) {
      w.tabState[slot] = 1;
      e.lines.allocated(slot, w.threadCpu[thread] as number);
      e.emitChange(Kind.TABLE_ALLOC, thread, id, 0, e.stateOf(thread));
    }
    w.tabMapping[slot] = mapping;
    return id;
  }

  /**
   * Frees the tables that lie in a range of pages. A table at the edge that another VMA's pages may share goes only if
   * no VMA of the tree but those of the range needs it (floor and ceiling of free_pgtables).
   */
  free(thread: number, mm: number, from: number, to: number): number {
    const { e } = this;
    const w = e.w;
    const base = e.layout.tableBase[mm] as number;
    const end = e.layout.tableBase[mm + 1] as number;
    let n = 0;
    for (let t = (from / TABLE_PAGES) | 0; t * TABLE_PAGES < to && base + t < end; t++) {
      const slot = base + t;
      if (w.tabState[slot] === 0 || this.neededOutside(mm, t, from, to)) continue;
      e.emitChange(
        Kind.TABLE_FREE,
        thread,
        objectId(Class.TABLE, (mm << 20) | t),
        w.tabCount[slot] as number,
        e.stateOf(thread),
      );
      e.watch.tableFreed(thread, mm, slot, t * TABLE_PAGES);
      w.tabState[slot] = 0;
      w.tabCount[slot] = 0;
      w.tabMapping[slot] = 0;
      this.unlinked(thread, slot);
      e.lines.freed(slot);
      if (w.sizes.nodes > 0) {
        e.zones?.release.dropRow(slot);
        w.tabNode[slot] = 0;
      }
      if (w.sizes.pages) w.tabBits.fill(0, slot * 16, slot * 16 + 16);
      n++;
    }
    return n;
  }

  /** The table at a slot is in nobody's way from here on, but a walk that began before may still be in it. */
  private unlinked(thread: number, slot: number): void {
    const w = this.e.w;
    w.tabGen[slot] = (w.tabGen[slot] as number) + 1;
    w.tabDying[slot] = Dying.FLUSH;
    if (w.dyingTo[thread] === 0 || slot < (w.dyingFrom[thread] as number)) w.dyingFrom[thread] = slot;
    if (slot >= (w.dyingTo[thread] as number)) w.dyingTo[thread] = slot + 1;
  }

  /** khugepaged takes a table out of its place; its pages are in the thread's hands. */
  detach(thread: number, slot: number): void {
    const w = this.e.w;
    w.tabState[slot] = 0;
    w.tabCount[slot] = 0;
    w.tabMapping[slot] = 0;
    if (w.sizes.pages) w.tabBits.fill(0, slot * 16, slot * 16 + 16);
    this.unlinked(thread, slot);
  }

  private neededOutside(mm: number, t: number, from: number, to: number): boolean {
    const first = t * TABLE_PAGES;
    const last = first + TABLE_PAGES;
    return (
      (first < from && this.e.vmas.overlaps(mm, first, from)) ||
      (last > to && this.e.vmas.overlaps(mm, to, last))
    );
  }

  /** Tables that `free` would free. */
  countIn(mm: number, from: number, to: number): number {
    const { w, layout } = this.e;
    const base = layout.tableBase[mm] as number;
    const end = layout.tableBase[mm + 1] as number;
    let n = 0;
    for (let t = (from / TABLE_PAGES) | 0; t * TABLE_PAGES < to && base + t < end; t++) {
      if (w.tabState[base + t] !== 0 && !this.neededOutside(mm, t, from, to)) n++;
    }
    return n;
  }
}
