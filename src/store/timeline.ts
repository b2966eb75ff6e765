import type { ObjectId } from '../event/index.ts';
import { axisNs } from './derive.ts';
import { clampRange } from './range.ts';
import type { GetState, Range, SetState } from './state.ts';

/** Which edges are drawn from who waits to who holds: none, those that the selected thread waits behind, or all. */
export type Edges = 'none' | 'chain' | 'all';

export interface TimelineSlice {
  /** By key of a group of threads: folded or open by the reader; what is not here is up to the room there is. */
  readonly folds: Readonly<Record<string, boolean>>;
  readonly edges: Edges;
  /** A span that the reader measures. */
  readonly measured: Range | null;
  /** Spans that were shown before, the latest last; null is the whole extent. */
  readonly past: readonly (Range | null)[];
  /** Whether the group of page-table locks shows its instances, and the one that was asked for by address. */
  readonly tablesOpen: boolean;
  readonly table: ObjectId | null;
  setFold(key: string, folded: boolean): void;
  setEdges(edges: Edges): void;
  measure(span: Range | null): void;
  /** Notes the span that is shown now, before another one is. */
  remember(): void;
  /** Back to the span that was shown before. */
  previousView(): void;
  openTables(open: boolean): void;
  showTable(table: ObjectId | null): void;
}

/** Changes of the span that follow each other faster than this are one: a turn of the wheel is many. */
const GLIDE_MS = 600;
/** Spans that are kept. */
const MOST_PAST = 50;

export function timelineSlice(set: SetState, get: GetState): TimelineSlice {
  let changed = -Infinity;
  return {
    folds: {},
    edges: 'chain',
    measured: null,
    past: [],
    tablesOpen: false,
    table: null,
    setFold: (key, folded) => set({ folds: { ...get().folds, [key]: folded } }),
    setEdges: (edges) => set({ edges }),
    measure: (span) => set({ measured: span === null ? null : clampRange(span, axisNs(get())) }),
    remember: () => {
      const now = performance.now();
      if (now - changed > GLIDE_MS) set({ past: [...get().past, get().range].slice(-MOST_PAST) });
      changed = now;
    },
    previousView: () => {
      const { past } = get();
      const range = past[past.length - 1];
      if (range === undefined) return;
      changed = -Infinity;
      set({ range, zoomed: true, past: past.slice(0, -1) });
    },
    openTables: (tablesOpen) => set({ tablesOpen }),
    showTable: (table) => set({ table, tablesOpen: true }),
  };
}
