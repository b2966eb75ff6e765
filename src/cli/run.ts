import { FORMAT_VERSION, MODEL_VERSION } from '../event/index.ts';
import type { Resolved } from '../scenario/index.ts';
import { buildReport, type LogReport, Statistics, TraceStore } from '../trace/index.ts';
import { asExpected, expectationText, watchedAt } from '../worker/launch.ts';
import type { Arguments } from './args.ts';
import { UsageError } from './args.ts';
import { type Finished, runToEnd } from './session.ts';
import { resolveOperand } from './source.ts';
import { summary } from './summary.ts';

/** What `run --json` prints. */
export function result(resolved: Resolved, finished: Finished, log: LogReport) {
  const { simulation: sim, wallMs, hash } = finished;
  const { scenario } = resolved.program;
  const verdict = sim.verdict();
  const violations = sim.violations();
  const cycle = sim.deadlock();
  const watched = watchedAt(resolved.choices.grain);
  const set: Record<string, string | number | boolean> = { ...resolved.choices };
  for (const n of scenario.numbers) set[n.name] = n.value;
  for (const k of scenario.knobs) set[k.name] = k.value === 0 ? false : k.value === 1 ? true : k.value;
  return {
    format: FORMAT_VERSION,
    model: MODEL_VERSION,
    build: __BUILD__,
    scenario: scenario.name,
    title: scenario.title,
    machine: resolved.machine.id,
    set,
    custom: resolved.program.custom,
    hypothetical: resolved.hypothetical,
    seed: resolved.choices.seed,
    expect: expectationText(scenario.expect),
    // A run that --until cut short has not come to its end.
    outcome: verdict === 'running' ? 'limit' : verdict,
    reason:
      verdict === 'running' ? { message: 'stopped by --until', thread: null, line: null } : sim.stopReason(),
    simulatedNs: sim.now,
    events: sim.events,
    wallMs: Math.round(wallMs * 10) / 10,
    eventsPerSec: Math.round(sim.events / (wallMs / 1000)),
    hash,
    invariants: watched,
    ...log,
    violations: violations.map(({ invariant, atNs, thread, line, message, event, causes }) => ({
      invariant,
      atNs,
      thread,
      line,
      message,
      event,
      causes,
    })),
    violationCount: sim.violationCount(),
    deadlock: cycle === null ? null : { cycle },
  };
}

export type RunResult = ReturnType<typeof result>;

/** Runs one scenario with its statistics; the log is kept (bounded) as the page keeps it. */
export async function measure(resolved: Resolved, untilNs: number | undefined): Promise<RunResult> {
  let statistics: Statistics | null = null;
  let store: TraceStore | null = null;
  const finished = await runToEnd(resolved, untilNs, (simulation, chunk) => {
    statistics ??= new Statistics(simulation.meta);
    store ??= new TraceStore(simulation.meta);
    statistics.add(chunk, 0, chunk.count);
    store.add(chunk);
  });
  const sim = finished.simulation;
  const stats = statistics ?? new Statistics(sim.meta);
  stats.finish(sim.now);
  const mms = (sim.moment().mms ?? []).map((m) => ({
    id: m.name,
    rssPages: m.rssPages,
    presentPages: m.presentPages,
  }));
  return result(resolved, finished, buildReport(stats, mms));
}

/** `run SCENARIO`: prints the result; the exit code. */
export async function runCommand(args: Arguments): Promise<number> {
  const [operand, ...rest] = args.operands;
  if (operand === undefined) throw new UsageError('run: which scenario? (mmscope list shows them)');
  if (rest.length > 0) throw new UsageError(`run: unexpected argument '${rest[0]}'`);
  const resolved = resolveOperand(operand, args.set);
  const r = await measure(resolved, args.untilNs);
  process.stdout.write(args.json ? `${JSON.stringify(r)}\n` : summary(r));
  const violated = r.violations.map((v) => v.invariant);
  return args.check && !asExpected(resolved.program.scenario.expect, r.outcome, violated) ? 1 : 0;
}
