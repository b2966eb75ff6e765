import {
  Class,
  Flag,
  Kind,
  lockOfMany,
  MANY,
  MM_LOCK_NAMES,
  manyOf,
  type ObjectId,
  objectId,
  State,
  type TraceMeta,
} from '../event/index.ts';
import { doubled } from './grow.ts';
import { IdMap } from './id-map.ts';

/** What a tracker tells its owner; `slot` numbers a lock, see `LockTracker`. All times are ns. */
export interface LockSink {
  /** A thread began to wait; `since`, `site` and `write` of the wait are in the tracker. */
  waits(slot: number, thread: number, t: number): void;
  /** A wait ended: the thread runs with the lock, or gave up. Its start is still in the tracker. */
  waited(slot: number, thread: number, t: number): void;
  /** A hold began, as the last in the lock's list; a thread that slept may still have to be woken. */
  holds(slot: number, hold: number, t: number): void;
  /** A hold ends: a release, or the write half of a downgrade. It is still in the lock's list. */
  held(slot: number, hold: number, t: number): void;
  /** Owner, readers, waiters or spinners of a lock are others now, its writer went on or off a CPU, or a demand ended. */
  changed(slot: number, t: number): void;
}

/** Phases of a wait. */
export const Wait = { NONE: 0, QUEUED: 1, GRANTED: 2 } as const;

/** Locks of an mm beside the process-wide one. */
const MM_LOCKS = MM_LOCK_NAMES.length;
/** Bits of the index of an MM_LOCK that number the locks of one mm. */
const MM_LOCK_BITS = 8;

/** Holds that one thread may have at a time; more are not followed (a broken or hostile trace). */
const MAX_HOLDS = 256;

/**
 * Follows who holds and who waits for every lock, record by record, in memory that depends on what is held now and
 * not on the length of the log. Locks are numbered by `slot`: first the process-wide lock of every mm, then the locks
 * that the document declares, then the further locks of every mm, all for good; a lock of a class in `MANY` (of a page
 * table, of a VMA) has a slot only while it is held or waited for. Sums are per `entry`: the slots that are for good, and
 * behind them one for each class.
 */
export class LockTracker {
  /** Slots below are for good, the others for locks of classes in `MANY`. */
  readonly fixed: number;
  readonly threads: number;
  /** Number of entries. */
  readonly entries: number;

  /** Per thread: its `State`. */
  readonly state: Uint8Array;
  /** Per thread: the wait it is in; the slot is -1 and the phase NONE outside one. */
  readonly waitSlot: Int32Array;
  readonly waitPhase: Uint8Array;
  readonly waitSince: Float64Array;
  readonly waitSite: Uint32Array;
  readonly waitWrite: Uint8Array;
  /** Per thread: 1 while it counts as a spinner of `waitSlot`, and while it has its place in the queue (it may do both). */
  readonly waitSpins: Uint8Array;
  readonly waitQueued: Uint8Array;

  /**
   * Per slot. Writer and who demands the lock are threads or -1; of several writers (a lock over ranges) `writer` is the
   * one that came last and `writers` says how many; `queued` are those of the waiters that have a place in the queue; the
   * holds of a lock are a list in the order of their grants.
   */
  object: Uint32Array;
  readers: Int32Array;
  writer: Int32Array;
  writers: Int32Array;
  waiters: Int32Array;
  spinners: Int32Array;
  queued: Int32Array;
  demander: Int32Array;
  firstHold: Int32Array;
  lastHold: Int32Array;

  /** Per hold: thread, slot, 1 for exclusive, since when, since which line; neighbours in the lock's list, or -1. */
  holdThread = new Int32Array(64);
  holdSlot = new Int32Array(64);
  holdWrite = new Uint8Array(64);
  holdSince = new Float64Array(64);
  holdSite = new Uint32Array(64);
  nextHold = new Int32Array(64);
  prevHold = new Int32Array(64);
  /** Per thread the latest hold, per hold the one before it of the same thread, or -1. */
  readonly latestHold: Int32Array;
  olderHold = new Int32Array(64);

  readonly #mms: number;
  readonly #locks: number;
  readonly #always: Uint8Array;
  readonly #holdsOf: Uint16Array;
  readonly #sink: LockSink;
  readonly #many = new IdMap();
  readonly #freeSlots: number[] = [];
  readonly #freeHolds: number[] = [];
  #usedSlots: number;
  #usedHolds = 0;

  constructor(meta: TraceMeta, sink: LockSink) {
    const n = meta.threads.length;
    this.threads = n;
    this.#sink = sink;
    this.#mms = Math.max(1, meta.mms.length);
    this.#locks = meta.locks.length;
    const single = this.#mms + this.#locks;
    this.fixed = single + this.#mms * MM_LOCKS;
    this.entries = this.fixed + MANY.length;
    this.#usedSlots = this.fixed;
    this.#always = Uint8Array.from({ length: this.fixed }, (_, i) =>
      i < this.#mms || i >= single || meta.locks[i - this.#mms].kind === 'rwsem' ? 0 : Flag.WRITE,
    );
    this.state = new Uint8Array(n).fill(State.IDLE);
    this.waitSlot = new Int32Array(n).fill(-1);
    this.waitPhase = new Uint8Array(n);
    this.waitSince = new Float64Array(n);
    this.waitSite = new Uint32Array(n);
    this.waitWrite = new Uint8Array(n);
    this.waitSpins = new Uint8Array(n);
    this.waitQueued = new Uint8Array(n);
    this.latestHold = new Int32Array(n).fill(-1);
    this.#holdsOf = new Uint16Array(n);
    const slots = this.fixed + 64;
    this.object = new Uint32Array(slots);
    this.readers = new Int32Array(slots);
    this.writer = new Int32Array(slots).fill(-1);
    this.writers = new Int32Array(slots);
    this.waiters = new Int32Array(slots);
    this.spinners = new Int32Array(slots);
    this.queued = new Int32Array(slots);
    this.demander = new Int32Array(slots).fill(-1);
    this.firstHold = new Int32Array(slots).fill(-1);
    this.lastHold = new Int32Array(slots).fill(-1);
    for (let i = 0; i < single; i++) {
      const lock = i - this.#mms;
      this.object[i] = lock < 0 ? objectId(Class.MMAP_LOCK, i) : objectId(Class.LOCK, lock);
    }
    for (let i = single; i < this.fixed; i++) {
      const mm = Math.floor((i - single) / MM_LOCKS);
      this.object[i] = objectId(Class.MM_LOCK, (mm << MM_LOCK_BITS) | ((i - single) % MM_LOCKS));
    }
  }

  /** The entry that a slot belongs to. */
  entryOf(slot: number): number {
    return slot < this.fixed ? slot : this.fixed + manyOf(this.object[slot]);
  }

  /** The lock of an entry; of a class the id that stands for it. */
  lockOf(entry: number): ObjectId {
    return entry < this.fixed ? this.object[entry] : lockOfMany(entry - this.fixed);
  }

  /** To be called when the state of a record's thread differs from `state[thread]`, before anything else. */
  moved(thread: number, state: number, t: number): void {
    const wasOn = this.state[thread] <= State.SPIN;
    this.state[thread] = state;
    if (wasOn !== state <= State.SPIN && this.latestHold[thread] >= 0) this.#ownerMoved(thread, t);
    const phase = this.waitPhase[thread];
    if (phase === Wait.NONE) return;
    if (phase === Wait.GRANTED) {
      if (state <= State.KERNEL) this.#endWait(thread, t);
      return;
    }
    const spins = state === State.SPIN ? 1 : 0;
    if (spins === this.waitSpins[thread]) return;
    const slot = this.waitSlot[thread];
    this.waitSpins[thread] = spins;
    this.spinners[slot] += spins === 1 ? 1 : -1;
    this.#sink.changed(slot, t);
  }

  /** A thread that may hold locks to write went on or off its CPU. */
  #ownerMoved(thread: number, t: number): void {
    for (let hold = this.latestHold[thread]; hold >= 0; hold = this.olderHold[hold]) {
      if (this.holdWrite[hold] === 1) this.#sink.changed(this.holdSlot[hold], t);
    }
  }

  /** True while a thread holds a lock to write and runs on no CPU: not yet, or no longer. */
  ownerOff(slot: number): boolean {
    const writer = this.writer[slot];
    return writer >= 0 && this.state[writer] > State.SPIN;
  }

  /**
   * Takes in a record of a kind from LOCK_REQUEST to LOCK_CANCEL, or LOCK_DEMAND; its thread's state has been set by
   * `moved`.
   */
  record(t: number, kind: number, thread: number, object: ObjectId, site: number, flags: number): void {
    if (thread >= this.threads) return;
    switch (kind) {
      case Kind.LOCK_GRANT: {
        const slot = this.slotOf(object, true);
        if (slot >= 0) this.#grant(t, slot, thread, site, flags);
        break;
      }
      case Kind.LOCK_RELEASE: {
        const slot = this.slotOf(object);
        const hold = slot < 0 ? -1 : this.#holdOf(thread, slot);
        if (hold >= 0) this.#release(t, slot, hold);
        break;
      }
      case Kind.LOCK_REQUEST: {
        if (this.waitPhase[thread] !== Wait.NONE) this.#endWait(thread, t);
        const slot = this.slotOf(object, true);
        if (slot >= 0) this.#request(t, slot, thread, site, flags);
        break;
      }
      case Kind.LOCK_DOWNGRADE: {
        const slot = this.slotOf(object);
        const hold = slot < 0 ? -1 : this.#holdOf(thread, slot);
        if (hold >= 0) this.#downgrade(t, slot, hold, site);
        break;
      }
      case Kind.LOCK_QUEUE:
        if (this.waitPhase[thread] === Wait.QUEUED && this.slotOf(object) === this.waitSlot[thread]) {
          this.#queue(thread);
        }
        break;
      case Kind.LOCK_DEMAND: {
        const slot = this.slotOf(object);
        if (this.waitPhase[thread] !== Wait.QUEUED || slot !== this.waitSlot[thread]) break;
        this.demander[slot] = thread;
        this.#sink.changed(slot, t);
        break;
      }
      case Kind.LOCK_CANCEL:
        if (this.waitPhase[thread] === Wait.QUEUED && this.slotOf(object) === this.waitSlot[thread]) {
          this.#endWait(thread, t);
        }
        break;
    }
  }

  /** Slot of a lock; -1 for what is no lock, is not in the meta data, or (unless `make`) is not in use. */
  slotOf(object: ObjectId, make = false): number {
    const index = object & 0x0fffffff;
    switch (object >>> 28) {
      case Class.MMAP_LOCK:
        return index < this.#mms ? index : -1;
      case Class.LOCK:
        return index < this.#locks ? this.#mms + index : -1;
      case Class.MM_LOCK: {
        const mm = index >>> MM_LOCK_BITS;
        const lock = index & ((1 << MM_LOCK_BITS) - 1);
        return mm < this.#mms && lock < MM_LOCKS ? this.#mms + this.#locks + mm * MM_LOCKS + lock : -1;
      }
      case Class.TABLE:
      case Class.VMA_LOCK: {
        const slot = this.#many.get(object);
        return slot >= 0 || !make ? slot : this.#newSlot(object);
      }
      default:
        return -1;
    }
  }

  #newSlot(object: ObjectId): number {
    const slot = this.#freeSlots.pop() ?? this.#usedSlots++;
    if (slot === this.object.length) {
      this.object = doubled(this.object);
      this.readers = doubled(this.readers);
      this.writer = doubled(this.writer);
      this.writers = doubled(this.writers);
      this.waiters = doubled(this.waiters);
      this.spinners = doubled(this.spinners);
      this.queued = doubled(this.queued);
      this.demander = doubled(this.demander);
      this.firstHold = doubled(this.firstHold);
      this.lastHold = doubled(this.lastHold);
    }
    this.object[slot] = object;
    this.writer[slot] = this.demander[slot] = this.firstHold[slot] = this.lastHold[slot] = -1;
    this.#many.set(object, slot);
    return slot;
  }

  #freeIfUnused(slot: number): void {
    if (slot < this.fixed || this.firstHold[slot] >= 0 || this.waiters[slot] > 0) return;
    if (this.#many.delete(this.object[slot])) this.#freeSlots.push(slot);
  }

  #request(t: number, slot: number, thread: number, site: number, flags: number): void {
    const spins = this.state[thread] === State.SPIN ? 1 : 0;
    this.waitSlot[thread] = slot;
    this.waitPhase[thread] = Wait.QUEUED;
    this.waitSince[thread] = t;
    this.waitSite[thread] = site;
    this.waitWrite[thread] = this.#exclusive(slot, flags);
    this.waitSpins[thread] = spins;
    this.waiters[slot]++;
    this.spinners[slot] += spins;
    if (spins === 0) this.#queue(thread);
    this.#sink.waits(slot, thread, t);
    this.#sink.changed(slot, t);
  }

  #exclusive(slot: number, flags: number): number {
    if (slot < this.fixed) return (this.#always[slot] | flags) & Flag.WRITE ? 1 : 0;
    return this.object[slot] >>> 28 === Class.TABLE || (flags & Flag.WRITE) !== 0 ? 1 : 0;
  }

  #queue(thread: number): void {
    if (this.waitQueued[thread] === 1) return;
    this.waitQueued[thread] = 1;
    this.queued[this.waitSlot[thread]]++;
  }

  #leaveQueue(slot: number, thread: number): void {
    this.waiters[slot]--;
    this.queued[slot] -= this.waitQueued[thread];
    this.waitQueued[thread] = 0;
    if (this.demander[slot] === thread) this.demander[slot] = -1;
    this.spinners[slot] -= this.waitSpins[thread];
    this.waitSpins[thread] = 0;
  }

  #endWait(thread: number, t: number): void {
    const slot = this.waitSlot[thread];
    const queued = this.waitPhase[thread] === Wait.QUEUED;
    if (queued) this.#leaveQueue(slot, thread);
    this.#sink.waited(slot, thread, t);
    this.waitPhase[thread] = Wait.NONE;
    this.waitSlot[thread] = -1;
    if (queued) this.#sink.changed(slot, t);
    this.#freeIfUnused(slot);
  }

  #grant(t: number, slot: number, thread: number, site: number, flags: number): void {
    const awaited = this.waitPhase[thread] === Wait.QUEUED && this.waitSlot[thread] === slot;
    if (awaited) this.#leaveQueue(slot, thread);
    this.demander[slot] = -1;
    if (this.#holdsOf[thread] < MAX_HOLDS) {
      // A lock that is handed over is granted at a line of the giver; what the holder asked for tells more.
      const hold = this.#newHold(t, slot, thread, awaited ? this.waitSite[thread] : site);
      this.holdWrite[hold] = this.#exclusive(slot, flags);
      if (this.holdWrite[hold] === 1) {
        this.writer[slot] = thread;
        this.writers[slot]++;
      } else this.readers[slot]++;
      this.#sink.holds(slot, hold, t);
    }
    if (awaited) {
      this.waitPhase[thread] = Wait.GRANTED;
      if (this.state[thread] <= State.KERNEL) this.#endWait(thread, t);
    }
    this.#sink.changed(slot, t);
    this.#freeIfUnused(slot);
  }

  #newHold(t: number, slot: number, thread: number, site: number): number {
    const hold = this.#freeHolds.pop() ?? this.#usedHolds++;
    if (hold === this.holdThread.length) {
      this.holdThread = doubled(this.holdThread);
      this.holdSlot = doubled(this.holdSlot);
      this.holdWrite = doubled(this.holdWrite);
      this.holdSince = doubled(this.holdSince);
      this.holdSite = doubled(this.holdSite);
      this.nextHold = doubled(this.nextHold);
      this.prevHold = doubled(this.prevHold);
      this.olderHold = doubled(this.olderHold);
    }
    const last = this.lastHold[slot];
    this.holdThread[hold] = thread;
    this.holdSlot[hold] = slot;
    this.holdSince[hold] = t;
    this.holdSite[hold] = site;
    this.prevHold[hold] = last;
    this.nextHold[hold] = -1;
    if (last < 0) this.firstHold[slot] = hold;
    else this.nextHold[last] = hold;
    this.lastHold[slot] = hold;
    this.olderHold[hold] = this.latestHold[thread];
    this.latestHold[thread] = hold;
    this.#holdsOf[thread]++;
    return hold;
  }

  /** The latest hold of a lock by a thread, or -1. */
  #holdOf(thread: number, slot: number): number {
    let hold = this.latestHold[thread];
    while (hold >= 0 && this.holdSlot[hold] !== slot) hold = this.olderHold[hold];
    return hold;
  }

  #release(t: number, slot: number, hold: number): void {
    const thread = this.holdThread[hold];
    if (this.waitPhase[thread] === Wait.GRANTED && this.waitSlot[thread] === slot) this.#endWait(thread, t);
    this.#sink.held(slot, hold, t);
    this.#endMode(slot, hold);
    const prev = this.prevHold[hold];
    const next = this.nextHold[hold];
    if (prev < 0) this.firstHold[slot] = next;
    else this.nextHold[prev] = next;
    if (next < 0) this.lastHold[slot] = prev;
    else this.prevHold[next] = prev;
    if (this.latestHold[thread] === hold) this.latestHold[thread] = this.olderHold[hold];
    else {
      let newer = this.latestHold[thread];
      while (this.olderHold[newer] !== hold) newer = this.olderHold[newer];
      this.olderHold[newer] = this.olderHold[hold];
    }
    this.#holdsOf[thread]--;
    this.#freeHolds.push(hold);
    this.#sink.changed(slot, t);
    this.#freeIfUnused(slot);
  }

  #endMode(slot: number, hold: number): void {
    if (this.holdWrite[hold] === 0) {
      this.readers[slot]--;
      return;
    }
    this.writers[slot]--;
    let other = this.writers[slot] > 0 ? this.lastHold[slot] : -1;
    while (other >= 0 && (other === hold || this.holdWrite[other] === 0)) other = this.prevHold[other];
    this.writer[slot] = other < 0 ? -1 : this.holdThread[other];
  }

  #downgrade(t: number, slot: number, hold: number, site: number): void {
    if (this.holdWrite[hold] === 0) return;
    this.#sink.held(slot, hold, t);
    this.#endMode(slot, hold);
    this.holdWrite[hold] = 0;
    this.holdSince[hold] = t;
    this.holdSite[hold] = site;
    this.readers[slot]++;
    this.#sink.changed(slot, t);
  }
}
