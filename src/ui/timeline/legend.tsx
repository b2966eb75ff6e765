import { type ReactNode, useMemo } from 'react';
import { State } from '../../event/index.ts';
import { MarkKind, type Occurring } from '../../trace/index.ts';
import { useApp } from '../app-store.ts';
import { Swatch } from '../controls/swatch.tsx';
import { OFF_LOOK } from '../paint/palette.ts';

const STATES = [
  [State.USER, 'user'],
  [State.KERNEL, 'kernel'],
  [State.SPIN, 'spinning'],
  [State.WAIT_READ, 'waits to read'],
  [State.WAIT_WRITE, 'waits to write'],
  [State.RUNNABLE, 'runnable'],
  [State.IDLE, 'idle'],
] as const;

/** A wedge as the lock lanes have it. */
function Wedge({ points }: { readonly points: string }): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 8 6" aria-hidden="true">
      <polygon points={points} />
    </svg>
  );
}

/** What stands for a lock's owners, queue and marks; only what there is. */
function lockEntries(seen: Occurring): [string, ReactNode][] {
  const all: [boolean, string, ReactNode][] = [
    [seen.writes, 'held to write', <span key="w" className="swatch solid-hold-write" />],
    [seen.off, 'owner not running', <Swatch key="o" {...OFF_LOOK} />],
    [seen.reads, 'held to read', <span key="r" className="swatch solid-hold-read" />],
    [seen.sleeps, 'queued, not spinning', <span key="q" className="swatch asleep" />],
    [seen.marks[MarkKind.STEAL] === true, 'stolen', <Wedge key="s" points="0,0 8,0 4.5,6 3.5,6" />],
    [seen.marks[MarkKind.HANDOVER] === true, 'handed over', <Wedge key="h" points="0,6 8,6 4.5,0 3.5,0" />],
    [seen.marks[MarkKind.DEMAND] === true, 'demanded', <span key="d" className="mark demand" />],
  ];
  return all.flatMap(([there, name, sign]) => (there ? [[name, sign]] : []));
}

/** What colours, hatches and marks mean, as far as the run has them. */
export function Legend(): ReactNode {
  const pyramid = useApp((s) => s.pyramid);
  const revision = useApp((s) => s.revision);
  const seen = useMemo(() => {
    // The pyramid is one object that grows: its revision says that there is more in it.
    void revision;
    return pyramid?.occurring() ?? null;
  }, [pyramid, revision]);
  return (
    <div className="legend">
      <ul aria-label="Legend: threads">
        {STATES.filter(([state]) => seen?.states[state]).map(([state, name]) => (
          <li key={state}>
            <Swatch state={state} />
            {name}
          </li>
        ))}
      </ul>
      <ul aria-label="Legend: locks">
        {(seen === null ? [] : lockEntries(seen)).map(([name, sign]) => (
          <li key={name}>
            {sign}
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
