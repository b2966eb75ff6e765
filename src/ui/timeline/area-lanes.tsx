import type { ReactNode } from 'react';
import type { AreaBand } from '../layout/bands.ts';
import { pageBytes } from '../text/numbers.ts';
import { Canvas, type DrawPieces } from './canvas.tsx';
import { AREA_BAR, AREA_PITCH, AREAS_GAP } from './geometry.ts';

interface AreaLanesProps {
  readonly bands: readonly AreaBand[];
  readonly names: readonly string[];
  readonly height: number;
  readonly draw: DrawPieces;
}

/** The address space of the selected thread over time, with what its lanes are at the left. */
export function AreaLanes({ bands, names, height, draw }: AreaLanesProps): ReactNode {
  return (
    <section className="area-lanes" aria-label="Address space over time" style={{ height }}>
      <Canvas className="fill" draw={draw} />
      {bands.map((band, i) => (
        <div
          key={band.areas[0]?.fromPage}
          className="area-lane"
          style={{ top: AREAS_GAP + i * AREA_PITCH, height: AREA_BAR }}
        >
          <span className="lane-title">{names[i]}</span>
          <span className="lane-cpu">{pageBytes(band.pages)}</span>
        </div>
      ))}
    </section>
  );
}
