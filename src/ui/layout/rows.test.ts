import { expect, test } from 'vitest';
import {
  barOf,
  barTop,
  FOLDED,
  HEADER,
  isInSight,
  laneRows,
  rowAt,
  rowOf,
  scrollTo,
  visibleRows,
} from './rows.ts';

/** Threads 0, 2, 4 … on the first socket and 1, 3, 5 … on the second, as on a machine that alternates. */
function sockets(threads: number, count = 2) {
  return Array.from({ length: count }, (_, socket) => ({
    key: `socket ${socket}`,
    name: `socket ${socket}`,
    threads: Array.from({ length: threads }, (_, i) => i).filter((i) => i % count === socket),
  }));
}

test('few lanes are high, many are low', () => {
  expect(laneRows(sockets(3, 1), 430)).toMatchObject({ pitch: 40, total: 120 });
  const many = laneRows(sockets(32), 414);
  expect(many.pitch).toBe(12);
  expect(many.total).toBe(2 * HEADER + 32 * 12);
  expect(many.rows.map(({ kind }) => kind).filter((kind) => kind === 'header')).toHaveLength(2);
});

test('a lane is never lower than its name: the rest scrolls', () => {
  const lanes = laneRows(sockets(32), 200);
  expect(lanes.pitch).toBe(10);
  expect(lanes.folded).toEqual([false, false]);
  expect(lanes.total).toBe(2 * HEADER + 32 * 10);
});

test('of very many threads groups fold from the last, but not the one that is looked at', () => {
  const groups = sockets(120, 4);
  const lanes = laneRows(groups, 400, {}, 3);
  // 30 threads on each: two sockets would fit at 5 px, the last holds what is selected.
  expect(lanes.folded).toEqual([false, true, true, false]);
  expect(lanes.total).toBe(2 * HEADER + 60 * 10 + 2 * FOLDED);
});

test('the reader may fold and open what the page would not', () => {
  const groups = sockets(8);
  expect(laneRows(groups, 400, { 'socket 0': true }).folded).toEqual([true, false]);
  const open = { 'socket 0': false, 'socket 1': false, 'socket 2': false, 'socket 3': false };
  const lanes = laneRows(sockets(120, 4), 400, open);
  expect(lanes.folded).toEqual([false, false, false, false]);
  expect(lanes.total).toBe(4 * HEADER + 120 * 10);
});

test('one socket has a line for its name only where it may be folded', () => {
  expect(laneRows(sockets(4, 1), 400).rows).toHaveLength(4);
  expect(laneRows(sockets(100, 1), 400).rows[0]).toMatchObject({ kind: 'folded' });
  expect(laneRows(sockets(100, 1), 400, {}, 7).rows[0]).toMatchObject({ kind: 'header' });
});

test('the row at a height is the one that is painted there', () => {
  const lanes = laneRows(sockets(40), 300, { 'socket 1': true });
  for (const row of lanes.rows) {
    expect(rowAt(lanes, barTop(row))).toBe(row);
    expect(rowAt(lanes, barTop(row) + barOf(row.height) - 1)).toBe(row);
  }
  expect(rowAt(lanes, -1)).toBeUndefined();
  expect(rowAt(lanes, lanes.total)).toBeUndefined();
});

test('a thread is found in its lane, or in that of its folded group', () => {
  const groups = sockets(8);
  const lanes = laneRows(groups, 400, { 'socket 1': true });
  expect(rowOf(lanes, groups, 2)).toMatchObject({ kind: 'thread', thread: 2 });
  expect(rowOf(lanes, groups, 3)).toMatchObject({ kind: 'folded', group: 1 });
  expect(rowOf(lanes, groups, 99)).toBeUndefined();
});

test('only rows in sight are drawn, and a selected one is scrolled into sight', () => {
  const groups = sockets(100, 1);
  const lanes = laneRows(groups, 130, { 'socket 0': false });
  expect(visibleRows(lanes, 0, 130)).toHaveLength(1 + Math.ceil((130 - HEADER) / 10));
  const row = rowOf(lanes, groups, 50);
  if (row === undefined) throw new Error('thread 50 has no row');
  const scroll = scrollTo(row, 0, 130);
  expect([0, scroll, scroll - 1].map((at) => isInSight(row, at, 130))).toEqual([false, true, false]);
  expect(visibleRows(lanes, scroll, 130)).toContain(row);
  expect(scrollTo(row, scroll, 130)).toBe(scroll);
});
