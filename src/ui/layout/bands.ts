import type { Ns } from '../../event/index.ts';
import type { Area, AreaPages } from '../../trace/index.ts';

/** One lane of the address space: an area, or all small ones together. */
export interface AreaBand {
  readonly areas: readonly Area[];
  /** What fills the height of the lane. */
  readonly pages: number;
}

/** An area smaller than this share of the largest one shares a lane with its like. */
const SMALL = 1 / 16;

function pagesOf(areas: readonly Area[]): number {
  return areas.reduce((sum, { fromPage, toPage }) => sum + toPage - fromPage, 0);
}

/** The lanes of an mm in order of address, those of the largest areas first; at most `most`. */
export function areaBands(all: readonly Area[], mm: number, most: number): AreaBand[] {
  const areas = all.filter((area) => area.mm === mm);
  const bySize = areas.map((area) => pagesOf([area])).sort((a, b) => b - a);
  // The smallest that still gets a lane of its own: one place is kept for the others.
  const least = Math.max((bySize[0] ?? 0) * SMALL, areas.length > most ? (bySize[most - 2] ?? Infinity) : 0);
  const byAddress = (a: Area, b: Area): number => a.fromPage - b.fromPage;
  const large = areas
    .filter((area) => pagesOf([area]) >= least)
    .sort(byAddress)
    .slice(0, areas.length > most ? most - 1 : most);
  const small = areas.filter((area) => !large.includes(area)).sort(byAddress);
  const bands = large.map((area) => [area]);
  if (small.length > 0) bands.push(small);
  return bands.map((list) => ({ areas: list, pages: Math.max(1, pagesOf(list)) }));
}

/** The pages of a band over a span, into `out` (three values per pixel, see `AreaSeries.addPixels`). */
export function bandPixels(
  band: AreaBand,
  t0: Ns,
  t1: Ns,
  pixels: number,
  endNs: Ns,
  out: Float64Array,
): void {
  out.fill(0, 0, 3 * pixels);
  for (const { series } of band.areas) series.addPixels(t0, t1, pixels, endNs, out);
}

/** The pages of a band at a time; undefined before anything is mapped. */
export function bandAt(band: AreaBand, t: Ns): AreaPages | undefined {
  const found = band.areas.flatMap(({ series }) => series.at(t) ?? []);
  if (found.length === 0) return undefined;
  return found.reduce((a, b) => ({
    mapped: a.mapped + b.mapped,
    dead: a.dead + b.dead,
    present: a.present + b.present,
  }));
}
