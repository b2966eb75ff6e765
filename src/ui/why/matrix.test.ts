import { describe, expect, test } from 'vitest';
import { NO_THREAD } from '../../event/index.ts';
import type { BlamePair } from '../../trace/index.ts';
import { blamedLocks, cellKey, matrixOf } from './matrix.ts';

function pair(waiter: number, holder: number, lock: number, ns: number): BlamePair {
  return { waiter, holder, lock, ns, waits: 1, spunNs: 1, blockedNs: 2, runnableNs: 3 };
}

const PAIRS = [
  pair(1, 0, 7, 10),
  pair(1, 0, 8, 40),
  pair(2, 0, 7, 100),
  pair(2, NO_THREAD, 7, 5),
  pair(0, 2, 8, 60),
];

describe('matrixOf', () => {
  test('adds up what a waiter lost to a holder over all locks', () => {
    const { waiters, holders, cells, mostNs, totalNs } = matrixOf(PAIRS, null, 'time');
    expect(waiters).toEqual([
      { thread: 2, ns: 105 },
      { thread: 0, ns: 60 },
      { thread: 1, ns: 50 },
    ]);
    expect(holders.map(({ thread }) => thread)).toEqual([0, 2, NO_THREAD]);
    expect(cells.get(cellKey(1, 0))).toEqual({ ns: 50, waits: 2, spunNs: 2, blockedNs: 4, runnableNs: 6 });
    expect([mostNs, totalNs]).toEqual([100, 215]);
  });

  test('shows one lock alone, in the order of the threads', () => {
    const { waiters, holders, totalNs } = matrixOf(PAIRS, 7, 'name');
    expect(waiters.map(({ thread }) => thread)).toEqual([1, 2]);
    expect(holders.map(({ thread }) => thread)).toEqual([0, NO_THREAD]);
    expect(totalNs).toBe(115);
  });

  test('leaves out those with the least, and says how much that is', () => {
    const many = Array.from({ length: 60 }, (_, i) => pair(i, 100 + (i % 30), 7, 1 + i));
    const matrix = matrixOf(many, null, 'time');
    expect([matrix.waiters.length, matrix.holders.length]).toEqual([40, 24]);
    expect([matrix.hiddenWaiters, matrix.hiddenHolders]).toEqual([20, 6]);
    const shown = [...matrix.cells].filter(([key]) => {
      const [waiter, holder] = key.split(' ').map(Number);
      return (
        matrix.waiters.some((w) => w.thread === waiter) && matrix.holders.some((h) => h.thread === holder)
      );
    });
    expect(matrix.hiddenNs).toBe(matrix.totalNs - shown.reduce((sum, [, { ns }]) => sum + ns, 0));
    expect(matrix.waiters[0]).toEqual({ thread: 59, ns: 60 });
  });
});

test('locks come in the order of what they cost', () => {
  expect(blamedLocks(PAIRS)).toEqual([7, 8]);
});
