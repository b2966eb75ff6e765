import { useMemo } from 'react';
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
