import type { ReactNode } from 'react';
import {
  type Moment,
  objectLabel,
  State,
  siteLabel,
  type ThreadMoment,
  type TraceMeta,
} from '../../event/index.ts';
import { type AppState, type Changed, selectedMoment, selectedThread } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { icons } from '../controls/icons.tsx';
import { Swatch } from '../controls/swatch.tsx';
import { useParts } from '../late.ts';
import { duration } from '../text/time.ts';
import { waitPast } from '../text/wait-past.ts';
import { hasModes, predicate, threadName } from '../text/why.ts';
import { tip } from '../tips/tip.ts';
import { LockNow } from './lock-now.tsx';
import { locksInQuestion } from './locks-in-question.ts';
import { Counters, Memory } from './memory.tsx';
import { Nearby } from './nearby.tsx';
import { MISSING, Row } from './rows.tsx';
import { useChanged } from './use-changed.ts';
import { Waiting } from './waiting.tsx';

/** How many wait for what a thread holds. */
function blockedBy(moment: Moment, thread: ThreadMoment): number {
  const held = new Set(thread.holds?.map(({ lock }) => lock));
  return moment.threads?.filter((t) => t.waitsFor !== undefined && held.has(t.waitsFor.lock)).length ?? 0;
}

function Running({
  moment,
  thread,
  meta,
  changed,
}: {
  moment: Moment;
  thread: ThreadMoment;
  meta: TraceMeta;
  changed: Changed;
}): ReactNode {
  const waiting = blockedBy(moment, thread);
  const idle = thread.state === State.RUNNABLE && thread.holds?.some(({ mode }) => mode === 'write');
  return (
    <>
      <dl className="rows">
        <Row name="for">{duration(moment.t - thread.sinceNs)}</Row>
        <Row name="on">{thread.cpu === null ? MISSING : `CPU ${thread.cpu}`}</Row>
        <Row name="at">{siteLabel(thread.site, meta) || 'nowhere'}</Row>
        {thread.holds?.map(({ lock, mode, sinceNs }) => (
          <Row
            key={`${lock} ${sinceNs}`}
            name={hasModes(lock, meta) ? `holds to ${mode}` : 'holds'}
            changed={changed.owners.get(lock)?.includes(thread.thread)}
          >
            {objectLabel(lock, meta)} · <span className="whole">{duration(moment.t - sinceNs)}</span>
          </Row>
        ))}
        {waiting > 0 && (
          <Row name="wait for it" changed={thread.holds?.some(({ lock }) => changed.queues.has(lock))}>
            {waiting === 1 ? '1 thread' : `${waiting} threads`}
          </Row>
        )}
      </dl>
      {idle === true && (
        <p className="explain">It holds a lock without running: who waits for that waits for its CPU too.</p>
      )}
    </>
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

/** What was found in the step that has just been done. */
function findingHere(s: AppState): AppState['findings'][0] | undefined {
  const t = s.record?.t;
  const step = s.nearby.filter((record) => record.t === t && record.id < (s.moment?.event ?? 0));
  return s.findings.find(({ event }) => step.some(({ id }) => id === event));
}

/** The selected thread and the lock in question at the playhead: why it waits, or what it does. */
export function Inspector(): ReactNode {
  const meta = useApp((s) => s.info?.meta ?? null);
  const moment = useApp((s) => s.moment);
  const index = useApp(selectedThread);
  const thread = useApp(selectedMoment);
  const finding = useApp(findingHere);
  const chosen = useApp((s) => s.selectedLock);
  const changed = useChanged();
  const parts = useParts(false);
  // While a run goes on, the lanes may be behind the moment.
  const view = useApp((s) =>
    s.pyramid !== null && s.pyramid.endNs >= (s.moment?.t ?? 0) ? s.pyramid : null,
  );
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
  const past =
    wait === undefined || view === null ? null : waitPast(view, index, wait.lock, wait.sinceNs, moment.t);
  const mm = meta.threads[index]?.mm ?? 0;
  const shown = locksInQuestion(moment, { thread: index, mm, chosen });
  return (
    <section className="inspector" aria-label="At the playhead">
      {finding !== undefined && (
        <p className="finding">
          <b>{finding.title}</b> {finding.message}
        </p>
      )}
      <h2>{wait === undefined ? 'At the playhead' : 'Why is it waiting?'}</h2>
      <p className={changed.threads.has(index) ? 'who changed' : 'who'}>
        {thread !== undefined && <Swatch state={thread.state} />}
        <b>{name}</b>{' '}
        {wait === undefined ? (
          predicate(thread?.state ?? -1)
        ) : (
          <>
            waits {hasModes(wait.lock, meta) ? 'to' : 'for'}{' '}
            <b>{`${hasModes(wait.lock, meta) ? `${wait.mode} ` : ''}${objectLabel(wait.lock, meta)}`}</b>
          </>
        )}
      </p>
      {wait !== undefined && (
        <Waiting moment={moment} index={index} meta={meta} past={past} changed={changed} />
      )}
      {wait === undefined && thread !== undefined && (
        <Running moment={moment} thread={thread} meta={meta} changed={changed} />
      )}
      {shown.map((lock) => (
        <div key={lock.lock}>
          <h2 className={lock.lock === chosen ? 'chosen' : undefined}>
            {objectLabel(lock.lock, meta)} now
            {lock.lock === chosen && (
              <button
                type="button"
                className="button plain square small"
                aria-label={`Let go of ${objectLabel(lock.lock, meta)}`}
                {...tip('Chosen: put away')}
                onClick={() => app().selectLock(null)}
              >
                {icons.cross}
              </button>
            )}
          </h2>
          <LockNow lock={lock} threads={moment.threads ?? []} meta={meta} changed={changed} />
        </div>
      ))}
      {moment.locks === undefined && <p className="quiet">Locks: {MISSING}</p>}
      {parts !== null && <parts.Told {...{ moment, thread, meta, changed, view }} />}
      {thread !== undefined && <Locals thread={thread} />}
      <Counters moment={moment} changed={changed} />
      <Memory moment={moment} mm={mm} meta={meta} changed={changed} />
      <Nearby />
    </section>
  );
}
