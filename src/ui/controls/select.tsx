import { type ReactNode, useRef, useState } from 'react';
import { useParts } from '../late.ts';
import type { TipProps } from '../tips/tip.ts';
import { icons } from './icons.tsx';

export interface SelectOption {
  readonly id: string;
  readonly title: string;
  /** A line that says more. */
  readonly detail?: string;
}

export interface SelectProps {
  readonly label: string;
  readonly options: readonly SelectOption[];
  /** Id of the option in force; one that is not listed shows as it is. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** With its label on the button, as the bar has them; the others are lower and labelled from outside. */
  readonly named?: boolean;
  readonly disabled?: boolean;
  readonly tips?: TipProps;
}

export function selectClass({ named = false }: SelectProps): string {
  return named ? 'button menu' : 'button menu low';
}

/** What stands on the button of a select. */
export function SelectFace({ label, options, value, named = false }: SelectProps): ReactNode {
  return (
    <>
      {named && <span className="dim">{label}</span>}
      <span className="menu-value">{options.find(({ id }) => id === value)?.title ?? value}</span>
      {icons.chevron}
    </>
  );
}

/** A list of which one is chosen. Until the library is there, a button that looks the same stands in its place. */
export function Select(props: SelectProps): ReactNode {
  const { label, disabled = false, named = false, tips } = props;
  const [pressed, setPressed] = useState(false);
  const focused = useRef(false);
  const parts = useParts(pressed);
  return (
    <span className={named ? 'popup' : 'popup low'}>
      {parts === null ? (
        <button
          type="button"
          role="combobox"
          className={selectClass(props)}
          aria-label={label}
          aria-haspopup="listbox"
          aria-expanded={false}
          disabled={disabled}
          {...tips}
          onFocus={() => {
            focused.current = true;
          }}
          onBlur={() => {
            focused.current = false;
          }}
          onClick={() => setPressed(true)}
        >
          <SelectFace {...props} />
        </button>
      ) : (
        <parts.SelectMenu {...props} openAtOnce={pressed} focusAtOnce={focused.current} />
      )}
    </span>
  );
}
