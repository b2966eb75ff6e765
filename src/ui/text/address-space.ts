import type { VmaMoment } from '../../event/index.ts';

/** A mapping of the address space, or several alike, as one row. */
export interface AreaRow {
  /** Tells rows apart; several address spaces have areas of the same name. */
  readonly key: string;
  readonly name: string;
  readonly vmas: number;
  readonly pages: number;
  readonly presentPages: number;
  /** Out of the tree, but not yet freed. */
  readonly detached: boolean;
  readonly flags: readonly string[];
}

function groupName(name: string): string {
  return name.replace(/\s*[[(]?\d+[\])]?$/, '');
}

/** Rows in order of address; VMAs of one group of areas share a row when there are more VMAs than `most`. */
export function areaRows(vmas: readonly VmaMoment[], most: number): AreaRow[] {
  const sorted = [...vmas].sort((a, b) => a.mm - b.mm || a.startPage - b.startPage);
  const fold = sorted.length > most;
  const rows = new Map<string, AreaRow>();
  for (const vma of sorted) {
    const name = fold ? groupName(vma.name) : vma.name;
    const key = fold ? `${vma.mm} ${name} ${vma.detached} ${vma.flags.join()}` : String(vma.id);
    const row = rows.get(key);
    rows.set(key, {
      key,
      name: name === '' ? 'unnamed' : name,
      vmas: (row?.vmas ?? 0) + 1,
      pages: (row?.pages ?? 0) + vma.pages,
      presentPages: (row?.presentPages ?? 0) + vma.presentPages,
      detached: vma.detached,
      flags: vma.flags,
    });
  }
  return [...rows.values()];
}
