import { BuildError } from '../engine/index.ts';
import { FORMAT_VERSION, MODEL_VERSION } from '../event/index.ts';
import { type Prediction, PredictionRun, type Workload, workloadOf, workloads } from '../evidence/index.ts';
import { nearest } from '../language/index.ts';
import type { Resolved } from '../scenario/index.ts';
import { type Arguments, UsageError } from './args.ts';
import { settingsOf } from './result.ts';
import { Interrupted, interruptible } from './session.ts';
import { resolveOperand } from './source.ts';
import { spell } from './summary.ts';

const MOST_THREADS = 512;

/** What `predict --json` prints. */
export function document(resolved: Resolved, { id, unit }: Workload, prediction: Prediction) {
  const { threads, ...measured } = prediction;
  return {
    format: FORMAT_VERSION,
    model: MODEL_VERSION,
    build: __BUILD__,
    workload: id,
    unit,
    machine: resolved.machine.id,
    threads,
    set: settingsOf(resolved),
    custom: resolved.program.custom,
    hypothetical: resolved.hypothetical,
    seed: resolved.choices.seed,
    ...measured,
  };
}

type PredictionDocument = ReturnType<typeof document>;

/** The workload of an operand; says which there is otherwise. */
function named(operand: string): Workload {
  const workload = workloadOf(operand);
  if (workload !== undefined) return workload;
  const ids = workloads.map(({ id }) => id);
  const known = nearest(operand, ids);
  throw new UsageError(
    `predict: there is no workload '${operand}'; ${known === undefined ? `there are ${ids.join(', ')}` : `nearest: ${known}`}`,
  );
}

/** The scenario's own message about a number of threads would speak of what is derived from it. */
function checkThreads(given: string | undefined): void {
  if (given === undefined) return;
  const n = Number(given);
  if (!/^\d+$/.test(given) || n < 1 || n > MOST_THREADS)
    throw new UsageError(`--set threads=${given}: expected a whole number from 1 to ${MOST_THREADS}`);
}

function begin(resolved: Resolved, workload: Workload, untilNs: number | undefined): PredictionRun {
  try {
    return new PredictionRun(resolved, workload, untilNs);
  } catch (error) {
    if (error instanceof BuildError) throw new UsageError(`${workload.id}: ${error.message}`);
    throw error;
  }
}

/** `predict WORKLOAD`: prints what it does per second and where the time goes; the exit code. */
export async function predictCommand(args: Arguments): Promise<number> {
  const [operand, ...rest] = args.operands;
  if (operand === undefined) {
    throw new UsageError(`predict: which workload? There are ${workloads.map(({ id }) => id).join(', ')}`);
  }
  if (rest.length > 0) throw new UsageError(`predict: unexpected argument '${rest[0]}'`);
  const workload = named(operand);
  checkThreads(args.set['threads']);
  const resolved = resolveOperand(workload.id, args.set);
  const prediction = await interruptible(async (signal) => {
    const run = begin(resolved, workload, args.untilNs);
    while (run.step()) {
      await new Promise((done) => setImmediate(done));
      if (signal.aborted) throw new Interrupted();
    }
    return run.result();
  });
  const r = document(resolved, workload, prediction);
  process.stdout.write(args.json ? `${JSON.stringify(r)}\n` : table(r));
  return 0;
}

const perSecond = (n: number): string => n.toLocaleString('en-US', { maximumSignificantDigits: 6 });
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What `predict` prints without --json. */
function table(r: PredictionDocument): string {
  const { set, shares, latency, window } = r;
  const row = (name: string, text: string): string => `  ${name.padEnd(14)} ${text}\n`;
  let text = `${r.workload}: ${r.threads} threads on ${r.machine}\n`;
  text += row(
    'choices',
    `munmap ${set['munmap']}, fault ${set['fault']}, lock ${set['mmapLock']}, allocator ${set['alloc']}, seed ${r.seed}`,
  );
  for (const pair of r.hypothetical) text += row('hypothetical', pair);
  text += row('rate', `${perSecond(r.opsPerSec)} a second; one is: ${r.unit}`);
  text += row('per thread', `${perSecond(r.perThread)} a second`);
  text += row(
    'measured',
    `${window.operations} in ${spell(window.toNs - window.fromNs)}, from ${spell(window.fromNs)} on${
      r.warmupNs === null ? '; it never was steady: the last half' : ''
    }`,
  );
  if (window.failed > 0) text += row('failed', `${window.failed} faults and system calls`);
  if (r.reason !== null)
    text += row('stopped', `${r.reason.thread ?? ''} ${r.reason.line ?? ''} ${r.reason.message}`);
  text += row(
    'latency',
    `p50 ${spell(latency.p50Ns)}, p99 ${spell(latency.p99Ns)}, longest ${spell(latency.maxNs)}`,
  );
  for (const [name, share] of Object.entries(shares)) text += row(name, percent(share));
  for (const [name, n] of Object.entries({ ...r.aborts, ...r.counters })) text += row(name, `${n} times`);
  text += row('hash', r.hash);
  return text;
}
