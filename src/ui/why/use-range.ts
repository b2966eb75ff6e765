import { useMemo } from 'react';
import { type Range, shownRange } from '../../store/index.ts';
import { useApp } from '../app-store.ts';

/** The span of time on the screen: the same object as long as it does not change. */
export function useRange(): Range {
  const from = useApp((s) => shownRange(s).from);
  const to = useApp((s) => shownRange(s).to);
  return useMemo(() => ({ from, to }), [from, to]);
}
