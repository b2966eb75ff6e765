import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { ObjectId, TraceMeta } from '../../event/index.ts';
import type { RangeLock, RangeSummary } from '../../trace/index.ts';
import { app, useApp } from '../app-store.ts';
import { Select } from '../controls/select.tsx';
import { lockLabel } from '../text/lock-label.ts';
import { count, counted, percent } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { hasModes } from '../text/why.ts';
import { Far } from './far.tsx';
import { LengthsChart } from './lengths-chart.tsx';
import { held, phaseSums } from './phase-sums.ts';
import { useRange } from './use-range.ts';
import { ThreadWord, TimeLink } from './words.tsx';

function waitedFor({ read, write }: RangeLock): number {
  return read.wait.totalNs + write.wait.totalNs;
}

function Munmap({ munmap, meta }: Pick<RangeSummary, 'munmap'> & { readonly meta: TraceMeta }): ReactNode {
  return (
    <div>
      <dt>munmap</dt>
      <dd>
        {munmap.calls === 0 ? 'no call' : `${duration(munmap.ns)} in ${counted(munmap.calls, 'call')}`}
        {phaseSums(munmap.phases).map(({ phase, ns, mode, only }) => (
          <span className="phase" key={phase}>
            {phase === 0 ? 'the rest' : meta.phases[phase]}
            {phase !== 0 && held(mode, only)} {duration(ns)} · {percent(ns / munmap.ns)}
          </span>
        ))}
      </dd>
    </div>
  );
}

function Faults({ faults }: Pick<RangeSummary, 'faults'>): ReactNode {
  return (
    <>
      <div>
        <dt>Page faults</dt>
        <dd>
          {count(faults.perSec)} per s{faults.segv > 0 && `, ${counted(faults.segv, 'SIGSEGV')}`}
        </dd>
      </div>
      <div>
        <dt>p50, p99, max of a page fault</dt>
        <dd>
          {faults.maxNs === null
            ? 'no fault'
            : [faults.p50Ns, faults.p99Ns, faults.maxNs].map((ns) => duration(ns ?? 0)).join(', ')}
        </dd>
      </div>
    </>
  );
}

interface FiguresProps {
  readonly summary: RangeSummary;
  /** The lock that was chosen; none where nobody held or wanted one. */
  readonly lock: RangeLock | undefined;
  readonly meta: TraceMeta;
}

function Figures({ summary, lock, meta }: FiguresProps): ReactNode {
  // What the whole run does not have needs no row; what only this part of it lacks has one that says so.
  const unmaps = useApp((s) => s.report?.syscalls['munmap'] !== undefined) || summary.munmap.calls > 0;
  const faulted = useApp((s) => (s.report?.faults.count ?? 0) > 0) || summary.faults.count > 0;
  const hold = lock?.write.hold;
  const modes = lock !== undefined && hasModes(lock.lock, meta);
  return (
    <dl className="why-figures">
      {unmaps && <Munmap munmap={summary.munmap} meta={meta} />}
      {lock !== undefined && (
        <div>
          <dt>
            Longest {modes ? 'write hold' : 'hold'} of {lockLabel(lock.lock, meta)}
          </dt>
          <dd>
            {hold?.maxNs == null || hold.longest === null ? (
              'none'
            ) : (
              <>
                {duration(hold.maxNs)} by <ThreadWord thread={hold.longest.thread} meta={meta} /> at{' '}
                <TimeLink t={hold.longest.atNs} />
              </>
            )}
          </dd>
        </div>
      )}
      {faulted && <Faults faults={summary.faults} />}
    </dl>
  );
}

/** What the visible range holds: times of munmap, holds, faults, and lengths of waits and holds per lock. */
export function StatisticsPanel(): ReactNode {
  const meta = useApp((s) => s.info?.meta ?? null);
  const answer = useApp((s) => s.statistics);
  const range = useRange();
  const recorded = useApp((s) => s.report);
  const [wanted, setWanted] = useState<ObjectId | null>(null);
  // While the run goes on, its reports say when there is more to count.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => app().askRange('statistics', range), [range, recorded]);
  // What was marked is no longer what the charts show.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the charts change
  useEffect(() => () => app().mark('', []), [answer, wanted]);
  const summary = answer?.summary;
  const locks = useMemo(
    () => [...(summary?.locks ?? [])].sort((a, b) => waitedFor(b) - waitedFor(a)),
    [summary],
  );
  if (meta === null || summary === undefined) return <Far />;
  const lock = locks.find((l) => l.lock === wanted) ?? locks[0];
  const modes = lock !== undefined && hasModes(lock.lock, meta);
  const label = lock === undefined ? '' : lockLabel(lock.lock, meta);
  return (
    <div className="why-statistics">
      <section aria-label="Statistics of the visible range">
        <h2>
          In {duration(summary.toNs - summary.fromNs)} from <TimeLink t={summary.fromNs} /> <Far />
        </h2>
        <Figures summary={summary} lock={lock} meta={meta} />
        {answer?.whole === false && <p className="dim">Later records are no longer kept.</p>}
      </section>
      <section aria-label="Lengths of waits and holds" className="why-lengths">
        <header>
          <div className="choice">
            <span aria-hidden="true">Lock</span>
            <Select
              label="Lock"
              options={locks.map((l) => ({ id: String(l.lock), title: lockLabel(l.lock, meta) }))}
              value={lock === undefined ? 'none' : String(lock.lock)}
              disabled={locks.length === 0}
              onChange={(id) => setWanted(Number(id))}
            />
          </div>
          {modes && (
            <span className="why-key">
              <i className="length-wait-read" /> <i className="length-hold-read" /> read
              <i className="length-wait-write" /> <i className="length-hold-write" /> write
            </span>
          )}
        </header>
        <div className="why-charts">
          <LengthsChart
            key={`wait ${lock?.lock}`}
            title={`Waits for ${label}`}
            of={label}
            noun="wait"
            read={lock?.read.wait.bins ?? []}
            write={lock?.write.wait.bins ?? []}
            modes={modes}
          />
          <LengthsChart
            key={`hold ${lock?.lock}`}
            title={`Holds of ${label}`}
            of={label}
            noun="hold"
            read={lock?.read.hold.bins ?? []}
            write={lock?.write.hold.bins ?? []}
            modes={modes}
          />
        </div>
      </section>
    </div>
  );
}
