import type { ReactNode } from 'react';
import type { Moment, TraceMeta } from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import { times } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import type { WaitPast } from '../text/wait-past.ts';
import { partiesBrief, threadName, type Why, whyWaiting } from '../text/why.ts';
import { tip } from '../tips/tip.ts';
import { MISSING, Names, Row, ThreadLink } from './rows.tsx';

const PLACE = { line: 'place in line', queue: 'place in queue', spinners: 'place among spinners' } as const;

/** Where it stands among those who wait, and who may come before it. */
function Standing(props: { readonly why: Why; readonly name: string; readonly moved: boolean }): ReactNode {
  const { why, name, moved } = props;
  const { line, modes, ahead, place, queued, spinners, passed, demander } = why;
  return (
    <>
      {ahead.length > 0 && (
        <Row name="stands before it" changed={moved}>
          <span {...tip(ahead.map((a) => (modes ? `${a.name} (${a.mode})` : a.name)).join(', '))}>
            {partiesBrief(ahead, modes)}
          </span>
        </Row>
      )}
      {place > 0 && (
        <Row name={PLACE[line]} changed={moved}>
          {place} of {queued}
        </Row>
      )}
      {spinners.length > 0 && (
        <Row name="spins beside it">
          <Names names={spinners.map((s) => s.name)} />
        </Row>
      )}
      {passed > 0 && <Row name="was passed">{times(passed)}</Row>}
      {demander !== null && (
        <Row name="demanded by">
          {demander.name === name ? 'itself' : <ThreadLink name={demander.name} />}
        </Row>
      )}
    </>
  );
}

/** Why a thread waits, at length. */
export function Waiting(props: {
  readonly moment: Moment;
  readonly index: number;
  readonly meta: TraceMeta;
  readonly past: WaitPast | null;
  readonly changed: Changed;
}): ReactNode {
  const { moment, index, meta, past, changed } = props;
  const why = whyWaiting(moment, index, meta, past);
  if (why === null) return null;
  const holder = why.holders[0];
  const lock = moment.threads?.find(({ thread }) => thread === index)?.waitsFor?.lock ?? 0;
  return (
    <>
      <dl className="rows">
        <Row name="for">{duration(why.waitedNs)}</Row>
        <Row name="meanwhile it" changed={changed.threads.has(index)}>
          {why.how}
        </Row>
        <Row name="held by" changed={changed.owners.has(lock)}>
          {holder === undefined ? 'nobody' : <ThreadLink name={holder.name} />}
          {why.holders.length > 1 && ` +${why.holders.length - 1}`}
          {holder !== undefined && why.modes && ` · ${holder.mode === 'write' ? 'writing' : 'reading'}`}
        </Row>
        {holder !== undefined && <Row name="who is in">{holder.at ?? MISSING}</Row>}
        {holder !== undefined && (
          <Row name="and is" changed={changed.threads.has(holder.thread)}>
            {holder.doing}
          </Row>
        )}
        <Standing why={why} name={threadName(index, meta)} moved={changed.queues.has(lock)} />
      </dl>
      <p className="explain">{why.explanation}</p>
    </>
  );
}
