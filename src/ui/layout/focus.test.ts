import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_THREAD } from '../../event/index.ts';
import { focusOf, gapsBetween, spanPixels, unionOf } from './focus.ts';
import { focusedNs, focusedRange } from './focus-span.ts';

/** Spans in order and apart. */
const spans = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), { maxLength: 40 })
  .map((parts) => {
    let t = 0;
    const bounds = parts.flat().map((ns) => {
      t += ns;
      return t;
    });
    return Float64Array.from(bounds);
  });
const range = fc
  .tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 1, max: 2_000 }))
  .map(([from, length]) => ({ from, to: from + length }));

describe('the pixels of waits', () => {
  test('are those that a wait touches, and no others', () => {
    fc.assert(
      fc.property(spans, range, fc.integer({ min: 1, max: 300 }), (bounds, { from, to }, pixels) => {
        const runs = spanPixels(bounds, { from, to }, pixels);
        const shown = new Array<boolean>(pixels).fill(false);
        for (const [x0, x1] of runs) shown.fill(true, x0, x1);
        const per = (to - from) / pixels;
        for (let x = 0; x < pixels; x++) {
          // Not judged: a wait that only touches the edge of the pixel.
          const [a, b] = [from + x * per + 1e-9, from + (x + 1) * per - 1e-9];
          let touched = false;
          for (let i = 0; i < bounds.length; i += 2) {
            if ((bounds[i] ?? 0) < b && (bounds[i + 1] ?? 0) > a) touched = true;
          }
          if (touched) expect(shown[x]).toBe(true);
        }
        for (const [x0, x1] of runs) {
          const near = [...bounds].some((t) => t >= from + (x0 - 1) * per && t <= from + (x1 + 1) * per);
          const over = [...bounds].some(
            (t, i) => i % 2 === 0 && t <= from + x0 * per && (bounds[i + 1] ?? 0) >= from + x1 * per,
          );
          expect(near || over).toBe(true);
        }
      }),
    );
  });

  test('and the gaps between them fill the lane', () => {
    expect(gapsBetween([], 10)).toEqual([[0, 10]]);
    expect(gapsBetween([[0, 4]], 10)).toEqual([[4, 10]]);
    expect(
      gapsBetween(
        [
          [2, 4],
          [6, 10],
        ],
        10,
      ),
    ).toEqual([
      [0, 2],
      [4, 6],
    ]);
  });
});

test('the waits in a span of time are summed', () => {
  const focus = focusOf({ waiter: 1, holder: 0, lock: null }, [
    { thread: 1, bounds: Float64Array.of(10, 20, 30, 40) },
  ]);
  if (focus === null) throw new Error('no focus');
  expect(focusedNs(focus, { from: 0, to: 100 })).toBe(20);
  expect(focusedNs(focus, { from: 15, to: 35 })).toBe(10);
  expect(focusedNs(focus, { from: 20, to: 30 })).toBe(0);
});

test('spans of several waiters together are in order, apart, and hold what any of them holds', () => {
  fc.assert(
    fc.property(fc.array(spans, { maxLength: 5 }), (lists) => {
      const union = unionOf(lists);
      for (let i = 1; i < union.length; i++) expect(union[i]).toBeGreaterThan(union[i - 1] ?? 0);
      const within = (bounds: Float64Array, t: number): boolean =>
        bounds.some((from, i) => i % 2 === 0 && from <= t && t < (bounds[i + 1] ?? 0));
      for (let t = 0.5; t < 4_000; t += 1) {
        if (within(union, t) !== lists.some((list) => within(list, t))) expect(t).toBe('the same in both');
      }
    }),
    { numRuns: 30 },
  );
});

test('the holder is in the way while anybody waits, and the range of all waits has air', () => {
  const waits = [
    { thread: 1, bounds: Float64Array.of(160, 200, 300, 320) },
    { thread: 2, bounds: Float64Array.of(180, 220) },
  ];
  const focus = focusOf({ waiter: null, holder: 0, lock: null }, waits);
  if (focus === null) throw new Error('no focus');
  expect([...focus.held]).toEqual([160, 220, 300, 320]);
  expect(focusedRange(focus, 1_000)).toEqual({ from: 150, to: 330 });
  expect(focusedRange(focus, 325)).toEqual({ from: 150, to: 325 });
  expect(focusedRange({ ...focus, waits: new Map() }, 1_000)).toBeNull();
  expect(focusOf({ waiter: 1, holder: NO_THREAD, lock: null }, waits)?.held).toHaveLength(0);
});
