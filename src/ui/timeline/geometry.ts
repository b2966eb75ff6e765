import { Class, classOf, type Ns, type Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { everyLock, type LockOrder, VMAS } from '../layout/lock-order.ts';

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
/** The row that stands for the locks that nobody waited for, and each of them where it is open. */
const QUIET: Px = 36;
export const QUIET_OWNERS: Px = 17;
/** Air above the queue of the page-table locks, which have neither owners nor marks. */
export const TABLES_AIR: Px = 5;
/** Owners and queue of a single page-table lock. */
export const TABLE_OWNERS: Px = 8;
export const TABLE_QUEUE: Px = 11;
const TABLE_GAP: Px = 3;
/** A lane of sequence counts or grace periods, with a line below. */
export const TOLD: Px = 14;
/** A lane of the address space, with air above them all. */
export const AREA_BAR: Px = 17;
export const AREA_PITCH: Px = 20;
export const AREAS_GAP: Px = 4;
/** The line below all lanes that says which waits are filtered; styles/filter.css has the same number. */
export const FILTER_BAR: Px = 30;
/** Air below the last thread lane. */
export const LANES_GAP: Px = 6;

/** Sequence counts and grace periods of which there are more stand behind all locks. */
const MOST_TOLD = 6;

export interface LockRow {
  /** Lane in the pyramid; -1 for the row that stands for all locks nobody waited for. */
  readonly lane: number;
  /** Of those locks each has, where that row is open, one with its owners alone. */
  readonly name: 'lock' | 'quiet' | 'owners' | 'tables' | 'table' | 'vmas' | 'vma' | 'seq' | 'grace';
  readonly top: Px;
  readonly height: Px;
}

/**
 * One band per lock, with owners and queue, behind the row of those that nobody waited for (open or not), and one for each
 * sequence count and grace period; page-table locks only have a queue, all of them together, and below it those in
 * `tables` (lanes of the pyramid) on their own; the same for per-VMA locks, which have owners too and stand among the
 * other locks.
 */
export function lockRows(
  view: PyramidView,
  tables: readonly number[] = [],
  { quiet, rows: locks, told }: LockOrder = everyLock(view),
  open = false,
  vmas: readonly number[] = [],
): { rows: LockRow[]; total: Px } {
  const rows: LockRow[] = [];
  let top: Px = LOCK_GAP;
  const push = (name: LockRow['name'], lane: number, height: Px, gap: Px): void => {
    rows.push({ lane, name, top, height });
    top += height + gap;
  };
  if (quiet.length > 0) push('quiet', -1, QUIET, open ? TABLE_GAP : LOCK_GAP);
  if (open) {
    quiet.forEach((lane, i) => {
      push('owners', lane, QUIET_OWNERS, i + 1 === quiet.length ? LOCK_GAP : TABLE_GAP);
    });
  }
  for (const lane of locks) {
    const many = lane === view.laneOfMany(VMAS);
    push(many ? 'vmas' : 'lock', lane, OWNERS + STRIP + QUEUE, LOCK_GAP);
    if (!many) continue;
    vmas.forEach((one, i) => {
      push('vma', one, TABLE_OWNERS + TABLE_QUEUE, i + 1 === vmas.length ? LOCK_GAP : TABLE_GAP);
    });
  }
  // Of many processes, theirs would push everything else out of sight.
  const last = told.length > MOST_TOLD;
  const pushTold = (): void => {
    told.forEach((lane, i) => {
      const name = classOf(view.lockOf(lane) ?? 0) === Class.SEQ ? 'seq' : 'grace';
      push(name, lane, TOLD, i + 1 === told.length ? LOCK_GAP : TABLE_GAP);
    });
  };
  if (!last) pushTold();
  push('tables', view.laneOfMany(0), TABLES_AIR + QUEUE, LOCK_GAP);
  for (const lane of tables) push('table', lane, TABLE_OWNERS + TABLE_QUEUE, TABLE_GAP);
  if (last) pushTold();
  return { rows, total: top };
}

/** Height that lanes of the address space take. */
export function areasHeight(bands: number): Px {
  return bands === 0 ? 0 : bands * AREA_PITCH + AREAS_GAP;
}

/**
 * How `height` is shared by the thread and the lock lanes. Where not all of them fit, the locks get half of it, or what
 * the threads leave at a height at which they can be read (`readable`, px); the rest scrolls.
 */
export function shareHeight(height: Px, readable: Px, locksTotal: Px): { threads: Px; locks: Px } {
  const all = Math.max(0, height - HEAD - 1);
  const locks = Math.min(locksTotal, Math.max(all - readable - LANES_GAP, Math.floor(all / 2)));
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
