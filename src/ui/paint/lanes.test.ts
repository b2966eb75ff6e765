import { describe, expect, test } from 'vitest';
import {
  CHUNK_RECORDS,
  Class,
  Flag,
  Kind,
  newChunk,
  objectId,
  State,
  type TraceMeta,
} from '../../event/index.ts';
import { LockRuns, Pyramid, Runs } from '../../trace/index.ts';
import { lockRuns, runAt, threadRuns, windowOf } from '../layout/runs.ts';
import { paintDepth, paintOwners, paintThread } from './lanes.ts';
import { lookOf, PAINTS, type Palette } from './palette.ts';
import type { Surface } from './surface.ts';
import { SvgSurface } from './svg-surface.ts';

const LOCK = objectId(Class.MMAP_LOCK, 0);

const meta: TraceMeta = {
  title: '',
  threads: ['a', 'b'].map((name, cpu) => ({ name, cpu, mm: 0, daemon: false })),
  cpuSocket: [0, 0],
  mms: ['process'],
  sites: [],
  syscalls: [],
  phases: [],
  counters: [],
  invariants: [],
  vars: [],
  locks: [],
  mmapLockLabel: 'mmap_sem',
  extentNs: 1_000,
  simulated: true,
};

/** a writes from 100 to 800 ns; b waits for it from 300 ns on, and reads until 900 ns. */
function recorded(): Pyramid {
  const chunk = newChunk(0);
  const add = (t: number, thread: number, kind: number, state: number, flags = 0): void => {
    const i = chunk.count++;
    chunk.t[i] = t;
    chunk.thread[i] = thread;
    chunk.kind[i] = kind;
    chunk.object[i] = kind === Kind.STATE ? 0 : LOCK;
    chunk.flags[i] = flags | state | Flag.STEP_END;
  };
  add(0, 0, Kind.STATE, State.USER);
  add(0, 1, Kind.STATE, State.USER);
  add(100, 0, Kind.LOCK_GRANT, State.KERNEL, Flag.WRITE);
  add(300, 1, Kind.LOCK_REQUEST, State.WAIT_READ);
  add(800, 0, Kind.LOCK_RELEASE, State.USER, Flag.WRITE);
  add(800, 1, Kind.LOCK_GRANT, State.KERNEL, Flag.CONTENDED);
  add(900, 1, Kind.LOCK_RELEASE, State.USER);
  expect(chunk.count).toBeLessThan(CHUNK_RECORDS);
  const pyramid = new Pyramid(meta);
  pyramid.add(chunk, 0, chunk.count);
  pyramid.finish(1_000);
  return pyramid;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly paint: string;
  readonly hatch: string;
}

/** Keeps what is painted. */
function recorder(): { surface: Surface; rects: Rect[]; lines: number[][] } {
  const rects: Rect[] = [];
  const lines: number[][] = [];
  const surface: Surface = {
    rect: (x, y, w, h, paint, _alpha, hatch = 'none') => rects.push({ x, y, w, h, paint, hatch }),
    path: (points) => lines.push([...points]),
    curve: () => {},
    text: () => {},
  };
  return { surface, rects, lines };
}

const band = { x: 50, y: 10, h: 12, ratio: 2 };
const w = windowOf({ from: 0, to: 1_000 }, 100, 2);

describe('thread lanes', () => {
  test('show each state where it was, waits hatched', () => {
    const { surface, rects } = recorder();
    paintThread(surface, threadRuns(recorded(), 1, w), band);
    expect(rects).toEqual([
      { x: 50, y: 10, w: 30, h: 12, paint: 'user', hatch: 'none' },
      { x: 80, y: 10, w: 50, h: 12, paint: 'wait-read', hatch: 'rising' },
      { x: 130, y: 10, w: 10, h: 12, paint: 'kernel', hatch: 'none' },
      { x: 140, y: 10, w: 10, h: 12, paint: 'user', hatch: 'none' },
    ]);
  });

  test('the hit test finds what is painted at every pixel', () => {
    const runs = threadRuns(recorded(), 1, w);
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

  test('a wait of a thousandth of a pixel is still seen', () => {
    const wide = threadRuns(recorded(), 1, windowOf({ from: 0, to: 1_000_000 }, 2, 1));
    const { surface, rects } = recorder();
    paintThread(surface, wide, { ...band, ratio: 1 });
    expect(rects.some(({ paint }) => paint === 'wait-read')).toBe(true);
  });

  test('at most one run per pixel, and nothing where nothing was recorded', () => {
    const runs = threadRuns(recorded(), 0, windowOf({ from: 900, to: 1_400 }, 100, 1), new Runs());
    expect(runs.count).toBeLessThanOrEqual(100);
    expect(runAt(runs, 10, 1)).toBeGreaterThanOrEqual(0);
    expect(runAt(runs, 30, 1)).toBe(-1);
  });
});

describe('lock lanes', () => {
  test('show the writer over the full height, then the reader', () => {
    const { surface, rects } = recorder();
    paintOwners(surface, lockRuns(recorded(), 0, w, new LockRuns()), band);
    // A change of the queue begins another run of the same look.
    expect(rects.map(({ x, w: width, h, paint }) => [x, width, h, paint])).toEqual([
      [60, 20, 12, 'hold-write'],
      [80, 50, 12, 'hold-write'],
      [130, 10, 12, 'hold-read'],
    ]);
  });

  test('show the queue as steps', () => {
    const { surface, lines } = recorder();
    paintDepth(surface, lockRuns(recorded(), 0, w), band, 1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual([80, 22, 80, 10, 130, 10, 130, 22]);
  });
});

test('the SVG backend draws the same list', () => {
  const palette = Object.fromEntries(PAINTS.map((name) => [name, '#123456'])) as Palette;
  const svg = new SvgSurface(palette);
  paintThread(svg, threadRuns(recorded(), 1, w), band);
  const text = svg.document(200, 40);
  expect(text.match(/<rect x=/g)).toHaveLength(4);
  expect(text).toContain('url(#wait-read-rising)');
  expect(text).toContain('<pattern id="wait-read-rising"');
});
