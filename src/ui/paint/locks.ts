import type { Px } from '../../event/index.ts';
import { LockMode, type LockRuns } from '../../trace/index.ts';
import { lockMaxima } from '../layout/runs.ts';
import { type Band, FAINTEST } from './band.ts';
import { OFF_LOOK, type Paint } from './palette.ts';
import type { Surface } from './surface.ts';

/** What is there but would be too small to see is drawn at least so high. */
const LEAST: Px = 3;

/** Half of the width by which the base of a mark is wider than what it marks, and its height. */
const MARK_REACH: Px = 3.5;
export const MARK_HEIGHT: Px = 6;
/** Marks that cover more of their strip than this cannot be told apart. */
const MOST_COVERED = 0.8;
const OPEN_LINE: Px = 1.5;
/** A mark wider than this stands for several. */
const MARK_SINGLE: Px = 2;
/** Many marks side by side must not outshine what they point at. */
const MANY_ALPHA = 0.6;

/** A demand for the lock, however short, is a line at least so long, and so high. */
const DEMAND_LENGTH: Px = 3;
export const DEMAND_HEIGHT: Px = 2;

/**
 * Who holds a lock: full height for writing; for reading as high as there are readers. Where the writer runs on no CPU
 * it is hatched: of a pixel in which the writer runs only for a part of the hold, the upper part.
 */
export function paintOwners(surface: Surface, runs: LockRuns, band: Band): void {
  const { x, y, h, ratio } = band;
  const { readers: most } = lockMaxima(runs);
  for (let i = 0; i < runs.count; i++) {
    const mode = runs.mode[i] ?? 0;
    const readers = runs.readers[i] ?? 0;
    const share = runs.share[i] ?? 1;
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const w = ((runs.x1[i] ?? 0) - (runs.x0[i] ?? 0)) / ratio;
    if (readers > 0) {
      const alpha = mode === LockMode.READ ? 0.45 + 0.55 * share : FAINTEST;
      const high = Math.round(h * (0.45 + (0.55 * readers) / Math.max(1, most)));
      surface.rect(left, y + h - high, w, high, 'hold-read', alpha);
    }
    if (runs.writes[i] === 1) {
      const alpha = mode === LockMode.WRITE ? 0.45 + 0.55 * share : 0.6;
      const off = offHeight(runs.off[i] ?? 0, h);
      if (off > 0) surface.rect(left, y, w, off, OFF_LOOK.paint, alpha, OFF_LOOK.hatch);
      if (off < h) surface.rect(left, y + off, w, h - off, 'hold-write', alpha);
    }
  }
}

/** Height of the hatched part; neither part vanishes. */
function offHeight(share: number, h: Px): Px {
  if (share <= 0) return 0;
  return share >= 1 ? h : Math.max(LEAST, Math.min(h - LEAST, Math.round(h * share)));
}

/** Where the stack of a queue is cut: height of all who wait, and of those who sleep. */
function stack(runs: LockRuns, i: number, h: Px, most: number): { high: Px; asleep: Px } {
  const scale = h / Math.max(1, most);
  const high = Math.max(LEAST, scale * (runs.depth[i] ?? 0));
  const spinning = runs.spinning[i] ?? 0;
  const sleeping = runs.sleeping[i] ?? 0;
  if (spinning === 0) return { high, asleep: high };
  if (sleeping === 0) return { high, asleep: 0 };
  const least = Math.min(LEAST, high / 2);
  return { high, asleep: Math.min(high - least, Math.max(least, high - scale * spinning)) };
}

/** Outlines from `low` up to `high` wherever that is higher, runs side by side as one; heights by run. */
function outline(
  surface: Surface,
  runs: LockRuns,
  { x, y, h, ratio }: Band,
  low: readonly Px[],
  high: readonly Px[],
  paint: Paint,
): void {
  const bottom = y + h;
  const there = (i: number): boolean => (high[i] ?? 0) > (low[i] ?? 0);
  let line: number[] = [];
  for (let i = 0; i < runs.count; i++) {
    if (!there(i)) continue;
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const right = x + (runs.x1[i] ?? 0) / ratio;
    if (line.length === 0) line.push(left, bottom - (low[i] ?? 0));
    line.push(left, bottom - (high[i] ?? 0), right, bottom - (high[i] ?? 0));
    if (there(i + 1) && runs.x0[i + 1] === runs.x1[i]) continue;
    line.push(right, bottom - (low[i] ?? 0));
    surface.path(line, paint, 1.5);
    line = [];
  }
}

/**
 * How many threads wait, as steps; the highest reaches the top of the band. Those who sleep stand below, in a plain
 * tint; those who spin above them, hatched as in their own lanes.
 */
export function paintDepth(surface: Surface, runs: LockRuns, band: Band, most: number): void {
  const { x, y, h, ratio } = band;
  const bottom = y + h;
  const none: Px[] = [];
  const asleep: Px[] = [];
  const all: Px[] = [];
  for (let i = 0; i < runs.count; i++) {
    const cut = (runs.depth[i] ?? 0) === 0 ? { high: 0, asleep: 0 } : stack(runs, i, h, most);
    none.push(0);
    asleep.push(cut.asleep);
    all.push(cut.high);
    const left = x + (runs.x0[i] ?? 0) / ratio;
    const w = ((runs.x1[i] ?? 0) - (runs.x0[i] ?? 0)) / ratio;
    const spun = cut.high - cut.asleep;
    if (cut.asleep > 0) surface.rect(left, bottom - cut.asleep, w, cut.asleep, 'queue', 0.24);
    if (spun > 0) surface.rect(left, bottom - cut.high, w, spun, 'spin', 1, 'dense');
  }
  outline(surface, runs, band, none, asleep, 'queue');
  outline(surface, runs, band, asleep, all, 'spin');
}

/** A line along which the lock is demanded. */
export function paintDemand(surface: Surface, runs: LockRuns, band: Omit<Band, 'h'>): void {
  const { x, y, ratio } = band;
  for (let i = 0; i < runs.count; i++) {
    if (runs.demanded[i] !== 1) continue;
    const from = runs.x0[i] ?? 0;
    while (i + 1 < runs.count && runs.demanded[i + 1] === 1 && runs.x0[i + 1] === runs.x1[i]) i++;
    const w = Math.max(DEMAND_LENGTH, ((runs.x1[i] ?? 0) - from) / ratio);
    surface.rect(x + from / ratio, y, w, DEMAND_HEIGHT, 'fg');
  }
}

/** Marks of one kind on the screen: from left to right, neighbours in device pixels as one, px. */
export function markRuns(bits: Uint8Array, pixels: number, kind: number, x: Px, ratio: number): [Px, Px][] {
  const runs: [Px, Px][] = [];
  const bit = 1 << kind;
  for (let at = 0; at < pixels; at++) {
    if (((bits[at] ?? 0) & bit) === 0) continue;
    const left = x + at / ratio;
    while (at + 1 < pixels && ((bits[at + 1] ?? 0) & bit) !== 0) at++;
    runs.push([left, x + (at + 1) / ratio]);
  }
  return runs;
}

/** True where the marks of these kinds can be told apart: else each hold would have one, and the owners say as much. */
export function fewMarks(bits: Uint8Array, pixels: number, kinds: readonly number[], ratio: number): boolean {
  return kinds.every((kind) => {
    const runs = markRuns(bits, pixels, kind, 0, ratio);
    const covered = runs.reduce((sum, [left, right]) => sum + right - left + 2 * MARK_REACH, 0);
    return covered <= (pixels / ratio) * MOST_COVERED;
  });
}

/** Marks of what a lock is held for: each an open angle, down from `y` or up to it. */
export function paintOpenMarks(
  surface: Surface,
  bits: Uint8Array,
  pixels: number,
  kind: number,
  band: Omit<Band, 'h'>,
  points: 'down' | 'up',
  paint: Paint,
): void {
  const { x, y, ratio } = band;
  const [base, tip] = points === 'down' ? [y + 0.5, y + MARK_HEIGHT - 1] : [y + MARK_HEIGHT - 0.5, y + 1];
  for (const [left, right] of markRuns(bits, pixels, kind, x, ratio)) {
    const middle = (left + right) / 2;
    surface.path([middle - MARK_REACH, base, middle, tip, middle + MARK_REACH, base], paint, OPEN_LINE);
  }
}

/**
 * Marks of one kind, `bits` being from `markPixels`: each a wedge that points at the owners, down from `y` or up to it.
 * Where wedges would run into each other they are a comb instead, with a tooth at each mark.
 */
export function paintMarks(
  surface: Surface,
  bits: Uint8Array,
  pixels: number,
  kind: number,
  band: Omit<Band, 'h'>,
  points: 'down' | 'up',
): void {
  const { x, y, ratio } = band;
  const [base, tip] = points === 'down' ? [y, y + MARK_HEIGHT] : [y + MARK_HEIGHT, y];
  const half = MARK_HEIGHT / 2;
  const [back, teeth] = points === 'down' ? [y, y + half] : [y + half, y];
  const runs = markRuns(bits, pixels, kind, x, ratio);
  for (let i = 0; i < runs.length; i++) {
    const first = i;
    const left = runs[i]?.[0] ?? 0;
    let right = runs[i]?.[1] ?? 0;
    while (i + 1 < runs.length && (runs[i + 1]?.[0] ?? 0) - right < 2 * MARK_REACH)
      right = runs[++i]?.[1] ?? 0;
    if (first === i && right - left <= MARK_SINGLE) {
      const wedge = [left - MARK_REACH, base, right + MARK_REACH, base, right, tip, left, tip];
      surface.path(wedge, 'fg', 0, 1, true);
      continue;
    }
    surface.rect(left - MARK_REACH, back, right - left + 2 * MARK_REACH, half, 'fg', MANY_ALPHA);
    for (const [from, to] of runs.slice(first, i + 1))
      surface.rect(from, teeth, to - from, half, 'fg', MANY_ALPHA);
  }
}
