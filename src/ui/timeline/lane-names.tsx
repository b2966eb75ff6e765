import { type KeyboardEvent, memo, type ReactNode } from 'react';
import { STATE_NAMES, type State, type ThreadMeta } from '../../event/index.ts';
import { app } from '../app-store.ts';
import { Swatch } from '../controls/swatch.tsx';

interface NameProps {
  readonly index: number;
  readonly thread: ThreadMeta;
  readonly height: number;
  readonly selected: boolean;
  /** State at the playhead, -1 where it is not recorded. */
  readonly state: number;
}

const Name = memo(function Name({ index, thread, height, selected, state }: NameProps): ReactNode {
  const cpu = thread.cpu === null ? '' : `cpu ${thread.cpu}`;
  const doing = STATE_NAMES[state as State] ?? 'not recorded';
  return (
    <div
      role="option"
      tabIndex={-1}
      id={`thread-${index}`}
      aria-selected={selected}
      className="lane-name"
      style={{ height }}
      onPointerDown={() => app().select(thread.name)}
    >
      {state >= 0 ? <Swatch state={state} /> : <span className="swatch" />}
      <span className="lane-title">{thread.name}</span>
      <span className="lane-cpu">{cpu}</span>
      <span className="hidden">{doing}</span>
    </div>
  );
});

interface LaneNamesProps {
  readonly threads: readonly ThreadMeta[];
  readonly states: readonly number[];
  readonly pitch: number;
  readonly selected: number;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  event.stopPropagation();
  app().selectNeighbour(event.key === 'ArrowDown' ? 1 : -1);
}

/** The names at the left of the lanes, each with its state at the playhead: the lanes as a list, for every reader. */
export function LaneNames({ threads, states, pitch, selected }: LaneNamesProps): ReactNode {
  return (
    <div
      role="listbox"
      aria-label="Threads"
      tabIndex={0}
      aria-activedescendant={selected >= 0 ? `thread-${selected}` : undefined}
      className="lane-names"
      onKeyDown={onKeyDown}
    >
      {threads.map((thread, i) => (
        <Name
          key={thread.name}
          index={i}
          thread={thread}
          height={pitch}
          selected={i === selected}
          state={states[i] ?? -1}
        />
      ))}
    </div>
  );
}
