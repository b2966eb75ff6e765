/** What stands on an entry of a list. */
export interface Entry {
  readonly title: string;
  /** A line that says more, its id above all. */
  readonly detail?: string;
}

/** Lists with more entries than these have a field that narrows them. */
export const UNFILTERED = 12;

/** Whether a word of the text begins so. */
function begins(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return true;
  }
  return false;
}

/**
 * The entries on which every word of a query stands, in upper or lower case, in the order that they have; all of them for a
 * query without words. In titles parts of words count too, so that 'lock' finds 'rwlock'; in details, which name people,
 * only their beginnings.
 */
export function narrowed<T extends Entry>(entries: readonly T[], query: string): readonly T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries.filter(({ title, detail = '' }) => {
    const [named, said] = [title.toLowerCase(), detail.toLowerCase()];
    return words.every((word) => named.includes(word) || begins(said, word));
  });
}
