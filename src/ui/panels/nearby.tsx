import type { ReactNode } from 'react';
import { app, useApp } from '../app-store.ts';
import { duration } from '../text/time.ts';

/** Records before the playhead that the list shows. */
const SHOWN_BEFORE = 5;

/** What happened just before the playhead and what comes next, as a list; a click goes there. */
export function Nearby(): ReactNode {
  const all = useApp((s) => s.nearby);
  const here = useApp((s) => s.moment?.event ?? 0);
  const t = useApp((s) => s.moment?.t ?? 0);
  const playing = useApp((s) => s.playing);
  const nearby = all.filter(({ id }) => id >= here - SHOWN_BEFORE);
  if (nearby.length === 0 || playing) return null;
  return (
    <>
      <h2>Records around the playhead</h2>
      <ol className="records">
        {nearby.map((record) => (
          <li key={record.id}>
            <button
              type="button"
              className={record.id < here ? 'past' : undefined}
              aria-current={record.id === here - 1 ? 'step' : undefined}
              onClick={() => app().move({ to: 'event', event: record.id + 1 })}
            >
              <span className="when">
                {record.t === t ? '' : `${record.t < t ? '−' : '+'}${duration(Math.abs(record.t - t))}`}
              </span>
              <span>{record.sentence}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
