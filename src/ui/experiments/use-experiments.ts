import type { Experiments } from '../../store/experiments/index.ts';
import { app, useApp } from '../app-store.ts';

/** The slice of this page, which is there as long as the page is. */
export function experiments(): Experiments {
  const { experiments: slice } = app();
  if (slice === null) throw new Error('the slice of experiments is not there');
  return slice;
}

/** A part of it; the component renders again when it changes. */
export function useExperiments<T>(select: (slice: Experiments) => T): T {
  return useApp(({ experiments: slice }) => {
    if (slice === null) throw new Error('the slice of experiments is not there');
    return select(slice);
  });
}
