import { Class, classOf, type Ns, type Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { laneRows } from '../layout/rows.ts';

/** Width of the names at the left of the lanes; styles/timeline.css has the same number. */
export const GUTTER: Px = 136;
/** Free strip at the right, so that the last tick is not cut off. */
export const RIGHT: Px = 10;
export const OVERVIEW: Px = 30;
export const AXIS: Px = 24;
/** Where the first lane begins: a little air below the line of the axis. */
export const HEAD: Px = OVERVIEW + AXIS + 4;
/**
 * Heights of what one lock gets: its owners with a line below, the strip where hand-overs and demands are shown, its
 * queue with a line below. Steals are shown in the gap above.
 */
export const OWNERS: Px = 22;
export const STRIP: Px = 7;
export const QUEUE: Px = 17;
export const LOCK_GAP: Px = 8;
/** Air above the queue of the page-table locks, which have neither owners nor marks. */
export const TABLES_AIR: Px = 5;
/** Air below the last thread lane. */
export const LANES_GAP: Px = 6;

export interface LockRow {
  /** Lane in the pyramid. */
  readonly lane: number;
  readonly name: 'lock' | 'tables';
  readonly top: Px;
  readonly height: Px;
}

/** One band per lock, with owners and queue; page-table locks only have a queue, all of them together. */
export function lockRows(view: PyramidView): { rows: LockRow[]; total: Px } {
  const rows: LockRow[] = [];
  let top: Px = LOCK_GAP;
  view.locks.forEach((lock, lane) => {
    const tables = classOf(lock) === Class.TABLE;
    const height = tables ? TABLES_AIR + QUEUE : OWNERS + STRIP + QUEUE;
    rows.push({ lane, name: tables ? 'tables' : 'lock', top, height });
    top += height + LOCK_GAP;
  });
  return { rows, total: top };
}

/**
 * How the height of the timeline is shared by its thread and its lock lanes. Where not all of them fit, the locks get
 * half of it, or what the threads leave at their lowest; the rest scrolls.
 */
export function shareHeight(height: Px, threads: number, locksTotal: Px): { threads: Px; locks: Px } {
  const all = Math.max(0, height - HEAD - 1);
  const lowest = laneRows(threads, 0).total + LANES_GAP;
  const locks = Math.min(locksTotal, Math.max(all - lowest, Math.floor(all / 2)));
  return { threads: all - locks, locks };
}

/** The time at a place of the timeline, px from its left edge. */
export function timeAt(x: Px, width: Px, range: Range): Ns {
  const inner = Math.max(1, width - GUTTER - RIGHT);
  const share = Math.min(1, Math.max(0, (x - GUTTER) / inner));
  return range.from + share * (range.to - range.from);
}

/** The place of a time, px from the left edge; may lie outside. */
export function placeOf(t: Ns, width: Px, range: Range): Px {
  const inner = Math.max(1, width - GUTTER - RIGHT);
  return GUTTER + ((t - range.from) / (range.to - range.from)) * inner;
}
