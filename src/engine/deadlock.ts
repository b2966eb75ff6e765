import { Class, classOf, type ObjectId } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { unacknowledged } from './interrupts.ts';
import { spinIndex } from './layout.ts';
import { spins, Wait } from './locks/face.ts';
import { isRangeLock, isRangeTree } from './ranges.ts';
import { MAX_HELD } from './world.ts';

/** One edge of a cycle: who waits for which lock, and who is in its way. */
export interface CycleEdge {
  readonly thread: number;
  readonly lock: ObjectId;
  readonly write: boolean;
  /** The next thread of the cycle: holds the lock, or stands before `thread` in its queue. */
  readonly blockedBy: number;
  readonly holds: boolean;
}

/**
 * The cycle of the wait-for graph that goes through a waiting thread, or null. A waiter waits for every holder of the
 * lock and, where it is queued, for everybody who stands before it; for a range, for those that overlap it.
 */
export function findCycle(e: Engine, start: number): CycleEdge[] | null {
  const w = e.w;
  const seen = new Set<number>([start]);
  const path: CycleEdge[] = [];
  const visit = (thread: number): boolean => {
    const lock = w.waitLock[thread] as number;
    if (lock === 0) return false;
    for (const [other, holds] of inTheWay(e, thread, lock)) {
      const edge = { thread, lock, write: w.waitWrite[thread] === 1, blockedBy: other, holds };
      if (other === start) {
        path.push(edge);
        return true;
      }
      if (seen.has(other)) continue;
      seen.add(other);
      path.push(edge);
      if (visit(other)) return true;
      path.pop();
    }
    return false;
  };
  return visit(start) ? path : null;
}

/** False where nothing can be wrong: the one who has a spinlock waits for nobody. Spares the search by far the most often. */
export function mayCycle(e: Engine, lock: ObjectId): boolean {
  const cls = classOf(lock);
  if (e.sleeping(lock) !== null || cls === Class.MM) return true;
  if (cls === Class.MM_LOCK && !isRangeTree(lock)) return true;
  const owner = (e.w.spinOwner[spinIndex(e.layout, lock)] as number) - 1;
  return owner < 0 || e.w.waitLock[owner] !== 0;
}

function* inTheWay(e: Engine, thread: number, lock: ObjectId): Generator<[number, boolean]> {
  const w = e.w;
  if (w.waiting[thread] === Wait.ACK) {
    for (const t of unacknowledged(e, thread)) yield [t, true];
    return;
  }
  if (isRangeLock(lock)) {
    yield* e.ranges.inTheWay(thread, lock);
    return;
  }
  for (let t = 0; t < w.sizes.threads; t++) {
    for (let i = 0; i < (w.heldCount[t] as number); i++) {
      const at = t * MAX_HELD + i;
      // Readers do not keep a reader out; only writers, and whoever stands before it, do.
      if (w.heldLock[at] === lock && (w.waitWrite[thread] === 1 || w.heldWrite[at] === 1)) {
        yield [t, true];
        break;
      }
    }
  }
  const model = e.sleeping(lock);
  // A spinner may take the lock past all who sleep for it.
  if (model === null || spins(w.waiting[thread] as number)) return;
  const i = e.rwIndexOf(lock);
  const head = (w.rwHead[i] as number) - 1;
  // The whole group of readers goes with the first one.
  if (model.readersTogether && w.waitWrite[thread] === 0 && head >= 0 && w.waitWrite[head] === 0) return;
  for (let at = w.rwHead[i] as number; at !== 0 && at !== thread + 1; at = w.waitNext[at - 1] as number) {
    yield [at - 1, false];
  }
}
