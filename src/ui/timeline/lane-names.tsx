import { type KeyboardEvent, memo, type ReactNode } from 'react';
import { STATE_NAMES, type State, type ThreadMeta } from '../../event/index.ts';
import type { ThreadGroup } from '../../store/index.ts';
import { app } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { Swatch } from '../controls/swatch.tsx';
import { type Focus, partOf } from '../layout/focus.ts';
import type { LaneRow, LaneRows } from '../layout/rows.ts';

interface NameProps {
  readonly index: number;
  readonly thread: ThreadMeta;
  readonly top: number;
  readonly height: number;
  readonly selected: boolean;
  /** State at the playhead, -1 where it is not recorded. */
  readonly state: number;
  /** It takes no part in the waits that are filtered. */
  readonly aside: boolean;
}

const Name = memo(function Name({
  index,
  thread,
  top,
  height,
  selected,
  state,
  aside,
}: NameProps): ReactNode {
  const cpu = thread.cpu === null ? '' : `cpu ${thread.cpu}`;
  const doing = STATE_NAMES[state as State] ?? 'not recorded';
  return (
    <div
      role="option"
      tabIndex={-1}
      id={`thread-${index}`}
      aria-selected={selected}
      className={aside ? 'lane-name aside' : 'lane-name'}
      style={{ top, height, fontSize: Math.min(11.5, Math.max(10, height - 1)) }}
      onPointerDown={() => app().select(thread.name)}
    >
      {state >= 0 ? <Swatch state={state} /> : <span className="swatch" />}
      <span className="lane-title">{thread.name}</span>
      <span className="lane-cpu">{cpu}</span>
      <span className="hidden">{doing}</span>
    </div>
  );
});

interface HeaderProps {
  readonly row: LaneRow;
  readonly group: ThreadGroup;
  /** The selected thread is in the folded group. */
  readonly selected: boolean;
}

/** Names a group of threads, and folds or opens it. */
function Header({ row, group, selected }: HeaderProps): ReactNode {
  const folded = row.kind === 'folded';
  return (
    <button
      type="button"
      className={`group-name${folded ? ' folded' : ''}${selected ? ' chosen' : ''}`}
      style={{ top: row.top, height: row.height }}
      aria-expanded={!folded}
      onClick={() => app().setFold(group.key, !folded)}
    >
      {icons.chevron}
      <span className="group-title">{group.name}</span>
      <span className="group-count">
        {group.threads.length} <span className={folded ? '' : 'hidden'}>threads</span>
      </span>
    </button>
  );
}

interface LaneNamesProps {
  readonly threads: readonly ThreadMeta[];
  readonly groups: readonly ThreadGroup[];
  readonly lanes: LaneRows;
  readonly states: readonly number[];
  readonly selected: number;
  readonly focus: Focus | null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  event.stopPropagation();
  app().selectNeighbour(event.key === 'ArrowDown' ? 1 : -1);
}

/**
 * The names at the left of the lanes, each with its state at the playhead: the lanes as a list, for every reader. The
 * lines that fold groups are buttons beside the list.
 */
export const LaneNames = memo(function LaneNames({
  threads,
  groups,
  lanes,
  states,
  selected,
  focus,
}: LaneNamesProps): ReactNode {
  const shown = lanes.rows.some(({ thread }) => thread === selected) && selected >= 0;
  const named = lanes.rows.some(({ kind }) => kind === 'header');
  return (
    <>
      {lanes.rows.map((row) => {
        const group = groups[row.group];
        if (row.kind === 'thread' || group === undefined) return null;
        const chosen = row.kind === 'folded' && group.threads.includes(selected);
        return <Header key={group.key} row={row} group={group} selected={chosen} />;
      })}
      <div
        role="listbox"
        aria-label="Threads"
        tabIndex={0}
        aria-activedescendant={shown ? `thread-${selected}` : undefined}
        className="lane-names"
        style={{ height: lanes.total }}
        onKeyDown={onKeyDown}
      >
        {groups.map((group, g) => {
          const rows = lanes.rows.filter((row) => row.kind === 'thread' && row.group === g);
          const names = rows.map(({ thread: i, top, height }) => {
            const thread = threads[i];
            return thread === undefined ? null : (
              <Name
                key={thread.name}
                index={i}
                thread={thread}
                top={top}
                height={height}
                selected={i === selected}
                state={states[i] ?? -1}
                aside={focus !== null && partOf(focus, i) === 'none'}
              />
            );
          });
          if (names.length === 0) return null;
          return named ? (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a list
            <div key={group.key} role="group" aria-label={group.name}>
              {names}
            </div>
          ) : (
            names
          );
        })}
      </div>
    </>
  );
});
