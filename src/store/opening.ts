import type { TraceMeta } from '../event/index.ts';
import type { LogReport, LongestWaitReport } from '../trace/index.ts';
import type { Finding, Move } from '../worker/protocol.ts';

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

/**
 * Where a finished run is first looked at: its finding if there is one, else the middle of its longest wait for a lock,
 * with the thread that waits. Null: there is nothing better than the start.
 */
export function openingMove(
  report: LogReport,
  findings: readonly Finding[],
  meta: TraceMeta,
): Opening | null {
  const finding = findings[0];
  if (finding !== undefined) return { move: { to: 'event', event: finding.event + 1 }, thread: null };
  const wait = longestWait(report);
  if (wait === null || !meta.threads.some(({ name }) => name === wait.max.thread)) return null;
  return { move: { to: 'time', t: Math.round(wait.max.atNs + wait.ns / 2) }, thread: wait.max.thread };
}
