import {
  type LockMoment,
  type Moment,
  type Ns,
  type ObjectId,
  objectLabel,
  State,
  type ThreadIdx,
  type ThreadMoment,
  type TraceMeta,
  type ZoneMoment,
} from '../../event/index.ts';
import type { RangeSummary } from '../../trace/index.ts';
import type { ZoneCell } from '../layout/zone.ts';
import { nearHigh } from '../paint/zone.ts';
import { count, counted, pageBytes } from './numbers.ts';
import { predicate, threadName } from './why.ts';

/** What each CPU does: of several threads on it the one that runs. */
export function byCpu(moment: Moment): ReadonlyMap<number, ThreadMoment> {
  const threads = new Map<number, ThreadMoment>();
  for (const thread of moment.threads ?? []) {
    const { cpu, state } = thread;
    if (cpu === null) continue;
    const before = threads.get(cpu);
    if (before === undefined || (state <= State.SPIN && before.state > State.SPIN)) threads.set(cpu, thread);
  }
  return threads;
}

/** The lock of a zone that a thread holds, if it does. */
export function heldOf(zone: ZoneMoment, thread: ThreadMoment): ObjectId | undefined {
  const held = (lock: ObjectId): boolean => thread.holds?.some((hold) => hold.lock === lock) === true;
  return [zone.zoneLock, zone.lruLock].find(held);
}

/** '34 MB of 192 GB taken'; those on per-CPU lists are, too. */
export function takenOf(zone: ZoneMoment): string {
  const free = zone.freeBlocks.reduce((sum, blocks, order) => sum + blocks * 2 ** order, 0);
  const taken = zone.managedPages - zone.untouchedPages - free;
  return `${pageBytes(taken)} of ${pageBytes(zone.managedPages)} taken`;
}

/** 'LRU 2,048 + 15 in pagevecs'. */
export function lruOf({ lruPages, pagevecPages }: ZoneMoment): string {
  return `LRU ${count(lruPages)}${pagevecPages === 0 ? '' : ` + ${count(pagevecPages)} in pagevecs`}`;
}

/** What 'batch 31 · high 186' is of a zone; the lists of one may differ where they tune themselves. */
export function marksOf(zones: readonly ZoneMoment[]): string {
  const batches = zones.map(({ batch }) => batch);
  const highs = zones.flatMap(({ lists }) => lists.map(({ high }) => high));
  return `batch ${spread(batches)} · high ${spread(highs)}`;
}

function spread(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length === 0) return '–';
  return least === most ? count(least) : `${count(least)}–${count(most)}`;
}

export interface ZoneWords {
  readonly title: string;
  readonly lines: readonly string[];
  /** What the last step did. */
  readonly marked: string;
}

function doingOf(thread: ThreadMoment | undefined, zone: ZoneMoment, meta: TraceMeta): string {
  if (thread === undefined) return 'no thread on this CPU';
  const name = threadName(thread.thread, meta);
  if (thread.waitsFor !== undefined && thread.state === State.SPIN)
    return `${name} spins for ${objectLabel(thread.waitsFor.lock, meta)}`;
  const held = heldOf(zone, thread);
  return held === undefined
    ? `${name} ${predicate(thread.state)}`
    : `${name} holds ${objectLabel(held, meta)}`;
}

/** What a bar of a zone stands for. */
export function zoneWords(
  cell: ZoneCell,
  zone: ZoneMoment,
  thread: ThreadMoment | undefined,
  pulse: number,
  meta: TraceMeta,
): ZoneWords {
  if (cell.kind === 'unused') {
    const blocks = counted(cell.blocks, 'block');
    const text = `${blocks} of 1,024 pages: ${pageBytes(zone.untouchedPages)}`;
    return { title: 'Never used', lines: [text], marked: '' };
  }
  if (cell.kind === 'order') {
    const pages = 2 ** cell.order;
    const text =
      cell.blocks === 0
        ? `no free block of ${counted(pages, 'page')}`
        : `${counted(cell.blocks, 'free block')} of ${counted(pages, 'page')}: ${pageBytes(cell.blocks * pages)}`;
    return { title: `Order ${cell.order}`, lines: [text], marked: '' };
  }
  const { cpu, pages, high } = cell.list;
  const lines = [`${count(pages)} of ${counted(high, 'page')}, batch ${count(zone.batch)}`];
  if (pages === 0) lines.push('empty: the next page comes from the zone, under its lock');
  else if (nearHigh(pages, high, zone.batch)) lines.push('near high: it will give a batch back');
  lines.push(doingOf(thread, zone, meta));
  const marked =
    pulse === 0
      ? ''
      : pulse > 0
        ? `the last step refilled it with ${counted(pulse, 'page')}`
        : `the last step drained ${counted(-pulse, 'page')} to the zone`;
  return { title: `CPU ${cpu}`, lines, marked };
}

/** Threads that spin for a lock. */
export function spinnersOf(lock: LockMoment | undefined): ThreadIdx[] {
  return (lock?.queue ?? []).filter(({ spinning }) => spinning).map(({ thread }) => thread);
}

/** Shares of the time of CPUs that is spent waiting for the two locks of zones. */
export interface Contention {
  readonly zone: number;
  readonly lru: number;
}

export interface Contentions {
  /** CPUs whose time it is, and how long that is of each. */
  readonly cpus: number;
  readonly ns: Ns;
  readonly all: Contention;
  /** By zone: of the time of its node's CPUs. */
  readonly byZone: readonly Contention[];
}

/** Both shares and their sum, each with a decimal; what is read adds up. */
export function addedUp({ zone, lru }: Contention): readonly [zone: string, lru: string, both: string] {
  const [a, b] = [Math.round(zone * 1_000), Math.round(lru * 1_000)];
  const said = (tenths: number): string => `${(tenths / 10).toFixed(1)} %`;
  return [said(a), said(b), said(a + b)];
}

/** CPUs that threads run on, by node; all of them where a thread may run on any. */
function usedCpus({ threads, cpuSocket }: TraceMeta): Map<number, number> {
  const any = threads.some(({ cpu }) => cpu === null);
  const used = new Set(any ? cpuSocket.keys() : threads.flatMap(({ cpu }) => cpu ?? []));
  const byNode = new Map<number, number>();
  for (const cpu of used) {
    const node = cpuSocket[cpu] ?? 0;
    byNode.set(node, (byNode.get(node) ?? 0) + 1);
  }
  return byNode;
}

/** How contended the locks of zones are over a range; null while there is no range to speak of. */
export function contentionOf(
  summary: RangeSummary,
  zones: readonly ZoneMoment[],
  meta: TraceMeta,
): Contentions | null {
  const ns = summary.toNs - summary.fromNs;
  const used = usedCpus(meta);
  const cpus = [...used.values()].reduce((sum, n) => sum + n, 0);
  if (!(ns > 0) || cpus === 0) return null;
  const waited = new Map(summary.locks.map(({ lock, waitedNs }) => [lock, waitedNs]));
  const sums = { zone: 0, lru: 0 };
  const byZone = zones.map(({ node, zoneLock, lruLock }) => {
    const zone = waited.get(zoneLock) ?? 0;
    const lru = waited.get(lruLock) ?? 0;
    sums.zone += zone;
    sums.lru += lru;
    // Of a node without threads the locks are wanted by others only.
    const time = (used.get(node) ?? cpus) * ns;
    return { zone: zone / time, lru: lru / time };
  });
  return { cpus, ns, all: { zone: sums.zone / (cpus * ns), lru: sums.lru / (cpus * ns) }, byZone };
}
