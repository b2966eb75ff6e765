import {
  type CatalogueRecord,
  catalogue,
  recordsOf,
  type StrategyKind,
  strategyKinds,
} from '../kernel/catalogue.ts';
import { titles } from '../scenario/titles.ts';

/** An entry of a menu. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}

/** All records of one kind of the catalogue, to choose from. */
export interface StrategyMenu {
  readonly kind: string;
  readonly label: string;
  readonly choices: readonly Choice[];
}

export const scenarios: readonly Choice[] = titles.map(({ id, title }) => ({ id, title, detail: id }));

export type { CatalogueRecord };

/** Catalogue record of a munmap strategy. */
export function munmapRecord(id: string): CatalogueRecord | undefined {
  return catalogue.find((record) => record.kind === 'munmap' && record.id === id);
}

/** Catalogue record of the strategy that a path file holds. */
export function recordOfFile(file: string): CatalogueRecord | undefined {
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

/** A menu per kind of the catalogue, in its order: a kind or a record that is added there is offered as it is. */
export const strategyMenus: readonly StrategyMenu[] = strategyKinds.map((kind) => ({
  kind,
  label: kindLabel(kind),
  choices: recordsOf(kind).map(({ id, title, author, date, outcome }) => ({
    id,
    title,
    detail: `${id} · ${author}, ${date.slice(0, 4)} · ${outcome}`,
  })),
}));

/** Knobs that belong to the strategies of a kind; none for a key that is no kind. */
export function knobsOf(key: string): readonly string[] {
  return catalogue.filter(({ kind }) => kind === key).flatMap(({ knobs }) => knobs);
}
