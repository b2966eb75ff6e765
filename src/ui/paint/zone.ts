import type { Px } from '../../event/index.ts';
import type { Box } from '../layout/map.ts';
import { labelStep, ORDER_LABEL, STATE_STRIP, type ZoneCell, type ZoneLayout } from '../layout/zone.ts';
import { shortCount } from '../text/numbers.ts';
import type { Hatch, Paint, StateLook } from './palette.ts';
import type { Surface } from './surface.ts';

/** Pages of a list, as long as the next batch that is freed stays on it, and otherwise. */
export const LEVEL_LOOK: StateLook = { paint: 'level', hatch: 'none' };
export const HIGH_LOOK: StateLook = { paint: 'level-high', hatch: 'falling' };

/** What is marked in a zone. */
export interface ZoneMarks {
  /** By cell: pages that the last step brought to a list, or took from it where the number is below 0. */
  readonly pulses: ReadonlyMap<number, number>;
  /** By cell: what the CPU of a list does; nothing where no thread is on it. */
  readonly doings: ReadonlyMap<number, StateLook>;
  /** What is read out, -1 if none is. */
  readonly cursor: number;
}

/** A list that is narrower has a ground in place of a frame. */
const NARROW: Px = 10;

/** What there is of something is drawn at least so high. */
const LEAST: Px = 2;
const WEDGE: Px = 6;
/** A wedge may be wider than a narrow list, up to what is between two of them. */
const WEDGE_HALF: Px = 4;

type Draw = (x: Px, y: Px, w: Px, h: Px, paint: Paint, alpha?: number, hatch?: Hatch) => void;

function frame(draw: Draw, { x, y, w, h }: Box, width: Px, paint: Paint): void {
  draw(x, y, w, width, paint);
  draw(x, y + h - width, w, width, paint);
  draw(x, y + width, width, h - 2 * width, paint);
  draw(x + w - width, y + width, width, h - 2 * width, paint);
}

/** A part of a height in whole device pixels. */
function part(share: number, h: Px, ratio: number): Px {
  return Math.round(Math.min(1, share) * h * ratio) / ratio;
}

function logShare(blocks: number, most: number): number {
  return Math.log2(1 + blocks) / Math.log2(1 + Math.max(1, most));
}

/** True where the list gives pages back before another batch is on it. */
export function nearHigh(pages: number, high: number, batch: number): boolean {
  return pages > 0 && pages > high - batch;
}

/** Height of the bar of free blocks, on a log scale. */
function blocksHeight(blocks: number, most: number, h: Px, ratio: number): Px {
  return blocks === 0 ? 0 : Math.max(LEAST, part(logShare(blocks, most), h, ratio));
}

/** Free blocks of one order; those that nobody has used yet are hollow. */
function paintBlocks(draw: Draw, cell: ZoneCell, { x, y, w, h }: Box, high: Px): void {
  draw(x, y + h, w, 1, 'line-strong');
  if (high === 0) return;
  const box = { x, y: y + h - high, w, h: high };
  if (cell.kind === 'unused') {
    draw(box.x, box.y, w, high, 'level', 0.5, 'rising');
    frame(draw, box, 1, 'level');
  } else draw(box.x, box.y, w, high, 'level');
}

/** Points of a wedge in the strip above a box: pages come down into it, or go up. */
function wedge({ x, y, w }: Box, half: Px, comes: boolean): number[] {
  const middle = x + w / 2;
  const [base, tip] = comes ? [y - WEDGE - 2, y - 2] : [y - 2, y - WEDGE - 2];
  return [middle - half, base, middle + half, base, middle, tip];
}

/**
 * A list as a level: its frame is as high as the pages that it may have. Lines across it stand at a batch and at its
 * high mark. Where the last step brought pages, or took some, their part of the level has a frame.
 */
function paintList(
  draw: Draw,
  { pages, high }: { readonly pages: number; readonly high: number },
  box: Box,
  { scale, batch }: ZoneLayout,
  pulse: number,
  ratio: number,
): void {
  const { x, y, w, h } = box;
  const at = (n: number): Px => part(n / scale.pages, h, ratio);
  const bottom = y + h;
  const top = at(high);
  const level = pages === 0 ? 0 : Math.max(LEAST, at(pages));
  const thin = w < NARROW;
  // Many frames side by side would outshine what is in them.
  if (thin) draw(x, bottom - top, w, top, 'line', 0.7);
  else frame(draw, { x, y: bottom - top, w, h: top }, 1, pages === 0 ? 'runnable' : 'line-strong');
  if (level > 0) {
    const look = nearHigh(pages, high, batch) ? HIGH_LOOK : LEVEL_LOOK;
    draw(x, bottom - level, w, level, look.paint, 1, look.hatch);
  } else draw(x, bottom - LEAST, w, LEAST, 'runnable');
  // Of lists side by side the lines are one.
  const reach = w < 4 ? 0 : 1;
  draw(x - reach, bottom - at(batch), w + 2 * reach, 1, 'fg', 0.5);
  draw(x - reach, bottom - top, w + 2 * reach, 1, 'fg', 0.7);
  if (pulse === 0) return;
  const changed = Math.max(LEAST + 1, at(Math.abs(pulse)));
  const upper = pulse > 0 ? level : level + changed;
  frame(draw, { x: x - 1, y: bottom - upper, w: w + 2, h: changed }, 1, 'fg');
}

/** Half the width of a digit of the labels, px. */
const DIGIT = 3.2;

/** A zone: free blocks by order, then the lists of CPUs, each with what its CPU does and what the last step did to it. */
export function paintZone(surface: Surface, layout: ZoneLayout, marks: ZoneMarks, ratio: number): void {
  const { cells, boxes, scale, firstList, pitch, labels } = layout;
  const draw: Draw = (x, y, w, h, paint, alpha = 1, hatch) => surface.rect(x, y, w, h, paint, alpha, hatch);
  cells.forEach((cell, i) => {
    const box = boxes[i];
    if (box === undefined) return;
    if (cell.kind !== 'list') {
      paintBlocks(draw, cell, box, blocksHeight(cell.blocks, scale.blocks, box.h, ratio));
      return;
    }
    paintList(draw, cell.list, box, layout, marks.pulses.get(i) ?? 0, ratio);
    const doing = marks.doings.get(i);
    const { x, y, w, h } = box;
    if (doing === undefined) draw(x, y + h + 4, w, 1, 'line-strong');
    else draw(x, y + h + 2, w, STATE_STRIP, doing.paint, 1, doing.hatch);
  });
  const cursor = boxes[marks.cursor];
  if (cursor !== undefined) {
    const { x, y, w, h } = cursor;
    const below = marks.cursor < firstList ? 3 : STATE_STRIP + 4;
    frame(draw, { x: x - 2, y: y - 2, w: w + 4, h: h + 2 + below }, 2, 'accent');
  }
  const half = Math.min(WEDGE_HALF, Math.max(2.5, pitch / 2));
  for (const [i, pulse] of marks.pulses) {
    const box = boxes[i];
    if (box !== undefined) surface.path(wedge(box, half, pulse > 0), 'fg', 0, 1, true);
  }
  const style = { paint: 'dim', size: 10, align: 'center' } as const;
  const step = labelStep(layout);
  cells.forEach((cell, i) => {
    const box = boxes[i];
    if (box === undefined) return;
    const middle = box.x + box.w / 2;
    if (cell.kind !== 'list') {
      const top = box.y + box.h - blocksHeight(cell.blocks, scale.blocks, box.h, ratio);
      const count = shortCount(cell.blocks);
      // At the left edge a long one would be cut.
      if (cell.blocks > 0) surface.text(Math.max(middle, count.length * DIGIT), top - 2, count, style);
      surface.text(
        middle,
        box.y + box.h + ORDER_LABEL,
        cell.kind === 'order' ? `${cell.order}` : 'new',
        style,
      );
    } else if (labels !== null && (i - firstList) % step === 0) {
      surface.text(middle, labels, String(cell.list.cpu), style);
    }
  });
}
