import type { FieldSpec, OpSpec, TypeSpec } from '../language/vocabulary.ts';
import { op } from './op-spec.ts';

/** Words of what does without mmap_sem in a page fault: sequence counts, reference counts, RCU, interrupts off, walks. */

/** Fields that the schemes add to struct mm_struct. */
export const MM_FIELDS: readonly FieldSpec[] = [
  { name: 'mm_users', type: 'int', get: 'mm_users' },
  { name: 'mmap_seq', type: 'seqcount', get: 'mm_mmap_seq' },
  { name: 'mm_lock_seq', type: 'int', get: 'mm_lock_seq' },
  { name: 'mm_rb_lock', type: 'rwlock', get: 'mm_rb_lock' },
];

/** Fields that they add to struct vm_area_struct, or have to look at. */
export const VMA_FIELDS: readonly FieldSpec[] = [
  { name: 'anon_vma', type: 'int', get: 'vma_anon_vma', set: 'set_vma_anon_vma' },
  { name: 'vm_sequence', type: 'seqcount', get: 'vma_vm_sequence' },
  { name: 'vm_ref_count', aliases: ['vm_refcnt'], type: 'refcount', get: 'vma_refcount' },
  { name: 'vm_lock', type: 'rwsem', get: 'vma_vm_lock' },
  { name: 'vm_lock_seq', type: 'int', get: 'vma_lock_seq', set: 'set_vma_lock_seq' },
];

export const FAULT_TYPES: readonly TypeSpec[] = [
  {
    name: 'seqcount',
    c: ['seqcount_t'],
    help: 'A sequence count: odd while a writer is at work. Reading it takes its line from nobody.',
    fields: [],
    embedded: true,
  },
  {
    name: 'refcount',
    c: ['refcount_t', 'atomic_t'],
    help: 'A reference count: every change takes its line away from the CPU that had it.',
    fields: [],
    embedded: true,
  },
  { name: 'rwlock', c: ['rwlock_t'], help: 'A spinning reader-writer lock.', fields: [], embedded: true },
];

const SEQUENCE_OPS: readonly OpSpec[] = [
  op('pure', 'mm_mmap_seq', 'mm:mm', 'seqcount', 'Odd while somebody has mmap_sem for writing.'),
  op('pure', 'vma_vm_sequence', 'vma:vma', 'seqcount', 'The sequence count of a VMA.'),
  op('step', 'raw_read_seqcount', 'seq:seqcount', 'int', 'The value of a sequence count, odd or even.'),
  op('step', 'read_seqcount_begin', 'seq:seqcount', 'int', 'Its value once it is even; spins meanwhile.'),
  op('step', 'read_seqcount_retry', 'seq:seqcount, old:int', 'int', '1 if a sequence count has changed.'),
  op('step', 'write_seqcount_begin', 'seq:seqcount', 'void', 'Makes a sequence count odd.', [
    'raw_write_seqcount_begin',
  ]),
  op('step', 'write_seqcount_end', 'seq:seqcount', 'void', 'Makes a sequence count even again.', [
    'raw_write_seqcount_end',
  ]),
];

const COUNT_OPS: readonly OpSpec[] = [
  op('pure', 'vma_refcount', 'vma:vma', 'refcount', 'The reference count of a VMA.'),
  op('step', 'atomic_inc', 'ref:refcount', 'void', 'Adds one.'),
  op('step', 'atomic_dec_and_test', 'ref:refcount', 'int', 'Takes one off; 1 if it was the last one.'),
  op('step', 'mm_users', 'mm:mm', 'int', 'Threads that share the address space.'),
];

const RWLOCK_OPS: readonly OpSpec[] = [
  op('pure', 'mm_rb_lock', 'mm:mm', 'rwlock', 'The lock over the tree of VMAs.'),
  op('step', 'read_lock', 'lock:rwlock', 'void', 'Takes a rwlock for reading, spinning.'),
  op('step', 'read_unlock', 'lock:rwlock', 'void', 'Gives a read hold back.'),
  op('step', 'write_lock', 'lock:rwlock', 'void', 'Takes a rwlock alone, spinning.'),
  op('step', 'write_unlock', 'lock:rwlock', 'void', 'Gives the write hold back.'),
];

const RCU_OPS: readonly OpSpec[] = [
  op('step', 'rcu_read_lock', '', 'void', 'What was in a structure is not freed before rcu_read_unlock.'),
  op('step', 'rcu_read_unlock', '', 'void', 'Ends what rcu_read_lock began.'),
  op('step', 'srcu_read_lock', '', 'void', 'The same for SRCU: the section may sleep.'),
  op('step', 'srcu_read_unlock', '', 'void', 'Ends what srcu_read_lock began.'),
  op(
    'step',
    'call_rcu_free_vmas',
    'mm:mm, vma:vma',
    'void',
    'Frees the VMA structures of a detached list after an RCU grace period.',
  ),
  op(
    'step',
    'call_srcu_free_vmas',
    'mm:mm, vma:vma',
    'void',
    'Frees the VMA structures of a detached list after an SRCU grace period.',
  ),
  op(
    'step',
    'tlb_remove_tables',
    'tlb:tlb',
    'void',
    'Page tables that were unlinked since the last TLB flush are freed after an RCU grace period.',
  ),
  op('step', 'synchronize_srcu', '', 'void', 'Waits for an SRCU grace period.'),
  op('step', 'synchronize_rcu', '', 'void', 'Waits for an RCU grace period.'),
];

const IRQ_OPS: readonly OpSpec[] = [
  op(
    'step',
    'local_irq_disable',
    '',
    'void',
    'No interrupt comes through here: who wants a TLB flush acknowledged waits.',
    ['local_irq_save'],
  ),
  op('step', 'local_irq_enable', '', 'void', 'Interrupts come through again, those that wait first.', [
    'local_irq_restore',
  ]),
];

const WALK_OPS: readonly OpSpec[] = [
  op(
    'step',
    'prefetchw',
    'sem:rwsem',
    'void',
    "Asks for a lock's line for writing and does not wait for it.",
  ),
  op(
    'step',
    'read_pmd',
    'mm:mm, address:int',
    'int',
    'The entry that names the page table of an address, 0 if there is none; another table has another one.',
  ),
  op(
    'pure',
    'pte_offset',
    'mm:mm, address:int, pmd:int',
    'table',
    'The page table that such an entry names, whether it is still in use or not.',
  ),
  op('step', 'vma_detached', 'vma:vma', 'int', '1 once the VMA has left the tree.'),
  op(
    'step',
    'vma_unchain',
    'mm:mm, vma:vma',
    'vma',
    'Takes a VMA out of the head of a detached list; the rest of it, or NULL.',
  ),
  op('step', 'vma_anon_vma', 'vma:vma', 'int', '1 once the VMA has an anon_vma.'),
  op('step', 'set_vma_anon_vma', 'vma:vma, value:int', 'void', 'Gives a VMA its anon_vma.'),
  op('pure', 'list_next', 'vma:vma', 'vma', 'The next VMA of a detached list, or NULL.'),
];

const VMA_LOCK_OPS: readonly OpSpec[] = [
  op('pure', 'vma_vm_lock', 'vma:vma', 'rwsem', 'The lock of a VMA.'),
  op('step', 'vma_lock_seq', 'vma:vma', 'int', 'mm_lock_seq when the VMA was last locked for writing.'),
  op('step', 'set_vma_lock_seq', 'vma:vma, seq:int', 'void', 'Marks a VMA as locked for writing.'),
  op('step', 'mm_lock_seq', 'mm:mm', 'int', 'Counts how often mmap_lock was given back by a writer.'),
  op(
    'step',
    'vma_refcount_get',
    'vma:vma',
    'int',
    '0 and a reader of the VMA; -EAGAIN if it has left the tree, -EBUSY while a writer has it or waits.',
  ),
  op(
    'step',
    'vma_refcount_put',
    'vma:vma',
    'void',
    'A reader less; the last one wakes the writer that waits.',
  ),
  op(
    'step',
    'vma_enter_locked',
    'vma:vma',
    'void',
    'Keeps new readers out and sleeps until the last has left.',
  ),
  op('step', 'vma_exit_locked', 'vma:vma', 'void', 'Lets readers look at the VMA again.'),
];

export const FAULT_OPS: readonly OpSpec[] = [
  ...SEQUENCE_OPS,
  ...COUNT_OPS,
  ...RWLOCK_OPS,
  ...RCU_OPS,
  ...IRQ_OPS,
  ...WALK_OPS,
  ...VMA_LOCK_OPS,
];
