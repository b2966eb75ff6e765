import {
  Class,
  classOf,
  indexOf,
  Kind,
  NO_THREAD,
  type ObjectId,
  objectId,
  TABLE_PAGES,
} from '../event/index.ts';
import { VM_FLAGS } from '../kernel/ops.ts';
import { lostPages } from './alloc/account.ts';
import type { Engine } from './engine.ts';
import { Invariant } from './invariants.ts';
import { Reason } from './outcome.ts';
import { PteMark } from './tables.ts';
import { MAX_CAUSES, MAX_VIOLATIONS } from './world.ts';

/** Content marks of a page, grain `page`. */
const Mark = {
  /** The program wrote to it. */
  WRITTEN: 1,
  /** It was present when a munmap that is still under way began, and no newer mapping covers it. */
  WATCHED: 2,
  /** A munmap of it returned, and no newer mapping covers it. */
  GONE: 4,
  /** A fresh page was put in its place while it was watched. */
  FRESH: 8,
} as const;

/**
 * Watches over a run: the invariants of `invariants.ts`, each judged from its own bookkeeping and not from what the
 * models believe. Invariants about one page are judged at grain `page` only.
 */
export class Watch {
  private readonly e: Engine;

  constructor(e: Engine) {
    this.e = e;
  }

  get byPage(): boolean {
    return this.e.w.sizes.pages;
  }

  /**
   * Notes a violation with the ids of the records that led to it: `also` (0: none), the thread's call or fault, and what
   * changed the VMA in slot `at`, or else the page table of the page. The run goes on.
   */
  violate(
    what: number,
    thread: number,
    page: number,
    also: readonly number[] = [],
    at = -1,
    mm = this.e.w.threadMm[thread],
  ): void {
    const { e } = this;
    const w = e.w;
    const n = w.run[3] as number;
    // The same invariant broken again on the same page by the same thread is one finding.
    for (let i = 0; i < n && i < MAX_VIOLATIONS; i++) {
      if (w.vioWhat[i] === what && w.vioThread[i] === thread && w.vioPage[i] === page) return;
    }
    // Accounts that were broken on the way cannot agree at the end.
    const call = (w.syscallEvent[thread] ?? w.vioEvent[0]) as number;
    w.run[3] = n + 1;
    if (n < MAX_VIOLATIONS) {
      w.vioWhat[n] = what;
      w.vioTime[n] = e.now;
      w.vioThread[n] = thread;
      w.vioSite[n] = e.program.siteOf[w.pc[thread] as number] as number;
      w.vioPage[n] = page;
      w.vioEvent[n] = e.count;
      const causes = [...also, call];
      const { vmaChanges, tabChanges } = w;
      if (at >= 0) causes.push(...vmaChanges.subarray(at * 4, at * 4 + 4));
      else if (page > 0 && mm !== undefined) {
        const from = this.tableAt(mm, (page / TABLE_PAGES) | 0);
        // What came before another took it is another story.
        const came = (tabChanges[from + 2] as number) > (tabChanges[from] as number);
        const all = came || tabChanges[from + 1] === call;
        causes.push(...tabChanges.subarray(from, from + (all ? 4 : 2)));
      }
      w.vioCause.set(causes, n * MAX_CAUSES);
    }
    e.emit(Kind.VIOLATION, thread, objectId(Class.INVARIANT, what), page, w.state[thread] as number);
  }

  /** Notes the record just made, which changes a VMA or a page table: who finds the thing changed is told of it. */
  changed(kind: number, thread: number, object: ObjectId, arg: number): void {
    const { e } = this;
    const { w } = e;
    const by = w.syscallEvent[thread] || 0;
    const index = indexOf(object);
    const mm = index >>> 20;
    const i = index & 0xfffff;
    const isVma = classOf(object) === Class.VMA;
    const changes = isVma ? w.vmaChanges : w.tabChanges;
    // A fault that changes an entry gives back a right that a call took.
    const second =
      kind === Kind.VMA_FREE ||
      kind === Kind.TABLE_ALLOC ||
      (kind === Kind.PAGES && (arg | 0) > 0) ||
      (kind === Kind.PROTECT && w.syscall[thread] === 0);
    const at = (isVma ? (mm * e.layout.vmas + i) * 4 : this.tableAt(mm, i)) + (second ? 2 : 0);
    changes[at] = e.count - 1;
    changes[at + 1] = by;
  }

  private tableAt(mm: number, table: number): number {
    return (this.byPage ? (this.e.layout.tableBase[mm] as number) + table : mm) * 4;
  }

  rwsemHold(thread: number, i: number, write: 0 | 1): void {
    const w = this.e.w;
    const writers = w.seenWriters[i] as number;
    if (write === 1) {
      if ((w.syscallBirth[thread] as number) < 0 && i === w.threadMm[thread]) this.unmapHasLock(thread, i);
      w.seenWriters[i] = writers + 1;
      if (writers !== 0 || w.seenReaders[i] !== 0) this.violate(Invariant.WRITER_EXCLUDES, thread, 0);
    } else {
      w.seenReaders[i] = (w.seenReaders[i] as number) + 1;
      if (writers !== 0) this.violate(Invariant.WRITER_EXCLUDES, thread, 0);
    }
  }

  rwsemRelease(i: number, write: 0 | 1): void {
    const w = this.e.w;
    if (write === 1) w.seenWriters[i] = (w.seenWriters[i] as number) - 1;
    else w.seenReaders[i] = (w.seenReaders[i] as number) - 1;
  }

  /** A thread has a range from here on: alone, or with others that only read. Pages [from, to). */
  rangeHold(thread: number, slot: number, mm: number, from: number, to: number, write: 0 | 1): void {
    const { seenMm, seenWrite, seenStart, seenEnd, syscallBirth, threadMm } = this.e.w;
    if (write === 1 && (syscallBirth[thread] as number) < 0 && mm === threadMm[thread])
      this.unmapHasLock(thread, mm);
    for (let s = 0; s < seenMm.length; s++) {
      if (seenMm[s] !== mm + 1 || (write === 0 && seenWrite[s] === 0)) continue;
      if ((seenStart[s] as number) < to && (seenEnd[s] as number) > from)
        this.violate(Invariant.WRITER_EXCLUDES, thread, 0);
    }
    seenMm[slot] = mm + 1;
    seenWrite[slot] = write;
    seenStart[slot] = from;
    seenEnd[slot] = to;
  }

  /** It gives a range back. A munmap that has removed nothing yet found that its range was too short, and begins again. */
  rangeRelease(thread: number, slot: number): void {
    const { w } = this.e;
    w.seenMm[slot] = 0;
    w.seenWrite[slot] = 0;
    w.seenStart[slot] = 0;
    w.seenEnd[slot] = 0;
    if (!this.e.inMunmap(thread) || w.unmapDid[thread] === 1) return;
    w.syscallBirth[thread] = -1;
    if (!this.byPage) return;
    const mm = w.threadMm[thread] as number;
    this.eachPage(mm, w.syscallA[thread] as number, w.syscallB[thread] as number, (table, bit) => {
      this.mark(table, bit, 0, Mark.WATCHED | Mark.FRESH);
    });
  }

  /** A thread calls munmap. */
  unmapBegins(thread: number, mm: number): void {
    const w = this.e.w;
    w.mmUnmapping[mm] = (w.mmUnmapping[mm] as number) + 1;
    w.lastUnmapEvent[mm] = this.e.count - 1;
    // It takes effect when it first has the lock: what is mapped while it waits was there before it.
    w.syscallBirth[thread] = -1;
  }

  /** Its munmap has the lock for the first time. */
  private unmapHasLock(thread: number, mm: number): void {
    const w = this.e.w;
    w.syscallBirth[thread] = w.mmBirths[mm] as number;
    if (!this.byPage) return;
    this.eachPage(mm, w.syscallA[thread] as number, w.syscallB[thread] as number, (slot, bit) => {
      const present = ((w.tabBits[slot * 16 + (bit >>> 5)] as number) >>> (bit & 31)) & 1;
      if (present === 1) this.mark(slot, bit, Mark.WATCHED, Mark.FRESH);
    });
  }

  /** `failed`: it gave an error, and promises nothing. */
  unmapEnds(thread: number, mm: number, from: number, to: number, failed: boolean): void {
    const { e } = this;
    const w = e.w;
    w.mmUnmapping[mm] = (w.mmUnmapping[mm] as number) - 1;
    w.unmapDid[thread] = 0;
    if (!this.busy(mm, thread)) this.pagesHaveVmas(thread, mm, from, to);
    if (!this.byPage) return;
    this.eachPage(mm, from, to, (slot, bit, page) => {
      if (this.mappedSince(thread, mm, page)) return;
      this.mark(slot, bit, failed ? 0 : Mark.GONE, Mark.WATCHED | Mark.FRESH);
    });
  }

  /** A new mapping covers these pages: what earlier munmaps said about them is over. */
  mapped(mm: number, from: number, to: number): void {
    if (!this.byPage) return;
    this.eachPage(mm, from, to, (slot, bit) => {
      this.mark(slot, bit, 0, Mark.WATCHED | Mark.GONE | Mark.FRESH | Mark.WRITTEN);
    });
  }

  /** `fresh`: zeroes, and not what the page held before. */
  pageInstalled(slot: number, bit: number, fresh: boolean): void {
    if (!this.byPage) return;
    const m = this.e.w.tabMark[slot * TABLE_PAGES + bit] as number;
    this.mark(slot, bit, fresh && m & Mark.WATCHED ? Mark.FRESH : 0, Mark.WRITTEN);
  }

  /** The program's access to a present page succeeds. */
  accessed(thread: number, mm: number, slot: number, bit: number, page: number): void {
    if (!this.byPage) return;
    const w = this.e.w;
    const m = w.tabMark[slot * TABLE_PAGES + bit] as number;
    const begun = [w.lastUnmapEvent[mm] as number];
    if ((m & Mark.GONE) !== 0) this.violate(Invariant.NO_ACCESS_AFTER_MUNMAP, thread, page, begun);
    if ((m & Mark.WATCHED) !== 0 && (m & Mark.FRESH) !== 0)
      this.violate(Invariant.NO_FRESH_ZERO_PAGE, thread, page, begun);
    this.mark(slot, bit, Mark.WRITTEN, 0);
  }

  /** The thread removes a VMA or zaps pages of a mapping with this birth number. */
  removes(thread: number, birth: number, page: number, madeBy: number): void {
    const w = this.e.w;
    if (!this.e.inMunmap(thread)) return;
    w.unmapDid[thread] = 1;
    if (birth <= (w.syscallBirth[thread] as number)) return;
    this.violate(Invariant.SPARES_NEW_MAPPINGS, thread, page, [madeBy]);
  }

  /** On the way out of a system call or fault nothing may be left in the thread's hands. */
  leavesKernel(thread: number): void {
    const w = this.e.w;
    if (w.rssDue[thread] !== 0) this.violate(Invariant.RSS, thread, 0);
    if (w.pagesInHand[thread] !== 0 || w.gatherPages[thread] !== 0)
      this.violate(Invariant.PAGE_ACCOUNT, thread, 0);
  }

  tableFreed(thread: number, mm: number, slot: number, page: number): void {
    const w = this.e.w;
    const left = w.tabCount[slot] as number;
    if (left === 0) return;
    w.mmLost[mm] = (w.mmLost[mm] as number) + left;
    w.mmPresent[mm] = (w.mmPresent[mm] as number) - left;
    this.violate(Invariant.PAGE_ACCOUNT, thread, page, [], -1, mm);
  }

  /** A secondary MMU keeps a translation to a page that was replaced, and nobody will tell it. */
  secondaryStale(thread: number, page: number): void {
    this.violate(Invariant.SECONDARY, thread, page);
  }

  /** The program writes to a page through its entry. */
  written(thread: number, slot: number, bit: number, page: number): void {
    if (!this.byPage || ((this.e.w.tabMark[slot * TABLE_PAGES + bit] as number) & PteMark.SHARED) === 0)
      return;
    this.violate(Invariant.SHARED_WRITE, thread, page);
  }

  /** A page is allocated and nowhere any more: an entry that had one was overwritten, or the new one went into no table. */
  pageLost(thread: number, mm: number, page: number): void {
    const { w } = this.e;
    w.mmLost[mm] = (w.mmLost[mm] as number) + 1;
    this.violate(Invariant.PAGE_ACCOUNT, thread, page, [], -1, mm);
  }

  /** The thread uses a page table that is no longer one. */
  tableGone(thread: number, handle: number): void {
    const mm = this.e.tables.mmOf(handle);
    this.violate(Invariant.TABLE_GONE, thread, (handle & 0xfffff) * TABLE_PAGES, [], -1, mm);
  }

  /** An entry was set; `flags`: what it allows, 0 where the path does not tell. */
  entrySet(thread: number, mm: number, page: number, flags: number): void {
    if (!this.byPage || flags === 0) return;
    const { e } = this;
    const at = e.vmas.covering(mm, page);
    // Outside of every VMA is another finding.
    if (at < 0) return;
    const vma = e.w.vmaFlags[at] as number;
    if ((flags & ~vma & VM_FLAGS.VM_WRITE) !== 0) this.violate(Invariant.READ_ONLY, thread, page, [], at);
    if (e.w.vmaAnon[at] === 0 && (vma & VM_FLAGS.VM_FILE) === 0)
      this.violate(Invariant.ANON_VMA, thread, page, [], at);
    if ((vma & VM_FLAGS.VM_UFFD_MISSING) !== 0) this.violate(Invariant.USERFAULT, thread, page, [], at);
  }

  freedTwice(thread: number): void {
    this.violate(Invariant.PAGE_ACCOUNT, thread, 0);
  }

  /** `at`: the slot that the VMA had. */
  vmaGone(thread: number, at: number): void {
    this.violate(Invariant.NO_VMA_AFTER_REMOVAL, thread, 0, [], at);
  }

  /** The run is over: accounts of every address space that is at rest. */
  atRest(thread: number): void {
    const { e } = this;
    const w = e.w;
    // A run that ends for want of records has lost the page that had none.
    if (e.zones !== null && w.run[1] !== Reason.FRAMES && lostPages(e.zones, e) !== 0)
      this.violate(Invariant.ZONE_ACCOUNT, thread, 0);
    for (let mm = 0; mm < e.layout.mms; mm++) {
      let due = 0;
      let inFlight = 0;

      for (let t = 0; t < w.sizes.threads; t++) {
        if (w.threadMm[t] !== mm) continue;
        due += w.rssDue[t] as number;
        inFlight += (w.pagesInHand[t] as number) + (w.gatherPages[t] as number);
      }
      let counted = 0;
      const end = e.layout.tableBase[mm + 1] as number;
      for (let slot = e.layout.tableBase[mm] as number; slot < end; slot++)
        counted += w.tabCount[slot] as number;
      if ((w.mmRss[mm] as number) + due !== counted) this.violate(Invariant.RSS, thread, mm);
      const kept = (w.mmAllocated[mm] as number) - (w.mmFreed[mm] as number);
      if (kept !== counted + inFlight) this.violate(Invariant.PAGE_ACCOUNT, thread, mm);
      if (!this.busy(mm, NO_THREAD)) this.pagesHaveVmas(thread, mm, 0, e.layout.endPage[mm] as number);
    }
  }

  /** Another thread than `except` may have mappings of the mm in its hands that are in no tree. */
  private busy(mm: number, except: number): boolean {
    const w = this.e.w;
    for (let t = 0; t < w.sizes.threads; t++) {
      if (t === except || w.threadMm[t] !== mm) continue;
      if (w.syscall[t] !== 0 || w.heldCount[t] !== 0) return true;
    }
    return false;
  }

  private pagesHaveVmas(thread: number, mm: number, from: number, to: number): void {
    const { e } = this;
    const w = e.w;
    const base = e.layout.tableBase[mm] as number;
    for (let t = (from / TABLE_PAGES) | 0; t * TABLE_PAGES < to; t++) {
      const slot = base + t;
      if (slot >= (e.layout.tableBase[mm + 1] as number)) return;
      if (w.tabCount[slot] === 0) continue;
      const first = t * TABLE_PAGES;
      if (!this.byPage) {
        if (!e.vmas.overlaps(mm, first, first + TABLE_PAGES)) {
          this.pageOutside(thread, mm, first);
          return;
        }
        continue;
      }
      for (let bit = 0; bit < TABLE_PAGES; bit++) {
        const present = ((w.tabBits[slot * 16 + (bit >>> 5)] as number) >>> (bit & 31)) & 1;
        if (present === 1 && !e.vmas.overlaps(mm, first + bit, first + bit + 1)) {
          this.pageOutside(thread, mm, first + bit);
        }
      }
    }
  }

  private pageOutside(thread: number, mm: number, page: number): void {
    const begun = this.e.w.lastUnmapEvent[mm] as number;
    this.violate(Invariant.NO_PAGE_OUTSIDE_VMA, thread, page, [begun], -1, mm);
  }

  /** True when a mapping made after the thread's munmap began covers the page. */
  private mappedSince(thread: number, mm: number, page: number): boolean {
    const slot = this.e.vmas.covering(mm, page);
    return slot >= 0 && (this.e.w.vmaBirth[slot] as number) > (this.e.w.syscallBirth[thread] as number);
  }

  private mark(slot: number, bit: number, set: number, clear: number): void {
    const at = slot * TABLE_PAGES + bit;
    const marks = this.e.w.tabMark;
    marks[at] = ((marks[at] as number) & ~clear) | set;
  }

  private eachPage(
    mm: number,
    from: number,
    to: number,
    visit: (slot: number, bit: number, page: number) => void,
  ): void {
    const base = this.e.layout.tableBase[mm] as number;
    const limit = this.e.layout.endPage[mm] as number;
    const end = to < limit ? to : limit;
    for (let page = from; page < end; page++)
      visit(base + ((page / TABLE_PAGES) | 0), page % TABLE_PAGES, page);
  }
}
