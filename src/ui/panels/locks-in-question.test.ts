import { expect, test } from 'vitest';
import {
  Class,
  type LockMoment,
  type Moment,
  objectId,
  State,
  type ThreadMoment,
} from '../../event/index.ts';
import { locksInQuestion } from './locks-in-question.ts';

const sem = (mm: number): number => objectId(Class.MMAP_LOCK, mm);
const rb = (mm: number): number => objectId(Class.MM_LOCK, mm << 8);
const zone = objectId(Class.LOCK, 0);
const other = objectId(Class.LOCK, 1);

function lock(id: number, owners: readonly number[] = [], mode: LockMoment['mode'] = 'read'): LockMoment {
  return { lock: id, mode: owners.length === 0 ? 'free' : mode, owners, queue: [] };
}

function moment(locks: readonly LockMoment[], waitsFor?: ThreadMoment['waitsFor']): Moment {
  const threads = [0, 1, 2, 3].map(
    (thread): ThreadMoment => ({
      thread,
      state: State.KERNEL,
      sinceNs: 0,
      cpu: thread,
      site: 0,
      ...(thread === 2 && waitsFor !== undefined ? { waitsFor } : {}),
    }),
  );
  return { event: 1, t: 1, threads, locks };
}

const shown = (at: Moment, chosen: number | null = null): number[] =>
  locksInQuestion(at, { thread: 2, mm: 2, chosen }).map((one) => one.lock);

test('the locks of other address spaces say nothing about a thread', () => {
  const busy = [0, 1, 2, 3].flatMap((mm) => [lock(sem(mm), [mm]), lock(rb(mm), [mm])]);
  expect(shown(moment(busy))).toEqual([sem(2), rb(2)]);
  // Where nobody uses one of its own, the process-wide one stands there, free.
  const idle = [lock(sem(0), [0]), lock(sem(1), [1]), lock(sem(2)), lock(rb(2)), lock(sem(3), [3])];
  expect(shown(moment(idle))).toEqual([sem(2)]);
});

test('of the locks that all share those are shown that the thread holds', () => {
  const locks = [lock(sem(2), [2]), lock(zone, [2], 'write'), lock(other, [1], 'write')];
  expect(shown(moment(locks))).toEqual([sem(2), zone]);
});

test('what was chosen and what is waited for go before all others', () => {
  const locks = [lock(sem(1), [1]), lock(sem(2), [2]), lock(zone, [1], 'write')];
  const waiting = moment(locks, { lock: zone, mode: 'write', sinceNs: 0 });
  expect(shown(waiting)).toEqual([zone]);
  expect(shown(waiting, sem(1))).toEqual([sem(1), zone]);
  expect(shown(waiting, zone)).toEqual([zone]);
  expect(shown(moment(locks), sem(1))).toEqual([sem(1)]);
});
