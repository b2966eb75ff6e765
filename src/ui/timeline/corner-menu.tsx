import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Edges } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { zoomToSelection } from './gestures.ts';

const EDGES: readonly (readonly [Edges, string])[] = [
  ['none', 'none'],
  ['chain', 'the selected chain'],
  ['all', 'all'],
];

interface CornerMenuProps {
  readonly onSave: () => void;
}

/** Commands of the time view: edges, zoom, the picture as a file. */
export function CornerMenu({ onSave }: CornerMenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const edges = useApp((s) => s.edges);
  const past = useApp((s) => s.past.length);
  const zoomed = useApp((s) => s.range !== null);

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const outside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' && open) close();
    else if (open && to !== undefined) items[(to + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
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
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the menu in it, which bubble up to here
    <div
      className="corner"
      ref={root}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget))
          setOpen(false);
      }}
    >
      <button
        type="button"
        className="corner-button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label="Time view"
        title="Edges, zoom, picture"
        onClick={() => setOpen(!open)}
      >
        {icons.chevron}
      </button>
      {open && (
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
      )}
    </div>
  );
}
