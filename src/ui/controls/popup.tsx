import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { icons } from './icons.tsx';

interface PopupProps {
  /** Small word before the value on the button. */
  readonly label: string;
  readonly value: ReactNode;
  readonly icon?: ReactNode;
  readonly role: 'listbox' | 'dialog';
  readonly disabled?: boolean;
  /** The value is short: the others on the bar give way first. */
  readonly firm?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

const OPTIONS = '[role="option"], input, button';

/** Moves the focus among the options of a popup. */
function moveFocus(panel: HTMLElement, key: string): boolean {
  const options = [...panel.querySelectorAll<HTMLElement>(OPTIONS)];
  const at = options.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[key];
  if (to === undefined) return false;
  options[Math.max(0, Math.min(options.length - 1, to))]?.focus();
  return true;
}

/** A button that opens a panel below it; Escape, a click elsewhere and leaving with Tab close it. */
export function Popup(props: PopupProps): ReactNode {
  const { label, value, icon, role, disabled = false, firm = false, children } = props;
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return;
    const list = panel.current;
    (
      list?.querySelector<HTMLElement>('[aria-selected="true"]') ?? list?.querySelector<HTMLElement>(OPTIONS)
    )?.focus();
    const outside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = (): void => {
    // Who came by pointer wants the keys of the page next, not those of the button.
    const byKeyboard = panel.current?.querySelector(':focus-visible') !== null;
    setOpen(false);
    if (byKeyboard) button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && open) close();
    else if (open && panel.current !== null && moveFocus(panel.current, event.key)) event.preventDefault();
    else if (event.key === 'ArrowDown' && !open) setOpen(true);
    else return;
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the events are those of the button and the options inside
    <div
      className={`popup${firm ? ' firm' : ''}`}
      ref={root}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        type="button"
        className="button menu"
        ref={button}
        aria-haspopup={role}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {icon}
        <span className="dim">{label}</span>
        <span className="menu-value">{value}</span>
        {icons.chevron}
      </button>
      {open && (
        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles that it may have take a label
        <div className="panel-float" id={id} role={role} aria-label={label} ref={panel}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
