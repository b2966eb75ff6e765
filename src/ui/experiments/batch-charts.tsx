import { ticks } from 'd3';
import { type ReactNode, useMemo, useState } from 'react';
import type { Series, SeriesRow } from '../../store/experiments/index.ts';
import { duration, roundDuration } from '../text/time.ts';
import { BatchChart, type Line } from './batch-chart.tsx';
import { type Axis, decimalsOf, type Frame, linearAxis, logAxis } from './chart-layout.ts';
import { changeText, million, pct, rangeText } from './text.ts';
import { useHrefs } from './use-hrefs.ts';

interface Props {
  readonly series: Series;
  /** What the form asks for: the axis has room for it before it is measured. */
  readonly asked: readonly number[];
}

type Quantity = 'score' | 'zonePct' | 'lruPct' | 'totalPct' | 'p99Ns' | 'maxNs';

function lineOf(
  series: Series,
  id: Line['id'],
  label: string,
  shape: Line['shape'],
  quantity: Quantity,
): Line {
  const published = series.published.flatMap((row) =>
    quantity === 'p99Ns' || quantity === 'maxNs' ? [] : [{ batch: row.batch, value: row[quantity] }],
  );
  return {
    id,
    label,
    shape,
    measured: series.rows.map((row) => ({ batch: row.batch, spread: row[quantity] })),
    published,
  };
}

function valuesOf(lines: readonly Line[]): number[] {
  return lines.flatMap(({ measured, published }) => [
    ...measured.flatMap(({ spread }) => [spread.min, spread.max]),
    ...published.map(({ value }) => value),
  ]);
}

/** The axis of scores once more, as changes against the base. */
function changes(series: Series): (axis: Axis, frame: Frame) => { at: number; label: string }[] {
  const base = series.rows.find(({ batch }) => batch === series.base)?.score.mid;
  return ({ scale }, frame) => {
    if (base === undefined) return [];
    // The scale is linear, so its ends are enough to read it backwards.
    const perPixel = 1 / (scale(1) - scale(0));
    const changeAt = (y: number): number => 100 * (((y - scale(0)) * perPixel) / base - 1);
    const values = ticks(changeAt(frame.y1), changeAt(frame.y0), 4);
    const decimals = Math.max(0, decimalsOf(values));
    return values.map((value) => ({
      at: scale(base * (1 + value / 100)),
      label: changeText(value, decimals),
    }));
  };
}

/** Score, shares and latencies over the batch, on the same axis, one below the other. */
export function BatchCharts({ series, asked }: Props): ReactNode {
  const [at, setAt] = useState<number | null>(null);
  const { rows, published, base } = series;
  const targets = useMemo(
    () => rows.flatMap((row) => row.points).map(({ run }) => ({ scenario: 'page-fault1', set: run.set })),
    [rows],
  );
  const href = useHrefs(targets);
  const batches = [
    ...new Set([...asked, ...rows.map((r) => r.batch), ...published.map((r) => r.batch)]),
  ].sort((a, b) => a - b);
  const rowOf = (batch: number): SeriesRow | undefined => rows.find((row) => row.batch === batch);
  const hrefOf = (batch: number): string | undefined => {
    const set = rowOf(batch)?.points[0]?.run.set;
    return set === undefined ? undefined : href({ scenario: 'page-fault1', set });
  };
  const there = (batch: number): Series['published'][number] | undefined =>
    published.find((row) => row.batch === batch);

  const score = [lineOf(series, 'score', 'score', 'circle', 'score')];
  const shares = [
    lineOf(series, 'total', 'both', 'triangle', 'totalPct'),
    lineOf(series, 'lru', 'LRU lock', 'square', 'lruPct'),
    lineOf(series, 'zone', 'zone lock', 'circle', 'zonePct'),
  ];
  const latencies = [
    lineOf(series, 'worst', 'worst', 'diamond', 'maxNs'),
    lineOf(series, 'p99', 'p99', 'circle', 'p99Ns'),
  ];
  const common = { batches, hrefOf, at, onAt: setAt };
  if (batches.length === 0) return null;

  return (
    <div className="batch-charts">
      <BatchChart
        {...common}
        title="Score"
        unit={`page faults per second of all processes; right: change from batch ${base}, simulated`}
        lines={score}
        axis={(frame) => linearAxis(valuesOf(score), frame)}
        tickText={(value, decimals) => `${(value / 1e6).toFixed(Math.max(0, decimals + 6))} M`}
        right={changes(series)}
        named={false}
        say={(batch) => {
          const row = rowOf(batch);
          const change =
            row === undefined || row.changePct === null ? '' : `, ${changeText(row.changePct.mid)}`;
          const p = there(batch);
          return said(
            batch,
            row && `${rangeText(row.score, million)}/s${change}`,
            p && `${million(p.score)}/s, ${changeText(p.changePct)}`,
          );
        }}
      />
      <BatchChart
        {...common}
        title="Spinning"
        unit="per cent of all CPU time"
        lines={shares}
        axis={(frame) => linearAxis(valuesOf(shares), frame, { from: 0 })}
        tickText={(value, decimals) => `${value.toFixed(Math.max(0, decimals))} %`}
        named
        say={(batch) => {
          const row = rowOf(batch);
          const p = there(batch);
          return said(
            batch,
            row && `zone ${rangeText(row.zonePct, pct)}, LRU ${rangeText(row.lruPct, pct)}`,
            p && `zone ${p.zonePct} %, LRU ${p.lruPct} %`,
          );
        }}
      />
      <BatchChart
        {...common}
        title="Allocation latency"
        unit="from asking for a page until it is there; from batch 100 on 99 of 100 need no refill"
        lines={latencies}
        axis={(frame) => logAxis(valuesOf(latencies), frame)}
        tickText={roundDuration}
        named
        say={(batch) => {
          const row = rowOf(batch);
          return said(
            batch,
            row && `worst ${rangeText(row.maxNs, duration)}, p99 ${rangeText(row.p99Ns, duration)}`,
            undefined,
          );
        }}
      />
    </div>
  );
}

/** All about a batch: what was measured, and what was published where there is any. */
function said(batch: number, simulated: string | undefined, published: string | undefined): string {
  const parts = [simulated ?? 'not measured', published === undefined ? '' : `published ${published}`];
  return `Batch ${batch}: ${parts.filter((part) => part !== '').join('; ')}`;
}
