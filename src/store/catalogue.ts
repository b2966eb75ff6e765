import { type CatalogueRecord, catalogue, recordsOf, type StrategyKind } from '../kernel/catalogue.ts';

/** An entry of a menu. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}

/** What is shown of a record before the rest of it has come, see `strategies.ts`. */
export type RecordName = Pick<CatalogueRecord, 'kind' | 'id' | 'title' | 'author'>;

/** The ways to unmap, by name. */
export const munmaps: readonly RecordName[] = recordsOf('munmap');

/** The strategy that a path file holds. */
export function recordOfFile(file: string): RecordName | undefined {
  return catalogue.find((record) => record.file === file);
}

/** Names of kinds where the key that texts and links use says too little. */
const LABELS: Partial<Record<StrategyKind, string>> = {
  fault: 'Page fault',
  mmapLock: 'Rwsem: mmap_sem, mmap_lock',
  mutex: 'Mutex',
  spinlock: 'Spinlock',
  alloc: 'Page allocator',
};

export function kindLabel(kind: StrategyKind): string {
  return LABELS[kind] ?? kind;
}

/** Knobs that belong to the strategies of a kind; none for a key that is no kind. */
export function knobsOf(key: string): readonly string[] {
  return catalogue.filter(({ kind }) => kind === key).flatMap(({ knobs }) => knobs);
}
