import type { Ns, Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { LockRuns, type PyramidView } from '../../trace/index.ts';
import { axis, timeScale } from '../layout/axis.ts';
import { lockMaxima, lockRuns, windowOf } from '../layout/runs.ts';
import { Joined } from '../paint/joined.ts';
import type { Surface } from '../paint/surface.ts';
import { estimatedWidth } from '../paint/text-width.ts';
import { AXIS, GUTTER, OVERVIEW, RIGHT } from './geometry.ts';

/** The runs of the overview on so many pixels: the same whatever span is shown. */
export type OverviewRuns = (width: Px, ratio: number) => LockRuns;

/** The process-wide lock over the whole extent. Made anew once there is more in the pyramid. */
export function overviewOf(view: PyramidView, extentNs: Ns): OverviewRuns {
  const runs = new LockRuns();
  let made = '';
  return (width, ratio) => {
    const asked = `${width} ${ratio}`;
    if (asked !== made) lockRuns(view, 0, windowOf({ from: 0, to: extentNs }, width, ratio), runs);
    made = asked;
    return runs;
  };
}

const LABEL = { paint: 'dim', size: 11 } as const;
/** From a tick to its label, and from there to the end of the axis. */
const TO_LABEL: Px = 5;
const LAST: Px = 30;
/** A label nearer to what lies over the axis is left out: half of it would say something else. */
const CLEAR: Px = 10;

/** A part of the axis that something is drawn over, px from the left edge. */
export interface Covered {
  readonly from: Px;
  readonly to: Px;
}

/** Which ticks have no label since something lies there, as a list with commas: equal lists are equal. */
export function hiddenTicks(range: Range, width: Px, covered: readonly Covered[]): string {
  const { ticks } = axis(range, Math.max(1, width - GUTTER - RIGHT));
  return ticks
    .flatMap(({ x, label }, i) => {
      const from = GUTTER + x + TO_LABEL;
      const to = from + estimatedWidth(label, LABEL);
      return covered.some((c) => c.from < to + CLEAR && c.to > from - CLEAR) ? [i] : [];
    })
    .join();
}

/** Overview of the whole extent with the span that is shown, and the axis below it. */
export function drawHead(
  surface: Surface,
  width: number,
  ratio: number,
  overview: OverviewRuns | null,
  range: Range,
  extentNs: Ns,
  hidden = '',
): void {
  const inner = Math.max(1, width - GUTTER - RIGHT);
  surface.rect(0, 0, width, OVERVIEW, 'panel');
  if (overview !== null) drawWaiters(surface, overview(inner, ratio), ratio);
  const whole = timeScale({ from: 0, to: extentNs }, inner);
  const left = GUTTER + whole(range.from);
  const right = Math.max(left + 3, GUTTER + whole(range.to));
  if (range.from > 0) surface.rect(GUTTER, 0, left - GUTTER, OVERVIEW, 'bg', 0.65);
  if (range.to < extentNs) surface.rect(right, 0, GUTTER + inner - right, OVERVIEW, 'bg', 0.65);
  frame(surface, left, 2.5, right - left, OVERVIEW - 5);
  surface.rect(0, OVERVIEW - 1, width, 1, 'line');

  const { base, baseLabel, ticks } = axis(range, inner);
  const without = new Set(hidden === '' ? [] : hidden.split(',').map(Number));
  for (const [i, { x, label }] of ticks.entries()) {
    surface.rect(Math.round(GUTTER + x), OVERVIEW + 6, 1, AXIS - 6, 'line-strong');
    if (x > inner - LAST || without.has(i)) continue;
    surface.text(GUTTER + x + TO_LABEL, OVERVIEW + 17, label, LABEL);
  }
  if (base !== null) surface.text(12, OVERVIEW + 17, baseLabel, { paint: 'fg', size: 11 });
  surface.rect(0, OVERVIEW + AXIS - 1, width, 1, 'line');
}

/** How many wait for the process-wide lock, over the whole extent, with its exclusive holds below. */
function drawWaiters(surface: Surface, runs: LockRuns, ratio: number): void {
  const { depth: most } = lockMaxima(runs);
  const room = OVERVIEW - 11;
  const band = { x: GUTTER, ratio };
  const waiters = new Joined(surface, band);
  const reads = new Joined(surface, band);
  const writes = new Joined(surface, band);
  for (let i = 0; i < runs.count; i++) {
    const high = Math.round((room * (runs.depth[i] ?? 0)) / Math.max(1, most));
    if (high > 0)
      waiters.rect(runs.x0[i] ?? 0, runs.x1[i] ?? 0, OVERVIEW - 7 - high, high, 'wait-read', 0.65);
    if ((runs.readers[i] ?? 0) > 0)
      reads.rect(runs.x0[i] ?? 0, runs.x1[i] ?? 0, OVERVIEW - 6, 2, 'hold-read', 0.7);
  }
  waiters.finish();
  reads.finish();
  for (let i = 0; i < runs.count; i++) {
    if (runs.writes[i] === 1) writes.rect(runs.x0[i] ?? 0, runs.x1[i] ?? 0, OVERVIEW - 6, 2, 'hold-write');
  }
  writes.finish();
}

function frame(surface: Surface, x: number, y: number, w: number, h: number): void {
  surface.path([x, y, x + w, y, x + w, y + h, x, y + h, x, y], 'accent', 1.25);
}

/** The lines of the axis, through a part of the lanes. */
export function drawGrid(surface: Surface, width: number, height: number, range: Range): void {
  const inner = Math.max(1, width - GUTTER - RIGHT);
  for (const { x } of axis(range, inner).ticks) {
    surface.rect(Math.round(GUTTER + x), 0, 1, height, 'line', 0.75);
  }
}
