import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Class, type EventRecord, Flag, Kind, manyOf, NO_THREAD, objectId, State } from '../event/index.ts';
import { Pyramid } from './intervals.ts';
import { LockMode, LockRuns } from './lock-lane.ts';
import { MarkKind } from './mark-lane.ts';
import { demandedAt, holdsOf, marksOf, stateNs, statesOf, waitsOf } from './naive.ts';
import { PyramidReader } from './pyramid-reader.ts';
import type { PyramidView } from './pyramid-view.ts';
import {
  LogBuilder,
  MM,
  MMAP,
  MUNMAP,
  MUTEX,
  RANGE_LOCK,
  RB_LOCK,
  randomLog,
  SEM,
  tableId,
  testMeta,
  vmaLock,
} from './testing.ts';
import { Runs } from './thread-lane.ts';

const meta = testMeta();
const MARKED = Flag.STEAL | Flag.HANDOFF;
const WAITS = [State.SPIN, State.WAIT_READ, State.WAIT_WRITE] as readonly number[];
const windows = fc.record({
  pixels: fc.integer({ min: 1, max: 120 }),
  from: fc.double({ min: -0.2, max: 1.1, noNaN: true }),
  width: fc.oneof(fc.double({ min: 1e-6, max: 1.5, noNaN: true }), fc.constant(1)),
});
type Window = typeof windows extends fc.Arbitrary<infer T> ? T : never;

/** Start and end of a window given as parts of the log's length. */
function spanOf(window: Window, endNs: number): [number, number] {
  const t0 = window.from * endNs;
  return [t0, t0 + window.width * endNs];
}

function pyramidOf(log: LogBuilder, endNs: number): Pyramid {
  const pyramid = new Pyramid(meta);
  log.feed(pyramid, 77);
  pyramid.finish(endNs);
  return pyramid;
}

/** One entry per pixel, undefined where there is no run; fails if runs overlap or could be one. */
function byPixel<T>(
  runs: { count: number; x0: Uint32Array; x1: Uint32Array },
  pixels: number,
  at: (i: number) => T,
) {
  const seen = new Array<T | undefined>(pixels).fill(undefined);
  for (let i = 0; i < runs.count; i++) {
    expect(runs.x1[i]).toBeGreaterThan(runs.x0[i]);
    expect(runs.x1[i]).toBeLessThanOrEqual(pixels);
    if (i > 0) {
      expect(runs.x0[i]).toBeGreaterThanOrEqual(runs.x1[i - 1]);
      if (runs.x0[i] === runs.x1[i - 1]) expect(at(i)).not.toEqual(at(i - 1));
    }
    seen.fill(at(i), runs.x0[i], runs.x1[i]);
  }
  return seen;
}

function checkLane(
  view: PyramidView,
  lane: number,
  states: [number, number][],
  window: Window,
  endNs: number,
): void {
  const [t0, t1] = spanOf(window, endNs);
  const { pixels } = window;
  const runs = new Runs();
  view.laneRuns(lane, t0, t1, pixels, runs);
  const found = byPixel(runs, pixels, (i) => ({
    state: runs.state[i],
    base: runs.base[i],
    ran: runs.ran[i],
    share: runs.share[i],
  }));
  for (let x = 0; x < pixels; x++) {
    const a = Math.max(0, t0 + ((t1 - t0) / pixels) * x);
    const b = Math.min(endNs, t0 + ((t1 - t0) / pixels) * (x + 1));
    const pixel = found[x];
    const width = b - a;
    if (width <= endNs * 1e-12) continue;
    const ns = stateNs(states, a, b);
    const slack = Math.max(width * 1e-6, endNs * 1e-12);
    if (pixel === undefined) throw new Error(`nothing at pixel ${x}`);
    expect(ns[pixel.base]).toBeGreaterThanOrEqual(Math.max(...ns) - slack);
    const waits = WAITS.map((s) => ns[s]);
    if (Math.max(...waits) > slack) {
      expect(WAITS).toContain(pixel.state);
      expect(ns[pixel.state]).toBeGreaterThanOrEqual(Math.max(...waits) - slack);
    } else if (Math.max(...waits) === 0) expect(pixel.state).toBe(pixel.base);
    const run = Math.max(ns[State.USER], ns[State.KERNEL]);
    const rest = Math.max(...ns.filter((_, state) => state !== pixel.state));
    if (WAITS.includes(pixel.state) && pixel.state === pixel.base) {
      if (rest > slack) expect(ns[pixel.ran]).toBeGreaterThanOrEqual(rest - slack);
    } else if (pixel.state < State.IDLE || run === 0) expect(pixel.ran).toBe(pixel.state);
    else if (run > slack) expect(ns[pixel.ran]).toBeGreaterThanOrEqual(run - slack);
    expect(Math.abs(pixel.share - ns[pixel.state] / width)).toBeLessThan(1e-6 + slack / width);
  }
}

interface LockState {
  t: number;
  readers: number;
  writer: number;
  others: number;
  depth: number;
  spinning: number;
  off: boolean;
  demanded: boolean;
}

const FREE: LockState = {
  t: 0,
  readers: 0,
  writer: NO_THREAD,
  others: 0,
  depth: 0,
  spinning: 0,
  off: false,
  demanded: false,
};

/** What a lock is like from each change on, by searching the log at every position. */
function lockStates(log: readonly EventRecord[], lock: number, endNs: number): LockState[] {
  const table = lock >>> 28 === Class.TABLE;
  const many = manyOf(lock);
  const mine = (id: number): boolean => (many < 0 ? id === lock : manyOf(id) === many);
  const holds = holdsOf(log, endNs).filter((h) => mine(h.lock) && !table);
  const waits = waitsOf(log, endNs).filter((w) => mine(w.lock));
  const states: LockState[] = [FREE];
  log.forEach(({ t }, i) => {
    const held = holds.filter((h) => h.from <= i && h.to > i);
    const waiting = waits.filter((w) => w.from <= i && w.decided > i);
    const stateOf = (thread: number): number =>
      (log.findLast((r, k) => k <= i && r.thread === thread)?.flags ?? State.IDLE) & 7;
    const writes = held.filter((h) => h.write).sort((a, b) => a.granted - b.granted);
    const writer = writes.at(-1)?.thread ?? NO_THREAD;
    if (states[states.length - 1].t === t) states.pop();
    states.push({
      t,
      readers: held.filter((h) => !h.write).length,
      writer: many < 0 ? writer : writes.length || NO_THREAD,
      others: many < 0 ? Math.max(0, writes.length - 1) : 0,
      depth: waiting.length,
      spinning: waiting.filter((w) => stateOf(w.thread) === State.SPIN).length,
      off: many < 0 && writer !== NO_THREAD && stateOf(writer) > State.SPIN,
      demanded: many < 0 && demandedAt(log, lock, i),
    });
  });
  return states;
}

function checkLock(
  view: PyramidView,
  lock: number,
  states: LockState[],
  window: Window,
  endNs: number,
): void {
  const [t0, t1] = spanOf(window, endNs);
  const { pixels } = window;
  const runs = new LockRuns();
  view.lockRuns(view.lockLane(lock), t0, t1, pixels, runs);
  const found = byPixel(runs, pixels, (i) => ({
    mode: runs.mode[i],
    writes: runs.writes[i],
    share: runs.share[i],
    off: runs.off[i],
    max: [runs.readers[i], runs.depth[i], runs.spinning[i], runs.sleeping[i]],
    demanded: runs.demanded[i],
  }));
  const modeOf = (s: LockState): number =>
    s.writer !== NO_THREAD ? LockMode.WRITE : s.readers > 0 ? LockMode.READ : LockMode.FREE;
  for (let x = 0; x < pixels; x++) {
    const a = Math.max(0, t0 + ((t1 - t0) / pixels) * x);
    const b = Math.min(endNs, x + 1 === pixels ? t1 : t0 + ((t1 - t0) / pixels) * (x + 1));
    const width = b - a;
    const slack = endNs * 1e-12;
    if (width <= slack) continue;
    const pixel = found[x];
    if (pixel === undefined) throw new Error(`nothing at pixel ${x}`);
    const inside = states.filter((s, i) => s.t < b && (states[i + 1]?.t ?? Infinity) > a);
    expect(pixel.max).toEqual([
      Math.max(...inside.map((s) => s.readers)),
      Math.max(...inside.map((s) => s.depth)),
      Math.max(...inside.map((s) => s.spinning)),
      Math.max(...inside.map((s) => s.depth - s.spinning)),
    ]);
    expect(pixel.demanded === 1).toBe(inside.some((s) => s.demanded));
    const ns = [0, 0, 0];
    let off = 0;
    states.forEach((s, i) => {
      const part = Math.max(0, Math.min(b, states[i + 1]?.t ?? Infinity) - Math.max(a, s.t));
      ns[modeOf(s)] += part;
      if (s.off) off += part;
    });
    const written = ns[LockMode.WRITE];
    if (written > slack + width * 1e-6) {
      expect(Math.abs(pixel.off - off / written)).toBeLessThan(1e-6 + (slack + width * 1e-6) / written);
    } else if (written === 0) expect(pixel.off).toBe(0);
    expect(ns[pixel.mode]).toBeGreaterThanOrEqual(Math.max(...ns) - width * 1e-6 - slack);
    expect(Math.abs(pixel.share - ns[pixel.mode] / width)).toBeLessThan(1e-6 + slack / width);
    expect(pixel.writes === 1).toBe(inside.some((s) => s.writer !== NO_THREAD));
  }
}

const KINDS = { steal: MarkKind.STEAL, handover: MarkKind.HANDOVER, demand: MarkKind.DEMAND };

/** Marks of a lock at every zoom, near every time, and counted, against a search of the whole log. */
function checkMarks(view: PyramidView, log: readonly EventRecord[], lock: number, window: Window): void {
  const endNs = view.endNs;
  const marks = marksOf(log, lock, endNs).map((m) => ({ ...m, kind: KINDS[m.kind] }));
  const lane = view.lockLane(lock);
  const [t0, t1] = spanOf(window, endNs);
  const { pixels } = window;
  const bits = new Uint8Array(pixels + 1).fill(0xff);
  view.markPixels(lane, t0, t1, pixels, bits);
  expect(bits[pixels]).toBe(0xff);
  const counts = view.markCounts(lane, t0, t1);
  for (const kind of Object.values(KINDS)) {
    const inside = marks.filter((m) => m.kind === kind && m.t >= t0 && m.t < t1);
    expect(counts[kind]).toBe(inside.length);
    const expected = new Set(inside.map(({ t }) => (t - t0) / ((t1 - t0) / pixels)));
    for (const x of expected) {
      // A mark on the border of two pixels may fall on either side of it.
      const near = [Math.floor(x - 1e-6), Math.floor(x), Math.floor(x + 1e-6)];
      expect(near.some((p) => (bits[Math.min(pixels - 1, Math.max(0, p))] & (1 << kind)) !== 0)).toBe(true);
    }
    for (let p = 0; p < pixels; p++) {
      if ((bits[p] & (1 << kind)) === 0) continue;
      expect([...expected].some((x) => x > p - 1e-6 && x < p + 1 + 1e-6)).toBe(true);
    }
    const last = view.lastMark(lane, kind, t0, t1);
    expect(last?.t).toBe(inside.at(-1)?.t);
  }
  for (const t of [t0, t1, (t0 + t1) / 2]) {
    const distance = Math.min(...marks.map((m) => Math.abs(m.t - t)));
    const found = view.markNear(lane, t, 50);
    if (distance > 50) expect(found).toBeUndefined();
    else {
      expect(Math.abs((found?.t ?? Infinity) - t)).toBe(distance);
      // Marks alike in one nanosecond are one, named after the first.
      const same = marks.filter((m) => m.t === found?.t && m.kind === found?.kind);
      expect(same).toContainEqual(expect.objectContaining({ thread: found?.thread, queued: found?.queued }));
    }
  }
}

const logs = fc.record({ seed: fc.integer(), steps: fc.integer({ min: 1, max: 600 }) });

describe('lanes over random logs', () => {
  it('show in every pixel what a sum over the whole log says', () => {
    fc.assert(
      fc.property(logs, fc.array(windows, { minLength: 3, maxLength: 6 }), ({ seed, steps }, views) => {
        const log = randomLog(seed, steps);
        const endNs = log.t + 100;
        const pyramid = pyramidOf(log, endNs);
        const records = log.records();
        meta.threads.forEach((_, lane) => {
          const states = statesOf(records, lane);
          for (const window of views) checkLane(pyramid, lane, states, window, endNs);
          states.forEach(([t, state]) => {
            expect(pyramid.stateAt(lane, t)).toBe(state);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  it('show of locks what searching the log says', () => {
    fc.assert(
      fc.property(logs, fc.array(windows, { minLength: 3, maxLength: 5 }), ({ seed, steps }, views) => {
        const log = randomLog(seed, steps);
        const endNs = log.t + 100;
        const pyramid = pyramidOf(log, endNs);
        const records = log.records();
        const single = [MMAP, objectId(Class.MMAP_LOCK, 1), SEM, MUTEX, RB_LOCK, RANGE_LOCK];
        for (const lock of [...single, tableId(0), vmaLock(0)]) {
          const states = lockStates(records, lock, endNs);
          if (pyramid.lockAt(pyramid.lockLane(lock), 0) === undefined) {
            // It has no lane before it is used.
            for (const state of states) expect(state).toEqual({ ...FREE, t: state.t });
            continue;
          }
          for (const window of views) {
            checkLock(pyramid, lock, states, window, endNs);
            if (manyOf(lock) < 0) checkMarks(pyramid, records, lock, window);
          }
          for (const { t, ...state } of states) {
            const { startNs, endNs: end, ...at } = pyramid.lockAt(pyramid.lockLane(lock), t) ?? {};
            expect(at).toEqual(state);
            expect(startNs).toBeLessThanOrEqual(t);
            expect(end).toBeGreaterThan(t);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

/** Two threads that take a mutex from each other, long enough for several segments of every lane. */
function longLog(seed: number, steps: number): LogBuilder {
  const log = new LogBuilder();
  let word = seed;
  const draw = (n: number): number => {
    word = (Math.imul(word, 0x2c1b3c6d) + 0x3039) | 0;
    return (word >>> 5) % n;
  };
  for (const thread of [0, 1]) log.put(Kind.STATE, thread, State.USER);
  for (let i = 0; i < steps; i++) {
    const [a, b] = i & 1 ? [0, 1] : [1, 0];
    log.at(log.t + 1 + draw(40)).put(Kind.LOCK_GRANT, a, State.KERNEL | Flag.WRITE, MUTEX);
    if (draw(3) === 0) {
      log.at(log.t + draw(3)).put(Kind.LOCK_REQUEST, b, State.SPIN | Flag.WRITE, MUTEX);
      log.at(log.t + draw(900)).put(Kind.LOCK_RELEASE, a, State.USER | Flag.WRITE, MUTEX);
      const how = [Flag.STEAL, Flag.HANDOFF, 0][draw(3)] as number;
      log.put(Kind.LOCK_GRANT, b, State.KERNEL | Flag.WRITE | how, MUTEX);
      log.at(log.t + 3).put(Kind.LOCK_RELEASE, b, State.USER | Flag.WRITE, MUTEX);
    } else log.at(log.t + 2).put(Kind.LOCK_RELEASE, a, State.USER | Flag.WRITE, MUTEX);
  }
  return log;
}

describe('lanes of many segments', () => {
  const log = longLog(5, 9_000);
  const endNs = log.t + 1_000;
  const pyramid = pyramidOf(log, endNs);
  const records = log.records();
  const taken = records.filter((r) => r.kind === Kind.LOCK_GRANT && (r.flags & MARKED) !== 0);
  const markKind = (r: EventRecord): number =>
    (r.flags & Flag.STEAL) !== 0 ? MarkKind.STEAL : MarkKind.HANDOVER;

  function checkMarksOfMutex(window: Window): void {
    const [t0, t1] = spanOf(window, endNs);
    const inside = taken.filter(({ t }) => t >= t0 && t < t1);
    const lane = pyramid.lockLane(MUTEX);
    const of = (kind: number): number => inside.filter((r) => markKind(r) === kind).length;
    expect([...pyramid.markCounts(lane, t0, t1)]).toEqual([of(0), of(1), 0, 0, 0, 0]);
    for (const kind of [MarkKind.STEAL, MarkKind.HANDOVER, MarkKind.DEMAND]) {
      const last = inside.findLast((r) => markKind(r) === kind);
      expect(pyramid.lastMark(lane, kind, t0, t1)?.t).toBe(last?.t);
    }
    const bits = new Uint8Array(window.pixels);
    pyramid.markPixels(lane, t0, t1, window.pixels, bits);
    const seen = new Uint8Array(window.pixels);
    for (const r of inside) {
      seen[Math.floor((r.t - t0) / ((t1 - t0) / window.pixels))] |= 1 << markKind(r);
    }
    expect(bits).toEqual(seen);
  }

  it('are exact at every zoom', () => {
    expect(taken.length).toBeGreaterThan(1_500);
    expect(pyramid.entries).toBeGreaterThan(40_000);
    const mutex: LockState[] = [FREE];
    for (const { t, kind, thread } of records) {
      const now = { ...mutex[mutex.length - 1], t };
      if (kind === Kind.LOCK_REQUEST) now.depth = now.spinning = 1;
      else if (kind === Kind.LOCK_GRANT) Object.assign(now, { writer: thread, depth: 0, spinning: 0 });
      else if (kind === Kind.LOCK_RELEASE) now.writer = NO_THREAD;
      if (mutex[mutex.length - 1].t === t) mutex.pop();
      mutex.push(now);
    }
    for (const width of [1, 0.3, 0.01, 1e-4]) {
      for (const from of [0, 0.31, 0.68]) {
        const window = { from, width, pixels: 37 };
        for (const lane of [0, 1]) checkLane(pyramid, lane, statesOf(records, lane), window, endNs);
        checkLock(pyramid, MUTEX, mutex, window, endNs);
        checkMarksOfMutex(window);
      }
    }
  });

  it('leave out what begins at the right edge of a pixel, and see the last block before another begins', () => {
    const log = new LogBuilder();
    for (let i = 1; i < 128; i++) {
      const [kind, depth] = i & 1 ? [Kind.LOCK_REQUEST, 1] : [Kind.LOCK_CANCEL, 0];
      log.at(10 * i).put(kind, 0, depth === 1 ? State.WAIT_READ : State.USER, MMAP, depth);
    }
    const waiting = pyramidOf(log, 1_280);
    const runs = new LockRuns();
    waiting.lockRuns(0, 0, 10, 1, runs);
    expect([runs.count, runs.depth[0]]).toEqual([1, 0]);
    for (const [t0, t1] of [
      [640, 1_280],
      [0, 1_280],
      [0, 640],
    ]) {
      waiting.lockRuns(0, t0, t1, 1, runs);
      expect([runs.count, runs.depth[0]]).toEqual([1, 1]);
    }
  });

  it('never loses a wait, however far one is away', () => {
    const runs = new Runs();
    const lone = new LogBuilder();
    lone.put(Kind.STATE, 0, State.USER);
    lone.at(5e9).put(Kind.LOCK_REQUEST, 0, State.WAIT_WRITE | Flag.WRITE, MMAP);
    lone.at(5e9 + 3).put(Kind.LOCK_GRANT, 0, State.USER | Flag.WRITE | Flag.CONTENDED, MMAP);
    pyramidOf(lone, 1e10).laneRuns(0, 0, 1e10, 10, runs);
    expect(runs.count).toBe(3);
    expect([runs.x0[1], runs.x1[1], runs.state[1], runs.base[1]]).toEqual([
      5,
      6,
      State.WAIT_WRITE,
      State.USER,
    ]);
    expect(runs.share[1]).toBeCloseTo(3e-9, 12);
  });

  it('read the same on the other side of a transfer, while they grow', () => {
    const worker = new Pyramid(meta);
    const reader = new PyramidReader(meta);
    const here = new Pyramid(meta);
    const both = [
      [new Runs(), new Runs()],
      [new LockRuns(), new LockRuns()],
    ] as const;
    const marks = [new Uint8Array(300), new Uint8Array(300)] as const;
    let sent = 0;
    const check = (): void => {
      const { update, transfer } = worker.takeUpdates();
      sent += transfer.length;
      expect(new Set(transfer).size).toBe(transfer.length);
      reader.apply(structuredClone(update, { transfer }));
      expect(reader.endNs).toBe(here.endNs);
      for (const part of [1, 0.05]) {
        const t0 = here.endNs * (1 - part);
        for (let lane = 0; lane < meta.threads.length; lane++) {
          here.laneRuns(lane, t0, here.endNs, 300, both[0][0]);
          reader.laneRuns(lane, t0, here.endNs, 300, both[0][1]);
          expect(both[0][1]).toEqual(both[0][0]);
        }
        for (let lock = 0; lock < here.locks.length; lock++) {
          here.lockRuns(lock, t0, here.endNs, 300, both[1][0]);
          reader.lockRuns(lock, t0, here.endNs, 300, both[1][1]);
          expect(both[1][1]).toEqual(both[1][0]);
          here.markPixels(lock, t0, here.endNs, 300, marks[0]);
          reader.markPixels(lock, t0, here.endNs, 300, marks[1]);
          expect(marks[1]).toEqual(marks[0]);
          expect(reader.markCounts(lock, t0, here.endNs)).toEqual(here.markCounts(lock, t0, here.endNs));
        }
      }
      expect(reader.occurring()).toEqual(here.occurring());
      const t = here.endNs * 0.4;
      expect(reader.intervalAt(0, t)).toEqual(here.intervalAt(0, t));
      expect(reader.lockAt(here.lockLane(MUTEX), t)).toEqual(here.lockAt(here.lockLane(MUTEX), t));
    };
    for (const chunk of log.chunks) {
      for (let from = 0; from < chunk.count; from += 3_333) {
        const to = Math.min(chunk.count, from + 3_333);
        worker.add(chunk, from, to);
        here.add(chunk, from, to);
        check();
      }
    }
    here.finish(endNs);
    worker.finish(endNs);
    check();
    expect(sent).toBeGreaterThan(20);
    expect(here.takeUpdates().update.lanes.length).toBe(meta.threads.length);
    expect(here.takeUpdates().transfer).toEqual([]);
  });

  it('need time for pixels, not for entries', () => {
    const runs = new Runs();
    const started = performance.now();
    for (let i = 0; i < 50; i++) pyramid.laneRuns(i & 1, 0, endNs, 1_000, runs);
    // 50,000 pixels over 20,000 entries each: far below what a walk over the entries would need.
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(runs.count).toBeLessThanOrEqual(1_000);
  });
});

describe('Pyramid', () => {
  it('says what a thread waits for, or what it is in the kernel for', () => {
    const log = new LogBuilder();
    log.at(10).put(Kind.SYSCALL_ENTER, 0, State.KERNEL, MUNMAP, 0, 3);
    log.at(20).put(Kind.FAULT_ENTER, 0, State.KERNEL, MM, 0, 4);
    log.at(30).put(Kind.LOCK_REQUEST, 0, State.SPIN, MMAP, 1, 5);
    log.at(40).put(Kind.LOCK_QUEUE, 0, State.WAIT_READ, MMAP, 1, 5);
    log.at(50).put(Kind.LOCK_GRANT, 0, State.RUNNABLE | Flag.CONTENDED, MMAP, 1, 6);
    log.at(60).put(Kind.SWITCH, 0, State.KERNEL, 0, 0, 7);
    log.at(65).put(Kind.PAGES, 0, State.KERNEL, tableId(1), 1, 8);
    log.at(70).put(Kind.FAULT_EXIT, 0, State.KERNEL, MM, 0, 9);
    log.at(80).put(Kind.SYSCALL_EXIT, 0, State.USER, MUNMAP, 0, 10);
    const pyramid = pyramidOf(log, 100);
    const at = (t: number) => pyramid.intervalAt(0, t);
    expect(at(5)).toEqual({ startNs: 0, endNs: 10, state: State.IDLE, object: 0, site: 0 });
    expect(at(10)).toEqual({ startNs: 10, endNs: 20, state: State.KERNEL, object: MUNMAP, site: 3 });
    expect(at(25)).toEqual({ startNs: 20, endNs: 30, state: State.KERNEL, object: MM, site: 4 });
    expect(at(39)).toEqual({ startNs: 30, endNs: 40, state: State.SPIN, object: MMAP, site: 5 });
    expect(at(40)).toEqual({ startNs: 40, endNs: 50, state: State.WAIT_READ, object: MMAP, site: 5 });
    expect(at(59)).toEqual({ startNs: 50, endNs: 60, state: State.RUNNABLE, object: MMAP, site: 6 });
    expect(at(60)).toEqual({ startNs: 60, endNs: 70, state: State.KERNEL, object: MM, site: 7 });
    expect(at(70)).toEqual({ startNs: 70, endNs: 80, state: State.KERNEL, object: MUNMAP, site: 9 });
    expect(at(99)).toEqual({ startNs: 80, endNs: 100, state: State.USER, object: 0, site: 10 });
    expect(pyramid.intervalAt(0, -1)).toBeUndefined();
    expect(pyramid.stateAt(0, -1)).toBe(State.IDLE);
  });

  it('marks refills and drains of lists at the lock of their zone', () => {
    const locks = ['zone_lock/1', 'zone_lock/0'].map((name) => ({ name, kind: 'spinlock' as const }));
    const pyramid = new Pyramid(testMeta({ locks }));
    const list = (node: number, cpu: number): number => objectId(Class.PCP, node * 4_096 + cpu);
    const log = new LogBuilder();
    log.put(Kind.STATE, 0, State.KERNEL).put(Kind.STATE, 1, State.KERNEL);
    log.at(10).put(Kind.PCP_REFILL, 0, State.KERNEL, list(0, 5), 31);
    log.at(20).put(Kind.PCP_DRAIN, 1, State.KERNEL, list(1, 0), 63);
    log.at(30).put(Kind.PCP_DRAIN, 1, State.KERNEL, list(7, 0), 63);
    log.feed(pyramid);
    const lane = (lock: number): number => pyramid.lockLane(objectId(Class.LOCK, lock));
    expect([...pyramid.markCounts(lane(1), 0, 100)]).toEqual([0, 0, 0, 1, 0, 0]);
    expect([...pyramid.markCounts(lane(0), 0, 100)]).toEqual([0, 0, 0, 0, 1, 0]);
    expect(pyramid.markNear(lane(1), 10, 1)).toMatchObject({ kind: MarkKind.REFILL, thread: 0, times: 1 });
    expect(pyramid.occurring().marks).toEqual([false, false, false, true, true, false]);
  });

  it('tells how a lock is handed over to a thread that still sleeps', () => {
    const log = new LogBuilder();
    log.put(Kind.STATE, 0, State.USER).put(Kind.STATE, 1, State.USER);
    log.at(10).put(Kind.LOCK_GRANT, 0, State.KERNEL | Flag.WRITE, MMAP);
    log.at(20).put(Kind.LOCK_REQUEST, 1, State.WAIT_WRITE | Flag.WRITE, MMAP, 1);
    log.at(30).put(Kind.LOCK_RELEASE, 0, State.KERNEL | Flag.WRITE, MMAP);
    log.put(Kind.LOCK_GRANT, 1, State.RUNNABLE | Flag.WRITE | Flag.CONTENDED | Flag.HANDOFF, MMAP);
    log.at(70).put(Kind.SWITCH, 1, State.KERNEL, 0, 1);
    log.at(80).put(Kind.STATE, 1, State.RUNNABLE);
    log.at(85).put(Kind.STATE, 1, State.KERNEL);
    log.at(90).put(Kind.LOCK_RELEASE, 1, State.KERNEL | Flag.WRITE, MMAP);
    const pyramid = pyramidOf(log, 100);
    const off = [15, 29, 30, 69, 70, 80, 84, 85].map((t) => pyramid.lockAt(0, t)?.off);
    expect(off).toEqual([false, false, true, true, false, true, true, false]);
    expect(pyramid.runsAfter(1, 30)).toBe(40);
    expect(pyramid.runsAfter(1, 75)).toBe(0);
    const runs = new LockRuns();
    pyramid.lockRuns(0, 0, 100, 1, runs);
    expect([runs.count, runs.mode[0], runs.writes[0]]).toEqual([1, LockMode.WRITE, 1]);
    expect(runs.off[0]).toBeCloseTo(45 / 80, 6);
    expect(pyramid.markNear(0, 33, 5)).toEqual({
      t: 30,
      kind: MarkKind.HANDOVER,
      thread: 1,
      times: 1,
      queued: 0,
    });
    expect(pyramid.occurring()).toMatchObject({ writes: true, reads: false, off: true, sleeps: true });
    expect(pyramid.occurring().marks).toEqual([false, true, false, false, false, false]);
  });

  it('follows spinning readers, a demand, and who gives up', () => {
    const log = new LogBuilder();
    for (const thread of [0, 1, 2, 3]) log.put(Kind.STATE, thread, State.USER);
    log.at(10).put(Kind.LOCK_GRANT, 0, State.KERNEL | Flag.WRITE, MMAP);
    log.at(20).put(Kind.LOCK_REQUEST, 1, State.SPIN, MMAP, 1);
    log.at(30).put(Kind.LOCK_QUEUE, 1, State.WAIT_READ, MMAP, 1);
    log.at(35).put(Kind.LOCK_REQUEST, 2, State.WAIT_WRITE | Flag.WRITE, MMAP, 2);
    log.at(40).put(Kind.LOCK_RELEASE, 0, State.USER | Flag.WRITE, MMAP);
    log.at(41).put(Kind.LOCK_GRANT, 3, State.KERNEL | Flag.WRITE | Flag.STEAL, MMAP);
    log.at(50).put(Kind.LOCK_DEMAND, 1, State.WAIT_READ, MMAP, 2);
    log.at(60).put(Kind.STATE, 1, State.SPIN, MMAP);
    log.at(70).put(Kind.LOCK_CANCEL, 2, State.KERNEL | Flag.WRITE, MMAP, 1);
    log.at(80).put(Kind.LOCK_RELEASE, 3, State.USER | Flag.WRITE, MMAP);
    log.at(82).put(Kind.LOCK_GRANT, 1, State.KERNEL | Flag.CONTENDED | Flag.HANDOFF, MMAP, 1);
    const pyramid = pyramidOf(log, 100);
    const queue = (t: number) => {
      const { depth, spinning, demanded } = pyramid.lockAt(0, t) ?? {};
      return [depth, spinning, demanded];
    };
    expect(queue(25)).toEqual([1, 1, false]);
    expect(queue(30)).toEqual([1, 0, false]);
    expect(queue(45)).toEqual([2, 0, false]);
    expect(queue(50)).toEqual([2, 0, true]);
    expect(queue(60)).toEqual([2, 1, true]);
    expect(queue(75)).toEqual([1, 1, true]);
    expect(queue(82)).toEqual([0, 0, false]);
    expect(pyramid.markNear(0, 41, 1)).toMatchObject({ kind: MarkKind.STEAL, thread: 3, queued: 2 });
    const spinners = new LogBuilder();
    spinners.put(Kind.LOCK_REQUEST, 1, State.SPIN, MMAP, 1);
    expect(pyramidOf(spinners, 10).occurring()).toMatchObject({ writes: false, sleeps: false });
    expect(pyramid.lastMark(0, MarkKind.DEMAND, 0, 100)).toMatchObject({ t: 50, thread: 1, queued: 2 });
    expect([...pyramid.markCounts(0, 0, 100)]).toEqual([1, 1, 1, 0, 0, 0]);
    // A pixel in which some spin at one time and others sleep at another shows both.
    const runs = new LockRuns();
    pyramid.lockRuns(0, 20, 35, 1, runs);
    expect([runs.depth[0], runs.spinning[0], runs.sleeping[0], runs.demanded[0]]).toEqual([1, 1, 1, 0]);
  });

  it('ends a demand with the wait of who made it', () => {
    const log = new LogBuilder();
    log.at(10).put(Kind.LOCK_GRANT, 0, State.KERNEL | Flag.WRITE, MUTEX);
    log.at(20).put(Kind.LOCK_REQUEST, 1, State.WAIT_WRITE | Flag.WRITE, MUTEX, 1);
    log.at(30).put(Kind.LOCK_DEMAND, 1, State.WAIT_WRITE | Flag.WRITE, MUTEX, 1);
    log.at(40).put(Kind.LOCK_CANCEL, 1, State.KERNEL | Flag.WRITE, MUTEX, 0);
    // A demand of who waits for nothing is no demand.
    log.at(50).put(Kind.LOCK_DEMAND, 2, State.KERNEL | Flag.WRITE, MUTEX, 0);
    const pyramid = pyramidOf(log, 100);
    const lane = pyramid.lockLane(MUTEX);
    expect(pyramid.markCounts(lane, 0, 100)[MarkKind.DEMAND]).toBe(1);
    expect([30, 39, 40, 50].map((t) => pyramid.lockAt(lane, t)?.demanded)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('draws nothing outside the recording and nothing for an empty window', () => {
    const pyramid = pyramidOf(new LogBuilder().at(10).put(Kind.STATE, 0, State.USER), 100);
    const runs = new Runs();
    pyramid.laneRuns(0, -100, 300, 40, runs);
    expect([runs.x0[0], runs.x1[runs.count - 1]]).toEqual([10, 20]);
    for (const [t0, t1] of [
      [5, 5],
      [9, 3],
      [200, 300],
      [Number.NaN, 5],
    ]) {
      pyramid.laneRuns(0, t0, t1, 10, runs);
      expect(runs.count).toBe(0);
    }
  });
});
