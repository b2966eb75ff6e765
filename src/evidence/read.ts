import { SEC } from '../event/index.ts';
import type { ModeFigures, RunReport } from './record.ts';

/** How figures are read from a run's report. Every one is null where the run measured none. */

type Read = (report: RunReport) => number | null;

/** A reading in another unit: `scaled(1 / SEC, …)` makes seconds of ns. */
export function scaled(factor: number, read: Read): Read {
  return (report) => {
    const value = read(report);
    return value === null ? null : value * factor;
  };
}

/** Longest exclusive hold of a lock, in ns. */
export function longestWriteHold(id: string): Read {
  return (report) => modeOf(report, id, 'write')?.hold.maxNs ?? null;
}

/** Longest wait for a lock in read mode, in ns. */
export function longestReadWait(id: string): Read {
  return (report) => modeOf(report, id, 'read')?.wait.maxNs ?? null;
}

/** Mean exclusive hold over all locks whose id begins so, in ns. */
export function meanWriteHold(prefix: string): Read {
  return ({ locks }) => {
    const holds = locks.filter((l) => l.id.startsWith(prefix)).map((l) => l.write.hold);
    const count = holds.reduce((sum, hold) => sum + hold.count, 0);
    return count === 0 ? null : holds.reduce((sum, hold) => sum + hold.totalNs, 0) / count;
  };
}

/** Exclusive acquisitions of a lock per second of simulated time. */
export function writeRate(id: string): Read {
  return (report) => (acquired(report, id) * SEC) / report.simulatedNs;
}

/** Simulated time per exclusive acquisition of a lock, in ns. */
export function timePerWrite(id: string): Read {
  return (report) => {
    const count = acquired(report, id);
    return count === 0 ? null : report.simulatedNs / count;
  };
}

/** From a release to the next grant, on average, of a lock that is always wanted; in ns. */
export function handOver(id: string): Read {
  return (report) => {
    const count = acquired(report, id);
    const held = modeOf(report, id, 'write')?.hold.totalNs ?? 0;
    return count === 0 ? null : (report.simulatedNs - held) / count;
  };
}

/** Time at work, neither spinning nor asleep, of the thread that had most of it over that of the one that had least. */
export function spreadOfWork({ threads }: RunReport): number | null {
  const work = threads.map((t) => t.userNs + t.kernelNs);
  const least = Math.min(...work);
  return least > 0 ? Math.max(...work) / least : null;
}

function modeOf(report: RunReport, id: string, mode: 'read' | 'write'): ModeFigures | undefined {
  return report.locks.find((l) => l.id === id)?.[mode];
}

function acquired(report: RunReport, id: string): number {
  return modeOf(report, id, 'write')?.acquired ?? 0;
}
