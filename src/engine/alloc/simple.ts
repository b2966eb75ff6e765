import { PAGE_BYTES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { Outcome, Reason } from '../outcome.ts';
import type { Allocator } from './face.ts';

/** Pages are a number: no zone, no lists, no lock. The account is exact all the same. */
export function simpleAllocator(e: Engine): Allocator {
  const limit = e.machine.memoryBytes / PAGE_BYTES;
  const free = (thread: number, mm: number, pages: number): void => {
    const w = e.w;
    w.mmFreed[mm] = (w.mmFreed[mm] as number) + pages;
    w.clock[3] = (w.clock[3] as number) - pages;
    if ((w.mmFreed[mm] as number) > (w.mmAllocated[mm] as number)) e.watch.freedTwice(thread);
  };
  return {
    id: 'simple',
    allocate(thread) {
      const w = e.w;
      const used = (w.clock[3] as number) + 1;
      if (used > limit) {
        e.stop(Outcome.LIMIT, Reason.MEMORY, thread);
        return 0;
      }
      w.clock[3] = used;
      const mm = w.threadMm[thread] as number;
      w.mmAllocated[mm] = (w.mmAllocated[mm] as number) + 1;
      w.pagesInHand[thread] = (w.pagesInHand[thread] as number) + 1;
      return 1;
    },
    free,
    fill(thread, _table, n) {
      const w = e.w;
      const mm = w.threadMm[thread] as number;
      w.clock[3] = (w.clock[3] as number) + n;
      w.mmAllocated[mm] = (w.mmAllocated[mm] as number) + n;
      if ((w.clock[3] as number) > limit) e.stop(Outcome.LIMIT, Reason.MEMORY, thread);
    },
    freePage: (thread, mm) => free(thread, mm, 1),
    mapped: () => {},
    unmapped: () => {},
  };
}
