import type { ReactNode } from 'react';
import type { LineHold } from '../../store/index.ts';

const MODES = [
  ['write', 'written'],
  ['read', 'read'],
  ['either', 'either'],
  ['none', 'free'],
] as const;

/** What the margin of the code means, as far as the shown text has it. */
export function Key({ holds }: { readonly holds: ReadonlyMap<number, LineHold> }): ReactNode {
  const all = [...holds.values()];
  return (
    <ul className="code-key" aria-label="Legend: locks held in the code">
      {MODES.filter(([mode]) => all.some((hold) => hold.mode === mode)).map(([mode, name]) => (
        <li key={mode}>
          <span className={`margin held-${mode} spin-none`} />
          {name}
        </li>
      ))}
      {all.some(({ spin }) => spin !== 'none') && (
        <li>
          <span className="margin held-none spin-held" />
          spinlock
        </li>
      )}
    </ul>
  );
}
