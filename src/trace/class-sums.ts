import { MANY } from '../event/index.ts';

/** What is summed over the locks of a class: waiters, spinners, read holds, write holds. */
const SUMS = 4;

/** Waiters and holds of all locks of each class in `MANY` together. */
export class ClassSums {
  /** By place of a lock, what it adds. */
  readonly #adds: number[] = [];
  readonly #sums = new Int32Array(MANY.length * SUMS);

  /**
   * Waiters, spinners, read holds and write holds of the lock at a place, which may be used by one lock after the other,
   * are so many now: the sums of its class, or null where none of them has changed.
   */
  change(
    many: number,
    place: number,
    waiters: number,
    spinners: number,
    reads: number,
    writes: number,
  ): Int32Array | null {
    const adds = this.#adds;
    const at = place * SUMS;
    const more = waiters - (adds[at] ?? 0);
    const spin = spinners - (adds[at + 1] ?? 0);
    const read = reads - (adds[at + 2] ?? 0);
    const written = writes - (adds[at + 3] ?? 0);
    // Asked with every hold of a page table: hence neither lists nor loops.
    if (more === 0 && spin === 0 && read === 0 && written === 0) return null;
    adds[at] = waiters;
    adds[at + 1] = spinners;
    adds[at + 2] = reads;
    adds[at + 3] = writes;
    const sums = this.#sums.subarray(many * SUMS, (many + 1) * SUMS);
    sums[0] += more;
    sums[1] += spin;
    sums[2] += read;
    sums[3] += written;
    return sums;
  }
}
