import { type ReactNode, useEffect, useState } from 'react';
import type { AppState } from '../../store/index.ts';
import { machineChoices } from '../../store/machines.ts';
import { app, useApp } from '../app-store.ts';
import { inUse, spelt } from '../text/settings.ts';
import { SelectMenu } from './select-menu.tsx';
import { changedKeys } from './settings-menu.tsx';

type Parameter = NonNullable<AppState['info']>['parameters'][number];

const NO_TEXTS = {};

interface NumberFieldProps {
  readonly id: string;
  readonly name: string;
  readonly shown: string;
}

function NumberField({ id, name, shown }: NumberFieldProps): ReactNode {
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const commit = (): void => {
    const next = text.trim();
    if (next !== shown) app().choose(name, next === '' ? null : next);
  };
  return (
    <input
      id={id}
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
  );
}

interface SettingProps {
  readonly parameter: Parameter;
  readonly override: string | undefined;
  readonly changed: boolean;
}

/** A knob or number with a word about it; where it is changed, what the scenario gives and the way back to that. */
function Setting({ parameter, override, changed }: SettingProps): ReactNode {
  const { key, kind, value, help } = parameter;
  const id = `setting-${key}`;
  return (
    <div className={changed ? 'setting-line changed' : 'setting-line'}>
      <label className="setting" htmlFor={id}>
        <span className={kind === 'knob' ? 'setting-name mono' : 'setting-name'}>{key}</span>
        {kind === 'knob' ? (
          <input
            id={id}
            type="checkbox"
            role="switch"
            className="switch"
            aria-checked={value !== 0}
            checked={value !== 0}
            onChange={(event) => app().choose(key, String(event.target.checked))}
          />
        ) : (
          <NumberField
            id={id}
            name={key}
            shown={override ?? spelt(parameter, value).replace(' ', '').replace('µ', 'u')}
          />
        )}
        <span className="setting-help">{help}</span>
      </label>
      {changed && (
        <p className="setting-given">
          changed, given: {spelt(parameter, parameter.given)}
          <button
            type="button"
            className="button small"
            aria-label={`Reset ${key}`}
            onClick={(event) => {
              // The button goes with the change: what it was for takes the focus.
              event.currentTarget.closest('.setting-line')?.querySelector('input')?.focus();
              app().choose(key, null);
            }}
          >
            Reset
          </button>
        </p>
      )}
    </div>
  );
}

/** The machine that it runs on. */
function MachineChoice(): ReactNode {
  const machine = useApp((s) => s.info?.choices['machine']) ?? '';
  const changed = useApp((s) => s.experiment.set['machine'] !== undefined);
  return (
    <section className="settings-group" aria-label="Machine">
      <h2>Machine</h2>
      <div className={changed ? 'setting-line changed' : 'setting-line'}>
        <SelectMenu
          label="Machine"
          options={machineChoices}
          value={machine}
          onChange={(id) => app().choose('machine', id)}
          openAtOnce={false}
          focusAtOnce={false}
        />
        {changed && (
          <p className="setting-given">
            changed
            <button
              type="button"
              className="button small"
              aria-label="Reset machine"
              onClick={(event) => {
                event.currentTarget.closest('.setting-line')?.querySelector('button')?.focus();
                app().choose('machine', null);
              }}
            >
              Reset
            </button>
          </p>
        )}
      </div>
    </section>
  );
}

/** Machine, knobs and numbers of the scenario: those that are changed first, those that nothing asks for last. */
export function Settings(): ReactNode {
  const parameters = useApp((s) => s.info?.parameters) ?? [];
  const texts = useApp((s) => s.info?.texts) ?? NO_TEXTS;
  const overrides = useApp((s) => s.experiment.set);
  const changed = changedKeys(overrides, parameters);
  // As it was when the menu was opened: nothing moves away from under the pointer.
  const [first] = useState(changed);
  const ranked = (of: (p: Parameter) => boolean): Parameter[] =>
    parameters.filter(of).sort((a, b) => Number(first.includes(b.key)) - Number(first.includes(a.key)));
  const used = (p: Parameter): boolean => first.includes(p.key) || inUse(p.key, texts);
  const groups = [
    ['Numbers of the scenario', ranked(({ kind }) => kind === 'number')],
    ['Knobs: parts of the algorithm', ranked((p) => p.kind === 'knob' && used(p))],
    ['Knobs of no use here', ranked((p) => p.kind === 'knob' && !used(p))],
  ] as const;
  return (
    <div className="settings">
      <MachineChoice />
      {groups.map(
        ([title, list]) =>
          list.length > 0 && (
            <section key={title} className="settings-group" aria-label={title}>
              <h2>{title}</h2>
              {list.map((p) => (
                <Setting
                  key={p.key}
                  parameter={p}
                  override={overrides[p.key]}
                  changed={changed.includes(p.key)}
                />
              ))}
            </section>
          ),
      )}
      {(changed.length > 0 || overrides['machine'] !== undefined) && (
        <button
          type="button"
          className="button"
          onClick={() => {
            const { experiment, load } = app();
            const set = Object.fromEntries(
              Object.entries(experiment.set).filter(([key]) => key !== 'machine' && !changed.includes(key)),
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
