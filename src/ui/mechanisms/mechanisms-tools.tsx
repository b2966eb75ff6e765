import type { ReactNode } from 'react';
import { kindLabel } from '../../store/index.ts';
import { kindCounts, type MechanismRow, type MechanismsView } from '../../store/mechanisms/index.ts';
import { experiments, useExperiments } from '../experiments/use-experiments.ts';
import { counted } from '../text/numbers.ts';
import { changeView } from './use-view.ts';

/** 'Rwsem' of 'Rwsem: mmap_sem, mmap_lock'. */
function shortLabel(kind: MechanismsView['kind'] & string): string {
  return kindLabel(kind).split(':')[0] ?? kind;
}

function Filter({ kind }: Pick<MechanismsView, 'kind'>): ReactNode {
  const all = kindCounts.reduce((sum, { count }) => sum + count, 0);
  const choices = [
    { id: null, label: 'All', count: all },
    ...kindCounts.map(({ kind: id, count }) => ({ id, label: shortLabel(id), count })),
  ];
  return (
    <fieldset className="segments" aria-label="Kind">
      {choices.map(({ id, label, count }) => (
        <button
          key={label}
          type="button"
          className="segment-tab"
          aria-pressed={id === kind}
          onClick={() => changeView({ kind: id })}
        >
          {label} <span className="dim">{count}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** How far the measuring is, and its end. */
function Progress(): ReactNode {
  const asked = useExperiments((e) => e.asked);
  const outcomes = useExperiments((e) => e.outcomes);
  const done = asked.filter((name) => outcomes.has(name)).length;
  return (
    <section className="mechanisms-progress" aria-label="Progress">
      <span role="status">
        {done} of {asked.length} measured
      </span>
      <progress aria-label="Runs done" max={asked.length} value={done} />
      <button type="button" className="button small" onClick={() => experiments().cancel()}>
        Cancel
      </button>
    </section>
  );
}

interface Props {
  readonly view: MechanismsView;
  readonly rows: readonly MechanismRow[];
}

/** What of the table is shown, and the measuring of all that is. */
export function MechanismsTools({ view, rows }: Props): ReactNode {
  const busy = useExperiments((e) => e.busy);
  const { kind, grouped } = view;
  const runs = rows
    .filter(({ mechanism }) => kind === null || mechanism.record.kind === kind)
    .filter(({ measured }) => measured.state === 'missing' || measured.state === 'failed')
    .map(({ mechanism }) => mechanism.run);
  return (
    <div className="mechanisms-tools">
      <Filter kind={kind} />
      <label className="mechanisms-grouped">
        <input
          type="checkbox"
          className="switch"
          checked={grouped}
          onChange={() => changeView({ grouped: !grouped })}
        />
        By kind
      </label>
      <span className="spring" />
      {busy ? (
        <Progress />
      ) : (
        <button
          type="button"
          className="button primary"
          disabled={runs.length === 0}
          onClick={() => experiments().measure(runs)}
        >
          {runs.length === 0 ? 'All measured' : `Measure: ${counted(runs.length, 'run')}`}
        </button>
      )}
    </div>
  );
}
