import type { OpSpec } from '../language/vocabulary.ts';
import { op } from './op-spec.ts';

/** Words of mapped files: the page cache, the disk behind it, and pages that are looked up without a lock. */

const CACHE_OPS: readonly OpSpec[] = [
  op(
    'step',
    'find_get_page',
    'address:int',
    'page',
    'The page of the file that is mapped at an address, from the page cache, or NULL.',
  ),
  op(
    'step',
    'page_cache_read',
    'address:int',
    'int',
    'Reads that page from the disk, or waits for who reads it already; sleeps until it is in the page cache. -EFAULT: no file.',
  ),
  op('step', 'put_page', 'page:page', 'void', 'Gives a page of the page cache back that was not mapped.'),
  op(
    'step',
    'invalidate_mapping_pages',
    'r:range',
    'void',
    'Drops pages of a file from the page cache that are not mapped.',
  ),
  op(
    'peek',
    'cached',
    'address:int',
    'int',
    '1 when the page of the file at an address is in the page cache.',
  ),
  op('peek', 'disk_queue', '', 'int', 'Reads that the disk has yet to finish.'),
];

const WALK_OPS: readonly OpSpec[] = [
  op(
    'step',
    'gup_pte',
    'pt:table, address:int',
    'int',
    'Reads an entry without a lock: 1 and a reference to its page, or 0 if there is none.',
  ),
];

export const FILE_OPS: readonly OpSpec[] = [...CACHE_OPS, ...WALK_OPS];

/** Calls that bring pages in for the kernel itself. */
export const FILE_ENTRIES = ['get_user_pages', 'get_user_pages_fast'] as const;

export const FILE_COSTS = [
  { name: 'page_cache', help: 'Look-up of a page in the page cache.' },
  { name: 'gup_page', help: 'One entry read without a lock, and a reference to its page taken.' },
] as const;

/** A VMA that maps a file; the kernel looks at vm_file, the bit here is made up. */
export const VM_FILE = 0x400;

export const FILE_FLAG = {
  name: 'file',
  help: 'Maps a file of its own, of which the page cache has nothing unless the area is populated too.',
} as const;
