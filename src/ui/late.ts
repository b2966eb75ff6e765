import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import { app } from './app-store.ts';
import type { PanelProps } from './controls/panel.tsx';
import type { SelectMenuProps } from './controls/select-face.tsx';

/** What `parts.ts` holds, fetched when the page has been painted so that the first click need not wait. */
export interface Parts {
  readonly Panel: ComponentType<PanelProps>;
  readonly SelectMenu: ComponentType<SelectMenuProps>;
  readonly Settings: ComponentType;
  readonly SpeedPanel: ComponentType;
  readonly Conditions: ComponentType<{ readonly close: () => void }>;
  readonly FindDialog: ComponentType;
  readonly HelpDialog: ComponentType;
  readonly Tips: ComponentType;
  readonly StoryPanel: ComponentType;
  readonly BlamePanel: ComponentType;
  readonly StatisticsPanel: ComponentType;
}

const FETCH_AFTER_MS = 300;

/** From the page as a whole: the parts import what they are part of. */
let load: (() => Promise<Parts>) | null = null;
let parts: Parts | null = null;
let fetching = false;
let awaited = false;
const listeners = new Set<() => void>();

async function fetchParts(): Promise<void> {
  if (fetching || parts !== null || load === null) return;
  fetching = true;
  try {
    parts = await load();
    for (const listener of listeners) listener();
  } catch (error) {
    app().notify({ tone: 'error', text: `A part of the page could not be fetched: ${String(error)}` });
  } finally {
    fetching = false;
    awaited = false;
  }
}

/** Says where the parts come from; they are fetched soon. To be called once the page is there. */
export function provideParts(from: () => Promise<Parts>): void {
  load = from;
  setTimeout(() => void fetchParts(), awaited ? 0 : FETCH_AFTER_MS);
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
