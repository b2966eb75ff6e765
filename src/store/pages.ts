import { MODEL_VERSION } from '../event/index.ts';
import { DEFAULT_EXPERIMENT } from './experiment.ts';
import type { GetState, PagesSlice, SetState } from './state.ts';

/** Whether a fragment is one of the page of experiments, which reads it itself. */
export function isExperimentsLink(fragment: string): boolean {
  return /^x\d/.test(fragment);
}

export function pagesSlice(set: SetState, get: GetState): PagesSlice {
  return {
    page: 'run',
    experimentsLink: `x1.m${MODEL_VERSION}.`,
    experiments: null,
    showExperiments: (experimentsLink) => set({ page: 'experiments', experimentsLink, playing: false }),
    showRun: () => {
      set({ page: 'run' });
      if (get().run === 0) get().load(DEFAULT_EXPERIMENT);
    },
  };
}
