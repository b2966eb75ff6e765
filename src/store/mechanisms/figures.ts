import { isAbort } from '../../event/index.ts';
import type { RunReport } from '../../evidence/record.ts';
import type { HeldLock, HoldFigures, LockFigures, Measuring, MechanismFigures } from './state.ts';

type Lock = RunReport['locks'][number];
type Mode = 'read' | 'write';

/** Holds of one mode, not yet by operations. */
interface Holds {
  readonly count: number;
  readonly longestNs: number | null;
  readonly totalNs: number;
}

/** What stands for mmap_sem, beside it or in its place: ids as `run --json` has them. */
const MM_LOCKS = /^(?:mmap_lock|vm_lock|mm_rb_lock|range_lock|range_tree)\b/;

const isMmapLock = ({ id }: Lock): boolean => /^mmap_lock\b/.test(id);
const isTable = ({ id }: Lock): boolean => id === 'ptl';
const acquiredOf = ({ read, write }: Lock): number => read.acquired + write.acquired;

function isMeant(lock: Lock, held: HeldLock): boolean {
  if (held === 'of-operation') return isMmapLock(lock);
  return !isTable(lock) && MM_LOCKS.test(lock.id) !== (held === 'named');
}

/** Locks of one name. */
interface Named {
  readonly name: string;
  /** Brought by the mechanism, or the only one there is: its holds are the mechanism's. */
  readonly own: boolean;
  readonly locks: readonly Lock[];
}

/** Every lock that was taken, by its name without the number of its process or node; own ones first, then those held for longest. */
function namedLocks({ locks }: RunReport, held: HeldLock): readonly Named[] {
  const taken = locks.filter((lock) => isMeant(lock, held) && acquiredOf(lock) > 0);
  const brings = held === 'of-scheme' && taken.some((lock) => !isMmapLock(lock));
  const nameOf = ({ label }: Lock): string => label.split('/')[0] ?? label;
  const all = [...new Set(taken.map(nameOf))].map((name): Named => {
    const alike = taken.filter((lock) => nameOf(lock) === name);
    return { name, own: !brings || !alike.some(isMmapLock), locks: alike };
  });
  const heldNs = ({ locks: alike }: Named): number =>
    sum(alike.map(({ read, write }) => read.hold.totalNs + write.hold.totalNs));
  return all.sort((a, b) => Number(b.own) - Number(a.own) || heldNs(b) - heldNs(a));
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
  if (count <= 0 || longestNs === null) return null;
  return { count, longestNs, perOperationNs: totalNs / Math.max(1, operations) };
}

function lockFigures(
  { name, own, locks }: Named,
  operations: number,
  ofCalls: ((mode: Mode) => Holds) | null,
): LockFigures {
  const holds = (mode: Mode): HoldFigures | null =>
    perOperation(ofCalls?.(mode) ?? holdsOfLocks(locks, mode), operations);
  const waitOf = (mode: Mode): number | null => longest(locks.map((lock) => lock[mode].wait.maxNs));
  const waits = { write: waitOf('write'), read: waitOf('read') };
  const waitNs = longest([waits.write, waits.read]);
  return {
    name,
    own,
    write: holds('write'),
    read: holds('read'),
    waitNs,
    waitMode: waitNs === null ? null : waitNs === waits.write ? 'write' : 'read',
    acquired: sum(locks.map(acquiredOf)),
  };
}

/** The lock of which a figure is largest; null where none has it. */
function most(locks: readonly LockFigures[], of: (lock: LockFigures) => number | null): LockFigures | null {
  const largest = longest(locks.map(of));
  return largest === null ? null : (locks.find((lock) => of(lock) === largest) ?? null);
}

/** Reads the figures of a mechanism from the report of its run. */
export function figuresOf(report: RunReport, measuring: Measuring): MechanismFigures {
  const { held, operation } = measuring;
  const named = namedLocks(report, held);
  const turns = sum(named.flatMap(({ locks }) => locks.map(acquiredOf)));
  const operations = operationsOf(report, measuring, turns);
  const ofCalls =
    held === 'of-operation' && operation.kind === 'syscall'
      ? (mode: Mode) => holdsOfCalls(report, operation.name, mode)
      : null;
  const locks = named.map((lock) => lockFigures(lock, operations.count, ofCalls));
  const own = locks.filter((lock) => lock.own);
  const tables = report.locks.find(isTable)?.write;
  return {
    locks,
    longestWrite: most(own, ({ write }) => write?.longestNs ?? null),
    longestRead: most(own, ({ read }) => read?.longestNs ?? null),
    longestWait: most(locks, ({ waitNs }) => waitNs),
    aborts: sum(Object.entries(report.counters.named).map(([name, n]) => (isAbort(name) ? n : 0))),
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
