import type { Px } from '../../event/index.ts';
import { type Box, boxesAround, cellBox, type MapLayout } from '../layout/map.ts';
import type { CellFate } from '../layout/map-cells.ts';
import type { Hatch, Paint, StateLook } from './palette.ts';
import type { Surface } from './surface.ts';

/** How a cell looks: its frame stands for what becomes of the addresses, its filling for what is present. */
interface CellLook {
  readonly frame: Paint;
  readonly fill: StateLook;
}

export const CELL_LOOKS: Readonly<Record<Exclude<CellFate, 'unmapped'>, CellLook>> = {
  mapped: { frame: 'runnable', fill: { paint: 'kernel', hatch: 'none' } },
  dead: { frame: 'hold-write', fill: { paint: 'hold-write', hatch: 'falling' } },
  detached: { frame: 'hold-write', fill: { paint: 'hold-write', hatch: 'dense' } },
};
/** A page where nothing is mapped is a fault of the kernel that runs. */
const STRAY: StateLook = { paint: 'bad', hatch: 'none' };

/** Spans of cells are [first, last]. */
export type CellSpan = readonly [number, number];

/** What is marked on the map. */
export interface MapMarks {
  /** Changed by the last step. */
  readonly changed: readonly CellSpan[];
  /** Where threads work. */
  readonly at: readonly CellSpan[];
  /** What is read out, -1 if none is. */
  readonly cursor: number;
}

type Draw = (x: Px, y: Px, w: Px, h: Px, paint: Paint, hatch?: Hatch) => void;

/** A frame `width` px wide within a box. */
function frame(draw: Draw, { x, y, w, h }: Box, width: Px, paint: Paint): void {
  draw(x, y, w, width, paint);
  draw(x, y + h - width, w, width, paint);
  draw(x, y + width, width, h - 2 * width, paint);
  draw(x + w - width, y + width, width, h - 2 * width, paint);
}

/** A dot in the middle of a box: it stands out from every filling. */
function dot(draw: Draw, { x, y, w, h }: Box): void {
  const side = Math.max(2, Math.floor(Math.min(w, h) / 3));
  draw(x + Math.floor((w - side) / 2), y + Math.floor((h - side) / 2), side, side, 'fg');
}

function grown({ x, y, w, h }: Box, by: Px): Box {
  return { x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by };
}

/** Of a cell with a page, and of one that lacks a page, so much is filled or hollow at least. */
const LEAST: Px = 2;

/** Height of the present part, in whole device pixels. */
function filled(present: number, pages: number, h: Px, ratio: number): Px {
  if (present <= 0) return 0;
  if (present >= pages) return h;
  const share = Math.round((h * ratio * present) / pages) / ratio;
  return Math.max(LEAST, Math.min(h - LEAST, share));
}

/**
 * An address space as cells: filled as far as their pages are present, hollow where they are only mapped, a dash where
 * nothing is mapped. What the last step changed has a dot, the place where a thread works a frame.
 */
export function paintMap(surface: Surface, layout: MapLayout, marks: MapMarks, ratio: number): void {
  const draw: Draw = (x, y, w, h, paint, hatch) => surface.rect(x, y, w, h, paint, 1, hatch);
  layout.cells.forEach(({ fate, present, pages }, i) => {
    const box = cellBox(layout, i);
    const { x, y, w, h } = box;
    const high = filled(present, pages, h, ratio);
    if (fate === 'unmapped') {
      const dash = Math.max(1, Math.floor(w / 2));
      if (high === 0) draw(x + Math.floor((w - dash) / 2), y + Math.floor(h / 2), dash, 1, 'runnable');
      else draw(x, y + h - high, w, high, STRAY.paint, STRAY.hatch);
      return;
    }
    const look = CELL_LOOKS[fate];
    if (high < h) frame(draw, box, 1, look.frame);
    if (high > 0) draw(x, y + h - high, w, high, look.fill.paint, look.fill.hatch);
  });
  for (const [first, last] of marks.at)
    for (const box of boxesAround(layout, first, last)) frame(draw, grown(box, 2), 2, 'fg');
  for (const [first, last] of marks.changed)
    for (let i = first; i <= last; i++) dot(draw, cellBox(layout, i));
  if (marks.cursor >= 0) frame(draw, grown(cellBox(layout, marks.cursor), 2), 2, 'accent');
}
