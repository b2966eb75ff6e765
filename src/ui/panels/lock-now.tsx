import type { ReactNode } from 'react';
import { type LockMoment, State, type ThreadMoment, type TraceMeta } from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import { Swatch } from '../controls/swatch.tsx';
import { OFF_LOOK } from '../paint/palette.ts';
import { groupLabel, queueGroups } from '../text/queue.ts';
import { hasModes, isOnCpu, type Mode, threadName } from '../text/why.ts';
import { Names, Row } from './rows.tsx';

function swatchOf(mode: Mode): ReactNode {
  return <span className={`swatch solid-hold-${mode}`} />;
}

/** Who holds a lock, and who waits for it in which order. */
export function LockNow(props: {
  readonly lock: LockMoment;
  readonly threads: readonly ThreadMoment[];
  readonly meta: TraceMeta;
  readonly changed: Changed;
}): ReactNode {
  const { lock, threads, meta, changed } = props;
  const { mode, owners } = lock;
  const owner = threads.find(({ thread }) => thread === owners[0]);
  const off = mode === 'write' && owner !== undefined && !isOnCpu(owner.state);
  const modes = hasModes(lock.lock, meta);
  const owned = changed.owners.has(lock.lock);
  const queued = changed.queues.has(lock.lock);
  return (
    <dl className="rows">
      {mode === 'free' ? (
        <Row name="owner" changed={owned}>
          nobody
        </Row>
      ) : (
        <Row
          changed={owned}
          name={
            <>
              {off ? <Swatch {...OFF_LOOK} /> : swatchOf(mode)}
              {!modes ? 'owner' : mode === 'write' ? 'writing' : 'reading'}
            </>
          }
        >
          <Names names={owners.map((thread) => threadName(thread, meta))} />
          {off && ' · not running'}
        </Row>
      )}
      {queueGroups(lock, meta).map((group) => (
        <Row
          key={`${group.spinning} ${group.first}`}
          changed={queued}
          name={
            <>
              <Swatch
                state={
                  group.spinning ? State.SPIN : group.mode === 'read' ? State.WAIT_READ : State.WAIT_WRITE
                }
              />
              {groupLabel(group, modes)}
            </>
          }
        >
          <Names names={group.names} />
        </Row>
      ))}
      {lock.queue.length === 0 && (
        <Row name="queue" changed={queued}>
          empty
        </Row>
      )}
    </dl>
  );
}
