import { useStore } from 'zustand';
import type { AppState } from '../store/index.ts';
import { pageStore } from '../store/page.ts';

/** A part of the page's state; the component renders again when it changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(pageStore, select);
}

/** The actions, for handlers: reading them does not render again. */
export function app(): AppState {
  return pageStore.getState();
}
