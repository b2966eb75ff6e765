import type { AppState } from '../../store/index.ts';

type Expectation = NonNullable<AppState['info']>['expect'];
type Verdict = NonNullable<AppState['progress']>['verdict'];

const OUTCOMES: Readonly<Record<Exclude<Verdict, 'running'>, string>> = {
  pass: 'passes',
  violation: 'breaks an invariant',
  deadlock: 'deadlocks',
  stuck: 'is stuck',
  limit: 'hits a limit',
};

export interface VerdictText {
  readonly text: string;
  readonly expected: boolean;
}

function wanted(expect: Expectation): string {
  if (expect === null) return 'pass';
  return expect.outcome === 'violation' ? `a break of ${expect.invariant}` : expect.outcome;
}

/** How a run came out, beside what its scenario expects; a scenario that says nothing expects to pass. */
export function verdictText(verdict: Verdict, expect: Expectation, violated: readonly string[]): VerdictText {
  if (verdict === 'running') return { text: 'running', expected: true };
  const broken =
    verdict === 'violation' && violated[0] !== undefined ? `breaks ${violated[0]}` : OUTCOMES[verdict];
  const same =
    expect === null
      ? verdict === 'pass'
      : expect.outcome === verdict && (expect.outcome !== 'violation' || violated.includes(expect.invariant));
  return { text: same ? `${broken}, as expected` : `${broken}, expected ${wanted(expect)}`, expected: same };
}
