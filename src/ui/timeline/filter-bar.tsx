import type { ReactNode } from 'react';
import type { TraceMeta } from '../../event/index.ts';
import { axisNs, type Range } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import type { Focus } from '../layout/focus.ts';
import { focusedNs, focusedRange } from '../layout/focus-span.ts';
import { filterText } from '../text/filter.ts';
import { duration } from '../text/time.ts';
import { showRange } from './gestures.ts';

export interface FilterBarProps {
  readonly focus: Focus;
  readonly range: Range;
  readonly meta: TraceMeta;
}

/** Which waits stand out in the lanes, how long they are in what is shown, the way to them and back to all others. */
export function FilterBar({ focus, range, meta }: FilterBarProps): ReactNode {
  const pending = useApp((s) => s.waitsPending);
  const axis = useApp(axisNs);
  const ns = focusedNs(focus, range);
  const all = focusedRange(focus, axis);
  const long = pending ? '…' : ns === 0 ? '· none of them is shown' : `· ${duration(ns)} of what is shown`;
  return (
    <div className="filter-bar">
      <span className="filter-chip" role="status">
        <span className="dim">Only waits of</span> <b>{filterText(focus.filter, meta)}</b>{' '}
        <span className="dim">{long}</span>
      </span>
      <button
        type="button"
        className="button small"
        title="Show these waits, from the first to the last"
        disabled={all === null}
        onClick={() => all !== null && showRange(all)}
      >
        Zoom to it
      </button>
      <button
        type="button"
        className="button small"
        title="Show all waits (Esc)"
        onClick={() => app().filterBlame(null)}
      >
        {icons.cross}
        Clear filter
      </button>
    </div>
  );
}
