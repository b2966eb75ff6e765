import { expect, test } from 'vitest';
import { paintArea } from './areas.ts';
import { recorder } from './testing.ts';

/** Mapped, dead and present pages per pixel. */
function painted(...pixels: readonly [number, number, number][]) {
  const { surface, rects } = recorder();
  paintArea(surface, Float64Array.from(pixels.flat()), pixels.length, 100, { x: 10, y: 5, h: 20, ratio: 1 });
  return rects.map(({ x, y, w, h, paint, hatch }) => [x, y, w, h, paint, hatch]);
}

test('an area is filled as far as it is present, and nothing where it is unmapped', () => {
  expect(painted([0, 0, 0], [100, 0, 50], [100, 0, 50], [100, 0, 100], [0, 0, 0])).toEqual([
    [11, 15, 2, 10, 'kernel', 'none'],
    [11, 5, 2, 10, 'idle', 'none'],
    [13, 5, 1, 20, 'kernel', 'none'],
  ]);
});

test('what is dead or detached is hatched, as far as it is present', () => {
  expect(painted([100, 100, 50])).toEqual([
    [10, 15, 1, 10, 'hold-write', 'falling'],
    [10, 5, 1, 10, 'hold-write', 'none'],
  ]);
});

test('a page among millions, and one that dies among them, are still a pixel high', () => {
  const rects = painted([100, 0.001, 0.001]);
  expect(rects.map(([, , , h, paint]) => [h, paint])).toEqual([
    [1, 'kernel'],
    [1, 'hold-write'],
    [18, 'idle'],
  ]);
});
