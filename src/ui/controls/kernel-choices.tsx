import type { ReactNode } from 'react';
import { strategyMenus } from '../../store/strategies.ts';
import { app } from '../app-store.ts';
import { Option } from './option.tsx';

/** What the bar offers by itself is left out, and so is a kind of which there is only one. */
const GROUPS = strategyMenus.filter(({ kind, choices }) => kind !== 'munmap' && choices.length > 1);

interface KernelChoicesProps {
  /** Id of the strategy in force of a kind. */
  readonly chosen: (kind: string) => string;
  readonly close: () => void;
}

/** The strategies of each kind. */
export function KernelChoices({ chosen, close }: KernelChoicesProps): ReactNode {
  return GROUPS.map(({ kind, label, choices }) => (
    <section key={kind} className="menu-group">
      <h2>{label}</h2>
      <div role="listbox" aria-label={label}>
        {choices.map((choice) => (
          <Option
            key={choice.id}
            choice={choice}
            chosen={choice.id === chosen(kind)}
            onChoose={() => {
              close();
              app().choose(kind, choice.id);
            }}
          />
        ))}
      </div>
    </section>
  ));
}
