import type { Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { LockRuns, type PyramidView, Runs } from '../../trace/index.ts';
import { barTop, type LaneRows, visibleLanes } from '../layout/rows.ts';
import { lockMaxima, lockRuns, threadRuns, windowOf } from '../layout/runs.ts';
import { paintDepth, paintOwners, paintThread } from '../paint/lanes.ts';
import type { Surface } from '../paint/surface.ts';
import { count } from '../text/numbers.ts';
import { GUTTER, type LockRow, OWNERS, RIGHT } from './geometry.ts';

/** Reused from frame to frame: the painters read them at once. */
const runs = new Runs();
const lockScratch = new LockRuns();

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

/** Owners and queues of the locks. */
export function drawLocks(
  surface: Surface,
  width: Px,
  ratio: number,
  view: PyramidView,
  range: Range,
  rows: readonly LockRow[],
): void {
  const inner = width - GUTTER - RIGHT;
  if (inner <= 0) return;
  const w = windowOf(range, inner, ratio);
  for (const { lane, name, top, height } of rows) {
    lockRuns(view, lane, w, lockScratch);
    const most = lockMaxima(lockScratch).depth;
    const owners = name === 'lock' ? OWNERS : 0;
    if (owners > 0) {
      surface.rect(GUTTER, top + owners - 1, inner, 1, 'line');
      paintOwners(surface, lockScratch, { x: GUTTER, y: top, h: owners - 1, ratio });
    }
    const band = { x: GUTTER, y: top + owners + 4, h: height - owners - 5, ratio };
    surface.rect(GUTTER, top + height - 1, inner, 1, 'line');
    paintDepth(surface, lockScratch, band, most);
    if (most > 0) {
      const style = { paint: 'dim', size: 11, align: 'right' } as const;
      surface.text(GUTTER - 8, top + owners + 15, `max ${count(most)}`, style);
    }
  }
}
