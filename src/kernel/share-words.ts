import type { OpSpec } from '../language/vocabulary.ts';
import { op } from './op-spec.ts';

/**
 * Words of what changes entries and VMAs beside faults: copy on write, fork, mprotect, mremap, huge pages, stacks that grow.
 * What an entry allows and whether its page is shared is known at grain `page`.
 */
export const SHARE_OPS: readonly OpSpec[] = [
  op(
    'step',
    'access_write',
    'address:int',
    'int',
    '1 if a page is mapped for writing there, 0 for a page fault.',
  ),
  op(
    'step',
    'pte_read',
    'pt:table, address:int',
    'int',
    'An entry: 0 if it is empty, else PTE_PRESENT, PTE_WRITE if it allows writing, PTE_SHARED if another mm has the page too.',
  ),
  op('step', 'pte_mkwrite', 'pt:table, address:int', 'void', 'Makes an entry allow writing.'),
  op('step', 'mmu_notifier_register', 'mm:mm', 'void', 'A secondary MMU is told of changes from here on.'),
  op(
    'step',
    'spte_map',
    'mm:mm, address:int',
    'void',
    'The secondary MMU translates to the page that is mapped at an address now.',
  ),
  op(
    'step',
    'mmu_notifier_range_start',
    'mm:mm',
    'int',
    'A page is about to be replaced: whether anybody has to be told.',
  ),
  op(
    'step',
    'mmu_notifier_range_end',
    'mm:mm, known:int',
    'void',
    'It has been replaced: secondary MMUs that were known when it began forget it.',
  ),
  op(
    'step',
    'copy_user_page',
    'page:page',
    'void',
    'Copies a page; CPUs of a socket share its memory bandwidth.',
  ),
  op('step', 'ptep_clear', 'pt:table, address:int', 'page', 'Empties an entry; the page that was in it.'),
  op(
    'step',
    'flush_tlb_page',
    'mm:mm',
    'void',
    'TLB shootdown for one page; over when every CPU acknowledged.',
  ),
  op(
    'step',
    'change_pte_range',
    'pt:table, r:range, vm_flags:int',
    'int',
    'Entries of a range lose the right to be written, where the flags have it not; how many.',
  ),
  op('step', 'dup_vma', 'child:mm, vma:vma', 'vma', 'The same VMA in another mm; NULL if there is no room.'),
  op(
    'step',
    'copy_pte_range',
    'child:mm, vma:vma, pt:table, r:range',
    'int',
    'Puts the pages of a range into the tables of another mm too; nobody may write to them. How many.',
  ),
  op(
    'step',
    'move_ptes',
    'mm:mm, pt:table, r:range, to:int',
    'int',
    'Moves entries of a range of one table to another place; how many.',
  ),
  op(
    'step',
    'vma_adjust',
    'mm:mm, vma:vma, start:int, end:int',
    'void',
    'Gives a VMA other bounds, between those of its neighbours.',
  ),
  op(
    'step',
    'pmdp_collapse_flush',
    'mm:mm, address:int',
    'int',
    'Takes a page table out of its place; how many pages it has.',
  ),
  op(
    'step',
    'install_huge_pmd',
    'mm:mm, vma:vma, address:int, n:int',
    'void',
    'A huge page in place of the `n` pages of such a table.',
  ),
];
