import { Class, type ObjectId, objectId, TABLE_PAGES } from '../event/index.ts';

/** What is fixed about where things stand: table slots of each mm, lock indices. Never changes while a run goes on. */
export interface Layout {
  /** First table slot of each mm, and one past the last. */
  readonly tableBase: Int32Array;
  readonly mms: number;
  /** VMA slots of one mm. */
  readonly vmas: number;
  /** Model index of each declared lock (a rwsem or a spinlock). */
  readonly lockIndex: Int32Array;
  /** Model index of the lock of the first VMA slot; those of the other slots follow. */
  readonly vmaLocks: number;
  /** Index of the spinlock over the tree of ranges of the first mm; those of the others follow. -1: there are none. */
  readonly rangeTrees: number;
  /** Pages that bound each mm. */
  readonly endPage: Float64Array;
}

/** Slot of a page's table, or -1 outside the mm. */
export function tableSlot(l: Layout, mm: number, page: number): number {
  if (page < 0 || page >= (l.endPage[mm] as number)) return -1;
  return (l.tableBase[mm] as number) + ((page / TABLE_PAGES) | 0);
}

/** Index of a spinlock object (a page table's, a tree of ranges', or a declared one). */
export function spinIndex(l: Layout, lock: ObjectId): number {
  if (lock >>> 28 === Class.TABLE) {
    return (l.tableBase[(lock >>> 20) & 0xff] as number) + (lock & 0xfffff);
  }
  if (lock >>> 28 === Class.MM_LOCK) return l.rangeTrees + ((lock & 0x0fffffff) >>> 8);
  return l.lockIndex[lock & 0x0fffffff] as number;
}

/** Index of a rwsem object (an mm's or a declared one). */
export function rwIndex(l: Layout, lock: ObjectId): number {
  const index = lock & 0x0fffffff;
  const cls = lock >>> 28;
  if (cls === Class.MMAP_LOCK) return index;
  if (cls === Class.VMA_LOCK) return l.vmaLocks + (index >>> 20) * l.vmas + (index & 0xfffff);
  return l.lockIndex[index] as number;
}

/** Object id of a table slot of an mm. */
export function tableId(l: Layout, mm: number, slot: number): ObjectId {
  return objectId(Class.TABLE, (mm << 20) | (slot - (l.tableBase[mm] as number)));
}
