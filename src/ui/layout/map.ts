import type { Px, VmaMoment } from '../../event/index.ts';
import { cellCount, cellsOf, Fates, type MapBand, type MapCell } from './map-cells.ts';

/** Where names stand, at the left of the cells. */
export const MAP_LABEL: Px = 132;
const LABEL_GAP: Px = 6;
/** Room that keeps what is drawn around a cell inside the picture. */
export const MAP_EDGE: Px = 2;
/** A band has room for a line of text. */
export const BAND_LEAST: Px = 13;
const BAND_GAP: Px = 3;

/** Distance from cell to cell: a cell is a pixel smaller. */
const LEAST_X: Px = 5;
const LEAST_Y: Px = 7;
const MOST: Px = 26;
/** How much higher than wide cells may be. */
const TALLEST = 2;
/** Parts that a cell may stand for before whole areas share cells. */
const MOST_FOLD = 512;

export interface PlacedBand {
  readonly band: MapBand;
  readonly top: Px;
  readonly height: Px;
  /** Where the first row of cells begins. */
  readonly cellsTop: Px;
  /** Number of the band's first cell. */
  readonly first: number;
  readonly count: number;
}

/** An address space as cells, row by row, in order of address. */
export interface MapLayout {
  readonly bands: readonly PlacedBand[];
  readonly cells: readonly MapCell[];
  readonly left: Px;
  readonly columns: number;
  readonly pitchX: Px;
  readonly pitchY: Px;
}

export interface Box {
  readonly x: Px;
  readonly y: Px;
  readonly w: Px;
  readonly h: Px;
}

/** Bands that there is room for. */
export function mostBands(height: Px): number {
  return Math.max(1, Math.floor((height - 2 * MAP_EDGE + BAND_GAP) / (BAND_LEAST + BAND_GAP)));
}

function heightOf(counts: readonly number[], columns: number, pitchY: Px): Px {
  const rows = counts.map((count) => Math.max(BAND_LEAST, Math.ceil(count / columns) * pitchY - 1));
  return rows.reduce((sum, h) => sum + h, 0) + BAND_GAP * (counts.length - 1);
}

/** The largest cells with which all fit; undefined where not even the smallest do. */
function pitchFor(counts: readonly number[], width: Px, height: Px): { x: Px; y: Px } | undefined {
  let best: { x: Px; y: Px } | undefined;
  for (let x = LEAST_X; x <= MOST; x++) {
    const columns = Math.floor((width + 1) / x);
    if (columns < 1) break;
    const tallest = Math.min(MOST, x * TALLEST);
    for (let y = Math.max(LEAST_Y, x); y <= tallest; y++) {
      if (heightOf(counts, columns, y) > height) break;
      if (best === undefined || x * y > best.x * best.y) best = { x, y };
    }
  }
  return best;
}

/** Areas that share a cell where even a cell for each would be too many. */
function areasPerCell(counts: readonly number[], width: Px, height: Px): number {
  const columns = Math.max(1, Math.floor((width + 1) / LEAST_X));
  let areas = 1;
  const fits = (): boolean =>
    heightOf(
      counts.map((n) => Math.ceil(n / areas)),
      columns,
      LEAST_Y,
    ) <= height;
  while (!fits() && areas < Math.max(...counts)) areas *= 2;
  return areas;
}

/** Lays out bands in a field: as many cells as fit, each as large as it can be. */
export function mapLayout(
  bands: readonly MapBand[],
  vmas: readonly VmaMoment[],
  width: Px,
  height: Px,
): MapLayout {
  const left = MAP_LABEL + LABEL_GAP + MAP_EDGE;
  const inner = Math.max(LEAST_X, width - left - MAP_EDGE);
  const room = Math.max(BAND_LEAST, height - 2 * MAP_EDGE);
  let fold = 1;
  let counts = bands.map((band) => cellCount(band, fold));
  let pitch = pitchFor(counts, inner, room);
  while (pitch === undefined && fold < MOST_FOLD) {
    fold *= 2;
    counts = bands.map((band) => cellCount(band, fold));
    pitch = pitchFor(counts, inner, room);
  }
  const areas = pitch === undefined ? areasPerCell(counts, inner, room) : 1;
  const { x: pitchX, y: pitchY } = pitch ?? { x: LEAST_X, y: LEAST_Y };
  const columns = Math.max(1, Math.floor((inner + 1) / pitchX));
  const fates = new Fates(vmas);
  const cells: MapCell[] = [];
  const placed: PlacedBand[] = [];
  let top = MAP_EDGE;
  for (const band of bands) {
    const own = cellsOf(band, fold, areas, fates);
    const used = Math.ceil(own.length / columns) * pitchY - 1;
    const h = Math.max(BAND_LEAST, used);
    const cellsTop = top + Math.floor((h - used) / 2);
    placed.push({ band, top, height: h, cellsTop, first: cells.length, count: own.length });
    cells.push(...own);
    top += h + BAND_GAP;
  }
  return { bands: placed, cells, left, columns, pitchX, pitchY };
}

/** The band that a cell lies in. */
export function bandOfCell(layout: MapLayout, index: number): PlacedBand | undefined {
  return layout.bands.find(({ first, count }) => index >= first && index < first + count);
}

/** Where a cell is drawn. */
export function cellBox(layout: MapLayout, index: number): Box {
  const band = bandOfCell(layout, index);
  const at = index - (band?.first ?? 0);
  const { left, columns, pitchX, pitchY } = layout;
  return {
    x: left + (at % columns) * pitchX,
    y: (band?.cellsTop ?? 0) + Math.floor(at / columns) * pitchY,
    w: pitchX - 1,
    h: pitchY - 1,
  };
}

/** The cell at a point, or -1; what lies between two cells belongs to the one before. */
export function cellAt(layout: MapLayout, x: Px, y: Px): number {
  const { left, columns, pitchX, pitchY } = layout;
  const column = Math.floor((x - left) / pitchX);
  if (column < 0 || column >= columns) return -1;
  for (const { cellsTop, first, count } of layout.bands) {
    const row = Math.floor((y - cellsTop) / pitchY);
    const at = row * columns + column;
    if (row >= 0 && at < count) return first + at;
    if (row < 0) return -1;
  }
  return -1;
}

/** Cells that hold pages of [from, to), as spans [first, last] of their numbers. */
export function cellsWithin(layout: MapLayout, from: number, to: number): [number, number][] {
  const spans: [number, number][] = [];
  layout.cells.forEach(({ fromPage, toPage }, i) => {
    if (fromPage >= to || toPage <= from) return;
    const last = spans[spans.length - 1];
    if (last !== undefined && last[1] === i - 1) last[1] = i;
    else spans.push([i, i]);
  });
  return spans;
}

/** Boxes around cells [first, last], one per row. */
export function boxesAround(layout: MapLayout, first: number, last: number): Box[] {
  const boxes: Box[] = [];
  for (let i = first; i <= last; i++) {
    const box = cellBox(layout, i);
    const before = boxes[boxes.length - 1];
    if (before !== undefined && before.y === box.y)
      boxes[boxes.length - 1] = { ...before, w: box.x + box.w - before.x };
    else boxes.push(box);
  }
  return boxes;
}

/** Where a key leads from a cell: to the next one, or to the one above or below. */
export function neighbour(layout: MapLayout, index: number, key: string): number {
  const last = layout.cells.length - 1;
  const band = bandOfCell(layout, index);
  if (band === undefined) return Math.min(last, Math.max(0, index));
  const { columns, bands } = layout;
  const at = index - band.first;
  const column = at % columns;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowUp': {
      if (at >= columns) return index - columns;
      const above = bands[bands.indexOf(band) - 1];
      if (above === undefined) return index;
      const row = Math.floor((above.count - 1) / columns);
      return above.first + Math.min(above.count - 1, row * columns + column);
    }
    case 'ArrowDown': {
      const rows = Math.ceil(band.count / columns);
      if (Math.floor(at / columns) < rows - 1) return band.first + Math.min(band.count - 1, at + columns);
      const below = bands[bands.indexOf(band) + 1];
      return below === undefined ? index : below.first + Math.min(below.count - 1, column);
    }
    default:
      return index;
  }
}
