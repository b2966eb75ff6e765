import type { Px } from '../../event/index.ts';

/** A thread lane at most and at least this high. */
const MAX_LANE: Px = 40;
const MIN_LANE: Px = 13;

export interface LaneRows {
  readonly count: number;
  /** Height of one lane with its gap. */
  readonly pitch: Px;
  /** Height of what is painted in it. */
  readonly bar: Px;
  readonly total: Px;
}

/** Lanes as high as the room allows; when even the lowest do not fit, they scroll. */
export function laneRows(count: number, room: Px): LaneRows {
  const fit = count === 0 ? MAX_LANE : Math.floor(room / count);
  const pitch = Math.max(MIN_LANE, Math.min(MAX_LANE, fit));
  const bar = pitch - (pitch >= 30 ? 10 : pitch >= 18 ? 5 : 3);
  return { count, pitch, bar, total: pitch * count };
}

/** Top of the painted part of a lane, from the top of the first one. */
export function barTop(rows: LaneRows, lane: number): Px {
  return lane * rows.pitch + Math.floor((rows.pitch - rows.bar) / 2);
}

/** The lane at a height, -1 outside. */
export function laneAt(rows: LaneRows, y: Px): number {
  const lane = Math.floor(y / rows.pitch);
  return lane >= 0 && lane < rows.count ? lane : -1;
}

/** Lanes that are at least partly seen: [first, last). */
export function visibleLanes(rows: LaneRows, scroll: Px, room: Px): { first: number; last: number } {
  const first = Math.max(0, Math.floor(scroll / rows.pitch));
  const last = Math.min(rows.count, Math.ceil((scroll + room) / rows.pitch));
  return { first, last };
}

/** The scroll position nearest to `scroll` at which a lane is wholly seen. */
export function scrollTo(rows: LaneRows, lane: number, scroll: Px, room: Px): Px {
  const top = lane * rows.pitch;
  if (top < scroll) return top;
  return Math.max(scroll, top + rows.pitch - room);
}
