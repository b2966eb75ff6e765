import { useEffect, useState } from 'react';
import { encodeLink } from '../../store/experiments/index.ts';

/** A run that a link opens. */
export interface Target {
  readonly scenario: string;
  readonly set: Readonly<Record<string, string>>;
}

/** Links that have been packed once stay what they are. */
const known = new Map<string, string>();

function keyOf({ scenario, set }: Target): string {
  return JSON.stringify([scenario, set]);
}

/** Links to runs, to ask by run; undefined until they are packed, which takes a moment. */
export function useHrefs(targets: readonly Target[]): (target: Target) => string | undefined {
  const [, render] = useState(0);
  useEffect(() => {
    let gone = false;
    const missing = targets.filter((target) => !known.has(keyOf(target)));
    if (missing.length === 0) return;
    void Promise.all(
      missing.map(async (target) => {
        const { scenario, set } = target;
        known.set(keyOf(target), `#${await encodeLink({ scenario, set: { ...set } })}`);
      }),
    ).then(() => {
      if (!gone) render((n) => n + 1);
    });
    return () => {
      gone = true;
    };
  }, [targets]);
  return (target) => known.get(keyOf(target));
}
