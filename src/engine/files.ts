import { Class, DISK, Kind, NO_THREAD, objectId, State, TABLE_PAGES } from '../event/index.ts';
import { VM_FLAGS } from '../kernel/ops.ts';
import type { Engine } from './engine.ts';
import { tableId, tableSlot } from './layout.ts';
import { roundHalfUp } from './numbers.ts';
import { GRACE_DOMAINS } from './world.ts';

/**
 * Files that areas map, the page cache in front of them and the disk behind it (facts faults 1b', 12.1). Every file area
 * maps a file of its own, so a page of a file is named by the mm and the page of the address at which it is mapped.
 *
 * The disk does one read at a time, in the order in which they were asked for; each takes the same time. A page that is
 * being read is locked: who else wants it waits for the same read. Threads sleep meanwhile and no signal wakes them.
 *
 * What is in the page cache stays there unless it is dropped by name: there is no reclaim. Its memory counts while it is
 * mapped; while it only stands in the page cache the kernel would take it back whenever it wanted memory.
 *
 * At grain `table` it is known of a page table whether the page cache has all of its pages, and of a thread which page it
 * waited for last. Everything else is taken not to be there: a page may be read once more than needed, never once less.
 */
export class Files {
  private readonly e: Engine;
  private readonly readNs: number;
  private readonly source: number;

  constructor(e: Engine) {
    this.e = e;
    const { sizes } = e.w;
    this.source = sizes.cpus * 3 + sizes.threads * 2 + GRACE_DOMAINS;
    const set = e.program.scenario.numbers.find((n) => n.name === 'disk_read');
    this.readNs = roundHalfUp(set !== undefined && set.value > 0 ? set.value : e.machine.disk.read.value);
  }

  /** A VMA of the tree maps a file at this page. */
  maps(mm: number, page: number): boolean {
    if (!this.e.w.sizes.files) return false;
    const at = this.e.vmas.covering(mm, page);
    return at >= 0 && ((this.e.w.vmaFlags[at] as number) & VM_FLAGS.VM_FILE) !== 0;
  }

  /** Slot of the page table that a page of a file belongs to, or -1 where there are no files. */
  private slotOf(mm: number, page: number): number {
    return this.e.w.sizes.files ? tableSlot(this.e.layout, mm, page) : -1;
  }

  /** Every page from `from` to `to` is in the page cache. */
  fill(mm: number, from: number, to: number): void {
    const { w, layout } = this.e;
    if (w.sizes.pages) for (let page = from; page < to; page++) this.add(tableSlot(layout, mm, page), page);
    else
      for (let slot = tableSlot(layout, mm, from); slot <= tableSlot(layout, mm, to - 1); slot++)
        w.cacheCount[slot] = TABLE_PAGES;
  }

  private add(slot: number, page: number): void {
    const { w } = this.e;
    const n = w.cacheCount[slot] as number;
    if (!w.sizes.pages) {
      // All of them are known to be there only where nobody had to read them one by one.
      if (n < TABLE_PAGES - 1) w.cacheCount[slot] = n + 1;
      return;
    }
    const bit = page % TABLE_PAGES;
    const at = slot * 16 + (bit >>> 5);
    const mask = 1 << (bit & 31);
    if (((w.cacheBits[at] as number) & mask) !== 0) return;
    w.cacheBits[at] = (w.cacheBits[at] as number) | mask;
    w.cacheCount[slot] = n + 1;
  }

  /** The page cache has a page, as far as the thread's grain lets it be known. */
  isCached(thread: number, mm: number, page: number): boolean {
    const { w } = this.e;
    const slot = this.slotOf(mm, page);
    if (slot < 0) return false;
    if (!w.sizes.pages)
      return (
        w.cacheCount[slot] === TABLE_PAGES || (w.threadMm[thread] === mm && w.ioLast[thread] === page + 1)
      );
    const bit = page % TABLE_PAGES;
    return ((w.cacheBits[slot * 16 + (bit >>> 5)] as number) & (1 << (bit & 31))) !== 0;
  }

  /** Who asked the disk for a page of an mm that has not come yet, or -1. */
  private readerOf(mm: number, page: number): number {
    const { w } = this.e;
    for (let at = w.disk[0] as number; at !== 0; at = w.ioNext[at - 1] as number)
      if (w.ioPage[at - 1] === page + 1 && w.threadMm[at - 1] === mm) return at - 1;
    return -1;
  }

  /**
   * The thread wants a page of its mm that it did not find, and sleeps until that is there. False: there is no file, and
   * it does not sleep.
   */
  read(thread: number, page: number): boolean {
    const { e } = this;
    const { w } = e;
    const mm = w.threadMm[thread] as number;
    if (this.slotOf(mm, page) < 0) return false;
    // It came while the thread gave its lock back.
    if (this.isCached(thread, mm, page)) return true;
    const waits = this.readerOf(mm, page) >= 0;
    w.ioPage[thread] = page + 1;
    w.ioReads[thread] = waits ? 0 : 1;
    if (!waits) this.ask(thread);
    e.complete(thread, 0);
    e.setState(thread, State.IDLE);
    e.emitState(thread, objectId(Class.GRACE, DISK));
    e.blocked = true;
    return true;
  }

  private ask(thread: number): void {
    const { e } = this;
    const { disk, ioNext } = e.w;
    const last = disk[1] as number;
    if (last === 0) {
      disk[0] = thread + 1;
      e.q.set(this.source, e.now + this.readNs);
    } else ioNext[last - 1] = thread + 1;
    disk[1] = thread + 1;
    disk[2] = (disk[2] as number) + 1;
  }

  /** Reads that are under way or wait for their turn. */
  get queued(): number {
    return this.e.w.disk[2] as number;
  }

  /** The disk has read a page: it is in the page cache, and unlocked. */
  readDone(): void {
    const { e } = this;
    const { w } = e;
    const reader = (w.disk[0] as number) - 1;
    const mm = w.threadMm[reader] as number;
    const page = (w.ioPage[reader] as number) - 1;
    w.disk[0] = w.ioNext[reader] as number;
    if (w.disk[0] === 0) w.disk[1] = 0;
    else e.q.set(this.source, e.now + this.readNs);
    w.disk[2] = (w.disk[2] as number) - 1;
    w.ioNext[reader] = 0;
    const slot = tableSlot(e.layout, mm, page);
    this.add(slot, page);
    e.emit(Kind.PAGE_CACHE, NO_THREAD, tableId(e.layout, mm, slot), 1, 0);
    this.wake(reader, page);
    for (let t = 0; t < w.sizes.threads; t++)
      if (w.ioPage[t] === page + 1 && w.threadMm[t] === mm) this.wake(t, page);
  }

  private wake(thread: number, page: number): void {
    const { w, cpus } = this.e;
    w.ioPage[thread] = 0;
    w.ioReads[thread] = 0;
    if (!w.sizes.pages) w.ioLast[thread] = page + 1;
    cpus.wake(thread, 0, objectId(Class.GRACE, DISK));
  }

  /**
   * Drops pages that are not mapped. At grain `table` nothing is known to be there afterwards of any table that the range
   * reaches into.
   */
  drop(thread: number, mm: number, from: number, to: number): void {
    const { e } = this;
    const { w, layout } = e;
    const limit = layout.endPage[mm] as number;
    const end = to < limit ? to : limit;
    if (!w.sizes.files || end <= from) return;
    for (let slot = tableSlot(layout, mm, from); slot <= tableSlot(layout, mm, end - 1); slot++) {
      const before = w.cacheCount[slot] as number;
      if (w.sizes.pages)
        this.dropPages(slot, (slot - (layout.tableBase[mm] as number)) * TABLE_PAGES, from, end);
      else w.cacheCount[slot] = 0;
      const change = (w.cacheCount[slot] as number) - before;
      if (change !== 0)
        e.emit(Kind.PAGE_CACHE, thread, tableId(layout, mm, slot), change >>> 0, e.stateOf(thread));
    }
    for (let t = 0; t < w.sizes.threads; t++) {
      const last = (w.ioLast[t] as number) - 1;
      if (w.threadMm[t] === mm && last >= from && last < to) w.ioLast[t] = 0;
    }
  }

  /** The same within a table that begins with page `first`. */
  private dropPages(slot: number, first: number, from: number, to: number): void {
    const { w } = this.e;
    for (let bit = 0; bit < TABLE_PAGES; bit++) {
      if (first + bit < from || first + bit >= to) continue;
      const at = slot * 16 + (bit >>> 5);
      const mask = 1 << (bit & 31);
      const there = ((w.cacheBits[at] as number) & mask) !== 0 && ((w.tabBits[at] as number) & mask) === 0;
      if (!there) continue;
      w.cacheBits[at] = (w.cacheBits[at] as number) & ~mask;
      w.cacheCount[slot] = (w.cacheCount[slot] as number) - 1;
    }
  }
}
