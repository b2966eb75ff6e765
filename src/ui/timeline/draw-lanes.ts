import { type Px, STATE_COUNT, type TraceMeta } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { LockRuns, MarkKind, type PyramidView, Runs } from '../../trace/index.ts';
import type { Pieces } from '../frame.ts';
import { type AreaBand, bandPixels } from '../layout/bands.ts';
import { type Focus, isFocused, partOf } from '../layout/focus.ts';
import { barOf, barTop, type LaneRow, type LaneRows, visibleRows } from '../layout/rows.ts';
import {
  abortMarks,
  lockMarks,
  lockMaxima,
  lockRuns,
  threadRuns,
  type Window,
  windowOf,
} from '../layout/runs.ts';
import { paintArea } from '../paint/areas.ts';
import { paintFocus, paintVeil } from '../paint/focus.ts';
import { paintThread } from '../paint/lanes.ts';
import {
  DEMAND_HEIGHT,
  fewMarks,
  MARK_HEIGHT,
  paintDemand,
  paintDepth,
  paintMarks,
  paintOpenMarks,
  paintOwners,
} from '../paint/locks.ts';
import { type MarksLast, marksLast } from '../paint/marks-last.ts';
import { paintShares } from '../paint/shares.ts';
import type { Surface } from '../paint/surface.ts';
import { paintAborts, paintGrace, paintSequence } from '../paint/told.ts';
import { count } from '../text/numbers.ts';
import {
  AREA_BAR,
  AREA_PITCH,
  AREAS_GAP,
  GUTTER,
  LOCK_GAP,
  type LockRow,
  OWNERS,
  QUEUE,
  QUIET_OWNERS,
  RIGHT,
  TABLE_OWNERS,
  TABLE_QUEUE,
  TOLD,
} from './geometry.ts';
import { paintNames } from './path-names.ts';

/** Width of the bar that tells how far lanes are scrolled. */
const THUMB: Px = 4;
/** Grace periods that are drawn one by one. */
const MOST_SPANS = 100;

/** Reused from piece to piece: the painters read them at once. */
const runs = new Runs();
const lockScratch = new LockRuns();
let marks: Uint8Array = new Uint8Array(0);
let values = new Float64Array(0);

function scratch(length: number): Float64Array {
  if (values.length < length) values = new Float64Array(length);
  return values;
}

/** What the thread lanes show. */
export interface ThreadScene {
  readonly view: PyramidView;
  readonly meta: TraceMeta;
  readonly range: Range;
  readonly lanes: LaneRows;
  /** Threads by group. */
  readonly groups: readonly { readonly threads: readonly number[] }[];
  /** Row of the selected thread. */
  readonly selected: LaneRow | undefined;
  /** Which waits stand out; null: none, and nothing is faint. */
  readonly focus: Focus | null;
}

/** The thread lanes that are in sight, lane by lane; `scroll` is how far they are scrolled. */
export function* drawThreads(
  surface: Surface,
  width: Px,
  height: Px,
  ratio: number,
  scene: ThreadScene,
  scroll: Px,
): Pieces {
  const { lanes, selected, range } = scene;
  const inner = width - GUTTER - RIGHT;
  if (inner <= 0) return;
  const w = windowOf(range, inner, ratio);
  if (selected !== undefined) {
    surface.rect(GUTTER, selected.top - scroll, width - GUTTER, selected.height, 'accent-wash');
  }
  drawThumb(surface, width, height, lanes.total, scroll);
  const named = marksLast(surface);
  for (const row of visibleRows(lanes, scroll, height)) {
    drawRow(named, ratio, scene, row, scroll, w);
    yield;
  }
  named.finish();
}

/** How much of what scrolls is in sight, and where that is; nothing where all is. The strip at the right is free. */
function drawThumb(surface: Surface, width: Px, room: Px, total: Px, scroll: Px): void {
  if (total <= room + 1) return;
  const share = room / total;
  surface.rect(width - THUMB - 2, scroll * share, THUMB, room * share, 'dim', 0.55);
}

function drawRow(
  surface: MarksLast,
  ratio: number,
  { view, meta, groups, focus }: ThreadScene,
  row: LaneRow,
  scroll: Px,
  w: Window,
): void {
  const band = { x: GUTTER, y: barTop(row) - scroll, h: barOf(row.height), ratio };
  const { from, to } = w.range;
  if (row.kind === 'thread') {
    threadRuns(view, row.thread, w, runs);
    paintThread(surface, runs, band);
    paintNames(surface, runs, band, w, (t) => view.intervalAt(row.thread, t), meta);
    if (view.aborts(row.thread, from, to) > 0) {
      marks = abortMarks(view, row.thread, w, marks);
      paintAborts(surface, marks, w.pixels, band);
    }
    if (focus === null) return;
    // What is laid over a lane is laid over its names as well.
    surface.finish();
    const part = partOf(focus, row.thread);
    const waits = focus.waits.get(row.thread) ?? new Float64Array(0);
    if (part === 'none') paintVeil(surface, band, w.pixels / ratio);
    else paintFocus(surface, waits, w.range, w.pixels, band, part === 'holder' ? focus.held : waits);
    return;
  }
  if (row.kind !== 'folded') return;
  const shares = scratch(w.pixels * STATE_COUNT);
  view.stateShares(groups[row.group]?.threads ?? [], from, to, w.pixels, shares);
  surface.rect(band.x, band.y + band.h, w.pixels / ratio, 1, 'line');
  paintShares(surface, shares, w.pixels, band);
  const threads = groups[row.group]?.threads ?? [];
  if (focus !== null && threads.every((thread) => partOf(focus, thread) === 'none')) {
    paintVeil(surface, band, w.pixels / ratio);
  }
}

/** The address space of an mm, band by band. */
export function* drawAreas(
  surface: Surface,
  width: Px,
  ratio: number,
  view: PyramidView,
  range: Range,
  bands: readonly AreaBand[],
): Pieces {
  const inner = width - GUTTER - RIGHT;
  if (inner <= 0) return;
  const { pixels } = windowOf(range, inner, ratio);
  for (const [i, area] of bands.entries()) {
    const y = AREAS_GAP + i * AREA_PITCH;
    const pages = scratch(3 * pixels);
    bandPixels(area, range.from, range.to, pixels, view.endNs, pages);
    surface.rect(GUTTER, y + AREA_BAR, inner, 1, 'line');
    paintArea(surface, pages, pixels, area.pages, { x: GUTTER, y, h: AREA_BAR, ratio });
    yield;
  }
}

/** One lock: owners, queue and marks, from `top` on. */
function drawLock(
  surface: Surface,
  inner: Px,
  ratio: number,
  view: PyramidView,
  w: Window,
  { lane, name, height }: LockRow,
  top: Px,
): void {
  if (name === 'quiet') {
    surface.rect(GUTTER, top + height - 1, inner, 1, 'line');
    return;
  }
  lockRuns(view, lane, w, lockScratch);
  const most = lockMaxima(lockScratch).depth;
  const bottom = top + height - 1;
  if (name === 'owners') {
    paintOwners(surface, lockScratch, { x: GUTTER, y: top, h: QUIET_OWNERS - 1, ratio });
    surface.rect(GUTTER, bottom, inner, 1, 'line');
    return;
  }
  if (name === 'seq') {
    paintSequence(surface, lockScratch, { x: GUTTER, y: top, h: TOLD - 1, ratio });
    surface.rect(GUTTER, bottom, inner, 1, 'line');
    return;
  }
  if (name === 'grace') {
    const band = { x: GUTTER, y: top, h: TOLD - 1, ratio };
    paintGrace(surface, lockScratch, view.spans(lane, w.range.from, w.range.to, MOST_SPANS), w, band);
    surface.rect(GUTTER, bottom, inner, 1, 'line');
    return;
  }
  if (name === 'table' || name === 'vma') {
    paintOwners(surface, lockScratch, { x: GUTTER, y: top, h: TABLE_OWNERS - 1, ratio });
    surface.rect(GUTTER, bottom, inner, 1, 'line');
    const depth = { x: GUTTER, y: bottom - TABLE_QUEUE + 1, h: TABLE_QUEUE - 1, ratio };
    paintDepth(surface, lockScratch, depth, most);
    return;
  }
  const queue = { x: GUTTER, y: bottom - QUEUE + 1, h: QUEUE - 1, ratio };
  if (name === 'vmas' || name === 'lock') {
    surface.rect(GUTTER, top + OWNERS - 1, inner, 1, 'line');
    paintOwners(surface, lockScratch, { x: GUTTER, y: top, h: OWNERS - 1, ratio });
  }
  if (name === 'lock') {
    const demand = { x: GUTTER, y: queue.y - DEMAND_HEIGHT, ratio };
    paintDemand(surface, lockScratch, demand);
    marks = lockMarks(view, lane, w, marks);
    const steals = { x: GUTTER, y: top - MARK_HEIGHT - 1, ratio };
    paintMarks(surface, marks, w.pixels, MarkKind.STEAL, steals, 'down');
    const handovers = { x: GUTTER, y: top + OWNERS, ratio };
    paintMarks(surface, marks, w.pixels, MarkKind.HANDOVER, handovers, 'up');
    if (fewMarks(marks, w.pixels, [MarkKind.REFILL, MarkKind.DRAIN], ratio)) {
      paintOpenMarks(surface, marks, w.pixels, MarkKind.REFILL, steals, 'down', 'level');
      paintOpenMarks(surface, marks, w.pixels, MarkKind.DRAIN, handovers, 'up', 'level-high');
    }
  }
  surface.rect(GUTTER, bottom, inner, 1, 'line');
  paintDepth(surface, lockScratch, queue, most);
  if (most > 0) {
    const style = { paint: 'dim', size: 11, align: 'right' } as const;
    surface.text(GUTTER - 8, bottom - 5, `max ${count(most)}`, style);
  }
}

/** Owners, queues and marks of the locks that are in sight, lock by lock; `scroll` is how far they are scrolled. */
export function* drawLocks(
  target: Surface,
  width: Px,
  room: Px,
  ratio: number,
  view: PyramidView,
  range: Range,
  rows: readonly LockRow[],
  scroll: Px,
  focus: Focus | null = null,
): Pieces {
  const inner = width - GUTTER - RIGHT;
  if (inner <= 0) return;
  const w = windowOf(range, inner, ratio);
  const surface = marksLast(target);
  for (const row of rows) {
    const { lane, height } = row;
    const top = row.top - scroll;
    if (top + height < 0 || top - LOCK_GAP > room) continue;
    drawLock(surface, inner, ratio, view, w, row, top);
    if (focus !== null && !isFocused(focus, view.lockOf(lane))) {
      surface.finish();
      paintVeil(surface, { x: GUTTER, y: top - MARK_HEIGHT, h: height + MARK_HEIGHT }, inner);
    }
    yield;
  }
  surface.finish();
}
