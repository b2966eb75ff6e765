import { describe, expect, test } from 'vitest';
import {
  batchScale,
  batchTicks,
  columnsOf,
  decimalsOf,
  frameOf,
  linearAxis,
  logAxis,
  spreadLabels,
} from './chart-layout.ts';

const frame = frameOf(700, 178);
const ARTICLE = [31, 53, 63, 73, 119, 127, 137, 165, 188, 223, 255, 267, 299, 320, 393, 424, 458, 467, 498];
const BATCHES = [...ARTICLE, 511];

describe('the axis of batches', () => {
  test('is logarithmic, and everything is inside', () => {
    const x = batchScale([10, 100, 1_000], frame);
    expect(x(100) - x(10)).toBeCloseTo(x(1_000) - x(100), 6);
    expect(x(10)).toBeGreaterThan(frame.x0);
    expect(x(1_000)).toBeLessThan(frame.x1);
    // One alone stands in the middle.
    expect(batchScale([31], frame)(31)).toBeCloseTo((frame.x0 + frame.x1) / 2, 6);
  });

  test('has a tick for every batch, and labels that do not touch', () => {
    const ticks = batchTicks(BATCHES, batchScale(BATCHES, frame));
    expect(ticks).toHaveLength(20);
    const labelled = ticks.filter(({ label }) => label !== '');
    expect([labelled[0]?.label, labelled.at(-1)?.label]).toEqual(['31', '511']);
    labelled.forEach(({ at }, i) => {
      const next = labelled[i + 1];
      if (next !== undefined) expect(next.at - at).toBeGreaterThan(20);
    });
  });

  test('belongs to the batches without a gap', () => {
    const columns = columnsOf(BATCHES, batchScale(BATCHES, frame), frame);
    expect([columns[0]?.from, columns.at(-1)?.to]).toEqual([frame.x0, frame.x1]);
    columns.forEach(({ from, to }, i) => {
      expect(to).toBeGreaterThan(from);
      if (i > 0) expect(from).toBe(columns[i - 1]?.to);
    });
  });
});

describe('axes of values', () => {
  test('have air, and begin where they are told to', () => {
    const { scale, ticks } = linearAxis([2, 72], frame, { from: 0 });
    expect(scale(0)).toBe(frame.y1);
    expect(scale(72)).toBeGreaterThan(frame.y0);
    expect(ticks[0]?.value).toBe(0);
    expect(ticks.length).toBeLessThan(7);
    // Nothing yet, and one value alone.
    for (const values of [[], [5]]) {
      const axis = linearAxis(values, frame);
      expect(Number.isFinite(axis.scale(5))).toBe(true);
    }
  });

  test('are logarithmic for latencies, with powers of ten where there is no room for more', () => {
    expect(logAxis([60, 90_000], frame).ticks.map(({ value }) => value)).toEqual([100, 1e3, 1e4, 1e5]);
    expect(logAxis([10_000, 90_000], frame).ticks.map(({ value }) => value)).toEqual([
      5_000, 10_000, 20_000, 50_000, 100_000,
    ]);
    // However close they are together there are two ticks.
    expect(logAxis([3_300, 3_400], frame).ticks.map(({ value }) => value)).toEqual([2_000, 5_000]);
    expect(logAxis([], frame).ticks.length).toBeGreaterThan(1);
  });
});

test('ticks have the decimals that tell them apart', () => {
  expect([[0, 0.2], [16e6, 16.5e6], [1, 2], [20, 40], [5]].map(decimalsOf)).toEqual([1, -5, 0, -1, 0]);
});

test('labels move apart and stay inside, in their order', () => {
  const [a = 0, b = 0, c = 0] = spreadLabels([100, 99, 20], 14, 0, 110);
  expect(a - b).toBeGreaterThanOrEqual(14);
  expect(a).toBeLessThanOrEqual(110);
  expect(c).toBe(20);
  expect(spreadLabels([], 14, 0, 110)).toEqual([]);
});
