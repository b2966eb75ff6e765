import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import type { Spread } from '../../store/experiments/index.ts';
import { useSize } from '../timeline/use-size.ts';
import {
  type Axis,
  batchScale,
  batchTicks,
  columnsOf,
  decimalsOf,
  type Frame,
  frameOf,
  type Scale,
  spreadLabels,
} from './chart-layout.ts';
import { Mark, type Shape } from './chart-marks.tsx';

/** One curve: what was measured, and what was published. */
export interface Line {
  readonly id: 'score' | 'zone' | 'lru' | 'total' | 'p99' | 'worst';
  readonly label: string;
  readonly shape: Shape;
  readonly measured: readonly { readonly batch: number; readonly spread: Spread }[];
  readonly published: readonly { readonly batch: number; readonly value: number }[];
}

export interface BatchChartProps {
  readonly title: string;
  /** What its numbers are. */
  readonly unit: string;
  readonly lines: readonly Line[];
  /** Every batch on the axis, from the smallest on. */
  readonly batches: readonly number[];
  readonly axis: (frame: Frame) => Axis;
  /** A tick, and how many decimals tell it from the next one. */
  readonly tickText: (value: number, decimals: number) => string;
  /** A second reading of the same axis, on the right. */
  readonly right?: (axis: Axis, frame: Frame) => readonly { readonly at: number; readonly label: string }[];
  /** Curves have their names at their ends; not where the right-hand side is taken. */
  readonly named: boolean;
  /** All about a batch in a sentence. */
  readonly say: (batch: number) => string;
  readonly hrefOf: (batch: number) => string | undefined;
  readonly at: number | null;
  readonly onAt: (batch: number | null) => void;
}

/** Height of a chart, px. */
const HEIGHT = 178;
const LABEL_GAP = 14;

/** A figure over the batch, one link per batch: point at it to read it, follow it to see the run. */
export function BatchChart(props: BatchChartProps): ReactNode {
  const { title, unit, lines, batches, at, onAt, say, hrefOf } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const frame = frameOf(width, HEIGHT);
  const list = useRef<SVGGElement>(null);
  const measured = batches.filter((batch) =>
    lines.some((line) => line.measured.some((point) => point.batch === batch)),
  );
  const current = at !== null && measured.includes(at) ? at : (measured[0] ?? null);

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step === 0 || current === null) return;
    event.preventDefault();
    const next = measured[measured.indexOf(current) + step];
    if (next !== undefined) list.current?.querySelector<SVGAElement>(`[data-batch="${next}"]`)?.focus();
  }

  return (
    <figure className="batch-chart">
      <figcaption>
        <span className="chart-title">{title}</span>
        <span className="dim">{unit}</span>
        <span className="chart-said">{at === null ? '' : say(at)}</span>
      </figcaption>
      <div className="chart-box" ref={box}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} onPointerLeave={() => onAt(null)}>
            <title>{`${title}, ${unit}, over the batch`}</title>
            <Plot {...props} frame={frame} />
            {/* biome-ignore lint/a11y/noStaticElementInteractions: keys move between the links in it */}
            <g ref={list} onKeyDown={onKeyDown}>
              {columnsOf(batches, batchScale(batches, frame), frame).map(({ batch, from, to }) => {
                const column = (
                  <rect
                    className="chart-column"
                    x={from}
                    y={frame.y0}
                    width={Math.max(0, to - from)}
                    height={frame.y1 - frame.y0}
                    onPointerEnter={() => onAt(batch)}
                  />
                );
                if (!measured.includes(batch)) return <g key={batch}>{column}</g>;
                return (
                  <a
                    key={batch}
                    data-batch={batch}
                    href={hrefOf(batch)}
                    tabIndex={batch === current ? 0 : -1}
                    aria-label={`${say(batch)}. Opens the run`}
                    onFocus={() => onAt(batch)}
                    onBlur={() => onAt(null)}
                  >
                    {column}
                  </a>
                );
              })}
            </g>
          </svg>
        )}
      </div>
    </figure>
  );
}

/** Everything that is drawn: nothing in it can be pointed at. */
function Plot(props: BatchChartProps & { readonly frame: Frame }): ReactNode {
  const { lines, batches, axis, tickText, right, named, at, frame } = props;
  const x = batchScale(batches, frame);
  const y = axis(frame);
  const rights = right?.(y, frame) ?? [];
  const decimals = decimalsOf(y.ticks.map(({ value }) => value));
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group has no focus, and nothing in it has
    <g aria-hidden="true">
      {y.ticks.map(({ value, at: height }) => (
        <g key={value}>
          <line className="chart-grid" x1={frame.x0} x2={frame.x1} y1={height} y2={height} />
          <text className="chart-tick end" x={frame.x0 - 8} y={height}>
            {tickText(value, decimals)}
          </text>
        </g>
      ))}
      {rights.map(({ at: height, label }) => (
        <text key={label} className="chart-tick" x={frame.x1 + 8} y={height}>
          {label}
        </text>
      ))}
      {batchTicks(batches, x).map(({ at: place, label }) => (
        <g key={place}>
          <line className="chart-notch" x1={place} x2={place} y1={frame.y1} y2={frame.y1 + 4} />
          <text className="chart-tick middle" x={place} y={frame.y1 + 13}>
            {label}
          </text>
        </g>
      ))}
      <line className="chart-axis" x1={frame.x0} x2={frame.x1} y1={frame.y1} y2={frame.y1} />
      {at !== null && batches.includes(at) && (
        <line className="chart-here" x1={x(at)} x2={x(at)} y1={frame.y0} y2={frame.y1} />
      )}
      {lines.map((line) => (
        <Curve key={line.id} line={line} x={x} y={y.scale} at={at} />
      ))}
      {lines.every(({ measured, published }) => measured.length + published.length === 0) && (
        <text className="chart-tick middle" x={(frame.x0 + frame.x1) / 2} y={(frame.y0 + frame.y1) / 2}>
          nothing measured yet, and nothing published
        </text>
      )}
      {named && <EndLabels lines={lines} y={y.scale} frame={frame} />}
    </g>
  );
}

interface CurveProps {
  readonly line: Line;
  readonly x: Scale;
  readonly y: Scale;
  readonly at: number | null;
}

function Curve({ line, x, y, at }: CurveProps): ReactNode {
  const { id, shape, measured, published } = line;
  const path = measured
    .map(({ batch, spread }, i) => `${i === 0 ? 'M' : 'L'}${x(batch).toFixed(1)} ${y(spread.mid).toFixed(1)}`)
    .join('');
  return (
    <g className={`series series-${id}`}>
      {published.map(({ batch, value }) => (
        <Mark key={batch} shape="diamond" x={x(batch)} y={y(value)} hollow />
      ))}
      <path className="curve" d={path} />
      {measured.map(({ batch, spread }) => (
        <g key={batch}>
          {spread.max > spread.min && (
            <line className="curve-range" x1={x(batch)} x2={x(batch)} y1={y(spread.min)} y2={y(spread.max)} />
          )}
          <Mark shape={shape} x={x(batch)} y={y(spread.mid)} strong={batch === at} />
        </g>
      ))}
    </g>
  );
}

/** The name of each curve beside its last point, or beside the last that was published. */
function EndLabels({
  lines,
  y,
  frame,
}: {
  readonly lines: readonly Line[];
  readonly y: Scale;
  readonly frame: Frame;
}): ReactNode {
  const ends = lines.flatMap(({ id, label, measured, published }) => {
    const value = measured.at(-1)?.spread.mid ?? published.at(-1)?.value;
    return value === undefined ? [] : [{ id, label, at: y(value) }];
  });
  const places = spreadLabels(
    ends.map(({ at }) => at),
    LABEL_GAP,
    frame.y0 + 4,
    frame.y1 - 4,
  );
  return ends.map(({ id, label }, i) => (
    <text key={id} className={`chart-name series-${id}`} x={frame.x1 + 8} y={places[i]}>
      {label}
    </text>
  ));
}
