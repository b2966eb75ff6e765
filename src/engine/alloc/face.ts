import type { Engine } from '../engine.ts';

/** The face of every allocator. Prices come from `@` in the paths; what else an allocation takes is the model's. */
export interface Allocator {
  readonly id: string;
  /** A page for the thread's mm, or 0 when memory is used up. Counts it as in the thread's hand. */
  allocate(thread: number): number;
  /** Takes back pages of an mm. */
  free(thread: number, mm: number, pages: number): void;
  /** Takes back a page that never was in a page table. */
  freePage(thread: number, mm: number, page: number): void;
  /** So many pages straight into a page table (slot): faults that nobody else could notice. */
  fill(thread: number, table: number, n: number): void;
  /** A page is in a page table from now on; and `n` of a table's pages are in the thread's mmu_gather. */
  mapped(table: number, page: number): void;
  unmapped(thread: number, table: number, n: number): void;
}

export type MakeAllocator = (e: Engine) => Allocator;
