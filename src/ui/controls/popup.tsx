import { type ReactNode, useRef, useState } from 'react';
import { type Parts, useParts } from '../late.ts';
import type { TipProps } from '../tips/tip.ts';
import { icons } from './icons.tsx';
import type { PanelProps } from './panel.tsx';
import { MenuText } from './select-face.tsx';

interface OpenerProps extends Pick<PanelProps, 'label' | 'align'> {
  /** Classes of the button. */
  readonly className: string;
  readonly panelClass?: string;
  readonly button: ReactNode;
  readonly tips?: TipProps;
  readonly disabled?: boolean;
  readonly children: (close: (left?: boolean) => void, parts: Parts) => ReactNode;
}

/** A button that opens a panel below it; Escape, a click elsewhere and leaving with Tab close it. */
export function Opener(props: OpenerProps): ReactNode {
  const { label, align, className, panelClass, button, tips, disabled = false, children } = props;
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const parts = useParts(open);
  const close = (left = false): void => {
    // Who came by pointer wants the keys of the page next, not those of the button.
    const byKeyboard = !left && document.querySelector('.floating :focus-visible') !== null;
    setOpen(false);
    if (byKeyboard) anchor.current?.focus();
  };
  return (
    <>
      <button
        type="button"
        className={className}
        ref={anchor}
        aria-haspopup="dialog"
        aria-expanded={open}
        disabled={disabled}
        {...tips}
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
      {open && parts !== null && (
        <parts.Panel
          anchor={anchor}
          label={label}
          onClose={close}
          {...(align === undefined ? {} : { align })}
          {...(panelClass === undefined ? {} : { className: panelClass })}
        >
          {children(close, parts)}
        </parts.Panel>
      )}
    </>
  );
}

interface PopupProps {
  /** Small word before the value on the button. */
  readonly label: string;
  readonly value: ReactNode;
  readonly icon?: ReactNode;
  /** The value is short: the others on the bar give way first. */
  readonly firm?: boolean;
  readonly children: (close: (left?: boolean) => void, parts: Parts) => ReactNode;
}

/** An opener as the bar has them: a word, the value in force, an arrow. */
export function Popup(props: PopupProps): ReactNode {
  const { label, value, icon, firm = false, children } = props;
  return (
    <div className={`popup${firm ? ' firm' : ''}`}>
      <Opener
        label={label}
        className="button menu"
        button={
          <>
            {icon}
            <MenuText label={label}>
              <span className="menu-value">{value}</span>
            </MenuText>
            {icons.chevron}
          </>
        }
      >
        {children}
      </Opener>
    </div>
  );
}
