import type { ReactNode } from 'react';
import type { AppState } from '../../store/index.ts';
import { useApp } from '../app-store.ts';
import { icons } from './icons.tsx';
import { Popup } from './popup.tsx';

/** Parameters whose value is another than the scenario gives them. */
export function changedKeys(
  overrides: AppState['experiment']['set'],
  parameters: NonNullable<AppState['info']>['parameters'],
): string[] {
  return parameters.flatMap(({ key, value, given }) =>
    overrides[key] !== undefined && value !== given ? [key] : [],
  );
}

/** Machine, knobs and numbers of the scenario, and how many are overridden. */
export function SettingsMenu(): ReactNode {
  const parameters = useApp((s) => s.info?.parameters);
  const overrides = useApp((s) => s.experiment.set);
  if (parameters === undefined || parameters.length === 0) return null;
  const changed = changedKeys(overrides, parameters).length + (overrides['machine'] === undefined ? 0 : 1);
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
