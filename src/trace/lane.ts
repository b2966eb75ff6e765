import type { Ns } from '../event/index.ts';
import { BLOCK, BLOCK_BITS, copySegment, SEGMENT, SEGMENT_BITS, type Segment } from './segments.ts';

/** Segments of one lane as they cross to the page: those from `first` on that are new or grew. */
export interface LaneUpdate {
  readonly lane: number;
  /** Entries of the lane by now. */
  readonly count: number;
  readonly first: number;
  readonly capacities: readonly number[];
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * A list of entries in order of time that only grows at its end, in segments that never move once they are full.
 * `sums` values per block tell how long each state lasted before it, so that any span is summed in a few steps.
 */
export abstract class Lane<S extends Segment> {
  readonly segments: S[] = [];
  count = 0;
  readonly sums: number;
  readonly #make: (capacity: number, buffer?: ArrayBuffer) => S;
  /** Writer only: time per state up to the start of the last entry, segments sent, whether anything is new. */
  readonly #total: Float64Array;
  #sent = 0;
  #news = false;

  constructor(sums: number, make: (capacity: number, buffer?: ArrayBuffer) => S) {
    this.sums = sums;
    this.#make = make;
    this.#total = new Float64Array(sums);
  }

  /** Which of the sums the time of an entry belongs to. */
  protected abstract sumOf(segment: S, at: number): number;
  /** A block is complete: another one begins. */
  protected abstract blockDone(segment: S, block: number): void;

  /** Start of an entry. */
  startOf(i: number): Ns {
    return this.segments[i >>> SEGMENT_BITS].start[i & (SEGMENT - 1)];
  }

  /** The last entry that starts at or before a time, -1 before the first. */
  indexAt(t: Ns): number {
    return this.#between(-1, this.count, t);
  }

  /** The same for a time at or behind the start of entry `i`, in time that depends on the distance. */
  advance(i: number, t: Ns): number {
    let step = 1;
    let lo = i;
    let hi = i + 1;
    while (hi < this.count && this.startOf(hi) <= t) {
      lo = hi;
      step *= 2;
      hi += step;
    }
    return this.#between(lo, Math.min(hi, this.count), t);
  }

  /** Given start(lo) <= t < start(hi), where -1 and `count` bound the list. */
  #between(lo: number, hi: number, t: Ns): number {
    while (hi - lo > 1) {
      const mid = (lo + hi) >>> 1;
      if (this.startOf(mid) <= t) lo = mid;
      else hi = mid;
    }
    return lo;
  }

  /** Adds to `out` how long each state lasted in the whole entries [from, to); the last entry has no end. */
  protected addSums(from: number, to: number, out: Float64Array): void {
    if (to - from > 2 * BLOCK) {
      this.#addBefore(from, -1, out);
      this.#addBefore(to, 1, out);
      return;
    }
    this.#walk(from, to, 1, out);
  }

  /** Adds (`sign` 1) or takes away (-1) what lasted before entry `i`. */
  #addBefore(i: number, sign: number, out: Float64Array): void {
    const { before } = this.segments[i >>> SEGMENT_BITS];
    const at = ((i & (SEGMENT - 1)) >>> BLOCK_BITS) * this.sums;
    for (let s = 0; s < this.sums; s++) out[s] += sign * before[at + s];
    this.#walk(i & ~(BLOCK - 1), i, sign, out);
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
    this.#news = true;
    const last = this.count - 1;
    // What is over before it lasted is not told: the last entry of a nanosecond stands for it.
    if (last >= 0 && this.startOf(last) >= t) return this.segments[last >>> SEGMENT_BITS];
    if (last >= 0) {
      const segment = this.segments[last >>> SEGMENT_BITS];
      const at = last & (SEGMENT - 1);
      this.#total[this.sumOf(segment, at)] += t - segment.start[at];
      if (((last + 1) & (BLOCK - 1)) === 0) this.blockDone(segment, at >>> BLOCK_BITS);
    }
    const i = this.count++;
    const at = i & (SEGMENT - 1);
    const segment = this.#segmentFor(i >>> SEGMENT_BITS, at);
    segment.start[at] = t;
    if ((at & (BLOCK - 1)) === 0) segment.before.set(this.#total, (at >>> BLOCK_BITS) * this.sums);
    return segment;
  }

  #segmentFor(index: number, at: number): S {
    const old = this.segments[index];
    if (old !== undefined && at < old.capacity) return old;
    const segment = this.#make(old === undefined ? BLOCK : old.capacity * 2);
    if (old !== undefined) copySegment(old, segment);
    this.segments[index] = segment;
    return segment;
  }

  /**
   * What changed since the last call. Full segments are handed over as they are (once transferred, this side can read
   * them no more), the last one is copied.
   */
  takeUpdate(lane: number): LaneUpdate | undefined {
    if (!this.#news) return undefined;
    this.#news = false;
    const first = this.#sent;
    const open = this.segments.length - 1;
    const segments = this.segments.slice(first, open);
    const used = this.count - open * SEGMENT;
    const copy = this.#make(Math.ceil(used / BLOCK) * BLOCK);
    copySegment(this.segments[open], copy);
    segments.push(copy);
    this.#sent = open;
    return {
      lane,
      count: this.count,
      first,
      capacities: segments.map(({ capacity }) => capacity),
      buffers: segments.map(({ buffer }) => buffer),
    };
  }

  apply(update: LaneUpdate): void {
    update.buffers.forEach((buffer, k) => {
      this.segments[update.first + k] = this.#make(update.capacities[k], buffer);
    });
    this.count = update.count;
  }
}
