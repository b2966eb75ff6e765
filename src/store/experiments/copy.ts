import { MODEL_VERSION } from '../../event/index.ts';
import type { Series } from './series.ts';
import type { BatchForm } from './state.ts';

/** One point as it is copied: the fields of an element of `sweep page-fault1 --json`, flat. */
interface CopiedPoint {
  readonly machine: string;
  readonly batch: number;
  readonly seed: number;
  readonly score: number;
  readonly changePct: number | null;
  readonly zoneSharePct: number;
  readonly lruSharePct: number;
  readonly totalSharePct: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
  readonly warmupNs: number | null;
  readonly publishedScore: number | null;
  readonly publishedZonePct: number | null;
  readonly publishedLruPct: number | null;
}

function copied({ rows, published }: Series): CopiedPoint[] {
  return rows.flatMap(({ points }) =>
    points.map(({ batch, seed, changePct, point }) => {
      const there = published.find((row) => row.batch === batch);
      const { allocLatency, score, zoneSharePct, lruSharePct, totalSharePct, warmupNs, machine } = point;
      return {
        machine,
        batch,
        seed,
        score,
        changePct,
        zoneSharePct,
        lruSharePct,
        totalSharePct,
        ...allocLatency,
        warmupNs,
        publishedScore: there?.score ?? null,
        publishedZonePct: there?.zonePct ?? null,
        publishedLruPct: there?.lruPct ?? null,
      };
    }),
  );
}

/** Every number of a series as CSV, an empty cell where there is none. */
export function asCsv(series: Series): string {
  const points = copied(series);
  const head = Object.keys(points[0] ?? {});
  const lines = points.map((point) => Object.values(point).map((value) => value ?? ''));
  return [head, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

/** The same as JSON, with what was run. */
export function asJson(form: BatchForm, series: Series): string {
  const { machine, settings } = form;
  const what = { scenario: 'page-fault1', model: MODEL_VERSION, set: { machine, ...settings } };
  return `${JSON.stringify({ ...what, base: series.base, points: copied(series) }, null, 2)}\n`;
}
