import {
  type Chunk,
  Class,
  Kind,
  NO_THREAD,
  type Ns,
  type ObjectId,
  State,
  type TraceMeta,
} from '../event/index.ts';
import type { LaneUpdate } from './lane.ts';
import { type LockInterval, LockLane, type LockRuns } from './lock-lane.ts';
import { type Interval, type Runs, ThreadLane } from './thread-lane.ts';
import { type LockSink, LockTracker } from './tracker.ts';

/** What a `Pyramid` hands to a `PyramidReader`; all its buffers are in `transfer` of `takeUpdates`. */
export interface PyramidUpdate {
  readonly endNs: Ns;
  readonly lanes: readonly LaneUpdate[];
  readonly locks: readonly LaneUpdate[];
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

  constructor(meta: TraceMeta) {
    const mms = Array.from(
      { length: Math.max(1, meta.mms.length) },
      (_, mm) => Class.MMAP_LOCK * 2 ** 28 + mm,
    );
    const declared = meta.locks.map((_, i) => Class.LOCK * 2 ** 28 + i);
    this.locks = [...mms, ...declared, Class.TABLE * 2 ** 28];
    this.lanes = meta.threads.map(() => new ThreadLane());
    this.lockLanes = this.locks.map(() => new LockLane());
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

  /** Entries kept over all lanes. */
  get entries(): number {
    const all: readonly { readonly count: number }[] = [...this.lanes, ...this.lockLanes];
    return all.reduce((sum, { count }) => sum + count, 0);
  }
}

/** Builds the lanes record by record; complete even where the log itself is not kept. */
export class Pyramid extends PyramidView implements LockSink {
  readonly #tracker: LockTracker;
  /** Per thread: object of its last entry, the SYSCALL it is in or 0, the MM whose fault it handles or 0. */
  readonly #object: Uint32Array;
  readonly #syscall: Uint32Array;
  readonly #fault: Uint32Array;
  /** Per thread: state of its last entry. */
  readonly #state: Uint8Array;
  /** Per slot of a page-table lock what it adds to the lane of them all; the sums. */
  readonly #tableDepth: number[] = [];
  readonly #tableSpinning: number[] = [];
  #depth = 0;
  #spinning = 0;

  constructor(meta: TraceMeta) {
    super(meta);
    const n = meta.threads.length;
    this.#tracker = new LockTracker(meta, this);
    this.#object = new Uint32Array(n);
    this.#syscall = new Uint32Array(n);
    this.#fault = new Uint32Array(n);
    this.#state = new Uint8Array(n).fill(State.IDLE);
    for (const lane of this.lanes) lane.append(0, State.IDLE, 0, 0);
    for (const lane of this.lockLanes) lane.append(0, 0, NO_THREAD, 0, 0);
  }

  /** Takes in records [from, to) of a chunk: all those that follow the ones before, without gaps. */
  add(chunk: Chunk, from: number, to: number): void {
    if (from >= to) return;
    const { t, site, object, thread: threads, kind: kinds, flags } = chunk;
    const tracker = this.#tracker;
    const n = tracker.threads;
    for (let i = from; i < to; i++) {
      const thread = threads[i];
      if (thread >= n) continue;
      const state = flags[i] & 7;
      const moved = tracker.state[thread] !== state;
      if (moved) tracker.moved(thread, state, t[i]);
      const kind = kinds[i];
      if (kind >= Kind.LOCK_REQUEST && kind <= Kind.LOCK_CANCEL) {
        tracker.record(t[i], kind, thread, object[i], site[i], flags[i]);
      } else if (kind > Kind.FAULT_EXIT) {
        if (!moved) continue;
      } else if (kind >= Kind.SYSCALL_ENTER) this.#call(kind, thread, object[i]);
      const what = this.#objectOf(thread, state, object[i]);
      if (this.#state[thread] === state && this.#object[thread] === what) continue;
      this.#state[thread] = state;
      this.#object[thread] = what;
      this.lanes[thread].append(t[i], state, what, site[i]);
    }
    this.endNs = t[to - 1];
  }

  #call(kind: number, thread: number, object: number): void {
    if (kind === Kind.SYSCALL_ENTER) this.#syscall[thread] = object;
    else if (kind === Kind.SYSCALL_EXIT) this.#syscall[thread] = 0;
    else if (kind === Kind.FAULT_ENTER) this.#fault[thread] = object;
    else if (kind === Kind.FAULT_EXIT) this.#fault[thread] = 0;
  }

  #objectOf(thread: number, state: number, object: number): number {
    if (state === State.KERNEL) return this.#fault[thread] || this.#syscall[thread];
    if (state < State.SPIN || state > State.RUNNABLE) return 0;
    const slot = this.#tracker.waitSlot[thread];
    if (slot >= 0) return this.#tracker.object[slot];
    // An imported trace may know the wait without the request.
    return state === State.RUNNABLE ? 0 : object;
  }

  waits(): void {}
  waited(): void {}
  holds(): void {}
  held(): void {}

  changed(slot: number, t: Ns): void {
    const k = this.#tracker;
    if (slot < k.fixed) {
      const writer = k.writer[slot];
      const lane = this.lockLanes[slot];
      lane.append(t, k.readers[slot], writer < 0 ? NO_THREAD : writer, k.waiters[slot], k.spinners[slot]);
      return;
    }
    const depth = k.waiters[slot] - (this.#tableDepth[slot] ?? 0);
    const spinning = k.spinners[slot] - (this.#tableSpinning[slot] ?? 0);
    if (depth === 0 && spinning === 0) return;
    this.#tableDepth[slot] = k.waiters[slot];
    this.#tableSpinning[slot] = k.spinners[slot];
    this.#depth += depth;
    this.#spinning += spinning;
    this.lockLanes[k.fixed].append(t, 0, NO_THREAD, this.#depth, this.#spinning);
  }

  /** Says how far the recording reaches when nothing happens any more. */
  finish(endNs: Ns): void {
    this.endNs = Math.max(this.endNs, endNs);
  }

  /**
   * What changed since the last call, and the buffers in it. Whoever transfers them reads those times no more on this
   * side, but may go on adding; without a transfer both sides read the same.
   */
  takeUpdates(): { update: PyramidUpdate; transfer: ArrayBuffer[] } {
    const lanes = this.lanes.flatMap((lane, i) => lane.takeUpdate(i) ?? []);
    const locks = this.lockLanes.flatMap((lane, i) => lane.takeUpdate(i) ?? []);
    const transfer = [...lanes, ...locks].flatMap(({ buffers }) => buffers);
    return { update: { endNs: this.endNs, lanes, locks }, transfer };
  }
}

/** The lanes on the page: applies what the worker's pyramid hands over, in order, and reads. */
export class PyramidReader extends PyramidView {
  apply(update: PyramidUpdate): void {
    this.endNs = update.endNs;
    for (const lane of update.lanes) this.lanes[lane.lane].apply(lane);
    for (const lock of update.locks) this.lockLanes[lock.lane].apply(lock);
  }
}
