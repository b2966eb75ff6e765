import type { Hatch } from './palette.ts';

/** Side of the tile that a hatch repeats, px. */
export const TILE = 6;

/** How strongly the ground between the strokes is tinted. */
export const GROUND_ALPHA = 0.42;

interface Stroke {
  readonly width: number;
  /** Lines in a tile as x0, y0, x1, y1; they reach over its edge so that tiles join. */
  readonly lines: readonly (readonly [number, number, number, number])[];
}

const RISING: Stroke = {
  width: 1.7,
  lines: [
    [-1.5, 1.5, 1.5, -1.5],
    [-1.5, 7.5, 7.5, -1.5],
    [4.5, 7.5, 7.5, 4.5],
  ],
};
const FALLING: Stroke = {
  width: 2.1,
  lines: [
    [-1.5, 4.5, 1.5, 7.5],
    [-1.5, -1.5, 7.5, 7.5],
    [4.5, -1.5, 7.5, 1.5],
  ],
};
const DENSE: Stroke = {
  width: 1.3,
  lines: [
    [1, -1, 1, 7],
    [4, -1, 4, 7],
  ],
};

/** The strokes of a hatch; both backends and the legend draw these. */
export function strokesOf(hatch: Exclude<Hatch, 'none'>): Stroke {
  if (hatch === 'rising') return RISING;
  return hatch === 'falling' ? FALLING : DENSE;
}
