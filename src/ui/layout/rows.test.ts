import { expect, test } from 'vitest';
import { barTop, laneAt, laneRows, scrollTo, visibleLanes } from './rows.ts';

test('few lanes are high, many are low, and all of 32 fit the room of the first screen', () => {
  expect(laneRows(3, 430).pitch).toBe(40);
  const many = laneRows(32, 428);
  expect(many.pitch).toBe(13);
  expect(many.total).toBeLessThanOrEqual(428);
});

test('the lane at a height is the one that is painted there', () => {
  const rows = laneRows(40, 300);
  for (let lane = 0; lane < 40; lane++) {
    const top = barTop(rows, lane);
    expect(laneAt(rows, top)).toBe(lane);
    expect(laneAt(rows, top + rows.bar - 1)).toBe(lane);
  }
  expect(laneAt(rows, -1)).toBe(-1);
  expect(laneAt(rows, rows.total)).toBe(-1);
});

test('only lanes in sight are drawn, and a selected one is scrolled into sight', () => {
  const rows = laneRows(100, 130);
  expect(visibleLanes(rows, 0, 130)).toEqual({ first: 0, last: 10 });
  const scroll = scrollTo(rows, 50, 0, 130);
  const { first, last } = visibleLanes(rows, scroll, 130);
  expect(first <= 50 && 50 < last).toBe(true);
  expect(scrollTo(rows, 50, scroll, 130)).toBe(scroll);
});
