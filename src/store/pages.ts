import { MODEL_VERSION } from '../event/index.ts';
import { DEFAULT_EXPERIMENT } from './experiment.ts';
import type { AppState, GetState, PagesSlice, SetState } from './state.ts';

/** Pages beside the run, by the first letter of their fragments, which each reads itself. */
const PAGES = { x: 'experiments', t: 'mechanisms' } as const;

/** The page that a fragment is of, if it is not a run. */
export function pageOfLink(fragment: string): AppState['page'] | undefined {
  return PAGES[/^([tx])\d/.exec(fragment)?.[1] as keyof typeof PAGES];
}

export function pagesSlice(set: SetState, get: GetState): PagesSlice {
  return {
    page: 'run',
    experimentsLink: `x1.m${MODEL_VERSION}.`,
    mechanismsLink: `t1.m${MODEL_VERSION}.`,
    experiments: null,
    showExperiments: (experimentsLink) => set({ page: 'experiments', experimentsLink, playing: false }),
    showMechanisms: (mechanismsLink) => set({ page: 'mechanisms', mechanismsLink, playing: false }),
    showRun: () => {
      set({ page: 'run' });
      if (get().run === 0) get().load(DEFAULT_EXPERIMENT);
    },
  };
}
