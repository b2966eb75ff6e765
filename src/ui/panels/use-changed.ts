import { useMemo } from 'react';
import type { Moment } from '../../event/index.ts';
import { type Changed, changedBy, lastStep } from '../../store/index.ts';
import { useApp } from '../app-store.ts';

const NOTHING = changedBy([]);

/** What the last step changed; nothing while time plays, where one frame shows what many steps did. */
export function useChanged(): Changed {
  const moment = useApp((s) => s.moment);
  const record = useApp((s) => s.record);
  const nearby = useApp((s) => s.nearby);
  const plays = useApp((s) => s.playing && s.speedUnit === 'time');
  return useMemo(
    () => (plays ? NOTHING : changedBy(lastStep({ moment, record, nearby }))),
    [plays, moment, record, nearby],
  );
}

/** The moment before the last step, where it is the one that was shown before. */
export function usePrevious(changed: Changed): Moment | null {
  return useApp((s) => (s.before !== null && s.before.event === changed.begin ? s.before : null));
}
