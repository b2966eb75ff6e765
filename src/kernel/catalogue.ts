import { faultSchemes, RWSEMS } from './fault-schemes.ts';
import { rangeLocks } from './range-locks.ts';

/**
 * The catalogue: one record per strategy and per lock or allocator model. Combinations are judged from `provides`,
 * `requires` and `conflicts` alone. One more strategy: a `.kp` file and a record here.
 */
export const strategyKinds = ['munmap', 'fault', 'mmapLock', 'mutex', 'spinlock', 'alloc'] as const;
export type StrategyKind = (typeof strategyKinds)[number];

export interface CatalogueRecord {
  readonly id: string;
  readonly kind: StrategyKind;
  readonly title: string;
  readonly author: string;
  /**
   * Day, month or year of the posting or commit, as precisely as the fact sheets have it; where they only name a kernel,
   * the year of its release.
   */
  readonly date: string;
  readonly source: string;
  /** Kernels that had it, in words. */
  readonly kernels: string;
  readonly outcome: string;
  /** What it cures and what it breaks, in one sentence each. */
  readonly fixes: string;
  readonly breaks: string;
  readonly knobs: readonly string[];
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  readonly conflicts: readonly string[];
  /** Path file below src/kernel, '' for a model that the engine holds. */
  readonly file: string;
  /** Files that it builds on: each replaces what it has in common with those before it, and its own file comes last. */
  readonly on?: readonly string[];
  /** Lock generation that it runs with by itself (munmap and fault strategies), and all that its kernels had, where there was another. */
  readonly mmapLock?: string;
  readonly kernelLocks?: readonly string[];
  /** Where the process-wide lock is none: the generation of all other rwsems. */
  readonly rwsem?: string;
  /** What its kernels called the process-wide lock. */
  readonly lockLabel?: 'mmap_sem' | 'mmap_lock';
  /** Scenarios of the gallery that choose it, end well, and show what it fixes. */
  readonly win?: readonly string[];
  /**
   * Scenarios of the gallery that choose it and show what it breaks: they end in a violation or a deadlock, which they
   * expect; or they end well, but slowly, and set it themselves.
   */
  readonly risk?: readonly string[];
}

const LORE = 'https://lore.kernel.org/linux-mm/';

export const catalogue: readonly CatalogueRecord[] = [
  {
    id: 'baseline',
    kind: 'munmap',
    title: 'All under write (before 4.20)',
    author: 'Linux',
    date: '2017',
    source: 'mm/mmap.c of the 4.11 to 4.16 era; facts munmap, section 1',
    kernels: 'up to 4.19',
    outcome: 'replaced in 4.20',
    fixes: 'nothing races with it: it excludes everybody',
    breaks: 'holds mmap_sem for writing as long as the whole zap takes: 18 s for 320 GB',
    knobs: [],
    provides: ['munmap'],
    requires: [],
    conflicts: [],
    file: 'munmap/baseline.kp',
    mmapLock: 'rwsem-3.16',
    kernelLocks: RWSEMS.slice(0, 3),
    lockLabel: 'mmap_sem',
  },
  {
    id: 'chunked',
    kind: 'munmap',
    title: '1 GiB sections (v1)',
    author: 'Yang Shi',
    date: '2018-03-20',
    source: `${LORE}1521581486-99134-1-git-send-email-yang.shi@linux.alibaba.com/`,
    kernels: 'never merged',
    outcome: 'rejected: munmap is no longer atomic; reviewers wanted two phases',
    fixes: 'bounds one hold to a section, about 56 ms, where the lock is really dropped',
    breaks:
      'others may change the address space between two sections; the rest of the munmap then hits new mappings',
    knobs: ['ALWAYS_DROP'],
    provides: ['munmap', 'chunked-munmap'],
    requires: [],
    conflicts: [],
    file: 'munmap/chunked.kp',
    mmapLock: 'rwsem-3.16',
    lockLabel: 'mmap_sem',
    win: ['chunk-neighbour'],
    risk: ['chunk-hole'],
  },
  {
    id: 'vm-dead',
    kind: 'munmap',
    title: 'VM_DEAD, zap under read (RFC v3)',
    author: 'Yang Shi',
    date: '2018-06-29',
    source:
      '[RFC v3 PATCH 0/5] mm: zap pages with read mmap_sem in munmap for large mapping, linux-mm, 29 Jun 2018, patches 4/5 ' +
      'and 5/5; scheme by Peter Zijlstra, VM_DEAD by Michal Hocko (https://lkml.iu.edu/hypermail/linux/kernel/1806.2/06333.html)',
    kernels: 'never merged',
    outcome: 'rejected: two gaps in the lock, a mark that other paths do not test',
    fixes: 'faults elsewhere run while the range is zapped',
    breaks: 'as posted the early path never ran, and the mark was not tested on the ordinary fault path',
    knobs: ['CHECK_DEAD', 'CHECK_BELOW_STACK', 'X86_ONLY', 'UF_ALWAYS_SET', 'CARRY_POINTERS'],
    provides: ['munmap', 'vm-dead-munmap'],
    requires: ['vm-dead-check'],
    conflicts: [],
    file: 'munmap/vm-dead.kp',
    mmapLock: 'rwsem-3.16',
    lockLabel: 'mmap_sem',
    risk: ['vm-dead-race'],
  },
  {
    id: 'downgrade',
    kind: 'munmap',
    title: 'Detach, downgrade, zap under read (4.20)',
    author: 'Yang Shi',
    date: '2018-09-19',
    source: `commit dd2283f2605e; v11: ${LORE}1537376621-51150-2-git-send-email-yang.shi@linux.alibaba.com/`,
    kernels: '4.20 and later',
    outcome: 'merged in 4.20',
    fixes: 'holds mmap_sem for writing for microseconds; faults run during the zap',
    breaks: 'a thread that wants to write still waits for the whole zap, and every later reader behind it',
    knobs: [],
    provides: ['munmap'],
    requires: [],
    conflicts: [],
    file: 'munmap/downgrade.kp',
    mmapLock: 'rwsem-3.16',
    kernelLocks: RWSEMS.slice(2),
    lockLabel: 'mmap_sem',
    win: ['munmap-320g'],
  },
  {
    id: 'mmap-sem',
    kind: 'fault',
    title: 'Fault under mmap_sem for reading',
    author: 'Linux',
    date: '2010-01',
    source:
      'arch/x86/mm/fault.c, mm/memory.c; facts faults, section 1 (dated by the first RFC to do without the lock)',
    kernels: 'up to 6.3, of files up to 2.6.36; later the fallback',
    outcome: 'per-VMA locks went before it in 6.4',
    fixes: 'VMA, its bounds and the page tables stay as they are during the fault',
    breaks:
      'every fault waits for every writer of the address space, wherever it works, and every writer for its disk reads',
    knobs: [
      'CHECK_DEAD',
      'CHECK_BELOW_STACK',
      'X86_ONLY',
      'CHECK_PTE_NONE',
      'CHECK_PTE_SAME',
      'FLUSH_UNDER_PTL',
    ],
    provides: ['fault', 'vm-dead-check'],
    requires: [],
    conflicts: [],
    file: 'fault/mmap-sem.kp',
    mmapLock: 'rwsem-3.16',
    kernelLocks: RWSEMS,
    lockLabel: 'mmap_sem',
  },
  ...faultSchemes,
  {
    id: 'rwsem-3.8',
    kind: 'mmapLock',
    title: 'First come, first served rwsem',
    author: 'David Howells; Michel Lespinasse',
    date: '2010-08',
    source: 'lib/rwsem.c at 424acaaeb3a3; facts locks, section 4a',
    kernels: 'up to 3.8',
    outcome: 'replaced in 3.9: a lock that sleepers own stands idle while they wake up',
    fixes: 'nobody is passed, nobody starves',
    breaks:
      'every hand-over to a sleeper costs a whole wake-up; writers alone run at half the speed of a mutex',
    knobs: [],
    provides: ['mmapLock'],
    requires: [],
    conflicts: [],
    file: '',
  },
  {
    id: 'rwsem-3.10',
    kind: 'mmapLock',
    title: 'rwsem with lock stealing',
    author: 'Alex Shi, Yuanhan Liu, Michel Lespinasse',
    date: '2013-02',
    source: 'commits ce6711f3d196 and fe6e674c6187; facts locks, section 4b',
    kernels: '3.9 to 3.15',
    outcome: 'spinning came in 3.16',
    fixes: 'a running writer takes a free lock at once, past those who sleep',
    breaks: 'sleepers, readers among them, may starve',
    knobs: [],
    provides: ['mmapLock'],
    requires: [],
    conflicts: [],
    file: '',
  },
  {
    id: 'rwsem-3.16',
    kind: 'mmapLock',
    title: 'rwsem with writer spinning, form of 4.8 to 5.2',
    author: 'Davidlohr Bueso, Tim Chen; Waiman Long',
    date: '2014',
    source: 'commit 4fc828e24cd9 and its follow-ups; facts locks, section 4c',
    kernels: '3.16 to 5.2',
    outcome: 'rewritten in 5.3',
    fixes: 'writers spin on a running writer instead of sleeping',
    breaks: 'a running writer takes the lock back from a woken one, without bound',
    knobs: [],
    provides: ['mmapLock'],
    requires: [],
    conflicts: [],
    file: '',
    win: ['writers-storm', 'fork-test'],
    risk: ['read-twice'],
  },
  {
    id: 'rwsem-5.3',
    kind: 'mmapLock',
    title: 'rwsem with hand-off, readers that spin',
    author: 'Waiman Long',
    date: '2019-06-17',
    source: 'lore 20190520205918.22251-1-longman@redhat.com; facts locks, section 4d',
    kernels: '5.3 to 5.10',
    outcome: 'reader spinning removed in 5.11',
    fixes: 'a first waiter that waited for 4 ms is handed the lock; all queued readers go together',
    breaks: 'spinning readers come in small groups between writers',
    knobs: [],
    provides: ['mmapLock'],
    requires: [],
    conflicts: [],
    file: '',
  },
  {
    id: 'rwsem-5.11',
    kind: 'mmapLock',
    title: 'rwsem with hand-off, readers that steal',
    author: 'Waiman Long',
    date: '2020-12',
    source: 'commits 2f06f702925b, 1a728dff855a and 617f3ef95177; facts locks, section 4e',
    kernels: '5.11 and later',
    outcome: 'in use',
    fixes: 'readers are in one group again, and still take the gap after a writer',
    breaks: 'who only spins is not protected by the hand-off',
    knobs: [],
    provides: ['mmapLock'],
    requires: [],
    conflicts: [],
    file: '',
  },
  ...rangeLocks,
  {
    id: 'mutex-osq',
    kind: 'mutex',
    title: 'Mutex with optimistic spinning and hand-off',
    author: 'Peter Zijlstra, Waiman Long',
    date: '2017',
    source:
      'kernel/locking/mutex.c, osq_lock.c; spinning by commit 0d66bf6d3514, hand-off by 9d659ae14b54 in 4.10; facts locks, section 3',
    kernels: '4.10 and later',
    outcome: 'in use',
    fixes: 'spins while the owner runs; a sleeper loses at most one round after its first wake-up',
    breaks: 'who spins passes all who sleep',
    knobs: [],
    provides: ['mutex'],
    requires: [],
    conflicts: [],
    file: '',
    win: ['mutex-storm'],
  },
  {
    id: 'qspinlock',
    kind: 'spinlock',
    title: 'Queued spinlock',
    author: 'Waiman Long',
    date: '2015',
    source: 'commit a33fda35e3a7; facts locks, section 2',
    kernels: '4.2 and later (x86)',
    outcome: 'in use',
    fixes: 'a hand-over costs the same however many wait',
    breaks: 'strict order: if the next in line has lost its virtual CPU, all wait',
    knobs: [],
    provides: ['spinlock'],
    requires: [],
    conflicts: [],
    file: '',
    win: ['hand-over'],
  },
  {
    id: 'ticket',
    kind: 'spinlock',
    title: 'Ticket spinlock',
    author: 'Nick Piggin',
    date: '2008-01',
    source: 'commit 314cdbefd1fd; facts locks, section 1',
    kernels: '2.6.25 to 4.1 (x86)',
    outcome: 'replaced by the queued spinlock',
    fixes: 'nobody is passed over, as some were a million times before',
    breaks: 'a hand-over takes longer the more wait, and strict order suffers on virtual CPUs',
    knobs: [],
    provides: ['spinlock'],
    requires: [],
    conflicts: [],
    file: '',
  },
  {
    id: 'test-and-set',
    kind: 'spinlock',
    title: 'Test-and-set, as in guests without paravirtual locks',
    author: 'Linux',
    date: '2015',
    source: 'virt_spin_lock in arch/x86/include/asm/qspinlock.h; facts locks, section 2.2',
    kernels: 'guests',
    outcome: 'in use',
    fixes: 'whoever runs takes the lock, so that the order never waits for a lost virtual CPU',
    breaks: 'unfair, and every release sends all waiters after one line',
    knobs: [],
    provides: ['spinlock'],
    requires: [],
    conflicts: [],
    file: '',
  },
  {
    id: 'simple',
    kind: 'alloc',
    title: 'Allocator with a price and no lock',
    author: 'mmscope',
    date: '2026-11-21',
    source: 'a page costs alloc_page and free_page of the machine; no zone, no lists',
    kernels: 'none',
    outcome: 'stands in where the allocator is not the question',
    fixes: 'nothing',
    breaks: 'no contention on the zone lock can show',
    knobs: [],
    provides: ['alloc'],
    requires: [],
    conflicts: [],
    file: '',
  },
  {
    id: 'zone',
    kind: 'alloc',
    title: 'Zones with per-CPU lists, buddy and LRU',
    author: 'Linux',
    date: '2018',
    source: 'mm/page_alloc.c and mm/swap.c of 4.16 to 4.19; facts zone, section 2',
    kernels: 'batch 31 up to 4.18, 63 from 4.19; later ways to find high as knobs',
    outcome: 'in the kernel, batch and high were changed in 4.19, 5.14 and 6.7',
    fixes: 'most pages come from a list of the CPU, without a lock',
    breaks: 'batches of all CPUs of a node meet at the zone lock, and their pages at the LRU lock',
    knobs: ['PICK_OUTSIDE', 'PREFETCH_BUDDY', 'NO_MERGE', 'CLUSTER_ALLOC', 'PCP_HIGH_5_14', 'PCP_HIGH_AUTO'],
    provides: ['alloc', 'zones'],
    requires: [],
    conflicts: [],
    file: 'alloc/zone.kp',
  },
];

/** Choices in force when neither the scenario nor an override says otherwise. */
export const defaults = {
  munmap: 'downgrade',
  fault: 'mmap-sem',
  mutex: 'mutex-osq',
  spinlock: 'qspinlock',
  alloc: 'simple',
  machine: 'e5-2680-2s',
  seed: '1',
  grain: 'table',
} as const;

/** Path files that every scenario has, whatever it chooses. */
export const sharedFiles = [
  'mm/hooks.kp',
  'mm/unmap.kp',
  'mmap/mmap.kp',
  'fs/proc.kp',
  'mm/khugepaged.kp',
  'mm/fork.kp',
  'mm/mprotect.kp',
  'mm/mremap.kp',
  'mm/partners.kp',
  'fault/write.kp',
  'user/touch.kp',
  'user/run.kp',
  'fs/filemap.kp',
  'mm/gup.kp',
] as const;

export function recordsOf(kind: StrategyKind): readonly CatalogueRecord[] {
  return catalogue.filter((r) => r.kind === kind);
}

export function recordOf(kind: StrategyKind, id: string): CatalogueRecord | undefined {
  return catalogue.find((r) => r.kind === kind && r.id === id);
}
