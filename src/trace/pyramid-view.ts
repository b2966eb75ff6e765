import {
  Class,
  classOf,
  lockOfMany,
  MANY,
  MM_LOCK_NAMES,
  manyOf,
  NO_THREAD,
  type Ns,
  type ObjectId,
  STATE_COUNT,
  State,
  type TraceMeta,
} from '../event/index.ts';
import type { Area } from './areas.ts';
import { LOCK_OFF, type LockInterval, LockLane, LockMode, LockRuns } from './lock-lane.ts';
import { type Mark, MarkKind, MarkLane } from './mark-lane.ts';
import { MARK_KINDS } from './segments.ts';
import { type Interval, type Runs, ThreadLane } from './thread-lane.ts';
import { type Wake, WakeList } from './wake-list.ts';

/** Locks of VMAs with lanes of their own though nobody waited for them or had them to write. */
export const MOST_READ = 64;

const FREE = { readers: 0, writer: NO_THREAD, depth: 0 };

/** Of how many locks of a class, which have lanes of their own, somebody waited for how many. */
export interface WaitedLocks {
  readonly waited: number;
  readonly lanes: number;
}

/** What there is to be seen in all lanes together, for a legend. */
export interface Occurring {
  /** By `State`. */
  readonly states: readonly boolean[];
  readonly writes: boolean;
  readonly reads: boolean;
  /** A lock is held to write by a thread that runs on no CPU. */
  readonly off: boolean;
  /** Somebody waits for a lock without spinning. */
  readonly sleeps: boolean;
  /** By `MarkKind`. */
  readonly marks: readonly boolean[];
  /** A sequence count is odd; a grace period is under way. */
  readonly odd: boolean;
  readonly grace: boolean;
}

/**
 * Threads and locks over time, to be looked at from any distance: whatever the zoom, drawing a lane costs its pixels.
 * Lane n is thread n; `locks[n]` names lock lane n, the last ones being lanes of many: one for each class in `MANY`. Of
 * page-table locks only the depth is kept, of per-VMA locks also how many are held. `more` names the lock lanes behind
 * them, which come as they are needed: single locks of those classes (of a page table once somebody waits for it, of a VMA
 * once somebody waits for it or has it, but of at most `MOST_READ` that are only read), sequence counts (those of VMAs are
 * a lane of many), grace periods.
 */
export class PyramidView {
  /** The end of what has been recorded. */
  endNs: Ns = 0;
  readonly locks: readonly ObjectId[];
  readonly more: ObjectId[] = [];
  /** Ranges of addresses that were ever mapped, with their pages over time; of all mms. */
  areas: Area[] = [];
  protected readonly lanes: readonly ThreadLane[];
  protected readonly lockLanes: LockLane[];
  protected readonly wakeLists: readonly WakeList[];
  protected readonly markLanes: readonly MarkLane[];
  /** By thread. */
  protected readonly abortLanes: readonly MarkLane[];
  readonly #one = new LockRuns();

  constructor(meta: TraceMeta) {
    const mms = Array.from(
      { length: Math.max(1, meta.mms.length) },
      (_, mm) => Class.MMAP_LOCK * 2 ** 28 + mm,
    );
    const declared = meta.locks.map((_, i) => Class.LOCK * 2 ** 28 + i);
    const further = mms.flatMap((_, mm) =>
      MM_LOCK_NAMES.map((_, lock) => Class.MM_LOCK * 2 ** 28 + mm * 256 + lock),
    );
    this.locks = [...mms, ...declared, ...further, ...MANY.map((_, many) => lockOfMany(many))];
    this.lanes = meta.threads.map(() => new ThreadLane());
    this.lockLanes = this.locks.map(() => new LockLane());
    this.wakeLists = meta.threads.map(() => new WakeList());
    this.markLanes = this.locks.map(() => new MarkLane());
    this.abortLanes = meta.threads.map(() => new MarkLane());
  }

  /** The lock lane of a lock, -1 for what is no lock. */
  lockLane(lock: ObjectId): number {
    const many = manyOf(lock);
    return many < 0 ? this.locks.indexOf(lock) : this.laneOfMany(many);
  }

  /** The lane of all locks of a class in `MANY`. */
  laneOfMany(many: number): number {
    return this.locks.length - MANY.length + many;
  }

  /** The lock of a lock lane; what stands for its class for the lane of a class. */
  lockOf(lockLane: number): ObjectId | undefined {
    return this.locks[lockLane] ?? this.more[lockLane - this.locks.length];
  }

  /** The lane of something in `more`; -1 if it has none. */
  singleLane(id: ObjectId): number {
    const at = this.more.indexOf(id);
    return at < 0 ? -1 : this.locks.length + at;
  }

  /** Lanes in `more` of a class. */
  lanesOf(cls: Class): number[] {
    return this.more.flatMap((id, i) => (classOf(id) === cls ? [this.locks.length + i] : []));
  }

  /**
   * Lanes of the locks of a class in `MANY` that were waited for in [t0, t1), or held where that is told, most waited
   * first and those before others that were held to write, at most `most`.
   */
  contended(many: number, t0: Ns, t1: Ns, most: number): number[] {
    const found: { readonly lane: number; readonly ns: Ns; readonly written: number }[] = [];
    for (const lane of this.lanesOf(MANY[many])) {
      const ns = this.lockLanes[lane].queuedNs(t0, t1, this.endNs);
      const { count, writes, readers } = this.#whole(lane, t0, t1);
      const written = count > 0 ? writes[0] : 0;
      const held = many > 0 && count > 0 && written + readers[0] > 0;
      if (ns > 0 || held) found.push({ lane, ns, written });
    }
    return found
      .sort((a, b) => b.ns - a.ns || b.written - a.written)
      .slice(0, most)
      .map(({ lane }) => lane);
  }

  /** A span of a lane as one pixel. */
  #whole(lane: number, t0: Ns, t1: Ns): LockRuns {
    this.lockRuns(lane, t0, t1, 1, this.#one);
    return this.#one;
  }

  /** How many locks of a class in `MANY` were waited for so far, of those that have lanes of their own. */
  waitedLocks(many: number): WaitedLocks {
    const lanes = this.lanesOf(MANY[many]);
    return {
      waited: lanes.filter((lane) => this.queuedNs(lane, 0, this.endNs) > 0).length,
      lanes: lanes.length,
    };
  }

  /** When a lock was first asked for or taken; Infinity: not so far. */
  firstUse(lockLane: number): Ns {
    const lane = this.lockLanes[lockLane];
    if (lane === undefined || lane.count === 0) return Infinity;
    const { readers, writer, depth } = lane.intervalAt(lane.startOf(0), this.endNs) ?? FREE;
    // A lane may begin with a time in which the lock was free.
    const first = readers === 0 && writer === NO_THREAD && depth === 0 ? 1 : 0;
    return first < lane.count ? lane.startOf(first) : Infinity;
  }

  /** How long threads waited for a lock in [t0, t1) altogether; near enough where changes are many. */
  queuedNs(lockLane: number, t0: Ns, t1: Ns): Ns {
    return this.lockLanes[lockLane].queuedNs(t0, t1, this.endNs);
  }

  /** Who woke a thread in [t0, t1), in order; of wake-ups closer than `gap` to the one before only the first. */
  wakes(lane: number, t0: Ns, t1: Ns, gap: Ns): Wake[] {
    return this.wakeLists[lane]?.between(t0, t1, gap) ?? [];
  }

  /**
   * The states of a thread in [t0, t1), over `pixels` pixels, into `out` (emptied first): runs from left to right, at
   * most one per pixel, none where nothing was recorded. A pixel shows its longest state, but any wait for a lock
   * before that: waits never vanish, however far one is away. Shares are of the recorded part of the pixel.
   */
  laneRuns(lane: number, t0: Ns, t1: Ns, pixels: number, out: Runs): void {
    this.lanes[lane].runs(t0, t1, pixels, this.endNs, out);
  }

  /**
   * How a group of threads spends [t0, t1): per pixel STATE_COUNT shares of all of them together, into `out`, which
   * must have room for so many and is emptied first. The shares of a pixel sum up to 1, to less where not all is recorded.
   */
  stateShares(lanes: readonly number[], t0: Ns, t1: Ns, pixels: number, out: Float64Array): void {
    const used = pixels * STATE_COUNT;
    out.fill(0, 0, used);
    if (!(t1 > t0) || lanes.length === 0) return;
    for (const lane of lanes) this.lanes[lane].addStates(t0, t1, pixels, this.endNs, out);
    const whole = ((t1 - t0) / pixels) * lanes.length;
    for (let i = 0; i < used; i++) out[i] /= whole;
  }

  /** How long a thread waits for locks in [t0, t1), spinning or asleep. */
  waitedNs(lane: number, t0: Ns, t1: Ns): Ns {
    const shares = new Float64Array(STATE_COUNT);
    this.stateShares([lane], t0, t1, 1, shares);
    return (shares[State.SPIN] + shares[State.WAIT_READ] + shares[State.WAIT_WRITE]) * Math.max(0, t1 - t0);
  }

  /** The runs of a lock lane: the mode that lasts longest, and the most readers, waiters and spinners. */
  lockRuns(lockLane: number, t0: Ns, t1: Ns, pixels: number, out: LockRuns): void {
    this.lockLanes[lockLane].runs(t0, t1, pixels, this.endNs, out);
  }

  /** The `State` of a thread at a time; IDLE before the first one. */
  stateAt(lane: number, t: Ns): number {
    const i = this.lanes[lane].indexAt(t);
    return i < 0 ? State.IDLE : this.lanes[lane].stateOf(i);
  }

  intervalAt(lane: number, t: Ns): Interval | undefined {
    return this.lanes[lane].intervalAt(t, this.endNs);
  }

  lockAt(lockLane: number, t: Ns): LockInterval | undefined {
    return this.lockLanes[lockLane].intervalAt(t, this.endNs);
  }

  /** What a lock lane is like from t0 to t1, each time in which nothing changed; [] if there are more than `most`. */
  spans(lockLane: number, t0: Ns, t1: Ns, most: number): LockInterval[] {
    const spans: LockInterval[] = [];
    for (let t = Math.max(0, t0); t < Math.min(t1, this.endNs); ) {
      const at = this.lockAt(lockLane, t);
      if (at === undefined || spans.push(at) > most) return [];
      t = at.endNs;
    }
    return spans;
  }

  /**
   * Which pixels of [t0, t1) hold marks of a lock, into `out`: bit 1 << `MarkKind` per pixel.
   * However many there are or however few, none is left out. Locks of classes in `MANY` have no marks.
   */
  markPixels(lockLane: number, t0: Ns, t1: Ns, pixels: number, out: Uint8Array): void {
    const marks = this.markLanes[lockLane];
    if (marks === undefined) out.fill(0, 0, pixels);
    else marks.pixels(t0, t1, pixels, out);
  }

  /** How many marks there are in [t0, t1), by `MarkKind`. */
  markCounts(lockLane: number, t0: Ns, t1: Ns): Uint32Array {
    return this.markLanes[lockLane].counts(t0, t1);
  }

  /** The mark nearest to a time, if one is no further away than `slack`. */
  markNear(lockLane: number, t: Ns, slack: Ns): Mark | undefined {
    return this.markLanes[lockLane]?.near(t, slack);
  }

  /** The last mark of a kind in [t0, t1). */
  lastMark(lockLane: number, kind: MarkKind, t0: Ns, t1: Ns): Mark | undefined {
    return this.markLanes[lockLane].last(kind, t0, t1);
  }

  /** Which pixels of [t0, t1) hold aborts of a thread, into `out`: see `markPixels`. */
  abortPixels(lane: number, t0: Ns, t1: Ns, pixels: number, out: Uint8Array): void {
    this.abortLanes[lane].pixels(t0, t1, pixels, out);
  }

  /** How many aborts a thread has in [t0, t1). */
  aborts(lane: number, t0: Ns, t1: Ns): number {
    return this.abortLanes[lane]?.counts(t0, t1)[MarkKind.ABORT] ?? 0;
  }

  /** The last abort of a thread before a time. */
  lastAbort(lane: number, t: Ns): Mark | undefined {
    return this.abortLanes[lane]?.last(MarkKind.ABORT, 0, t);
  }

  /** The abort of a thread nearest to a time, if one is no further away than `slack`. */
  abortNear(lane: number, t: Ns, slack: Ns): Mark | undefined {
    return this.abortLanes[lane]?.near(t, slack);
  }

  /** How long after `t` a thread runs on a CPU, 0 if it does then; undefined if it does not as far as is recorded. */
  runsAfter(lane: number, t: Ns): Ns | undefined {
    const states = this.lanes[lane];
    if (states === undefined) return undefined;
    for (let i = states.indexAt(t); i >= 0 && i < states.count; i++) {
      if (states.stateOf(i) <= State.SPIN) return Math.max(0, states.startOf(i) - t);
    }
    return undefined;
  }

  /** When a thread that waits since `t` was first seen not to spin, `t` itself if it was not then; undefined: it spins. */
  leftSpinning(lane: number, t: Ns): Ns | undefined {
    const states = this.lanes[lane];
    if (states === undefined) return undefined;
    let i = states.indexAt(t);
    if (i < 0) return undefined;
    while (i < states.count && states.stateOf(i) === State.SPIN) i++;
    return i < states.count ? Math.max(t, states.startOf(i)) : undefined;
  }

  occurring(): Occurring {
    const states = new Array<boolean>(STATE_COUNT).fill(false);
    for (const lane of this.lanes) {
      lane.lasted(this.endNs).forEach((ns, state) => {
        if (ns > 0) states[state] = true;
      });
    }
    const marks = new Array<boolean>(MARK_KINDS).fill(false);
    for (const lane of [...this.markLanes, ...this.abortLanes]) {
      lane.counts(0, Infinity).forEach((n, kind) => {
        if (n > 0) marks[kind] = true;
      });
    }
    const locks = this.lockLanes.slice(0, this.locks.length);
    const lasted = locks.map((lane) => lane.lasted(this.endNs));
    const off = lasted.some((ns) => ns[LOCK_OFF] > 0);
    return {
      states,
      writes: off || lasted.some((ns) => ns[LockMode.WRITE] > 0),
      reads: lasted.some((ns) => ns[LockMode.READ] > 0),
      off,
      sleeps: locks.some((lane) => lane.slept),
      marks,
      odd: this.lanesOf(Class.SEQ).length > 0,
      grace: this.lanesOf(Class.GRACE).length > 0,
    };
  }

  /** Intervals of all threads together. */
  get intervals(): number {
    return this.lanes.reduce((sum, { count }) => sum + count, 0);
  }

  /** Entries kept over all lanes. */
  get entries(): number {
    const all: readonly { readonly count: number }[] = [
      ...this.lanes,
      ...this.lockLanes,
      ...this.markLanes,
      ...this.abortLanes,
    ];
    return all.reduce((sum, { count }) => sum + count, 0);
  }
}
