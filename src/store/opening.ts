import type { Ns, TraceMeta } from '../event/index.ts';
import type { LogReport, LongestReport, LongestWaitReport, ModeReport } from '../trace/index.ts';
import type { Finding, Move } from '../worker/protocol.ts';
import { clampRange } from './range.ts';
import type { Range } from './state.ts';

/** A wait ends when the thread runs again, some time after it was given the lock: this early it still waits. */
const WITHIN = 0.3;

/** A time within a wait or hold at which there is something to see of it. */
export function within(atNs: Ns, ns: Ns): Ns {
  return Math.round(atNs + ns * WITHIN);
}

export interface Opening {
  readonly move: Move;
  readonly thread: string | null;
}

interface Wait {
  readonly max: LongestWaitReport;
  readonly ns: number;
}

/** A wait to read is told from this share of the longest wait on: one more thing then stands before it, the writer. */
const READER = 0.5;

function longest(modes: readonly ModeReport[]): Wait | null {
  let found: Wait | null = null;
  for (const { wait } of modes) {
    if (wait.max === null || wait.maxNs === null) continue;
    if (found === null || wait.maxNs > found.ns) found = { max: wait.max, ns: wait.maxNs };
  }
  return found;
}

/** The wait that tells most: the longest, or that of a reader who waits about as long. */
function tellingWait({ locks }: LogReport): Wait | null {
  const read = longest(locks.map((lock) => lock.read));
  const any = longest(locks.flatMap((lock) => [lock.read, lock.write]));
  return read !== null && any !== null && read.ns >= any.ns * READER ? read : any;
}

/** The longest hold of the process-wide lock, in either mode. */
function longestHold(report: LogReport): { readonly max: LongestReport; readonly ns: number } | null {
  const lock = report.locks.find(({ id }) => id.startsWith('mmap_lock'));
  const holds = lock === undefined ? [] : [lock.read.hold, lock.write.hold];
  const found = holds
    .flatMap(({ max, maxNs }) => (max === null || maxNs === null ? [] : [{ max, ns: maxNs }]))
    .sort((a, b) => b.ns - a.ns);
  return found[0] ?? null;
}

/**
 * Where a finished run is first looked at: its finding if there is one, else its most telling wait for a lock, with
 * the thread that waits, else its longest hold. Null: there is nothing better than the start.
 */
export function openingMove(
  report: LogReport,
  findings: readonly Finding[],
  meta: TraceMeta,
): Opening | null {
  const finding = findings[0];
  if (finding !== undefined) return { move: { to: 'event', event: finding.event + 1 }, thread: null };
  const seen = tellingWait(report) ?? longestHold(report);
  if (seen === null || !meta.threads.some(({ name }) => name === seen.max.thread)) return null;
  const { max, ns } = seen;
  return { move: { to: 'time', t: within(max.atNs, ns) }, thread: max.thread };
}

/** What takes no more than this share of the axis would be a line on it. */
const TINY = 0.125;

/** The span that holds what led to a finding, with some air around it; null where the whole axis shows it. */
export function causesRange(times: readonly Ns[], axisNs: Ns): Range | null {
  const from = Math.min(...times);
  const to = Math.max(...times);
  const span = to - from;
  if (times.length < 2 || span > axisNs * TINY) return null;
  const air = span / 2;
  return clampRange({ from: Math.max(0, from - air), to: Math.min(axisNs, to + air) }, axisNs);
}
