import type { Draw } from './draw.ts';
import type { Node } from './tree.ts';

/** What the statements of one thread may name. */
export interface Scope {
  readonly rwsems: readonly string[];
  readonly spinlocks: readonly string[];
  readonly mutexes: readonly string[];
  /** The kind of lock that all sections take, or any of them. */
  readonly only: 'rwsem' | 'mutex' | 'spinlock' | 'any';
  /** Areas of the thread's process, and their sizes in pages. */
  readonly areas: readonly { readonly name: string; readonly pages: number }[];
  readonly shared: readonly string[];
  /** The time that one piece of work takes, in ns. */
  readonly pace: number;
  /** Threads of this document wait for conditions: one that waits for ever spoils most of a run. */
  readonly waits: boolean;
  /** Locks are taken in one order by all threads, so that nobody deadlocks. */
  readonly ordered: boolean;
  /** Fatal signals come to threads. */
  readonly alarms: boolean;
  /** How many address spaces there are. */
  readonly processes: number;
  /** Pages come from zones. */
  readonly zones: boolean;
}

/** Where a statement stands. */
export interface Place {
  readonly depth: number;
  /** Some lock is held: a system call would end the run. */
  readonly locked: boolean;
  /** A spinlock is held: sleeping would end the run. */
  readonly spinning: boolean;
  /** Rank of the last lock that was taken. */
  readonly rank: number;
}

export type Make = (d: Draw, s: Scope, at: Place) => Node;
export type Choices = readonly (readonly [weight: number, make: Make])[];

/** A length of time in ns, as text. */
export function duration(d: Draw, s: Scope): string {
  if (d.chance(0.05)) return d.pick(['1', '0', '7', `random(${s.pace * 2})`]);
  if (d.chance(0.1)) return `${d.int(1, s.pace * 20)}`;
  if (s.pace > 1_000_000 && d.chance(0.03)) return '150ms';
  return `${d.int(1, s.pace)}`;
}

function pageIn(d: Draw, pages: number): number {
  return d.chance(0.7) ? d.int(0, Math.min(pages - 1, 7)) : d.int(0, pages - 1);
}

/** An address in an area, or just behind it; now and then one that no area has. */
export function address(d: Draw, s: Scope): string {
  if (d.chance(0.03)) return d.pick(['0', '4095', '2MB', '1GB', '200TB', '2MB * index']);
  const a = d.pick(s.areas);
  const page = d.chance(0.15) ? a.pages + d.int(0, 3) : pageIn(d, a.pages);
  const offset = d.chance(0.1) ? ` + ${d.int(1, 4_095)}` : '';
  return `${a.name}.start + ${page} * PAGE_SIZE${offset}`;
}

/**
 * A range of addresses: an area, part of one, several, far too much, nothing at all, less than nothing.
 */
export function range(d: Draw, s: Scope): string {
  if (d.chance(0.05)) return `range(${address(d, s)}, ${address(d, s)})`;
  const first = d.int(0, s.areas.length - 1);
  const a = s.areas[first] as Scope['areas'][number];
  const b = d.pick(s.areas.slice(first));
  const from = pageIn(d, a.pages);
  const part = `${a.name}.start + ${from} * PAGE_SIZE`;
  return d.weighted([
    [4, a.name],
    [2, `range(${part}, ${b.name}.end)`],
    [2, `range(${a.name}.start, ${a.name}.start + ${pageIn(d, a.pages) + 1} * PAGE_SIZE)`],
    [2, `range(${part}, ${a.name}.start + ${from + d.int(1, 9)} * PAGE_SIZE)`],
    [1, `range(${part}, ${a.name}.start + ${from + d.int(1, 9)} * PAGE_SIZE + ${d.int(1, 4_095)})`],
    [1, `range(${part} + ${d.int(0, 99)}, ${b.name}.end + ${d.int(0, 9_999)})`],
    [2, `range(${a.name}.start, ${a.name}.start + ${d.pick(['1GB', '2GB', '2500MB'])})`],
  ]);
}
