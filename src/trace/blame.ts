import {
  type Chunk,
  type EventIdx,
  groupOf,
  Kind,
  NO_THREAD,
  type Ns,
  type ObjectId,
  State,
  type TraceMeta,
} from '../event/index.ts';
import type { SpanCollector } from './blamed-spans.ts';
import { type Opening, seed } from './opening.ts';
import { type LockSink, LockTracker, Wait } from './tracker.ts';

/** Combinations of waiter, holder and lock that are kept apart (4 MB each for six columns). */
const MAX_PAIRS = 1 << 19;

/** What all waiters lost to one holder of one lock; columns by waiter. */
interface Row {
  readonly ns: Float64Array;
  /** Of `ns`: the holder spun for a lock, slept for one or by its own will, wanted a CPU. */
  readonly spunNs: Float64Array;
  readonly blockedNs: Float64Array;
  readonly runnableNs: Float64Array;
  readonly waits: Float64Array;
  /** Number of the wait that was counted last. */
  readonly lastWait: Float64Array;
  /** Takes in when the waits were; null where nobody asked. */
  readonly spans: SpanCollector | null;
}

/** How long a thread waited for a lock while another one held it. The locks of a class in `MANY` are one. */
export interface BlamePair {
  readonly waiter: number;
  /**
   * Who held the lock, or NO_THREAD: nobody did, or the waiter owned it already and had not been woken yet. It is the
   * waiter itself where it asked again for what it held.
   */
  readonly holder: number;
  /** The lock; of a class what stands for it. */
  readonly lock: ObjectId;
  /** Where several readers hold the lock, the time counts for each of them. */
  readonly ns: Ns;
  /**
   * Of it, the time in which the holder spun for a lock, slept (for a lock or by its own will), or wanted a CPU: the
   * rest it ran. All 0 without a holder.
   */
  readonly spunNs: Ns;
  readonly blockedNs: Ns;
  readonly runnableNs: Ns;
  /** Waits of which a part fell on this holder. */
  readonly waits: number;
}

/**
 * Who blocks whom: every moment of a wait is charged to those who hold the lock in it. Costs time in proportion to the
 * threads at a lock, so it is a class of its own beside `Statistics`.
 */
export class Blame implements LockSink {
  /** Time that found no place because there were too many combinations. */
  droppedNs: Ns = 0;
  /** Id of the record that comes next. */
  next: EventIdx;
  readonly #tracker: LockTracker;
  /** By entry * 2^16 + holder. */
  readonly #rows = new Map<number, Row>();

  /** Per slot: threads that wait for it, a list over threads. */
  readonly #firstWaiter: number[] = [];
  readonly #nextWaiter: Int32Array;
  readonly #prevWaiter: Int32Array;
  readonly #listed: Uint8Array;
  /** Per thread: the end of what is charged already, and the number of its wait. */
  readonly #chargedTo: Float64Array;
  readonly #wait: Float64Array;
  #waitsBegun = 0;
  /** Nothing before this time is charged. */
  readonly #from: Ns;
  readonly #spans: SpanCollector | null;

  /**
   * Over a whole log; or from `fromNs` on, given what was under way at a record before it. `spans` learns when the
   * waits were that it asks for.
   */
  constructor(
    meta: TraceMeta,
    part?: { readonly opening: Opening; readonly fromNs: Ns },
    spans: SpanCollector | null = null,
  ) {
    this.#spans = spans;
    this.#from = part?.fromNs ?? 0;
    this.next = part?.opening.next ?? 0;
    this.#tracker = new LockTracker(meta, this);
    const n = meta.threads.length;
    this.#nextWaiter = new Int32Array(n).fill(-1);
    this.#prevWaiter = new Int32Array(n).fill(-1);
    this.#listed = new Uint8Array(n);
    this.#chargedTo = new Float64Array(n);
    this.#wait = new Float64Array(n);
    if (part !== undefined) seed(this.#tracker, part.opening);
  }

  /** Takes in records [from, to) of a chunk: all those that follow the ones before, without gaps. */
  add(chunk: Chunk, from: number, to: number): void {
    const { t, site, object, thread, kind, flags } = chunk;
    const { state, threads } = this.#tracker;
    for (let i = from; i < to; i++) {
      const who = thread[i];
      if (who >= threads) continue;
      const now = flags[i] & 7;
      if (state[who] !== now) {
        this.#moving(who, t[i]);
        this.#tracker.moved(who, now, t[i]);
      }
      if (kind[i] < Kind.LOCK_REQUEST || kind[i] > Kind.LOCK_CANCEL) continue;
      this.#tracker.record(t[i], kind[i], who, object[i], site[i], flags[i]);
    }
    this.next += Math.max(0, to - from);
  }

  /** What a holder did up to now is charged before it does something else. */
  #moving(thread: number, t: Ns): void {
    const { latestHold, olderHold, holdSlot } = this.#tracker;
    for (let hold = latestHold[thread]; hold >= 0; hold = olderHold[hold]) {
      this.#chargeWaiters(holdSlot[hold], t, -1);
    }
  }

  waits(slot: number, thread: number, t: Ns): void {
    const first = this.#firstWaiter[slot] ?? -1;
    this.#nextWaiter[thread] = first;
    this.#prevWaiter[thread] = -1;
    if (first >= 0) this.#prevWaiter[first] = thread;
    this.#firstWaiter[slot] = thread;
    this.#listed[thread] = 1;
    this.#chargedTo[thread] = Math.max(t, this.#from);
    this.#wait[thread] = ++this.#waitsBegun;
  }

  waited(slot: number, thread: number, t: Ns): void {
    const queued = this.#tracker.waitPhase[thread] === Wait.QUEUED;
    if (queued) this.#chargeWaiters(slot, t, -1);
    // Granted already: what remains was the way from the grant to running.
    else this.#chargeNobody(thread, slot, t);
    this.#unlink(slot, thread);
  }

  holds(slot: number, hold: number, t: Ns): void {
    const k = this.#tracker;
    const thread = k.holdThread[hold];
    // Until now those who wait were blocked by the others in the list, or by nobody.
    this.#chargeWaiters(slot, t, hold);
    if (k.waitPhase[thread] === Wait.QUEUED && k.waitSlot[thread] === slot) this.#unlink(slot, thread);
  }

  held(slot: number, _hold: number, t: Ns): void {
    this.#chargeWaiters(slot, t, -1);
  }

  changed(): void {}

  /** Charges all who wait for a slot up to `t` to its holders, the hold `except` left out. */
  #chargeWaiters(slot: number, t: Ns, except: number): void {
    const first = this.#firstWaiter[slot] ?? -1;
    if (first < 0) return;
    const k = this.#tracker;
    let nobody = true;
    for (let hold = k.firstHold[slot]; hold >= 0; hold = k.nextHold[hold]) {
      if (hold === except || this.#holdsOlder(hold, slot)) continue;
      nobody = false;
      const thread = k.holdThread[hold];
      this.#chargeList(first, this.#row(slot, thread), k.state[thread], t);
    }
    if (nobody) this.#chargeList(first, this.#row(slot, NO_THREAD), State.KERNEL, t);
    for (let w = first; w >= 0; w = this.#nextWaiter[w]) {
      this.#chargedTo[w] = Math.max(t, this.#from);
    }
  }

  #chargeList(first: number, row: Row | undefined, state: number, t: Ns): void {
    for (let w = first; w >= 0; w = this.#nextWaiter[w]) this.#charge(w, row, state, t);
  }

  /** `state`: the holder's. */
  #charge(waiter: number, row: Row | undefined, state: number, t: Ns): void {
    const ns = t - this.#chargedTo[waiter];
    if (ns <= 0) return;
    if (row === undefined) {
      this.droppedNs += ns;
      return;
    }
    row.ns[waiter] += ns;
    row.spans?.add(waiter, t - ns, t);
    if (state === State.SPIN) row.spunNs[waiter] += ns;
    else if (state === State.RUNNABLE) row.runnableNs[waiter] += ns;
    else if (state > State.SPIN) row.blockedNs[waiter] += ns;
    if (row.lastWait[waiter] === this.#wait[waiter]) return;
    row.lastWait[waiter] = this.#wait[waiter];
    row.waits[waiter]++;
  }

  #row(slot: number, holder: number): Row | undefined {
    const key = this.#tracker.entryOf(slot) * 0x10000 + holder;
    let row = this.#rows.get(key);
    if (row === undefined) {
      const n = this.#tracker.threads;
      if ((this.#rows.size + 1) * n > MAX_PAIRS) return undefined;
      const column = (): Float64Array => new Float64Array(n);
      row = {
        ns: column(),
        spunNs: column(),
        blockedNs: column(),
        runnableNs: column(),
        waits: column(),
        lastWait: column(),
        spans: this.#asksFor(this.#tracker.entryOf(slot), holder) ? this.#spans : null,
      };
      this.#rows.set(key, row);
    }
    return row;
  }

  #asksFor(entry: number, holder: number): boolean {
    if (this.#spans === null) return false;
    const { filter } = this.#spans;
    if (filter.holder !== null && filter.holder !== holder) return false;
    return filter.lock === null || groupOf(filter.lock) === this.#tracker.lockOf(entry);
  }

  /** True if the thread has an older hold of the same lock, by which it has been charged. */
  #holdsOlder(hold: number, slot: number): boolean {
    const k = this.#tracker;
    let older = k.olderHold[hold];
    while (older >= 0 && k.holdSlot[older] !== slot) older = k.olderHold[older];
    return older >= 0;
  }

  #unlink(slot: number, thread: number): void {
    if (this.#listed[thread] === 0) return;
    this.#listed[thread] = 0;
    const prev = this.#prevWaiter[thread];
    const next = this.#nextWaiter[thread];
    if (prev < 0) this.#firstWaiter[slot] = next;
    else this.#nextWaiter[prev] = next;
    if (next >= 0) this.#prevWaiter[next] = prev;
  }

  /** Charges one thread alone, for the time since its grant. */
  #chargeNobody(thread: number, slot: number, t: Ns): void {
    this.#charge(thread, this.#row(slot, NO_THREAD), State.KERNEL, t);
    this.#chargedTo[thread] = Math.max(t, this.#from);
  }

  /** Charges waits that are unfinished up to `endNs`; more records may follow. */
  finish(endNs: Ns): void {
    const k = this.#tracker;
    for (let thread = 0; thread < k.threads; thread++) {
      const slot = k.waitSlot[thread];
      if (k.waitPhase[thread] === Wait.QUEUED) this.#chargeWaiters(slot, endNs, -1);
      else if (k.waitPhase[thread] === Wait.GRANTED) this.#chargeNobody(thread, slot, endNs);
    }
  }

  /** The pairs, the longest first; of one lock if it is given (any one of a class for the class). */
  pairs(lock?: ObjectId): BlamePair[] {
    const pairs: BlamePair[] = [];
    for (const [key, { ns, waits, spunNs, blockedNs, runnableNs }] of this.#rows) {
      const holder = key % 0x10000;
      const object = this.#tracker.lockOf(Math.floor(key / 0x10000));
      if (lock !== undefined && groupOf(lock) !== object) continue;
      ns.forEach((time, waiter) => {
        if (time <= 0) return;
        pairs.push({
          waiter,
          holder,
          lock: object,
          ns: time,
          spunNs: spunNs[waiter],
          blockedNs: blockedNs[waiter],
          runnableNs: runnableNs[waiter],
          waits: waits[waiter],
        });
      });
    }
    return pairs.sort((a, b) => b.ns - a.ns || a.waiter - b.waiter || a.holder - b.holder);
  }
}
