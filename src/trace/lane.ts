import type { Ns } from '../event/index.ts';
import { SegmentList } from './list.ts';
import { BLOCK, BLOCK_BITS, SEGMENT, SEGMENT_BITS, type SummedSegment } from './segments.ts';

/**
 * States that follow each other: an entry lasts until the next one starts. `sums` values per block tell how long each
 * state lasted before it, so that any span is summed in a few steps.
 */
export abstract class Lane<S extends SummedSegment> extends SegmentList<S> {
  readonly sums: number;
  /** Writer only: time per state up to the start of the last entry. */
  readonly #total: Float64Array;

  constructor(sums: number, make: (capacity: number, buffer?: ArrayBuffer) => S) {
    super(make);
    this.sums = sums;
    this.#total = new Float64Array(sums);
  }

  /** Which of the sums the time of an entry belongs to. */
  protected abstract sumOf(segment: S, at: number): number;
  /** A block is complete: another one begins. */
  protected abstract blockDone(segment: S, block: number): void;

  /** Adds to `out` how long each state lasted in the whole entries [from, to); the last entry has no end. */
  protected addSums(from: number, to: number, out: Float64Array): void {
    if (to - from > BLOCK) {
      this.#addBefore(from, -1, out);
      this.#addBefore(to, 1, out);
      return;
    }
    this.#walk(from, to, 1, out);
  }

  /** How long each state lasted from the beginning to `endNs`. */
  lasted(endNs: Ns): Float64Array {
    const out = new Float64Array(this.sums);
    const last = this.count - 1;
    if (last < 0) return out;
    this.#addBefore(last, 1, out);
    const segment = this.segments[last >>> SEGMENT_BITS];
    const at = last & (SEGMENT - 1);
    out[this.sumOf(segment, at)] += Math.max(0, endNs - segment.start[at]);
    return out;
  }

  /** Adds (`sign` 1) or takes away (-1) what lasted before entry `i`. */
  #addBefore(i: number, sign: number, out: Float64Array): void {
    const segment = this.segments[i >>> SEGMENT_BITS];
    const { before, start } = segment;
    const at = i & (SEGMENT - 1);
    const first = at & ~(BLOCK - 1);
    const next = first + BLOCK;
    // From the nearer end of the block, where its end is known.
    const back = at - first > BLOCK / 2 && next < SEGMENT && i - at + next < this.count;
    const block = ((back ? next : first) >>> BLOCK_BITS) * this.sums;
    for (let s = 0; s < this.sums; s++) out[s] += sign * before[block + s];
    const to = back ? next : at;
    const way = back ? -sign : sign;
    let from = back ? at : first;
    for (let t = start[from]; from < to; from++) {
      const end = start[from + 1];
      out[this.sumOf(segment, from)] += way * (end - t);
      t = end;
    }
  }

  #walk(from: number, to: number, sign: number, out: Float64Array): void {
    let start = from < to ? this.startOf(from) : 0;
    for (let i = from; i < to; i++) {
      const end = this.startOf(i + 1);
      out[this.sumOf(this.segments[i >>> SEGMENT_BITS], i & (SEGMENT - 1))] += sign * (end - start);
      start = end;
    }
  }

  /** The segment in which the entry that starts at `t` is to be written; its index there is (count - 1) mod SEGMENT. */
  protected room(t: Ns): S {
    const last = this.count - 1;
    if (last >= 0) {
      const segment = this.segments[last >>> SEGMENT_BITS];
      const at = last & (SEGMENT - 1);
      const start = segment.start[at];
      // What is over before it lasted is not told: the last entry of a nanosecond stands for it.
      if (start >= t) {
        this.news = true;
        return segment;
      }
      this.#total[this.sumOf(segment, at)] += t - start;
      if (((last + 1) & (BLOCK - 1)) === 0) this.blockDone(segment, at >>> BLOCK_BITS);
    }
    const segment = this.push(t);
    const at = (this.count - 1) & (SEGMENT - 1);
    if ((at & (BLOCK - 1)) === 0) segment.before.set(this.#total, (at >>> BLOCK_BITS) * this.sums);
    return segment;
  }
}
