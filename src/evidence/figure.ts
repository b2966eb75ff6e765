import type { PageFaultPoint } from './page-fault1.ts';
import type { Prediction } from './prediction.ts';
import type { EvidenceRecord, Published, RunReport, Settings } from './record.ts';

/** What has to be run for a figure: an experiment without its reading, so that it can be sent to a worker. */
export type Run =
  | { readonly kind: 'run' | 'prediction'; readonly scenario: string; readonly set: Settings }
  | { readonly kind: 'page-fault1'; readonly set: Settings };

/** What came of a run. */
export type Measured =
  | { readonly kind: 'run'; readonly report: RunReport }
  | { readonly kind: 'page-fault1'; readonly point: PageFaultPoint }
  | { readonly kind: 'prediction'; readonly prediction: Prediction };

/** The runs of one figure: one, or two where it is a comparison, or three where gains are compared. */
export function runsOf({ experiment }: EvidenceRecord): Run[] {
  const { set, against } = experiment;
  const others =
    against === undefined ? [] : against.as === 'gain' ? [against.set, against.base] : [against.set];
  return [set, ...others].map((own) =>
    experiment.kind === 'page-fault1'
      ? { kind: experiment.kind, set: own }
      : { kind: experiment.kind, scenario: experiment.scenario, set: own },
  );
}

/** Id of the scenario that a run, or an experiment, is of. */
export function scenarioOf(run: { readonly kind: 'page-fault1' } | { readonly scenario: string }): string {
  return 'scenario' in run ? run.scenario : run.kind;
}

/** A run in words; the same for two runs exactly when one of them will do. */
export function runName(run: Run): string {
  const settings = Object.entries(run.set).map(([key, value]) => `${key}=${value}`);
  const what = run.kind === 'prediction' ? [run.kind, run.scenario] : [scenarioOf(run)];
  return [...what, ...settings.sort()].join(' ');
}

/** Every run of the records, each once. */
export function distinctRuns(records: readonly EvidenceRecord[]): Run[] {
  return [...new Map(records.flatMap(runsOf).map((run) => [runName(run), run])).values()];
}

/**
 * The simulated figure in the metric's unit, from what was measured by name of the run. null where a run measured none.
 * @throws Error when a run of the record is missing.
 */
export function simulatedFigure(
  record: EvidenceRecord,
  measured: ReadonlyMap<string, Measured>,
): number | null {
  const { against } = record.experiment;
  const [figure = null, other = null, base = null] = runsOf(record).map((run) => {
    const found = measured.get(runName(run));
    if (found === undefined) throw new Error(`${record.id}: '${runName(run)}' has not been run`);
    return reading(record, found);
  });
  if (against === undefined || figure === null) return figure;
  if (other === null || other === 0) return null;
  if (against.as === 'gain')
    return base === null || other === base ? null : (100 * (figure - base)) / (other - base);
  return against.as === 'ratio' ? figure / other : 100 * (figure / other - 1);
}

function reading({ experiment }: EvidenceRecord, measured: Measured): number | null {
  if (experiment.kind === 'page-fault1') {
    return measured.kind === 'page-fault1' ? experiment.read(measured.point) : null;
  }
  if (experiment.kind === 'prediction') {
    if (measured.kind !== 'prediction' || measured.prediction.reason !== null) return null;
    return experiment.read(measured.prediction);
  }
  // A run that went wrong has measured nothing.
  if (measured.kind !== 'run' || measured.report.outcome !== 'pass') return null;
  return experiment.read(measured.report);
}

/** The one number that stands for a published figure: of a range its middle. */
export function publishedValue(p: Published): number {
  return p.kind === 'range' ? (p.low + p.high) / 2 : p.value;
}

/**
 * 100 * (simulated - published) / published, with its sign. null where nothing was measured, of a bound, and where 0 was
 * published.
 */
export function errorPct(p: Published, simulated: number | null): number | null {
  const value = publishedValue(p);
  if (simulated === null || value === 0 || p.kind === 'above' || p.kind === 'below') return null;
  return (100 * (simulated - value)) / value;
}

/** Whether the simulated figure is in the range, or on the right side of the bound; null for all other figures. */
export function holds(p: Published, simulated: number | null): boolean | null {
  if (simulated === null) return null;
  if (p.kind === 'range') return simulated >= p.low && simulated <= p.high;
  if (p.kind === 'above') return simulated > p.value;
  return p.kind === 'below' ? simulated < p.value : null;
}
