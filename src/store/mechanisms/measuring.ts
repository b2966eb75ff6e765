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

/**
 * How the mechanisms of each kind are measured: all of a kind in the same scenario of the gallery, with numbers so small
 * that a run takes less than a second.
 */
const OF_KIND: Readonly<Record<StrategyKind, Measuring>> = {
  munmap: {
    scenario: 'munmap-320g',
    set: { size: '4GB' },
    operation: { kind: 'syscall', name: 'munmap' },
    held: 'of-operation',
    what: 'one munmap of 4 GiB beside 31 threads that fault; holds are those of the munmap',
  },
  fault: {
    scenario: 'fault-schemes',
    set: {},
    operation: { kind: 'fault' },
    held: 'of-scheme',
    what:
      '2 threads that fault in memory and 1 in a file on disk, beside 1 that maps, touches and unmaps and protects their ' +
      'memory, for 3 ms; write holds are those of the latter',
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

/** Records whose run needs more than the scenario of their kind to show what they do; by kind and id. */
const OF_RECORD: Readonly<Record<string, Pick<Measuring, 'set' | 'but'>>> = {
  // Under its own condition it drops the lock where the scheduler happens to want the CPU at the end of a section.
  'munmap.chunked': { set: { ALWAYS_DROP: 'true' }, but: 'with ALWAYS_DROP' },
};

export function measuringOf({ kind, id }: Pick<CatalogueRecord, 'kind' | 'id'>): Measuring {
  const measuring = OF_KIND[kind];
  const { set, but } = OF_RECORD[`${kind}.${id}`] ?? {};
  return but === undefined ? measuring : { ...measuring, set: { ...measuring.set, ...set }, but };
}

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
  const { scenario, set } = measuringOf(record);
  const own = galleryChoices.find(({ id }) => id === scenario)?.set ?? {};
  const chosen = { ...set, [record.kind]: record.id };
  return { kind: 'run', scenario, set: { ...chosen, ...partnersOf(record, { ...own, ...chosen }) } };
}
