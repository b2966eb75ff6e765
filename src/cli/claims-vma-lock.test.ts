import { describe, expect, it } from 'vitest';
import { head, locking, see } from './knob-testing.ts';

/** `a` has found its VMA for a second fault, and is about to lock it, when `b` does something to it. */
const caught = (b: string): string =>
  `${locking('per-vma-lock-6.15')}
    scenario test "test" { ${head}
      area heap = 64KB;
      thread a { touch(heap.start); next: touch(heap.start + PAGE_SIZE); }
      thread b { ${b} }
      schedule { a to next; a to locking; b; a; } }`;

describe('a fault under per-VMA locks of 6.15 whose VMA leaves the tree before it is locked', () => {
  it('walks the tree again, and locks the VMA that is there now: no mmap_lock', async () => {
    // The first touch of each VMA gives it its anon_vma, under mmap_lock.
    const seen = await see(caught('mmap_fixed(heap); touch(heap.start);'), { fault: 'per-vma-lock-6.15' });
    expect(seen).toMatchObject({ outcome: 'pass', violated: [], segv: 0, reads: 2 });
    expect(seen.named).toEqual({ vma_lock_miss: 1, vma_lock_abort: 2 });
  });

  it('goes to mmap_lock where there is none any more, and is told so there', async () => {
    const seen = await see(caught('munmap(heap);'), { fault: 'per-vma-lock-6.15' });
    expect(seen).toMatchObject({ violated: [], segv: 1, reads: 2 });
    expect(seen.named).toEqual({ vma_lock_miss: 1, vma_lock_abort: 2 });
  });
});
