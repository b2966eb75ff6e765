import type { ReactNode } from 'react';
import type { AppState } from '../../store/index.ts';
import { useApp } from '../app-store.ts';
import { icons } from './icons.tsx';
import { Popup } from './popup.tsx';

/** Those of the overridden choices that are parameters of the scenario. */
export function changedKeys(
  overrides: AppState['experiment']['set'],
  parameters: NonNullable<AppState['info']>['parameters'],
): string[] {
  return Object.keys(overrides).filter((key) => parameters.some((p) => p.key === key));
}

/** Knobs and numbers of the scenario, and how many are overridden. */
export function SettingsMenu(): ReactNode {
  const parameters = useApp((s) => s.info?.parameters);
  const overrides = useApp((s) => s.experiment.set);
  if (parameters === undefined || parameters.length === 0) return null;
  const changed = changedKeys(overrides, parameters).length;
  return (
    <Popup
      label="Settings"
      value={changed === 0 ? 'as given' : `${changed} changed`}
      icon={icons.sliders}
      firm
    >
      {(_, parts) => <parts.Settings />}
    </Popup>
  );
}
