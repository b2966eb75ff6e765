import type { Resolved } from '../scenario/index.ts';
import { buildReport, Statistics, TraceStore } from '../trace/index.ts';
import { asExpected } from '../worker/launch.ts';
import type { Arguments } from './args.ts';
import { UsageError } from './args.ts';
import { type RunResult, result } from './result.ts';
import { runToEnd } from './session.ts';
import { resolveOperand } from './source.ts';
import { summary } from './summary.ts';

/** Runs one scenario with its statistics; `keepLog`: the log is kept (bounded) too, as the page keeps it. */
export async function measure(
  resolved: Resolved,
  untilNs: number | undefined,
  keepLog = false,
): Promise<RunResult> {
  let statistics: Statistics | null = null;
  let store: TraceStore | null = null;
  const finished = await runToEnd(resolved, untilNs, (simulation, chunk) => {
    statistics ??= new Statistics(simulation.meta);
    statistics.add(chunk, 0, chunk.count);
    if (!keepLog) return;
    store ??= new TraceStore(simulation.meta);
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
