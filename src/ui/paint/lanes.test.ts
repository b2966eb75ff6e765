import { describe, expect, test } from 'vitest';
import { Kind, State } from '../../event/index.ts';
import { Runs } from '../../trace/index.ts';
import { runAt, threadRuns, windowOf } from '../layout/runs.ts';
import { paintThread } from './lanes.ts';
import { lookOf, PAINTS, type Palette } from './palette.ts';
import { SvgSurface } from './svg-surface.ts';
import { pyramidOf, readAfterWrite, recorder } from './testing.ts';

const band = { x: 50, y: 10, h: 12, ratio: 2 };
const w = windowOf({ from: 0, to: 1_000 }, 100, 2);

describe('thread lanes', () => {
  test('show each state where it was, waits hatched', () => {
    const { surface, rects } = recorder();
    paintThread(surface, threadRuns(readAfterWrite(), 1, w), band);
    expect(rects).toEqual([
      { x: 50, y: 10, w: 30, h: 12, paint: 'user', hatch: 'none' },
      { x: 80, y: 10, w: 50, h: 12, paint: 'wait-read', hatch: 'rising' },
      { x: 130, y: 10, w: 10, h: 12, paint: 'kernel', hatch: 'none' },
      { x: 140, y: 10, w: 10, h: 12, paint: 'user', hatch: 'none' },
    ]);
  });

  test('the hit test finds what is painted at every pixel', () => {
    const runs = threadRuns(readAfterWrite(), 1, w);
    const { surface, rects } = recorder();
    paintThread(surface, runs, band);
    for (let x = 0; x < 100; x += 0.5) {
      const rect = rects.find((r) => x >= r.x - band.x && x < r.x - band.x + r.w);
      const run = runAt(runs, x, band.ratio);
      expect(rect?.paint).toBe(lookOf(runs.state[run] ?? -1).paint);
    }
    expect(runAt(runs, -1, 2)).toBe(-1);
    expect(runAt(runs, 101, 2)).toBe(-1);
  });

  test('a wait of a hundredth of a pixel is still seen, as a line at the edge of the lane', () => {
    const wide = threadRuns(readAfterWrite(), 1, windowOf({ from: 799, to: 899 }, 1, 1));
    for (const h of [30, 20, 14, 13, 9, 4]) {
      const { surface, rects } = recorder();
      paintThread(surface, wide, { ...band, h, ratio: 1 });
      const line = h >= 14 ? 2 : 1;
      expect(rects.at(-1)).toMatchObject({ y: band.y + h - line, h: line, paint: 'wait-read' });
    }
  });

  test.each([
    ['a third', [710, 980], 4, 'kernel'],
    ['a little', [790, 900], 1, 'kernel'],
    ['two thirds', [600, 900], 8, 'kernel'],
  ] as const)(
    'a wait that fills %s of a pixel takes that part of its height',
    (_, [from, to], high, rest) => {
      const { surface, rects } = recorder();
      const window = windowOf({ from, to }, 1, 1);
      paintThread(surface, threadRuns(readAfterWrite(), 1, window), { ...band, ratio: 1 });
      expect(rects.map(({ y, h, paint }) => [y, h, paint])).toEqual([
        [10, 12, rest],
        [22 - high, high, 'wait-read'],
      ]);
    },
  );

  test('what a thread does between two sleeps is a tint of what it runs as, over the line of the sleep', () => {
    const { KERNEL, IDLE, RUNNABLE, USER } = State;
    const sleeper = pyramidOf([
      [0, 0, Kind.STATE, IDLE],
      [500, 0, Kind.STATE, RUNNABLE],
      [510, 0, Kind.STATE, KERNEL],
      [514, 0, Kind.STATE, USER],
      [515, 0, Kind.STATE, IDLE],
    ]);
    const { surface, rects } = recorder();
    const window = windowOf({ from: 400, to: 600 }, 1, 1);
    paintThread(surface, threadRuns(sleeper, 0, window), { ...band, ratio: 1 });
    expect(rects.map(({ h, paint }) => [h, paint])).toEqual([
      [1, 'idle'],
      [12, 'kernel'],
    ]);
  });

  test('at most one run per pixel, and nothing where nothing was recorded', () => {
    const runs = threadRuns(readAfterWrite(), 0, windowOf({ from: 900, to: 1_400 }, 100, 1), new Runs());
    expect(runs.count).toBeLessThanOrEqual(100);
    expect(runAt(runs, 10, 1)).toBeGreaterThanOrEqual(0);
    expect(runAt(runs, 30, 1)).toBe(-1);
  });
});

test('the SVG backend draws the same list', () => {
  const palette = Object.fromEntries(PAINTS.map((name) => [name, '#123456'])) as Palette;
  const svg = new SvgSurface(palette);
  paintThread(svg, threadRuns(readAfterWrite(), 1, w), band);
  const text = svg.document(200, 40);
  expect(text.match(/<rect x=/g)).toHaveLength(4);
  expect(text).toContain('url(#wait-read-rising)');
  expect(text).toContain('<pattern id="wait-read-rising"');
});
