import { expect, test } from 'vitest';
import { Class, Flag, Kind, newChunk, objectId, State, type TraceMeta } from '../../event/index.ts';
import { Pyramid } from '../../trace/index.ts';
import { LOCK, MUTEX, meta, pyramidOf, RANGE_LOCK, speculation, VMA_LOCK } from '../paint/testing.ts';
import { lockRows } from '../timeline/geometry.ts';
import { lockOrder } from './lock-order.ts';

test('a lock that nobody has used yet has no row where others are declared', () => {
  const taken = [100, 0, Kind.LOCK_GRANT, State.KERNEL, Flag.WRITE] as const;
  expect(lockOrder(pyramidOf([taken], MUTEX))).toMatchObject({ quiet: [], rows: [1], told: [] });
  expect(lockOrder(pyramidOf([taken], LOCK))).toMatchObject({ quiet: [], rows: [0], told: [] });
  expect(lockOrder(pyramidOf([[0, 0, Kind.STATE, State.USER]]))).toMatchObject({
    quiet: [],
    rows: [],
    told: [],
  });
});

test('of many processes, the locks that nobody waited for are one row, which opens', () => {
  const several: TraceMeta = { ...meta, mms: ['p 0', 'p 1', 'p 2'], locks: [] };
  const chunk = newChunk(0);
  const add = (t: number, thread: number, kind: number, state: number, flags: number): void => {
    const i = chunk.count++;
    chunk.t[i] = t;
    chunk.thread[i] = thread;
    chunk.kind[i] = kind;
    chunk.object[i] = objectId(Class.MMAP_LOCK, 1);
    chunk.flags[i] = flags | state | Flag.STEP_END;
  };
  const view = new Pyramid(several);
  expect(lockOrder(view)).toMatchObject({ quiet: [0, 1, 2], rows: [], told: [] });
  add(100, 0, Kind.LOCK_GRANT, State.KERNEL, Flag.WRITE);
  add(300, 1, Kind.LOCK_REQUEST, State.WAIT_READ, 0);
  view.add(chunk, 0, chunk.count);
  view.finish(1_000);
  const order = lockOrder(view);
  expect(order).toMatchObject({ quiet: [0, 2], rows: [1], told: [] });
  const folded = lockRows(view, [], order);
  expect(folded.rows.map(({ name, lane }) => [name, lane])).toEqual([
    ['quiet', -1],
    ['lock', 1],
    ['tables', view.laneOfMany(0)],
  ]);
  const open = lockRows(view, [], order, true);
  expect(open.rows.slice(0, 3).map(({ name, lane }) => [name, lane])).toEqual([
    ['quiet', -1],
    ['owners', 0],
    ['owners', 2],
  ]);
  expect(open.total).toBeGreaterThan(folded.total);
});

test('what faults without mmap_sem go by has rows where there is any, and a class of locks opens', () => {
  const view = speculation();
  const order = lockOrder(view);
  const names = (vmas: readonly number[]) =>
    lockRows(view, [], order, false, vmas).rows.map(({ name }) => name);
  expect(order.rows.map((lane) => view.lockOf(lane))).toEqual([objectId(Class.VMA_LOCK, 0), RANGE_LOCK]);
  expect(names([])).toEqual(['vmas', 'lock', 'seq', 'seq', 'grace', 'tables']);
  const open = view.contended(1, 0, 1_000, 9);
  expect(open).toEqual([view.singleLane(VMA_LOCK)]);
  expect(names(open)).toEqual(['vmas', 'vma', 'lock', 'seq', 'seq', 'grace', 'tables']);
  const plain = pyramidOf([[0, 0, Kind.STATE, State.USER]]);
  expect(lockRows(plain, [], lockOrder(plain), false, open).rows.map(({ name }) => name)).toEqual(['tables']);
});

test('the row of the per-VMA locks stands where they were first used among declared locks', () => {
  const orderOf = (locks: readonly number[]) => {
    const chunk = newChunk(0);
    locks.forEach((lock, i) => {
      chunk.t[i] = 100 * i + 100;
      chunk.kind[i] = Kind.LOCK_GRANT;
      chunk.object[i] = lock;
      chunk.flags[i] = State.KERNEL | Flag.STEP_END;
    });
    const view = new Pyramid(meta);
    view.add(chunk, 0, locks.length);
    view.finish(1_000);
    return lockRows(view, [], lockOrder(view)).rows.map(({ name, lane }) => (lane === 1 ? 'm' : name));
  };
  expect(orderOf([LOCK, VMA_LOCK, MUTEX])).toEqual(['lock', 'vmas', 'm', 'tables']);
  expect(orderOf([LOCK, MUTEX, VMA_LOCK])).toEqual(['lock', 'm', 'vmas', 'tables']);
});
