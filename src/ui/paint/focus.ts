import type { Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { gapsBetween, spanPixels } from '../layout/focus.ts';
import type { Band } from './band.ts';
import type { Surface } from './surface.ts';

/** How much of the ground lies over what takes no part. */
export const VEIL = 0.74;
/** Width of the line along a wait that stands out; low lanes leave room for less. */
function lineOf(height: Px): Px {
  return height >= 9 ? 2 : 1;
}

/** Makes a band faint, all of it. */
export function paintVeil(surface: Surface, { x, y, h }: Omit<Band, 'ratio'>, width: Px): void {
  surface.rect(x, y, width, h, 'bg', VEIL);
}

/**
 * Makes a lane faint but for the spans of time in `bright`, which are the waits in question if nothing else is said;
 * along waits there is a line above and below.
 */
export function paintFocus(
  surface: Surface,
  waits: Float64Array,
  range: Range,
  pixels: number,
  { x, y, h, ratio }: Band,
  bright: Float64Array = waits,
): void {
  const runs = spanPixels(waits, range, pixels);
  const line = lineOf(h);
  for (const [from, to] of gapsBetween(spanPixels(bright, range, pixels), pixels)) {
    surface.rect(x + from / ratio, y, (to - from) / ratio, h, 'bg', VEIL);
  }
  for (const [from, to] of runs) {
    const w = (to - from) / ratio;
    surface.rect(x + from / ratio, y - line, w, line, 'fg');
    surface.rect(x + from / ratio, y + h, w, line, 'fg');
  }
}
