import { describe, expect, test } from 'vitest';
import { Flag, Kind, State } from '../../event/index.ts';
import { MarkKind, type PyramidView } from '../../trace/index.ts';
import { lockMarks, lockRuns, windowOf } from '../layout/runs.ts';
import {
  fewMarks,
  MARK_HEIGHT,
  paintDemand,
  paintDepth,
  paintMarks,
  paintOpenMarks,
  paintOwners,
} from './locks.ts';
import { pyramidOf, type Rect, readAfterWrite, recorder, stealAndHandOver } from './testing.ts';

const band = { x: 50, y: 10, h: 12, ratio: 2 };
const w = windowOf({ from: 0, to: 1_000 }, 100, 2);
/** The whole log in one pixel. */
const far = windowOf({ from: 0, to: 1_000 }, 1, 1);
const one = { ...band, ratio: 1 };

function owners(view: PyramidView, window = w, at = band): Rect[] {
  const { surface, rects } = recorder();
  paintOwners(surface, lockRuns(view, 0, window), at);
  return rects;
}

function queue(view: PyramidView, most: number, window = w, at = band) {
  const { surface, rects, lines } = recorder();
  paintDepth(surface, lockRuns(view, 0, window), at, most);
  return { rects, lines };
}

function marks(view: PyramidView, kind: number, points: 'down' | 'up', window = w, at = band) {
  const { surface, rects, lines } = recorder();
  paintMarks(surface, lockMarks(view, 0, window), window.pixels, kind, at, points);
  return { rects, lines };
}

describe('owners', () => {
  test('show the writer over the full height, then the reader', () => {
    // A change of the queue begins another run of the same look.
    expect(owners(readAfterWrite()).map(({ x, w: width, h, paint }) => [x, width, h, paint])).toEqual([
      [60, 20, 12, 'hold-write'],
      [80, 50, 12, 'hold-write'],
      [130, 10, 12, 'hold-read'],
    ]);
  });

  test('are hatched while a lock is held by a thread that does not run yet', () => {
    const off = owners(stealAndHandOver()).filter(({ hatch }) => hatch !== 'none');
    expect(off).toEqual([{ x: 120, y: 10, w: 10, h: 12, paint: 'hold-write', hatch: 'dense' }]);
  });

  test('have both parts of a pixel in which the owner runs for a part of the hold', () => {
    const [off, on] = owners(stealAndHandOver(), far, one);
    // 100 of 800 ns, but at least three pixels.
    expect(off).toMatchObject({ y: 10, h: 3, hatch: 'dense' });
    expect(on).toMatchObject({ y: 13, h: 9, hatch: 'none' });
  });
});

test('open marks are drawn only where they can be told apart, of all kinds or of none', () => {
  const bits = new Uint8Array(100);
  for (const x of [10, 50, 90]) bits[x] = 1;
  expect(fewMarks(bits, 100, [0, 1], 1)).toBe(true);
  for (let x = 0; x < 100; x += 9) bits[x] = (bits[x] ?? 0) | 2;
  expect(fewMarks(bits, 100, [0, 1], 1)).toBe(false);
  const { surface, lines } = recorder();
  paintOpenMarks(surface, bits, 100, 0, one, 'down', 'level');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toEqual([57, 10.5, 60.5, 15, 64, 10.5]);
});

describe('the queue', () => {
  test('is a line of steps', () => {
    const { lines } = queue(readAfterWrite(), 1);
    expect(lines).toEqual([[80, 22, 80, 10, 130, 10, 130, 22]]);
  });

  test('has those who sleep below and those who spin above, hatched', () => {
    const { rects, lines } = queue(stealAndHandOver(), 2);
    // The outline of the sleepers, then those of the two times that somebody spins.
    expect(lines).toEqual([
      [80, 22, 80, 16, 90, 16, 90, 16, 100, 16, 100, 16, 110, 16, 110, 16, 120, 16, 120, 22],
      [70, 22, 70, 16, 80, 16, 80, 22],
      [90, 16, 90, 10, 100, 10, 100, 16],
    ]);
    const look = ({ x, y, h, paint, hatch }: Rect) => [x, y, h, paint, hatch];
    expect(rects.map(look)).toEqual([
      [70, 16, 6, 'spin', 'dense'],
      [80, 16, 6, 'queue', 'none'],
      [90, 16, 6, 'queue', 'none'],
      [90, 10, 6, 'spin', 'dense'],
      [100, 16, 6, 'queue', 'none'],
      [110, 16, 6, 'queue', 'none'],
    ]);
  });

  test('shows both in a pixel in which some slept and others spun, never at the same time', () => {
    const view = pyramidOf([
      [0, 1, Kind.STATE, State.USER],
      [200, 1, Kind.LOCK_REQUEST, State.SPIN],
      [300, 1, Kind.LOCK_QUEUE, State.WAIT_READ],
      [400, 1, Kind.LOCK_CANCEL, State.KERNEL],
    ]);
    const { rects } = queue(view, 1, far, one);
    expect(rects.map(({ paint }) => paint)).toEqual(['queue', 'spin']);
    expect(Math.min(...rects.map(({ h }) => h))).toBeGreaterThanOrEqual(3);
    expect(rects.reduce((sum, { h }) => sum + h, 0)).toBe(12);
  });

  test('keeps a lone waiter in sight of many', () => {
    expect(queue(readAfterWrite(), 1_000).rects[0]?.h).toBe(3);
  });
});

describe('a demand', () => {
  test('is a line as long as it is in force', () => {
    const { surface, rects } = recorder();
    paintDemand(surface, lockRuns(stealAndHandOver(), 0, w), band);
    expect(rects.map(({ x, y, w: width }) => [x, y, width])).toEqual([[110, 10, 10]]);
  });

  test('never vanishes', () => {
    const { surface, rects } = recorder();
    paintDemand(surface, lockRuns(stealAndHandOver(), 0, far), one);
    expect(rects[0]?.w).toBe(3);
  });
});

describe('marks', () => {
  test('point at the owners where it happened: a steal from above, a hand-over from the queue', () => {
    const steal = marks(stealAndHandOver(), MarkKind.STEAL, 'down').lines;
    expect(steal).toEqual([[96.5, 10, 104, 10, 100.5, 16, 100, 16]]);
    const handed = marks(stealAndHandOver(), MarkKind.HANDOVER, 'up').lines;
    expect(handed).toEqual([[116.5, 16, 124, 16, 120.5, 10, 120, 10]]);
    expect(marks(readAfterWrite(), MarkKind.STEAL, 'down').lines).toEqual([]);
  });

  test('are there from however far away', () => {
    const { lines } = marks(stealAndHandOver(), MarkKind.STEAL, 'down', far, one);
    expect(lines).toEqual([[46.5, 10, 54.5, 10, 51, 16, 50, 16]]);
  });

  test('become a comb with a tooth for each where they would run into each other', () => {
    const lines = [100, 120, 150, 500].map((t) => {
      return [t, 0, Kind.LOCK_GRANT, State.KERNEL, Flag.STEAL | Flag.WRITE] as const;
    });
    const { rects, lines: wedges } = marks(pyramidOf(lines), MarkKind.STEAL, 'down');
    expect(wedges.map(([x]) => x)).toEqual([96.5]);
    expect(rects.map(({ x, w: width }) => [x, width])).toEqual([
      [56.5, 12.5],
      [60, 0.5],
      [62, 0.5],
      [65, 0.5],
    ]);
    const bottom = Math.max(...rects.map(({ y, h }) => y + h));
    expect(bottom).toBe(band.y + MARK_HEIGHT);
  });
});
