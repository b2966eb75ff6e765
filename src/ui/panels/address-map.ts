import { type Moment, mmOf, type ObjectId, TABLE_PAGES, withinMm } from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import { cellsWithin, type MapLayout } from '../layout/map.ts';
import type { CellSpan } from '../paint/map.ts';

function cellsOfTable(layout: MapLayout, table: ObjectId): CellSpan[] {
  const first = withinMm(table) * TABLE_PAGES;
  return cellsWithin(layout, first, first + TABLE_PAGES);
}

/**
 * Cells of a table in which pages came or went. A page that comes is the one that its thread put in place; pages go from
 * what is unmapped, where there is such in the table.
 */
function cellsOfPages(
  layout: MapLayout,
  table: ObjectId,
  by: number,
  touched: number | undefined,
): CellSpan[] {
  const all = cellsOfTable(layout, table);
  if (by === 1 && touched !== undefined && Math.floor(touched / TABLE_PAGES) === withinMm(table))
    return cellsWithin(layout, touched, touched + 1);
  const cells = all.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  const dying = cells.filter((i) => layout.cells[i]?.fate !== 'mapped');
  return (by < 0 && dying.length > 0 ? dying : cells).map((i) => [i, i]);
}

/** Cells that the last step changed: pages of tables, and whole VMAs. */
export function changedCells(layout: MapLayout, mm: number, moment: Moment, changed: Changed): CellSpan[] {
  const touched = moment.threads?.find(({ thread }) => thread === changed.pagesBy)?.touched;
  const pages = [...changed.pages].flatMap(([table, by]) =>
    by === 0 || mmOf(table) !== mm ? [] : cellsOfPages(layout, table, by, touched),
  );
  const vmas = (moment.vmas ?? []).filter((vma) => vma.mm === mm && changed.objects.has(vma.id));
  return [...pages, ...vmas.flatMap((v) => cellsWithin(layout, v.startPage, v.startPage + v.pages))];
}

/** Cells at which threads work. */
export function workedCells(layout: MapLayout, mm: number, moment: Moment): CellSpan[] {
  return (moment.threads ?? []).flatMap(({ table }) =>
    table === undefined || mmOf(table) !== mm ? [] : cellsOfTable(layout, table),
  );
}
