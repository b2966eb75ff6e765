import { expect, test } from 'vitest';
import type { LockReport, ModeReport } from '../../trace/index.ts';
import { headline } from './headline.ts';

/** A mode whose longest wait, of two, and longest hold take so long. */
function mode(waitNs: number, holdNs: number, who = 'a'): ModeReport {
  const longest = { atNs: 5, thread: who, line: 'x.kp:1' };
  const of = (ns: number) => ({ count: ns > 0 ? 2 : 0, totalNs: ns * 1.5, p50Ns: null, p99Ns: null });
  return {
    acquired: holdNs > 0 ? 9 : 0,
    wait: {
      ...of(waitNs),
      maxNs: waitNs > 0 ? waitNs : null,
      max: waitNs > 0 ? { ...longest, heldBy: [] } : null,
    },
    hold: { ...of(holdNs), maxNs: holdNs > 0 ? holdNs : null, max: holdNs > 0 ? longest : null },
  };
}

function lock(id: string, kind: LockReport['kind'], read: ModeReport, write: ModeReport): LockReport {
  return {
    id,
    label: id.replace('mmap_lock', 'mmap_sem'),
    kind,
    instances: 1,
    maxWaiters: 0,
    read,
    write,
    top: [],
  };
}

const none = mode(0, 0);
const quiet = [0, 1].map((i) => lock(`mmap_lock/task ${i}`, 'rwsem', none, mode(0, 900)));
const lru = lock('lru_lock/0', 'spinlock', none, mode(70, 30));

test('the figures are about the locks of one name that were waited for longest in all', () => {
  const zones = [
    lock('zone_lock/0', 'spinlock', none, mode(40, 8, 'b')),
    lock('zone_lock/1', 'spinlock', none, mode(50, 7, 'c')),
  ];
  // Neither of the two was waited for as long as the LRU lock.
  const found = headline([...quiet, zones[0] as LockReport, lru, zones[1] as LockReport]);
  expect(found).toMatchObject({ label: 'zone_lock ×2', modes: false, reads: false });
  expect(found?.hold).toMatchObject({ maxNs: 8, max: { thread: 'b' } });
  expect(found?.wait).toMatchObject({ maxNs: 50, count: 4, max: { thread: 'c' } });
});

test('a lock that nobody waited for is none of them', () => {
  const idle = lock('lru_lock/1', 'spinlock', none, mode(0, 500));
  expect(headline([...quiet, lru, idle])).toMatchObject({ label: 'lru_lock/0', hold: { maxNs: 30 } });
});

test('a class of locks counts as well, and has modes where its locks have', () => {
  const ptl = lock('ptl', 'spinlock', none, mode(60, 2));
  expect(headline([lock('mmap_lock', 'rwsem', mode(50, 5), none), ptl])?.label).toBe('ptl');
  const few = lock('ptl', 'spinlock', none, mode(4, 2));
  expect(headline([lock('mmap_lock', 'rwsem', mode(50, 5), mode(60, 3)), few])).toMatchObject({
    label: 'mmap_sem',
    modes: true,
    reads: true,
    hold: { maxNs: 3 },
    wait: { maxNs: 50, count: 2 },
  });
  expect(headline([lock('mmap_lock', 'rwsem', mode(0, 5), mode(60, 3)), few])?.reads).toBe(false);
});

test('where nobody waits it is the first that was taken, not a page-table lock', () => {
  const ptl = lock('ptl', 'spinlock', none, mode(0, 2));
  const sem = lock('sem', 'rwsem', mode(0, 4), none);
  expect(headline([ptl, lock('mmap_lock', 'rwsem', none, none), sem])?.label).toBe('sem');
  expect(headline([ptl, ...quiet])?.label).toBe('mmap_sem/task 0');
  expect(headline([ptl, lock('mmap_lock', 'rwsem', none, none)])?.label).toBe('mmap_sem');
  expect(headline([])).toBeNull();
});
