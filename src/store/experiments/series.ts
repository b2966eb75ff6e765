import { skylakeEx } from '../../evidence/batch-table.ts';
import type { PageFaultPoint } from '../../evidence/page-fault1.ts';
import { type FormPoint, isQuickLook, PUBLISHED_MACHINE } from './form.ts';
import type { BatchForm, Outcome } from './state.ts';

/** A number over the seeds: the median, and the least and the most of them. */
export interface Spread {
  readonly mid: number;
  readonly min: number;
  readonly max: number;
}

/** What one run gave. */
export interface MeasuredPoint extends FormPoint {
  readonly point: PageFaultPoint;
  /** Change of the score in per cent against the base batch with the same seed; null until that is there. */
  readonly changePct: number | null;
}

/** What was published of a batch. */
export interface PublishedRow {
  readonly batch: number;
  readonly score: number;
  readonly changePct: number;
  readonly zonePct: number;
  readonly lruPct: number;
  readonly totalPct: number;
}

/** All that was measured at one batch. */
export interface SeriesRow {
  readonly batch: number;
  readonly points: readonly MeasuredPoint[];
  readonly score: Spread;
  readonly changePct: Spread | null;
  readonly zonePct: Spread;
  readonly lruPct: Spread;
  readonly totalPct: Spread;
  readonly p50Ns: Spread;
  readonly p99Ns: Spread;
  readonly maxNs: Spread;
}

export interface Series {
  /** Batches with at least one point, from the smallest on. */
  readonly rows: readonly SeriesRow[];
  /** Of the same machine and the published workload; otherwise none. */
  readonly published: readonly PublishedRow[];
  /** The batch that changes are against. */
  readonly base: number;
  readonly failures: readonly { readonly point: FormPoint; readonly message: string }[];
}

/** Batch up to 4.18, with which the published table compares. */
const BASE_BATCH = 31;

const published: readonly PublishedRow[] = skylakeEx.map(
  ([batch, score, changePct, zonePct, lruPct, totalPct]) => ({
    batch,
    score,
    changePct,
    zonePct,
    lruPct,
    totalPct,
  }),
);

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? 0;
  const { length } = sorted;
  return { mid: (at((length - 1) >> 1) + at(length >> 1)) / 2, min: at(0), max: at(length - 1) };
}

/** What the runs of a form have given so far. */
export function seriesOf(
  form: BatchForm,
  points: readonly FormPoint[],
  outcomes: ReadonlyMap<string, Outcome>,
): Series {
  const batches = points.map(({ batch }) => batch);
  const base = batches.includes(BASE_BATCH) ? BASE_BATCH : (batches[0] ?? BASE_BATCH);
  const found = points.flatMap((point) => {
    const measured = measuredOf(point, outcomes);
    return measured === null ? [] : [{ ...point, point: measured }];
  });
  const bases = new Map(found.flatMap((p) => (p.batch === base ? [[p.seed, p.point.score]] : [])));
  const byBatch = new Map<number, MeasuredPoint[]>();
  for (const p of found) {
    const against = bases.get(p.seed);
    const changePct = against === undefined ? null : 100 * (p.point.score / against - 1);
    const row = byBatch.get(p.batch);
    if (row === undefined) byBatch.set(p.batch, [{ ...p, changePct }]);
    else row.push({ ...p, changePct });
  }
  return {
    rows: [...byBatch].sort(([a], [b]) => a - b).map(([batch, row]) => rowOf(batch, row)),
    published: form.machine === PUBLISHED_MACHINE && !isQuickLook(form) ? published : [],
    base,
    failures: points.flatMap((point) => {
      const outcome = outcomes.get(point.name);
      return outcome?.kind === 'failed' ? [{ point, message: outcome.message }] : [];
    }),
  };
}

function measuredOf({ name }: FormPoint, outcomes: ReadonlyMap<string, Outcome>): PageFaultPoint | null {
  const outcome = outcomes.get(name);
  if (outcome?.kind !== 'measured' || outcome.measured.kind !== 'page-fault1') return null;
  return outcome.measured.point;
}

function rowOf(batch: number, points: readonly MeasuredPoint[]): SeriesRow {
  const over = (of: (p: PageFaultPoint) => number): Spread => spreadOf(points.map(({ point }) => of(point)));
  const changes = points.flatMap(({ changePct }) => changePct ?? []);
  return {
    batch,
    points,
    score: over((p) => p.score),
    changePct: changes.length === 0 ? null : spreadOf(changes),
    zonePct: over((p) => p.zoneSharePct),
    lruPct: over((p) => p.lruSharePct),
    totalPct: over((p) => p.totalSharePct),
    p50Ns: over((p) => p.allocLatency.p50Ns),
    p99Ns: over((p) => p.allocLatency.p99Ns),
    maxNs: over((p) => p.allocLatency.maxNs),
  };
}
