import {
  Class,
  Flag,
  Kind,
  MMAP_SEQ,
  NO_THREAD,
  newChunk,
  objectId,
  State,
  type TraceMeta,
} from '../../event/index.ts';
import { Pyramid } from '../../trace/index.ts';
import type { Palette } from './palette.ts';
import type { Surface } from './surface.ts';

/** Logs, colours and surfaces for the tests of painters and texts. */

/** The colours of a theme, from the text of styles/palette.css. */
export function coloursOf(css: string, theme: string): Palette {
  const block = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  const found = [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]);
  return Object.fromEntries(found) as Palette;
}

export const LOCK = objectId(Class.MMAP_LOCK, 0);
export const MUTEX = objectId(Class.LOCK, 0);

export const meta: TraceMeta = {
  title: '',
  threads: ['a', 'b', 'c'].map((name, cpu) => ({ name, cpu, mm: 0, daemon: false })),
  cpuSocket: [0, 0, 0],
  mms: ['process'],
  sites: [],
  syscalls: [],
  phases: [],
  counters: [],
  invariants: [],
  vars: [],
  locks: [{ name: 'm', kind: 'mutex' }],
  mmapLockLabel: 'mmap_sem',
  extentNs: 1_000,
  simulated: true,
};

/** Time, thread, kind, state, flags; a record of a state has no object. */
type Line = readonly [t: number, thread: number, kind: number, state: number, flags?: number];

/** The lanes of a log about one lock, which ends at 1,000 ns. */
export function pyramidOf(lines: readonly Line[], lock = LOCK): Pyramid {
  const chunk = newChunk(0);
  for (const [t, thread, kind, state, flags = 0] of lines) {
    const i = chunk.count++;
    chunk.t[i] = t;
    chunk.thread[i] = thread;
    chunk.kind[i] = kind;
    chunk.object[i] = kind === Kind.STATE ? 0 : lock;
    chunk.flags[i] = flags | state | Flag.STEP_END;
  }
  const pyramid = new Pyramid(meta);
  pyramid.add(chunk, 0, chunk.count);
  pyramid.finish(1_000);
  return pyramid;
}

const { WRITE, CONTENDED, STEAL, HANDOFF } = Flag;

/** a writes from 100 to 800 ns; b waits for it from 300 ns on, and reads until 900 ns. */
export function readAfterWrite(): Pyramid {
  return pyramidOf([
    [0, 0, Kind.STATE, State.USER],
    [0, 1, Kind.STATE, State.USER],
    [100, 0, Kind.LOCK_GRANT, State.KERNEL, WRITE],
    [300, 1, Kind.LOCK_REQUEST, State.WAIT_READ],
    [800, 0, Kind.LOCK_RELEASE, State.USER, WRITE],
    [800, 1, Kind.LOCK_GRANT, State.KERNEL, CONTENDED],
    [900, 1, Kind.LOCK_RELEASE, State.USER],
  ]);
}

/**
 * a writes from 100 ns on. b spins from 200, sleeps from 300; c spins from 400. a releases at 500, c steals past b at
 * 500, b demands at 600, c releases at 700: b is handed the lock at 700, runs from 800 and releases at 900.
 */
export function stealAndHandOver(lock = LOCK): Pyramid {
  const { LOCK_GRANT, LOCK_RELEASE, LOCK_REQUEST } = Kind;
  return pyramidOf(
    [
      [0, 0, Kind.STATE, State.USER],
      [0, 1, Kind.STATE, State.USER],
      [0, 2, Kind.STATE, State.USER],
      [100, 0, LOCK_GRANT, State.KERNEL, WRITE],
      [200, 1, LOCK_REQUEST, State.SPIN, WRITE],
      [300, 1, Kind.LOCK_QUEUE, State.WAIT_WRITE, WRITE],
      [400, 2, LOCK_REQUEST, State.SPIN, WRITE],
      [500, 0, LOCK_RELEASE, State.USER, WRITE],
      [500, 2, LOCK_GRANT, State.KERNEL, WRITE | CONTENDED | STEAL],
      [600, 1, Kind.LOCK_DEMAND, State.WAIT_WRITE, WRITE],
      [700, 2, LOCK_RELEASE, State.USER, WRITE],
      [700, 1, LOCK_GRANT, State.RUNNABLE, WRITE | CONTENDED | HANDOFF],
      [800, 1, Kind.STATE, State.KERNEL],
      [900, 1, LOCK_RELEASE, State.USER, WRITE],
    ],
    lock,
  );
}

export const MM_SEQ = objectId(Class.SEQ, MMAP_SEQ);
export const VMA_SEQ = objectId(Class.SEQ, 3);
export const RCU = objectId(Class.GRACE, 0);
export const VMA_LOCK = objectId(Class.VMA_LOCK, 3);
export const RANGE_LOCK = objectId(Class.MM_LOCK, 1);
export const withAborts: TraceMeta = { ...meta, counters: ['', 'spf_abort_odd', 'spf_abort_pmd'] };

/**
 * Faults without mmap_sem: mmap_seq is odd from 100 to 300 ns by c, the count of a VMA from 400 to 440. A grace period for
 * 3 callbacks lasts from 200 to 600, the next one, for 1, goes on. a aborts at 150 and 700, there twice; b locks a VMA from
 * 500 to 700 while a waits for it from 550, and parts of the range lock are written by a and c from 800 to 900.
 */
export function speculation(): Pyramid {
  const chunk = newChunk(0);
  const put = (
    t: number,
    thread: number,
    kind: number,
    object: number,
    arg = 0,
    flags: number = State.KERNEL,
  ) => {
    const i = chunk.count++;
    chunk.t[i] = t;
    chunk.thread[i] = thread;
    chunk.kind[i] = kind;
    chunk.object[i] = object;
    chunk.arg[i] = arg;
    chunk.flags[i] = flags;
  };
  const abort = (t: number, counter: number): void =>
    put(t, 0, Kind.COUNTER, objectId(Class.COUNTER, counter), 1);
  for (const thread of [0, 1, 2]) put(0, thread, Kind.STATE, 0);
  put(100, 2, Kind.SEQUENCE, MM_SEQ, 1);
  abort(150, 1);
  put(200, NO_THREAD, Kind.GRACE_BEGIN, RCU, 3, 0);
  put(300, 2, Kind.SEQUENCE, MM_SEQ, 2);
  put(400, 2, Kind.SEQUENCE, VMA_SEQ, 1);
  put(440, 2, Kind.SEQUENCE, VMA_SEQ, 2);
  put(500, 1, Kind.LOCK_GRANT, VMA_LOCK, 0, State.KERNEL | WRITE);
  put(550, 0, Kind.LOCK_REQUEST, VMA_LOCK, 1, State.WAIT_WRITE | WRITE);
  put(600, NO_THREAD, Kind.GRACE_END, RCU, 3, 0);
  put(600, NO_THREAD, Kind.GRACE_BEGIN, RCU, 1, 0);
  put(650, 0, Kind.LOCK_CANCEL, VMA_LOCK, 0, State.KERNEL | WRITE);
  put(700, 1, Kind.LOCK_RELEASE, VMA_LOCK, 0, State.KERNEL | WRITE);
  abort(700, 1);
  abort(702, 2);
  put(800, 0, Kind.LOCK_GRANT, RANGE_LOCK, 0, State.KERNEL | WRITE);
  put(800, 2, Kind.LOCK_GRANT, RANGE_LOCK, 0, State.KERNEL | WRITE);
  put(900, 2, Kind.LOCK_RELEASE, RANGE_LOCK, 0, State.KERNEL | WRITE);
  const pyramid = new Pyramid(withAborts);
  pyramid.add(chunk, 0, chunk.count);
  pyramid.finish(1_000);
  return pyramid;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly paint: string;
  readonly hatch: string;
}

/** Keeps what is painted. */
export function recorder(): { surface: Surface; rects: Rect[]; lines: number[][]; texts: string[] } {
  const rects: Rect[] = [];
  const lines: number[][] = [];
  const texts: string[] = [];
  const surface: Surface = {
    rect: (x, y, w, h, paint, _alpha, hatch = 'none') => rects.push({ x, y, w, h, paint, hatch }),
    path: (points) => lines.push([...points]),
    curve: () => {},
    text: (_x, _y, text) => void texts.push(text),
    textWidth: (text, { size }) => text.length * size * 0.6,
  };
  return { surface, rects, lines, texts };
}
