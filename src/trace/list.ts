import type { Ns } from '../event/index.ts';
import { BLOCK, copySegment, SEGMENT, SEGMENT_BITS, type Segment } from './segments.ts';

/** Segments of one list as they cross to the page: those from `first` on that are new or grew. */
export interface LaneUpdate {
  readonly lane: number;
  /** Entries of the list by now. */
  readonly count: number;
  readonly first: number;
  readonly capacities: readonly number[];
  readonly buffers: readonly ArrayBuffer[];
}

/** Entries in order of time that only grow in number, in segments that never move once they are full. */
export class SegmentList<S extends Segment> {
  readonly segments: S[] = [];
  count = 0;
  /** Writer only: something was written since the last update. */
  protected news = false;
  readonly #make: (capacity: number, buffer?: ArrayBuffer) => S;
  /** Writer only: segments that were handed over for good. */
  #sent = 0;

  constructor(make: (capacity: number, buffer?: ArrayBuffer) => S) {
    this.#make = make;
  }

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

  /** Adds an entry that starts at `t`; the caller fills it in, at (count - 1) mod SEGMENT of the segment returned. */
  protected push(t: Ns): S {
    const i = this.count++;
    const at = i & (SEGMENT - 1);
    const index = i >>> SEGMENT_BITS;
    let segment = this.segments[index];
    if (segment === undefined || at >= segment.capacity) segment = this.#grow(index, segment);
    segment.start[at] = t;
    this.news = true;
    return segment;
  }

  #grow(index: number, old: S | undefined): S {
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
    if (!this.news) return undefined;
    this.news = false;
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
