import type { ReactNode } from 'react';
import type { Edges } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { zoomToSelection } from './gestures.ts';

const EDGES: readonly (readonly [Edges, string])[] = [
  ['none', 'none'],
  ['chain', 'the selected chain'],
  ['all', 'all'],
];

export interface CornerItemsProps {
  readonly close: () => void;
  readonly onSave: () => void;
}

/** What stands in the menu of the time view. */
export function CornerItems({ close, onSave }: CornerItemsProps): ReactNode {
  const edges = useApp((s) => s.edges);
  const past = useApp((s) => s.past.length);
  const zoomed = useApp((s) => s.range !== null);
  const command = (name: string, act: () => void, disabled = false): ReactNode => (
    <button
      type="button"
      role="menuitem"
      className="corner-item"
      disabled={disabled}
      onClick={() => {
        act();
        close();
      }}
    >
      {name}
    </button>
  );

  return (
    <div className="panel-float corner-menu" role="menu" aria-label="Time view">
      <div className="corner-title" id="edges-title">
        Edges from who waits to who holds
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a menu */}
      <div role="group" aria-labelledby="edges-title">
        {EDGES.map(([value, name]) => (
          <button
            key={value}
            type="button"
            role="menuitemradio"
            aria-checked={edges === value}
            className="corner-item"
            onClick={() => {
              app().setEdges(value);
              close();
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <hr />
      {command('Zoom to the selection', zoomToSelection)}
      {command('Previous view', () => app().previousView(), past === 0)}
      {command('Show everything', () => app().setRange(null), !zoomed)}
      <hr />
      {command('Save the picture as SVG', onSave)}
    </div>
  );
}
