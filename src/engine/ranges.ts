import { Class, MmLock, type ObjectId, objectId } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { Outcome, Reason } from './outcome.ts';
import { RANGES } from './world.ts';

/** Values of World.rangeState; 0 for a range that is not in use. */
export const RangeState = {
  /** In the tree; earlier ranges may keep it out. */
  ASKED: 1,
  HELD: 2,
  /** Of a list, which has only what is held: its thread has begun to wait for it. */
  WANTED: 3,
} as const;

/** The lock whose holds are ranges, of an mm. */
export function rangeLockId(mm: number): ObjectId {
  return objectId(Class.MM_LOCK, (mm << 8) | MmLock.RANGE_LOCK);
}

/** The spinlock over an mm's tree of ranges. */
export function rangeTreeId(mm: number): ObjectId {
  return objectId(Class.MM_LOCK, (mm << 8) | MmLock.RANGE_TREE);
}

export function isRangeLock(lock: ObjectId): boolean {
  return lock >>> 28 === Class.MM_LOCK && (lock & 0xff) === MmLock.RANGE_LOCK;
}

export function isRangeTree(lock: ObjectId): boolean {
  return lock >>> 28 === Class.MM_LOCK && (lock & 0xff) === MmLock.RANGE_TREE;
}

function mmOfLock(lock: ObjectId): number {
  return (lock & 0x0fffffff) >>> 8;
}

/**
 * Ranges that threads hold or ask for: which there are, which of them meet. The locks themselves are locks/range-tree.ts
 * and locks/range-list.ts. A thread has `RANGES` places for ranges, numbered through all threads; pages bound a range.
 */
export class Ranges {
  private readonly e: Engine;

  constructor(e: Engine) {
    this.e = e;
  }

  threadOf(slot: number): number {
    return (slot / RANGES) | 0;
  }

  /** The thread's latest range of an mm, -1 if it has none. `state`: one that is in this state. */
  own(thread: number, mm: number, state: number): number {
    const { w } = this.e;
    let found = -1;
    if (w.sizes.ranges === 0) return found;
    for (let s = thread * RANGES; s < (thread + 1) * RANGES; s++) {
      if (w.rangeMm[s] !== mm + 1 || w.rangeState[s] !== state) continue;
      if (found < 0 || (w.rangeOrder[s] as number) > (w.rangeOrder[found] as number)) found = s;
    }
    return found;
  }

  /** The next number of an mm's order. */
  next(mm: number): number {
    const { w } = this.e;
    const order = (w.rangeOrders[mm] as number) + 1;
    w.rangeOrders[mm] = order;
    return order;
  }

  /** A place for one more range of the thread, filled in; -1 (and the run ends) when it has none left. */
  take(thread: number, mm: number, from: number, to: number, write: 0 | 1, state: number): number {
    const { e } = this;
    const { w } = e;
    for (let s = thread * RANGES; s < (thread + 1) * RANGES; s++) {
      if (w.rangeMm[s] !== 0) continue;
      w.rangeMm[s] = mm + 1;
      w.rangeState[s] = state;
      w.rangeWrite[s] = write;
      w.rangeStart[s] = from;
      w.rangeEnd[s] = to;
      w.rangeOrder[s] = this.next(mm);
      return s;
    }
    e.stop(Outcome.LIMIT, Reason.RANGES, thread);
    return -1;
  }

  free(slot: number): void {
    const { w } = this.e;
    w.rangeMm[slot] = 0;
    w.rangeState[slot] = 0;
    w.rangeWrite[slot] = 0;
    w.rangeStart[slot] = 0;
    w.rangeEnd[slot] = 0;
    w.rangeOrder[slot] = 0;
    w.rangeBlockers[slot] = 0;
    w.rangeSince[slot] = 0;
  }

  overlaps(slot: number, from: number, to: number): boolean {
    const { rangeStart, rangeEnd } = this.e.w;
    return (rangeStart[slot] as number) < to && (rangeEnd[slot] as number) > from;
  }

  /** Two ranges that cannot be held together: they overlap and one of them writes. */
  clash(a: number, b: number): boolean {
    const { rangeStart, rangeEnd, rangeWrite } = this.e.w;
    if (rangeWrite[a] === 0 && rangeWrite[b] === 0) return false;
    return this.overlaps(a, rangeStart[b] as number, rangeEnd[b] as number);
  }

  /** Ranges of an mm in a state. */
  count(mm: number, state: number): number {
    const { w } = this.e;
    let n = 0;
    for (let s = 0; s < w.sizes.ranges; s++) if (w.rangeMm[s] === mm + 1 && w.rangeState[s] === state) n++;
    return n;
  }

  /**
   * Threads that keep a waiting one from its range, and whether they hold theirs. In a tree these are the earlier ranges;
   * what only waits for a list is in nobody's way.
   */
  *inTheWay(thread: number, lock: ObjectId): Generator<[number, boolean]> {
    const { w } = this.e;
    const mm = mmOfLock(lock);
    const asked = this.own(thread, mm, RangeState.ASKED);
    const mine = asked >= 0 ? asked : this.own(thread, mm, RangeState.WANTED);
    if (mine < 0) return;
    for (let s = 0; s < w.sizes.ranges; s++) {
      if (s === mine || w.rangeMm[s] !== mm + 1 || !this.clash(s, mine)) continue;
      const holds = w.rangeState[s] === RangeState.HELD;
      const before = asked >= 0 && (w.rangeOrder[s] as number) < (w.rangeOrder[mine] as number);
      if (asked >= 0 ? before : holds) yield [this.threadOf(s), holds];
    }
  }
}
