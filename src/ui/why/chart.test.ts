import { describe, expect, test } from 'vitest';
import type { SpanBin } from '../../trace/index.ts';
import { barsBetween, chartOf } from './chart.ts';

function bin(fromNs: number, toNs: number, count: number): SpanBin {
  return { fromNs, toNs, count, firstNs: 0, lastNs: 1, members: new Float64Array(0) };
}

describe('chartOf', () => {
  test('lays bins of both modes side by side on one axis', () => {
    const { bars, most } = chartOf(
      [bin(512, 768, 9), bin(768, 1024, 0)],
      [bin(768, 1024, 4), bin(1024, 1536, 12)],
    );
    expect(bars.map(({ fromNs }) => fromNs)).toEqual([512, 768, 1024]);
    bars.slice(1).forEach((bar, i) => {
      const before = bars[i];
      expect(bar.x).toBeCloseTo((before?.x ?? 0) + (before?.width ?? 0), 9);
    });
    expect(most).toBe(12);
    expect(bars[2]?.writeHeight).toBe(1);
    expect(bars[1]?.readHeight).toBe(0);
    expect((bars[0]?.readHeight ?? 0) ** 2).toBeCloseTo(9 / 12, 9);
  });

  test('keeps one bar alone in its place, and one wait in a million in sight', () => {
    const [only] = chartOf([bin(1024, 1536, 1)], []).bars;
    expect(only?.width).toBeLessThan(0.1);
    expect(only?.x).toBeGreaterThan(0.3);
    const [, rare] = chartOf([bin(1024, 1536, 1_000_000), bin(1536, 2048, 1)], []).bars;
    expect(rare?.readHeight).toBeGreaterThan(0.03);
  });

  test('shows lengths of 0, and powers of ten within the axis', () => {
    const { bars, ticks } = chartOf([bin(0, 1, 3), bin(1, 3, 2), bin(3, 4, 1)], []);
    expect(bars[0]?.width).toBeGreaterThan(0);
    expect(ticks[0]?.ns).toBe(1);
    const wide = chartOf([bin(1, 3, 1), bin(2 ** 34, 1.5 * 2 ** 34, 1)], []).ticks;
    expect(wide.length).toBeLessThanOrEqual(6);
    for (const { x } of [...ticks, ...wide]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(1);
    }
  });

  test('is empty without bins', () => {
    expect(chartOf([], [])).toEqual({ bars: [], ticks: [], most: 0 });
  });
});

test('a brush takes all bars between its ends, whichever way it went', () => {
  const { bars } = chartOf([bin(4, 6, 1), bin(6, 8, 2), bin(8, 12, 3)], [bin(6, 8, 5)]);
  expect(barsBetween(bars, 2, 1).map(({ count }) => count)).toEqual([2, 5, 3]);
  expect(barsBetween(bars, 0, 0).map(({ count }) => count)).toEqual([1]);
});
