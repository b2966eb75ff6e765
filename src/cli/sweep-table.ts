import type { RunResult } from './result.ts';
import { spell } from './summary.ts';
import type { Grid } from './sweep-points.ts';
import type { SweepResult } from './sweep-worker.ts';

/** A number of the table; null where a run measured none. */
interface Quantity {
  readonly title: string;
  readonly of: (run: RunResult) => number | null;
  readonly text: (value: number | null) => string;
}

const plain = (value: number | null): string => (value === null ? '-' : String(value));

const QUANTITIES: readonly Quantity[] = [
  { title: 'simulated', of: (r) => r.simulatedNs, text: spell },
  { title: 'faults/s', of: (r) => r.faults.perSec, text: (v) => (v === null ? '-' : v.toFixed(0)) },
  { title: 'worst fault', of: (r) => r.faults.latency.maxNs, text: spell },
  { title: 'worst write hold', of: longestWriteHold, text: spell },
  { title: 'records', of: (r) => r.events, text: plain },
];

/** Of the process-wide locks of all address spaces, in ns. */
function longestWriteHold(run: RunResult): number | null {
  const holds = run.locks
    .filter((l) => l.id === 'mmap_lock' || l.id.startsWith('mmap_lock/'))
    .flatMap((l) => l.write.hold.maxNs ?? []);
  return holds.length === 0 ? null : Math.max(...holds);
}

/** What `sweep` prints without --json: a line per point, and the spread when nothing but the seed is swept. */
export function sweepTable(grid: Grid, results: readonly SweepResult[]): string {
  const { keys, points } = grid;
  const runs = results.map((r) => r.run);
  const rows = [[...keys, 'outcome', ...QUANTITIES.map((q) => q.title)]];
  results.forEach(({ run, expected }, i) => {
    const outcome = expected ? run.outcome : `${run.outcome} (expected ${run.expect ?? 'pass'})`;
    const values = Object.values(points[i]?.swept ?? {});
    rows.push([...values, outcome, ...QUANTITIES.map((q) => q.text(q.of(run)))]);
  });
  if (keys.length === 1 && keys[0] === 'seed' && runs.length > 1) {
    const spreads = QUANTITIES.map((q) => spread(runs.map(q.of)));
    (['min', 'median', 'max'] as const).forEach((name) => {
      rows.push([name, '', ...QUANTITIES.map((q, c) => q.text(spreads[c]?.[name] ?? null))]);
    });
  }
  const first = runs[0];
  const head = first === undefined ? '' : `${first.scenario}: ${first.title}\n`;
  return `${head}${layOut(rows, keys.length + 1)}`;
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
