import type { CatalogueRecord } from './catalogue.ts';

const LORE = 'https://lore.kernel.org/linux-mm/';

/** Their own text of munmap and of the page fault takes the place of the chosen ones. */
const CONFLICTS = ['chunked-munmap', 'vm-dead-munmap', 'speculation', 'vma-lock'];

/** Locks over ranges of addresses in the place of mmap_sem; facts faults, section 5, and locks, section 7. */
export const rangeLocks: readonly CatalogueRecord[] = [
  {
    id: 'range-lock',
    kind: 'mmapLock',
    title: 'Range lock: interval tree under a spinlock',
    author: 'Jan Kara; Laurent Dufour, Davidlohr Bueso',
    date: '2017-04',
    source: `cover.1492595897.git.ldufour@linux.vnet.ibm.com and ${LORE}20180205012754.; facts faults 5.2, locks 7`,
    kernels: 'never merged',
    outcome: 'rejected: its worst case costs too much, "very much a turn off" (Bueso)',
    fixes: 'requests for different addresses do not wait for each other',
    breaks:
      'every request takes the spinlock of the tree twice, and nobody spins on an owner; with FULL_RANGE, as it was posted, nothing else changes',
    knobs: ['FULL_RANGE'],
    provides: ['mmapLock', 'range-lock'],
    requires: [],
    conflicts: CONFLICTS,
    file: 'range/range-lock.kp',
    on: ['range/ranges.kp', 'range/partners.kp'],
    rwsem: 'rwsem-3.16',
    win: ['range-disjoint'],
    risk: ['range-faults'],
  },
  {
    id: 'range-lock-list',
    kind: 'mmapLock',
    title: 'Range lock: sorted list without a lock inside',
    author: 'Alex Kogan, Dave Dice, Shady Issa',
    date: '2020-04',
    source:
      'Scalable Range Locks for Scalable Address Spaces and Beyond, EuroSys 2020, arXiv 2006.12144; facts faults 5.3',
    kernels: 'never merged',
    outcome: 'a paper with patches; not posted for merging',
    fixes: 'no spinlock in the way: up to nine times the stock kernel, by the abstract',
    breaks: 'every request passes the nodes before its place, and who is kept out spins, in no order',
    knobs: ['FULL_RANGE'],
    provides: ['mmapLock', 'range-lock'],
    requires: [],
    conflicts: CONFLICTS,
    file: 'range/range-lock-list.kp',
    on: ['range/ranges.kp', 'range/partners.kp'],
    rwsem: 'rwsem-5.3',
    win: ['list-disjoint'],
    risk: ['list-nodes', 'list-overlap'],
  },
  {
    id: 'fine-grained',
    kind: 'mmapLock',
    title: 'A short lock for the tree, a range lock for long work',
    author: 'Michel Lespinasse',
    date: '2021-01',
    source: 'LSF/MM topic "mmap locking topics", 2021 (seed 003); facts faults 5.1',
    kernels: 'never merged',
    outcome: 'a prototype, shared with few; never posted',
    fixes: 'mmap, munmap and faults of different addresses run side by side, however long they take',
    breaks:
      'the addresses of all pending faults stand in one shared structure, which is dear where faults are all there is',
    knobs: [],
    provides: ['mmapLock', 'range-lock'],
    requires: [],
    conflicts: CONFLICTS,
    file: 'range/fine-grained.kp',
    on: ['range/ranges.kp', 'range/partners.kp', 'range/range-lock.kp'],
    rwsem: 'rwsem-5.11',
    win: ['fine-disjoint', 'pending-mixed'],
    risk: ['pending-faults'],
  },
];
