import type { Ns, TraceMeta } from '../event/index.ts';
import type { LogReport, LongestReport, LongestWaitReport } from '../trace/index.ts';
import type { Finding, Move } from '../worker/protocol.ts';

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

function longestWait(report: LogReport): Wait | null {
  let found: Wait | null = null;
  for (const { read, write } of report.locks) {
    for (const { wait } of [read, write]) {
      if (wait.max === null || wait.maxNs === null) continue;
      if (found === null || wait.maxNs > found.ns) found = { max: wait.max, ns: wait.maxNs };
    }
  }
  return found;
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
 * Where a finished run is first looked at: its finding if there is one, else its longest wait for a lock, with the
 * thread that waits, else its longest hold. Null: there is nothing better than the start.
 */
export function openingMove(
  report: LogReport,
  findings: readonly Finding[],
  meta: TraceMeta,
): Opening | null {
  const finding = findings[0];
  if (finding !== undefined) return { move: { to: 'event', event: finding.event + 1 }, thread: null };
  const longest = longestWait(report) ?? longestHold(report);
  if (longest === null || !meta.threads.some(({ name }) => name === longest.max.thread)) return null;
  const { max, ns } = longest;
  return { move: { to: 'time', t: within(max.atNs, ns) }, thread: max.thread };
}
