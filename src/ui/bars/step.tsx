import type { ReactNode } from 'react';
import { icons } from '../controls/icons.tsx';

interface StepProps {
  readonly name: string;
  readonly keys: string;
  readonly icon: ReactNode;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

/** A button that moves the playhead. */
export function Step({ name, keys, icon, disabled, onClick }: StepProps): ReactNode {
  return (
    <button
      type="button"
      className="button square"
      aria-label={name}
      title={`${name} (${keys})`}
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}

interface PairProps {
  /** 'contention', 'violation': what both buttons go to. */
  readonly what: string;
  /** Keys that do the same. */
  readonly back: string;
  readonly on: string;
  readonly icon: ReactNode;
  readonly disabled: boolean;
  readonly onGo: (by: 1 | -1) => void;
}

/** Two buttons joined by the sign of what they go to: the previous and the next. */
export function Pair({ what, back, on, icon, disabled, onGo }: PairProps): ReactNode {
  return (
    <span className="pair">
      <button
        type="button"
        className="button"
        aria-label={`Previous ${what}`}
        title={`Previous ${what} (${back})`}
        disabled={disabled}
        onClick={() => onGo(-1)}
      >
        {icons.left}
      </button>
      <span className="pair-sign" title={what} aria-hidden="true">
        {icon}
      </span>
      <button
        type="button"
        className="button"
        aria-label={`Next ${what}`}
        title={`Next ${what} (${on})`}
        disabled={disabled}
        onClick={() => onGo(1)}
      >
        {icons.right}
      </button>
    </span>
  );
}
