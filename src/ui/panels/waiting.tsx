import type { ReactNode } from 'react';
import type { Moment, TraceMeta } from '../../event/index.ts';
import type { WaitPast } from '../text/lock-marks.ts';
import { times } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { threadName, type Why, whyWaiting } from '../text/why.ts';
import { MISSING, Names, Row, ThreadLink } from './rows.tsx';

const PLACE = { line: 'place in line', queue: 'place in queue', spinners: 'place among spinners' } as const;

/** Where it stands among those who wait, and who may come before it. */
function Standing({ why, name }: { readonly why: Why; readonly name: string }): ReactNode {
  const { line, modes, ahead, place, queued, spinners, passed, demander } = why;
  return (
    <>
      {ahead.length > 0 && (
        <Row name="stands before it">
          <Names names={ahead.map((a) => a.name)} />
          {modes && ahead.some((a) => a.mode === 'write') && ' · to write'}
        </Row>
      )}
      {place > 0 && (
        <Row name={PLACE[line]}>
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
}): ReactNode {
  const { moment, index, meta, past } = props;
  const why = whyWaiting(moment, index, meta, past);
  if (why === null) return null;
  const holder = why.holders[0];
  return (
    <>
      <dl className="rows">
        <Row name="for">{duration(why.waitedNs)}</Row>
        <Row name="meanwhile it">{why.how}</Row>
        <Row name="held by">
          {holder === undefined ? 'nobody' : <ThreadLink name={holder.name} />}
          {why.holders.length > 1 && ` +${why.holders.length - 1}`}
          {holder !== undefined && why.modes && ` · ${holder.mode === 'write' ? 'writing' : 'reading'}`}
        </Row>
        {holder !== undefined && <Row name="who is in">{holder.at ?? MISSING}</Row>}
        {holder !== undefined && <Row name="and is">{holder.doing}</Row>}
        <Standing why={why} name={threadName(index, meta)} />
      </dl>
      <p className="explain">{why.explanation}</p>
    </>
  );
}
