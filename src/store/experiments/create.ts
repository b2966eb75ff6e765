import { type Measured, type Run, runName } from '../../evidence/figure.ts';
import { ExperimentPool, type PoolListener, poolSize } from '../../worker/experiment-pool.ts';
import type { AppStore } from '../create.ts';
import { experimentsFragment, readExperimentsLink } from './link.ts';
import type { Experiments, Outcome, Underway } from './state.ts';

/** The pool as the slice sees it; tests bring their own. */
export interface Pool {
  add(runs: readonly Run[]): void;
  cancel(): void;
}

function realPool(listener: PoolListener): Pool {
  return new ExperimentPool(listener, poolSize(navigator.hardwareConcurrency));
}

/** Puts the slice of the page of experiments into the store, as its link says; once. */
export function startExperiments(
  store: AppStore,
  connect: (listener: PoolListener) => Pool = realPool,
): void {
  if (store.getState().experiments !== null) return;
  const now = (): Experiments => {
    const { experiments } = store.getState();
    if (experiments === null) throw new Error('the slice of experiments is not there');
    return experiments;
  };
  const set = (part: Partial<Experiments>): void => {
    store.setState({ experiments: { ...now(), ...part } });
  };
  /** Changes what the link carries, and the link with it. */
  const setLinked = (part: Partial<Pick<Experiments, 'form' | 'part'>>): void => {
    const experiments = { ...now(), ...part };
    const experimentsLink = experimentsFragment(experiments.form, experiments.part);
    store.setState({ experiments, experimentsLink });
  };
  const underway = (name: string, how: Underway | null): ReadonlyMap<string, Underway> => {
    const map = new Map(now().underway);
    if (how === null) map.delete(name);
    else map.set(name, how);
    return map;
  };
  const settle = (name: string, outcome: Outcome): void => {
    const { outcomes, asked } = now();
    const all = new Map(outcomes).set(name, outcome);
    set({ outcomes: all, underway: underway(name, null), busy: asked.some((n) => !all.has(n)) });
  };
  const pool = connect({
    progress: (name, at, extentNs) => set({ underway: underway(name, { now: at, extentNs }) }),
    measured: (name, measured: Measured) => settle(name, { kind: 'measured', measured }),
    failed: (name, message) => settle(name, { kind: 'failed', message }),
  });

  function takeLink(link: string): Pick<Experiments, 'form' | 'part'> {
    const { form, part, problem } = readExperimentsLink(link);
    if (problem !== null) store.getState().notify({ tone: 'error', text: problem });
    return { form, part };
  }

  store.setState({
    experiments: {
      ...takeLink(store.getState().experimentsLink),
      outcomes: new Map(),
      asked: [],
      underway: new Map(),
      busy: false,
      edit: (change) => setLinked({ form: { ...now().form, ...change } }),
      choose: (key, value) => {
        const { form } = now();
        const settings = { ...form.settings };
        if (value === null) delete settings[key];
        else settings[key] = value;
        setLinked({ form: { ...form, settings } });
      },
      show: (part) => setLinked({ part }),
      measure: (runs) => {
        const { outcomes, asked, busy } = now();
        // What failed is tried again: a worker may have died of something else.
        const missing = runs.filter((run) => outcomes.get(runName(run))?.kind !== 'measured');
        if (missing.length === 0) return;
        const names = missing.map(runName);
        const kept = new Map([...outcomes].filter(([name]) => !names.includes(name)));
        set({ asked: [...new Set([...(busy ? asked : []), ...names])], outcomes: kept, busy: true });
        pool.add(missing);
      },
      cancel: () => {
        pool.cancel();
        set({ asked: [], underway: new Map(), busy: false });
      },
    },
  });

  // Back, forward, or a link that somebody typed.
  store.subscribe(({ experimentsLink }, before) => {
    if (experimentsLink === before.experimentsLink) return;
    const { form, part } = now();
    if (experimentsLink !== experimentsFragment(form, part)) set(takeLink(experimentsLink));
  });
}
