import type { Resolved } from '../scenario/index.ts';

/**
 * What counts as an operation. 'fault': a page fault of a thread, with all tries of the same address. 'mapping': from the
 * call of mmap to the return of the munmap that follows.
 */
export type OperationKind = 'fault' | 'mapping';

/** A scenario of the gallery whose threads do the same over and over, so that it has a rate. */
export interface Workload {
  /** Id in the gallery. The scenario's number `threads` says how many there are. */
  readonly id: string;
  readonly operation: OperationKind;
  /** One operation, in words. */
  readonly unit: string;
  /** Operations of a measuring window at least. */
  readonly window: number;
  /** Operations of a thread that a window has room for, given the scenario's numbers: until it is where it was. */
  readonly round: (number: (name: string) => number) => number;
}

const PAGE_BYTES = 4_096;
/** A quarter of a page table: threads begin anywhere in one, so that some are at its end at any time. */
const PART_OF_TABLE = 128;

const FAULT = { operation: 'fault', unit: 'page fault' } as const;

/** Every workload. One more: a `.kp` file in the gallery, and an element here. */
export const workloads: readonly Workload[] = [
  { id: 'page-fault-threads', ...FAULT, window: 65_536, round: () => PART_OF_TABLE },
  { id: 'page-fault-processes', ...FAULT, window: 65_536, round: () => PART_OF_TABLE },
  {
    id: 'mmap-munmap-threads',
    operation: 'mapping',
    unit: 'mmap and munmap',
    window: 16_384,
    round: () => 1,
  },
  {
    id: 'mixed-vma',
    ...FAULT,
    window: 65_536,
    round: (number) => number('vmas') * number('pages'),
  },
  {
    id: 'multi-fault',
    ...FAULT,
    window: 65_536,
    round: (number) => number('piece') / PAGE_BYTES,
  },
  { id: 'ebizzy', operation: 'mapping', unit: 'record', window: 1_024, round: () => 2 },
];

export function workloadOf(id: string): Workload | undefined {
  return workloads.find((w) => w.id === id);
}

/** Operations of a measuring window of a workload: a power of two in which every thread comes round. */
export function windowOf(workload: Workload, { program }: Resolved): number {
  const { numbers, threads } = program.scenario;
  const round = workload.round((name) => numbers.find((n) => n.name === name)?.value ?? 1);
  const wanted = Math.max(workload.window, threads.length * round);
  let window = 1;
  while (window < wanted) window *= 2;
  return window;
}

/**
 * Whether a counter of a kernel path counts a fault that had to be begun anew in another way, or how a speculative one
 * ended (facts faults, 2d, 3a and 4b).
 */
export function isAbortReason(counter: string): boolean {
  return /^(abort_|spf_|vma_lock_abort)/.test(counter);
}
