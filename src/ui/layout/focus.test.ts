import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { focusedNs, focusOf, gapsBetween, spanPixels } from './focus.ts';

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
