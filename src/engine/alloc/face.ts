import type { Engine } from '../engine.ts';

/** The face of every allocator. Prices come from `@` in the paths; what else an allocation takes is the model's. */
export interface Allocator {
  readonly id: string;
  /** A page for the thread's mm, or 0 when memory is used up. Counts it as in the thread's hand. */
  allocate(thread: number): number;
  /** Takes back pages of an mm. */
  free(thread: number, mm: number, pages: number): void;
}

export type MakeAllocator = (e: Engine) => Allocator;
