import {
  Class,
  classOf,
  Flag,
  Kind,
  MANY,
  manyOf,
  type Ns,
  type ObjectId,
  type TraceMeta,
} from '../event/index.ts';
import { doubled } from './grow.ts';
import { IdMap } from './id-map.ts';
import { PagedCounts } from './paged.ts';
import { NAMED_HOLDERS, packHolder, Samples } from './samples.ts';
import { type LockSink, LockTracker, Wait } from './tracker.ts';

/** Locks of classes whose waits are counted one by one; those first waited for after that count only together. */
const MAX_INSTANCES = 65_536;

/** One mode of one entry. */
export interface ModeTotals {
  /** Grants. */
  acquired: number;
  /** Contended waits. */
  wait: Samples;
  hold: Samples;
}

/** A lock of a class that somebody waited for. Times in ns. */
export interface InstanceTotals {
  readonly object: ObjectId;
  readonly acquired: number;
  readonly waitTotalNs: Ns;
  readonly maxWaitNs: Ns;
}

/** One lock, or one class of locks: the page-table locks of all mms are one entry, and so are the per-VMA locks. */
export interface LockTotals {
  /** The lock's id; of a class what stands for it. */
  readonly object: ObjectId;
  /** Locks of a class that were taken; of a further lock of an mm whether it was. */
  readonly instances: number;
  /** Most threads that waited for one lock at a time, those granted it left out. */
  readonly maxWaiters: number;
  readonly read: ModeTotals;
  readonly write: ModeTotals;
  /** Those of a class that had to be waited for, the most waited for first. */
  readonly top: readonly InstanceTotals[];
}

function newMode(): ModeTotals {
  return { acquired: 0, wait: new Samples(), hold: new Samples() };
}

function cloneMode(mode: ModeTotals): ModeTotals {
  return { acquired: mode.acquired, wait: mode.wait.clone(), hold: mode.hold.clone() };
}

/** Grants, waits and holds of every lock, from the lock records of a log. */
export class LockStatistics implements LockSink {
  readonly tracker: LockTracker;
  /** Grants taken past threads that queue, and write holds turned into read holds. */
  steals = 0;
  downgrades = 0;

  /** Two modes per entry of the tracker, read then write. */
  readonly #modes: ModeTotals[];
  readonly #maxWaiters: Int32Array;
  /** By class: grants per lock. */
  readonly #many = MANY.map(() => new PagedCounts());
  /** Per thread: packed holders of the lock when its wait began, and how many. */
  readonly #heldBy: Int32Array;
  readonly #heldByCount: Uint8Array;

  readonly #instances = new IdMap();
  #instanceObject = new Uint32Array(64);
  #instanceTotal = new Float64Array(64);
  #instanceMax = new Float64Array(64);

  constructor(meta: TraceMeta) {
    this.tracker = new LockTracker(meta, this);
    const { entries } = this.tracker;
    this.#modes = Array.from({ length: entries * 2 }, newMode);
    this.#maxWaiters = new Int32Array(entries);
    this.#heldBy = new Int32Array(meta.threads.length * NAMED_HOLDERS);
    this.#heldByCount = new Uint8Array(meta.threads.length);
  }

  record(t: Ns, kind: number, thread: number, object: ObjectId, site: number, flags: number): void {
    if (kind === Kind.LOCK_GRANT && (flags & Flag.STEAL) !== 0) this.steals++;
    else if (kind === Kind.LOCK_DOWNGRADE) this.downgrades++;
    this.tracker.record(t, kind, thread, object, site, flags);
  }

  waits(slot: number, thread: number): void {
    const k = this.tracker;
    const entry = k.entryOf(slot);
    if (k.waiters[slot] > this.#maxWaiters[entry]) this.#maxWaiters[entry] = k.waiters[slot];
    let n = 0;
    for (let hold = k.firstHold[slot]; hold >= 0 && n < NAMED_HOLDERS; hold = k.nextHold[hold]) {
      this.#heldBy[thread * NAMED_HOLDERS + n++] = packHolder(k.holdThread[hold], k.holdWrite[hold]);
    }
    this.#heldByCount[thread] = n;
  }

  waited(slot: number, thread: number, t: Ns): void {
    this.#addWait(this.#modes, slot, thread, t);
    if (slot >= this.tracker.fixed) this.#addInstance(slot, t - this.tracker.waitSince[thread]);
  }

  #addWait(modes: readonly ModeTotals[], slot: number, thread: number, t: Ns): void {
    const k = this.tracker;
    const { wait } = modes[k.entryOf(slot) * 2 + k.waitWrite[thread]];
    if (!wait.record(k.waitSince[thread], t, thread, k.waitSite[thread])) return;
    const from = thread * NAMED_HOLDERS;
    wait.heldBy = Array.from(this.#heldBy.subarray(from, from + this.#heldByCount[thread]));
  }

  #addInstance(slot: number, ns: Ns): void {
    const object = this.tracker.object[slot];
    let at = this.#instances.get(object);
    if (at < 0) {
      at = this.#instances.size;
      if (at >= MAX_INSTANCES) return;
      if (at === this.#instanceObject.length) {
        this.#instanceObject = doubled(this.#instanceObject);
        this.#instanceTotal = doubled(this.#instanceTotal);
        this.#instanceMax = doubled(this.#instanceMax);
      }
      this.#instances.set(object, at);
      this.#instanceObject[at] = object;
    }
    this.#instanceTotal[at] += ns;
    if (ns > this.#instanceMax[at]) this.#instanceMax[at] = ns;
  }

  holds(slot: number, hold: number): void {
    const { fixed, holdWrite, object } = this.tracker;
    this.#modes[this.tracker.entryOf(slot) * 2 + holdWrite[hold]].acquired++;
    if (slot >= fixed) this.#many[manyOf(object[slot])].add(object[slot] & 0x0fffffff);
  }

  held(slot: number, hold: number, t: Ns): void {
    this.#addHold(this.#modes, slot, hold, t);
  }

  #addHold(modes: readonly ModeTotals[], slot: number, hold: number, t: Ns): void {
    const k = this.tracker;
    const mode = modes[k.entryOf(slot) * 2 + k.holdWrite[hold]];
    mode.hold.record(k.holdSince[hold], t, k.holdThread[hold], k.holdSite[hold]);
  }

  changed(): void {}

  /**
   * Everything so far, what is unfinished with its length up to `endNs`; more records may follow afterwards. The
   * waits of single locks of a class are those that ended.
   */
  totals(endNs: Ns, top: number): LockTotals[] {
    const k = this.tracker;
    const modes = this.#modes.map(cloneMode);
    for (let thread = 0; thread < k.threads; thread++) {
      if (k.waitPhase[thread] !== Wait.NONE) this.#addWait(modes, k.waitSlot[thread], thread, endNs);
      for (let hold = k.latestHold[thread]; hold >= 0; hold = k.olderHold[hold]) {
        this.#addHold(modes, k.holdSlot[hold], hold, endNs);
      }
    }
    const totals: LockTotals[] = [];
    for (let entry = 0; entry < k.entries; entry++) {
      const many = entry - k.fixed;
      const [read, write] = [modes[entry * 2], modes[entry * 2 + 1]];
      const object = k.lockOf(entry);
      const used = classOf(object) !== Class.MM_LOCK || read.acquired + write.acquired > 0;
      totals.push({
        object,
        instances: many < 0 ? Number(used) : this.#many[many].distinct,
        maxWaiters: this.#maxWaiters[entry],
        read,
        write,
        top: many < 0 ? [] : this.#mostContended(many, top),
      });
    }
    return totals;
  }

  #mostContended(many: number, top: number): InstanceTotals[] {
    const order = Array.from({ length: this.#instances.size }, (_, i) => i).filter(
      (i) => manyOf(this.#instanceObject[i]) === many,
    );
    order.sort(
      (a, b) =>
        this.#instanceTotal[b] - this.#instanceTotal[a] || this.#instanceObject[a] - this.#instanceObject[b],
    );
    return order.slice(0, top).map((i) => ({
      object: this.#instanceObject[i],
      acquired: this.#many[many].get(this.#instanceObject[i] & 0x0fffffff),
      waitTotalNs: this.#instanceTotal[i],
      maxWaitNs: this.#instanceMax[i],
    }));
  }
}
