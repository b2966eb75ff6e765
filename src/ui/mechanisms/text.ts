import type {
  Column,
  HoldFigures,
  Measuring,
  Mechanism,
  MechanismFigures,
} from '../../store/mechanisms/index.ts';
import { count, counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';

/** A figure and what stands below it; both '' where there was no such thing. */
export interface CellText {
  readonly main: string;
  readonly below: string;
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
    tip: 'Longest hold of the lock for writing, and all holds by the number of operations; measured here',
  },
  read: {
    name: 'Read hold',
    below: 'longest, / op',
    tip: 'Longest hold of the lock for reading, and all holds by the number of operations; measured here',
  },
  wait: { name: 'Wait', below: 'longest', tip: 'Longest wait of anybody for the lock; measured here' },
  acquired: {
    name: 'Acquired',
    below: 'times',
    tip: 'How often anybody was granted the lock; measured here',
  },
  operation: {
    name: 'Operation',
    below: 'takes',
    tip: 'How long the middle one of all operations took; of turns, the run by the number of acquisitions; measured here',
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

const NONE: CellText = { main: 'none', below: '' };

export function holdText(hold: HoldFigures | null): CellText {
  if (hold === null) return NONE;
  return {
    main: hold.longestNs === null ? '?' : duration(hold.longestNs),
    // Whole nanoseconds, so that just below a microsecond reads as one.
    below: `${duration(Math.round(hold.perOperationNs))} / op`,
  };
}

/** Of a lock that nobody takes for reading it goes without saying that a writer waits. */
export function waitText({ waitNs, waitMode, read, write }: MechanismFigures): CellText {
  if (waitNs === null) return NONE;
  const modeless = waitMode === 'write' && read === null && write !== null;
  const below = waitMode === 'read' ? 'by a reader' : 'by a writer';
  return { main: duration(waitNs), below: modeless ? '' : below };
}

export function acquiredText({ acquired, lock }: MechanismFigures): CellText {
  if (lock === null) return NONE;
  const names = lock.split(', ');
  return { main: count(acquired), below: names.length === 1 ? lock : `${names.length} locks` };
}

export function operationText({ operationNs }: MechanismFigures, measuring: Measuring): CellText {
  return operationNs === null ? NONE : { main: duration(operationNs), below: operationName(measuring) };
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
  const { lock, write, read, operations, tables, simulatedNs } = figures;
  const done = operationsText(operations, operationNoun(measuring));
  const parts = [`${done} in a run of ${duration(simulatedNs)}${lengthsText(figures)}`];
  const holds = [holdsText(write, 'writing'), holdsText(read, 'reading')].filter((text) => text !== '');
  if (lock !== null) parts.push(`${lock}: ${holds.length === 0 ? 'not held by it' : holds.join(', ')}`);
  if (tables !== null && tables.acquired > 0) {
    const waited =
      tables.waitNs === null ? 'never waited for' : `waited for up to ${duration(tables.waitNs)}`;
    parts.push(
      `Page-table locks: ${counted(tables.acquired, 'hold')} of up to ${duration(tables.longestHoldNs)}, ${waited}`,
    );
  }
  return `${parts.join('. ')}.`;
}

function holdsText(hold: HoldFigures | null, mode: string): string {
  if (hold === null) return '';
  const longest = hold.longestNs === null ? '' : ` of up to ${duration(hold.longestNs)}`;
  return `${counted(hold.count, 'hold')} for ${mode}${longest}`;
}
