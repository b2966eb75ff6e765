import type { ReactNode } from 'react';
import { icons } from '../controls/icons.tsx';
import { tip } from '../tips/tip.ts';

interface StepProps {
  readonly name: string;
  /** Keys that do the same. */
  readonly keys: readonly string[];
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
      {...tip(name, keys)}
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
  readonly back: readonly string[];
  readonly on: readonly string[];
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
        {...tip(`Previous ${what}`, back)}
        disabled={disabled}
        onClick={() => onGo(-1)}
      >
        {icons.left}
      </button>
      <span className="pair-sign" aria-hidden="true" {...tip(what)}>
        {icon}
      </span>
      <button
        type="button"
        className="button"
        aria-label={`Next ${what}`}
        {...tip(`Next ${what}`, on)}
        disabled={disabled}
        onClick={() => onGo(1)}
      >
        {icons.right}
      </button>
    </span>
  );
}
