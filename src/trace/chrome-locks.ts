import {
  Class,
  classOf,
  indexOf,
  MANY_NAMES,
  manyOf,
  type Ns,
  type ObjectId,
  objectName,
  siteLabel,
  type TraceMeta,
} from '../event/index.ts';
import { writeSlice } from './chrome-slices.ts';
import { type EventText, members, place } from './chrome-text.ts';
import { threadName } from './describe.ts';
import type { LockTracker } from './tracker.ts';

/** Lane ids of locks begin above those of threads; that of a lock of a class follows from its object id. */
const FIRST_TID = 100_000;
const FIRST_OF_MANY_TID = 2 ** 28;
/** Place of a lock's lanes among all lanes of locks. */
const LANES_PER_LOCK = 65_536;
/** Locks of classes whose lanes are known to have a name; when there are more, all are named again. */
const MAX_NAMED = 16_384;
const NO_LANE = -1;

/**
 * The lanes of the locks, with a slice per hold. A process-wide or declared lock has a lane for its writer and one for
 * every further holder that there is beside others, the lowest free one first. A hold of a page-table lock, or of a VMA's,
 * is shown only if somebody waited for the lock during it: whether it will ever be waited for is not known while the log
 * goes by.
 */
export class LockLanes {
  readonly #out: EventText;
  readonly #meta: TraceMeta;
  readonly #tracker: LockTracker;
  readonly #pid: number;
  /** Per fixed lock: the lanes that it has had, and which are taken. */
  readonly #tids: number[][];
  readonly #taken: boolean[][];
  #nextTid = FIRST_TID;
  readonly #named = new Set<ObjectId>();
  readonly #any = new Set<number>();
  /** Per hold: its lane among those of its lock; 1 when somebody waited during it. */
  readonly #lane: number[] = [];
  readonly #awaited: number[] = [];

  /** `pid` is for locks, and those behind it are for the classes in `MANY`. */
  constructor(out: EventText, meta: TraceMeta, tracker: LockTracker, pid: number) {
    this.#out = out;
    this.#meta = meta;
    this.#tracker = tracker;
    this.#pid = pid;
    this.#tids = Array.from({ length: tracker.fixed }, () => []);
    this.#taken = Array.from({ length: tracker.fixed }, () => []);
    out.meta('process_name', place(pid), 'locks');
    out.meta('process_sort_index', place(pid), pid - 1);
    for (let slot = 0; slot < tracker.fixed; slot++) {
      // The further locks of an mm have lanes once they are taken.
      if (classOf(tracker.object[slot]) !== Class.MM_LOCK) this.#tidOf(slot, 0);
    }
  }

  /** A thread begins to wait; see `LockSink`. */
  waits(slot: number): void {
    if (slot < this.#tracker.fixed) return;
    const { firstHold, nextHold } = this.#tracker;
    for (let hold = firstHold[slot]; hold >= 0; hold = nextHold[hold]) this.#awaited[hold] = 1;
  }

  /** A hold began; see `LockSink`. */
  holds(slot: number, hold: number): void {
    const k = this.#tracker;
    if (slot < k.fixed) this.#lane[hold] = this.#take(slot, k.holdWrite[hold] === 1);
    else {
      // Of several holders the first is shown: the others would overlap with it.
      this.#lane[hold] = k.firstHold[slot] === hold ? 0 : NO_LANE;
      this.#awaited[hold] = k.waiters[slot] > 0 ? 1 : 0;
    }
  }

  #take(slot: number, write: boolean): number {
    const taken = this.#taken[slot];
    let lane = write && taken[0] !== true ? 0 : 1;
    while (taken[lane] === true) lane++;
    taken[lane] = true;
    return lane;
  }

  /** A hold ends, or (`downgraded`) goes on as a read hold; see `LockSink`. */
  held(slot: number, hold: number, t: Ns, downgraded: boolean): void {
    this.#write(slot, hold, t, downgraded ? '"downgraded":true' : '');
    const lane = this.#lane[hold];
    if (slot >= this.#tracker.fixed) return;
    this.#taken[slot][lane] = false;
    if (downgraded) this.#lane[hold] = this.#take(slot, false);
  }

  #write(slot: number, hold: number, t: Ns, more: string): void {
    const k = this.#tracker;
    const lane = this.#lane[hold];
    const many = slot >= k.fixed;
    if (lane === NO_LANE || (many && this.#awaited[hold] === 0)) return;
    const where = many ? this.#placeOfMany(k.object[slot]) : place(this.#pid, this.#tidOf(slot, lane));
    const mode = k.holdWrite[hold] === 1 ? 'W' : 'R';
    const shape = { name: `${mode} by ${threadName(k.holdThread[hold], this.#meta)}`, cat: 'hold' };
    const line = `"line":${JSON.stringify(siteLabel(k.holdSite[hold], this.#meta))}`;
    writeSlice(this.#out, shape, where, k.holdSince[hold], t, members(line, more));
  }

  #tidOf(slot: number, lane: number): number {
    const tids = this.#tids[slot];
    const known = tids[lane];
    if (known !== undefined) return known;
    const tid = this.#nextTid++;
    tids[lane] = tid;
    const name = objectName(this.#tracker.object[slot], this.#meta);
    const where = place(this.#pid, tid);
    this.#out.meta('thread_name', where, lane === 0 ? name : `${name} ${this.#further(slot)} ${lane}`);
    this.#out.meta('thread_sort_index', where, slot * LANES_PER_LOCK + lane);
    return tid;
  }

  /** What a holder beside the first one is called: of the locks of an mm one may be a writer. */
  #further(slot: number): string {
    return classOf(this.#tracker.object[slot]) === Class.MM_LOCK ? 'holder' : 'reader';
  }

  #placeOfMany(lock: ObjectId): string {
    const many = manyOf(lock);
    const index = indexOf(lock);
    const pid = this.#pid + 1 + many;
    const where = place(pid, FIRST_OF_MANY_TID * (1 + many) + index);
    if (this.#named.has(lock)) return where;
    if (!this.#any.has(many)) {
      this.#any.add(many);
      this.#out.meta('process_name', place(pid), `${MANY_NAMES[many]?.label} waited for`);
      this.#out.meta('process_sort_index', place(pid), pid - 1);
    }
    if (this.#named.size >= MAX_NAMED) this.#named.clear();
    this.#named.add(lock);
    this.#out.meta('thread_name', where, objectName(lock, this.#meta));
    this.#out.meta('thread_sort_index', where, index);
    return where;
  }

  /** Ends every hold at the end of the recording. */
  finish(t: Ns): void {
    const k = this.#tracker;
    for (let thread = 0; thread < k.threads; thread++) {
      for (let hold = k.latestHold[thread]; hold >= 0; hold = k.olderHold[hold]) {
        this.#write(k.holdSlot[hold], hold, t, '"unfinished":true');
      }
    }
  }
}
