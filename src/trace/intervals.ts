import {
  type Chunk,
  Class,
  classOf,
  Flag,
  indexOf,
  isAbort,
  Kind,
  MMAP_SEQ,
  manyOf,
  NO_THREAD,
  type Ns,
  type ObjectId,
  objectId,
  State,
  type TraceMeta,
  type VmaMoment,
  withinMm,
} from '../event/index.ts';
import { AreaTracker, type AreaUpdate } from './areas.ts';
import { ClassSums } from './class-sums.ts';
import type { LaneUpdate } from './list.ts';
import { LockLane } from './lock-lane.ts';
import { MarkKind } from './mark-lane.ts';
import { MOST_READ, PyramidView } from './pyramid-view.ts';
import { type LockSink, LockTracker } from './tracker.ts';

/** Flags of a grant that leave a mark. */
const MARKED = Flag.STEAL | Flag.HANDOFF;

/** A list's index without its CPU: the node of its zone. */
const NODE_SHIFT = 12;

/** Locks of classes that get lanes of their own. */
const MAX_SINGLES = 1_024;
/** The class of which only the depth is kept: its locks are held to write alone, and by everybody all the time. */
const TABLES = 0;
/** Stands for the sequence counts of all VMAs. */
const VMA_SEQS = objectId(Class.SEQ, 0);

/** What a `Pyramid` hands to a `PyramidReader`; all its buffers are in `transfer` of `takeUpdates`. */
export interface PyramidUpdate {
  readonly endNs: Ns;
  readonly lanes: readonly LaneUpdate[];
  readonly locks: readonly LaneUpdate[];
  readonly marks: readonly LaneUpdate[];
  readonly aborts: readonly LaneUpdate[];
  /** What has a lane of its own since the last update. */
  readonly more: readonly ObjectId[];
  readonly wakes: readonly LaneUpdate[];
  readonly areas: readonly AreaUpdate[];
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
  readonly #sums = new ClassSums();
  /** Lane of what is in `more`; by slot of a class, while it is in use, the same and one more, else 0. */
  readonly #lanesOfMore = new Map<ObjectId, number>();
  readonly #singleNow: number[] = [];
  #singles = 0;
  #read = 0;
  /** Sequence counts of VMAs that are odd. */
  readonly #odd = new Set<ObjectId>();
  /** By counter: it counts aborts. */
  readonly #isAbort: readonly boolean[];
  readonly #space = new AreaTracker();
  /** By node: slot of the lock of its zone, -1 where none is declared. */
  readonly #zoneSlots: number[] = [];
  #sentMore = 0;

  constructor(meta: TraceMeta) {
    super(meta);
    const n = meta.threads.length;
    this.#tracker = new LockTracker(meta, this);
    this.areas = this.#space.areas;
    this.#object = new Uint32Array(n);
    this.#syscall = new Uint32Array(n);
    this.#fault = new Uint32Array(n);
    this.#state = new Uint8Array(n).fill(State.IDLE);
    this.#isAbort = meta.counters.map(isAbort);
    meta.locks.forEach(({ name }, lock) => {
      const node = /^zone_lock\/(\d+)$/.exec(name)?.[1];
      if (node !== undefined)
        this.#zoneSlots[Number(node)] = this.#tracker.slotOf(objectId(Class.LOCK, lock));
    });
    for (const lane of this.lanes) lane.append(0, State.IDLE, 0, 0);
    this.locks.forEach((lock, lane) => {
      const cls = classOf(lock);
      // These are begun when they are used: most runs have none of them.
      if (cls !== Class.MM_LOCK && cls !== Class.VMA_LOCK) this.#begin(this.lockLanes[lane]);
    });
  }

  /** A lock is free before anything happens. */
  #begin(lane: LockLane): LockLane {
    lane.append(0, 0, NO_THREAD, 0, 0, false, false);
    return lane;
  }

  /** Takes in what is mapped and present before anything runs, which records do not tell; call it before `add`. */
  begin(vmas: readonly VmaMoment[]): void {
    this.#space.begin(vmas);
  }

  /** Takes in records [from, to) of a chunk: all those that follow the ones before, without gaps. */
  add(chunk: Chunk, from: number, to: number): void {
    if (from >= to) return;
    const { t, site, object, arg, thread: threads, kind: kinds, flags } = chunk;
    const tracker = this.#tracker;
    const n = tracker.threads;
    for (let i = from; i < to; i++) {
      const thread = threads[i];
      if (thread >= n) {
        // What a scenario maps before it begins is nobody's doing, and grace periods are the machine's.
        this.#other(t[i], kinds[i], thread, object[i], arg[i]);
        continue;
      }
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
        if (kind === Kind.WAKE) this.#wake(t[i], thread, arg[i]);
        else if (kind === Kind.PCP_REFILL || kind === Kind.PCP_DRAIN)
          this.#list(t[i], kind, thread, object[i]);
        else this.#other(t[i], kind, thread, object[i], arg[i]);
        if (!moved) continue;
      } else if (kind >= Kind.SYSCALL_ENTER) this.#call(kind, thread, object[i]);
      else if (kind === Kind.STATE && object[i] >>> 28 === Class.MM) this.#fault[thread] = object[i];
      if (state === State.USER) this.#fault[thread] = 0;
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

  #other(t: Ns, kind: number, thread: number, object: ObjectId, arg: number): void {
    if (kind < Kind.SEQUENCE) this.#mapped(t, kind, object, arg);
    else if (kind === Kind.SEQUENCE) this.#sequence(t, thread, object, arg);
    else if (kind === Kind.GRACE_BEGIN) this.#told(t, object, arg, NO_THREAD);
    else if (kind === Kind.GRACE_END) this.#told(t, object, 0, NO_THREAD);
    else if (kind === Kind.COUNTER && this.#isAbort[indexOf(object)] === true) {
      this.abortLanes[thread]?.append(t, MarkKind.ABORT, thread, indexOf(object));
    }
  }

  #sequence(t: Ns, thread: number, object: ObjectId, value: number): void {
    const odd = value % 2 === 1;
    if (withinMm(object) === MMAP_SEQ) this.#told(t, object, 0, odd ? thread : NO_THREAD);
    else if (odd ? !this.#odd.has(object) : this.#odd.delete(object)) {
      if (odd) this.#odd.add(object);
      this.#told(t, VMA_SEQS, 0, this.#odd.size || NO_THREAD);
    }
  }

  /** Readers and writer of something that is no lock, from now on. */
  #told(t: Ns, id: ObjectId, readers: number, writer: number): void {
    this.lockLanes[this.#laneOf(id)].append(t, readers, writer, 0, 0, false, false);
  }

  #mapped(t: Ns, kind: number, object: ObjectId, arg: number): void {
    // A VMA goes with its sequence count, odd or even.
    if (kind === Kind.VMA_FREE) this.#sequence(t, NO_THREAD, objectId(Class.SEQ, indexOf(object)), 0);
    if (kind === Kind.FAULT_RUN) this.#space.record(t, Kind.PAGES, object, arg);
    else if (kind >= Kind.VMA_LINK && kind <= Kind.PAGES) this.#space.record(t, kind, object, arg);
  }

  #wake(t: Ns, by: number, woken: number): void {
    if (woken < this.wakeLists.length) this.wakeLists[woken].append(t, by);
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

  #list(t: Ns, kind: number, thread: number, list: ObjectId): void {
    const slot = this.#zoneSlots[indexOf(list) >>> NODE_SHIFT] ?? -1;
    if (slot < 0) return;
    const mark = kind === Kind.PCP_REFILL ? MarkKind.REFILL : MarkKind.DRAIN;
    this.markLanes[slot].append(t, mark, thread, this.#tracker.queued[slot]);
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
      const lane = this.lockLanes[slot];
      this.#tell(lane.count === 0 ? this.#begin(lane) : lane, slot, t);
      return;
    }
    const many = manyOf(k.object[slot]);
    this.#changedSingle(many, slot, t);
    const { waiters, spinners, readers, writers } = k;
    const [reads, writes] = many === TABLES ? [0, 0] : [readers[slot], writers[slot]];
    const sums = this.#sums.change(many, slot - k.fixed, waiters[slot], spinners[slot], reads, writes);
    if (sums === null) return;
    const [depth, spinning, read, written] = sums;
    const lane = this.lockLanes[k.fixed + many];
    if (lane.count === 0) this.#begin(lane);
    lane.append(t, read, written || NO_THREAD, depth, spinning, false, false);
  }

  /** What a lock is like now. */
  #tell(lane: LockLane, slot: number, t: Ns): void {
    const k = this.#tracker;
    const writer = k.writer[slot];
    lane.append(
      t,
      k.readers[slot],
      writer < 0 ? NO_THREAD : writer,
      k.waiters[slot],
      k.spinners[slot],
      k.ownerOff(slot),
      k.demander[slot] >= 0,
      Math.max(0, k.writers[slot] - 1),
    );
  }

  /** A page-table lock has a lane from the first wait for it on, which says who holds it while others wait. */
  #changedSingle(many: number, slot: number, t: Ns): void {
    const k = this.#tracker;
    const waiters = k.waiters[slot];
    const writer = k.writer[slot];
    let now = this.#singleNow[slot - k.fixed] ?? 0;
    if (now === 0) {
      // A VMA's has one from the first hold on too, and says all from then on.
      if (waiters > 0 || many !== TABLES)
        now = 1 + this.#laneOfSingle(k.object[slot], waiters === 0 && writer < 0);
      if (now === 0) return;
    }
    this.#tell(this.lockLanes[now - 1], slot, t);
    this.#singleNow[slot - k.fixed] = waiters === 0 && writer < 0 && k.readers[slot] === 0 ? 0 : now;
  }

  /** The lane of one lock of a class, -1 if there are too many; `read`: it is read, and nobody waits for it. */
  #laneOfSingle(lock: ObjectId, read: boolean): number {
    const known = this.#lanesOfMore.get(lock);
    if (known !== undefined) return known;
    if (this.#singles === MAX_SINGLES || (read && this.#read++ >= MOST_READ)) return -1;
    this.#singles++;
    return this.#laneOf(lock);
  }

  #laneOf(id: ObjectId): number {
    const known = this.#lanesOfMore.get(id);
    if (known !== undefined) return known;
    const lane = this.lockLanes.length;
    this.#lanesOfMore.set(id, lane);
    this.more.push(id);
    this.lockLanes.push(this.#begin(new LockLane()));
    return lane;
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
    const aborts = this.abortLanes.flatMap((lane, i) => lane.takeUpdate(i) ?? []);
    const wakes = this.wakeLists.flatMap((list, i) => list.takeUpdate(i) ?? []);
    const areas = this.#space.takeUpdates(this.endNs);
    const more = this.more.slice(this.#sentMore);
    this.#sentMore = this.more.length;
    const transfer = [...lanes, ...locks, ...marks, ...aborts, ...wakes].flatMap(({ buffers }) => buffers);
    transfer.push(...areas.map(({ buffer }) => buffer));
    return { update: { endNs: this.endNs, lanes, locks, marks, aborts, more, wakes, areas }, transfer };
  }
}
