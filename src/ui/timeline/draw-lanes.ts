import type { Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { LockRuns, MarkKind, type PyramidView, Runs } from '../../trace/index.ts';
import { barTop, type LaneRows, visibleLanes } from '../layout/rows.ts';
import { lockMarks, lockMaxima, lockRuns, threadRuns, windowOf } from '../layout/runs.ts';
import { paintThread } from '../paint/lanes.ts';
import {
  DEMAND_HEIGHT,
  MARK_HEIGHT,
  paintDemand,
  paintDepth,
  paintMarks,
  paintOwners,
} from '../paint/locks.ts';
import type { Surface } from '../paint/surface.ts';
import { count } from '../text/numbers.ts';
import { GUTTER, LOCK_GAP, type LockRow, OWNERS, QUEUE, RIGHT } from './geometry.ts';

/** Reused from frame to frame: the painters read them at once. */
const runs = new Runs();
const lockScratch = new LockRuns();
let marks: Uint8Array = new Uint8Array(0);

/** The thread lanes that are in sight; `scroll` is how far they are scrolled. */
export function drawThreads(
  surface: Surface,
  width: Px,
  height: Px,
  ratio: number,
  view: PyramidView,
  range: Range,
  rows: LaneRows,
  scroll: Px,
  selected: number,
): void {
  const inner = width - GUTTER - RIGHT;
  if (inner <= 0) return;
  const w = windowOf(range, inner, ratio);
  const { first, last } = visibleLanes(rows, scroll, height);
  if (selected >= first && selected < last) {
    surface.rect(GUTTER, selected * rows.pitch - scroll, width - GUTTER, rows.pitch, 'accent-wash');
  }
  for (let lane = first; lane < last; lane++) {
    threadRuns(view, lane, w, runs);
    paintThread(surface, runs, { x: GUTTER, y: barTop(rows, lane) - scroll, h: rows.bar, ratio });
  }
}

/** Owners, queues and marks of the locks that are in sight; `scroll` is how far they are scrolled. */
export function drawLocks(
  surface: Surface,
  width: Px,
  room: Px,
  ratio: number,
  view: PyramidView,
  range: Range,
  rows: readonly LockRow[],
  scroll: Px,
): void {
  const inner = width - GUTTER - RIGHT;
  if (inner <= 0) return;
  const w = windowOf(range, inner, ratio);
  for (const { lane, name, top: place, height } of rows) {
    const top = place - scroll;
    if (top + height < 0 || top - LOCK_GAP > room) continue;
    lockRuns(view, lane, w, lockScratch);
    const most = lockMaxima(lockScratch).depth;
    const bottom = top + height - 1;
    const queue = { x: GUTTER, y: bottom - QUEUE + 1, h: QUEUE - 1, ratio };
    if (name === 'lock') {
      surface.rect(GUTTER, top + OWNERS - 1, inner, 1, 'line');
      paintOwners(surface, lockScratch, { x: GUTTER, y: top, h: OWNERS - 1, ratio });
      const demand = { x: GUTTER, y: queue.y - DEMAND_HEIGHT, ratio };
      paintDemand(surface, lockScratch, demand);
      marks = lockMarks(view, lane, w, marks);
      const steals = { x: GUTTER, y: top - MARK_HEIGHT - 1, ratio };
      paintMarks(surface, marks, w.pixels, MarkKind.STEAL, steals, 'down');
      const handovers = { x: GUTTER, y: top + OWNERS, ratio };
      paintMarks(surface, marks, w.pixels, MarkKind.HANDOVER, handovers, 'up');
    }
    surface.rect(GUTTER, bottom, inner, 1, 'line');
    paintDepth(surface, lockScratch, queue, most);
    if (most > 0) {
      const style = { paint: 'dim', size: 11, align: 'right' } as const;
      surface.text(GUTTER - 8, bottom - 5, `max ${count(most)}`, style);
    }
  }
}
