import type { ReactNode } from 'react';
import type { Underway } from '../../store/experiments/index.ts';
import { duration, roundDuration } from '../text/time.ts';
import { experiments, useExperiments } from './use-experiments.ts';

/** The name of a run without what all runs of this page begin with: 'batch 31'. */
function shortName(name: string): string {
  return name
    .replace(/^page-fault1 /, '')
    .replace(/ ?\bmachine=\S+/, '')
    .replaceAll('=', ' ');
}

function how({ now, extentNs }: Underway): string {
  return extentNs === null ? 'begins' : `${duration(now)} of at most ${roundDuration(extentNs)}`;
}

/** How far what was asked for is, and its end; nothing while nothing is under way. */
export function Progress(): ReactNode {
  const busy = useExperiments((e) => e.busy);
  const asked = useExperiments((e) => e.asked);
  const outcomes = useExperiments((e) => e.outcomes);
  const underway = useExperiments((e) => e.underway);
  if (!busy) return null;
  const done = asked.filter((name) => outcomes.has(name)).length;
  const parts = [...underway.values()].map(({ now, extentNs }) => (extentNs === null ? 0 : now / extentNs));
  return (
    <section className="experiment-progress" aria-label="Progress">
      <div className="experiment-progress-head">
        <span role="status">
          {done} of {asked.length} done
        </span>
        <button type="button" className="button small" onClick={() => experiments().cancel()}>
          Cancel
        </button>
      </div>
      <progress
        aria-label="Runs done"
        max={asked.length}
        value={done + parts.reduce((sum, part) => sum + part, 0)}
      />
      <ul>
        {[...underway].map(([name, state]) => (
          <li key={name}>
            <span className="experiment-name">{shortName(name)}</span>
            <span className="dim">{how(state)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
