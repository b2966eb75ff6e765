import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import { pageStore } from '../store/page.ts';
import { app } from './app-store.ts';
import type { share } from './bars/share.ts';
import type { RecordFacts } from './code/facts.tsx';
import type { KernelChoices } from './controls/kernel-choices.tsx';
import type { PanelProps } from './controls/panel.tsx';
import type { SelectMenuProps, SelectOption } from './controls/select-face.tsx';
import type { ToldProps } from './panels/told.tsx';
import type { CornerItemsProps } from './timeline/corner-items.tsx';
import type { FilterBarProps } from './timeline/filter-bar.tsx';
import type { pictureOf, savePicture } from './timeline/picture.ts';
import type { TableFinderProps } from './timeline/table-finder.tsx';
import type { TooltipProps } from './timeline/tooltip.tsx';

/** What `parts.ts` holds, fetched when the page has been painted so that the first click need not wait. */
export interface Parts {
  readonly Panel: ComponentType<PanelProps>;
  readonly SelectMenu: ComponentType<SelectMenuProps>;
  readonly KernelChoices: typeof KernelChoices;
  /** The gallery, with a line on each. */
  readonly scenarios: readonly SelectOption[];
  /** The ways to unmap, with a line on each. */
  readonly munmapChoices: readonly SelectOption[];
  readonly RecordFacts: typeof RecordFacts;
  readonly Settings: ComponentType;
  readonly SpeedPanel: ComponentType;
  readonly share: typeof share;
  readonly Conditions: ComponentType<{ readonly close: () => void }>;
  readonly FindDialog: ComponentType;
  readonly HelpDialog: ComponentType;
  readonly Tips: ComponentType;
  readonly Refusal: ComponentType;
  readonly Told: ComponentType<ToldProps>;
  readonly CornerItems: ComponentType<CornerItemsProps>;
  readonly FilterBar: ComponentType<FilterBarProps>;
  readonly TableFinder: ComponentType<TableFinderProps>;
  readonly pictureOf: typeof pictureOf;
  readonly savePicture: typeof savePicture;
  readonly Tooltip: ComponentType<TooltipProps>;
  readonly Drawer: ComponentType;
  readonly ExperimentsPage: ComponentType;
  readonly MechanismsPage: ComponentType;
}

/** Where a run is long in coming, the parts do not wait for its first lanes, ms. */
const FETCH_AFTER_MS = 1_000;

/** From the page as a whole: the parts import what they are part of. */
let load: (() => Promise<Parts>) | null = null;
let parts: Parts | null = null;
let fetching: Promise<void> | null = null;
let awaited = false;
const listeners = new Set<() => void>();

async function fetchFrom(from: () => Promise<Parts>): Promise<void> {
  try {
    parts = await from();
    for (const listener of listeners) listener();
  } catch (error) {
    app().notify({ tone: 'error', text: `A part of the page could not be fetched: ${String(error)}` });
  } finally {
    awaited = false;
  }
}

async function fetchParts(): Promise<void> {
  if (parts !== null || load === null) return;
  fetching ??= fetchFrom(load).finally(() => {
    fetching = null;
  });
  await fetching;
}

/**
 * Says where the parts come from, once the page is there. They are fetched behind its first lanes, which want the way to
 * the worker for themselves, or at once if somebody waits for them.
 */
export function provideParts(from: () => Promise<Parts>): void {
  load = from;
  if (awaited) {
    void fetchParts();
    return;
  }
  const timer = setTimeout(begin, FETCH_AFTER_MS);
  const stop = pageStore.subscribe(({ progress, phase }) => {
    if (progress !== null || phase === 'refused' || phase === 'failed') begin();
  });
  function begin(): void {
    clearTimeout(timer);
    stop();
    // Behind the frame in which what has come is drawn, which is the next one or the one after it.
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => void fetchParts(), 0)));
  }
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

/** The late parts for what is done once, as soon as they are there; null where they cannot be fetched, which is said. */
export async function partsThere(): Promise<Parts | null> {
  if (parts !== null) return parts;
  awaited = true;
  await fetchParts();
  return parts;
}

/** True while something that was asked for waits to be fetched. */
export function partsAwaited(): boolean {
  return awaited;
}
