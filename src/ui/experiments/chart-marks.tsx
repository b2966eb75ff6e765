import type { ReactNode } from 'react';

/** Shape of a series' marks: the second cue beside its colour. */
export type Shape = 'circle' | 'square' | 'triangle' | 'diamond';

const PATHS: Readonly<Record<Shape, (r: number) => string>> = {
  circle: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  square: (r) => `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  triangle: (r) => `M0 ${-1.15 * r}L${1.15 * r} ${0.85 * r}H${-1.15 * r}z`,
  diamond: (r) => `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0z`,
};

/** A mark at a place; what was published is a hollow diamond everywhere. */
export function Mark({
  shape,
  x,
  y,
  hollow = false,
  strong = false,
}: {
  readonly shape: Shape;
  readonly x: number;
  readonly y: number;
  readonly hollow?: boolean;
  readonly strong?: boolean;
}): ReactNode {
  const r = hollow ? 3.6 : strong ? 4.4 : 3;
  return (
    <path
      d={PATHS[shape](r)}
      transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}
      className={hollow ? 'mark-hollow' : 'mark-solid'}
    />
  );
}
