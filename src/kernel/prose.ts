import type { CatalogueRecord } from './catalogue.ts';

/**
 * The catalogue with all that it says to readers. A page's first chunk has that of `catalogue.ts` with '' in place of most of
 * it (`tools/prose.mjs`); import this one only from what is fetched later.
 */
const [found = []] = Object.values(
  import.meta.glob<readonly CatalogueRecord[]>('./catalogue.ts', {
    query: '?prose',
    import: 'catalogue',
    eager: true,
  }),
);

export const catalogueWithProse: readonly CatalogueRecord[] = found;
