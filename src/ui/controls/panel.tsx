import { Popover } from '@base-ui/react/popover';
import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect } from 'react';

export interface PanelProps {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly label: string;
  readonly role: 'listbox' | 'dialog';
  readonly align?: 'start' | 'end';
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const OPTIONS = '[role="option"], input, button';

/** Moves the focus among the options of a panel. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  const options = [...event.currentTarget.querySelectorAll<HTMLElement>(OPTIONS)];
  const at = options.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
  if (to === undefined) return;
  options[Math.max(0, Math.min(options.length - 1, to))]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

/**
 * The library's guards before and behind a panel pass the focus on and never keep it. They are marked as hidden and can
 * be focused, which contradicts itself: the mark goes.
 */
function useHonestGuards(): void {
  useLayoutEffect(() => {
    const clear = (): void => {
      for (const guard of document.querySelectorAll('[data-base-ui-focus-guard][aria-hidden]')) {
        guard.removeAttribute('aria-hidden');
      }
    };
    clear();
    // Guards may come with a later render.
    const observer = new MutationObserver(clear);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
}

/** What a popup's button opens. The component library comes with it, after the first paint. */
export default function Panel(props: PanelProps): ReactNode {
  const { anchor, label, role, align = 'start', className, onClose, children } = props;
  useHonestGuards();
  return (
    <Popover.Root
      open
      onOpenChange={(open, { event }) => {
        // A press on the button is the button's own affair.
        if (!open && !anchor.current?.contains(event.target as Node)) onClose();
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
        >
          <Popover.Popup
            className={`panel-float${className === undefined ? '' : ` ${className}`}`}
            role={role}
            aria-label={label}
            finalFocus={false}
            initialFocus={() =>
              document.querySelector<HTMLElement>('.floating [aria-selected="true"]') ?? true
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
