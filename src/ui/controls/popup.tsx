import { type ReactNode, useEffect, useRef, useState } from 'react';
import { icons } from './icons.tsx';
import type { PanelProps } from './panel.tsx';

let Panel: typeof import('./panel.tsx').default | null = null;

async function load(): Promise<void> {
  Panel = (await import('./panel.tsx')).default;
}

/** The panel is fetched when the page has been painted, so that the first click need not wait, ms. */
const FETCH_AFTER_MS = 300;

interface OpenerProps extends Pick<PanelProps, 'label' | 'role' | 'align'> {
  /** Classes of the button. */
  readonly className: string;
  readonly panelClass?: string;
  readonly button: ReactNode;
  readonly disabled?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel below it; Escape, a click elsewhere and leaving with Tab close it. */
export function Opener(props: OpenerProps): ReactNode {
  const { label, role, align, className, panelClass, button, disabled = false, children } = props;
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const [, setReady] = useState(Panel !== null);
  useEffect(() => {
    // No Suspense: it would hold the panel back for a while even when it is there.
    const timer = setTimeout(() => void load().then(() => setReady(true)), open ? 0 : FETCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [open]);
  const close = (): void => {
    // Who came by pointer wants the keys of the page next, not those of the button.
    const byKeyboard = document.querySelector('.floating :focus-visible') !== null;
    setOpen(false);
    if (byKeyboard) anchor.current?.focus();
  };
  return (
    <>
      <button
        type="button"
        className={className}
        ref={anchor}
        aria-haspopup={role}
        aria-expanded={open}
        disabled={disabled}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || open) return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        {button}
      </button>
      {open && Panel !== null && (
        <Panel
          anchor={anchor}
          label={label}
          role={role}
          onClose={close}
          {...(align === undefined ? {} : { align })}
          {...(panelClass === undefined ? {} : { className: panelClass })}
        >
          {children(close)}
        </Panel>
      )}
    </>
  );
}

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

/** An opener as the bar has them: a word, the value in force, an arrow. */
export function Popup(props: PopupProps): ReactNode {
  const { label, value, icon, role, disabled = false, firm = false, children } = props;
  return (
    <div className={`popup${firm ? ' firm' : ''}`}>
      <Opener
        label={label}
        role={role}
        disabled={disabled}
        className="button menu"
        button={
          <>
            {icon}
            <span className="dim">{label}</span>
            <span className="menu-value">{value}</span>
            {icons.chevron}
          </>
        }
      >
        {children}
      </Opener>
    </div>
  );
}
