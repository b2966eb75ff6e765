import { BuildError } from '../engine/index.ts';
import { chunkEnd, type Ns, newChunk } from '../event/index.ts';
import {
  type Measured,
  PageFaultRun,
  PredictionRun,
  type Run,
  type RunReport,
  scenarioOf,
  workloadOf,
} from '../evidence/index.ts';
import { diagnosticLine, type Resolved, resolve } from '../scenario/index.ts';
import { buildReport, Statistics } from '../trace/index.ts';
import { launch } from './launch.ts';

/** Steps of a run between two words about how far it is. */
const SLICE_STEPS = 200_000;

/** What was asked for is no experiment; the message says why. */
export class Refused extends Error {}

/** Hears now and then how far a run is. */
export type Tell = (now: Ns, extentNs: Ns) => void;

/**
 * Does a run in one go and reads its figures.
 * @throws Refused when it does not resolve or cannot be built.
 */
export function measure(run: Run, tell: Tell): Measured {
  const resolution = resolve({ scenario: scenarioOf(run), set: run.set });
  if (!resolution.ok) throw new Refused(resolution.diagnostics.map(diagnosticLine).join('; '));
  try {
    switch (run.kind) {
      case 'run':
        return wholeRun(resolution.value, tell);
      case 'page-fault1':
        return steadyRounds(resolution.value, tell);
      case 'prediction':
        return steadyRate(run.scenario, resolution.value, tell);
    }
  } catch (error) {
    if (error instanceof BuildError) throw new Refused(error.message);
    throw error;
  }
}

function steadyRounds(resolved: Resolved, tell: Tell): Measured {
  const run = new PageFaultRun(resolved);
  while (run.step()) tell(run.now, run.extentNs);
  return { kind: 'page-fault1', point: run.point() };
}

function steadyRate(id: string, resolved: Resolved, tell: Tell): Measured {
  const workload = workloadOf(id);
  if (workload === undefined) throw new Refused(`${id} is no workload`);
  const run = new PredictionRun(resolved, workload);
  while (run.step()) tell(run.now, run.untilNs);
  return { kind: 'prediction', prediction: run.result() };
}

function wholeRun(resolved: Resolved, tell: Tell): Measured {
  const sim = launch(resolved);
  const statistics = new Statistics(sim.meta);
  sim.sink = (full) => {
    statistics.add(full, 0, full.count);
    return newChunk(chunkEnd(full));
  };
  while (sim.run({ steps: SLICE_STEPS })) tell(sim.now, sim.meta.extentNs);
  statistics.add(sim.tail, 0, sim.tail.count);
  statistics.finish(sim.now);
  const { locks, faults, syscalls, phases, threads, counters } = buildReport(statistics, []);
  const [outcome, simulatedNs] = [sim.verdict(), sim.now];
  const report: RunReport = { outcome, simulatedNs, locks, faults, syscalls, phases, threads, counters };
  return { kind: 'run', report };
}
