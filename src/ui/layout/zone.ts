import type { PageListMoment, Px, ZoneMoment } from '../../event/index.ts';
import type { Box } from './map.ts';

/** Distance of the bars for free blocks, and their width. */
const ORDER_PITCH: Px = 23;
const ORDER_BAR: Px = 13;
/** Before the bar of what nobody has used yet, and before the lists. */
const UNUSED_GAP: Px = 8;
const LISTS_GAP: Px = 30;

/** Distance from list to list: at most, and from which on a list has a border. */
const LIST_MOST: Px = 40;
const LIST_LEAST: Px = 2;
const BORDERED: Px = 6;
const LIST_BAR: Px = 20;

/** Above the bars stand counts and pulses. */
export const ZONE_TOP: Px = 11;
/** Below the lists a strip says what their CPUs do; below that, where there is room, which CPUs they are. */
export const STATE_STRIP: Px = 4;
const STATE_GAP: Px = 2;
const LABELS: Px = 13;
const LABELS_FROM: Px = 62;
/** Room that keeps what is drawn around a bar inside the picture. */
const EDGE: Px = 3;
/** Below the blocks stand their orders. */
export const ORDER_LABEL: Px = 10;

/** Pages of the largest block: unused memory is in blocks of that size. */
const LARGEST = 1_024;

export type ZoneCell =
  | { readonly kind: 'order'; readonly order: number; readonly blocks: number }
  /** What nobody has used yet. */
  | { readonly kind: 'unused'; readonly blocks: number }
  | { readonly kind: 'list'; readonly list: PageListMoment };

/** What the bars of all zones are measured by. */
export interface ZoneScale {
  readonly blocks: number;
  readonly pages: number;
}

/** One zone as bars side by side: free blocks by order, then the lists of CPUs. */
export interface ZoneLayout {
  readonly cells: readonly ZoneCell[];
  /** Where a cell's bar stands at its full height. */
  readonly boxes: readonly Box[];
  readonly scale: ZoneScale;
  readonly batch: number;
  /** Number of the first list, and the distance from list to list. */
  readonly firstList: number;
  readonly pitch: Px;
  /** Where the numbers of CPUs stand; null without room for them. */
  readonly labels: Px | null;
}

export function zoneScale(zones: readonly ZoneMoment[]): ZoneScale {
  let blocks = 1;
  let pages = 1;
  for (const { freeBlocks, untouchedPages, lists } of zones) {
    blocks = Math.max(blocks, untouchedPages / LARGEST, ...freeBlocks);
    for (const list of lists) pages = Math.max(pages, list.high, list.pages);
  }
  return { blocks, pages };
}

/** Where the bar of an order begins; that of unused memory stands behind the last one. */
function orderLeft(i: number, orders: number): Px {
  return EDGE + i * ORDER_PITCH + (i === orders ? UNUSED_GAP : 0);
}

/** Where the lists begin. */
export function listsLeft(orders: number): Px {
  return orderLeft(orders, orders) + ORDER_BAR + LISTS_GAP;
}

export function zoneLayout(zone: ZoneMoment, scale: ZoneScale, width: Px, height: Px): ZoneLayout {
  const { freeBlocks, untouchedPages, lists, batch } = zone;
  const orders = freeBlocks.length;
  const labels = height >= LABELS_FROM ? height - 3 : null;
  const below = labels === null ? ORDER_LABEL - STATE_STRIP : LABELS;
  const bottom = height - below - STATE_STRIP - STATE_GAP;
  const h = Math.max(8, bottom - ZONE_TOP);
  const left = listsLeft(orders);
  const room = Math.max(0, width - left - EDGE);
  const fitting = Math.floor(room / Math.max(1, lists.length));
  const pitch = Math.min(LIST_MOST, Math.max(LIST_LEAST, fitting));
  const w = Math.min(LIST_BAR, pitch < BORDERED ? pitch - 1 : pitch - 2);
  const cells: ZoneCell[] = [
    ...freeBlocks.map((blocks, order) => ({ kind: 'order', order, blocks }) as const),
    { kind: 'unused', blocks: untouchedPages / LARGEST },
    ...lists.map((list) => ({ kind: 'list', list }) as const),
  ];
  const boxes = cells.map((cell, i) =>
    cell.kind === 'list'
      ? { x: left + (i - orders - 1) * pitch + Math.floor((pitch - w) / 2), y: ZONE_TOP, w, h }
      : { x: orderLeft(i, orders), y: ZONE_TOP, w: ORDER_BAR, h },
  );
  return { cells, boxes, scale, batch, firstList: orders + 1, pitch, labels };
}

/** The cell that is drawn at or nearest to a place, or -1 where there is none near. */
export function zoneCellAt({ boxes, cells, pitch }: ZoneLayout, x: Px): number {
  return boxes.findIndex((box, i) => {
    const reach = ((cells[i]?.kind === 'list' ? pitch : ORDER_PITCH) - box.w) / 2;
    return x >= box.x - reach && x < box.x + box.w + reach;
  });
}

/** Where a key leads: to the next bar, or up and down between blocks and lists. */
export function zoneNeighbour({ cells, firstList }: ZoneLayout, index: number, key: string): number {
  const last = cells.length - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'Home':
    case 'ArrowUp':
      return 0;
    case 'ArrowDown':
      return Math.min(last, Math.max(index, firstList));
    case 'End':
      return last;
    default:
      return index;
  }
}

/** Every how many lists have their number under them, so that the numbers stay apart. */
export function labelStep({ pitch, cells }: ZoneLayout): number {
  const last = cells[cells.length - 1];
  const digits = last?.kind === 'list' ? String(last.list.cpu).length : 1;
  const fits = (step: number): boolean => step * pitch >= 7 * digits + 6;
  return [1, 2, 4, 6, 8, 12, 24].find(fits) ?? 48;
}
