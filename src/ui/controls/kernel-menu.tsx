import type { ReactNode } from 'react';
import { useApp } from '../app-store.ts';
import { Popup } from './popup.tsx';

const NONE: readonly string[] = [];

/** The other parts of the kernel: its lock generations above all. Says so where no kernel ever had such a pair. */
export function KernelMenu(): ReactNode {
  const overrides = useApp((s) => s.experiment.set);
  const resolved = useApp((s) => s.info?.choices);
  const hypothetical = useApp((s) => s.info?.hypothetical) ?? NONE;
  const chosen = (kind: string): string => overrides[kind] ?? resolved?.[kind] ?? '…';
  const value = (
    <>
      {chosen('mmapLock')}
      {hypothetical.length > 0 && <span className="hypothetical"> hypothetical</span>}
    </>
  );
  return (
    <Popup label="Kernel" value={value} firm>
      {(close, parts) => (
        <>
          {hypothetical.length > 0 && (
            <p className="menu-note">
              <b>Hypothetical</b> {hypothetical.join('; ')}.
            </p>
          )}
          <parts.KernelChoices chosen={chosen} close={close} />
        </>
      )}
    </Popup>
  );
}
