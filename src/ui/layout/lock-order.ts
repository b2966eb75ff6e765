import { Class, classOf, manyOf } from '../../event/index.ts';
import type { PyramidView } from '../../trace/index.ts';

/**
 * Lanes of the pyramid: those that nobody ever waited for as one row, and the others, that of all per-VMA locks among
 * them; that of all page-table locks has a place of its own.
 */
export interface LockOrder {
  /** In the row that is first. */
  readonly quiet: readonly number[];
  readonly rows: readonly number[];
  /** Sequence counts and grace periods. */
  readonly told: readonly number[];
}

/** Of the classes in `MANY`, that of the locks of VMAs. */
export const VMAS = 1;

export const NO_LOCKS: LockOrder = { quiet: [], rows: [], told: [] };

/**
 * Every lock with a row of its own, in the order of the pyramid, and the row of the per-VMA locks; that and a further lock
 * of an mm have one once they are used.
 */
export function everyLock(view: PyramidView): LockOrder {
  const rows = view.locks.flatMap((lock, lane) => {
    const many = manyOf(lock);
    const late = many === VMAS || classOf(lock) === Class.MM_LOCK;
    const unused = late && view.firstUse(lane) === Infinity;
    return unused || (many >= 0 && many !== VMAS) ? [] : [lane];
  });
  const told = view.more.length === 0 ? [] : [...view.lanesOf(Class.SEQ), ...view.lanesOf(Class.GRACE)];
  return { quiet: [], rows, told };
}

/**
 * Which locks have rows so far. Where a scenario declares locks, one that nobody has used yet has none; they follow in
 * the order in which they were first used, so that a row that comes while the run goes on moves none above it. Of many
 * processes, the locks of an mm that nobody waited for are one row.
 */
export function lockOrder(view: PyramidView): LockOrder {
  const every = everyLock(view);
  const all = every.rows;
  const classAt = (lane: number): Class => classOf(view.locks[lane] ?? 0);
  const declared = all.some((lane) => classAt(lane) === Class.LOCK);
  const used = declared
    ? all
        .filter((lane) => view.firstUse(lane) < Infinity)
        .sort((a, b) => view.firstUse(a) - view.firstUse(b) || a - b)
    : all;
  const mms = all.filter((lane) => classAt(lane) === Class.MMAP_LOCK).length;
  const quiet = used.filter(
    (lane) =>
      classAt(lane) !== Class.LOCK &&
      lane !== view.laneOfMany(VMAS) &&
      view.queuedNs(lane, 0, view.endNs) === 0,
  );
  return quiet.length < 2 || mms < 2
    ? { ...every, rows: used }
    : { ...every, quiet, rows: used.filter((lane) => !quiet.includes(lane)) };
}
