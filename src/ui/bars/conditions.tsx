import { type ReactNode, useState } from 'react';
import { Class, objectId, objectLabel, type TraceMeta } from '../../event/index.ts';
import { type AppState, selectedMoment } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { Select } from '../controls/select.tsx';
import { tip } from '../tips/tip.ts';

type Condition = Parameters<AppState['runUntil']>[0];

const ANY = 'any';

interface RowProps {
  readonly name: string;
  readonly close: () => void;
  /** Null: what was typed makes no condition. */
  readonly condition: Condition | null;
  readonly children?: ReactNode;
}

/** One condition: what it is of, and the ways back and on. */
function Row({ name, close, condition, children }: RowProps): ReactNode {
  const go = (by: 1 | -1): void => {
    if (condition === null) return;
    close();
    app().runUntil(condition, by);
  };
  return (
    <form
      className="until-row"
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        go(1);
      }}
    >
      <span className="until-name">{name}</span>
      <span className="until-of">{children}</span>
      <button
        type="button"
        className="button small"
        aria-label={`Back to where ${name}`}
        {...tip(`Back to where ${name}`)}
        disabled={condition === null}
        onClick={() => go(-1)}
      >
        {icons.left}
      </button>
      <button
        type="submit"
        className="button small primary"
        aria-label={`Run until ${name}`}
        {...tip(`Run until ${name}`)}
        disabled={condition === null}
      >
        {icons.right}
      </button>
    </form>
  );
}

interface OfProps {
  readonly label: string;
  readonly any: string;
  readonly value: string;
  /** Value and text. */
  readonly choices: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

function Of({ label, any, value, choices, onChange }: OfProps): ReactNode {
  const options = [{ id: ANY, title: any }, ...choices.map(([id, title]) => ({ id, title }))];
  return <Select label={label} options={options} value={value} onChange={onChange} />;
}

function lockChoices(meta: TraceMeta, selected: number | null): [string, string][] {
  const locks = [
    ...meta.mms.map((_, mm) => objectId(Class.MMAP_LOCK, mm)),
    ...meta.locks.map((_, i) => objectId(Class.LOCK, i)),
  ];
  if (selected !== null && !locks.includes(selected)) locks.push(selected);
  return locks.map((lock) => [String(lock), objectLabel(lock, meta)]);
}

/** The line that is shown in the code, else the one at which the selected thread stands. */
function lineAtHand(s: AppState): string {
  if (s.line !== null && s.line.line > 0) return `${s.line.file}:${s.line.line}`;
  const frame = selectedMoment(s)?.stack?.[s.frame ?? 0];
  return frame === undefined ? '' : `${frame.file}:${frame.line}`;
}

/** A file of the run, by its name or the end of it, and a line; null for anything else. */
function placeOf(text: string, files: readonly string[]): { file: string; line: number } | null {
  const parts = /^\s*(\S+):(\d+)\s*$/.exec(text);
  const name = parts?.[1] ?? '';
  const file = files.find((f) => f === name) ?? files.find((f) => f.endsWith(`/${name}`));
  return file === undefined ? null : { file, line: Number(parts?.[2]) };
}

/** Conditions to which a run can be followed, or gone back. */
export function Conditions({ close }: { readonly close: () => void }): ReactNode {
  const info = useApp((s) => s.info);
  const selectedLock = useApp((s) => s.selectedLock);
  const atHand = useApp(lineAtHand);
  const [lock, setLock] = useState(selectedLock === null ? ANY : String(selectedLock));
  const [sleeper, setSleeper] = useState(ANY);
  const [place, setPlace] = useState(atHand);
  const [comer, setComer] = useState(ANY);
  const [invariant, setInvariant] = useState(ANY);
  if (info === null) return null;
  const { meta, watched } = info;
  const threads = meta.threads.map(({ name }, i): [string, string] => [String(i), name]);
  const at = placeOf(place, Object.keys(info.texts));
  const broken = meta.invariants.flatMap(({ name, source }, i): [string, string][] =>
    watched.includes(name) || source.includes(':') ? [[String(objectId(Class.INVARIANT, i)), name]] : [],
  );
  return (
    <>
      <h2 className="floating-title">Run until</h2>
      <div className="until">
        <Row
          name="a lock is contended"
          close={close}
          condition={lock === ANY ? { on: 'contended' } : { on: 'contended', lock: Number(lock) }}
        >
          <Of
            label="Lock"
            any="any lock"
            value={lock}
            choices={lockChoices(meta, selectedLock)}
            onChange={setLock}
          />
        </Row>
        <Row
          name="a thread blocks"
          close={close}
          condition={sleeper === ANY ? { on: 'blocks' } : { on: 'blocks', thread: Number(sleeper) }}
        >
          <Of label="Thread" any="any thread" value={sleeper} choices={threads} onChange={setSleeper} />
        </Row>
        <Row
          name="a line is reached"
          close={close}
          condition={
            at === null ? null : { on: 'line', ...at, ...(comer === ANY ? {} : { thread: Number(comer) }) }
          }
        >
          <input
            className="field"
            aria-label="File and line"
            aria-invalid={at === null}
            placeholder="file:line"
            spellCheck={false}
            value={place}
            onChange={(event) => setPlace(event.target.value)}
            onKeyDown={(event) => {
              if (['Home', 'End'].includes(event.key)) event.stopPropagation();
            }}
          />
          <Of label="By thread" any="by any thread" value={comer} choices={threads} onChange={setComer} />
        </Row>
        <Row
          name="an invariant breaks"
          close={close}
          condition={invariant === ANY ? { on: 'breaks' } : { on: 'breaks', invariant: Number(invariant) }}
        >
          <Of
            label="Invariant"
            any="any invariant"
            value={invariant}
            choices={broken}
            onChange={setInvariant}
          />
        </Row>
      </div>
    </>
  );
}
