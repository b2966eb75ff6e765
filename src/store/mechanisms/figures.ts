import type { RunReport } from '../../evidence/record.ts';
import type { HeldLock, HoldFigures, Measuring, MechanismFigures } from './state.ts';

type Lock = RunReport['locks'][number];
type Mode = 'read' | 'write';

/** Holds of one mode, not yet by operations. */
interface Holds {
  readonly count: number;
  readonly longestNs: number | null;
  readonly totalNs: number;
}

const isProcessWide = ({ id }: Lock): boolean => /^mmap_lock\b/.test(id);
const isTable = ({ id }: Lock): boolean => id === 'ptl';

function locksOf(report: RunReport, held: HeldLock): readonly Lock[] {
  return report.locks.filter((lock) => !isTable(lock) && isProcessWide(lock) === (held !== 'named'));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function longest(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((most, n) => (n === null || (most !== null && most >= n) ? most : n), null);
}

function holdsOfLocks(locks: readonly Lock[], mode: Mode): Holds {
  const holds = locks.map((lock) => lock[mode].hold);
  return {
    count: sum(holds.map(({ count }) => count)),
    longestNs: longest(holds.map(({ maxNs }) => maxNs)),
    totalNs: sum(holds.map(({ totalNs }) => totalNs)),
  };
}

/** How the calls of a name held the process-wide lock: phases of one mode that follow each other are one hold. */
function holdsOfCalls({ phases }: RunReport, call: string, mode: Mode): Holds {
  const holds: number[] = [];
  let endNs = -1;
  for (const phase of phases[call] ?? []) {
    if (phase.mode !== mode) continue;
    if (phase.startNs === endNs) holds[holds.length - 1] = (holds.at(-1) ?? 0) + phase.ns;
    else holds.push(phase.ns);
    endNs = phase.startNs + phase.ns;
  }
  return { count: holds.length, longestNs: longest(holds), totalNs: sum(holds) };
}

/** What is left of all holds without those of some calls. */
function without(all: Holds, theirs: Holds): Holds {
  // Where theirs was the longest, that of the others is not known.
  const longestNs = theirs.longestNs !== null && all.longestNs === theirs.longestNs ? null : all.longestNs;
  return { count: all.count - theirs.count, longestNs, totalNs: all.totalNs - theirs.totalNs };
}

function holdsOf(report: RunReport, { held, operation }: Measuring, mode: Mode): Holds {
  if (held === 'of-operation' && operation.kind === 'syscall')
    return holdsOfCalls(report, operation.name, mode);
  const all = holdsOfLocks(locksOf(report, held), mode);
  return held === 'of-others' ? without(all, holdsOfCalls(report, 'munmap', mode)) : all;
}

interface Operations {
  readonly count: number;
  readonly middleNs: number | null;
  readonly longestNs: number | null;
}

function operationsOf(report: RunReport, { operation }: Measuring, acquired: number): Operations {
  if (operation.kind === 'turn') {
    return {
      count: acquired,
      middleNs: acquired === 0 ? null : report.simulatedNs / acquired,
      longestNs: null,
    };
  }
  const calls = operation.kind === 'fault' ? report.faults : report.syscalls[operation.name];
  if (calls === undefined) return { count: 0, middleNs: null, longestNs: null };
  return { count: calls.count, middleNs: calls.latency.p50Ns, longestNs: calls.latency.maxNs };
}

function perOperation({ count, longestNs, totalNs }: Holds, operations: number): HoldFigures | null {
  if (count <= 0) return null;
  return { count, longestNs, perOperationNs: totalNs / Math.max(1, operations) };
}

/** Reads the figures of a mechanism from the report of its run. */
export function figuresOf(report: RunReport, measuring: Measuring): MechanismFigures {
  const locks = locksOf(report, measuring.held);
  const acquired = sum(locks.map(({ read, write }) => read.acquired + write.acquired));
  const operations = operationsOf(report, measuring, acquired);
  const waits = {
    write: longest(locks.map((l) => l.write.wait.maxNs)),
    read: longest(locks.map((l) => l.read.wait.maxNs)),
  };
  const waitNs = longest([waits.write, waits.read]);
  const taken = locks.filter(({ read, write }) => read.acquired + write.acquired > 0);
  const tables = report.locks.find(isTable)?.write;
  return {
    lock: taken.length === 0 ? null : lockNames(taken),
    write: perOperation(holdsOf(report, measuring, 'write'), operations.count),
    read: perOperation(holdsOf(report, measuring, 'read'), operations.count),
    waitNs,
    waitMode: waitNs === null ? null : waitNs === waits.write ? 'write' : 'read',
    acquired,
    operations: operations.count,
    operationNs: operations.middleNs,
    longestOperationNs: operations.longestNs,
    tables:
      tables === undefined
        ? null
        : { acquired: tables.acquired, longestHoldNs: tables.hold.maxNs ?? 0, waitNs: tables.wait.maxNs },
    simulatedNs: report.simulatedNs,
  };
}

/** 'mmap_sem', 'zone_lock, lru_lock': each name once, without the number of its process or node. */
function lockNames(locks: readonly Lock[]): string {
  return [...new Set(locks.map(({ label }) => label.split('/')[0]))].join(', ');
}
