import type { Px } from '../../event/index.ts';
import type { Surface } from '../paint/surface.ts';
import { estimatedWidth } from '../paint/text-width.ts';
import { AXIS, GUTTER, OVERVIEW } from './geometry.ts';

/** The middle of a lane; `out` says that it is scrolled off: -1 above, 1 below, where `y` is the edge. */
export interface Middle {
  readonly y: Px;
  readonly out: -1 | 0 | 1;
}

export interface Overlay {
  /** Places px from the left edge of the timeline. */
  readonly playhead: Px;
  /** The playhead in the overview of the whole. */
  readonly overview: Px;
  readonly hover: Px | null;
  /** Behind it nothing is recorded. */
  readonly end: Px | null;
  /** Bottom of all lanes. */
  readonly bottom: Px;
  /** From who waits to who holds, at the playhead. */
  readonly edges: readonly OverlayEdge[];
  /** From who lets go to whom it wakes. */
  readonly wakes: readonly OverlayWake[];
  /** The span that is measured, with its length in words. */
  readonly measured: Measured | null;
}

export interface Measured {
  readonly from: Px;
  readonly to: Px;
  readonly label: string;
}

const LABEL = { paint: 'on-accent', size: 11.5, bold: true, align: 'center' } as const;
/** Between the label of the measured span and the line of the playhead, whose handle is wider than the line. */
const BESIDE: Px = 10;

export interface OverlayEdge {
  readonly from: Middle;
  readonly to: Middle;
  /** 0 where the selected thread waits itself. */
  readonly hop: number;
}

export interface OverlayWake {
  readonly x: Px;
  readonly from: Px;
  readonly to: Px;
}

/** What lies over the lanes and moves without them: playhead, pointer, end of the run, waiter to owner. */
export function drawOverlay(surface: Surface, width: Px, o: Overlay, lanesTop: Px): void {
  if (o.end !== null && o.end < width) {
    const x = Math.max(GUTTER, o.end);
    surface.rect(x, lanesTop, width - x, o.bottom - lanesTop, 'bg', 0.55);
    if (o.end >= GUTTER) surface.rect(Math.round(o.end), lanesTop, 1, o.bottom - lanesTop, 'line-strong');
  }
  if (o.hover !== null) surface.rect(Math.round(o.hover), lanesTop, 1, o.bottom - lanesTop, 'dim', 0.45);
  surface.rect(o.overview - 0.75, 3, 1.5, OVERVIEW - 6, 'accent');
  for (const wake of o.wakes) drawWake(surface, wake);
  if (o.measured !== null) drawMeasured(surface, width, o.measured, o.playhead, o.bottom, lanesTop);
  if (o.playhead < GUTTER - 1 || o.playhead > width) return;
  const x = o.playhead;
  surface.rect(x - 0.75, OVERVIEW + 8, 1.5, o.bottom - OVERVIEW - 8, 'accent');
  const y = OVERVIEW + AXIS - 13;
  surface.path([x - 6, y, x + 6, y, x + 6, y + 4, x, y + 11, x - 6, y + 4], 'accent', 0, 1, true);
  // What the selected thread waits for itself lies on top.
  for (const { from, to, hop } of [...o.edges].sort((a, b) => b.hop - a.hop)) {
    if (from.out !== 0) continue;
    const weight = hop === 0 ? 1.75 : 1.1;
    if (to.out === 0) drawEdge(surface, x, from.y, to.y, weight);
    else drawExit(surface, x, from.y, to, weight);
  }
}

/** A wake-up: straight down or up to the woken thread, with its tip there. */
function drawWake(surface: Surface, { x, from, to }: OverlayWake): void {
  const down = to > from ? 1 : -1;
  surface.path([x, from, x, to - down * 4], 'bg', 3.5);
  surface.path([x, from, x, to - down * 4], 'accent', 1.25);
  surface.path([x, to, x - 3.5, to - down * 6, x + 3.5, to - down * 6], 'accent', 0, 1, true);
}

/**
 * Where the label of the measured span stands on the axis: in the middle of the span, else beside the playhead, whose
 * line would cut it. Null: the span is out of sight.
 */
export function measuredPlace(
  { from, to, label }: Measured,
  width: Px,
  playhead: Px,
): { from: Px; to: Px } | null {
  const left = Math.max(GUTTER, from);
  const right = Math.min(width, to);
  if (right < GUTTER || left > width) return null;
  const room = estimatedWidth(label, LABEL) + 10;
  const within = (x: Px): Px => Math.max(GUTTER, Math.min(width - room - 2, x));
  const middle = within((left + right - room) / 2);
  if (playhead < GUTTER || playhead < middle - BESIDE || playhead > middle + room + BESIDE) {
    return { from: middle, to: middle + room };
  }
  const after = playhead + BESIDE;
  const at = after + room <= width - 2 ? after : within(playhead - BESIDE - room);
  return { from: at, to: at + room };
}

/** What of the axis lies under the handle of the playhead and the label of the measured span. */
export function coveredBy({ playhead, measured }: Omit<Overlay, 'hover'>, width: Px): { from: Px; to: Px }[] {
  const label = measured === null ? null : measuredPlace(measured, width, playhead);
  const handle = playhead < GUTTER - 1 || playhead > width ? [] : [{ from: playhead, to: playhead }];
  return label === null ? handle : [...handle, label];
}

/** The span between two bounds, with its length on the axis. */
function drawMeasured(
  surface: Surface,
  width: Px,
  measured: Measured,
  playhead: Px,
  bottom: Px,
  lanesTop: Px,
): void {
  const place = measuredPlace(measured, width, playhead);
  if (place === null) return;
  const { from, to, label } = measured;
  const left = Math.max(GUTTER, from);
  const right = Math.min(width, to);
  const top = OVERVIEW + 2;
  surface.rect(left, lanesTop, right - left, bottom - lanesTop, 'accent', 0.14);
  if (from >= GUTTER) surface.rect(from - 0.5, top, 1, bottom - top, 'accent');
  if (to <= width) surface.rect(to - 0.5, top, 1, bottom - top, 'accent');
  surface.rect(place.from, top, place.to - place.from, AXIS - 5, 'accent');
  surface.text((place.from + place.to) / 2, OVERVIEW + 16, label, LABEL);
}

/** Towards a holder whose lane is out of sight. */
function drawExit(surface: Surface, x: Px, from: Px, { y, out }: Middle, weight: Px): void {
  const bow = x - GUTTER > 90 ? -28 : 28;
  const curve = [x, from, x + bow, from, x + bow, from + out * 20, x + bow, y - out * 6] as const;
  surface.curve(curve, 'bg', weight + 2.75);
  surface.curve(curve, 'fg', weight);
  surface.path([x + bow, y, x + bow - 4.5, y - out * 8, x + bow + 4.5, y - out * 8], 'fg', 0, 1, true);
  dot(surface, x, from);
}

/** From who waits to who holds, bowed to the side where there is room. */
function drawEdge(surface: Surface, x: Px, from: Px, to: Px, weight: Px): void {
  if (Math.abs(from - to) < 2) return;
  const side = x - GUTTER > 90 ? -1 : 1;
  const bow = side * Math.min(64, 16 + Math.abs(from - to) * 0.18);
  const curve = [x, from, x + bow, from, x + bow, to, x + side * 6, to] as const;
  // A wider stroke in the colour of the ground keeps the line apart from the lanes.
  surface.curve(curve, 'bg', weight + 2.75);
  surface.curve(curve, 'fg', weight);
  surface.path([x, to, x + side * 8, to - 4.5, x + side * 8, to + 4.5], 'fg', 0, 1, true);
  dot(surface, x, from);
}

function dot(surface: Surface, x: Px, y: Px): void {
  const ring = (r: Px): number[] =>
    Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 6).flatMap((a) => [
      x + r * Math.cos(a),
      y + r * Math.sin(a),
    ]);
  surface.path(ring(4.5), 'bg', 0, 1, true);
  surface.path(ring(3), 'fg', 0, 1, true);
}
