import { type ReactNode, useRef, useState } from 'react';
import {
  ARTICLE_BATCHES,
  batchMachines,
  cpusOf,
  isQuickLook,
  MAX_SEEDS,
  type Problem,
  PUBLISHED_MACHINE,
  type ReadForm,
  zoneKnobs,
} from '../../store/experiments/index.ts';
import { Select } from '../controls/select.tsx';
import { tip } from '../tips/tip.ts';
import { Progress } from './progress.tsx';
import { experiments, useExperiments } from './use-experiments.ts';

const DESKTOP = 'skylake-desktop';

/** The article's values on a machine, everything else as published; the seeds stay. */
function preset(machine: string): void {
  const { edit, choose, form } = experiments();
  for (const key of Object.keys(form.settings)) choose(key, null);
  edit({ machine, batches: ARTICLE_BATCHES });
}

function ProblemText({ id, problem }: { readonly id: string; readonly problem: Problem | null }): ReactNode {
  if (problem === null) return null;
  return (
    <p id={id} className="form-problem" role="alert">
      {problem.message}
    </p>
  );
}

interface NumberSettingProps {
  readonly name: string;
  readonly label: string;
  readonly given: string;
  readonly problem: Problem | null;
}

/** A number of the scenario; empty: as published. */
function NumberSetting({ name, label, given, problem }: NumberSettingProps): ReactNode {
  const value = useExperiments((e) => e.form.settings[name] ?? '');
  const id = `experiment-${name}`;
  return (
    <div className="form-line">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        value={value}
        placeholder={given}
        spellCheck={false}
        maxLength={40}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onChange={(event) => {
          const text = event.target.value;
          experiments().choose(name, text === '' ? null : text);
        }}
      />
      <ProblemText id={`${id}-problem`} problem={problem} />
    </div>
  );
}

function Knobs(): ReactNode {
  const settings = useExperiments((e) => e.form.settings);
  return (
    <fieldset className="form-group">
      <legend>Allocator</legend>
      {zoneKnobs.map(({ name, given, help }) => {
        const on = settings[name] === undefined ? given : settings[name] === 'true';
        return (
          <label key={name} className="form-line" {...tip(help)}>
            <span className={on === given ? 'mono' : 'mono changed'}>{name}</span>
            <input
              type="checkbox"
              role="switch"
              className="switch"
              aria-checked={on}
              checked={on}
              onChange={(event) => {
                const next = event.target.checked;
                experiments().choose(name, next === given ? null : String(next));
              }}
            />
          </label>
        );
      })}
    </fieldset>
  );
}

/** What to run: machine, batches, seeds, the allocator's parts; then how far it is. */
export function BatchFormPanel({ read }: { readonly read: ReadForm }): ReactNode {
  const form = useExperiments((e) => e.form);
  const outcomes = useExperiments((e) => e.outcomes);
  const asked = useExperiments((e) => e.asked);
  const busy = useExperiments((e) => e.busy);
  // While somebody types, what is half there is not called wrong.
  const [typing, setTyping] = useState(false);
  const list = useRef<HTMLTextAreaElement>(null);
  const problemOf = (field: string): Problem | null => read.problems.find((p) => p.field === field) ?? null;
  const wrong = problemOf('batches');
  const shown = typing ? null : wrong;
  const missing = read.points.filter(
    ({ name }) => outcomes.get(name)?.kind !== 'measured' && !(busy && asked.includes(name)),
  );

  function run(): void {
    setTyping(false);
    if (read.problems.length === 0) {
      experiments().measure(missing.map((point) => point.run));
      return;
    }
    if (wrong === null) document.querySelector<HTMLInputElement>('.form-line [aria-invalid="true"]')?.focus();
    else {
      list.current?.focus();
      list.current?.setSelectionRange(wrong.from ?? 0, wrong.to ?? 0);
    }
  }

  return (
    <section className="experiment-form" aria-label="Experiment">
      <div className="experiment-fields">
        <div className="form-presets">
          <span className="dim">The article's values</span>
          <button type="button" className="button small" onClick={() => preset(PUBLISHED_MACHINE)}>
            on Skylake-EX
          </button>
          <button type="button" className="button small" onClick={() => preset(DESKTOP)}>
            on a desktop
          </button>
        </div>
        <div className="form-field">
          <span className="form-label">Machine</span>
          <Select
            label="Machine"
            options={batchMachines.map(({ id, title }) => ({ id, title, detail: id }))}
            value={form.machine}
            onChange={(machine) => experiments().edit({ machine })}
          />
        </div>
        <div className="form-field">
          <label className="form-label" htmlFor="experiment-batches">
            Batches <span className="dim">pages; such as 31, 63, 100..103</span>
          </label>
          <textarea
            ref={list}
            id="experiment-batches"
            className="field batches"
            rows={3}
            spellCheck={false}
            maxLength={4_000}
            value={form.batches}
            aria-invalid={shown !== null}
            aria-describedby={shown === null ? undefined : 'experiment-batches-problem'}
            onChange={(event) => {
              setTyping(true);
              experiments().edit({ batches: event.target.value });
            }}
            onBlur={() => setTyping(false)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              run();
            }}
          />
          <ProblemText id="experiment-batches-problem" problem={shown} />
        </div>
        <div className="form-line">
          <label htmlFor="experiment-seeds">
            Seeds <span className="dim">for the spread</span>
          </label>
          <input
            id="experiment-seeds"
            className="field"
            type="number"
            min={1}
            max={MAX_SEEDS}
            value={form.seeds}
            onChange={(event) => {
              const seeds = Math.round(event.target.valueAsNumber);
              if (seeds >= 1 && seeds <= MAX_SEEDS) experiments().edit({ seeds });
            }}
          />
        </div>
        <fieldset className="form-group">
          <legend>Workload</legend>
          <NumberSetting
            name="tasks"
            label="Processes"
            given={`${cpusOf(form.machine)}: every CPU`}
            problem={problemOf('tasks')}
          />
          <NumberSetting name="size" label="Mapped by each" given="128MB" problem={problemOf('size')} />
          <NumberSetting name="high" label="high, pages" given="6 × batch" problem={problemOf('high')} />
          {isQuickLook(form) && (
            <p className="form-quick">
              A quick look: not the published workload, so its figures are not beside the published ones.
            </p>
          )}
        </fieldset>
        <Knobs />
      </div>
      <div className="experiment-go">
        <Progress />
        <button
          type="button"
          className="button primary"
          disabled={read.problems.length === 0 && missing.length === 0}
          onClick={run}
        >
          {goText(read.points.length, missing.length, busy)}
        </button>
      </div>
    </section>
  );
}

function goText(all: number, missing: number, busy: boolean): string {
  const points = (n: number): string => `${n} point${n === 1 ? '' : 's'}`;
  if (all === 0) return 'Run';
  if (missing === 0) return busy ? `Running ${points(all)}` : `All ${points(all)} measured`;
  return missing === all
    ? `Run ${points(all)}`
    : `Run the ${points(missing)} that ${missing === 1 ? 'is' : 'are'} missing`;
}
