import { scaleLinear } from 'd3';
import type { Published } from '../../store/experiments/index.ts';

/** A figure on a line: both numbers as places from 0 to 1, and the part of the line that was published. */
export interface FigurePlaces {
  /** Where 0 is. */
  readonly zero: number;
  /** What was published: a place, or the side of it on which the figure is to be. */
  readonly published: number | null;
  readonly band: { readonly from: number; readonly to: number } | null;
  readonly simulated: number | null;
}

/** Air at the end of the line, as a share of the largest number. */
const AIR = 0.08;

/** Puts what was published and what was simulated on one linear scale that has 0 on it. */
export function figurePlaces(p: Published, simulated: number | null): FigurePlaces {
  const own = p.kind === 'range' ? [p.low, p.high] : [p.value];
  const all = [0, ...own, ...(simulated === null ? [] : [simulated])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const air = (high - low || 1) * AIR;
  // On the side of a bound there is more line than the bound itself.
  const beyond = p.kind === 'above' ? 4 * air : air;
  const x = scaleLinear([low < 0 ? low - air : 0, high + beyond], [0, 1]);
  return {
    zero: x(0),
    published: p.kind === 'range' ? null : x(p.value),
    band:
      p.kind === 'range'
        ? { from: x(p.low), to: x(p.high) }
        : p.kind === 'above'
          ? { from: x(p.value), to: 1 }
          : p.kind === 'below'
            ? { from: 0, to: x(p.value) }
            : null,
    simulated: simulated === null ? null : x(simulated),
  };
}
