import { Class, Kind, objectId, TABLE_PAGES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { awaitAcks } from '../interrupts.ts';
import { tableSlot } from '../layout.ts';
import { roundHalfUp } from '../numbers.ts';
import { shootdown, shootdownCost } from '../shootdown.ts';
import { GATHER_PAGES } from '../tables.ts';
import { pageAfter, pageOf } from './entry.ts';
import { look, nothing, type Operation, reads, step, wait, writes } from './face.ts';
import { mmArg } from './vma.ts';

/** The range in registers `at` and `at + 1`, in pages. */
function fromPage(e: Engine, at: number): number {
  return pageOf(e.w.regs[at] as number);
}
function toPage(e: Engine, at: number): number {
  return pageAfter(e.w.regs[at + 1] as number);
}

/** End of zeroing a page: the CPU's own pace, or the socket's memory bandwidth when others zero pages too. */
function clearCost(e: Engine, _thread: number, _at: number, cpu: number): void {
  const { w, machine, now } = e;
  const socket = e.cpus.socketOf(cpu);
  const own = e.cpus.endOf(cpu, machine.memory.clearPage.value);
  const busy = w.memBusy[socket] as number;
  const served = roundHalfUp((busy > now ? busy : now) + machine.memory.pageTransfer.value);
  w.memBusy[socket] = served;
  e.end = served > own ? served : own;
}

/** The mmu_gather has pages, or tables were freed whose walk a CPU may still remember. */
function mustFlush(e: Engine, thread: number): boolean {
  return e.w.gatherPages[thread] !== 0 || e.w.gatherTables[thread] !== 0;
}

/** Words of pages, page tables and the mmu_gather. */
export const pageOps: readonly Operation[] = [
  step('pte_alloc', writes('0.tables'), (e, thread, at) => {
    const handle = e.w.regs[at + 1] as number;
    const vma = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (vma < 0) return 0;
    return e.tables.make(
      thread,
      mmArg(e, at),
      pageOf(e.w.regs[at + 2] as number),
      e.w.vmaBirth[vma] as number,
    );
  }),
  step('pte_none', reads('0'), (e, _thread, at) => {
    const page = pageOf(e.w.regs[at + 1] as number);
    const handle = e.w.regs[at] as number;
    return e.tables.isStale(handle) || e.tables.isEmpty(handle, page) ? 1 : 0;
  }),
  step('alloc_page', writes('alloc'), (e, thread, _at) => e.alloc.allocate(thread)),
  wait('clear_page', clearCost),
  step('free_page', writes('alloc'), (e, thread, at) => {
    const w = e.w;
    w.pagesInHand[thread] = (w.pagesInHand[thread] as number) - 1;
    e.alloc.freePage(thread, w.threadMm[thread] as number, w.regs[at] as number);
    return 0;
  }),
  step('set_pte', writes('0'), (e, thread, at) => {
    const w = e.w;
    const handle = w.regs[at] as number;
    const page = pageOf(w.regs[at + 1] as number);
    if (e.tables.isStale(handle)) {
      // The page is lost with what the entry overwrote.
      e.watch.tableGone(thread, handle);
      e.watch.pageLost(thread, e.tables.mmOf(handle), page);
      w.pagesInHand[thread] = (w.pagesInHand[thread] as number) - 1;
      w.rssDue[thread] = (w.rssDue[thread] as number) + 1;
      return 0;
    }
    if (!e.tables.install(handle, page)) e.watch.pageLost(thread, e.tables.mmOf(handle), page);
    e.alloc.mapped(e.tables.slotOf(handle), w.regs[at + 2] as number);
    e.watch.entrySet(thread, e.tables.mmOf(handle), page, w.regs[at + 3] as number);
    w.pagesInHand[thread] = (w.pagesInHand[thread] as number) - 1;
    w.rssDue[thread] = (w.rssDue[thread] as number) + 1;
    w.lastTouch[thread] = page + 1;
    e.emitChange(Kind.PAGES, thread, handle, 1, w.state[thread] as number);
    return 0;
  }),
  step('add_mm_counter', writes('0.rss'), (e, thread, at) => {
    const w = e.w;
    const mm = mmArg(e, at);
    const pages = w.regs[at + 1] as number;
    if (pages === 0) return 0;
    w.mmRss[mm] = (w.mmRss[mm] as number) + pages;
    w.rssDue[thread] = (w.rssDue[thread] as number) - pages;
    e.emit(
      Kind.RSS,
      thread,
      objectId(Class.MM, mm),
      (w.mmRss[mm] as number) >>> 0,
      w.state[thread] as number,
    );
    return 0;
  }),
  step('tlb_gather_mmu', nothing, (e, thread) => {
    e.w.gatherTables[thread] = 0;
    return 0;
  }),
  step('zap_pte_range', writes('1', '1.pages'), (e, thread, at) => {
    const w = e.w;
    const handle = w.regs[at + 1] as number;
    const room = GATHER_PAGES - (w.gatherPages[thread] as number);
    const birth = w.tabMapping[e.tables.slotOf(handle)] as number;
    const n = e.tables.clear(handle, fromPage(e, at + 2), toPage(e, at + 2), room);
    if (n === 0) return 0;
    w.gatherPages[thread] = (w.gatherPages[thread] as number) + n;
    e.alloc.unmapped(thread, e.tables.slotOf(handle), n);
    w.rssDue[thread] = (w.rssDue[thread] as number) - n;
    e.emitChange(Kind.PAGES, thread, handle, -n >>> 0, w.state[thread] as number);
    e.watch.removes(thread, birth, (handle & 0xfffff) * TABLE_PAGES, -1);
    return n;
  }),
  step(
    'tlb_flush_mmu_tlbonly',
    writes('tlb'),
    (e, thread, _at) => {
      const w = e.w;
      if (!mustFlush(e, thread)) return 0;
      w.gatherTables[thread] = 0;
      const mm = w.threadMm[thread] as number;
      const hit = shootdown(e, mm, w.threadCpu[thread] as number);
      e.emit(Kind.TLB_FLUSH, thread, objectId(Class.MM, mm), hit, w.state[thread] as number);
      if (!awaitAcks(e, thread, mm)) e.tables.flushed(thread);
      return 0;
    },
    (e, thread, _at, cpu) => {
      const cost = mustFlush(e, thread) ? shootdownCost(e, e.w.threadMm[thread] as number, cpu) : 0;
      e.end = e.cpus.endOf(cpu, cost);
    },
  ),
  step('tlb_flush_mmu_free', writes('alloc'), (e, thread, _at) => {
    const w = e.w;
    const n = w.gatherPages[thread] as number;
    if (n === 0) return 0;
    w.gatherPages[thread] = 0;
    const mm = w.threadMm[thread] as number;
    e.alloc.free(thread, mm, n);
    e.emit(Kind.FREE_PAGES, thread, objectId(Class.MM, mm), n, w.state[thread] as number);
    return 0;
  }),
  look('gathered', nothing, (e, thread, _at) => e.w.gatherPages[thread] as number),
  step('free_pgtables', writes('0.tables'), (e, thread, at) => {
    const n = e.tables.free(thread, mmArg(e, at), fromPage(e, at + 1), toPage(e, at + 1));
    e.w.gatherTables[thread] = (e.w.gatherTables[thread] as number) + n;
    return 0;
  }),
  step('first_table', reads('0.tables'), (e, _thread, at) => {
    const from = fromPage(e, at + 1);
    return e.tables.nextPopulated(mmArg(e, at), (from / TABLE_PAGES) | 0, from, toPage(e, at + 1));
  }),
  step('next_table', reads('0.tables'), (e, _thread, at) => {
    const after = ((e.w.regs[at + 3] as number) & 0xfffff) + 1;
    return e.tables.nextPopulated(mmArg(e, at), after, fromPage(e, at + 1), toPage(e, at + 1));
  }),
  look(
    'present',
    reads('0'),
    (e, _thread, at) => e.w.tabCount[e.tables.slotOf(e.w.regs[at] as number)] as number,
  ),
  look('zappable', reads('1'), (e, thread, at) => {
    const have = e.tables.presentIn(e.w.regs[at + 1] as number, fromPage(e, at + 2), toPage(e, at + 2));
    const room = GATHER_PAGES - (e.w.gatherPages[thread] as number);
    return have < room ? have : room;
  }),
  look('lacks_table', reads('0.tables'), (e, _thread, at) => {
    const slot = tableSlot(e.layout, mmArg(e, at), pageOf(e.w.regs[at + 1] as number));
    return slot >= 0 && e.w.tabState[slot] === 0 ? 1 : 0;
  }),
  look('tables', reads('0.tables'), (e, _thread, at) =>
    e.tables.countIn(mmArg(e, at), fromPage(e, at + 1), toPage(e, at + 1)),
  ),
  look('zapped', reads('pages'), (e, thread, at) => {
    const mm = e.w.threadMm[thread] as number;
    const page = pageOf(e.w.regs[at] as number);
    const slot = tableSlot(e.layout, mm, page);
    if (slot < 0 || e.w.tabState[slot] === 0) return 1;
    if (!e.w.sizes.pages) return e.w.tabCount[slot] === 0 ? 1 : 0;
    const bit = page % TABLE_PAGES;
    return ((e.w.tabBits[slot * 16 + (bit >>> 5)] as number) & (1 << (bit & 31))) === 0 ? 1 : 0;
  }),
  look('present_in', reads('pages'), (e, thread, at) => {
    const mm = e.w.threadMm[thread] as number;
    return e.tables.presentPages(mm, fromPage(e, at), toPage(e, at));
  }),
];
