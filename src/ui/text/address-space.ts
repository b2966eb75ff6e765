import {
  Class,
  classOf,
  type LockMoment,
  type Moment,
  mmOf,
  type ObjectId,
  objectId,
  objectLabel,
  PAGE_BYTES,
  TABLE_PAGES,
  type TraceMeta,
  type VmaMoment,
  withinMm,
} from '../../event/index.ts';
import type { Changed } from '../../store/index.ts';
import type { CellFate, MapBand, MapCell } from '../layout/map-cells.ts';
import { count, counted, pageBytes, percent } from './numbers.ts';
import { brief, threadName } from './why.ts';

/** What becomes of addresses, in words; nothing where all is as it should be. */
const FATES: Readonly<Record<CellFate, string>> = {
  unmapped: 'unmapped',
  mapped: '',
  dead: 'VM_DEAD',
  detached: 'detached',
};

/** Tables that an mm's ids number. */
const MM_TABLES = 1 << 20;

function address(page: number): string {
  return `0x${(page * PAGE_BYTES).toString(16)}`;
}

export interface BandWords {
  readonly name: string;
  /** Areas alike, if there are several. */
  readonly times: string;
  readonly size: string;
  /** What is not as it should be, and how full it is. */
  readonly detail: string;
  /** The most telling of the details, for where there is room for one word. */
  readonly notable: string;
}

/** What stands beside a band of the map. */
export function bandWords(band: MapBand, cells: readonly MapCell[]): BandWords {
  const fates = new Set(cells.map(({ fate }) => fate));
  const notable = (['detached', 'dead'] as const).filter((fate) => fates.has(fate)).map((f) => FATES[f]);
  if (notable.length === 0 && fates.has('unmapped')) notable.push('partly unmapped');
  const share = band.pages === 0 ? 0 : band.present / band.pages;
  const full = `${percent(share)} present`;
  const n = band.ranges.length;
  const gone = fates.size === 1 && fates.has('unmapped');
  return {
    name: band.name === '' ? (n === 1 ? 'unnamed' : `${n} other areas`) : band.name,
    times: band.name !== '' && n > 1 ? `×${n}` : '',
    size: pageBytes(band.pages),
    detail: gone ? 'unmapped' : [...notable, full].join(' · '),
    notable: gone ? 'unmapped' : (notable[0] ?? ''),
  };
}

/** True for the tables of an mm that hold pages of a cell. */
function lies(table: ObjectId, mm: number, { fromPage, toPage }: MapCell): boolean {
  if (classOf(table) !== Class.TABLE || mmOf(table) !== mm) return false;
  const first = withinMm(table) * TABLE_PAGES;
  return first < toPage && first + TABLE_PAGES > fromPage;
}

/** Page-table locks in a cell that somebody holds or wants. */
function locksIn(cell: MapCell, mm: number, locks: readonly LockMoment[]): LockMoment[] {
  return locks.filter(({ lock, owners, queue }) => lies(lock, mm, cell) && owners.length + queue.length > 0);
}

/** The one page table that a cell stands for, or that something happens at; null where that is not clear. */
export function tableMeant(cell: MapCell, mm: number, moment: Moment): ObjectId | null {
  const first = Math.floor(cell.fromPage / TABLE_PAGES);
  if (first === Math.floor((cell.toPage - 1) / TABLE_PAGES))
    return objectId(Class.TABLE, mm * MM_TABLES + first);
  const busy = new Set(locksIn(cell, mm, moment.locks ?? []).map(({ lock }) => lock));
  for (const { table } of moment.threads ?? [])
    if (table !== undefined && lies(table, mm, cell)) busy.add(table);
  const [only, ...others] = busy;
  return only === undefined || others.length > 0 ? null : only;
}

function lockWords({ lock, owners, queue }: LockMoment, meta: TraceMeta): string {
  const names = (threads: readonly number[]): string => brief(threads.map((t) => threadName(t, meta)));
  const held = owners.length === 0 ? 'free' : `held by ${names(owners)}`;
  const waits = queue.length === 1 ? 'waits' : 'wait';
  const wanted = queue.length === 0 ? '' : `; ${names(queue.map(({ thread }) => thread))} ${waits} for it`;
  return `${objectLabel(lock, meta)} ${held}${wanted}`;
}

export interface CellWords {
  readonly title: string;
  readonly range: string;
  readonly lines: readonly string[];
  /** What goes on there. */
  readonly marked: readonly string[];
}

/** What there is to say of a cell. */
export function cellWords(
  cell: MapCell,
  band: MapBand,
  vmas: readonly VmaMoment[],
  mm: number,
  moment: Moment,
  meta: TraceMeta,
  changed: Changed,
): CellWords {
  const { fromPage, toPage, pages, present, ranges } = cell;
  const inside = band.ranges.find((r) => r.startPage <= fromPage && r.startPage + r.pages > fromPage);
  const names = [...new Set(vmas.map(({ name }) => name).filter((name) => name !== ''))];
  const own = inside?.name || 'unnamed';
  const title = ranges > 1 ? counted(ranges, 'area') : names.length === 1 ? (names[0] ?? own) : own;
  const flags = [...new Set(vmas.flatMap((vma) => [...(vma.detached ? ['detached'] : []), ...vma.flags]))];
  const tables = Math.ceil(toPage / TABLE_PAGES) - Math.floor(fromPage / TABLE_PAGES);
  const lines = [
    vmas.length === 0 ? 'not mapped' : `${counted(vmas.length, 'VMA')}: ${flags.join(' ')}`,
    `${count(present)} of ${counted(pages, 'page')} present${ranges > 1 ? '' : `, ${counted(tables, 'page table')}`}`,
  ];
  const marked = (moment.threads ?? []).flatMap(({ thread, table }) =>
    table !== undefined && lies(table, mm, cell)
      ? [`${threadName(thread, meta)} works at ${objectLabel(table, meta)}`]
      : [],
  );
  const locks = locksIn(cell, mm, moment.locks ?? []).map((lock) => lockWords(lock, meta));
  const steps = [...changed.pages].flatMap(([table, by]) =>
    lies(table, mm, cell) && by !== 0
      ? [`the last step ${by < 0 ? 'removed' : 'added'} ${counted(Math.abs(by), 'page')}`]
      : [],
  );
  return {
    title,
    range: `${address(fromPage)}–${address(toPage)} · ${pageBytes(pages)}`,
    lines,
    marked: [...marked, ...locks, ...steps],
  };
}
