import { app } from '../app-store.ts';
import { zoomToSelection } from './gestures.ts';

const EDGES = ['none', 'chain', 'all'] as const;

/** The next way of drawing edges, in turn. */
function turnEdges(): void {
  const at = EDGES.indexOf(app().edges);
  app().setEdges(EDGES[(at + 1) % EDGES.length] ?? 'chain');
}

/** Keys of the time view, for the table of the page; what each does is told in `KEY_HELP`. */
export const TIMELINE_KEYS: Readonly<Record<string, (shift: boolean) => void>> = {
  f: () => zoomToSelection(),
  Backspace: () => app().previousView(),
  e: () => turnEdges(),
  t: () => app().openTables(!app().tablesOpen),
  Escape: () => (app().measured === null ? app().filterBlame(null) : app().measure(null)),
};

export const TIMELINE_KEY_HELP: readonly (readonly [string, string])[] = [
  ['f', 'zoom to what is measured or selected'],
  ['Backspace', 'the span that was shown before'],
  ['e', 'edges: none, the selected chain, all'],
  ['t', 'open or close the page-table locks'],
  ['Esc', 'put the measured span away, then the filter'],
];
