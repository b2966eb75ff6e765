import { type CatalogueRecord, strategyKinds } from '../kernel/catalogue.ts';
import { catalogueWithProse } from '../kernel/prose.ts';
import { type Choice, kindLabel, type RecordName } from './catalogue.ts';

/** All records of one kind of the catalogue, to choose from. */
export interface StrategyMenu {
  readonly kind: string;
  readonly label: string;
  readonly choices: readonly Choice[];
}

/** A menu per kind of the catalogue, in its order: a kind or a record that is added there is offered as it is. */
export const strategyMenus: readonly StrategyMenu[] = strategyKinds.map((kind) => ({
  kind,
  label: kindLabel(kind),
  choices: catalogueWithProse
    .filter((record) => record.kind === kind)
    .map(({ id, title, author, date, outcome }) => ({
      id,
      title,
      detail: `${id} · ${author}, ${date.slice(0, 4)} · ${outcome}`,
    })),
}));

/** The ways to unmap. */
export const munmapChoices: readonly Choice[] =
  strategyMenus.find(({ kind }) => kind === 'munmap')?.choices ?? [];

/** All that the catalogue says of a record. */
export function wholeRecord({ kind, id }: RecordName): CatalogueRecord | undefined {
  return catalogueWithProse.find((record) => record.kind === kind && record.id === id);
}
