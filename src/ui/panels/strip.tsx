import type { ReactNode } from 'react';
import { within } from '../../store/index.ts';
import type { LockReport, LogReport } from '../../trace/index.ts';
import { app, useApp } from '../app-store.ts';
import { count, counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { tip } from '../tips/tip.ts';
import { AddressSpace } from './address-space.tsx';

/** The lock that the figures are about: the process-wide one, unless nobody ever took it. */
function mainLock(report: LogReport | null): LockReport | undefined {
  const locks = report?.locks.filter(({ id }) => id !== 'ptl') ?? [];
  return locks.find(({ read, write }) => read.acquired + write.acquired > 0) ?? locks[0];
}

/** A figure that leads to where it was measured. */
function Figure(props: {
  readonly label: string;
  readonly value: ReactNode;
  readonly detail: ReactNode;
  readonly go?: { readonly t: number; readonly thread: string } | undefined;
}): ReactNode {
  const { label, value, detail, go } = props;
  const body = (
    <>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{value}</span>
      <span className="figure-detail">{detail}</span>
    </>
  );
  if (go === undefined) return <div className="figure">{body}</div>;
  return (
    <button
      type="button"
      className="figure"
      {...tip('Go there')}
      onClick={() => {
        app().select(go.thread);
        app().move({ to: 'time', t: Math.round(go.t) });
      }}
    >
      {body}
    </button>
  );
}

/** What the run comes to: address space, longest hold, faults. */
export function Strip(): ReactNode {
  const report = useApp((s) => s.report);
  const lock = mainLock(report);
  const hold = lock?.write.hold;
  // The victims are readers, unless none of them had to wait; a lock with one mode has none.
  const modes = lock === undefined || lock.kind === 'rwsem';
  const reads = modes && !(lock?.read.wait.count === 0 && lock.write.wait.count > 0);
  const wait = reads ? lock?.read.wait : lock?.write.wait;
  const latency = report?.faults.latency;
  const label = lock?.label ?? 'mmap_sem';
  const dash = '–';
  return (
    <footer className="strip">
      <AddressSpace />
      <Figure
        label={`Longest exclusive hold of ${label}`}
        value={hold?.maxNs == null ? dash : duration(hold.maxNs)}
        detail={hold?.max == null ? 'nobody held it to write' : `${hold.max.thread} · ${hold.max.line}`}
        go={
          hold?.max == null
            ? undefined
            : { t: within(hold.max.atNs, hold.maxNs ?? 0), thread: hold.max.thread }
        }
      />
      <Figure
        label={`Longest wait ${!modes ? 'for' : reads ? 'to read' : 'to write'} ${label}`}
        value={wait?.maxNs == null ? dash : duration(wait.maxNs)}
        detail={
          wait?.max == null
            ? 'nobody had to wait'
            : `${wait.max.thread} · ${counted(wait.count, 'wait')} in all`
        }
        go={
          wait?.max == null
            ? undefined
            : { t: within(wait.max.atNs, wait.maxNs ?? 0), thread: wait.max.thread }
        }
      />
      <Figure
        label="Page faults, p50 / p99 / max"
        value={
          latency?.maxNs == null ? (
            dash
          ) : (
            <>
              {duration(latency.p50Ns ?? 0)} <i>/</i> {duration(latency.p99Ns ?? 0)} <i>/</i>{' '}
              {duration(latency.maxNs)}
            </>
          )
        }
        detail={
          report === null
            ? ''
            : report.faults.count === 0
              ? 'no page faults'
              : `${count(report.faults.perSec)} faults/s · ${count(report.faults.segv)} SIGSEGV`
        }
      />
    </footer>
  );
}
