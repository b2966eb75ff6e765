import { Class, classOf, type Ns, type Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import type { PyramidView } from '../../trace/index.ts';

/** Width of the names at the left of the lanes; styles/timeline.css has the same number. */
export const GUTTER: Px = 136;
/** Free strip at the right, so that the last tick is not cut off. */
export const RIGHT: Px = 10;
export const OVERVIEW: Px = 30;
export const AXIS: Px = 24;
/** Where the first lane begins: a little air below the line of the axis. */
export const HEAD: Px = OVERVIEW + AXIS + 4;
/** Heights of what one lock gets. */
export const OWNERS: Px = 24;
export const DEPTH: Px = 22;
export const LOCK_GAP: Px = 8;
/** Air below the last thread lane, and the legend; styles/timeline.css has the same number. */
export const LANES_GAP: Px = 6;
export const LEGEND: Px = 26;

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
    const height = tables ? DEPTH : OWNERS + DEPTH;
    rows.push({ lane, name: tables ? 'tables' : 'lock', top, height });
    top += height + LOCK_GAP;
  });
  return { rows, total: top };
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
