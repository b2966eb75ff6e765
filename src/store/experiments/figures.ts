import {
  distinctRuns,
  errorPct,
  holds,
  type Measured,
  type Run,
  runName,
  runsOf,
  scenarioOf,
  simulatedFigure,
} from '../../evidence/figure.ts';
import type { EvidenceRecord } from '../../evidence/record.ts';
import { records } from '../../evidence/records.ts';
import type { Experiments, Outcome } from './state.ts';

/** What is known of a published figure. */
export interface Figure {
  readonly record: EvidenceRecord;
  readonly state: 'missing' | 'waiting' | 'failed' | 'there';
  /** In the metric's unit; null where there is none. */
  readonly simulated: number | null;
  /** Per cent; null of bounds, and where there is nothing to compare. */
  readonly errorPct: number | null;
  /** Whether a range or a bound holds. */
  readonly holds: boolean | null;
  /** Why its run gave none. */
  readonly failure: string | null;
}

/** Figures that belong together. */
export interface FigureGroup {
  readonly id: string;
  readonly title: string;
  readonly records: readonly EvidenceRecord[];
  /** The published table over the batch, which has a chart of its own. */
  readonly table: boolean;
}

const TITLES: readonly (readonly [prefix: string, title: string])[] = [
  ['batch.skylake-ex-4s.', 'The table over the batch, on Skylake-EX'],
  ['batch.', 'Zone lock and LRU lock: sentences and single figures'],
  ['', 'munmap, faults and locks'],
];

/** All records in groups, the one-off figures first. */
export const figureGroups: readonly FigureGroup[] = TITLES.map(([prefix, title], i) => ({
  id: prefix === '' ? 'others' : prefix,
  title,
  // Each belongs to the first group that its id fits.
  records: records.filter(({ id }) => TITLES.findIndex(([p]) => id.startsWith(p)) === i),
  table: i === 0,
})).reverse();

type Known = Pick<Experiments, 'outcomes' | 'asked'>;

/** What has become of a figure's runs. */
export function figureOf(record: EvidenceRecord, { outcomes, asked }: Known): Figure {
  const names = runsOf(record).map(runName);
  const none = { record, simulated: null, errorPct: null, holds: null, failure: null };
  const found = names.map((name) => outcomes.get(name));
  const failed = found.find((outcome) => outcome?.kind === 'failed');
  if (failed?.kind === 'failed') return { ...none, state: 'failed', failure: failed.message };
  if (found.includes(undefined)) {
    const waits = names.some((name) => asked.includes(name) && !outcomes.has(name));
    return { ...none, state: waits ? 'waiting' : 'missing' };
  }
  const simulated = simulatedFigure(record, measuredAmong(outcomes));
  const { published } = record;
  return {
    ...none,
    state: 'there',
    simulated,
    errorPct: errorPct(published, simulated),
    holds: holds(published, simulated),
  };
}

function measuredAmong(outcomes: ReadonlyMap<string, Outcome>): Map<string, Measured> {
  return new Map(
    [...outcomes].flatMap(([name, outcome]) =>
      outcome.kind === 'measured' ? [[name, outcome.measured] as const] : [],
    ),
  );
}

/** The runs of some records, each once. */
export function runsOfAll(some: readonly EvidenceRecord[]): readonly Run[] {
  return distinctRuns(some);
}

/** Those of them that have no figures yet. */
export function missingRuns(
  some: readonly EvidenceRecord[],
  outcomes: ReadonlyMap<string, Outcome>,
): readonly Run[] {
  return distinctRuns(some).filter((run) => outcomes.get(runName(run))?.kind !== 'measured');
}

/** Scenario and settings of a record's run, to open it. */
export function runToOpen({ experiment }: EvidenceRecord): {
  scenario: string;
  set: Readonly<Record<string, string>>;
} {
  const scenario = scenarioOf(experiment);
  return { scenario, set: experiment.set };
}
