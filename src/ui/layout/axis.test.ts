import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MS, SEC } from '../../event/index.ts';
import { clock } from '../text/time.ts';
import { axis } from './axis.ts';
import { panBy, rangeOrWhole, zoomAt } from './zoom.ts';

const EXTENT = 20 * SEC;

function labels(from: number, to: number, width = 600): string[] {
  return axis({ from, to }, width).ticks.map(({ label }) => label);
}

test('labels are in the unit that fits', () => {
  expect(labels(0, 20 * SEC, 480)).toEqual(['0 s', '5 s', '10 s', '15 s', '20 s']);
  expect(labels(0, 5 * MS)).toContain('2 ms');
  expect(labels(0, 500)).toContain('200 ns');
});

test('far from zero, labels count from the first tick, whose time is told', () => {
  const { base, baseLabel, ticks } = axis({ from: 6.2 * SEC, to: 6.2 * SEC + 900 }, 600);
  expect(base).toBe(6.2 * SEC);
  expect(baseLabel).toBe('6.200 000 000 s');
  expect(ticks.map(({ label }) => label)).toContain('+200 ns');
});

test('a clock up to the end of what is shown has the unit of its labels', () => {
  for (const to of [900, 112_000, 56 * MS, 20 * SEC]) {
    const unit = clock(to / 2, to)
      .split(' ')
      .at(-1);
    expect(labels(0, to).every((label) => label.endsWith(` ${unit}`))).toBe(true);
  }
});

const span = fc
  .tuple(fc.integer({ min: 0, max: EXTENT - 1_000 }), fc.integer({ min: 100, max: EXTENT }))
  .map(([from, length]) => ({ from, to: Math.min(EXTENT, from + length) }))
  .filter(({ from, to }) => to - from >= 100);

test('labels of one axis differ, and their ticks lie in it', () => {
  fc.assert(
    fc.property(span, fc.integer({ min: 200, max: 2000 }), (range, width) => {
      const { ticks } = axis(range, width);
      expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
      for (const { t, x } of ticks) {
        expect(t >= range.from && t <= range.to && x >= 0 && x <= width).toBe(true);
      }
    }),
  );
});

test('zooming keeps what is under the pointer, unless an end is in the way', () => {
  const zoomed = zoomAt({ from: 0, to: EXTENT }, 0.1, 5 * SEC, EXTENT);
  expect((5 * SEC - zoomed.from) / (zoomed.to - zoomed.from)).toBeCloseTo(0.25);
});

test('zoom and pan stay inside the extent', () => {
  fc.assert(
    fc.property(span, fc.double({ min: 0.01, max: 100, noNaN: true }), (range, factor) => {
      for (const next of [
        zoomAt(range, factor, range.from + (range.to - range.from) / 3, EXTENT),
        panBy(range, factor * SEC, EXTENT),
        panBy(range, -factor * SEC, EXTENT),
      ]) {
        expect(next.from).toBeGreaterThanOrEqual(0);
        expect(next.to).toBeLessThanOrEqual(EXTENT);
        expect(next.to).toBeGreaterThan(next.from);
      }
    }),
  );
});

test('the whole extent counts as no zoom', () => {
  expect(rangeOrWhole({ from: 0, to: EXTENT }, EXTENT)).toBeNull();
  expect(rangeOrWhole({ from: 1, to: EXTENT }, EXTENT)).toEqual({ from: 1, to: EXTENT });
});
