import { type ReactNode, useEffect, useState } from 'react';
import { app, useApp } from '../app-store.ts';
import { bytes, count } from '../text/numbers.ts';
import { roundDuration } from '../text/time.ts';
import { changedKeys } from './settings-menu.tsx';

/** How a number of the document is spelt beside its field: its help says what it counts. */
function spelt(help: string, value: number): string {
  if (/byte/.test(help)) return bytes(value);
  return /pause|time|every|delay/.test(help) ? roundDuration(value) : count(value);
}

interface NumberFieldProps {
  readonly name: string;
  readonly value: number;
  readonly help: string;
  readonly override: string | undefined;
}

function NumberField({ name, value, help, override }: NumberFieldProps): ReactNode {
  const shown = override ?? spelt(help, value).replace(' ', '').replace('µ', 'u');
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const commit = (): void => {
    const next = text.trim();
    if (next !== shown) app().choose(name, next === '' ? null : next);
  };
  return (
    <label className="setting">
      <span className="setting-name">{name}</span>
      <input
        className="field"
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (!['Escape', 'ArrowUp', 'ArrowDown'].includes(event.key)) event.stopPropagation();
        }}
      />
      <span className="setting-help">{help}</span>
    </label>
  );
}

/** Knobs and numbers of the scenario, each with a word about it. */
export function Settings(): ReactNode {
  const parameters = useApp((s) => s.info?.parameters) ?? [];
  const overrides = useApp((s) => s.experiment.set);
  const changed = changedKeys(overrides, parameters);
  const knobs = parameters.filter(({ kind }) => kind === 'knob');
  const numbers = parameters.filter(({ kind }) => kind === 'number');
  return (
    <div className="settings">
      {numbers.length > 0 && <h2>Numbers of the scenario</h2>}
      {numbers.map((p) => (
        <NumberField key={p.key} name={p.key} value={p.value} help={p.help} override={overrides[p.key]} />
      ))}
      {knobs.length > 0 && <h2>Knobs: parts of the algorithm</h2>}
      {knobs.map((p) => (
        <label className="setting" key={p.key}>
          <span className="setting-name mono">{p.key}</span>
          <input
            type="checkbox"
            role="switch"
            className="switch"
            aria-checked={p.value !== 0}
            checked={p.value !== 0}
            onChange={(event) => app().choose(p.key, String(event.target.checked))}
          />
          <span className="setting-help">{p.help}</span>
        </label>
      ))}
      {changed.length > 0 && (
        <button
          type="button"
          className="button"
          onClick={() => {
            const { experiment, load } = app();
            const set = Object.fromEntries(
              Object.entries(experiment.set).filter(([key]) => !changed.includes(key)),
            );
            load({ ...experiment, set }, true);
          }}
        >
          Back to the values of the scenario
        </button>
      )}
    </div>
  );
}
