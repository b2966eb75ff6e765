/** What menus say of the gallery, without its texts. */
const raw = import.meta.glob<string>('./gallery/*.kp', { query: '?title', import: 'default', eager: true });

export interface GalleryTitle {
  readonly id: string;
  readonly title: string;
}

/** Order of the menu; a scenario that is not named here comes after these. */
const ORDER = [
  'munmap-320g',
  'munmap-320g-writer',
  'tiny',
  'vm-dead-race',
  'chunk-hole',
  'chunk-neighbour',
  'read-twice',
  'writers-storm',
  'fork-test',
  'mutex-storm',
  'hand-over',
  'virt-preempt',
  'ps-hangs',
  'khugepaged-hangs',
  'stress-mmap',
  'page-fault1',
  'page-fault1-threads',
  'zone-neighbour',
  'exit-storm',
  'page-fault-threads',
  'page-fault-processes',
  'mmap-munmap-threads',
  'mixed-vma',
  'multi-fault',
  'ebizzy',
  'spf-beside-writer',
  'spf-harmless-zap',
  'spf-vma-churn',
  'spf-shared-lines',
  'spf-scaling',
  'spf-any-change',
  'vma-lock-writer',
  'vma-reader-stalls',
  'vma-per-thread',
  'big-vma-lock',
  'fault-schemes',
  'race-vma-freed',
  'race-table-freed',
  'race-behind-zap',
  'race-mprotect',
  'race-mremap',
  'race-collapse',
  'race-ipi-deadlock',
  'race-fork',
  'race-anon-vma',
  'race-notifier',
  'race-same-page',
  'race-userfault',
  'exit-pinned',
  'race-expand',
  'fork-6-4',
  'range-disjoint',
  'range-faults',
  'list-disjoint',
  'list-nodes',
  'list-overlap',
  'fine-disjoint',
  'pending-faults',
  'pending-mixed',
  'disk-reader',
  'disk-reader-held',
  'gup-beside-munmap',
];

function rank(id: string): number {
  const i = ORDER.indexOf(id);
  return i < 0 ? ORDER.length : i;
}

/** In the order of the menu. */
export const titles: readonly GalleryTitle[] = Object.entries(raw)
  .map(([path, title]) => ({ id: path.replace(/^.*\/|\.kp$|\.kp\?title$/g, ''), title }))
  .sort((a, b) => rank(a.id) - rank(b.id) || (a.id < b.id ? -1 : 1));
