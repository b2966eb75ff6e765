import { Class, Kind, objectId, TABLE_PAGES } from '../../event/index.ts';
import { PAGEVEC_PAGES, type Zones } from '../alloc/zones.ts';
import type { Engine } from '../engine.ts';
import { tableId, tableSlot } from '../layout.ts';
import { roundHalfUp } from '../numbers.ts';
import { pageOf } from './entry.ts';
import { look, nothing, type Operation, reads, step, wait, writes } from './face.ts';
import { mmArg } from './vma.ts';

/** Zones of the run. A program with their words and another allocator is refused when it is built. */
function zonesOf(e: Engine): Zones {
  if (e.zones === null) throw new Error('a word of zones in a run without zones');
  return e.zones;
}

/** Node of the zone in a register, which holds it + 1. */
function nodeArg(e: Engine, at: number): number {
  return (e.w.regs[at] as number) - 1;
}

function least(a: number, b: number): number {
  return a < b ? a : b;
}

/** Nobody but this thread can touch its mm now. */
function isAlone(e: Engine, thread: number, mm: number): boolean {
  const w = e.w;
  return e.soleThread[mm] === thread && w.rwWriter[mm] === 0 && w.rwReaders[mm] === 0 && w.rwQueued[mm] === 0;
}

/**
 * How many faults from an address on nobody else could notice: within a table that is there, in a VMA, with pages in the
 * CPU's list and room in its pagevec. 0: the next one has to go the whole way.
 */
function faultsAlone(e: Engine, thread: number, at: number): number {
  const { w, layout } = e;
  const mm = mmArg(e, at);
  const page = pageOf(w.regs[at + 1] as number);
  const end = pageOf(w.regs[at + 2] as number);
  if (!isAlone(e, thread, mm)) return 0;
  const slot = tableSlot(layout, mm, page);
  const vma = e.vmas.covering(mm, page);
  if (slot < 0 || w.tabState[slot] === 0 || vma < 0 || (w.vmaFlags[vma] as number) > 3) return 0;
  let n = TABLE_PAGES - (page % TABLE_PAGES);
  n = least(n, end - page);
  n = least(n, (w.vmaEnd[vma] as number) - page);
  n = least(n, TABLE_PAGES - (w.tabCount[slot] as number));
  const zones = e.zones;
  if (zones !== null) {
    const node = zones.preferred(thread);
    if (node < 0) return 0;
    const stock = zones.lists.count(zones.listOf(thread, node));
    const room = PAGEVEC_PAGES - zones.pagevec(thread, node);
    n = least(least(n, stock), room);
  }
  if (!w.sizes.pages) return n;
  let k = 0;
  const table = tableId(layout, mm, slot);
  while (k < n && e.tables.isEmpty(table, page + k)) k++;
  return k;
}

/** ns of one fault that waits for nobody, but for the zeroing of its page. */
function faultCost(e: Engine): number {
  const { entry, line, costs } = e.machine;
  const named = ['fault_checks', 'find_vma', 'fault_path', 'alloc_page', 'charge_page', 'set_pte'];
  const prices = named.reduce((sum, name) => sum + (costs[name]?.value ?? 0), 0);
  // Trylock, page-table lock, and the exchange that gives the first back.
  return entry.fault.value + entry.access.value + prices + 3 * line.local.value;
}

/** The engine that asked last, and what a fault costs there. */
let costed: { readonly e: Engine; readonly ns: number } | null = null;

/** Words of zones, per-CPU lists and LRU (kernel/alloc/zone.kp), which need the allocator `zone`. */
export const zoneOps: readonly Operation[] = [
  look('zone_lock', nothing, (e, _thread, at) => zonesOf(e).zoneLock(nodeArg(e, at))),
  look('zone_lru_lock', nothing, (e, _thread, at) => zonesOf(e).lruLock(nodeArg(e, at))),
  look('preferred_zone', reads('alloc'), (e, thread) => zonesOf(e).preferred(thread) + 1),
  look('pcp_count', nothing, (e, thread, at) => {
    const zones = zonesOf(e);
    return zones.lists.count(zones.listOf(thread, nodeArg(e, at)));
  }),
  step('rmqueue_bulk', writes('0'), (e, thread, at) => {
    const zones = zonesOf(e);
    const node = nodeArg(e, at);
    const { regs } = e.w;
    const high = regs[at + 1] as number;
    const batch = regs[at + 2] as number;
    const mode = regs[at + 3] as number;
    const n = zones.lists.refill(zones.listOf(thread, node), high, batch, mode);
    return zones.refill(thread, node, n, regs[at + 4] === 1);
  }),
  wait('prep_new_pages', (e, thread, _at, cpu) => {
    e.end = e.cpus.endOf(cpu, zonesOf(e).behind(thread));
  }),
  step('pagevec_add', nothing, (e, thread, at) => {
    const zones = zonesOf(e);
    const node = zones.buddy.nodeOf((e.w.regs[at] as number) - 1);
    zones.addToPagevec(thread, node, 1);
    return zones.pagevec(thread, node) >= PAGEVEC_PAGES ? node + 1 : 0;
  }),
  look('pagevec_zone', nothing, (e, thread, at) => {
    const zones = zonesOf(e);
    const least = e.w.regs[at] as number;
    for (let node = 0; node < zones.nodes; node++) if (zones.pagevec(thread, node) >= least) return node + 1;
    return 0;
  }),
  step('__pagevec_lru_add', writes('0.lru'), (e, thread, at) => {
    zonesOf(e).lruAdd(thread, nodeArg(e, at));
    return 0;
  }),
  step('release_batch', nothing, (e, thread) => zonesOf(e).release.begin(thread)),
  look('release_zone', nothing, (e, thread) => zonesOf(e).release.node(thread) + 1),
  step('del_pages_from_lru', writes('alloc'), (e, thread) => zonesOf(e).lruDel(thread)),
  step('free_unref_page_list', writes('alloc'), (e, thread, at) => {
    const { regs } = e.w;
    const high = regs[at + 1] as number;
    const batch = regs[at + 2] as number;
    const mode = regs[at + 3] as number;
    return zonesOf(e).release.toLists(thread, high, batch, mode) + 1;
  }),
  step('pcp_drain_count', nothing, (e, thread, at) => {
    const zones = zonesOf(e);
    const { regs } = e.w;
    const list = zones.listOf(thread, nodeArg(e, at));
    const high = regs[at + 1] as number;
    const batch = regs[at + 2] as number;
    const mode = regs[at + 3] as number;
    return zones.lists.drain(list, high, batch, mode);
  }),
  step('pick_pages', nothing, (e, thread, at) => {
    zonesOf(e).pick(thread, e.w.regs[at + 1] as number);
    return 0;
  }),
  step('free_pcppages_bulk', writes('0'), (e, thread, at) => {
    const { regs } = e.w;
    const how = { prefetched: regs[at + 3] === 1, merge: regs[at + 4] === 1 };
    zonesOf(e).drain(thread, nodeArg(e, at), regs[at + 1] as number, regs[at + 2] === 1, how);
    return 0;
  }),
];

/** Words of faults that are one record with a count (kernel/user/run.kp), whatever the allocator. */
export const faultRunOps: readonly Operation[] = [
  step('faults_enter', nothing, (e, thread) => {
    e.w.inKernel[thread] = 1;
    e.setState(thread, 1);
    e.emitState(thread, objectId(Class.MM, e.w.threadMm[thread] as number));
    return 0;
  }),
  step('faults_exit', nothing, (e, thread) => {
    const w = e.w;
    e.watch.leavesKernel(thread);
    w.inKernel[thread] = 0;
    e.setState(thread, 0);
    const mm = w.threadMm[thread] as number;
    e.emit(Kind.RSS, thread, objectId(Class.MM, mm), (w.mmRss[mm] as number) >>> 0, 0);
    if (w.killed[thread] === 1) e.yields = true;
    return 0;
  }),
  step(
    'fault_run',
    writes('0'),
    (e, thread, at) => {
      const w = e.w;
      const planned = w.faultRun[thread] as number;
      // Another thread of this CPU may have taken pages meanwhile.
      const possible = faultsAlone(e, thread, at);
      const n = planned < possible ? planned : possible;
      w.faultRun[thread] = 0;
      if (n === 0) return 0;
      const mm = mmArg(e, at);
      const page = pageOf(w.regs[at + 1] as number);
      const slot = tableSlot(e.layout, mm, page);
      const table = tableId(e.layout, mm, slot);
      e.tables.installAll(table, page, n);
      e.alloc.fill(thread, slot, n);
      w.mmRss[mm] = (w.mmRss[mm] as number) + n;
      w.lastTouch[thread] = page + n;
      e.emit(Kind.FAULT_RUN, thread, table, n, w.state[thread] as number);
      return n;
    },
    (e, thread, at, cpu) => {
      const { w, machine, now } = e;
      const n = faultsAlone(e, thread, at);
      w.faultRun[thread] = n;
      if (costed?.e !== e) costed = { e, ns: faultCost(e) };
      const own = e.cpus.endOf(cpu, n * (costed.ns + machine.memory.clearPage.value));
      const socket = e.cpus.socketOf(cpu);
      const busy = w.memBusy[socket] as number;
      const served = roundHalfUp((busy > now ? busy : now) + n * machine.memory.pageTransfer.value);
      w.memBusy[socket] = served;
      e.end = served > own ? served : own;
    },
  ),
];
