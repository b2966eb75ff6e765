import { NO_THREAD, type Ns } from '../event/index.ts';
import { Lane } from './lane.ts';
import {
  BLOCK,
  BLOCK_BITS,
  LOCK_SUMS,
  type LockSegment,
  lockSegment,
  MAXIMA,
  SEGMENT,
  SEGMENT_BITS,
} from './segments.ts';

export const LockMode = { FREE: 0, READ: 1, WRITE: 2 } as const;
export type LockMode = (typeof LockMode)[keyof typeof LockMode];
/** The fourth of the sums: held to write while the owner runs on no CPU. */
export const LOCK_OFF = 3;
/** Bits of an entry's flags: which sum its time belongs to, whether the lock is demanded, and writers beside the first. */
const SUM = 3;
const DEMANDED = 4;
const OTHERS_SHIFT = 3;
const MOST_OTHERS = 31;
/** Entries that are summed one by one, and into how many parts a span with more is divided. */
const MOST_WALKED = 2_048;
const PARTS = 256;

/** A pixel that ends within so many entries is walked; of one with more the sums and maxima of blocks are taken. */
const WALKED = 64;

/** A time in which nothing changed at a lock. */
export interface LockInterval {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly readers: number;
  /** NO_THREAD where nobody writes. In a lane of many (see `PyramidView`) the number of those that are written. */
  readonly writer: number;
  /** Further threads that hold it to write, parts of it each: up to 31 are told. */
  readonly others: number;
  readonly depth: number;
  readonly spinning: number;
  /** Held to write by a thread that runs on no CPU: not yet, or no longer. */
  readonly off: boolean;
  readonly demanded: boolean;
}

/**
 * Runs of a lock lane: in pixels [x0, x1) `mode` lasts longest and fills `share` of each. `writes` is 1 where the lock
 * is held for writing at all, `off` the share of that time in which its owner runs on no CPU; readers, depth, spinning
 * and sleeping are the largest there; `demanded` is 1 where a demand for the lock is in force at all.
 */
export class LockRuns {
  count = 0;
  x0 = new Uint32Array(256);
  x1 = new Uint32Array(256);
  mode = new Uint8Array(256);
  writes = new Uint8Array(256);
  share = new Float32Array(256);
  off = new Float32Array(256);
  readers = new Uint16Array(256);
  depth = new Uint16Array(256);
  spinning = new Uint16Array(256);
  sleeping = new Uint16Array(256);
  demanded = new Uint8Array(256);

  /** Adds a pixel, to the last run if it looks the same; `max` is readers, depth, spinning, sleeping, demanded. */
  push(x: number, mode: number, writes: number, share: number, off: number, max: Uint16Array): void {
    const last = this.count - 1;
    const rounded = Math.fround(share);
    const roundedOff = Math.fround(off);
    if (
      last >= 0 &&
      this.x1[last] === x &&
      this.mode[last] === mode &&
      this.writes[last] === writes &&
      this.share[last] === rounded &&
      this.off[last] === roundedOff &&
      this.readers[last] === max[0] &&
      this.depth[last] === max[1] &&
      this.spinning[last] === max[2] &&
      this.sleeping[last] === max[3] &&
      this.demanded[last] === max[4]
    ) {
      this.x1[last] = x + 1;
      return;
    }
    this.x0[this.count] = x;
    this.x1[this.count] = x + 1;
    this.mode[this.count] = mode;
    this.writes[this.count] = writes;
    this.share[this.count] = rounded;
    this.off[this.count] = roundedOff;
    this.readers[this.count] = max[0];
    this.depth[this.count] = max[1];
    this.spinning[this.count] = max[2];
    this.sleeping[this.count] = max[3];
    this.demanded[this.count] = max[4];
    this.count++;
  }

  /** Empties the list and makes room for as many runs as there may be. */
  clear(pixels: number): void {
    this.count = 0;
    if (pixels <= this.x0.length) return;
    this.x0 = new Uint32Array(pixels);
    this.x1 = new Uint32Array(pixels);
    this.mode = new Uint8Array(pixels);
    this.writes = new Uint8Array(pixels);
    this.share = new Float32Array(pixels);
    this.off = new Float32Array(pixels);
    this.readers = new Uint16Array(pixels);
    this.depth = new Uint16Array(pixels);
    this.spinning = new Uint16Array(pixels);
    this.sleeping = new Uint16Array(pixels);
    this.demanded = new Uint8Array(pixels);
  }
}

/**
 * One lock's owners and queue over time, or those of a class of locks together. A sequence count is held to write while it
 * is odd; during a grace period there are as many readers as callbacks that wait for its end.
 */
export class LockLane extends Lane<LockSegment> {
  readonly #ns = new Float64Array(LOCK_SUMS);
  readonly #max = new Uint16Array(MAXIMA);

  constructor() {
    super(LOCK_SUMS, lockSegment);
  }

  protected override sumOf(segment: LockSegment, at: number): number {
    return segment.flags[at] & SUM;
  }

  protected override blockDone(segment: LockSegment, block: number): void {
    this.#max.fill(0);
    this.#raise(segment, block * BLOCK, (block + 1) * BLOCK);
    segment.maxima.set(this.#max, block * MAXIMA);
  }

  /**
   * What the lock is like from `t` on; numbers above 65,535 are cut. `off`: a writer runs on no CPU; `demanded`: the
   * first waiter has demanded the lock and not got it yet; `others`: writers beside `writer`.
   */
  append(
    t: Ns,
    readers: number,
    writer: number,
    depth: number,
    spinning: number,
    off: boolean,
    demanded: boolean,
    others = 0,
  ): void {
    const segment = this.room(t);
    const at = (this.count - 1) & (SEGMENT - 1);
    let sum: number = readers > 0 ? LockMode.READ : LockMode.FREE;
    if (writer !== NO_THREAD) sum = off ? LOCK_OFF : LockMode.WRITE;
    segment.readers[at] = Math.min(0xffff, readers);
    segment.writer[at] = writer;
    segment.depth[at] = Math.min(0xffff, depth);
    segment.spinning[at] = Math.min(0xffff, spinning);
    segment.flags[at] = sum | (demanded ? DEMANDED : 0) | (Math.min(MOST_OTHERS, others) << OTHERS_SHIFT);
  }

  intervalAt(t: Ns, endNs: Ns): LockInterval | undefined {
    const i = this.indexAt(t);
    if (i < 0) return undefined;
    const segment = this.segments[i >>> SEGMENT_BITS];
    const at = i & (SEGMENT - 1);
    return {
      startNs: segment.start[at],
      endNs: i + 1 < this.count ? this.startOf(i + 1) : Math.max(endNs, segment.start[at]),
      readers: segment.readers[at],
      writer: segment.writer[at],
      others: segment.flags[at] >>> OTHERS_SHIFT,
      depth: segment.depth[at],
      spinning: segment.spinning[at],
      off: (segment.flags[at] & SUM) === LOCK_OFF,
      demanded: (segment.flags[at] & DEMANDED) !== 0,
    };
  }

  /**
   * How long threads waited in [t0, t1), those that wait together counted each. Exact as long as there are few changes;
   * of many, the most that wait in each part of the span.
   */
  queuedNs(t0: Ns, t1: Ns, endNs: Ns): Ns {
    const end = Math.min(t1, endNs);
    if (this.count === 0 || !(end > t0)) return 0;
    const first = Math.max(0, this.indexAt(t0));
    const last = this.advance(first, end);
    const parts = last - first > MOST_WALKED;
    let sum = 0;
    if (parts) {
      for (let k = 0, i = first; k < PARTS; k++) {
        const next = k + 1 === PARTS ? last : this.advance(i, t0 + ((end - t0) * (k + 1)) / PARTS);
        this.#max.fill(0);
        this.#raiseAll(i, next + 1);
        sum += (this.#max[1] * (end - t0)) / PARTS;
        i = next;
      }
      return sum;
    }
    for (let i = first; i <= last; i++) {
      const from = Math.max(t0, this.startOf(i));
      const to = i === last ? end : this.startOf(i + 1);
      sum += this.segments[i >>> SEGMENT_BITS].depth[i & (SEGMENT - 1)] * (to - from);
    }
    return sum;
  }

  /** True if anybody ever waited without spinning. */
  get slept(): boolean {
    this.#max.fill(0);
    this.#raiseAll(0, this.count);
    return this.#max[3] > 0;
  }

  /** See `PyramidView.lockRuns`. */
  runs(t0: Ns, t1: Ns, pixels: number, endNs: Ns, out: LockRuns): void {
    out.clear(pixels);
    if (!(t1 > t0) || this.count === 0) return;
    const from = this.startOf(0);
    const width = (t1 - t0) / pixels;
    let i = -1;
    for (let x = 0; x < pixels; x++) {
      const left = t0 + width * x;
      const right = x + 1 === pixels ? t1 : t0 + width * (x + 1);
      const a = left < from ? from : left;
      const b = right > endNs ? endNs : right;
      if (!(a < b)) continue;
      i = i < 0 ? this.indexAt(a) : this.advance(i, a);
      i = this.#measure(i, a, b);
      this.#show(x, b - a, out);
    }
  }

  #show(x: number, width: Ns, out: LockRuns): void {
    const ns = this.#ns;
    const off = ns[LOCK_OFF];
    ns[LockMode.WRITE] += off;
    const written = ns[LockMode.WRITE];
    let mode: number = LockMode.FREE;
    for (let m: number = LockMode.READ; m <= LockMode.WRITE; m++) if (ns[m] > ns[mode]) mode = m;
    const share = Math.min(1, ns[mode] / width);
    out.push(x, mode, written > 0 ? 1 : 0, share, written > 0 ? Math.min(1, off / written) : 0, this.#max);
  }

  /** Sums the modes and takes the maxima of [a, b), which begins in entry `i`; returns the last entry below `b`. */
  #measure(i: number, a: Ns, b: Ns): number {
    const ns = this.#ns;
    for (let s = 0; s < LOCK_SUMS; s++) ns[s] = 0;
    const max = this.#max;
    for (let k = 0; k < MAXIMA; k++) max[k] = 0;
    const segment = this.segments[i >>> SEGMENT_BITS];
    const { start, flags } = segment;
    const at = i & (SEGMENT - 1);
    // The last one whose end is in the segment.
    const stop = Math.min(at + WALKED, SEGMENT - 1, this.count - 1 - (i - at));
    if (at < stop && start[stop] >= b) {
      let from = a;
      let last = at;
      for (; start[last + 1] < b; last++) {
        ns[flags[last] & SUM] += start[last + 1] - from;
        from = start[last + 1];
      }
      ns[flags[last] & SUM] += b - from;
      this.#raise(segment, at, last + 1);
      return i - at + last;
    }
    let last = this.advance(i, b);
    if (last > i && this.startOf(last) === b) last--;
    if (last === i) ns[this.#modeOf(i)] = b - a;
    else {
      ns[this.#modeOf(i)] += this.startOf(i + 1) - a;
      this.addSums(i + 1, last, ns);
      ns[this.#modeOf(last)] += b - this.startOf(last);
    }
    this.#raiseAll(i, last + 1);
    return last;
  }

  #modeOf(i: number): number {
    return this.sumOf(this.segments[i >>> SEGMENT_BITS], i & (SEGMENT - 1));
  }

  /** Raises the maxima by entries [from, to) of one segment. */
  #raise({ readers, depth, spinning, flags }: LockSegment, from: number, to: number): void {
    const max = this.#max;
    let mostReaders = max[0];
    let deepest = max[1];
    let mostSpinning = max[2];
    let mostSleeping = max[3];
    let demanded = max[4];
    for (let at = from; at < to; at++) {
      const sleeping = depth[at] - spinning[at];
      if (readers[at] > mostReaders) mostReaders = readers[at];
      if (depth[at] > deepest) deepest = depth[at];
      if (spinning[at] > mostSpinning) mostSpinning = spinning[at];
      if (sleeping > mostSleeping) mostSleeping = sleeping;
      demanded |= flags[at] & DEMANDED;
    }
    max[0] = mostReaders;
    max[1] = deepest;
    max[2] = mostSpinning;
    max[3] = mostSleeping;
    max[4] = demanded === 0 ? 0 : 1;
  }

  /** Maxima of entries [from, to), by whole blocks where they are known. */
  #raiseAll(from: number, to: number): void {
    const max = this.#max;
    let i = from;
    while (i < to) {
      const segment = this.segments[i >>> SEGMENT_BITS];
      const at = i & (SEGMENT - 1);
      const end = (i & ~(BLOCK - 1)) + BLOCK;
      const whole = (at & (BLOCK - 1)) === 0 && end <= to && end < this.count;
      if (!whole) {
        const length = Math.min(to, end) - i;
        this.#raise(segment, at, at + length);
        i += length;
        continue;
      }
      const block = (at >>> BLOCK_BITS) * MAXIMA;
      for (let k = 0; k < MAXIMA; k++)
        if (segment.maxima[block + k] > max[k]) max[k] = segment.maxima[block + k];
      i = end;
    }
  }
}
