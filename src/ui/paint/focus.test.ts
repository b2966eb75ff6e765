import { describe, expect, test } from 'vitest';
import { NO_THREAD } from '../../event/index.ts';
import { drain } from '../frame.ts';
import { focusOf } from '../layout/focus.ts';
import { laneRows } from '../layout/rows.ts';
import { drawLocks, drawThreads, type ThreadScene } from '../timeline/draw-lanes.ts';
import { GUTTER, lockRows, RIGHT } from '../timeline/geometry.ts';
import { paintFocus, VEIL } from './focus.ts';
import { LOCK, MUTEX, meta, readAfterWrite, recorder } from './testing.ts';

const band = { x: 50, y: 10, h: 12, ratio: 2 };
const range = { from: 0, to: 1_000 };

describe('a lane of which some waits stand out', () => {
  test('is faint but for them, with a line along each', () => {
    const { surface, rects } = recorder();
    // b waits from 300 to 800 ns, of a lane of 200 device pixels.
    paintFocus(surface, Float64Array.of(300, 800), range, 200, band);
    expect(rects).toEqual([
      { x: 50, y: 10, w: 30, h: 12, paint: 'bg', hatch: 'none' },
      { x: 130, y: 10, w: 20, h: 12, paint: 'bg', hatch: 'none' },
      { x: 80, y: 8, w: 50, h: 2, paint: 'fg', hatch: 'none' },
      { x: 80, y: 22, w: 50, h: 2, paint: 'fg', hatch: 'none' },
    ]);
  });

  test('shows a wait of a thousandth of a pixel, and faints wholly without any', () => {
    const { surface, rects } = recorder();
    paintFocus(surface, Float64Array.of(500, 500.001), range, 10, { ...band, h: 5, ratio: 1 });
    expect(rects.map(({ x, w, h, paint }) => [x, w, h, paint])).toEqual([
      [50, 5, 5, 'bg'],
      [56, 4, 5, 'bg'],
      [55, 1, 1, 'fg'],
      [55, 1, 1, 'fg'],
    ]);
    const none = recorder();
    paintFocus(none.surface, new Float64Array(0), range, 10, { ...band, ratio: 1 });
    expect(none.rects.map(({ x, w }) => [x, w])).toEqual([[50, 10]]);
  });
});

test('a holder is bright while it is in the way, and has lines along its own waits only', () => {
  const { surface, rects } = recorder();
  paintFocus(surface, new Float64Array(0), range, 10, { ...band, ratio: 1 }, Float64Array.of(300, 800));
  expect(rects.map(({ x, w, h, paint }) => [x, w, h, paint])).toEqual([
    [50, 3, 12, 'bg'],
    [58, 2, 12, 'bg'],
  ]);
});

const WIDTH = GUTTER + 100 + RIGHT;
const groups = [{ key: 'socket 0', name: 'socket 0', threads: [0, 1, 2] }];
const lanes = laneRows(groups, 60);

function sceneOf(filter: Parameters<typeof focusOf>[0]): ThreadScene {
  const waits = [{ thread: 1, bounds: Float64Array.of(300, 800) }];
  return {
    view: readAfterWrite(),
    meta,
    range,
    lanes,
    groups,
    selected: undefined,
    focus: focusOf(filter, waits),
  };
}

/** Lanes (by 20 px) that have something faint in them, and how much of each, px. */
function faint(filter: Parameters<typeof focusOf>[0]): Map<number, number> {
  const { surface, rects } = recorder();
  drain(drawThreads(surface, WIDTH, 60, 1, sceneOf(filter), 0));
  const found = new Map<number, number>();
  for (const { y, w, paint } of rects.filter((rect) => rect.paint === 'bg')) {
    expect(paint).toBe('bg');
    found.set(Math.floor(y / 20), (found.get(Math.floor(y / 20)) ?? 0) + w);
  }
  return found;
}

describe('the time view under a filter of the matrix', () => {
  test('leaves waiter and holder as they are in the waits, and faints who takes no part', () => {
    expect(faint({ waiter: 1, holder: 0, lock: LOCK })).toEqual(
      new Map([
        [0, 50],
        [1, 50],
        [2, 100],
      ]),
    );
    expect(faint(null)).toEqual(new Map());
  });

  test('faints everybody but the waiter where nobody held the lock', () => {
    expect([...faint({ waiter: 1, holder: NO_THREAD, lock: null }).keys()]).toEqual([0, 1, 2]);
  });

  test('faints the other locks', () => {
    const view = readAfterWrite();
    const { rows, total } = lockRows(view);
    const veiled = (lock: number | null): number[] => {
      const { surface, rects } = recorder();
      const focus = focusOf({ waiter: 1, holder: 0, lock }, []);
      drain(drawLocks(surface, WIDTH, total, 1, view, range, rows, 0, focus));
      return rects.filter(({ paint }) => paint === 'bg').map(({ y, h }) => y + h);
    };
    const bottoms = rows.map(({ top, height }) => top + height);
    expect(veiled(LOCK)).toEqual(bottoms.slice(1));
    expect(veiled(MUTEX)).toEqual([bottoms[0], bottoms[2]]);
    expect(veiled(null)).toEqual([]);
  });

  test('is a veil through which the lanes can still be seen', () => {
    expect(VEIL).toBeGreaterThan(0.5);
    expect(VEIL).toBeLessThan(0.9);
  });
});
