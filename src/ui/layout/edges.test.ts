import { expect, test } from 'vitest';
import type { Moment } from '../../event/index.ts';
import { edgesOf } from './edges.ts';
import { type Focus, focusOf } from './focus.ts';

/** Who waits for which lock, and who owns it. */
function moment(waits: Record<number, number>, owners: Record<number, number[]>): Moment {
  return {
    t: 0,
    event: 0,
    threads: Object.entries(waits).map(([thread, lock]) => ({
      thread: Number(thread),
      state: 3,
      sinceNs: 0,
      cpu: null,
      site: 0,
      waitsFor: { lock, mode: 'read', sinceNs: 0 },
    })),
    locks: Object.entries(owners).map(([lock, list]) => ({
      lock: Number(lock),
      mode: 'write',
      owners: list,
      queue: [],
    })),
  };
}

const pairs = (...args: Parameters<typeof edgesOf>): string[] =>
  edgesOf(...args).map(({ from, to, hop }) => `${from}>${to} ${hop}`);

test('the chain goes from waiter to holder to the holder of what that one waits for', () => {
  const m = moment({ 1: 10, 2: 20, 5: 10 }, { 10: [2], 20: [3] });
  expect(pairs(m, 'chain', 1)).toEqual(['1>2 0', '2>3 1']);
  expect(pairs(m, 'chain', 3)).toEqual([]);
  expect(pairs(m, 'all', 1)).toEqual(['1>2 0', '2>3 1', '5>2 1']);
  expect(pairs(m, 'none', 1)).toEqual([]);
  expect(pairs(null, 'all', 1)).toEqual([]);
});

test('a deadlock is a circle that is walked once', () => {
  const m = moment({ 1: 10, 2: 20 }, { 10: [2], 20: [1] });
  expect(pairs(m, 'chain', 1)).toEqual(['1>2 0', '2>1 1']);
});

test('of many readers some are shown', () => {
  expect(pairs(moment({ 9: 10 }, { 10: [1, 2, 3, 4, 5, 6] }), 'chain', 9)).toHaveLength(4);
});

test('with a focus only the edges of its waits are left', () => {
  const m = moment({ 1: 10, 2: 20, 5: 10 }, { 10: [2], 20: [3] });
  const on = (waiter: number, holder: number, lock: number | null): Focus | null =>
    focusOf({ waiter, holder, lock }, []);
  expect(pairs(m, 'all', 1, on(5, 2, 10))).toEqual(['5>2 1']);
  expect(pairs(m, 'all', 1, on(5, 2, 20))).toEqual([]);
  expect(pairs(m, 'chain', 1, on(1, 2, null))).toEqual(['1>2 0']);
  expect(pairs(m, 'chain', 1, on(5, 2, null))).toEqual([]);
});
