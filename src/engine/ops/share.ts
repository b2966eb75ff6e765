import { Class, Kind, objectId, TABLE_PAGES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { awaitAcks } from '../interrupts.ts';
import { tableId, tableSlot } from '../layout.ts';
import { roundHalfUp } from '../numbers.ts';
import { shootdown, shootdownCost } from '../shootdown.ts';
import { PteMark } from '../tables.ts';
import { pageAfter, pageOf } from './entry.ts';
import { type Operation, reads, step, wait, writes } from './face.ts';
import { mmArg } from './vma.ts';

/** Bits of what pte_read gives. */
const PTE_PRESENT = 1;
const PTE_WRITE = 2;
const PTE_SHARED = 4;
const VM_WRITE = 2;

/** What an entry is; at grain `table` every present page may be written and is nobody else's. */
function entry(e: Engine, handle: number, page: number): number {
  const { w } = e;
  if (e.tables.isStale(handle) || e.tables.isEmpty(handle, page)) return 0;
  if (!w.sizes.pages) return PTE_PRESENT | PTE_WRITE;
  const marks = w.tabMark[e.tables.slotOf(handle) * TABLE_PAGES + (page % TABLE_PAGES)] as number;
  return (
    PTE_PRESENT | (marks & PteMark.READ_ONLY ? 0 : PTE_WRITE) | (marks & PteMark.SHARED ? PTE_SHARED : 0)
  );
}

function setMarks(e: Engine, slot: number, bit: number, set: number, clear: number): void {
  if (!e.w.sizes.pages) return;
  const at = slot * TABLE_PAGES + bit;
  e.w.tabMark[at] = ((e.w.tabMark[at] as number) & ~clear) | set;
}

function isPresent(e: Engine, slot: number, bit: number): boolean {
  return (((e.w.tabBits[slot * 16 + (bit >>> 5)] as number) >>> (bit & 31)) & 1) === 1;
}

/** Calls for every present page of a table in the range of registers `at`, `at + 1`; grain `page`. How many. */
function eachPresent(
  e: Engine,
  handle: number,
  at: number,
  visit: (bit: number, page: number) => void,
): number {
  if (!e.w.sizes.pages) return 0;
  const first = (handle & 0xfffff) * TABLE_PAGES;
  const from = pageOf(e.w.regs[at] as number);
  const to = pageAfter(e.w.regs[at + 1] as number);
  const slot = e.tables.slotOf(handle);
  let n = 0;
  for (let bit = 0; bit < TABLE_PAGES; bit++) {
    if (first + bit < from || first + bit >= to || !isPresent(e, slot, bit)) continue;
    visit(bit, first + bit);
    n++;
  }
  return n;
}

function said(e: Engine, kind: number, thread: number, object: number, arg: number): void {
  e.emitChange(kind, thread, object, arg >>> 0, e.w.state[thread] as number);
}

/** One page leaves its entry; it must be there. */
function take(e: Engine, slot: number, bit: number, mm: number): void {
  const { w } = e;
  w.tabCount[slot] = (w.tabCount[slot] as number) - 1;
  w.mmPresent[mm] = (w.mmPresent[mm] as number) - 1;
  const at = slot * 16 + (bit >>> 5);
  w.tabBits[at] = (w.tabBits[at] as number) & ~(1 << (bit & 31));
}

/** Words of copy on write, fork, mprotect, mremap, huge pages and stacks that grow. */
export const shareOps: readonly Operation[] = [
  step(
    'access_write',
    reads('0'),
    (e, thread, at) => {
      const mm = e.w.threadMm[thread] as number;
      const page = pageOf(e.w.regs[at] as number);
      const slot = tableSlot(e.layout, mm, page);
      if (slot < 0 || e.w.tabState[slot] === 0) return 0;
      if ((entry(e, tableId(e.layout, mm, slot), page) & PTE_WRITE) === 0) return 0;
      e.watch.accessed(thread, mm, slot, page % TABLE_PAGES, page);
      e.watch.written(thread, slot, page % TABLE_PAGES, page);
      return 1;
    },
    (e, _thread, _at, cpu) => {
      e.end = e.cpus.endOf(cpu, e.machine.entry.access.value);
    },
  ),
  step('pte_read', reads('0'), (e, _thread, at) =>
    entry(e, e.w.regs[at] as number, pageOf(e.w.regs[at + 1] as number)),
  ),
  step('pte_mkwrite', writes('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    if (e.tables.isStale(handle)) {
      e.watch.tableGone(thread, handle);
      return 0;
    }
    const page = pageOf(e.w.regs[at + 1] as number);
    setMarks(e, e.tables.slotOf(handle), page % TABLE_PAGES, 0, PteMark.READ_ONLY);
    e.watch.entrySet(thread, e.tables.mmOf(handle), page, VM_WRITE);
    said(e, Kind.PROTECT, thread, handle, 1);
    return 0;
  }),
  step('mmu_notifier_register', writes('0'), (e, _thread, at) => {
    e.w.mmNotifiers[mmArg(e, at)] = 1;
    return 0;
  }),
  step('spte_map', writes('0'), (e, _thread, at) => {
    const mm = mmArg(e, at);
    const page = pageOf(e.w.regs[at + 1] as number);
    const slot = tableSlot(e.layout, mm, page);
    const there =
      slot >= 0 && e.w.tabState[slot] !== 0 && !e.tables.isEmpty(tableId(e.layout, mm, slot), page);
    e.w.mmSpte[mm] = there ? page + 1 : 0;
    e.w.mmSpteStale[mm] = 0;
    return 0;
  }),
  step('mmu_notifier_range_start', reads('0'), (e, _thread, at) => e.w.mmNotifiers[mmArg(e, at)] as number),
  step('mmu_notifier_range_end', writes('0'), (e, thread, at) => {
    const mm = mmArg(e, at);
    const stale = e.w.mmSpteStale[mm] === 1;
    if (e.w.regs[at + 1] !== 0) {
      e.w.mmSpte[mm] = 0;
      e.w.mmSpteStale[mm] = 0;
    } else if (stale) e.watch.secondaryStale(thread, (e.w.mmSpte[mm] as number) - 1);
    return 0;
  }),
  wait('copy_user_page', (e, _thread, _at, cpu) => {
    // Read and written: twice the traffic of zeroing.
    const { w, machine, now } = e;
    const socket = e.cpus.socketOf(cpu);
    const own = e.cpus.endOf(cpu, 2 * machine.memory.clearPage.value);
    const busy = w.memBusy[socket] as number;
    const served = roundHalfUp((busy > now ? busy : now) + 2 * machine.memory.pageTransfer.value);
    w.memBusy[socket] = served;
    e.end = served > own ? served : own;
  }),
  step('ptep_clear', writes('0'), (e, thread, at) => {
    const { w } = e;
    const handle = w.regs[at] as number;
    const page = pageOf(w.regs[at + 1] as number);
    if (!w.sizes.pages || entry(e, handle, page) === 0) return 0;
    const mm = e.tables.mmOf(handle);
    take(e, e.tables.slotOf(handle), page % TABLE_PAGES, mm);
    if (w.mmSpte[mm] === page + 1) w.mmSpteStale[mm] = 1;
    w.pagesInHand[thread] = (w.pagesInHand[thread] as number) + 1;
    w.rssDue[thread] = (w.rssDue[thread] as number) - 1;
    said(e, Kind.PAGES, thread, handle, -1);
    return 1;
  }),
  step(
    'flush_tlb_page',
    writes('tlb'),
    (e, thread, at) => {
      const mm = mmArg(e, at);
      const hit = shootdown(e, mm, e.w.threadCpu[thread] as number);
      said(e, Kind.TLB_FLUSH, thread, objectId(Class.MM, mm), hit);
      awaitAcks(e, thread, mm);
      return 0;
    },
    (e, _thread, at, cpu) => {
      e.end = e.cpus.endOf(cpu, shootdownCost(e, mmArg(e, at), cpu));
    },
  ),
  step('change_pte_range', writes('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    const slot = e.tables.slotOf(handle);
    // The right to write is taken away at once; it comes back with the next write fault.
    if (((e.w.regs[at + 3] as number) & VM_WRITE) !== 0) return 0;
    const n = eachPresent(e, handle, at + 1, (bit) => setMarks(e, slot, bit, PteMark.READ_ONLY, 0));
    if (n > 0) said(e, Kind.PROTECT, thread, handle, n);
    return n;
  }),
  step('dup_vma', writes('0.tree'), (e, thread, at) => {
    const { w } = e;
    const child = mmArg(e, at);
    const handle = w.regs[at + 1] as number;
    const from = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (from < 0) return 0;
    const start = w.vmaStart[from] as number;
    const end = w.vmaEnd[from] as number;
    if (end > (e.layout.endPage[child] as number) || e.vmas.overlaps(child, start, end)) return 0;
    const slot = e.vmas.link(
      thread,
      child,
      start,
      end,
      w.vmaFlags[from] as number,
      w.vmaArea[from] as number,
    );
    if (slot < 0) return 0;
    w.vmaAnon[slot] = w.vmaAnon[from] as number;
    return e.vmas.handle(child, slot);
  }),
  step('copy_pte_range', writes('0.tables', '2'), (e, thread, at) => {
    const { w } = e;
    const child = mmArg(e, at);
    const vma = w.regs[at + 1] as number;
    const handle = w.regs[at + 2] as number;
    const slot = e.tables.slotOf(handle);
    const into = vma === 0 ? -1 : e.vmas.slotOf(thread, vma);
    if (into < 0) return 0;
    let table = 0;
    const n = eachPresent(e, handle, at + 3, (bit, page) => {
      if (table === 0) table = e.tables.make(thread, child, page, w.vmaBirth[into] as number);
      if (table === 0) return;
      const copy = e.tables.slotOf(table);
      e.tables.install(table, page);
      setMarks(e, slot, bit, PteMark.READ_ONLY | PteMark.SHARED, 0);
      setMarks(e, copy, bit, PteMark.READ_ONLY | PteMark.SHARED, 0);
      e.watch.entrySet(thread, child, page, PTE_PRESENT);
    });
    if (n === 0 || table === 0) return 0;
    // Counted once for each mm that has it, as RSS does.
    w.mmAllocated[child] = (w.mmAllocated[child] as number) + n;
    w.clock[3] = (w.clock[3] as number) + n;
    w.mmRss[child] = (w.mmRss[child] as number) + n;
    said(e, Kind.PAGES, thread, table, n);
    said(e, Kind.PROTECT, thread, handle, n);
    said(e, Kind.RSS, thread, objectId(Class.MM, child), w.mmRss[child] as number);
    return n;
  }),
  step('move_ptes', writes('0.tables', '1'), (e, thread, at) => {
    const { w } = e;
    const mm = mmArg(e, at);
    const handle = w.regs[at + 1] as number;
    const slot = e.tables.slotOf(handle);
    const from = pageOf(w.regs[at + 2] as number);
    const to = pageOf(w.regs[at + 4] as number);
    let table = 0;
    const n = eachPresent(e, handle, at + 2, (bit, page) => {
      const target = to + page - from;
      const next = e.tables.make(thread, mm, target, w.tabMapping[slot] as number);
      if (next === 0) return;
      if (table !== 0 && table !== next) said(e, Kind.PAGES, thread, table, 0);
      table = next;
      const there = e.tables.slotOf(table);
      const marks = w.tabMark[slot * TABLE_PAGES + bit] as number;
      take(e, slot, bit, mm);
      if (!e.tables.install(table, target)) e.watch.pageLost(thread, mm, target);
      const kept = marks & (PteMark.READ_ONLY | PteMark.SHARED);
      setMarks(e, there, target % TABLE_PAGES, kept, PteMark.READ_ONLY | PteMark.SHARED);
      said(e, Kind.PAGES, thread, table, 1);
    });
    if (n > 0) said(e, Kind.PAGES, thread, handle, -n);
    return n;
  }),
  step('vma_adjust', writes('0.tree', '1'), (e, thread, at) => {
    const { w } = e;
    const handle = w.regs[at + 1] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (slot < 0) return 0;
    const mm = mmArg(e, at);
    const start = pageOf(w.regs[at + 2] as number);
    const end = pageAfter(w.regs[at + 3] as number);
    const before = w.vmaStart[slot] as number;
    if (end <= start || !e.vmas.fits(mm, slot, start, end)) return 0;
    w.vmaStart[slot] = start;
    w.vmaEnd[slot] = end;
    if (start !== before) e.vmas.report(Kind.VMA_LINK, thread, mm, slot, start);
    e.vmas.report(Kind.VMA_LENGTH, thread, mm, slot, end - start);
    return 0;
  }),
  step('pmdp_collapse_flush', writes('0.tables'), (e, thread, at) => {
    const { w } = e;
    const mm = mmArg(e, at);
    const slot = tableSlot(e.layout, mm, pageOf(w.regs[at + 1] as number));
    if (slot < 0 || w.tabState[slot] === 0) return 0;
    const n = w.tabCount[slot] as number;
    const id = tableId(e.layout, mm, slot);
    w.mmPresent[mm] = (w.mmPresent[mm] as number) - n;
    w.pagesInHand[thread] = (w.pagesInHand[thread] as number) + n;
    w.rssDue[thread] = (w.rssDue[thread] as number) - n;
    if (n > 0) said(e, Kind.PAGES, thread, id, -n);
    said(e, Kind.TABLE_FREE, thread, id, 0);
    e.tables.detach(thread, slot);
    return n;
  }),
  step('install_huge_pmd', writes('0.tables'), (e, thread, at) => {
    const { w } = e;
    const mm = mmArg(e, at);
    const vma = w.regs[at + 1] as number;
    const into = vma === 0 ? -1 : e.vmas.slotOf(thread, vma);
    const page = pageOf(w.regs[at + 2] as number);
    const n = w.regs[at + 3] as number;
    if (into < 0) return 0;
    const table = e.tables.make(thread, mm, page, w.vmaBirth[into] as number);
    if (table === 0) return 0;
    const first = page - (page % TABLE_PAGES);
    let added = 0;
    for (let k = 0; k < TABLE_PAGES; k++) if (e.tables.install(table, first + k)) added++;
    // One page of 2 MiB, counted as 512, takes the place of those that were copied into it.
    w.pagesInHand[thread] = (w.pagesInHand[thread] as number) - n;
    w.mmAllocated[mm] = (w.mmAllocated[mm] as number) + added - n;
    w.clock[3] = (w.clock[3] as number) + added - n;
    w.mmRss[mm] = (w.mmRss[mm] as number) + added - n;
    w.rssDue[thread] = (w.rssDue[thread] as number) + n;
    said(e, Kind.PAGES, thread, table, added);
    said(e, Kind.RSS, thread, objectId(Class.MM, mm), w.mmRss[mm] as number);
    return 0;
  }),
];
