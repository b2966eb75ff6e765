import type { EvidenceRecord, Published } from '../evidence/index.ts';
import { layOut } from './sweep-table.ts';

/** One figure: its record, and what `--json` prints of it. */
export interface EvidenceRow {
  readonly record: EvidenceRecord;
  readonly json: {
    readonly simulated: number | null;
    readonly errorPct: number | null;
    readonly holds: boolean | null;
    readonly [field: string]: unknown;
  };
}

/** What `evidence` prints without --json: a line per figure. */
export function evidenceTable(rows: readonly EvidenceRow[]): string {
  const head = ['id', 'metric', 'published', 'simulated', 'error', ''];
  const lines = rows.map(({ record, json }) => [
    record.id,
    `${record.metric.name}, ${record.metric.unit}`,
    publishedText(record.published),
    json.simulated === null ? '-' : plain(json.simulated),
    verdict(json),
    record.calibrated ? 'calibrated' : '',
  ]);
  const foot = rows.some(({ record }) => record.calibrated)
    ? '  calibrated: the model was fitted to this figure, or its input chosen to reach it; agreement proves nothing\n'
    : '';
  return layOut([head, ...lines], 2) + foot;
}

function publishedText(p: Published): string {
  if (p.kind === 'range') return `${plain(p.low)} to ${plain(p.high)}`;
  return p.kind === 'exact' ? plain(p.value) : `${p.kind} ${plain(p.value)}`;
}

/** Of a bound: whether it holds. */
function verdict({ errorPct, holds }: EvidenceRow['json']): string {
  if (errorPct !== null)
    return `${errorPct < 0 ? '' : '+'}${errorPct.toFixed(Math.abs(errorPct) < 1_000 ? 1 : 0)} %`;
  return holds === null ? '-' : holds ? 'holds' : 'does not hold';
}

/** Four digits that mean something; all of a number of more. */
function plain(value: number): string {
  return Math.abs(value) >= 1_000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}
