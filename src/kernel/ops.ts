import type { OpSpec, Vocabulary } from '../language/vocabulary.ts';
import { FAULT_OPS, FAULT_TYPES, MM_FIELDS, VMA_FIELDS } from './fault-words.ts';
import { FILE_COSTS, FILE_ENTRIES, FILE_FLAG, FILE_OPS, VM_FILE } from './file-words.ts';
import { op, p } from './op-spec.ts';
import { RANGE_OPS } from './range-words.ts';
import { SHARE_OPS } from './share-words.ts';

/**
 * The vocabulary of the kernel: every word that a path, a user program or a scenario may use. What a word does to the
 * world, and what it costs, is written once in `engine/ops/`; a test proves that both lists match.
 */

const LOCK_OPS: readonly OpSpec[] = [
  op('step', 'down_read', 'sem:rwsem', 'void', 'Takes a rwsem for reading; sleeps while it cannot.', [
    'mmap_read_lock',
  ]),
  op('step', 'down_read_killable', 'sem:rwsem', 'int', 'Like down_read; -EINTR after a fatal signal.', [
    'mmap_read_lock_killable',
  ]),
  op(
    'step',
    'down_read_trylock',
    'sem:rwsem',
    'int',
    '1 if taken for reading at once, 0 if not; never waits.',
  ),
  op(
    'step',
    'up_read',
    'sem:rwsem',
    'void',
    'Gives back a read hold; the last reader wakes the head of the queue.',
  ),
  op('step', 'down_write', 'sem:rwsem', 'void', 'Takes a rwsem for writing: alone.'),
  op('step', 'down_write_killable', 'sem:rwsem', 'int', 'Like down_write; -EINTR after a fatal signal.'),
  op(
    'step',
    'down_write_trylock',
    'sem:rwsem',
    'int',
    '1 if taken for writing at once, 0 if not; never waits.',
  ),
  op('step', 'up_write', 'sem:rwsem', 'void', 'Gives back the write hold and wakes the head of the queue.'),
  op('step', 'downgrade_write', 'sem:rwsem', 'void', 'Turns a write hold into a read hold without a gap.'),
  op('step', 'rwsem_is_contended', 'sem:rwsem', 'int', '1 while somebody queues for the rwsem.'),
  op('step', 'mutex_lock', 'lock:mutex', 'void', 'Takes a mutex; spins while its owner runs, else sleeps.'),
  op('step', 'mutex_lock_killable', 'lock:mutex', 'int', 'Like mutex_lock; -EINTR after a fatal signal.'),
  op('step', 'mutex_trylock', 'lock:mutex', 'int', '1 if taken at once, 0 if not.'),
  op('step', 'mutex_unlock', 'lock:mutex', 'void', 'Gives back a mutex and wakes the head of its queue.'),
  op(
    'step',
    'spin_lock',
    'lock:spinlock',
    'void',
    'Takes a spinlock, spinning; preemption is off until spin_unlock.',
  ),
  op('step', 'spin_trylock', 'lock:spinlock', 'int', '1 if taken at once, 0 if not.'),
  op('step', 'spin_unlock', 'lock:spinlock', 'void', 'Gives back a spinlock.'),
  op(
    'pure',
    'mm_of',
    'process:int',
    'mm',
    'The address space of a process, numbered from 0 in the order of the scenario.',
  ),
  op('pure', 'mm_mmap_lock', 'mm:mm', 'rwsem', 'The process-wide rwsem of an mm.'),
  op('pure', 'pt_ptl', 'pt:table', 'spinlock', 'The lock of a page table.'),
];

const SCHED_OPS: readonly OpSpec[] = [
  op('step', 'cond_resched', '', 'void', 'Lets another thread run here if the scheduler asked for it.'),
  op('step', 'need_resched', '', 'int', '1 when the scheduler wants this CPU for another thread.'),
  op('step', 'sleep', 'ns:int', 'void', 'Sleeps for so many nanoseconds.', ['nanosleep', 'msleep']),
  op(
    'step',
    'alarm',
    'ns:int',
    'void',
    'A fatal signal comes to this thread so many nanoseconds from now (somebody presses Ctrl-C); 0 takes it back.',
  ),
  op('step', 'compute', 'ns:int', 'void', 'Works on private data for so many nanoseconds.'),
  op(
    'step',
    'random',
    'n:int',
    'int',
    'A whole number from 0 to n - 1; the k-th draw of a thread never changes.',
  ),
];

const ENTRY_OPS: readonly OpSpec[] = [
  op(
    'step',
    'syscall_enter',
    'name:name<syscall>, a:int, b:int',
    'void',
    'From user mode into a system call.',
  ),
  op('step', 'syscall_exit', 'name:name<syscall>, result:int', 'void', 'Back to user mode.'),
  op('step', 'fault_enter', 'name:name<syscall>, address:int', 'void', 'A page-fault exception begins.'),
  op('step', 'fault_exit', 'name:name<syscall>, result:int', 'void', 'Returns from a page fault.'),
  op(
    'step',
    'phase',
    'name:name<phase>',
    'void',
    'Names the part of the system call that begins here; costs nothing.',
  ),
  op('step', 'count', 'name:name<counter>', 'void', 'Adds one to a named counter; costs nothing.'),
  op(
    'step',
    'access',
    'address:int',
    'int',
    '1 if the page is mapped and the access succeeds, 0 for a page fault.',
  ),
];

const VMA_OPS: readonly OpSpec[] = [
  op('step', 'find_vma', 'mm:mm, address:int', 'vma', 'The first VMA that ends above an address, or NULL.'),
  op('step', 'vma_next', 'vma:vma', 'vma', 'The VMA after this one in the tree, or NULL.'),
  op('step', 'vma_start', 'vma:vma', 'int', 'First address of a VMA.'),
  op('step', 'vma_end', 'vma:vma', 'int', 'First address behind a VMA.'),
  op('step', 'vma_flags', 'vma:vma', 'int', 'Flags of a VMA.'),
  op('step', 'set_vma_flags', 'vma:vma, flags:int', 'void', 'Replaces the flags of a VMA.'),
  op(
    'step',
    'split_vma',
    'mm:mm, vma:vma, address:int',
    'int',
    'Cuts a VMA in two at an address; 0 or -ENOMEM.',
    ['__split_vma'],
  ),
  op(
    'step',
    'detach_vmas_to_be_unmapped',
    'mm:mm, vma:vma, end:int',
    'vma',
    'Takes this VMA and those after it that start below `end` out of the tree; returns the list.',
  ),
  op('step', 'remove_vma_list', 'mm:mm, vma:vma', 'void', 'Frees the VMA structures of a detached list.'),
  op(
    'step',
    'get_unmapped_area',
    'mm:mm, length:int',
    'int',
    'Address of the first gap that is long enough, holes left by munmap included, or -ENOMEM.',
  ),
  op(
    'step',
    'vma_link',
    'mm:mm, r:range',
    'vma',
    'Puts a new VMA into the tree; NULL if there is no room for it.',
  ),
];

const PAGE_OPS: readonly OpSpec[] = [
  op(
    'step',
    'pte_alloc',
    'mm:mm, vma:vma, address:int',
    'table',
    'The page table of an address, made if there is none.',
  ),
  op('step', 'pte_none', 'pt:table, address:int', 'int', '1 if the entry of an address is empty.'),
  op('step', 'alloc_page', '', 'page', 'A page from the allocator, or NULL.'),
  op(
    'step',
    'clear_page',
    'page:page',
    'void',
    'Zeroes a page; CPUs of a socket share its memory bandwidth.',
  ),
  op('step', 'free_page', 'page:page', 'void', 'Gives a page that was never mapped back to the allocator.'),
  op(
    'step',
    'set_pte',
    'pt:table, address:int, page:page, vm_flags:int?',
    'void',
    'Maps a page at an address: for writing too if the flags have VM_WRITE, or are left out.',
  ),
  op('step', 'add_mm_counter', 'mm:mm, pages:int', 'void', 'Changes the RSS counter of an mm.'),
  op('step', 'tlb_gather_mmu', 'tlb:tlb, mm:mm', 'void', 'Starts an mmu_gather.'),
  op(
    'step',
    'zap_pte_range',
    'tlb:tlb, pt:table, r:range',
    'int',
    'Clears entries of one table until the range ends or the mmu_gather is full; returns how many.',
  ),
  op('step', 'tlb_flush_mmu_tlbonly', 'tlb:tlb', 'void', 'TLB shootdown on every CPU that runs this mm.'),
  op('step', 'tlb_flush_mmu_free', 'tlb:tlb', 'void', 'Frees the pages that an mmu_gather holds.'),
  // The mmu_gather belongs to the thread: looking at it is no access to shared state.
  op('pure', 'gathered', 'tlb:tlb', 'int', 'Pages that the mmu_gather of this thread holds.'),
  op('step', 'free_pgtables', 'mm:mm, r:range', 'void', 'Frees the page tables that lie in a range.'),
  op(
    'step',
    'first_table',
    'mm:mm, r:range',
    'table',
    'The first page table of a range that has pages in it.',
  ),
  op('step', 'next_table', 'mm:mm, r:range, pt:table', 'table', 'The next such table of the range.'),
];

const PEEK_OPS: readonly OpSpec[] = [
  op('peek', 'present', 'pt:table', 'int', 'Pages present in a table.'),
  op('peek', 'zappable', 'tlb:tlb, pt:table, r:range', 'int', 'Pages that zap_pte_range would clear now.'),
  op('peek', 'lacks_table', 'mm:mm, address:int', 'int', '1 when an address has no page table yet.'),
  op('peek', 'tables', 'mm:mm, r:range', 'int', 'Page tables that lie in a range.'),
  op('peek', 'vmas', 'mm:mm, r:range', 'int', 'VMAs of the tree that lie in a range, in part or whole.'),
  op('peek', 'listed', 'vma:vma', 'int', 'VMAs of a detached list, from this one on.'),
  op('peek', 'zapped', 'address:int', 'int', '1 when the page of an address is not present.'),
  op('peek', 'present_in', 'r:range', 'int', 'Pages present in a range.'),
  op('peek', 'mapped', 'address:int', 'int', '1 when a VMA of the tree covers an address.'),
  op('peek', 'readers', 'sem:rwsem', 'int', 'Readers that hold a rwsem.'),
  op('peek', 'writer', 'sem:rwsem', 'int', '1 while a writer holds a rwsem.'),
  op('peek', 'waiters', 'sem:rwsem', 'int', 'Threads that wait for a rwsem.'),
];

const ZONE_OPS: readonly OpSpec[] = [
  op('pure', 'zone_lock', 'zone:zone', 'spinlock', 'The lock of a zone: its free pages by order.'),
  op('pure', 'zone_lru_lock', 'zone:zone', 'spinlock', "The lock of the LRU lists of a zone's node."),
  op(
    'pure',
    'preferred_zone',
    '',
    'zone',
    "The zone of this CPU's node or the nearest with pages; NULL: none has.",
  ),
  // Lists and pagevecs belong to the CPU: looking at them is no access to shared state.
  op('pure', 'pcp_count', 'zone:zone', 'int', "Pages in this CPU's list of a zone."),
  op(
    'pure',
    'pagevec_zone',
    'n:int',
    'zone',
    "A zone of which this CPU's pagevec holds n pages or more, or NULL.",
  ),
  op(
    'step',
    'rmqueue_bulk',
    'zone:zone, high:int, batch:int, mode:int, cluster:int',
    'int',
    "Moves a batch of pages from a zone to this CPU's list; returns how many.",
  ),
  op('step', 'prep_new_pages', '', 'void', 'Touches the pages of a cluster that was unlinked as one.'),
  op(
    'step',
    'pagevec_add',
    'page:page',
    'zone',
    "Adds a page to this CPU's pagevec; its zone once that is full.",
  ),
  op('step', '__pagevec_lru_add', 'zone:zone', 'void', "Puts the pages of this CPU's pagevec on the LRU."),
  op(
    'step',
    'release_batch',
    'tlb:tlb',
    'int',
    'Begins the next batch of an mmu_gather; how many pages it has.',
  ),
  op(
    'pure',
    'release_zone',
    'tlb:tlb',
    'zone',
    'The zone of the next page of the batch that is on the LRU; NULL: none is.',
  ),
  op(
    'step',
    'del_pages_from_lru',
    'tlb:tlb',
    'int',
    'Takes up to 32 pages of the batch, all of one zone, off the LRU.',
  ),
  op(
    'step',
    'free_unref_page_list',
    'tlb:tlb, high:int, batch:int, mode:int',
    'zone',
    "Puts pages of the batch on this CPU's lists until one is full: its zone, or NULL when all are there.",
  ),
  op(
    'step',
    'pcp_drain_count',
    'zone:zone, high:int, batch:int, mode:int',
    'int',
    'How many pages a full list gives back.',
  ),
  op('step', 'pick_pages', 'zone:zone, n:int', 'void', 'Takes pages off the cold end of a list.'),
  op(
    'step',
    'free_pcppages_bulk',
    'zone:zone, n:int, picked:int, prefetched:int, merge:int',
    'void',
    "Gives pages of this CPU's list back to the buddy of their zone.",
  ),
  op('step', 'faults_enter', '', 'void', 'A run of page faults begins.'),
  op('step', 'faults_exit', '', 'void', 'It is over.'),
  op(
    'step',
    'fault_run',
    'mm:mm, address:int, end:int',
    'int',
    'Faults from an address on that no other thread can notice, as one step; how many, 0 if there is none.',
  ),
];

/** Settings that say in a machine's place how long a cache line takes from where it is (ns): which of its numbers each is. */
export const TRANSFERS = {
  lineSibling: 'sibling',
  lineSocket: 'socket',
  lineCross: 'cross',
  lineMemory: 'memory',
} as const;

/** Settings that say in a machine's place how many of something it has: which of its numbers each is, and the most. */
export const TOPOLOGY = {
  sockets: { number: 'sockets', most: 8 },
  cores: { number: 'coresPerSocket', most: 128 },
  threadsPerCore: { number: 'threadsPerCore', most: 4 },
} as const;

/** A constant whose value is the machine's. */
export const NR_CPUS = 'NR_CPUS';

const VM_READ = 1;
const VM_WRITE = 2;

/** VMA flag words. VM_DEAD: RFC v3 of Yang Shi, 29 Jun 2018, patch 2/5; its bit here is made up. */
export const VM_FLAGS = {
  VM_READ,
  VM_WRITE,
  VM_DEAD: 0x40,
  VM_LOCKED: 0x2000,
  VM_GROWSDOWN: 0x100,
  VM_UFFD_MISSING: 0x200,
  VM_FILE,
} as const;

export const vocabulary: Vocabulary = {
  types: [
    {
      name: 'mm',
      c: ['struct mm_struct'],
      help: 'An address space.',
      fields: [
        { name: 'mmap_lock', aliases: ['mmap_sem'], type: 'rwsem', get: 'mm_mmap_lock' },
        ...MM_FIELDS,
        { name: 'range_tree', type: 'spinlock', get: 'mm_range_tree' },
      ],
    },
    {
      name: 'vma',
      c: ['struct vm_area_struct'],
      help: 'A virtual memory area.',
      fields: [
        { name: 'vm_start', type: 'int', get: 'vma_start' },
        { name: 'vm_end', type: 'int', get: 'vma_end' },
        { name: 'vm_flags', type: 'int', get: 'vma_flags', set: 'set_vma_flags' },
        { name: 'vm_next', type: 'vma', get: 'vma_next' },
        ...VMA_FIELDS,
      ],
    },
    {
      name: 'table',
      c: ['struct page_table', 'pte_t', 'pmd_t'],
      help: 'A page table of 512 entries: 2 MiB of addresses.',
      fields: [{ name: 'ptl', type: 'spinlock', get: 'pt_ptl' }],
    },
    {
      name: 'tlb',
      c: ['struct mmu_gather'],
      help: 'Pages unmapped but not yet flushed and freed.',
      fields: [],
    },
    {
      name: 'zone',
      c: ['struct zone'],
      help: 'The memory of a node.',
      fields: [
        { name: 'lock', type: 'spinlock', get: 'zone_lock' },
        { name: 'lru_lock', type: 'spinlock', get: 'zone_lru_lock' },
      ],
    },
    { name: 'page', c: ['struct page'], help: 'A page of memory.', fields: [] },
    {
      name: 'rwsem',
      c: ['struct rw_semaphore'],
      help: 'A sleeping reader-writer lock.',
      fields: [],
      lock: 'rwsem',
    },
    { name: 'spinlock', c: ['spinlock_t'], help: 'A spinning lock.', fields: [], lock: 'spinlock' },
    {
      name: 'mutex',
      c: ['struct mutex'],
      help: 'A sleeping lock with one owner.',
      fields: [],
      lock: 'mutex',
    },
    ...FAULT_TYPES,
  ],
  ops: [
    ...LOCK_OPS,
    ...SCHED_OPS,
    ...ENTRY_OPS,
    ...VMA_OPS,
    ...PAGE_OPS,
    ...ZONE_OPS,
    ...PEEK_OPS,
    ...FAULT_OPS,
    ...RANGE_OPS,
    ...SHARE_OPS,
    ...FILE_OPS,
  ],
  iterators: [
    {
      name: 'page_tables',
      params: p('mm:mm, r:range'),
      element: 'table',
      first: 'first_table',
      next: 'next_table',
      help: 'The tables of a range that have pages in them, in order of address.',
    },
  ],
  variables: [
    { name: 'index', type: 'int', register: 0, help: "The thread's number in its group, from 0." },
    { name: 'mm', type: 'mm', register: 1, help: "The thread's address space." },
  ],
  constants: [
    { name: 'PAGE_SIZE', value: 4096, help: 'Bytes of a page.' },
    { name: 'PTE_PRESENT', value: 1, help: 'An entry has a page.' },
    { name: 'PTE_WRITE', value: 2, help: 'It allows writing.' },
    { name: 'PTE_SHARED', value: 4, help: 'Another mm has the page too.' },
    { name: 'PMD_SIZE', value: 2 ** 21, help: 'Bytes that one page table maps.' },
    { name: 'PUD_SIZE', value: 2 ** 30, help: 'Bytes that one PMD table maps: 1 GiB.' },
    { name: 'HPAGE_PUD_SIZE', value: 2 ** 30, help: 'Size of a section of the chunked munmap: 1 GiB.' },
    { name: 'LARGE_MAP_THRESH', value: 2 ** 30, help: 'From this size on RFC v3 zaps early.' },
    {
      name: 'MAX_GATHER_PAGES',
      value: 9698,
      help: 'Pages of a full mmu_gather: 19 batches of 510 and 8 on the stack.',
    },
    { name: 'TASK_SIZE', value: 2 ** 47, help: 'End of the addresses of a process.' },
    { name: NR_CPUS, value: 32, help: 'Logical CPUs of the machine.' },
    { name: 'EINTR', value: 4, help: 'Interrupted by a fatal signal.' },
    { name: 'EAGAIN', value: 11, help: 'Try again.' },
    { name: 'ENOMEM', value: 12, help: 'No memory, or no room for another VMA.' },
    { name: 'EFAULT', value: 14, help: 'Bad address.' },
    { name: 'EBUSY', value: 16, help: 'Somebody else has it.' },
    { name: 'EINVAL', value: 22, help: 'Invalid argument.' },
    { name: 'SIGSEGV', value: 11, help: 'Signal for an access to unmapped memory.' },
    ...Object.entries(VM_FLAGS).map(([name, value]) => ({ name, value, help: 'VMA flag.' })),
  ],
  entries: [
    ...[
      'munmap',
      'mmap',
      'mmap_fixed',
      'madvise_dontneed',
      'proc_pid_cmdline_read',
      'khugepaged_scan_mm_slot',
      'mprotect',
      'mremap',
      'fork',
      'collapse_huge_page',
      'userfaultfd_register',
      'uffdio_copy',
      'kvm_register',
      'shift_arg_pages',
      ...FILE_ENTRIES,
    ].map((name) => ({
      name,
      enter: 'syscall_enter',
      exit: 'syscall_exit',
      table: 'syscall',
    })),
    ...['do_page_fault', 'do_write_fault'].map((name) => ({
      name,
      enter: 'fault_enter',
      exit: 'fault_exit',
      table: 'syscall',
    })),
  ],
  costs: [
    { name: 'find_vma', help: 'Walk of the VMA tree.' },
    { name: 'copy_vma', help: 'A VMA structure copied.' },
    { name: 'split_vma', help: 'A new VMA structure, anon_vma clone, two tree updates.' },
    { name: 'link_vma', help: 'A new VMA structure put into the tree.' },
    { name: 'detach_vma', help: 'One VMA taken out of tree and list.' },
    { name: 'remove_vma', help: 'One VMA structure freed, accounting included.' },
    { name: 'unmapped_area', help: 'Search for a free range of addresses.' },
    { name: 'fault_path', help: 'What a fault takes beside the parts that are named.' },
    { name: 'zap_page', help: 'One entry cleared: PTE, rmap, accounting, mmu_gather.' },
    { name: 'free_page', help: 'One page freed: LRU, memcg, allocator.' },
    { name: 'free_table', help: 'One page table unlinked and freed.' },
    { name: 'alloc_table', help: 'One page table allocated, cleared and installed.' },
    { name: 'alloc_page', help: 'One page from the per-CPU list.' },
    { name: 'charge_page', help: 'memcg charge, reverse map and LRU of a new page.' },
    { name: 'fault_checks', help: 'What a fault does between the exception and its first lock.' },
    { name: 'set_pte', help: 'One entry written.' },
    { name: 'lru_drain', help: 'lru_add_drain before a range is unmapped.' },
    { name: 'scan_mm', help: 'A pass of khugepaged over a part of an address space.' },
    { name: 'read_cmdline', help: "Copy of a process's command line under the lock." },
    { name: 'range_node', help: 'One node of a tree of ranges looked at or changed.' },
    ...FILE_COSTS,
  ],
  settings: [
    'munmap',
    'fault',
    'mmapLock',
    'mutex',
    'spinlock',
    'alloc',
    'machine',
    ...Object.keys(TRANSFERS),
    'seed',
    'grain',
    ...Object.keys(TOPOLOGY),
  ],
  areaFlags: [{ name: 'populated', help: 'Every page is present when the run starts.' }, FILE_FLAG],
  invariants: [
    'no_page_outside_vma',
    'rss_equals_present',
    'page_account',
    'writer_excludes',
    'no_vma_after_removal',
    'no_access_after_munmap',
    'no_fresh_zero_page',
    'munmap_spares_new_mappings',
    'zone_account',
    'no_write_to_freed_table',
    'no_writable_page_in_read_only_vma',
    'page_has_anon_vma',
    'userfault_is_delivered',
    'no_write_to_shared_page',
    'no_stale_secondary_mapping',
  ],
};
