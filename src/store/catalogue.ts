import { type CatalogueRecord, catalogue } from '../kernel/catalogue.ts';
import { gallery } from '../scenario/gallery.ts';

/** An entry of a menu. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}

export const scenarios: readonly Choice[] = gallery.map(({ id, title }) => ({ id, title, detail: id }));

export type { CatalogueRecord };

/** Catalogue record of a munmap strategy. */
export function munmapRecord(id: string): CatalogueRecord | undefined {
  return catalogue.find((record) => record.kind === 'munmap' && record.id === id);
}

export const munmapStrategies: readonly Choice[] = catalogue
  .filter(({ kind }) => kind === 'munmap')
  .map(({ id, title, author, date, outcome }) => ({
    id,
    title,
    detail: `${author}, ${date.slice(0, 4)} · ${outcome}`,
  }));
