import {
  type Chunk,
  Flag,
  Kind,
  NO_THREAD,
  type Ns,
  type ObjectId,
  State,
  type TraceMeta,
} from '../event/index.ts';
import type { LaneUpdate } from './list.ts';
import { MarkKind } from './mark-lane.ts';
import { PyramidView } from './pyramid-view.ts';
import { type LockSink, LockTracker } from './tracker.ts';

/** Flags of a grant that leave a mark. */
const MARKED = Flag.STEAL | Flag.HANDOFF;

/** What a `Pyramid` hands to a `PyramidReader`; all its buffers are in `transfer` of `takeUpdates`. */
export interface PyramidUpdate {
  readonly endNs: Ns;
  readonly lanes: readonly LaneUpdate[];
  readonly locks: readonly LaneUpdate[];
  readonly marks: readonly LaneUpdate[];
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
    for (const lane of this.lockLanes) lane.append(0, 0, NO_THREAD, 0, 0, false, false);
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
      if (kind >= Kind.LOCK_REQUEST && (kind <= Kind.LOCK_CANCEL || kind === Kind.LOCK_DEMAND)) {
        tracker.record(t[i], kind, thread, object[i], site[i], flags[i]);
        if (kind === Kind.LOCK_DEMAND || (kind === Kind.LOCK_GRANT && (flags[i] & MARKED) !== 0)) {
          this.#mark(t[i], kind, thread, object[i], flags[i]);
        }
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

  #mark(t: Ns, kind: number, thread: number, object: ObjectId, flags: number): void {
    const slot = this.#tracker.slotOf(object);
    if (slot < 0 || slot >= this.#tracker.fixed) return;
    const marks = this.markLanes[slot];
    const queued = this.#tracker.queued[slot];
    if (kind === Kind.LOCK_DEMAND) {
      // Who waits for nothing demands nothing.
      if (this.#tracker.demander[slot] === thread) marks.append(t, MarkKind.DEMAND, thread, queued);
    } else {
      if ((flags & Flag.STEAL) !== 0) marks.append(t, MarkKind.STEAL, thread, queued);
      if ((flags & Flag.HANDOFF) !== 0) marks.append(t, MarkKind.HANDOVER, thread, queued);
    }
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
      this.lockLanes[slot].append(
        t,
        k.readers[slot],
        writer < 0 ? NO_THREAD : writer,
        k.waiters[slot],
        k.spinners[slot],
        k.ownerOff(slot),
        k.demander[slot] >= 0,
      );
      return;
    }
    const depth = k.waiters[slot] - (this.#tableDepth[slot] ?? 0);
    const spinning = k.spinners[slot] - (this.#tableSpinning[slot] ?? 0);
    if (depth === 0 && spinning === 0) return;
    this.#tableDepth[slot] = k.waiters[slot];
    this.#tableSpinning[slot] = k.spinners[slot];
    this.#depth += depth;
    this.#spinning += spinning;
    this.lockLanes[k.fixed].append(t, 0, NO_THREAD, this.#depth, this.#spinning, false, false);
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
    const marks = this.markLanes.flatMap((lane, i) => lane.takeUpdate(i) ?? []);
    const transfer = [...lanes, ...locks, ...marks].flatMap(({ buffers }) => buffers);
    return { update: { endNs: this.endNs, lanes, locks, marks }, transfer };
  }
}

/** The lanes on the page: applies what the worker's pyramid hands over, in order, and reads. */
export class PyramidReader extends PyramidView {
  apply(update: PyramidUpdate): void {
    this.endNs = update.endNs;
    for (const lane of update.lanes) this.lanes[lane.lane].apply(lane);
    for (const lock of update.locks) this.lockLanes[lock.lane].apply(lock);
    for (const marks of update.marks) this.markLanes[marks.lane].apply(marks);
  }
}
