import { NO_THREAD, type Ns } from '../event/index.ts';
import { Lane } from './lane.ts';
import {
  BLOCK,
  BLOCK_BITS,
  LOCK_MODES,
  type LockSegment,
  lockSegment,
  MAXIMA,
  SEGMENT,
  SEGMENT_BITS,
} from './segments.ts';

export const LockMode = { FREE: 0, READ: 1, WRITE: 2 } as const;
export type LockMode = (typeof LockMode)[keyof typeof LockMode];

/** A time in which nothing changed at a lock. */
export interface LockInterval {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly readers: number;
  /** NO_THREAD where nobody writes. */
  readonly writer: number;
  readonly depth: number;
  readonly spinning: number;
}

/**
 * Runs of a lock lane: in pixels [x0, x1) `mode` lasts longest and fills `share` of each. `writes` is 1 where the lock
 * is held for writing at all; readers, depth and spinning are the largest there.
 */
export class LockRuns {
  count = 0;
  x0 = new Uint32Array(256);
  x1 = new Uint32Array(256);
  mode = new Uint8Array(256);
  writes = new Uint8Array(256);
  share = new Float32Array(256);
  readers = new Uint16Array(256);
  depth = new Uint16Array(256);
  spinning = new Uint16Array(256);

  /** Adds a pixel, to the last run if it looks the same; `max` is readers, depth, spinning. */
  push(x: number, mode: number, writes: number, share: number, max: Uint16Array): void {
    const last = this.count - 1;
    const rounded = Math.fround(share);
    if (
      last >= 0 &&
      this.x1[last] === x &&
      this.mode[last] === mode &&
      this.writes[last] === writes &&
      this.share[last] === rounded &&
      this.readers[last] === max[0] &&
      this.depth[last] === max[1] &&
      this.spinning[last] === max[2]
    ) {
      this.x1[last] = x + 1;
      return;
    }
    this.x0[this.count] = x;
    this.x1[this.count] = x + 1;
    this.mode[this.count] = mode;
    this.writes[this.count] = writes;
    this.share[this.count] = rounded;
    this.readers[this.count] = max[0];
    this.depth[this.count] = max[1];
    this.spinning[this.count] = max[2];
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
    this.readers = new Uint16Array(pixels);
    this.depth = new Uint16Array(pixels);
    this.spinning = new Uint16Array(pixels);
  }
}

/** One lock's owners and queue over time, or those of a class of locks together. */
export class LockLane extends Lane<LockSegment> {
  readonly #ns = new Float64Array(LOCK_MODES);
  readonly #max = new Uint16Array(MAXIMA);

  constructor() {
    super(LOCK_MODES, lockSegment);
  }

  protected override sumOf(segment: LockSegment, at: number): number {
    if (segment.writer[at] !== NO_THREAD) return LockMode.WRITE;
    return segment.readers[at] > 0 ? LockMode.READ : LockMode.FREE;
  }

  protected override blockDone(segment: LockSegment, block: number): void {
    this.#max.fill(0);
    for (let at = block * BLOCK; at < (block + 1) * BLOCK; at++) this.#raise(segment, at);
    segment.maxima.set(this.#max, block * MAXIMA);
  }

  /** What the lock is like from `t` on; numbers above 65,535 are cut. */
  append(t: Ns, readers: number, writer: number, depth: number, spinning: number): void {
    const segment = this.room(t);
    const at = (this.count - 1) & (SEGMENT - 1);
    segment.readers[at] = Math.min(0xffff, readers);
    segment.writer[at] = writer;
    segment.depth[at] = Math.min(0xffff, depth);
    segment.spinning[at] = Math.min(0xffff, spinning);
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
      depth: segment.depth[at],
      spinning: segment.spinning[at],
    };
  }

  /** See `PyramidView.lockRuns`. */
  runs(t0: Ns, t1: Ns, pixels: number, endNs: Ns, out: LockRuns): void {
    out.clear(pixels);
    if (!(t1 > t0) || this.count === 0) return;
    const from = this.startOf(0);
    const width = (t1 - t0) / pixels;
    let i = -1;
    for (let x = 0; x < pixels; x++) {
      const a = Math.max(from, t0 + width * x);
      const b = Math.min(endNs, x + 1 === pixels ? t1 : t0 + width * (x + 1));
      if (!(a < b)) continue;
      i = i < 0 ? this.indexAt(a) : this.advance(i, a);
      i = this.#measure(i, a, b);
      const ns = this.#ns;
      let mode: number = LockMode.FREE;
      for (let m = 1; m < LOCK_MODES; m++) if (ns[m] > ns[mode]) mode = m;
      out.push(x, mode, ns[LockMode.WRITE] > 0 ? 1 : 0, Math.min(1, ns[mode] / (b - a)), this.#max);
    }
  }

  /** Sums the modes and takes the maxima of [a, b), which begins in entry `i`; returns the last entry below `b`. */
  #measure(i: number, a: Ns, b: Ns): number {
    const ns = this.#ns.fill(0);
    this.#max.fill(0);
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

  #raise(segment: LockSegment, at: number): void {
    const max = this.#max;
    if (segment.readers[at] > max[0]) max[0] = segment.readers[at];
    if (segment.depth[at] > max[1]) max[1] = segment.depth[at];
    if (segment.spinning[at] > max[2]) max[2] = segment.spinning[at];
  }

  /** Maxima of entries [from, to), by whole blocks where they are known. */
  #raiseAll(from: number, to: number): void {
    const max = this.#max;
    let i = from;
    while (i < to) {
      const segment = this.segments[i >>> SEGMENT_BITS];
      const at = i & (SEGMENT - 1);
      const whole = (at & (BLOCK - 1)) === 0 && i + BLOCK <= to && i + BLOCK < this.count;
      if (!whole) {
        this.#raise(segment, at);
        i++;
        continue;
      }
      const block = (at >>> BLOCK_BITS) * MAXIMA;
      for (let k = 0; k < MAXIMA; k++)
        if (segment.maxima[block + k] > max[k]) max[k] = segment.maxima[block + k];
      i += BLOCK;
    }
  }
}
