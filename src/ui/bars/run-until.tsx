import type { ReactNode } from 'react';
import { icons } from '../controls/icons.tsx';
import { Opener } from '../controls/popup.tsx';
import { keysOf } from '../tips/shortcuts.ts';
import { tip } from '../tips/tip.ts';

/** Opens the conditions, as a click on their button does. */
export function openRunUntil(): void {
  document.querySelector<HTMLButtonElement>('button.until-button')?.click();
}

/** Conditions to which a run can be followed, or gone back. */
export function RunUntil({ disabled }: { readonly disabled: boolean }): ReactNode {
  return (
    <Opener
      label="Run until"
      className="button menu until-button"
      panelClass="until-panel"
      disabled={disabled}
      tips={tip('Run until a condition is met', keysOf('run until a contention, a line, …'))}
      button={
        <>
          Run until
          {icons.chevron}
        </>
      }
    >
      {(close, parts) => <parts.Conditions close={close} />}
    </Opener>
  );
}
