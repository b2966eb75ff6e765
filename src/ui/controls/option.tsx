import type { ReactNode } from 'react';
import type { Choice } from '../../store/index.ts';
import { icons } from './icons.tsx';

interface OptionProps {
  readonly choice: Choice;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

/** An entry of a menu, with a line that says more. */
export function Option({ choice, chosen, onChoose }: OptionProps): ReactNode {
  return (
    <button type="button" role="option" aria-selected={chosen} className="option" onClick={onChoose}>
      <span className="option-mark">{chosen && icons.check}</span>
      <span className="option-title">{choice.title}</span>
      <span className="option-detail">{choice.detail}</span>
    </button>
  );
}
