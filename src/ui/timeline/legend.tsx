import type { ReactNode } from 'react';
import { State } from '../../event/index.ts';
import { Swatch } from '../controls/swatch.tsx';

const STATES = [
  [State.USER, 'user'],
  [State.KERNEL, 'kernel'],
  [State.SPIN, 'spinning'],
  [State.WAIT_READ, 'waits to read'],
  [State.WAIT_WRITE, 'waits to write'],
  [State.RUNNABLE, 'runnable'],
  [State.IDLE, 'idle'],
] as const;

/** What the colours and hatches mean. */
export function Legend(): ReactNode {
  return (
    <ul className="legend" aria-label="Legend">
      {STATES.map(([state, name]) => (
        <li key={state}>
          <Swatch state={state} />
          {name}
        </li>
      ))}
      <li className="legend-gap">
        <span className="swatch solid-hold-write" />
        held to write
      </li>
      <li>
        <span className="swatch solid-hold-read" />
        held to read
      </li>
    </ul>
  );
}
