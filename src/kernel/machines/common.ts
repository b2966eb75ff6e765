import { assumed, derived, type IdleState, type Machine, type Sourced, sourced } from '../machine.ts';

/**
 * Numbers that no source gives for one machine in particular. Each machine starts from these and overrides what is
 * known of it. "facts" are the project's fact sheets (docs in the README): section numbers follow them.
 */

/** Idle states by depth, as a table of the kernel has them. */
export function idleStates(
  table: string,
  states: readonly (readonly [name: string, exitUs: number, residencyUs: number])[],
): readonly IdleState[] {
  const source = `drivers/idle/intel_idle.c, ${table}`;
  return states.map(([name, exitUs, residencyUs]) => ({
    name,
    exit: sourced(exitUs * 1_000, source),
    residency: sourced(residencyUs * 1_000, source),
  }));
}

/** Idle states of Sandy Bridge servers. */
export const sandyBridgeIdle = idleStates('snb_cstates', [
  ['C1', 2, 2],
  ['C1E', 10, 20],
  ['C3', 80, 211],
  ['C6', 104, 345],
]);

export const commonSched: Machine['sched'] = {
  grace: assumed(10_000_000, 'RCU grace period 2-20 ms, recalled (facts locks 11.2)'),
  wakeCost: assumed(1_000, 'try_to_wake_up and IPI 0.5-2 us each, recalled (facts locks 11.2)'),
  wakeLatency: assumed(3_000, 'bare metal, shallow idle 2-5 us, recalled (facts locks 11.2)'),
  idle: sandyBridgeIdle,
  contextSwitch: assumed(
    1_070,
    'measured with a pipe system call pair in it, which nothing parts from the switch, and on another machine: i7-11th gen, Linux 6.6, ddumbying.vercel.app/experiments/ctx-switch-overhead (facts locks 11.2)',
  ),
  slice: assumed(
    3_000_000,
    'sched_min_granularity of 0.75 ms times four on eight CPUs or more; not in the facts',
  ),
  quiescent: sourced(
    100_000_000,
    'HZ/10, the least of jiffies_to_sched_qs on small machines (kernel/rcu/tree.c, adjust_jiffies_till_sched_qs)',
  ),
  tick: sourced(4_000_000, 'timer tick at HZ=250 (facts locks 11.2)'),
};

export const commonTlb: Machine['tlb'] = {
  flush: assumed(1_000, 'initiator, recalled (facts faults 12.2)'),
  ipiSocket: assumed(200, '150-250 ns per remote CPU of the socket, recalled (facts faults 12.2)'),
  ipiCross: assumed(400, 'twice that across sockets, recalled (facts faults 12.2)'),
  receive: assumed(750, '500-1000 ns stolen from the receiver, recalled (facts faults 12.2)'),
};

export const commonMemory: Machine['memory'] = {
  clearPage: assumed(150, '100-200 ns at 20-40 GB/s, recalled (facts zone 3.3)'),
  pageTransfer: derived(100, '4096 B at 40 GB/s per socket (upper end of facts zone 3.3)'),
};

export const commonEntry: Machine['entry'] = {
  syscall: assumed(100, 'no figure in the facts; of the order of the exception without its slow part'),
  fault: sourced(
    390,
    '715 cycles exception + 330 iret on Haswell (Torvalds, 30 Apr 2014; facts faults 12.1) at 2.7 GHz',
  ),
  access: assumed(5, 'a cached access; the TLB miss after a fault is part of the fault'),
};

/** A hard disk. An SSD takes 150 us for the same (SATA), or 50 us (NVMe): facts faults 12.1, excerpts. */
export const commonDisk: Machine['disk'] = {
  read: derived(18_000_000, '55 random reads per second of a loaded hard disk (facts faults 1e, 12.1)'),
};

/** SMT: the facts only say that think time per fault roughly doubles at full SMT load, cold lines included. */
export const commonSmt = assumed(
  1.6,
  'two siblings together do about 1.25 times the work of one; not in the facts',
);

/** Single-thread anonymous fault with 4 KiB pages on two-socket Intel servers: 1,600-1,800 ns (facts faults 12.1). */
const FAULT: Sourced = derived(1_700, '1,700 ns of a whole fault (facts faults 12.1)');

/**
 * What is left of a whole fault of one thread when the parts that the model knows by name are taken away: entry code, the
 * walk of the upper levels, accounting. As sure as the whole.
 */
export function faultPath(
  line: Machine['line'],
  costs: Machine['costs'],
  entry: Machine['entry'],
  memory: Machine['memory'] = commonMemory,
  whole: Sourced = FAULT,
): Sourced {
  const named = ['fault_checks', 'find_vma', 'alloc_page', 'charge_page', 'set_pte'].map(
    (name) => costs[name]?.value ?? 0,
  );
  // Locked operations at home: trylock, page-table lock, unlock.
  const parts = [
    ...named,
    3 * line.local.value,
    entry.fault.value,
    entry.access.value,
    memory.clearPage.value,
  ];
  const rest = whole.value - parts.reduce((a, b) => a + b, 0);
  return { value: rest, mark: whole.mark, source: `${whole.source} less its named parts` };
}

export const commonCosts: Machine['costs'] = {
  find_vma: assumed(30, 'warm lookup, recalled (facts faults 12.2)'),
  copy_vma: assumed(15, 'about 200 bytes, 10-20 ns, recalled (facts faults 12.2)'),
  split_vma: assumed(1_500, 'VMA work is of the order of microseconds per call (facts munmap 10.1)'),
  link_vma: assumed(
    800,
    'mmap + munmap of an untouched page 1.5-3 us bare metal, recalled (facts locks 11.2)',
  ),
  detach_vma: assumed(300, 'part of the same 1.5-3 us (facts locks 11.2)'),
  remove_vma: assumed(400, 'part of the same 1.5-3 us (facts locks 11.2)'),
  unmapped_area: assumed(150, 'part of the same 1.5-3 us (facts locks 11.2)'),
  free_table: assumed(500, '0.5-2 ns per page of 512, 256-1,000 ns per table (facts munmap 10.4)'),
  alloc_table: assumed(500, '400-600 ns once per 512 faults, recalled (facts faults 12.2)'),
  alloc_page: assumed(60, 'per-CPU list, recalled (facts faults 12.2)'),
  charge_page: assumed(225, 'memcg, rmap and LRU batched 150-300 ns, recalled (facts faults 12.2)'),
  fault_checks: assumed(
    50,
    'do_user_addr_fault up to the trylock of mmap_sem: flags, interrupts on, perf events; no figure in the facts',
  ),
  set_pte: assumed(10, 'one store and its bookkeeping'),
  lru_drain: assumed(200, 'a pagevec or two of this CPU'),
  scan_mm: assumed(20_000, '4,096 page entries a pass, the default of pages_to_scan, at 5 ns each'),
  read_cmdline: assumed(500, 'copy of a few hundred bytes with its page walk'),
  range_node: assumed(
    45,
    'a line that another CPU wrote: nodes lie on the stacks of their threads; 32-51 ns within a socket (facts locks 11.1), more across sockets, less where it was just seen',
  ),
  page_cache: assumed(100, 'a radix tree of a few levels, mostly warm; not in the facts'),
  gup_page: assumed(
    20,
    'an entry read twice and a locked increment of 5-10 ns, recalled (facts faults 12.1)',
  ),
};
