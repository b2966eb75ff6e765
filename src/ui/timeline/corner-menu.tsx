import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { icons } from '../controls/icons.tsx';
import { useParts } from '../late.ts';

interface CornerMenuProps {
  readonly onSave: () => void;
}

/** Commands of the time view: edges, zoom, the picture as a file. */
export function CornerMenu({ onSave }: CornerMenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const parts = useParts(open);
  const shown = open && parts !== null;

  useEffect(() => {
    if (!shown) return;
    root.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const outside = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [shown]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' && open) close();
    else if (open && to !== undefined) items[(to + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the menu in it, which bubble up to here
    <div
      className="corner"
      ref={root}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget))
          setOpen(false);
      }}
    >
      <button
        type="button"
        className="corner-button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label="Time view"
        title="Edges, zoom, picture"
        onClick={() => setOpen(!open)}
      >
        {icons.chevron}
      </button>
      {shown && <parts.CornerItems close={close} onSave={onSave} />}
    </div>
  );
}
