import type { RangeMoment, VmaMoment } from '../../event/index.ts';
import { groupName } from './group-name.ts';

/** What becomes of a cell's addresses; of several the one that comes last here. */
export const CELL_FATES = ['unmapped', 'mapped', 'dead', 'detached'] as const;
export type CellFate = (typeof CELL_FATES)[number];

/** An equal part of an area, or a few whole areas where there are too many for a cell each. */
export interface MapCell {
  readonly fromPage: number;
  readonly toPage: number;
  /** Areas that it stands for, and their pages: less than from one end to the other where there are gaps. */
  readonly ranges: number;
  readonly pages: number;
  readonly present: number;
  readonly fate: CellFate;
}

/** Areas alike, or all those that have no band of their own. */
export interface MapBand {
  readonly key: string;
  /** Empty for areas of several names. */
  readonly name: string;
  readonly ranges: readonly RangeMoment[];
  readonly pages: number;
  readonly present: number;
}

function bandOf(key: string, name: string, ranges: readonly RangeMoment[]): MapBand {
  let pages = 0;
  let present = 0;
  for (const range of ranges) {
    pages += range.pages;
    for (const n of range.present) present += n;
  }
  return { key, name, ranges, pages, present };
}

/** The ranges of one mm in bands, in order of address; beyond `most` the smallest share the last one. */
export function mapBands(ranges: readonly RangeMoment[], most: number): MapBand[] {
  const groups = new Map<string, RangeMoment[]>();
  for (const range of ranges) {
    const name = groupName(range.name);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [range]);
    else group.push(range);
  }
  const bands = [...groups].map(([name, list]) =>
    bandOf(name, (list.length === 1 ? list[0]?.name : name) ?? name, list),
  );
  if (bands.length <= most) return bands;
  const large = [...bands].sort((a, b) => b.pages - a.pages).slice(0, Math.max(0, most - 1));
  const rest = bands.filter((band) => !large.includes(band)).flatMap((band) => band.ranges);
  return [...bands.filter((band) => large.includes(band)), bandOf(' rest', '', rest)];
}

/** Cells of a band when `fold` parts are one. */
export function cellCount({ ranges }: MapBand, fold: number): number {
  return ranges.reduce((n, { present }) => n + Math.ceil(present.length / fold), 0);
}

/** VMAs of one mm, in order of address; looks up what becomes of a range of pages. */
export class Fates {
  readonly #vmas: readonly VmaMoment[];

  constructor(vmas: readonly VmaMoment[]) {
    this.#vmas = [...vmas].sort((a, b) => a.startPage - b.startPage);
  }

  /** VMAs that lie in [from, to), wholly or in part. */
  within(from: number, to: number): VmaMoment[] {
    const vmas = this.#vmas;
    let lo = 0;
    let hi = vmas.length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      const { startPage, pages } = vmas[mid] as VmaMoment;
      if (startPage + pages > from) hi = mid;
      else lo = mid + 1;
    }
    const found: VmaMoment[] = [];
    for (let i = lo; i < vmas.length; i++) {
      const vma = vmas[i] as VmaMoment;
      if (vma.startPage >= to) break;
      found.push(vma);
    }
    return found;
  }

  fate(from: number, to: number): CellFate {
    let last = 0;
    for (const { detached, flags } of this.within(from, to)) {
      const fate: CellFate = detached ? 'detached' : flags.includes('VM_DEAD') ? 'dead' : 'mapped';
      last = Math.max(last, CELL_FATES.indexOf(fate));
    }
    return CELL_FATES[last] ?? 'unmapped';
  }
}

/** The cells of a band: `fold` parts each, then `areas` of those each if that is more than one. */
export function cellsOf({ ranges }: MapBand, fold: number, areas: number, fates: Fates): MapCell[] {
  const cells: MapCell[] = [];
  for (const { startPage, pages, origin, partPages, present } of ranges) {
    const end = startPage + pages;
    for (let i = 0; i < present.length; i += fold) {
      const fromPage = Math.max(startPage, origin + i * partPages);
      const toPage = Math.min(end, origin + (i + fold) * partPages);
      let n = 0;
      for (let k = i; k < Math.min(i + fold, present.length); k++) n += present[k] ?? 0;
      const size = toPage - fromPage;
      cells.push({
        fromPage,
        toPage,
        ranges: 1,
        pages: size,
        present: n,
        fate: fates.fate(fromPage, toPage),
      });
    }
  }
  if (areas <= 1) return cells;
  const joined: MapCell[] = [];
  for (let i = 0; i < cells.length; i += areas) {
    joined.push(cells.slice(i, i + areas).reduce((a, b) => joinedCell(a, b)));
  }
  return joined;
}

function joinedCell(a: MapCell, b: MapCell): MapCell {
  return {
    fromPage: a.fromPage,
    toPage: b.toPage,
    ranges: a.ranges + b.ranges,
    pages: a.pages + b.pages,
    present: a.present + b.present,
    fate: CELL_FATES.indexOf(a.fate) > CELL_FATES.indexOf(b.fate) ? a.fate : b.fate,
  };
}
