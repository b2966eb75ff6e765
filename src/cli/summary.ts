import { TOPOLOGY } from '../kernel/index.ts';
import type { RunResult } from './result.ts';

/** A time for people: 18.0 s, 56.3 ms, 1.72 us, 40 ns. */
export function spell(ns: number | null): string {
  if (ns === null) return '-';
  if (ns >= 1e9) return `${(ns / 1e9).toPrecision(4)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toPrecision(4)} ms`;
  if (ns >= 1e3) return `${(ns / 1e3).toPrecision(4)} us`;
  return `${ns} ns`;
}

/** What was set in place of the machine's topology. */
function shapeOf({ set }: RunResult): string {
  const given = Object.keys(TOPOLOGY).filter((key) => set[key] !== undefined);
  return given.length === 0 ? '' : ` with ${given.map((key) => `${key} ${set[key]}`).join(', ')}`;
}

/** What `run` prints without --json. */
export function summary(r: RunResult): string {
  const lines = [
    `${r.scenario}: ${r.title}`,
    `  outcome      ${r.outcome}${r.expect === null ? '' : ` (expected ${r.expect})`}`,
    `  choices      munmap ${r.set['munmap']}, fault ${r.set['fault']}, lock ${r.set['mmapLock']}, machine ${r.machine}${shapeOf(r)}`,
    `  simulated    ${spell(r.simulatedNs)}, ${r.events} records, ${r.wallMs} ms of wall time`,
  ];
  if (r.schedule !== null)
    lines.push(
      `  interleaving fixed by a schedule, of which ${r.schedule.over} of ${r.schedule.turns} turns are over`,
    );
  if (r.reason !== null)
    lines.push(`  stopped      ${r.reason.thread ?? ''} ${r.reason.line ?? ''} ${r.reason.message}`);
  for (const lock of r.locks) {
    lines.push(
      `  ${lock.label}`,
      `    write      ${lock.write.acquired} holds, longest ${spell(lock.write.hold.maxNs)}; waits p50 ${spell(lock.write.wait.p50Ns)}, longest ${spell(lock.write.wait.maxNs)}`,
    );
    if (lock.read.acquired > 0) {
      lines.push(
        `    read       ${lock.read.acquired} holds, longest ${spell(lock.read.hold.maxNs)}; waits p50 ${spell(lock.read.wait.p50Ns)}, longest ${spell(lock.read.wait.maxNs)}`,
      );
    }
  }
  const f = r.faults;
  lines.push(
    `  faults       ${f.count} (${f.perSec.toFixed(0)}/s, ${f.segv} SIGSEGV): p50 ${spell(f.latency.p50Ns)}, p99 ${spell(f.latency.p99Ns)}, longest ${spell(f.latency.maxNs)}`,
  );
  for (const v of r.violations)
    lines.push(`  violation    ${v.invariant} at ${spell(v.atNs)}: ${v.message} (${v.line})`);
  for (const c of r.deadlock?.cycle ?? []) {
    const mode = c.acknowledgement ? '' : ` (${c.mode})`;
    lines.push(
      `  deadlock     ${c.thread} (${c.line}) waits for ${c.waitsFor}${mode}, in its way: ${c.heldBy}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
