import {
  type Chunk,
  Class,
  Flag,
  indexOf,
  Kind,
  NO_THREAD,
  type Ns,
  type ObjectId,
  objectId,
  State,
  type TraceMeta,
  type VmaMoment,
} from '../event/index.ts';
import { AreaSeries } from './area-series.ts';
import { AreaTracker, type AreaUpdate } from './areas.ts';
import type { LaneUpdate } from './list.ts';
import { LockLane } from './lock-lane.ts';
import { MarkKind } from './mark-lane.ts';
import { PyramidView } from './pyramid-view.ts';
import { type LockSink, LockTracker } from './tracker.ts';

/** Flags of a grant that leave a mark. */
const MARKED = Flag.STEAL | Flag.HANDOFF;

/** A list's index without its CPU: the node of its zone. */
const NODE_SHIFT = 12;

/** Page-table locks that get lanes of their own. */
const MAX_TABLES = 1_024;

/** What a `Pyramid` hands to a `PyramidReader`; all its buffers are in `transfer` of `takeUpdates`. */
export interface PyramidUpdate {
  readonly endNs: Ns;
  readonly lanes: readonly LaneUpdate[];
  readonly locks: readonly LaneUpdate[];
  readonly marks: readonly LaneUpdate[];
  /** Page-table locks that were not waited for before. */
  readonly tables: readonly ObjectId[];
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
  /** Per slot of a page-table lock what it adds to the lane of them all; the sums. */
  readonly #tableDepth: number[] = [];
  readonly #tableSpinning: number[] = [];
  /** Lane of a page-table lock; by slot, while somebody holds or wants it, the same and one more, else 0. */
  readonly #tableLanes = new Map<ObjectId, number>();
  readonly #tableNow: number[] = [];
  readonly #space = new AreaTracker();
  /** By node: slot of the lock of its zone, -1 where none is declared. */
  readonly #zoneSlots: number[] = [];
  #sentTables = 0;
  #depth = 0;
  #spinning = 0;

  constructor(meta: TraceMeta) {
    super(meta);
    const n = meta.threads.length;
    this.#tracker = new LockTracker(meta, this);
    this.areas = this.#space.areas;
    this.#object = new Uint32Array(n);
    this.#syscall = new Uint32Array(n);
    this.#fault = new Uint32Array(n);
    this.#state = new Uint8Array(n).fill(State.IDLE);
    meta.locks.forEach(({ name }, lock) => {
      const node = /^zone_lock\/(\d+)$/.exec(name)?.[1];
      if (node !== undefined)
        this.#zoneSlots[Number(node)] = this.#tracker.slotOf(objectId(Class.LOCK, lock));
    });
    for (const lane of this.lanes) lane.append(0, State.IDLE, 0, 0);
    for (const lane of this.lockLanes) lane.append(0, 0, NO_THREAD, 0, 0, false, false);
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
        // What a scenario maps before it begins is nobody's doing.
        this.#mapped(t[i], kinds[i], object[i], arg[i]);
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
        else this.#mapped(t[i], kind, object[i], arg[i]);
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

  #mapped(t: Ns, kind: number, object: ObjectId, arg: number): void {
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
    this.#changedTable(slot, t);
    const depth = k.waiters[slot] - (this.#tableDepth[slot] ?? 0);
    const spinning = k.spinners[slot] - (this.#tableSpinning[slot] ?? 0);
    if (depth === 0 && spinning === 0) return;
    this.#tableDepth[slot] = k.waiters[slot];
    this.#tableSpinning[slot] = k.spinners[slot];
    this.#depth += depth;
    this.#spinning += spinning;
    this.lockLanes[k.fixed].append(t, 0, NO_THREAD, this.#depth, this.#spinning, false, false);
  }

  /** A page-table lock has a lane from the first wait for it on, which says who holds it while others wait. */
  #changedTable(slot: number, t: Ns): void {
    const k = this.#tracker;
    const waiters = k.waiters[slot];
    let now = this.#tableNow[slot] ?? 0;
    if (now === 0) {
      if (waiters === 0) return;
      const lane = this.#laneOfTable(k.object[slot]);
      if (lane < 0) return;
      now = lane + 1;
    }
    const writer = k.writer[slot];
    const off = k.ownerOff(slot);
    const holder = writer < 0 ? NO_THREAD : writer;
    this.lockLanes[now - 1].append(t, 0, holder, waiters, k.spinners[slot], off, false);
    this.#tableNow[slot] = waiters === 0 && writer < 0 ? 0 : now;
  }

  #laneOfTable(table: ObjectId): number {
    const known = this.#tableLanes.get(table);
    if (known !== undefined) return known;
    if (this.tables.length === MAX_TABLES) return -1;
    const lane = this.lockLanes.length;
    this.#tableLanes.set(table, lane);
    this.tables.push(table);
    const made = new LockLane();
    made.append(0, 0, NO_THREAD, 0, 0, false, false);
    this.lockLanes.push(made);
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
    const wakes = this.wakeLists.flatMap((list, i) => list.takeUpdate(i) ?? []);
    const areas = this.#space.takeUpdates(this.endNs);
    const tables = this.tables.slice(this.#sentTables);
    this.#sentTables = this.tables.length;
    const transfer = [...lanes, ...locks, ...marks, ...wakes].flatMap(({ buffers }) => buffers);
    transfer.push(...areas.map(({ buffer }) => buffer));
    return { update: { endNs: this.endNs, lanes, locks, marks, tables, wakes, areas }, transfer };
  }
}

/** The lanes on the page: applies what the worker's pyramid hands over, in order, and reads. */
export class PyramidReader extends PyramidView {
  apply(update: PyramidUpdate): void {
    this.endNs = update.endNs;
    for (const lane of update.lanes) this.lanes[lane.lane].apply(lane);
    for (const table of update.tables) {
      this.tables.push(table);
      this.lockLanes.push(new LockLane());
    }
    for (const lock of update.locks) this.lockLanes[lock.lane].apply(lock);
    for (const marks of update.marks) this.markLanes[marks.lane].apply(marks);
    for (const wakes of update.wakes) this.wakeLists[wakes.lane].apply(wakes);
    for (const area of update.areas) {
      const { mm, fromPage, toPage } = area;
      this.areas[area.area] = { mm, fromPage, toPage, series: new AreaSeries(area) };
    }
  }
}
