import type { ReactNode } from 'react';
import { strategyMenus } from '../../store/strategies.ts';
import { app } from '../app-store.ts';
import { FilterList } from './filter-list.tsx';

/** What the bar offers by itself is left out, and so is a kind of which there is only one. */
const GROUPS = strategyMenus.filter(({ kind, choices }) => kind !== 'munmap' && choices.length > 1);

interface KernelChoicesProps {
  /** Id of the strategy in force of a kind. */
  readonly chosen: (kind: string) => string;
  readonly close: (left?: boolean) => void;
}

/** The strategies of each kind. */
export function KernelChoices({ chosen, close }: KernelChoicesProps): ReactNode {
  return (
    <FilterList
      label="Kernel"
      groups={GROUPS.map(({ kind, label, choices }) => ({
        key: kind,
        label,
        options: choices,
        chosen: chosen(kind),
      }))}
      onChoose={(kind, id, byKeyboard) => {
        close(!byKeyboard);
        if (id !== chosen(kind)) app().pick(kind, id);
      }}
      onTab={() => close()}
    />
  );
}
