import type { ReactNode } from 'react';
import {
  type LockMoment,
  type Moment,
  objectLabel,
  STATE_NAMES,
  type State,
  siteLabel,
  type ThreadMoment,
  type TraceMeta,
} from '../../event/index.ts';
import { selectedMoment, selectedThread } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Swatch } from '../controls/swatch.tsx';
import { duration } from '../text/time.ts';
import { type Mode, named, queueGroups, threadName, whyWaiting } from '../text/why.ts';

const MISSING = 'not recorded';

function Row({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }): ReactNode {
  return (
    <div className="row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A thread's name that selects it. */
function ThreadLink({ name }: { readonly name: string }): ReactNode {
  return (
    <button type="button" className="thread-link" onClick={() => app().select(name)}>
      {name}
    </button>
  );
}

function Waiting({ moment, index, meta }: { moment: Moment; index: number; meta: TraceMeta }): ReactNode {
  const why = whyWaiting(moment, index, meta);
  if (why === null) return null;
  const holder = why.holders[0];
  return (
    <>
      <dl className="rows">
        <Row name="for">{duration(why.waitedNs)}</Row>
        <Row name="held by">
          {holder === undefined ? 'nobody' : <ThreadLink name={holder.name} />}
          {why.holders.length > 1 && ` +${why.holders.length - 1}`}
          {holder !== undefined && ` · ${holder.mode === 'write' ? 'writing' : 'reading'}`}
        </Row>
        {holder !== undefined && <Row name="who is in">{holder.at ?? MISSING}</Row>}
        {holder !== undefined && <Row name="and is">{holder.doing}</Row>}
        {why.ahead.length > 0 && (
          <Row name="stands before it">
            {named(why.ahead.map((a) => a.name))}
            {why.ahead.some((a) => a.mode === 'write') && ' · to write'}
          </Row>
        )}
        {why.place > 0 && (
          <Row name="place in queue">
            {why.place} of {why.queued}
          </Row>
        )}
      </dl>
      <p className="explain">{why.explanation}</p>
    </>
  );
}

/** How many wait for what a thread holds. */
function blockedBy(moment: Moment, thread: ThreadMoment): number {
  const held = new Set(thread.holds?.map(({ lock }) => lock));
  return moment.threads?.filter((t) => t.waitsFor !== undefined && held.has(t.waitsFor.lock)).length ?? 0;
}

function Running({ moment, thread, meta }: { moment: Moment; thread: ThreadMoment; meta: TraceMeta }): ReactNode {
  const waiting = blockedBy(moment, thread);
  return (
    <dl className="rows">
      <Row name="for">{duration(moment.t - thread.sinceNs)}</Row>
      <Row name="on">{thread.cpu === null ? MISSING : `CPU ${thread.cpu}`}</Row>
      <Row name="at">{siteLabel(thread.site, meta) || 'nowhere'}</Row>
      {thread.holds?.map(({ lock, mode, sinceNs }) => (
        <Row key={`${lock} ${sinceNs}`} name={`holds to ${mode}`}>
          {objectLabel(lock, meta)} · {duration(moment.t - sinceNs)}
        </Row>
      ))}
      {waiting > 0 && <Row name="wait for it">{waiting === 1 ? '1 thread' : `${waiting} threads`}</Row>}
    </dl>
  );
}

function Locals({ thread }: { readonly thread: ThreadMoment }): ReactNode {
  if (thread.locals === undefined || thread.locals.length === 0) return null;
  return (
    <>
      <h2>Locals of {thread.stack?.[0]?.fn ?? 'its line'}</h2>
      <dl className="rows mono">
        {thread.locals.map(({ name, value }) => (
          <Row key={name} name={name}>
            {value}
          </Row>
        ))}
      </dl>
    </>
  );
}

function swatchOf(mode: Mode): ReactNode {
  return <span className={`swatch solid-hold-${mode}`} />;
}

function LockNow({ lock, meta }: { readonly lock: LockMoment; readonly meta: TraceMeta }): ReactNode {
  const { mode, owners } = lock;
  return (
    <dl className="rows">
      {mode === 'free' ? (
        <Row name="owner">nobody</Row>
      ) : (
        <Row
          name={
            <>
              {swatchOf(mode)}
              {mode === 'write' ? 'writing' : 'reading'}
            </>
          }
        >
          {named(owners.map((owner) => threadName(owner, meta)))}
        </Row>
      )}
      {queueGroups(lock, meta).map(({ mode: wants, spinning, first, last, names }) => (
        <Row
          key={first}
          name={
            <>
              <Swatch state={spinning ? 2 : wants === 'read' ? 3 : 4} />
              {spinning ? 'spinning' : `${first}${last > first ? `–${last}` : ''}. to ${wants}`}
            </>
          }
        >
          {named(names)}
        </Row>
      ))}
      {lock.queue.length === 0 && <Row name="queue">empty</Row>}
    </dl>
  );
}

/** The selected thread and the lock in question at the playhead: why it waits, or what it does. */
export function Inspector(): ReactNode {
  const meta = useApp((s) => s.info?.meta ?? null);
  const moment = useApp((s) => s.moment);
  const index = useApp(selectedThread);
  const thread = useApp(selectedMoment);
  if (meta === null || moment === null || index < 0) {
    return (
      <section className="inspector" aria-label="At the playhead">
        <h2>At the playhead</h2>
        <p className="quiet">Waiting for the first record.</p>
      </section>
    );
  }
  const name = threadName(index, meta);
  const wait = thread?.waitsFor;
  const locks = (moment.locks ?? []).filter(({ lock }) => lock >>> 28 !== 2);
  const shown = locks.filter((l) => l.lock === wait?.lock || l.lock === locks[0]?.lock);
  return (
    <section className="inspector" aria-label="At the playhead">
      <h2>{wait === undefined ? 'At the playhead' : 'Why is it waiting?'}</h2>
      <p className="who">
        {thread !== undefined && <Swatch state={thread.state} />}
        <b>{name}</b>{' '}
        {wait === undefined ? (
          `is ${thread === undefined ? MISSING : STATE_NAMES[thread.state as State]}`
        ) : (
          <>
            waits to <b>{`${wait.mode} ${objectLabel(wait.lock, meta)}`}</b>
          </>
        )}
      </p>
      {wait !== undefined && <Waiting moment={moment} index={index} meta={meta} />}
      {wait === undefined && thread !== undefined && <Running moment={moment} thread={thread} meta={meta} />}
      {shown.map((lock) => (
        <div key={lock.lock}>
          <h2>{objectLabel(lock.lock, meta)} now</h2>
          <LockNow lock={lock} meta={meta} />
        </div>
      ))}
      {moment.locks === undefined && <p className="quiet">Locks: {MISSING}</p>}
      {thread !== undefined && <Locals thread={thread} />}
    </section>
  );
}
