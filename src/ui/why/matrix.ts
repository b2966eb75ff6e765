import { NO_THREAD, type Ns, type ObjectId } from '../../event/index.ts';
import type { BlamePair } from '../../trace/index.ts';

/** What a waiter lost to a holder, over the locks in question. */
export interface Cell {
  readonly ns: Ns;
  readonly waits: number;
  /** What the holder did meanwhile; the rest it ran. */
  readonly spunNs: Ns;
  readonly blockedNs: Ns;
  readonly runnableNs: Ns;
}

export interface Side {
  /** A thread, or NO_THREAD for nobody (a holder only). */
  readonly thread: number;
  readonly ns: Ns;
}

export interface Matrix {
  readonly waiters: readonly Side[];
  readonly holders: readonly Side[];
  /** By `cellKey`. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** The largest cell, and all of them together. */
  readonly mostNs: Ns;
  readonly totalNs: Ns;
  /** Waiters and holders that found no room, and what is in their cells. */
  readonly hiddenWaiters: number;
  readonly hiddenHolders: number;
  readonly hiddenNs: Ns;
}

export type Order = 'time' | 'name';

/** Rows and columns that are shown. */
const MOST_WAITERS = 40;
const MOST_HOLDERS = 24;

export function cellKey(waiter: number, holder: number): string {
  return `${waiter} ${holder}`;
}

/** Threads in the order in which they are declared; nobody comes last. */
function inOrder(sums: ReadonlyMap<number, Ns>, order: Order): Side[] {
  const sides = [...sums].map(([thread, ns]) => ({ thread, ns }));
  return sides.sort((a, b) => (order === 'time' ? b.ns - a.ns : 0) || a.thread - b.thread);
}

/** The matrix of waiters by holders, of one lock or of all: the most first if there are too many. */
export function matrixOf(pairs: readonly BlamePair[], lock: ObjectId | null, order: Order): Matrix {
  const cells = new Map<string, Cell>();
  const waiters = new Map<number, Ns>();
  const holders = new Map<number, Ns>();
  for (const pair of pairs) {
    if (lock !== null && pair.lock !== lock) continue;
    const key = cellKey(pair.waiter, pair.holder);
    const old = cells.get(key);
    cells.set(key, {
      ns: pair.ns + (old?.ns ?? 0),
      waits: pair.waits + (old?.waits ?? 0),
      spunNs: pair.spunNs + (old?.spunNs ?? 0),
      blockedNs: pair.blockedNs + (old?.blockedNs ?? 0),
      runnableNs: pair.runnableNs + (old?.runnableNs ?? 0),
    });
    waiters.set(pair.waiter, (waiters.get(pair.waiter) ?? 0) + pair.ns);
    holders.set(pair.holder, (holders.get(pair.holder) ?? 0) + pair.ns);
  }
  const rows = kept(waiters, MOST_WAITERS);
  const columns = kept(holders, MOST_HOLDERS);
  let mostNs = 0;
  let totalNs = 0;
  let hiddenNs = 0;
  for (const [key, { ns }] of cells) {
    const [waiter, holder] = key.split(' ').map(Number) as [number, number];
    totalNs += ns;
    if (!rows.has(waiter) || !columns.has(holder)) hiddenNs += ns;
    else mostNs = Math.max(mostNs, ns);
  }
  return {
    waiters: inOrder(rows, order),
    holders: inOrder(columns, order),
    cells,
    mostNs,
    totalNs,
    hiddenWaiters: waiters.size - rows.size,
    hiddenHolders: holders.size - columns.size,
    hiddenNs,
  };
}

/** Those with the most time. */
function kept(sums: ReadonlyMap<number, Ns>, most: number): Map<number, Ns> {
  return new Map([...sums].sort(([a, x], [b, y]) => y - x || a - b).slice(0, most));
}

/** The locks that somebody waited for, the most waited for first. */
export function blamedLocks(pairs: readonly BlamePair[]): ObjectId[] {
  const sums = new Map<ObjectId, Ns>();
  for (const { lock, ns } of pairs) sums.set(lock, (sums.get(lock) ?? 0) + ns);
  return [...sums].sort(([, a], [, b]) => b - a).map(([lock]) => lock);
}

/** 'nobody' in the place of a holder means that the lock was free, or the waiter's own before it ran. */
export function isNobody(thread: number): boolean {
  return thread === NO_THREAD;
}
