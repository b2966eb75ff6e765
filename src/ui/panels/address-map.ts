import { type Moment, mmOf, type ObjectId, TABLE_PAGES, withinMm } from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import { cellsWithin, type MapLayout } from '../layout/map.ts';
import type { CellSpan } from '../paint/map.ts';

/** Cells of a table; of several those alone whose pages are not what they were, if that is known. */
function cellsOfTable(layout: MapLayout, table: ObjectId): CellSpan[] {
  const first = withinMm(table) * TABLE_PAGES;
  return cellsWithin(layout, first, first + TABLE_PAGES);
}

/** Present pages by address, to find out which of a table's cells changed. */
function presentAt(moment: Moment, mm: number, page: number): number | undefined {
  const range = moment.ranges?.find(
    (r) => r.mm === mm && r.startPage <= page && r.startPage + r.pages > page,
  );
  return range?.present[Math.floor((page - range.origin) / range.partPages)];
}

/** Cells that the last step changed: pages of tables, and whole VMAs. `before` is the moment before that step, if known. */
export function changedCells(
  layout: MapLayout,
  mm: number,
  moment: Moment,
  before: Moment | null,
  changed: Changed,
): CellSpan[] {
  const spans: CellSpan[] = [];
  for (const [table, by] of changed.pages) {
    if (by === 0 || mmOf(table) !== mm) continue;
    for (const [first, last] of cellsOfTable(layout, table)) {
      for (let i = first; i <= last; i++) {
        const page = layout.cells[i]?.fromPage ?? 0;
        const same = before !== null && presentAt(before, mm, page) === presentAt(moment, mm, page);
        if (first === last || !same) spans.push([i, i]);
      }
    }
  }
  const vmas = [...(moment.vmas ?? []), ...(before?.vmas ?? [])];
  for (const vma of vmas) {
    if (vma.mm !== mm || !changed.objects.has(vma.id)) continue;
    spans.push(...cellsWithin(layout, vma.startPage, vma.startPage + vma.pages));
  }
  return spans;
}

/** Cells at which threads work. */
export function workedCells(layout: MapLayout, mm: number, moment: Moment): CellSpan[] {
  return (moment.threads ?? []).flatMap(({ table }) =>
    table === undefined || mmOf(table) !== mm ? [] : cellsOfTable(layout, table),
  );
}
