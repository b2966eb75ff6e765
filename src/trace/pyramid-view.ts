import { Class, type Ns, type ObjectId, STATE_COUNT, State, type TraceMeta } from '../event/index.ts';
import { LOCK_OFF, type LockInterval, LockLane, LockMode, type LockRuns } from './lock-lane.ts';
import { type Mark, type MarkKind, MarkLane } from './mark-lane.ts';
import { MARK_KINDS } from './segments.ts';
import { type Interval, type Runs, ThreadLane } from './thread-lane.ts';

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
}

/**
 * Threads and locks over time, to be looked at from any distance: whatever the zoom, drawing a lane costs its pixels.
 * Lane n is thread n; `locks[n]` names lock lane n, the last one being the page-table locks of all mms together (any
 * table stands for them), of which only the depth is kept.
 */
export class PyramidView {
  /** The end of what has been recorded. */
  endNs: Ns = 0;
  readonly locks: readonly ObjectId[];
  protected readonly lanes: readonly ThreadLane[];
  protected readonly lockLanes: readonly LockLane[];
  protected readonly markLanes: readonly MarkLane[];

  constructor(meta: TraceMeta) {
    const mms = Array.from(
      { length: Math.max(1, meta.mms.length) },
      (_, mm) => Class.MMAP_LOCK * 2 ** 28 + mm,
    );
    const declared = meta.locks.map((_, i) => Class.LOCK * 2 ** 28 + i);
    this.locks = [...mms, ...declared, Class.TABLE * 2 ** 28];
    this.lanes = meta.threads.map(() => new ThreadLane());
    this.lockLanes = this.locks.map(() => new LockLane());
    this.markLanes = this.locks.map(() => new MarkLane());
  }

  /** The lock lane of a lock, -1 for what is no lock. */
  lockLane(lock: ObjectId): number {
    return lock >>> 28 === Class.TABLE ? this.locks.length - 1 : this.locks.indexOf(lock);
  }

  /**
   * The states of a thread in [t0, t1), over `pixels` pixels, into `out` (emptied first): runs from left to right, at
   * most one per pixel, none where nothing was recorded. A pixel shows its longest state, but any wait for a lock
   * before that: waits never vanish, however far one is away. Shares are of the recorded part of the pixel.
   */
  laneRuns(lane: number, t0: Ns, t1: Ns, pixels: number, out: Runs): void {
    this.lanes[lane].runs(t0, t1, pixels, this.endNs, out);
  }

  /** The same for a lock lane: the mode that lasts longest, and the most readers, waiters and spinners. */
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

  /**
   * Which pixels of [t0, t1) hold steals, hand-overs and demands of a lock, into `out`: bit 1 << `MarkKind` per pixel.
   * However many there are or however few, none is left out. Page-table locks have no marks.
   */
  markPixels(lockLane: number, t0: Ns, t1: Ns, pixels: number, out: Uint8Array): void {
    this.markLanes[lockLane].pixels(t0, t1, pixels, out);
  }

  /** How many steals, hand-overs and demands there are in [t0, t1), by `MarkKind`. */
  markCounts(lockLane: number, t0: Ns, t1: Ns): Uint32Array {
    return this.markLanes[lockLane].counts(t0, t1);
  }

  /** The mark nearest to a time, if one is no further away than `slack`. */
  markNear(lockLane: number, t: Ns, slack: Ns): Mark | undefined {
    return this.markLanes[lockLane].near(t, slack);
  }

  /** The last mark of a kind in [t0, t1). */
  lastMark(lockLane: number, kind: MarkKind, t0: Ns, t1: Ns): Mark | undefined {
    return this.markLanes[lockLane].last(kind, t0, t1);
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
    for (const lane of this.markLanes) {
      lane.counts(0, Infinity).forEach((n, kind) => {
        if (n > 0) marks[kind] = true;
      });
    }
    const lasted = this.lockLanes.map((lane) => lane.lasted(this.endNs));
    const off = lasted.some((ns) => ns[LOCK_OFF] > 0);
    return {
      states,
      writes: off || lasted.some((ns) => ns[LockMode.WRITE] > 0),
      reads: lasted.some((ns) => ns[LockMode.READ] > 0),
      off,
      sleeps: this.lockLanes.some((lane) => lane.slept),
      marks,
    };
  }

  /** Entries kept over all lanes. */
  get entries(): number {
    const all: readonly { readonly count: number }[] = [...this.lanes, ...this.lockLanes, ...this.markLanes];
    return all.reduce((sum, { count }) => sum + count, 0);
  }
}
