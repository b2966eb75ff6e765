import { invariants, Simulation } from '../engine/index.ts';
import type { Expectation } from '../language/index.ts';
import type { Resolved } from '../scenario/index.ts';

/**
 * A simulation of a resolved scenario, ready to run.
 * @throws BuildError for absurd sizes.
 */
export function launch(resolved: Resolved): Simulation {
  return new Simulation(resolved.program, resolved.machine, resolved.choices, resolved.lockLabel);
}

/** Names of the invariants that are judged at a grain, and of those that are not. */
export function watchedAt(grain: 'page' | 'table'): { on: string[]; off: string[] } {
  const on = invariants.filter((i) => grain === 'page' || !i.byPage).map((i) => i.name);
  const off = invariants.filter((i) => !on.includes(i.name)).map((i) => i.name);
  return { on, off };
}

/** 'pass', 'violation(no_fresh_zero_page)', … */
export function expectationText(e: Expectation | null): string | null {
  if (e === null) return null;
  return e.outcome === 'violation' ? `violation(${e.invariant})` : e.outcome;
}

/** True when a run came out as its scenario says; a scenario that says nothing expects to pass. */
export function asExpected(e: Expectation | null, outcome: string, violated: readonly string[]): boolean {
  const wanted = e ?? { outcome: 'pass' };
  if (wanted.outcome !== outcome) return false;
  return e === null || e.outcome !== 'violation' || violated.includes(e.invariant);
}
