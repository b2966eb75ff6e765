import type { ReactNode } from 'react';
import type { Figure } from '../../store/experiments/index.ts';
import { Mark } from './chart-marks.tsx';
import { figurePlaces } from './figure-scale.ts';
import { comparisonText } from './figure-text.ts';

const WIDTH = 220;
const HEIGHT = 22;
const EDGE = 7;

/** A published figure and the simulated one on one line; ranges and bounds as bands. */
export function FigureChart({ figure }: { readonly figure: Figure }): ReactNode {
  const { record, simulated } = figure;
  const places = figurePlaces(record.published, simulated);
  const x = (place: number): number => EDGE + place * (WIDTH - 2 * EDGE);
  const middle = HEIGHT / 2;
  const { band, published } = places;
  return (
    <svg
      className="figure-chart"
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={comparisonText(figure)}
    >
      {band !== null && (
        <rect
          className="figure-band"
          x={x(band.from)}
          y={middle - 6}
          width={Math.max(2, x(band.to) - x(band.from))}
          height={12}
        />
      )}
      <line className="chart-axis" x1={x(0)} x2={x(1)} y1={middle} y2={middle} />
      <line className="chart-axis" x1={x(places.zero)} x2={x(places.zero)} y1={middle - 5} y2={middle + 5} />
      {published !== null && places.simulated !== null && band === null && (
        <line className="figure-gap" x1={x(published)} x2={x(places.simulated)} y1={middle} y2={middle} />
      )}
      {places.simulated !== null && <Mark shape="circle" x={x(places.simulated)} y={middle} strong />}
      {published !== null &&
        (band === null ? (
          <Mark shape="diamond" x={x(published)} y={middle} hollow />
        ) : (
          <line
            className="figure-bound"
            x1={x(published)}
            x2={x(published)}
            y1={middle - 8}
            y2={middle + 8}
          />
        ))}
    </svg>
  );
}
