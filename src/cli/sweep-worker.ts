import { parseNumber } from '../language/index.ts';
import { diagnosticLine, resolve, type Source } from '../scenario/index.ts';
import { asExpected } from '../worker/launch.ts';
import { UsageError } from './args.ts';
import { serve } from './pool-worker.ts';
import type { RunResult } from './result.ts';
import { measure } from './run.ts';
import type { Point } from './sweep-points.ts';

/** What is the same for all points of a sweep. */
export interface SweepSetup {
  /** The scenario, its text included: a document that is edited meanwhile does not change under the sweep. */
  readonly source: Omit<Source, 'set'>;
  /** ns; undefined: to the end. */
  readonly untilNs: number | undefined;
}

export type Scalar = string | number | boolean;

/** What came of one point. */
export interface SweepResult {
  /** Values of the swept keys as they were resolved: numbers in ns or bytes, true or false for switches, else text. */
  readonly swept: Readonly<Record<string, Scalar>>;
  readonly run: RunResult;
  /** Whether the outcome is the one that the scenario expects. */
  readonly expected: boolean;
}

/** The worker's side: runs every point that comes as a message and sends what came of it. */
export function serveSweep(): void {
  serve(runPoint);
}

/**
 * Runs one point as `run` does. What a sweep adds to a point's result is added here, where the run is at hand.
 * @throws UsageError when it does not resolve or cannot be built.
 */
export async function runPoint(setup: SweepSetup, point: Point): Promise<SweepResult> {
  const resolution = resolve({ ...setup.source, set: point.set });
  if (!resolution.ok) throw new UsageError(resolution.diagnostics.map(diagnosticLine).join('; '));
  const run = await measure(resolution.value, setup.untilNs);
  const swept: Record<string, Scalar> = {};
  for (const [key, given] of Object.entries(point.swept)) swept[key] = run.set[key] ?? idleKnob(given);
  const violated = run.violations.map((v) => v.invariant);
  const expected = asExpected(resolution.value.program.scenario.expect, run.outcome, violated);
  return { swept, run, expected };
}

/** The value of a knob of a strategy that this point does not use, as the knobs in force are written. */
function idleKnob(given: string): Scalar {
  const n = parseNumber(given);
  return n === 0 ? false : n === 1 ? true : (n ?? given);
}
