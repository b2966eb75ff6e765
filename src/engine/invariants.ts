import type { InvariantMeta } from '../event/index.ts';

/** Indices into `invariants`, as VIOLATION records carry them. */
export const Invariant = {
  NO_PAGE_OUTSIDE_VMA: 0,
  RSS: 1,
  PAGE_ACCOUNT: 2,
  WRITER_EXCLUDES: 3,
  NO_VMA_AFTER_REMOVAL: 4,
  NO_ACCESS_AFTER_MUNMAP: 5,
  NO_FRESH_ZERO_PAGE: 6,
  SPARES_NEW_MAPPINGS: 7,
  ZONE_ACCOUNT: 8,
  TABLE_GONE: 9,
  READ_ONLY: 10,
  ANON_VMA: 11,
  USERFAULT: 12,
  SHARED_WRITE: 13,
  SECONDARY: 14,
} as const;

export interface WatchedInvariant extends InvariantMeta {
  /** Judged at grain `page` only. */
  readonly byPage: boolean;
}

/** What the engine watches by itself while a run goes on. The order is part of the record format: append only. */
export const invariants: readonly WatchedInvariant[] = [
  {
    name: 'no_page_outside_vma',
    sentence: 'At rest every present page lies in a live VMA.',
    source: 'facts faults 13, oracle 2',
    byPage: false,
  },
  {
    name: 'rss_equals_present',
    sentence: 'The RSS counter equals the number of present pages.',
    source: 'facts faults 13, oracle 2; "Bad rss-counter state"',
    byPage: false,
  },
  {
    name: 'page_account',
    sentence: 'No page is lost and none is freed twice.',
    source: 'facts faults 13, oracle 2; facts munmap 11, oracles 5 and 7',
    byPage: false,
  },
  {
    name: 'writer_excludes',
    sentence: 'Who holds a rwsem, or a range of addresses, for writing holds it alone.',
    source: 'kernel/locking/rwsem.c; facts locks 7',
    byPage: false,
  },
  {
    name: 'no_vma_after_removal',
    sentence: 'No VMA is used after it was removed.',
    source: 'facts munmap 11, oracle 4 (Kirill Shutemov on RFC v3)',
    byPage: false,
  },
  {
    name: 'no_access_after_munmap',
    sentence: 'After munmap returned, and until a later mmap covers the address, no access succeeds.',
    source: 'facts munmap 11, oracle 1',
    byPage: true,
  },
  {
    name: 'no_fresh_zero_page',
    sentence:
      'A page that munmap is taking away reads as its old content or gives SIGSEGV, never as fresh zeroes.',
    source: 'Michal Hocko on two-phase munmap; facts munmap 11, oracle 2',
    byPage: true,
  },
  {
    name: 'munmap_spares_new_mappings',
    sentence: 'munmap removes nothing that was mapped after it first had the lock.',
    source: 'Michal Hocko, 4 Jul 2018; facts munmap 11, oracle 6',
    byPage: false,
  },
  {
    name: 'zone_account',
    sentence: 'Every page of a zone is in use, on a per-CPU list, or in the buddy, and in one of them alone.',
    source: 'mm/page_alloc.c: "Bad page state"; facts zone 2.3',
    byPage: false,
  },
  {
    name: 'no_write_to_freed_table',
    sentence:
      'No page table is locked, written to or asked for a page after it was freed or taken out of its place.',
    source: 'facts faults 13, oracle 1; table 2c, R2 and R6',
    byPage: false,
  },
  {
    name: 'no_writable_page_in_read_only_vma',
    sentence: 'No entry allows writing where the VMA does not.',
    source: 'facts faults 13, oracle 3; table 2c, R4',
    byPage: true,
  },
  {
    name: 'page_has_anon_vma',
    sentence: 'No page is mapped in a VMA that has no anon_vma yet: reverse mapping would not find it.',
    source: 'commit fb49c455323f; facts faults, table 2c, R9',
    byPage: true,
  },
  {
    name: 'userfault_is_delivered',
    sentence:
      'Where userfaultfd is registered, a missing page goes to the monitor and is never filled with zeroes.',
    source: 'facts faults, table 2c, R12',
    byPage: true,
  },
  {
    name: 'no_write_to_shared_page',
    sentence: 'No page that parent and child share is written to before it is copied.',
    source: 'facts faults 13, oracle 3; table 2c, R8; commit fb49c455323f',
    byPage: true,
  },
  {
    name: 'no_stale_secondary_mapping',
    sentence: 'A secondary MMU that has registered keeps no page that was replaced.',
    source: 'lore 20220128131006.67712-1-michel@lespinasse.org; facts faults, table 2c, R10',
    byPage: true,
  },
];
