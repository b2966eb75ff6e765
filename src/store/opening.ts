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
  /** The span that is shown at first; null: all of it. */
  readonly range: Range | null;
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

/** Of their time threads wait at least so much in a run that is all contention. */
const CROWDED = 0.2;
/** A wait is seen on the axis from this share of it on. */
const SEEN = 1 / 250;
/** How many times its length is shown around a wait, before it and behind it. */
const BEFORE = 4;
const BEHIND = 8;

/**
 * Where one hand-over follows the other all the time, the whole axis is of one colour: the span around one wait shows how
 * they follow. Elsewhere the whole is the story. Null: all of it.
 */
function crowdedRange({ locks }: LogReport, threads: number, wait: Wait, axisNs: Ns): Range | null {
  const waited = locks.reduce((sum, { read, write }) => sum + read.wait.totalNs + write.wait.totalNs, 0);
  if (wait.ns > axisNs * SEEN || waited < CROWDED * threads * axisNs) return null;
  const { atNs } = wait.max;
  return clampRange({ from: atNs - BEFORE * wait.ns, to: atNs + BEHIND * wait.ns }, axisNs);
}

/**
 * Where a finished run is first looked at: its finding if there is one, else its most telling wait for a lock, with
 * the thread that waits, else its longest hold. Null: there is nothing better than the start.
 */
export function openingMove(
  report: LogReport,
  findings: readonly Finding[],
  meta: TraceMeta,
  axisNs: Ns,
): Opening | null {
  const finding = findings[0];
  if (finding !== undefined)
    return { move: { to: 'event', event: finding.event + 1 }, thread: null, range: null };
  const wait = tellingWait(report);
  const seen = wait ?? longestHold(report);
  if (seen === null || !meta.threads.some(({ name }) => name === seen.max.thread)) return null;
  const { max, ns } = seen;
  const range = wait === null ? null : crowdedRange(report, meta.threads.length, wait, axisNs);
  return { move: { to: 'time', t: within(max.atNs, ns) }, thread: max.thread, range };
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
