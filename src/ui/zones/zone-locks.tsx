import type { ReactNode } from 'react';
import { type Moment, type ObjectId, objectLabel, State, type TraceMeta } from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import { app } from '../app-store.ts';
import { Swatch } from '../controls/swatch.tsx';
import { MISSING, ThreadLink } from '../panels/rows.tsx';
import { percent } from '../text/numbers.ts';
import { threadName } from '../text/why.ts';
import { spinnersOf } from '../text/zone.ts';
import { tip } from '../tips/tip.ts';

interface ZoneLockProps {
  readonly lock: ObjectId;
  readonly moment: Moment;
  readonly meta: TraceMeta;
  readonly changed: Changed;
  /** Share of the time of the node's CPUs that is spent waiting for it; null while it is not known. */
  readonly share: number | null;
}

/** A lock of a zone in one line: who holds it, how many spin for it, and what that costs over the visible range. */
export function ZoneLock({ lock, moment, meta, changed, share }: ZoneLockProps): ReactNode {
  const now = moment.locks?.find((l) => l.lock === lock);
  const label = objectLabel(lock, meta);
  const owner = now?.owners[0];
  const spinners = spinnersOf(now).map((thread) => threadName(thread, meta));
  const moved = changed.owners.has(lock) || changed.queues.has(lock);
  return (
    <div className={moved ? 'zone-lock changed' : 'zone-lock'}>
      <button
        type="button"
        className="thread-link"
        {...tip('Show this lock beside the lanes')}
        onClick={() => app().selectLock(lock)}
      >
        {label}
      </button>
      <span className="zone-owner">
        {moment.locks === undefined ? (
          MISSING
        ) : owner === undefined ? (
          <span className="dim">free</span>
        ) : (
          <>
            <span className="swatch solid-hold-write" />
            <span className="hidden">held by </span>
            <ThreadLink name={threadName(owner, meta)} />
          </>
        )}
      </span>
      <span className="zone-spinners" {...tip(spinners.join(', '))}>
        {spinners.length === 0 ? (
          <span className="dim">nobody spins</span>
        ) : (
          <>
            <Swatch state={State.SPIN} />
            {spinners.length === 1 ? '1 spins' : `${spinners.length} spin`}
          </>
        )}
      </span>
      <span className="zone-share" {...tip('Share of the time of this node’s CPUs, in the visible range')}>
        <span className="zone-bar" aria-hidden="true">
          <span className="zone-bar-spin" style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
        </span>
        <span className="zone-percent">{share === null ? '…' : percent(share)}</span>
        <span className="hidden"> of the time of its CPUs is spent spinning for it in the visible range</span>
      </span>
      {moved && <span className="hidden">, changed by the last step</span>}
    </div>
  );
}
