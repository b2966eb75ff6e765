import type { Px } from '../../event/index.ts';
import type { ThreadGroup } from '../../store/index.ts';

/** A thread lane at most and at least this high: its name needs as much. At READABLE it can be read at leisure. */
const MAX_LANE: Px = 40;
const MIN_LANE: Px = 10;
const READABLE: Px = 12;
/** A group whose lanes would have to be lower than this, were all to be in sight at once, is better looked at folded. */
const TO_FOLD: Px = 5;
/** The line with the name of a group, and the one lane that stands for a folded group. */
export const HEADER: Px = 15;
export const FOLDED: Px = 34;

/** A line of the thread lanes: the name of a group, one thread, or all threads of a folded group as one lane. */
export interface LaneRow {
  readonly kind: 'header' | 'thread' | 'folded';
  readonly group: number;
  /** -1 unless it is a thread's. */
  readonly thread: number;
  readonly top: Px;
  readonly height: Px;
}

export interface LaneRows {
  readonly rows: readonly LaneRow[];
  /** Height of a thread's lane with its gap. */
  readonly pitch: Px;
  readonly total: Px;
  /** By group. */
  readonly folded: readonly boolean[];
}

/** Height of what is painted in a lane. */
export function barOf(height: Px): Px {
  if (height >= 30) return height - 10;
  if (height >= 18) return height - 5;
  return height - (height >= 11 ? 3 : 2);
}

/** Height that lanes take in which every name can be read. */
export function readableHeight(groups: readonly ThreadGroup[]): Px {
  const threads = groups.reduce((sum, group) => sum + group.threads.length, 0);
  return threads * READABLE + (groups.length > 1 ? groups.length * HEADER : 0);
}

/** Which groups are folded: what the reader says; else the last ones, as long as there are far too many lanes. */
function foldedGroups(
  groups: readonly ThreadGroup[],
  room: Px,
  folds: Readonly<Record<string, boolean>>,
  selected: number,
): boolean[] {
  const lowest = (g: ThreadGroup): Px => HEADER + g.threads.length * TO_FOLD;
  const folded = groups.map(({ key }) => folds[key] ?? false);
  let need = groups.reduce((sum, g, i) => sum + (folded[i] === true ? FOLDED : lowest(g)), 0);
  for (let i = groups.length - 1; i >= 0 && need > room; i--) {
    const group = groups[i];
    // Whoever is looked at stays in sight, and a lane for all must be lower than what it stands for.
    if (group === undefined || folds[group.key] !== undefined || group.threads.includes(selected)) continue;
    if (lowest(group) <= FOLDED) continue;
    folded[i] = true;
    need += FOLDED - lowest(group);
  }
  return folded;
}

/**
 * Lanes as high as the room allows, group by group; what does not fit although they are as low as their names scrolls.
 * Of very many, groups are folded into one lane each. One group alone gets no line for its name, unless it could be
 * folded.
 */
export function laneRows(
  groups: readonly ThreadGroup[],
  room: Px,
  folds: Readonly<Record<string, boolean>> = {},
  selected = -1,
): LaneRows {
  const threads = groups.reduce((sum, group) => sum + group.threads.length, 0);
  const named = groups.length > 1 || threads * TO_FOLD > room || folds[groups[0]?.key ?? ''] === true;
  const folded = named ? foldedGroups(groups, room, folds, selected) : groups.map(() => false);
  const open = groups.reduce((sum, g, i) => sum + (folded[i] === true ? 0 : g.threads.length), 0);
  const fixed = named ? folded.reduce((sum, f) => sum + (f ? FOLDED : HEADER), 0) : 0;
  const fit = open === 0 ? MAX_LANE : Math.floor((room - fixed) / open);
  const pitch = Math.max(MIN_LANE, Math.min(MAX_LANE, fit));
  const rows: LaneRow[] = [];
  let top: Px = 0;
  const push = (kind: LaneRow['kind'], group: number, thread: number, height: Px): void => {
    rows.push({ kind, group, thread, top, height });
    top += height;
  };
  groups.forEach((g, group) => {
    if (folded[group] === true) {
      push('folded', group, -1, FOLDED);
      return;
    }
    if (named) push('header', group, -1, HEADER);
    for (const thread of g.threads) push('thread', group, thread, pitch);
  });
  return { rows, pitch, total: top, folded };
}

/** The row of a thread: its own, or that of the folded group which it is in. */
export function rowOf(lanes: LaneRows, groups: readonly ThreadGroup[], thread: number): LaneRow | undefined {
  const own = lanes.rows.find((row) => row.kind === 'thread' && row.thread === thread);
  if (own !== undefined) return own;
  const group = groups.findIndex(({ threads }) => threads.includes(thread));
  return lanes.rows.find((row) => row.kind === 'folded' && row.group === group);
}

/** Top of the painted part of a row, from the top of the first one. */
export function barTop({ top, height }: LaneRow): Px {
  return top + Math.floor((height - barOf(height)) / 2);
}

/** The row at a height, undefined outside. */
export function rowAt({ rows, total }: LaneRows, y: Px): LaneRow | undefined {
  if (y < 0 || y >= total) return undefined;
  let lo = 0;
  let hi = rows.length;
  while (hi - lo > 1) {
    const mid = (lo + hi) >>> 1;
    if ((rows[mid]?.top ?? 0) <= y) lo = mid;
    else hi = mid;
  }
  return rows[lo];
}

/** Rows that are at least partly seen. */
export function visibleRows({ rows }: LaneRows, scroll: Px, room: Px): readonly LaneRow[] {
  return rows.filter(({ top, height }) => top + height > scroll && top < scroll + room);
}

/** True where a row is wholly seen. */
export function isInSight({ top, height }: LaneRow, scroll: Px, room: Px): boolean {
  return top >= scroll && top + height <= scroll + room;
}

/** The scroll position nearest to `scroll` at which a row is wholly seen. */
export function scrollTo({ top, height }: LaneRow, scroll: Px, room: Px): Px {
  return top < scroll ? top : Math.max(scroll, top + height - room);
}
