import { availableParallelism } from 'node:os';
import {
  distinctRuns,
  type EvidenceRecord,
  errorPct,
  holds,
  type Measured,
  publishedValue,
  type Run,
  records,
  runName,
  scenarioOf,
  simulatedFigure,
} from '../evidence/index.ts';
import { nearest } from '../language/index.ts';
import { type Arguments, UsageError } from './args.ts';
import { type EvidenceRow, evidenceTable } from './evidence-table.ts';
import { startWorker } from './pool-worker.ts';
import { interruptible } from './session.ts';
import { runPool } from './sweep-pool.ts';
import { ProgressLine, progressText } from './sweep-progress.ts';

/** `evidence [ID]`: runs the experiments of published figures, prints both figures; the exit code. */
export async function evidenceCommand(args: Arguments): Promise<number> {
  const [id, ...rest] = args.operands;
  if (rest.length > 0) throw new UsageError(`evidence: unexpected argument '${rest[0]}'`);
  if (Object.keys(args.set).length > 0 || args.untilNs !== undefined) {
    throw new UsageError('evidence: every experiment has its own settings; to change them: mmscope run');
  }
  const chosen = choose(id);
  const measured = await interruptible((signal) => measureAll(distinctRuns(chosen), args.jobs, signal));
  const rows = chosen.map((record) => rowOf(record, simulatedFigure(record, measured)));
  if (args.json) process.stdout.write(`[\n${rows.map((row) => JSON.stringify(row.json)).join(',\n')}\n]\n`);
  else process.stdout.write(evidenceTable(rows));
  return 0;
}

/**
 * The records whose id is `id` or begins with it and a dot; all without one.
 * @throws UsageError naming the nearest id, or beginning of an id.
 */
function choose(id: string | undefined): readonly EvidenceRecord[] {
  if (id === undefined) return records;
  const chosen = records.filter((r) => r.id === id || r.id.startsWith(`${id}.`));
  if (chosen.length > 0) return chosen;
  const names = records.flatMap((r) => {
    const words = r.id.split('.');
    return words.map((_, i) => words.slice(0, i + 1).join('.'));
  });
  const known = nearest(id, new Set(names)) ?? names[0];
  throw new UsageError(`evidence: there is no figure '${id}'; nearest: ${known}`);
}

/** Does every run on the machine's cores; what was measured, by name of the run. */
async function measureAll(
  runs: readonly Run[],
  jobs: number | undefined,
  signal: AbortSignal,
): Promise<Map<string, Measured>> {
  const progress = new ProgressLine();
  try {
    const results = await runPool<Run, Measured>({
      tasks: runs,
      jobs: jobs ?? availableParallelism(),
      start: () => startWorker('evidence', null),
      name: runName,
      progress: (done, running) => progress.show(progressText(done, runs.length, running)),
      signal,
    });
    return new Map(runs.map((run, i) => [runName(run), results[i] as Measured]));
  } finally {
    progress.clear();
  }
}

/** What `evidence --json` prints of a record, with the record itself. */
function rowOf(record: EvidenceRecord, simulated: number | null): EvidenceRow {
  const { source, metric, published, experiment } = record;
  const { set, how, against } = experiment;
  const scenario = scenarioOf(experiment);
  const json = {
    id: record.id,
    source: `${source.text}; facts ${source.sheet} ${source.section} [${source.mark}]`,
    machine: record.machine,
    metric: `${metric.name}, ${metric.unit}`,
    published: publishedValue(published),
    simulated,
    errorPct: errorPct(published, simulated),
    holds: holds(published, simulated),
    calibrated: record.calibrated,
    taken: published.kind,
    ...(published.kind === 'range' ? { range: [published.low, published.high] } : {}),
    title: record.title,
    measuredOn: record.measuredOn,
    workload: record.workload,
    experiment: { scenario, set, read: how, ...(against === undefined ? {} : { against }) },
    leavesOut: record.leavesOut,
    note: record.note,
    commentary: record.commentary ?? [],
  };
  return { record, json };
}
