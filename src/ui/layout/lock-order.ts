import { Class, classOf, manyOf } from '../../event/index.ts';
import type { PyramidView } from '../../trace/index.ts';

/** Lanes of the pyramid, but for the page tables: those that nobody ever waited for as one row, and the others. */
export interface LockOrder {
  /** In the row that is first. */
  readonly quiet: readonly number[];
  readonly rows: readonly number[];
}

export const NO_LOCKS: LockOrder = { quiet: [], rows: [] };

/** Every lock with a row of its own, in the order of the pyramid; a further lock of an mm has one once it is used. */
export function everyLock(view: PyramidView): LockOrder {
  const rows = view.locks.flatMap((lock, lane) => {
    const unused = classOf(lock) === Class.MM_LOCK && view.firstUse(lane) === Infinity;
    return manyOf(lock) >= 0 || unused ? [] : [lane];
  });
  return { quiet: [], rows };
}

/**
 * Which locks have rows so far. Where a scenario declares locks, one that nobody has used yet has none; they follow in
 * the order in which they were first used, so that a row that comes while the run goes on moves none above it. Of many
 * processes, the process-wide locks that nobody waited for are one row.
 */
export function lockOrder(view: PyramidView): LockOrder {
  const all = everyLock(view).rows;
  const declared = all.some((lane) => classOf(view.locks[lane] ?? 0) === Class.LOCK);
  const used = declared
    ? all
        .filter((lane) => view.firstUse(lane) < Infinity)
        .sort((a, b) => view.firstUse(a) - view.firstUse(b) || a - b)
    : all;
  const quiet = used.filter(
    (lane) => classOf(view.locks[lane] ?? 0) === Class.MMAP_LOCK && view.queuedNs(lane, 0, view.endNs) === 0,
  );
  return quiet.length < 2
    ? { quiet: [], rows: used }
    : { quiet, rows: used.filter((lane) => !quiet.includes(lane)) };
}
