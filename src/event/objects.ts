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
  /** The lock of a VMA (rwsem or reference count, Linux 6.4 and later). index: mm << 20 | slot. */
  VMA_LOCK: 12,
  /** A sequence count: mmap_seq of an mm (index: mm << 20 | MMAP_SEQ) or vm_sequence of a VMA (mm << 20 | slot). */
  SEQ: 13,
  /** Another lock of an mm. index: mm << 8 | its number in `MmLock`. */
  MM_LOCK: 14,
  /** What threads sleep for that is no lock. index: 0 a grace period of RCU, 1 of SRCU, 2 the disk. */
  GRACE: 15,
} as const;
export type Class = (typeof Class)[keyof typeof Class];

/** The number of mmap_seq among the sequence counts of an mm; those of VMAs have the number of their slot. */
export const MMAP_SEQ = 0xfffff;

/** The disk among what threads sleep for. */
export const DISK = 2;

/** Numbers of the further locks of an mm: the rwlock over the tree of VMAs (v6 to v11 of Dufour), and the range lock. */
export const MmLock = { MM_RB_LOCK: 0, RANGE_LOCK: 1, RANGE_TREE: 2 } as const;
export const MM_LOCK_NAMES = ['mm_rb_lock', 'range_lock', 'range_tree'] as const;

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

/** The mm of an id of something that an mm has. */
export function mmOf(id: ObjectId): number {
  const cls = id >>> 28;
  const index = id & INDEX_MASK;
  switch (cls) {
    case Class.TABLE:
    case Class.VMA:
    case Class.VMA_LOCK:
    case Class.SEQ:
      return index >>> MM_SHIFT;
    case Class.MM_LOCK:
      return index >>> 8;
    default:
      return index;
  }
}

/** The number within the mm of a TABLE, VMA, VMA_LOCK or SEQ id. */
export function withinMm(id: ObjectId): number {
  return id & ((1 << MM_SHIFT) - 1);
}

/** True for ids that lock records carry. */
export function isLock(id: ObjectId): boolean {
  const cls = id >>> 28;
  return (
    cls === Class.MMAP_LOCK ||
    cls === Class.TABLE ||
    cls === Class.LOCK ||
    cls === Class.VMA_LOCK ||
    cls === Class.MM_LOCK
  );
}

/** Classes of locks of which there are too many for a place each: a class is one, with single locks where they matter. */
export const MANY: readonly Class[] = [Class.TABLE, Class.VMA_LOCK];

/** Place of a lock's class in `MANY`; -1 for a lock that stands for itself. */
export function manyOf(lock: ObjectId): number {
  const cls = lock >>> 28;
  return cls === Class.TABLE ? 0 : cls === Class.VMA_LOCK ? 1 : -1;
}

/** The id that stands for all locks of a class in `MANY`; any of them does where an id is taken. */
export function lockOfMany(many: number): ObjectId {
  return objectId(MANY[many] ?? Class.NONE, 0);
}

/** What stands for a lock where classes are one: itself, or the id of its class. */
export function groupOf(lock: ObjectId): ObjectId {
  const many = manyOf(lock);
  return many < 0 ? lock : lockOfMany(many);
}
