import { US } from '../event/index.ts';
import { handOver, scaled, spreadOfWork, timePerWrite, writeRate } from './read.ts';
import type { Citation, EvidenceRecord } from './record.ts';

/** Figures about how locks change hands. */

/** One way of a cache line, in ns: 2 x E5-2690 Sandy Bridge (facts locks, 11.1). */
const SAME_SOCKET = 32;
const CROSS_SOCKET = 114;
/** Over two sockets, the next owner anywhere: every second transfer crosses (facts locks, 11.3). */
const MEAN_TRANSFER = (SAME_SOCKET + CROSS_SOCKET) / 2;
/** Threads beside the owner: with it one on every core of both sockets. */
const WAITERS = 15;

const transfers: Citation = {
  text: 'formula of the fact sheet, with the transfers of 2 x E5-2690 (core-to-core-latency @96a943ac; facts locks 11.1)',
  sheet: 'locks',
  section: '11.3',
  mark: 'D',
};
const HAND_OVER = {
  source: transfers,
  measuredOn: '2 x E5-2690 (Sandy Bridge): the transfers; the sum is a formula',
  machine: 'e5-2680-2s',
  workload: '16 threads on 16 cores take one spinlock again and again',
  metric: { name: 'from a release to the next grant', unit: 'nanoseconds' },
  leavesOut: 'work outside the lock, the data that the lock protects',
  calibrated: false,
} as const;

const tickets: Citation = {
  text: 'commit 314cdbefd1fd, x86 ticket spinlocks, Jan 2008',
  sheet: 'locks',
  section: '1',
  mark: 'V',
};
const SPREAD = {
  source: tickets,
  measuredOn: 'an Opteron with 8 cores on 2 sockets',
  machine: 'e5-2680-2s',
  workload: 'every core takes one spinlock again and again',
  metric: { name: 'most over least of what the threads get done', unit: 'ratio' },
  calibrated: false,
} as const;

export const lockRecords: readonly EvidenceRecord[] = [
  {
    id: 'rwsem.fork-test.fifo',
    title: 'fork_test under the rwsem of 3.8, against one that can be stolen',
    source: {
      text: 'commit ce6711f3d196, stealing of the rwsem by writers, Alex Shi, Feb 2013',
      sheet: 'locks',
      section: '9',
      mark: 'V',
    },
    measuredOn: 'Nehalem-EP and -EX, Sandy Bridge-EP with 2 and 4 sockets',
    machine: 'e5-2680-2s',
    workload: 'aim7 fork_test',
    metric: { name: 'fork and exit per second, 3.8 over 3.10', unit: 'ratio' },
    published: { kind: 'about', value: 0.5 },
    experiment: {
      kind: 'run',
      scenario: 'fork-test',
      set: { mmapLock: 'rwsem-3.8' },
      read: writeRate('root_anon_vma'),
      how: 'locks[root_anon_vma].write.acquired per second, mmapLock=rwsem-3.8 over mmapLock=rwsem-3.10',
      against: { set: { mmapLock: 'rwsem-3.10' }, as: 'ratio' },
    },
    leavesOut: 'fork and exit themselves: they are computation around one lock',
    note: 'Published is a loss of 50 % against the mutex before, which stealing recovered fully. The time under the lock and outside it is assumed, and the ratio depends on both.',
    calibrated: false,
    commentary: [
      'What cost half the throughput was a strict, serialized, first-in-first-out ownership for writing.',
      'With stealing, fork_test is fully recovered on all four machines.',
    ],
  },
  {
    id: 'rwsem.writers.convoy',
    title: 'time per hold when writers queue for the rwsem of 3.8',
    source: {
      text: 'hold + wake-up, for a hold of 1 us and a wake-up of 5 us',
      sheet: 'locks',
      section: '4a',
      mark: 'D',
    },
    measuredOn: 'no machine: a formula',
    machine: 'e5-2680-2s',
    workload: 'writers only, always one in the queue',
    metric: { name: 'time from one hold to the next', unit: 'microseconds' },
    published: { kind: 'about', value: 6 },
    experiment: {
      kind: 'run',
      scenario: 'writers-storm',
      set: { mmapLock: 'rwsem-3.8' },
      read: scaled(1 / US, timePerWrite('sem')),
      how: 'simulatedNs / locks[sem].write.acquired / 1e3',
    },
    leavesOut: 'nothing that the formula has',
    note: 'The wake-up of 5 us is an example; on this machine waker and sleeper take 4 us together.',
    calibrated: false,
  },
  {
    ...HAND_OVER,
    id: 'spinlock.hand-over.queued',
    title: 'hand-over of a queued spinlock',
    published: { kind: 'about', value: MEAN_TRANSFER + 10 },
    experiment: {
      kind: 'run',
      scenario: 'hand-over',
      set: { spinlock: 'qspinlock', waiters: String(WAITERS) },
      read: handOver('lock'),
      how: '(simulatedNs - locks[lock].write.hold.totalNs) / locks[lock].write.acquired',
    },
    note: 'The formula takes the next owner to be on either socket with the same chance. Here all queue at once and keep their order, so that only two of 16 hand-overs cross.',
  },
  {
    ...HAND_OVER,
    id: 'spinlock.hand-over.ticket',
    title: 'hand-over of a ticket spinlock',
    published: { kind: 'about', value: CROSS_SOCKET + ((WAITERS + 1) / 2) * MEAN_TRANSFER },
    experiment: {
      kind: 'run',
      scenario: 'hand-over',
      set: { spinlock: 'ticket', waiters: String(WAITERS) },
      read: handOver('lock'),
      how: '(simulatedNs - locks[lock].write.hold.totalNs) / locks[lock].write.acquired',
    },
    note: 'The machine has the same transfer times: agreement says that the mechanism is that of the formula.',
    commentary: ['A release costs more the more CPUs wait, and the collapse is abrupt (OLS 2012).'],
  },
  {
    ...SPREAD,
    id: 'spinlock.spread.ticket',
    title: 'fairness of the ticket spinlock',
    published: { kind: 'about', value: 1 },
    experiment: {
      kind: 'run',
      scenario: 'hand-over',
      set: { spinlock: 'ticket', waiters: String(WAITERS) },
      read: spreadOfWork,
      how: 'userNs + kernelNs of threads[]: the largest over the smallest',
    },
    leavesOut: 'the Opteron: 16 cores of another machine stand for its eight',
    note: 'Published is that all threads finish together. Here the run ends after 2 ms, in the middle of a round.',
    commentary: ['With tickets all threads finish at the same time.'],
  },
  {
    ...SPREAD,
    id: 'spinlock.spread.test-and-set',
    title: 'unfairness of the spinlock before it',
    published: { kind: 'about', value: 2 },
    experiment: {
      kind: 'run',
      scenario: 'hand-over',
      set: { spinlock: 'test-and-set', waiters: String(WAITERS) },
      read: spreadOfWork,
      how: 'userNs + kernelNs of threads[]: the largest over the smallest',
    },
    leavesOut:
      'the Opteron; work outside the lock; everything that lets a far core win now and then: in the model the nearest always does',
    note: 'Published is a difference of up to twice in the time for the same work; here it is the work done in the same 2 ms, in which the other socket never gets the lock: the ratio grows with the length of the run.',
    commentary: ['Some threads were passed over up to a million times.'],
  },
];
