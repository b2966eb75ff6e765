import type { ObjectId } from './units.ts';

/**
 * Object ids: class in the upper 4 bits, index in the lower 28. An id depends on what the thing is, never on the
 * strategy or on the order of events, so that two runs can be compared and a URL can name it.
 */
export const Class = {
  NONE: 0,
  /** The process-wide lock of an mm (mmap_sem, later mmap_lock). index: mm. */
  MMAP_LOCK: 1,
  /** A page table and the lock in it. index: mm << 20 | first page >> 9. */
  TABLE: 2,
  /** index: mm << 20 | slot. */
  VMA: 3,
  /** index: mm. */
  MM: 4,
  /** index: into TraceMeta.syscalls. */
  SYSCALL: 5,
  /** index: into TraceMeta.phases. */
  PHASE: 6,
  /** index: into TraceMeta.counters. */
  COUNTER: 7,
  /** index: into TraceMeta.invariants. */
  INVARIANT: 8,
  /** A shared variable that the document declares. index: into TraceMeta.vars. */
  VAR: 9,
  /** A lock that the document declares. index: into TraceMeta.locks. */
  LOCK: 10,
  /** A per-CPU page list. index: node << 12 | CPU. */
  PCP: 11,
} as const;
export type Class = (typeof Class)[keyof typeof Class];

/** Bits of the index that number things within one mm. */
export const MM_SHIFT = 20;
const INDEX_MASK = 0x0fffffff;

/** Packs a class and an index into an id (unsigned 32 bits). */
export function objectId(cls: Class, index: number): ObjectId {
  return ((cls << 28) | index) >>> 0;
}

export function classOf(id: ObjectId): Class {
  return (id >>> 28) as Class;
}

export function indexOf(id: ObjectId): number {
  return id & INDEX_MASK;
}

/** The mm of a MMAP_LOCK, TABLE, VMA or MM id. */
export function mmOf(id: ObjectId): number {
  const cls = id >>> 28;
  const index = id & INDEX_MASK;
  return cls === Class.TABLE || cls === Class.VMA ? index >>> MM_SHIFT : index;
}

/** The number within the mm of a TABLE or VMA id. */
export function withinMm(id: ObjectId): number {
  return id & ((1 << MM_SHIFT) - 1);
}

/** True for ids that lock records carry. */
export function isLock(id: ObjectId): boolean {
  const cls = id >>> 28;
  return cls === Class.MMAP_LOCK || cls === Class.TABLE || cls === Class.LOCK;
}
