import type { ReactNode } from 'react';
import { strategyMenus } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Option } from './option.tsx';
import { Popup } from './popup.tsx';

const NONE: readonly string[] = [];

/** What the bar offers by itself is left out, and so is a kind of which there is only one. */
const GROUPS = strategyMenus.filter(({ kind, choices }) => kind !== 'munmap' && choices.length > 1);

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
      {(close) => (
        <>
          {hypothetical.length > 0 && (
            <p className="menu-note">
              <b>Hypothetical</b> {hypothetical.join('; ')}.
            </p>
          )}
          {GROUPS.map(({ kind, label, choices }) => (
            <section key={kind} className="menu-group">
              <h2>{label}</h2>
              <div role="listbox" aria-label={label}>
                {choices.map((choice) => (
                  <Option
                    key={choice.id}
                    choice={choice}
                    chosen={choice.id === chosen(kind)}
                    onChoose={() => {
                      close();
                      app().choose(kind, choice.id);
                    }}
                  />
                ))}
              </div>
            </section>
          ))}
        </>
      )}
    </Popup>
  );
}
