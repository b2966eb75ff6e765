import { Fragment, type ReactNode } from 'react';
import {
  MMAP_SEQ,
  type Moment,
  mmOf,
  type ThreadMoment,
  type TraceMeta,
  withinMm,
} from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { toldLabel } from '../text/lock-label.ts';
import { count, counted, waiting } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { Row } from './rows.tsx';

export interface ToldProps {
  readonly moment: Moment;
  readonly thread: ThreadMoment | undefined;
  readonly meta: TraceMeta;
  readonly changed: Changed;
  /** Null while the lanes are behind the moment. */
  readonly view: PyramidView | null;
}

/** A long name in one word, which may go on in the next line behind an underscore. */
function Word({ children }: { readonly children: string }): ReactNode {
  return children.split(/(?<=_)/).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name have no other order
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

/** Aborts of a thread up to the moment, with the last one's reason. */
function Aborts({ moment, thread, meta, view }: ToldProps): ReactNode {
  if (thread === undefined || view === null) return null;
  const until = moment.t + 1;
  const n = view.aborts(thread.thread, 0, until);
  const last = n === 0 ? undefined : view.lastAbort(thread.thread, until);
  if (last === undefined) return null;
  return (
    <>
      <Row name="aborts">{count(n)} so far</Row>
      <Row name="the last">
        <Word>{meta.counters[last.queued] ?? ''}</Word> ·{' '}
        <span className="whole">{duration(moment.t - last.t)} ago</span>
      </Row>
    </>
  );
}

/**
 * What page faults without mmap_sem go by, where there is any: sequence counts, VMAs locked for writing, grace periods,
 * whether the selected thread takes interrupts, and what became of its faults.
 */
export function Told(props: ToldProps): ReactNode {
  const { moment, thread, meta, changed, view } = props;
  const mm = meta.threads[thread?.thread ?? 0]?.mm ?? 0;
  const sequences = moment.sequences?.filter(({ id }) => mmOf(id) === mm) ?? [];
  const { graces = [], vmas = [] } = moment;
  const locked = vmas.filter((vma) => vma.mm === mm && vma.writeLocked);
  const aborted = thread !== undefined && view !== null && view.aborts(thread.thread, 0, moment.t + 1) > 0;
  const any = sequences.length + graces.length + locked.length > 0;
  if (!any && !aborted && thread?.irqsOff !== true) return null;
  return (
    <>
      <h2>Faults without {meta.mmapLockLabel}</h2>
      <dl className="rows">
        {thread?.irqsOff === true && <Row name="interrupts">off on its CPU</Row>}
        <Aborts {...props} />
        {sequences.map(({ id, value }) => (
          <Row key={id} name={nameOf(id, meta)} changed={changed.objects.has(id)}>
            {count(value)}, {value % 2 === 1 ? 'odd: a writer is at work' : 'even'}
          </Row>
        ))}
        {locked.length > 0 && (
          <Row name="write-locked">
            {locked.length === 1
              ? locked[0]?.name || `VMA ${withinMm(locked[0]?.id ?? 0)}`
              : counted(locked.length, 'VMA')}
          </Row>
        )}
        {graces.map(({ id, callbacks, readers, next }) => (
          <Row key={id} name={toldLabel(id, meta)} changed={changed.objects.has(id)}>
            {callbacks === null ? 'none under way' : waiting(callbacks)}
            {readers > 0 && ` · ${counted(readers, 'reader')} before it`}
            {next > 0 && ` · ${count(next)} for the next`}
          </Row>
        ))}
      </dl>
    </>
  );
}

/** 'mmap_seq', 'VMA 3' for the count of a VMA. */
function nameOf(id: number, meta: TraceMeta): string {
  return withinMm(id) === MMAP_SEQ ? toldLabel(id, meta) : `VMA ${withinMm(id)}`;
}
