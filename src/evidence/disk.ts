import { scaled, writeRate } from './read.ts';
import type { EvidenceRecord } from './record.ts';

/** Figures about page faults that wait for the disk. */

const WALKEN = {
  source: {
    text: 'Michel Lespinasse, 1286265215-9025-1-git-send-email-walken@google.com, 5 Oct 2010; commit d065bd810b6d',
    sheet: 'faults',
    section: '1e',
    mark: 'V',
  },
  measuredOn: 'not stated; a hard disk',
  machine: 'e5-2680-2s',
  workload: 'one thread reads a large mapped file at random, another one maps and unmaps memory elsewhere',
  metric: { name: 'rounds of mmap and munmap', unit: 'rounds per second' },
  leavesOut: 'readahead, fault-around, reclaim; how much the second thread maps, and whether it touches it',
} as const;

/** A round takes the lock for writing twice. */
const rounds = scaled(1 / 2, writeRate('mmap_lock'));
const HOW = 'locks[mmap_lock].write.acquired / 2 / simulated seconds';

export const diskRecords: readonly EvidenceRecord[] = [
  {
    ...WALKEN,
    id: 'disk-retry.held',
    title: 'mmap and munmap beside a disk-bound reader up to 2.6.36',
    published: { kind: 'exact', value: 55 },
    experiment: { kind: 'run', scenario: 'disk-reader-held', set: {}, read: rounds, how: HOW },
    note: 'The 18 ms of a read are 1 s / 55. In the model mmap and munmap each wait for a read, so that a round takes two; what the test counted as one is not stated.',
    calibrated: true,
    commentary: ['The second thread gets as many rounds as the first one gets pages from the disk.'],
  },
  {
    ...WALKEN,
    id: 'disk-retry.dropped',
    title: 'mmap and munmap beside a disk-bound reader from 2.6.37',
    published: { kind: 'exact', value: 15_000 },
    experiment: { kind: 'run', scenario: 'disk-reader', set: {}, read: rounds, how: HOW },
    note: 'A round is bounded by its own cost alone: about 2 us for one untouched page in the model, 67 us in the test, whose machine and mapping are not stated. What compares is that nothing waits for the disk.',
    calibrated: false,
    commentary: ['A fault that waits for the disk no longer holds mmap_sem.'],
  },
];
