import { Flag, Kind, type ObjectId, type ThreadIdx } from '../event/index.ts';
import type { AppState, MomentRecord } from './state.ts';

type Part = Pick<AppState, 'moment' | 'record' | 'nearby'>;

/**
 * The records of the step that led to the playhead. While those around it are under way it is the last one alone; a step
 * that wrote more than are asked for is known by its end.
 */
export function lastStep({ moment, record, nearby }: Part): readonly MomentRecord[] {
  const end = nearby.findIndex(({ id }) => id + 1 === moment?.event);
  if (end < 0) return record === null ? [] : [record];
  let first = end;
  while (first > 0 && ((nearby[first - 1]?.flags ?? 0) & Flag.STEP_END) === 0) first--;
  return nearby.slice(first, end + 1);
}

/** What a step changed. */
export interface Changed {
  /** VMAs, mms whose RSS counter changed, counters and variables. */
  readonly objects: ReadonlySet<ObjectId>;
  /** Threads that do something else now. */
  readonly threads: ReadonlySet<ThreadIdx>;
  /** Locks whose owners changed, with those who came or went, and locks whose queue changed. */
  readonly owners: ReadonlyMap<ObjectId, readonly ThreadIdx[]>;
  readonly queues: ReadonlySet<ObjectId>;
  /** By how much the present pages of tables changed, and the thread that did it. */
  readonly pages: ReadonlyMap<ObjectId, number>;
  readonly pagesBy: ThreadIdx | null;
  /** By how many pages the per-CPU lists changed that took some from their zone, or gave some back. */
  readonly lists: ReadonlyMap<ObjectId, number>;
}

const OWNERS: ReadonlySet<number> = new Set([Kind.LOCK_GRANT, Kind.LOCK_RELEASE, Kind.LOCK_DOWNGRADE]);
const QUEUES: ReadonlySet<number> = new Set([
  Kind.LOCK_REQUEST,
  Kind.LOCK_QUEUE,
  Kind.LOCK_CANCEL,
  Kind.LOCK_DEMAND,
]);

/** Kinds with which a thread begins to run, to wait, or to do so elsewhere. */
const DOINGS: ReadonlySet<number> = new Set([
  Kind.STATE,
  Kind.SYSCALL_ENTER,
  Kind.SYSCALL_EXIT,
  Kind.FAULT_ENTER,
  Kind.FAULT_EXIT,
  Kind.LOCK_REQUEST,
  Kind.LOCK_QUEUE,
  Kind.LOCK_CANCEL,
]);
const VALUES: ReadonlySet<number> = new Set([
  Kind.VMA_LINK,
  Kind.VMA_LENGTH,
  Kind.VMA_FLAGS,
  Kind.VMA_DETACH,
  Kind.VMA_FREE,
  Kind.RSS,
  Kind.SEQUENCE,
  Kind.GRACE_BEGIN,
  Kind.GRACE_END,
  Kind.COUNTER,
  Kind.VAR,
]);

/** What the records of a step say that it changed. */
export function changedBy(step: readonly MomentRecord[]): Changed {
  const objects = new Set<ObjectId>();
  const threads = new Set<ThreadIdx>();
  const owners = new Map<ObjectId, ThreadIdx[]>();
  const queues = new Set<ObjectId>();
  const pages = new Map<ObjectId, number>();
  let pagesBy: ThreadIdx | null = null;
  const lists = new Map<ObjectId, number>();
  for (const { kind, thread, object, arg, flags } of step) {
    if (VALUES.has(kind)) objects.add(object);
    if (OWNERS.has(kind)) owners.set(object, [...(owners.get(object) ?? []), thread]);
    const waited = kind === Kind.LOCK_GRANT && (flags & Flag.CONTENDED) !== 0;
    if (QUEUES.has(kind) || waited) queues.add(object);
    if (DOINGS.has(kind) || waited) threads.add(thread);
    if (kind === Kind.PCP_REFILL) lists.set(object, (lists.get(object) ?? 0) + arg);
    if (kind === Kind.PCP_DRAIN) lists.set(object, (lists.get(object) ?? 0) - arg);
    if (kind !== Kind.PAGES && kind !== Kind.FAULT_RUN) continue;
    pages.set(object, (pages.get(object) ?? 0) + (arg | 0));
    pagesBy = thread;
  }
  return { objects, threads, owners, queues, pages, pagesBy, lists };
}
