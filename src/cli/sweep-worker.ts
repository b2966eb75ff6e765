import { BuildError } from '../engine/index.ts';
import { FORMAT_VERSION, MODEL_VERSION } from '../event/index.ts';
import { isPageFault1, measurePageFault1, type PageFaultPoint } from '../evidence/index.ts';
import { parseNumber } from '../language/index.ts';
import { diagnosticLine, type Resolved, resolve, type Source } from '../scenario/index.ts';
import { asExpected } from '../worker/launch.ts';
import { UsageError } from './args.ts';
import { serve } from './pool-worker.ts';
import { type RunResult, settingsOf } from './result.ts';
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

/** What is said of a point of page_fault1: not the run as a whole, but the round that is as the one before it. */
export interface BatchResult extends PageFaultPoint {
  readonly format: number;
  readonly model: number;
  readonly build: string;
  readonly scenario: string;
  readonly title: string;
  readonly set: Readonly<Record<string, Scalar>>;
  readonly seed: number;
}

/** What came of one point. */
export interface SweepResult {
  /** Values of the swept keys as they were resolved: numbers in ns or bytes, true or false for switches, else text. */
  readonly swept: Readonly<Record<string, Scalar>>;
  readonly run: RunResult | BatchResult;
  /** Whether the outcome is the one that the scenario expects; page_fault1 is left before it has any. */
  readonly expected: boolean;
}

export function isBatchResult(run: RunResult | BatchResult): run is BatchResult {
  return 'zoneSharePct' in run;
}

/** The worker's side: runs every point that comes as a message and sends what came of it. */
export function serveSweep(): void {
  serve(runPoint);
}

/**
 * Runs one point as `run` does; page_fault1 only until it is steady, unless it is told how far. What a sweep adds to a
 * point's result is added here, where the run is at hand.
 * @throws UsageError when it does not resolve or cannot be built.
 */
export async function runPoint({ source, untilNs }: SweepSetup, point: Point): Promise<SweepResult> {
  const resolution = resolve({ ...source, set: point.set });
  if (!resolution.ok) throw new UsageError(resolution.diagnostics.map(diagnosticLine).join('; '));
  const resolved = resolution.value;
  const steady = untilNs === undefined && isPageFault1(resolved);
  const run = steady ? measureBatch(resolved) : await measure(resolved, untilNs);
  const swept: Record<string, Scalar> = {};
  for (const [key, given] of Object.entries(point.swept)) swept[key] = run.set[key] ?? idleKnob(given);
  return { swept, run, expected: isBatchResult(run) || cameOutAsExpected(resolved, run) };
}

function measureBatch(resolved: Resolved): BatchResult {
  const { scenario } = resolved.program;
  try {
    return {
      format: FORMAT_VERSION,
      model: MODEL_VERSION,
      build: __BUILD__,
      scenario: scenario.name,
      title: scenario.title,
      ...measurePageFault1(resolved),
      set: settingsOf(resolved),
      seed: resolved.choices.seed,
    };
  } catch (error) {
    if (error instanceof BuildError) throw new UsageError(`${scenario.name}: ${error.message}`);
    throw error;
  }
}

function cameOutAsExpected({ program }: Resolved, { outcome, violations }: RunResult): boolean {
  return asExpected(
    program.scenario.expect,
    outcome,
    violations.map((v) => v.invariant),
  );
}

/** The value of a knob of a strategy that this point does not use, as the knobs in force are written. */
function idleKnob(given: string): Scalar {
  const n = parseNumber(given);
  return n === 0 ? false : n === 1 ? true : (n ?? given);
}
