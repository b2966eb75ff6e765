import { Class, type Ns, type ObjectId, objectName, siteLabel, type TraceMeta } from '../event/index.ts';
import { writeSlice } from './chrome-slices.ts';
import { type EventText, members, place } from './chrome-text.ts';
import { threadName } from './describe.ts';
import type { LockTracker } from './tracker.ts';

/** Lane ids of locks begin above those of threads; a page-table lock's follows from its object id. */
const FIRST_TID = 100_000;
const FIRST_TABLE_TID = 2 ** 28;
/** Place of a lock's lanes among all lanes of locks. */
const LANES_PER_LOCK = 65_536;
/** Page-table locks whose lanes are known to have a name; when there are more, all are named again. */
const MAX_NAMED = 16_384;
const NO_LANE = -1;

/**
 * The lanes of the locks, with a slice per hold. A process-wide or declared lock has a lane for its writer and one for
 * every reader that there is beside others, the lowest free one first. A hold of a page-table lock is shown only if
 * somebody waited for the lock during it: whether a lock will ever be waited for is not known while the log goes by.
 */
export class LockLanes {
  readonly #out: EventText;
  readonly #meta: TraceMeta;
  readonly #tracker: LockTracker;
  readonly #pid: number;
  readonly #tablePid: number;
  /** Per fixed lock: the lanes that it has had, and which are taken. */
  readonly #tids: number[][];
  readonly #taken: boolean[][];
  #nextTid = FIRST_TID;
  readonly #named = new Set<ObjectId>();
  #anyTable = false;
  /** Per hold: its lane among those of its lock; 1 when somebody waited during it. */
  readonly #lane: number[] = [];
  readonly #awaited: number[] = [];

  /** `pid` and the one behind it are for locks and page-table locks. */
  constructor(out: EventText, meta: TraceMeta, tracker: LockTracker, pid: number) {
    this.#out = out;
    this.#meta = meta;
    this.#tracker = tracker;
    this.#pid = pid;
    this.#tablePid = pid + 1;
    this.#tids = Array.from({ length: tracker.fixed }, () => []);
    this.#taken = Array.from({ length: tracker.fixed }, () => []);
    out.meta('process_name', place(pid), 'locks');
    out.meta('process_sort_index', place(pid), pid - 1);
    for (let slot = 0; slot < tracker.fixed; slot++) this.#tidOf(slot, 0);
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
      // A second owner of a spinlock is an error of the trace; it would overlap with the first.
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
    const table = slot >= k.fixed;
    if (lane === NO_LANE || (table && this.#awaited[hold] === 0)) return;
    const where = table ? this.#tablePlace(k.object[slot]) : place(this.#pid, this.#tidOf(slot, lane));
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
    this.#out.meta('thread_name', where, lane === 0 ? name : `${name} reader ${lane}`);
    this.#out.meta('thread_sort_index', where, slot * LANES_PER_LOCK + lane);
    return tid;
  }

  #tablePlace(lock: ObjectId): string {
    const index = lock - Class.TABLE * 2 ** 28;
    const where = place(this.#tablePid, FIRST_TABLE_TID + index);
    if (this.#named.has(lock)) return where;
    if (!this.#anyTable) {
      this.#anyTable = true;
      this.#out.meta('process_name', place(this.#tablePid), 'page-table locks waited for');
      this.#out.meta('process_sort_index', place(this.#tablePid), this.#tablePid - 1);
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
