import type { ReactNode } from 'react';
import type { Choice } from '../../store/index.ts';
import { icons } from './icons.tsx';
import { Popup } from './popup.tsx';

interface ChoiceMenuProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Id of the choice in force; another one than the listed shows as it is. */
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** A menu of which one entry is in force, each with a line that says more. */
export function ChoiceMenu({ label, choices, chosen, onChoose }: ChoiceMenuProps): ReactNode {
  const title = choices.find(({ id }) => id === chosen)?.title ?? chosen;
  return (
    <Popup label={label} value={title} role="listbox">
      {(close) =>
        choices.map(({ id, title, detail }) => (
          <button
            type="button"
            role="option"
            aria-selected={id === chosen}
            className="option"
            key={id}
            onClick={() => {
              close();
              onChoose(id);
            }}
          >
            <span className="option-mark">{id === chosen && icons.check}</span>
            <span className="option-title">{title}</span>
            <span className="option-detail">{detail}</span>
          </button>
        ))
      }
    </Popup>
  );
}
