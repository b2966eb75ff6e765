import {
  Class,
  classOf,
  indexOf,
  MANY_NAMES,
  MmLock,
  manyOf,
  type Ns,
  objectLabel,
  objectName,
  SEC,
  STATE_COUNT,
  State,
  siteLabel,
  type TraceMeta,
} from '../event/index.ts';
import type { FaultTotals } from './call-statistics.ts';
import type { Histogram } from './histogram.ts';
import type { InstanceTotals, LockTotals, ModeTotals } from './lock-statistics.ts';
import type { Mode } from './phases.ts';
import { holderThread, holderWrites, type Samples } from './samples.ts';
import type { Counters, Statistics } from './statistics.ts';

/** Where a thread's time went; the sum is the end time. */
export interface ThreadReport {
  readonly name: string;
  readonly cpu: number | null;
  readonly userNs: Ns;
  readonly kernelNs: Ns;
  readonly spinNs: Ns;
  /** Asleep for a lock, in either mode. */
  readonly blockedNs: Ns;
  readonly runnableNs: Ns;
  /** Asleep by its own will, not begun, or done. */
  readonly idleNs: Ns;
}

/** null where nothing was measured. */
export interface LatencyReport {
  readonly p50Ns: Ns | null;
  readonly p99Ns: Ns | null;
  readonly maxNs: Ns | null;
}

/** The longest one: when it began, whose it was, and the line that asked for the lock ('' when not recorded). */
export interface LongestReport {
  readonly atNs: Ns;
  readonly thread: string;
  readonly line: string;
}

/** `heldBy`: who held the lock when the wait began, such as 'unmapper (write)'; at most four. */
export interface LongestWaitReport extends LongestReport {
  readonly heldBy: readonly string[];
}

export interface DurationReport<Longest> extends LatencyReport {
  readonly count: number;
  readonly totalNs: Ns;
  readonly max: Longest | null;
}

/** `acquired` counts grants, `wait` only those grants (and cancelled requests) that had to wait. */
export interface ModeReport {
  readonly acquired: number;
  readonly wait: DurationReport<LongestWaitReport>;
  readonly hold: DurationReport<LongestReport>;
}

export interface LockInstanceReport {
  readonly id: string;
  readonly label: string;
  readonly acquired: number;
  readonly waitTotalNs: Ns;
  readonly maxWaitNs: Ns;
}

export interface LockReport {
  readonly id: string;
  readonly label: string;
  readonly kind: 'rwsem' | 'spinlock' | 'mutex' | 'rwlock';
  readonly instances: number;
  readonly maxWaiters: number;
  readonly read: ModeReport;
  readonly write: ModeReport;
  /** Of a class: its most contended locks. */
  readonly top: readonly LockInstanceReport[];
}

export interface MmReport {
  readonly id: string;
  readonly rssPages: number;
  readonly presentPages: number;
}

export interface SyscallReport {
  readonly count: number;
  readonly latency: LatencyReport;
}

export interface PhaseReport {
  readonly name: string;
  /** How the thread held the process-wide lock. */
  readonly mode: Mode;
  readonly startNs: Ns;
  readonly ns: Ns;
}

export interface FaultPlaceReport {
  readonly count: number;
  readonly segv: number;
  readonly latency: LatencyReport;
}

export interface FaultReport extends FaultPlaceReport {
  /** Per simulated second. */
  readonly perSec: number;
  /** In a range that a munmap of the same mm had begun to unmap when the fault came. */
  readonly inRange: FaultPlaceReport;
  readonly elsewhere: FaultPlaceReport;
}

/** The part of the JSON of `run` that comes from the log. */
export interface LogReport {
  readonly threads: readonly ThreadReport[];
  readonly locks: readonly LockReport[];
  readonly mm: readonly MmReport[];
  /** By name; those that were called. */
  readonly syscalls: Readonly<Record<string, SyscallReport>>;
  /** By name of the syscall, the first thousand of each. */
  readonly phases: Readonly<Record<string, readonly PhaseReport[]>>;
  /** By name of the syscall: phases past the first thousand. Missing where there are none. */
  readonly phasesDropped?: Readonly<Record<string, number>>;
  readonly faults: FaultReport;
  readonly counters: Counters;
}

/** `mm` is the caller's: the log knows changes, the world knows what is present. */
export function buildReport(statistics: Statistics, mm: readonly MmReport[]): LogReport {
  const { meta } = statistics;
  const totals = statistics.totals();
  const phases: Record<string, PhaseReport[]> = {};
  const dropped: Record<string, number> = {};
  const syscalls: Record<string, SyscallReport> = {};
  for (const call of totals.syscalls) {
    syscalls[call.name] = { count: call.latency.count, latency: latency(call.latency) };
    if (call.phases.length === 0) continue;
    phases[call.name] = call.phases.map(({ phase, mode, startNs, ns }) => {
      return { name: meta.phases[phase] ?? '', mode, startNs, ns };
    });
    if (call.phasesDropped > 0) dropped[call.name] = call.phasesDropped;
  }
  return {
    threads: meta.threads.map((_, thread) => threadReport(meta, totals.stateNs, thread)),
    locks: totals.locks.flatMap((lock) => (lock.instances === 0 ? [] : [lockReport(lock, meta)])),
    mm,
    syscalls,
    phases,
    ...(Object.keys(dropped).length > 0 ? { phasesDropped: dropped } : {}),
    faults: faultReport(totals.faults.inRange, totals.faults.elsewhere, totals.endNs),
    counters: totals.counters,
  };
}

function threadReport(meta: TraceMeta, stateNs: Float64Array, thread: number): ThreadReport {
  const { name, cpu } = meta.threads[thread];
  const ns = (state: number): Ns => stateNs[thread * STATE_COUNT + state];
  return {
    name,
    cpu,
    userNs: ns(State.USER),
    kernelNs: ns(State.KERNEL),
    spinNs: ns(State.SPIN),
    blockedNs: ns(State.WAIT_READ) + ns(State.WAIT_WRITE),
    runnableNs: ns(State.RUNNABLE),
    idleNs: ns(State.IDLE) + ns(State.DONE),
  };
}

function latency(lengths: Histogram): LatencyReport {
  return {
    p50Ns: lengths.percentile(50),
    p99Ns: lengths.percentile(99),
    maxNs: lengths.percentile(100),
  };
}

function duration(samples: Samples, meta: TraceMeta): DurationReport<LongestReport> {
  const { lengths, longestThread, longestAt, longestSite } = samples;
  const thread = meta.threads[longestThread]?.name;
  const line = siteLabel(longestSite, meta);
  return {
    count: lengths.count,
    totalNs: lengths.totalNs,
    ...latency(lengths),
    max: thread === undefined ? null : { atNs: longestAt, thread, line },
  };
}

function modeReport(mode: ModeTotals, meta: TraceMeta): ModeReport {
  const wait = duration(mode.wait, meta);
  const heldBy = mode.wait.heldBy.map((holder) => {
    const name = meta.threads[holderThread(holder)]?.name ?? '';
    return `${name} (${holderWrites(holder) ? 'write' : 'read'})`;
  });
  return {
    acquired: mode.acquired,
    wait: { ...wait, max: wait.max === null ? null : { ...wait.max, heldBy } },
    hold: duration(mode.hold, meta),
  };
}

function lockReport(lock: LockTotals, meta: TraceMeta): LockReport {
  const many = MANY_NAMES[manyOf(lock.object)];
  return {
    id: many?.id ?? objectName(lock.object, meta),
    label: many?.label ?? objectLabel(lock.object, meta),
    kind: lockKind(lock, meta),
    instances: lock.instances,
    maxWaiters: lock.maxWaiters,
    read: modeReport(lock.read, meta),
    write: modeReport(lock.write, meta),
    top: lock.top.map((instance) => instanceReport(instance, meta)),
  };
}

function lockKind(lock: LockTotals, meta: TraceMeta): LockReport['kind'] {
  const cls = classOf(lock.object);
  if (cls === Class.LOCK) return meta.locks[indexOf(lock.object)]?.kind ?? 'mutex';
  if (cls === Class.MM_LOCK && (lock.object & 0xff) === MmLock.MM_RB_LOCK) return 'rwlock';
  return cls === Class.TABLE ? 'spinlock' : 'rwsem';
}

function instanceReport(instance: InstanceTotals, meta: TraceMeta): LockInstanceReport {
  const { object, acquired, waitTotalNs, maxWaitNs } = instance;
  return { id: objectName(object, meta), label: objectLabel(object, meta), acquired, waitTotalNs, maxWaitNs };
}

function placeReport(faults: FaultTotals): FaultPlaceReport {
  return { count: faults.latency.count, segv: faults.segv, latency: latency(faults.latency) };
}

function faultReport(inRange: FaultTotals, elsewhere: FaultTotals, endNs: Ns): FaultReport {
  const all: FaultTotals = { segv: inRange.segv + elsewhere.segv, latency: inRange.latency.clone() };
  all.latency.merge(elsewhere.latency);
  const { count, segv, latency: latencies } = placeReport(all);
  return {
    count,
    perSec: endNs > 0 ? (count * SEC) / endNs : 0,
    segv,
    latency: latencies,
    inRange: placeReport(inRange),
    elsewhere: placeReport(elsewhere),
  };
}
