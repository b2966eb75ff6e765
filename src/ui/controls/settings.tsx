import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AppState } from '../../store/index.ts';
import { machineChoices } from '../../store/machines.ts';
import { pageStore } from '../../store/page.ts';
import { app, useApp } from '../app-store.ts';
import { inUse, spelt } from '../text/settings.ts';
import { SelectMenu } from './select-menu.tsx';
import { changedKeys } from './settings-menu.tsx';

type Parameter = NonNullable<AppState['info']>['parameters'][number];

const NO_TEXTS = {};

interface NumberFieldProps {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly shown: string;
  readonly problem: string | null;
}

/** A value that nothing can be built with stays there, selected, and everything else as it is. */
function NumberField({ id, name, text, setText, shown, problem }: NumberFieldProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(shown), [shown, setText]);
  useEffect(() => {
    // Who has gone on to something else is not called back.
    if (problem !== null && document.activeElement === field.current) field.current?.select();
  }, [problem]);
  const commit = (): void => {
    const next = text.trim();
    if (next === shown) return;
    const { trial, choose, tryChoice } = app();
    if (next === '') choose(name, null);
    else if (trial?.key !== name || trial.value !== next) tryChoice(name, next);
  };
  return (
    <input
      ref={field}
      id={id}
      className="field"
      value={text}
      spellCheck={false}
      maxLength={64}
      aria-invalid={problem !== null}
      aria-describedby={problem === null ? undefined : `${id}-problem`}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (!['Escape', 'ArrowUp', 'ArrowDown'].includes(event.key)) event.stopPropagation();
      }}
    />
  );
}

/**
 * The panel is closed over a value that is refused, or of which that is not known yet: the line above the page says what is
 * wrong with it, since what was typed is gone with the field.
 */
function tellElsewhere(key: string, text: string): void {
  const tried = (): AppState['trial'] => {
    const { trial } = app();
    return trial?.key === key && trial.value === text ? trial : null;
  };
  const tell = (): void => {
    const problem = tried()?.problem ?? null;
    if (problem !== null) app().notify({ tone: 'error', text: problem });
  };
  if (tried()?.problem !== null) {
    tell();
    return;
  }
  const stop = pageStore.subscribe(() => {
    if (tried()?.problem === null) return;
    stop();
    tell();
  });
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
  const shown = override ?? spelt(parameter, value).replace(' ', '').replace('µ', 'u');
  const [text, setText] = useState(shown);
  const last = useRef('');
  useEffect(() => {
    last.current = text.trim();
  }, [text]);
  useEffect(() => () => tellElsewhere(key, last.current), [key]);
  // While somebody types, what is half there is not called wrong.
  const problem = useApp(({ trial }) =>
    trial?.key === key && trial.value === text.trim() ? trial.problem : null,
  );
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
          <NumberField {...{ id, name: key, text, setText, shown, problem }} />
        )}
        <span className="setting-help">{help}</span>
      </label>
      {problem !== null && (
        <p id={`${id}-problem`} className="form-problem" role="alert">
          {problem}
        </p>
      )}
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
          onChange={(id) => app().pick('machine', id)}
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
