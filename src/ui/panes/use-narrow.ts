import { useSyncExternalStore } from 'react';

/** The same width as in the style sheets: below it everything stands in one column and the page scrolls. */
const query = matchMedia('(max-width: 980px)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** True where there is no room for columns. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
