import { useEffect, useSyncExternalStore } from 'react';
import { app } from './app-store.ts';

/** The parts in `parts.ts`, fetched when the page has been painted so that the first click need not wait. */
export type Parts = typeof import('./parts.ts');

const FETCH_AFTER_MS = 300;

let parts: Parts | null = null;
let fetching = false;
let awaited = false;
const listeners = new Set<() => void>();

async function fetchParts(): Promise<void> {
  if (fetching || parts !== null) return;
  fetching = true;
  try {
    parts = await import('./parts.ts');
    for (const listener of listeners) listener();
  } catch (error) {
    app().notify({ tone: 'error', text: `A part of the page could not be fetched: ${String(error)}` });
  } finally {
    fetching = false;
    awaited = false;
  }
}

/** To be called once the page is there. */
export function fetchPartsSoon(): void {
  setTimeout(() => void fetchParts(), FETCH_AFTER_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The late parts, null until they are there; at once if something on the page cannot go on without them. */
export function useParts(needed: boolean): Parts | null {
  // No Suspense: it would hold a part back for a while even when it is there.
  const there = useSyncExternalStore(subscribe, () => parts);
  useEffect(() => {
    if (!needed || parts !== null) return;
    awaited = true;
    void fetchParts();
  }, [needed]);
  return there;
}

/** True while something that was asked for waits to be fetched. */
export function partsAwaited(): boolean {
  return awaited;
}
