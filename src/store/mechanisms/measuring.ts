import type { Run } from '../../evidence/figure.ts';
import {
  type CatalogueRecord,
  recordOf,
  recordsOf,
  type StrategyKind,
  strategyKinds,
} from '../../kernel/catalogue.ts';
import { misfits } from '../../kernel/combination.ts';
import { chosenUnder, galleryChoices } from '../../scenario/choices.ts';
import type { Measuring } from './state.ts';

/** One munmap of 1 GiB beside threads that fault. */
const UNMAP = { scenario: 'munmap-320g', set: { size: '1GB' } } as const;

/**
 * How the mechanisms of each kind are measured: all of a kind in the same scenario of the gallery, with numbers so small
 * that a run takes less than a second.
 */
export const measuringOf: Readonly<Record<StrategyKind, Measuring>> = {
  munmap: {
    ...UNMAP,
    operation: { kind: 'syscall', name: 'munmap' },
    held: 'of-operation',
    what: 'one munmap of 1 GiB beside 31 threads that fault',
  },
  fault: {
    ...UNMAP,
    // The longest hold for writing that a fault may meet.
    set: { ...UNMAP.set, munmap: 'baseline' },
    operation: { kind: 'fault' },
    held: 'of-others',
    what: '31 threads that fault beside a munmap of 1 GiB under write',
  },
  mmapLock: {
    scenario: 'page-fault1-threads',
    set: { alloc: 'simple', tasks: '4', size: '1MB', length: '20ms' },
    operation: { kind: 'syscall', name: 'mmap' },
    held: 'process-wide',
    what: '4 threads of one process that map 1 MiB, touch and unmap it, over and over for 20 ms',
  },
  mutex: {
    scenario: 'mutex-storm',
    set: {},
    operation: { kind: 'turn' },
    held: 'named',
    what: '6 threads on 4 CPUs after one mutex',
  },
  spinlock: {
    scenario: 'hand-over',
    set: {},
    operation: { kind: 'turn' },
    held: 'named',
    what: '9 threads after one spinlock, each with a CPU of its own',
  },
  alloc: {
    scenario: 'page-fault1',
    set: { tasks: '4', size: '8MB', length: '50ms' },
    operation: { kind: 'fault' },
    held: 'named',
    what: '4 processes that map 8 MiB, touch and unmap it, over and over for 50 ms',
  },
};

/** Kinds whose strategies may need another one of the other kind. */
const PARTNERS = ['munmap', 'fault'] as const satisfies StrategyKind[];

function chosenRecords(set: Readonly<Record<string, string>>): CatalogueRecord[] {
  const chosen = chosenUnder(set);
  return strategyKinds.flatMap((kind) => recordOf(kind, chosen[kind]) ?? []);
}

/**
 * What has to be set beside a record so that all that is chosen goes together: nothing, or the first partner of another
 * kind that does. Where none does, nothing: the run then says why it cannot be.
 */
function partnersOf(
  record: CatalogueRecord,
  set: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (misfits(chosenRecords(set)).length === 0) return {};
  for (const kind of PARTNERS) {
    if (kind === record.kind) continue;
    const partner = recordsOf(kind).find(
      ({ id }) => misfits(chosenRecords({ ...set, [kind]: id })).length === 0,
    );
    if (partner !== undefined) return { [kind]: partner.id };
  }
  return {};
}

/** The run that measures a record of the catalogue. */
export function measuringRun(record: CatalogueRecord): Run & { readonly kind: 'run' } {
  const { scenario, set } = measuringOf[record.kind];
  const own = galleryChoices.find(({ id }) => id === scenario)?.set ?? {};
  const chosen = { ...set, [record.kind]: record.id };
  return { kind: 'run', scenario, set: { ...chosen, ...partnersOf(record, { ...own, ...chosen }) } };
}
