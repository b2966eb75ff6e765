import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useHonestGuards } from './honest-guards.ts';
import { icons } from './icons.tsx';

interface ModalProps {
  readonly className: string;
  /** For a dialog without a `DialogTitle`. */
  readonly label?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Guards(): null {
  useHonestGuards();
  return null;
}

/**
 * A dialog over the page, open as long as it is there: what is closed must not take the next key. It keeps the focus,
 * and gives it back. `panel-float` keeps the page's keys away.
 */
export function Modal({ className, label, onClose, children }: ModalProps): ReactNode {
  return (
    <Dialog.Root
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Dialog.Portal>
        <Guards />
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={`panel-float modal ${className}`} aria-label={label}>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

export function DialogTitle({ children }: { readonly children: ReactNode }): ReactNode {
  return <Dialog.Title>{children}</Dialog.Title>;
}

export function DialogClose(): ReactNode {
  return (
    <Dialog.Close className="button square" aria-label="Close">
      {icons.cross}
    </Dialog.Close>
  );
}
