import type { ReactNode } from 'react';
import type { Choice } from '../../store/index.ts';
import { Option } from './option.tsx';
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
        choices.map((choice) => (
          <Option
            key={choice.id}
            choice={choice}
            chosen={choice.id === chosen}
            onChoose={() => {
              close();
              onChoose(choice.id);
            }}
          />
        ))
      }
    </Popup>
  );
}
