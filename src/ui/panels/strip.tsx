import { type ReactNode, useMemo } from 'react';
import { within } from '../../store/index.ts';
import { app, useApp } from '../app-store.ts';
import { type Headline, headline } from '../text/headline.ts';
import { count, counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { tip } from '../tips/tip.ts';
import { AddressSpace } from './address-space.tsx';

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

/** The value of a figure; of a run that goes on, what it comes to so far. */
function Value(props: { readonly ns: number | null | undefined; readonly over: boolean }): ReactNode {
  const { ns, over } = props;
  if (ns == null) return over ? '–' : '…';
  return (
    <>
      {duration(ns)}
      {!over && <small>so far</small>}
    </>
  );
}

/** Where to see a longest hold or wait. */
function placeOf({ max, maxNs }: Headline['hold']): { t: number; thread: string } | undefined {
  return max === null ? undefined : { t: within(max.atNs, maxNs ?? 0), thread: max.thread };
}

/** What the run comes to: address space, longest hold, faults. */
export function Strip(): ReactNode {
  const report = useApp((s) => s.report);
  // Before that, what has not been seen may still come.
  const over = useApp((s) => s.hash !== null);
  const main = useMemo(() => headline(report?.locks ?? []), [report]);
  const { hold, wait, reads = true, modes = true } = main ?? {};
  const latency = report?.faults.latency;
  const label = main?.label ?? 'mmap_sem';
  const ever = (what: string): string => (report === null ? '' : over ? what : `${what} so far`);
  return (
    <footer className="strip">
      <AddressSpace />
      <Figure
        label={`Longest ${modes ? 'exclusive ' : ''}hold of ${label}`}
        value={<Value ns={hold?.maxNs} over={over} />}
        detail={
          hold?.max == null
            ? ever(modes ? 'nobody held it to write' : 'nobody held it')
            : `${hold.max.thread} · ${hold.max.line}`
        }
        go={hold && placeOf(hold)}
      />
      <Figure
        label={`Longest wait ${!modes ? 'for' : reads ? 'to read' : 'to write'} ${label}`}
        value={<Value ns={wait?.maxNs} over={over} />}
        detail={
          wait?.max == null
            ? ever('nobody had to wait')
            : `${wait.max.thread} · ${counted(wait.count, 'wait')} ${over ? 'in all' : 'so far'}`
        }
        go={wait && placeOf(wait)}
      />
      <Figure
        label="Page faults, p50 / p99 / max"
        value={
          latency?.maxNs == null ? (
            <Value ns={null} over={over} />
          ) : (
            <>
              {duration(latency.p50Ns ?? 0)} <i>/</i> {duration(latency.p99Ns ?? 0)} <i>/</i>{' '}
              {duration(latency.maxNs)}
            </>
          )
        }
        detail={ever(
          report === null || report.faults.count === 0
            ? 'no page faults'
            : `${count(report.faults.perSec)} faults/s · ${count(report.faults.segv)} SIGSEGV`,
        )}
      />
    </footer>
  );
}
