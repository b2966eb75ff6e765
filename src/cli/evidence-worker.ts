import {
  type Measured,
  measurePageFault1,
  predict,
  type Run,
  type Workload,
  workloadOf,
} from '../evidence/index.ts';
import { UsageError } from './args.ts';
import { serve } from './pool-worker.ts';
import { measure as measureRun } from './run.ts';
import { resolveOperand } from './source.ts';

/** The worker's side of `evidence`: does every run that comes as a message and sends what it measured. */
export function serveEvidence(): void {
  serve((_: null, run: Run) => measure(run));
}

/**
 * Does what a published figure is compared with.
 * @throws UsageError when it does not resolve or cannot be built.
 */
export async function measure(run: Run): Promise<Measured> {
  switch (run.kind) {
    case 'run':
      return { kind: 'run', report: await measureRun(resolveOperand(run.scenario, run.set), undefined) };
    case 'page-fault1':
      return { kind: 'page-fault1', point: measurePageFault1(resolveOperand('page-fault1', run.set)) };
    case 'prediction':
      return {
        kind: 'prediction',
        prediction: predict(resolveOperand(run.scenario, run.set), workload(run.scenario)),
      };
  }
}

function workload(id: string): Workload {
  const found = workloadOf(id);
  if (found === undefined) throw new UsageError(`${id} is no workload`);
  return found;
}
