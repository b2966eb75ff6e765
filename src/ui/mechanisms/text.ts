import type {
  Column,
  HoldFigures,
  LockFigures,
  Measuring,
  Mechanism,
  MechanismFigures,
} from '../../store/mechanisms/index.ts';
import { count, counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';

/** A figure and the lines that stand below it. */
export interface CellText {
  readonly main: string;
  readonly below: readonly string[];
}

/** A header: its name, a second line, and what is told to who asks. */
export interface HeaderText {
  readonly name: string;
  readonly below?: string;
  readonly tip: string;
}

export const HEADERS: Readonly<Record<Column, HeaderText>> = {
  name: { name: 'Mechanism', tip: 'Title and id in the catalogue' },
  write: {
    name: 'Write hold',
    below: 'longest, / op',
    tip: 'Longest hold for writing of a lock of the mechanism, and all holds of that lock by the number of operations; measured here',
  },
  read: {
    name: 'Read hold',
    below: 'longest, / op',
    tip: 'Longest hold for reading of a lock of the mechanism, and all holds of that lock by the number of operations; measured here',
  },
  wait: {
    name: 'Wait',
    below: 'longest',
    tip: 'Longest wait of anybody for any of the locks; measured here',
  },
  acquired: {
    name: 'Acquired',
    below: 'times',
    tip: 'How often anybody was granted the lock; of several, that which is held for longest, the others among the details; measured here',
  },
  operation: {
    name: 'Operation',
    below: 'takes',
    tip: 'How long the middle one of all operations took; of turns, the run by the number of acquisitions; and how many faults had to begin again under mmap_sem; measured here',
  },
  breaks: { name: 'What can go wrong', tip: 'What it breaks' },
  fixes: { name: 'What it fixes', tip: 'What it cures' },
  proposed: { name: 'Proposed', tip: 'When it was posted or committed, and by whom' },
  kernels: { name: 'Kernels', tip: 'Kernels that had it; sorted by the first version that is named' },
  outcome: { name: 'Outcome', tip: 'What became of it: whether it was merged, rejected or replaced' },
  scenarios: {
    name: 'Scenarios',
    tip: 'Runs of the gallery with this mechanism; sorted by their number',
  },
};

/** 'munmap', 'fault', 'turn': what is called an operation of a mechanism. */
export function operationName({ operation }: Measuring): string {
  return operation.kind === 'syscall' ? operation.name : operation.kind;
}

const NONE: CellText = { main: 'none', below: [] };

/** The lock's name, where it is not the only one. */
function nameAmong({ name }: LockFigures, { locks }: MechanismFigures): readonly string[] {
  return locks.length > 1 ? [name] : [];
}

export function holdText(mode: 'write' | 'read', figures: MechanismFigures): CellText {
  const lock = mode === 'write' ? figures.longestWrite : figures.longestRead;
  const hold = lock?.[mode];
  if (lock === null || hold === null || hold === undefined) return NONE;
  return {
    main: duration(hold.longestNs),
    // Whole nanoseconds, so that just below a microsecond reads as one.
    below: [`${duration(Math.round(hold.perOperationNs))} / op`, ...nameAmong(lock, figures)],
  };
}

/** Of a lock that nobody takes for reading it goes without saying that a writer waits. */
export function waitText(figures: MechanismFigures): CellText {
  const lock = figures.longestWait;
  if (lock === null || lock.waitNs === null) return NONE;
  const modeless = lock.waitMode === 'write' && lock.read === null && lock.write !== null;
  const by = lock.waitMode === 'read' ? 'by a reader' : 'by a writer';
  return { main: duration(lock.waitNs), below: [...(modeless ? [] : [by]), ...nameAmong(lock, figures)] };
}

export function acquiredText({ locks: [first, ...others] }: MechanismFigures): CellText {
  if (first === undefined) return NONE;
  const more = others.length === 0 ? [] : [`+ ${counted(others.length, 'lock')}`];
  return { main: count(first.acquired), below: [first.name, ...more] };
}

export function operationText({ operationNs, aborts }: MechanismFigures, measuring: Measuring): CellText {
  if (operationNs === null) return NONE;
  const again = aborts === 0 ? [] : [counted(aborts, 'abort')];
  return { main: duration(operationNs), below: [operationName(measuring), ...again] };
}

/** 'fault', 'acquisition', 'call of munmap': what is counted, as a noun. */
function operationNoun({ operation }: Measuring): string {
  if (operation.kind === 'syscall') return `call of ${operation.name}`;
  return operation.kind === 'turn' ? 'acquisition' : 'fault';
}

/** '1 call of munmap', '3 calls of munmap', '12 faults'. */
function operationsText(n: number, noun: string): string {
  const [first = '', ...rest] = noun.split(' ');
  return [counted(n, first), ...rest].join(' ');
}

/** How long the operations took; '' where there was none. */
function lengthsText({ operations, operationNs, longestOperationNs }: MechanismFigures): string {
  if (operationNs === null) return '';
  if (operations === 1) return `, which took ${duration(operationNs)}`;
  // Of turns there is only the mean.
  if (longestOperationNs === null) return `, ${duration(operationNs)} each on average`;
  return `, the middle one ${duration(operationNs)}, the longest ${duration(longestOperationNs)}`;
}

/** All that was measured, in a sentence or two, for who wants more than the columns have. */
export function measuredText(figures: MechanismFigures, { measuring }: Mechanism): string {
  const { locks, operations, tables, simulatedNs, aborts } = figures;
  const done = operationsText(operations, operationNoun(measuring));
  const parts = [`${done} in a run of ${duration(simulatedNs)}${lengthsText(figures)}`];
  if (aborts > 0) parts.push(`${counted(aborts, 'fault')} had to begin again under mmap_sem`);
  for (const lock of locks) parts.push(`${lock.name}: ${lockText(lock)}`);
  if (tables !== null && tables.acquired > 0) {
    parts.push(
      `Page-table locks: ${counted(tables.acquired, 'hold')} of up to ${duration(tables.longestHoldNs)}, ${waitedText(tables.waitNs)}`,
    );
  }
  return `${parts.join('. ')}.`;
}

function waitedText(ns: number | null): string {
  return ns === null ? 'never waited for' : `waited for up to ${duration(ns)}`;
}

function lockText({ write, read, waitNs, acquired }: LockFigures): string {
  const holds = [holdsText(write, 'writing'), holdsText(read, 'reading')].filter((text) => text !== '');
  const held = holds.length === 0 ? ['not held by it'] : holds;
  return [`acquired ${counted(acquired, 'time')}`, ...held, waitedText(waitNs)].join(', ');
}

function holdsText(hold: HoldFigures | null, mode: string): string {
  if (hold === null) return '';
  return `${counted(hold.count, 'hold')} for ${mode} of up to ${duration(hold.longestNs)}`;
}
