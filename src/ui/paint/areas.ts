import type { Band } from './band.ts';
import { type Layer, paintStack } from './stack.ts';
import type { Surface } from './surface.ts';

/** From the bottom up: what is present and alive, present and dying; then what is only mapped, alive and dying. */
const LAYERS: readonly Layer[] = [
  { paint: 'kernel', hatch: 'none', alpha: 0.9, least: 1 },
  { paint: 'hold-write', hatch: 'falling', alpha: 1, least: 1 },
  { paint: 'idle', hatch: 'none', alpha: 0.55, least: 1 },
  { paint: 'hold-write', hatch: 'none', alpha: 0.2, least: 1 },
];

/**
 * A part of an address space over time: as high as it is mapped, filled as far as its pages are present, hatched where
 * its VMAs are dead or detached; nothing where it is unmapped. `pages` is from `addPixels`, three values for each of
 * `pixels` device pixels; `whole` fills the band.
 */
export function paintArea(
  surface: Surface,
  pages: Float64Array,
  pixels: number,
  whole: number,
  band: Band,
): void {
  const sharesAt = (at: number, out: Float64Array): void => {
    const mapped = pages[3 * at] ?? 0;
    const dead = pages[3 * at + 1] ?? 0;
    const present = pages[3 * at + 2] ?? 0;
    // Which pages of an area are the dead ones is not kept: they are taken to be as full as the others.
    const dying = mapped > 0 ? (present * dead) / mapped : present;
    out[0] = (present - dying) / whole;
    out[1] = dying / whole;
    out[2] = Math.max(0, mapped - dead - (present - dying)) / whole;
    out[3] = Math.max(0, dead - dying) / whole;
  };
  paintStack(surface, LAYERS, pixels, sharesAt, band);
}
