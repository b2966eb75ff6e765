import { Popover } from '@base-ui/react/popover';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useHonestGuards } from './honest-guards.ts';

export interface PanelProps {
  readonly id?: string;
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly label: string;
  readonly align?: 'start' | 'end';
  readonly className?: string;
  /** `left`: the focus has gone elsewhere, by pointer or Tab. */
  readonly onClose: (left: boolean) => void;
  readonly children: ReactNode;
}

const OPTIONS = '[role="option"], input, button';

/** Moves the focus among the options of a panel. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as HTMLElement;
  // What opens from the panel bubbles up to it, and these have uses of their own for the keys.
  if (!event.currentTarget.contains(target) || target.matches('[role="combobox"], [type="range"]')) return;
  const options = [...event.currentTarget.querySelectorAll<HTMLElement>(OPTIONS)];
  const at = options.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
  if (to === undefined) return;
  options[Math.max(0, Math.min(options.length - 1, to))]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

/** What a popup's button opens. */
export function Panel(props: PanelProps): ReactNode {
  const { id, anchor, label, align = 'start', className, onClose, children } = props;
  useHonestGuards();
  return (
    <Popover.Root
      open
      onOpenChange={(open, { event, reason }) => {
        // A press on the button is the button's own affair.
        if (!open && !anchor.current?.contains(event.target as Node)) onClose(reason !== 'escape-key');
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          className="floating"
          anchor={anchor}
          side="bottom"
          align={align}
          sideOffset={6}
          collisionPadding={8}
          // What is too high for the window scrolls.
          collisionAvoidance={{ fallbackAxisSide: 'none' }}
        >
          <Popover.Popup
            className={`panel-float${className === undefined ? '' : ` ${className}`}`}
            id={id}
            aria-label={label}
            finalFocus={false}
            initialFocus={() =>
              // Lists that were closed stay in the page, with what is chosen in them.
              document.querySelector<HTMLElement>(
                '.panel-float[data-open] :is(.filter-list-field input, [aria-selected="true"])',
              ) ?? true
            }
            onKeyDown={onKeyDown}
          >
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
