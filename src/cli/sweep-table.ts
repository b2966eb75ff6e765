import type { RunResult } from './result.ts';
import { spell } from './summary.ts';
import { scoreChanges } from './sweep-changes.ts';
import type { Grid } from './sweep-points.ts';
import { type BatchResult, isBatchResult, type SweepResult } from './sweep-worker.ts';

/** A number of the table; null where a run measured none. */
interface Quantity<Result> {
  readonly title: string;
  readonly of: (result: Result) => number | null;
  readonly text: (value: number | null) => string;
}

/** A point of page_fault1 with the change of its score. */
type BatchRow = BatchResult & { readonly changePct: number | null };

const plain = (value: number | null): string => (value === null ? '-' : String(value));
const percent = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} %`);

const QUANTITIES: readonly Quantity<RunResult>[] = [
  { title: 'simulated', of: (r) => r.simulatedNs, text: spell },
  { title: 'faults/s', of: (r) => r.faults.perSec, text: (v) => (v === null ? '-' : v.toFixed(0)) },
  { title: 'worst fault', of: (r) => r.faults.latency.maxNs, text: spell },
  { title: 'worst write hold', of: longestWriteHold, text: spell },
  { title: 'records', of: (r) => r.events, text: plain },
];

const BATCH_QUANTITIES: readonly Quantity<BatchRow>[] = [
  { title: 'score', of: (r) => r.score, text: (v) => (v === null ? '-' : v.toFixed(0)) },
  {
    title: 'change',
    of: (r) => r.changePct,
    text: (v) => (v === null ? '-' : `${v < 0 ? '' : '+'}${v.toFixed(2)} %`),
  },
  { title: 'zone', of: (r) => r.zoneSharePct, text: percent },
  { title: 'lru', of: (r) => r.lruSharePct, text: percent },
  { title: 'total', of: (r) => r.totalSharePct, text: percent },
  { title: 'p99 alloc', of: (r) => r.allocLatency.p99Ns, text: spell },
  { title: 'worst alloc', of: (r) => r.allocLatency.maxNs, text: spell },
];

/** Of the process-wide locks of all address spaces, in ns. */
function longestWriteHold(run: RunResult): number | null {
  const holds = run.locks
    .filter((l) => l.id === 'mmap_lock' || l.id.startsWith('mmap_lock/'))
    .flatMap((l) => l.write.hold.maxNs ?? []);
  return holds.length === 0 ? null : Math.max(...holds);
}

/** A line of the table: the values that were swept, a word, and what was measured. */
interface Line<Result> {
  readonly values: readonly string[];
  readonly word: string;
  readonly result: Result;
}

/**
 * What `sweep` prints without --json: a line per point, and the spread when nothing but the seed is swept. Points of
 * page_fault1 have other figures than runs, hence a table of their own.
 */
export function sweepTable(grid: Grid, results: readonly SweepResult[]): string {
  const changes = scoreChanges(results);
  const runs: Line<RunResult>[] = [];
  const batches: Line<BatchRow>[] = [];
  results.forEach(({ run, expected }, i) => {
    const values = Object.values(grid.points[i]?.swept ?? {});
    if (isBatchResult(run)) {
      const word = run.warmupNs === null ? 'not steady' : 'steady';
      batches.push({ values, word, result: { ...run, changePct: changes[i] ?? null } });
    } else {
      const outcome = expected ? run.outcome : `${run.outcome} (expected ${run.expect ?? 'pass'})`;
      runs.push({ values, word: outcome, result: run });
    }
  });
  const first = results[0]?.run;
  const head = first === undefined ? '' : `${first.scenario}: ${first.title}\n`;
  return [
    head,
    tableOf(grid.keys, 'outcome', QUANTITIES, runs),
    runs.length > 0 && batches.length > 0 ? '\n' : '',
    tableOf(grid.keys, 'rounds', BATCH_QUANTITIES, batches),
  ].join('');
}

function tableOf<Result>(
  keys: readonly string[],
  wordTitle: string,
  quantities: readonly Quantity<Result>[],
  lines: readonly Line<Result>[],
): string {
  if (lines.length === 0) return '';
  const rows = [[...keys, wordTitle, ...quantities.map((q) => q.title)]];
  for (const { values, word, result } of lines) {
    rows.push([...values, word, ...quantities.map((q) => q.text(q.of(result)))]);
  }
  if (keys.length === 1 && keys[0] === 'seed' && lines.length > 1) {
    const spreads = quantities.map((q) => spread(lines.map(({ result }) => q.of(result))));
    (['min', 'median', 'max'] as const).forEach((name) => {
      rows.push([name, '', ...quantities.map((q, c) => q.text(spreads[c]?.[name] ?? null))]);
    });
  }
  return layOut(rows, keys.length + 1);
}

/** Of the values that there are; of an even number the median is halfway between the middle two. */
export function spread(
  values: readonly (number | null)[],
): { min: number; median: number; max: number } | null {
  const sorted = values.flatMap((v) => v ?? []).sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? 0;
  const { length } = sorted;
  if (length === 0) return null;
  const median = (at((length - 1) >> 1) + at(length >> 1)) / 2;
  return { min: at(0), median, max: at(length - 1) };
}

/** Columns of equal width, the first `texts` of them to the left, numbers to the right. */
export function layOut(rows: readonly (readonly string[])[], texts: number): string {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => (c < texts ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
      .join('  ');
  return rows.map((row) => `  ${line(row).trimEnd()}\n`).join('');
}
