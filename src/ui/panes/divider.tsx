import type { ReactNode } from 'react';
import { Separator } from 'react-resizable-panels';

interface DividerProps {
  /** What moves when it is drawn: 'Width of the code'. */
  readonly label: string;
  readonly disabled?: boolean;
  readonly onReset: () => void;
}

/** A line between two panes: drawn by pointer, moved by arrow keys, put back by a double click. */
export function Divider({ label, disabled = false, onReset }: DividerProps): ReactNode {
  return (
    <Separator
      className="divider"
      aria-label={label}
      disabled={disabled}
      disableDoubleClick
      onDoubleClick={disabled ? undefined : onReset}
    />
  );
}
