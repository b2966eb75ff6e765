import type { ReactNode, RefObject } from 'react';
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

export interface SelectMenuProps extends SelectProps {
  /** What happened to the button that stood here before. */
  readonly openAtOnce: boolean;
  readonly focusAtOnce: boolean;
}

/** What a select with a list of either length is told from outside. */
export interface OpenProps extends Pick<SelectMenuProps, 'focusAtOnce'> {
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
}

export function selectClass({ named = false }: SelectProps): string {
  return named ? 'button menu' : 'button menu low';
}

/** Word and value on a button of the bar: on two lines where there is no room for one. */
export function MenuText({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className="menu-text">
      <span className="dim">{label}</span> {children}
    </span>
  );
}

/** What stands on the button of a select. */
export function SelectFace({ label, options, value, named = false }: SelectProps): ReactNode {
  const shown = <span className="menu-value">{options.find(({ id }) => id === value)?.title ?? value}</span>;
  return (
    <>
      {named ? <MenuText label={label}>{shown}</MenuText> : shown}
      {icons.chevron}
    </>
  );
}
