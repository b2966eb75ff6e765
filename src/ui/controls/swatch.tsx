import type { ReactNode } from 'react';
import { lookOf, type StateLook } from '../paint/palette.ts';
import { GROUND_ALPHA, strokesOf, TILE } from '../paint/patterns.ts';

/** A small field with a colour and a hatch, or with those of a thread's state, as the lanes paint it. */
export function Swatch(props: { readonly state: number } | StateLook): ReactNode {
  const { paint, hatch } = 'state' in props ? lookOf(props.state) : props;
  const colour = `var(--${paint})`;
  if (hatch === 'none') return <span className="swatch" style={{ background: colour }} />;
  const { width, lines } = strokesOf(hatch);
  return (
    <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" style={{ fill: colour }} opacity={GROUND_ALPHA} />
      {[0, TILE].flatMap((dx) =>
        [0, TILE].flatMap((dy) =>
          lines.map(([x0, y0, x1, y1]) => (
            <path
              key={`${dx} ${dy} ${x0} ${y0}`}
              d={`M${x0 + dx} ${y0 + dy}L${x1 + dx} ${y1 + dy}`}
              style={{ stroke: colour }}
              strokeWidth={width}
            />
          )),
        ),
      )}
    </svg>
  );
}
