import type { Ns } from '../../event/index.ts';
import type { PhaseTime } from '../../trace/index.ts';

/** Phases that are listed, the longest first. */
const MOST_PHASES = 4;

/** One phase of a system call in all. */
export interface PhaseSum {
  readonly phase: number;
  readonly ns: Ns;
  /** How the process-wide lock was held for the longest part of it, and whether it was so throughout. */
  readonly mode: PhaseTime['mode'];
  readonly only: boolean;
}

/**
 * Phases with the time of all modes together. The lock is taken, downgraded and released some time before or after the
 * code names its next phase: what such a rest would say on its own, 'detach (read)', is no part of what a phase does.
 */
export function phaseSums(times: readonly PhaseTime[]): PhaseSum[] {
  const sums: PhaseSum[] = [...new Set(times.map(({ phase }) => phase))].map((phase) => {
    const parts = times.filter((time) => time.phase === phase);
    const longest = parts.reduce((a, b) => (b.ns > a.ns ? b : a));
    const ns = parts.reduce((sum, part) => sum + part.ns, 0);
    return { phase, ns, mode: longest.mode, only: parts.length === 1 };
  });
  return sums.sort((a, b) => b.ns - a.ns).slice(0, MOST_PHASES);
}

/** ' (read)', ' (mostly write)', ' (mostly without the lock)'; nothing where the lock has no say. */
export function held(mode: PhaseTime['mode'], only: boolean): string {
  if (mode === null) return '';
  return ` (${only ? '' : 'mostly '}${mode === 'none' ? 'without the lock' : mode})`;
}
