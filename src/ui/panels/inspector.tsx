import type { ReactNode } from 'react';
import {
  Class,
  classOf,
  type LockMoment,
  type Moment,
  objectLabel,
  siteLabel,
  type ThreadMoment,
  type TraceMeta,
} from '../../event/index.ts';
import { type AppState, selectedMoment, selectedThread } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { Swatch } from '../controls/swatch.tsx';
import { duration } from '../text/time.ts';
import { brief, type Mode, predicate, queueGroups, threadName, whyWaiting } from '../text/why.ts';
import { Nearby } from './nearby.tsx';

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

function Names({ names }: { readonly names: readonly string[] }): ReactNode {
  return <span title={names.join(', ')}>{brief(names)}</span>;
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
            <Names names={why.ahead.map((a) => a.name)} />
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

function Running({
  moment,
  thread,
  meta,
}: {
  moment: Moment;
  thread: ThreadMoment;
  meta: TraceMeta;
}): ReactNode {
  const waiting = blockedBy(moment, thread);
  return (
    <dl className="rows">
      <Row name="for">{duration(moment.t - thread.sinceNs)}</Row>
      <Row name="on">{thread.cpu === null ? MISSING : `CPU ${thread.cpu}`}</Row>
      <Row name="at">{siteLabel(thread.site, meta) || 'nowhere'}</Row>
      {thread.holds?.map(({ lock, mode, sinceNs }) => (
        <Row key={`${lock} ${sinceNs}`} name={`holds to ${mode}`}>
          {objectLabel(lock, meta)} · <span className="whole">{duration(moment.t - sinceNs)}</span>
        </Row>
      ))}
      {waiting > 0 && <Row name="wait for it">{waiting === 1 ? '1 thread' : `${waiting} threads`}</Row>}
    </dl>
  );
}

function Locals({ thread }: { readonly thread: ThreadMoment }): ReactNode {
  // Callers and callees pass the same value on under the same name: once is enough.
  const locals = new Map(thread.locals?.map((local) => [`${local.name} ${local.value}`, local]));
  if (locals.size === 0) return null;
  return (
    <>
      <h2>Locals</h2>
      <dl className="rows mono">
        {[...locals].map(([key, { name, value }]) => (
          <Row key={key} name={name}>
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
          <Names names={owners.map((owner) => threadName(owner, meta))} />
        </Row>
      )}
      {queueGroups(lock, meta).map(({ mode: wants, spinning, first, last, names }) => (
        <Row
          key={first}
          name={
            <>
              <Swatch state={spinning ? 2 : wants === 'read' ? 3 : 4} />
              {spinning ? 'spinning' : `${first}.${last > first ? `–${last}.` : ''} to ${wants}`}
            </>
          }
        >
          <Names names={names} />
        </Row>
      ))}
      {lock.queue.length === 0 && <Row name="queue">empty</Row>}
    </dl>
  );
}

/** What was found in the step that has just been done. */
function findingHere(s: AppState): AppState['findings'][0] | undefined {
  const t = s.record?.t;
  const step = s.nearby.filter((record) => record.t === t && record.id < (s.moment?.event ?? 0));
  return s.findings.find(({ event }) => step.some(({ id }) => id === event));
}

/** The lock that is waited for; else those that somebody holds or wants, the process-wide one at least. */
function locksInQuestion(locks: readonly LockMoment[], wanted: number | undefined): LockMoment[] {
  const own = locks.filter(({ lock }) => lock === wanted);
  if (own.length > 0) return own;
  const wide = locks.filter(({ lock }) => classOf(lock) !== Class.TABLE);
  const used = wide.filter(({ mode, queue }) => mode !== 'free' || queue.length > 0);
  return used.length > 0 ? used : wide.slice(0, 1);
}

/** The selected thread and the lock in question at the playhead: why it waits, or what it does. */
export function Inspector(): ReactNode {
  const meta = useApp((s) => s.info?.meta ?? null);
  const moment = useApp((s) => s.moment);
  const index = useApp(selectedThread);
  const thread = useApp(selectedMoment);
  const finding = useApp(findingHere);
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
  const shown = locksInQuestion(moment.locks ?? [], wait?.lock);
  return (
    <section className="inspector" aria-label="At the playhead">
      {finding !== undefined && (
        <p className="finding">
          <b>{finding.title}</b> {finding.message}
        </p>
      )}
      <h2>{wait === undefined ? 'At the playhead' : 'Why is it waiting?'}</h2>
      <p className="who">
        {thread !== undefined && <Swatch state={thread.state} />}
        <b>{name}</b>{' '}
        {wait === undefined ? (
          predicate(thread?.state ?? -1)
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
      <Nearby />
    </section>
  );
}
