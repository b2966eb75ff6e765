import type { Experiment, Request } from '../worker/protocol.ts';
import { knobsOf } from './catalogue.ts';
import type { ExperimentSlice, GetState, Notice, SetState, Trial } from './state.ts';

/**
 * What the page opens with. At the scenario's own pace a writer queues at once and all is one stall; so late, one sees
 * threads fault beside the zap first, and then the writer that stops them.
 */
export const DEFAULT_EXPERIMENT: Experiment = {
  scenario: 'munmap-320g-writer',
  set: { munmap: 'vm-dead', every: '6s' },
};

/** The bar has its title at once; those of the others are fetched with whatever may choose them. */
const [DEFAULT_TITLE = DEFAULT_EXPERIMENT.scenario] = Object.values(
  import.meta.glob<string>('../scenario/gallery/munmap-320g-writer.kp', {
    query: '?title',
    import: 'default',
    eager: true,
  }),
);

export function plainExperiment(scenario: string): Experiment {
  return { scenario, set: {} };
}

/** The same experiment with one override more, fewer or changed. */
export function withChoice(experiment: Experiment, key: string, value: string | null): Experiment {
  // A knob belongs to the path that declares it: another strategy in its place does not know it.
  const gone = new Set([key, ...knobsOf(key)]);
  const entries = Object.entries(experiment.set).filter(([name]) => !gone.has(name));
  if (value !== null) entries.push([key, value]);
  return { ...experiment, set: Object.fromEntries(entries) };
}

/** What belongs to one experiment and means nothing in another one. */
const FRESH = {
  range: null,
  zoomed: false,
  past: [],
  measured: null,
  selected: null,
  selectedLock: null,
  table: null,
  named: null,
  namedFrame: null,
} as const;

export function experimentSlice(
  set: SetState,
  get: GetState,
  send: (request: Request) => void,
): ExperimentSlice {
  let trials = 0;
  /** What was picked while another is tried, in order. */
  let waiting: Pick<Trial, 'key' | 'value'>[] = [];
  /** What was last told of a refused pick. */
  let told: Notice | null = null;

  function begin(trial: Omit<Trial, 'seq' | 'problem'>): void {
    const { key, value } = trial;
    const seq = ++trials;
    set({ trial: { ...trial, seq, problem: null } });
    const { run, experiment } = get();
    const tried = key === 'scenario' ? plainExperiment(value) : withChoice(experiment, key, value);
    send({ type: 'check', run, seq, experiment: tried });
  }

  function take({ key, value }: Pick<Trial, 'key' | 'value'>): void {
    if (key === 'scenario') get().chooseScenario(value);
    else get().choose(key, value);
  }

  return {
    experiment: DEFAULT_EXPERIMENT,
    lastGood: null,
    titles: [{ id: DEFAULT_EXPERIMENT.scenario, title: DEFAULT_TITLE }],
    load: (experiment, keep = false) => {
      const before = get();
      const run = before.run + 1;
      const { moment } = before;
      waiting = [];
      const destination =
        keep && moment !== null && before.touched
          ? { t: moment.t, ordinal: before.ordinal }
          : keep
            ? before.destination
            : null;
      set({
        page: 'run',
        experiment,
        run,
        phase: 'building',
        progress: null,
        findings: [],
        hash: null,
        diagnostics: [],
        failure: null,
        trial: null,
        outstanding: null,
        queued: null,
        searching: null,
        looking: false,
        deadEnd: null,
        playing: false,
        destination,
        touched: keep && before.touched,
        frame: null,
        // Who looks at the figures of the run is told of a finding in the next one too.
        drawerChosen: before.drawerChosen && before.drawer !== 'run',
        ...(keep ? {} : FRESH),
      });
      send({ type: 'load', run, experiment });
    },
    chooseScenario: (id) => get().load(plainExperiment(id)),
    choose: (key, value) => get().load(withChoice(get().experiment, key, value), true),
    trial: null,
    tryChoice: (key, value) => begin({ key, value }),
    pick: (key, value) => {
      const { phase, trial, notice } = get();
      if (notice !== null && notice === told) set({ notice: null });
      if (phase === 'refused' || phase === 'failed') take({ key, value });
      else if (trial?.problem === null) waiting.push({ key, value });
      else begin({ key, value, picked: true });
    },
    settleTrial: (problem, last = false) => {
      const { trial } = get();
      if (trial?.problem !== null) return;
      const rest = last ? [] : waiting;
      if (problem === null) take(trial);
      else {
        set({ trial: { ...trial, problem } });
        if (trial.picked) {
          told = { tone: 'error', text: `${trial.value} was not chosen: ${problem}` };
          set({ notice: told });
        }
      }
      // To choose is to load, which drops what waits.
      waiting = rest;
      const next = waiting.shift();
      if (next !== undefined) begin({ ...next, picked: true });
    },
    recover: () => {
      const { lastGood, experiment } = get();
      get().load(lastGood !== null && lastGood !== experiment ? lastGood : DEFAULT_EXPERIMENT);
    },
    applyLink: (link, titles = get().titles) => {
      const { scenario, text, set: choices, at, view, thread, lock, table, blame } = link;
      const experiment = text === undefined ? { scenario, set: choices } : { scenario, text, set: choices };
      get().load(experiment);
      set({
        titles,
        range: view !== undefined && view !== 'all' && view.from < view.to ? view : null,
        zoomed: view !== undefined,
        selected: thread ?? null,
        destination: at ?? null,
        touched: at !== undefined,
        line: link.line ?? null,
        namedFrame: link.frame ?? null,
        folds: link.folds ?? {},
        edges: link.edges ?? 'chain',
        tablesOpen: link.tables === true,
        measured: link.measured !== undefined && link.measured.from < link.measured.to ? link.measured : null,
        drawer: link.drawer ?? 'run',
        drawerChosen: link.drawer !== undefined,
        blameWhole: false,
        named: { ...(lock && { lock }), ...(table && { table }), ...(blame && { blame }) },
      });
    },
  };
}
