import type { Ns, ObjectId, ThreadIdx } from '../../event/index.ts';
import { MarkKind, type PyramidView } from '../../trace/index.ts';

/** What the trace knows about a thread that waits for a lock, beyond the moment. */
export interface WaitPast {
  /** Times that the lock was taken past it since it queued; null while it has no place in the queue. */
  readonly passed: number | null;
  /** Who has demanded the lock and not got it yet. */
  readonly demander: ThreadIdx | null;
}

/** @param sinceNs when its wait began; @param t the moment. */
export function waitPast(view: PyramidView, thread: ThreadIdx, lock: ObjectId, sinceNs: Ns, t: Ns): WaitPast {
  const lane = view.lockLane(lock);
  if (lane < 0 || lane >= view.locks.length) return { passed: null, demander: null };
  const queued = view.leftSpinning(thread, sinceNs);
  const passed =
    queued === undefined || queued > t ? null : (view.markCounts(lane, queued, t + 1)[MarkKind.STEAL] ?? 0);
  const demanded = view.lockAt(lane, t)?.demanded === true;
  const demand = demanded ? view.lastMark(lane, MarkKind.DEMAND, 0, t + 1) : undefined;
  return { passed, demander: demand?.thread ?? null };
}
