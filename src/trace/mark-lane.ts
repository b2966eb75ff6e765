import type { Ns } from '../event/index.ts';
import { SegmentList } from './list.ts';
import {
  BLOCK,
  BLOCK_BITS,
  MARK_KINDS,
  type MarkSegment,
  markSegment,
  SEGMENT,
  SEGMENT_BITS,
} from './segments.ts';

export const MarkKind = {
  /** Taken past threads that queue for it. */
  STEAL: 0,
  /** Handed over: owned before the owner ran, or out of everybody else's reach. */
  HANDOVER: 1,
  /** The first waiter demands the lock. */
  DEMAND: 2,
  /** Under a zone lock, a per-CPU list takes pages from its zone, or gives some back. */
  REFILL: 3,
  DRAIN: 4,
  /** A fault could not do without mmap_sem: what it did was in vain, and it begins anew. */
  ABORT: 5,
} as const;
export type MarkKind = (typeof MarkKind)[keyof typeof MarkKind];

/** Something that happened at a lock, or (an abort) to a thread, at one moment. */
export interface Mark {
  readonly t: Ns;
  readonly kind: MarkKind;
  /** Who took, got or demands the lock, whose CPU's list it is, or whose fault; the first of them. */
  readonly thread: number;
  /** How many did in this nanosecond: readers are handed a lock together. */
  readonly times: number;
  /** Threads that queued for the lock then; for a demand with the one that demands it; for an abort its counter. */
  readonly queued: number;
}

/** The most that one entry counts. */
const MOST = 0xffff;

/** What happened at one lock, less often than its owner and queue change; or the aborts of one thread. */
export class MarkLane extends SegmentList<MarkSegment> {
  /** Writer only: marks of each kind so far. */
  readonly #total = new Uint32Array(MARK_KINDS);
  readonly #counts = new Uint32Array(MARK_KINDS);

  constructor() {
    super(markSegment);
  }

  append(t: Ns, kind: MarkKind, thread: number, queued: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.startOf(last) === t) {
      const segment = this.segments[last >>> SEGMENT_BITS];
      const at = last & (SEGMENT - 1);
      if (segment.kind[at] === kind && segment.times[at] < MOST) {
        segment.times[at]++;
        this.#total[kind]++;
        this.news = true;
        return;
      }
    }
    const segment = this.push(t);
    const at = (this.count - 1) & (SEGMENT - 1);
    if ((at & (BLOCK - 1)) === 0) segment.before.set(this.#total, (at >>> BLOCK_BITS) * MARK_KINDS);
    segment.kind[at] = kind;
    segment.thread[at] = thread;
    segment.times[at] = 1;
    segment.queued[at] = Math.min(MOST, queued);
    this.#total[kind]++;
  }

  #mark(i: number): Mark {
    const segment = this.segments[i >>> SEGMENT_BITS];
    const at = i & (SEGMENT - 1);
    return {
      t: segment.start[at],
      kind: segment.kind[at] as MarkKind,
      thread: segment.thread[at],
      times: segment.times[at],
      queued: segment.queued[at],
    };
  }

  /** The first entry at or behind a time, from `lo` on; `count` if there is none. */
  #firstFrom(t: Ns, lo: number): number {
    let from = lo;
    let to = this.count;
    while (from < to) {
      const mid = (from + to) >>> 1;
      if (this.startOf(mid) < t) from = mid + 1;
      else to = mid;
    }
    return from;
  }

  /** Adds (`sign` 1) or takes away (-1) the marks before entry `i`. */
  #addBefore(i: number, sign: number, out: Uint32Array): void {
    const first = i & ~(BLOCK - 1);
    // The end of the list may be the beginning of a block that does not exist yet.
    const block = first < this.count ? first : Math.max(0, first - BLOCK);
    const segment = this.segments[block >>> SEGMENT_BITS];
    if (segment === undefined) return;
    const at = ((block & (SEGMENT - 1)) >>> BLOCK_BITS) * MARK_KINDS;
    for (let kind = 0; kind < MARK_KINDS; kind++) out[kind] += sign * segment.before[at + kind];
    for (let k = block; k < i; k++) {
      const { kind, times } = this.segments[k >>> SEGMENT_BITS];
      out[kind[k & (SEGMENT - 1)]] += sign * times[k & (SEGMENT - 1)];
    }
  }

  /** Marks of each kind in entries [from, to). */
  #countIn(from: number, to: number): Uint32Array {
    const counts = this.#counts.fill(0);
    this.#addBefore(to, 1, counts);
    this.#addBefore(from, -1, counts);
    return counts;
  }

  /** See `PyramidView.markCounts`. */
  counts(t0: Ns, t1: Ns): Uint32Array {
    const from = this.#firstFrom(t0, 0);
    return this.#countIn(from, this.#firstFrom(t1, from)).slice();
  }

  /** See `PyramidView.markPixels`. */
  pixels(t0: Ns, t1: Ns, pixels: number, out: Uint8Array): void {
    out.fill(0, 0, pixels);
    if (!(t1 > t0)) return;
    const width = (t1 - t0) / pixels;
    let i = this.#firstFrom(t0, 0);
    while (i < this.count) {
      const start = this.startOf(i);
      if (start >= t1) return;
      const x = Math.min(pixels - 1, Math.floor((start - t0) / width));
      const end = x + 1 === pixels ? t1 : t0 + width * (x + 1);
      const next = Math.max(i + 1, this.#firstFrom(end, i));
      const counts = this.#countIn(i, next);
      for (let kind = 0; kind < MARK_KINDS; kind++) if (counts[kind] > 0) out[x] |= 1 << kind;
      i = next;
    }
  }

  /** See `PyramidView.markNear`. */
  near(t: Ns, slack: Ns): Mark | undefined {
    const behind = this.#firstFrom(t, 0);
    const distance = (i: number): Ns => (i < 0 || i >= this.count ? Infinity : Math.abs(this.startOf(i) - t));
    const i = distance(behind) <= distance(behind - 1) ? behind : behind - 1;
    return distance(i) <= slack ? this.#mark(i) : undefined;
  }

  /** See `PyramidView.lastMark`. */
  last(kind: MarkKind, t0: Ns, t1: Ns): Mark | undefined {
    const from = this.#firstFrom(t0, 0);
    let to = this.#firstFrom(t1, from);
    while (to > from) {
      // Whole blocks without one are passed over.
      const block = Math.max(from, (to - 1) & ~(BLOCK - 1));
      if (this.#countIn(block, to)[kind] === 0) {
        to = block;
        continue;
      }
      to--;
      const mark = this.#mark(to);
      if (mark.kind === kind) return mark;
    }
    return undefined;
  }
}
