/**
 * A log-linear histogram of durations in ns: exact below 128, then 128 equal buckets per octave up to 2^45 ns (about
 * ten hours), so that a bucket is at most 1/128 of its value wide. Count, total, minimum and maximum are exact.
 */

/** Buckets of one octave, and the bound below which every whole number has its own. */
const SUB = 128;
const SUB_BITS = 7;
const OCTAVES = 45 - SUB_BITS;
const BUCKETS = SUB * (OCTAVES + 1);
const LARGEST = 2 ** 45 - 1;
const HIGH_BITS = 24;

/** Bucket of a whole number from 0 to 2^45 - 1. */
export function bucketOf(ns: number): number {
  if (ns < SUB) return ns;
  if (ns < 0x80000000) {
    const shift = 24 - Math.clz32(ns);
    return SUB * shift + (ns >>> shift);
  }
  // Above 2^31 the bits that matter are shifted into reach of the 32-bit operators first.
  const high = Math.floor(ns / 2 ** HIGH_BITS);
  const shift = 24 - Math.clz32(high);
  return SUB * (shift + HIGH_BITS) + (high >>> shift);
}

/** Smallest number of a bucket. */
export function bucketStart(bucket: number): number {
  if (bucket < 2 * SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  return (bucket - SUB * shift) * 2 ** shift;
}

/** One bar of a chart with a logarithmic axis: durations from `fromNs` up to, not including, `toNs`. */
export interface LogBin {
  readonly fromNs: number;
  readonly toNs: number;
  readonly count: number;
}

export class Histogram {
  count = 0;
  totalNs = 0;
  /** Smallest sample, Infinity while there is none. */
  minNs = Infinity;
  /** Largest sample, -Infinity while there is none. */
  maxNs = -Infinity;
  /** Samples per bucket; grows to the octave of the largest sample. */
  #counts = new Float64Array(0);

  /** Adds a duration, `times` times; what is negative counts as 0, fractions are cut off. */
  record(ns: number, times = 1): void {
    const v = ns > 0 ? Math.floor(ns) : 0;
    const bucket = bucketOf(v > LARGEST ? LARGEST : v);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket] += times;
    this.count += times;
    this.totalNs += v * times;
    if (v < this.minNs) this.minNs = v;
    if (v > this.maxNs) this.maxNs = v;
  }

  #grow(bucket: number): void {
    const wider = new Float64Array(Math.min(BUCKETS, (Math.floor(bucket / SUB) + 1) * SUB));
    wider.set(this.#counts);
    this.#counts = wider;
  }

  merge(other: Histogram): void {
    const from = other.#counts;
    if (from.length > this.#counts.length) this.#grow(from.length - 1);
    for (let i = 0; i < from.length; i++) this.#counts[i] += from[i];
    this.count += other.count;
    this.totalNs += other.totalNs;
    this.minNs = Math.min(this.minNs, other.minNs);
    this.maxNs = Math.max(this.maxNs, other.maxNs);
  }

  clone(): Histogram {
    const copy = new Histogram();
    copy.merge(this);
    return copy;
  }

  /**
   * The sample of rank ceil(p / 100 * count) among all in order of size (nearest rank), p from 0 to 100; null while
   * there is none. Off by at most 1/256 of its value; the lowest and the highest rank are exact.
   */
  percentile(p: number): number | null {
    if (this.count === 0) return null;
    const rank = Math.min(this.count, Math.max(1, Math.ceil((p / 100) * this.count)));
    if (rank === 1) return this.minNs;
    if (rank === this.count) return this.maxNs;
    let seen = 0;
    let bucket = 0;
    while (bucket < this.#counts.length) {
      seen += this.#counts[bucket];
      if (seen >= rank) break;
      bucket++;
    }
    const middle = Math.floor((bucketStart(bucket) + bucketStart(bucket + 1) - 1) / 2);
    return Math.min(this.maxNs, Math.max(this.minNs, middle));
  }

  /**
   * Bars for a chart: `perOctave` (a power of two up to 128) per doubling, without gaps from the first to the last
   * that holds a sample. Near zero, where a bar would hold no whole number, it is left out.
   */
  bins(perOctave = 4): LogBin[] {
    const bins: LogBin[] = [];
    let seen = 0;
    let from = 0;
    let count = 0;
    for (let bucket = 0; bucket < this.#counts.length && seen < this.count; bucket++) {
      count += this.#counts[bucket];
      const to = bucketStart(bucket + 1);
      if (!startsBin(to, perOctave)) continue;
      if (seen + count > 0) bins.push({ fromNs: from, toNs: to, count });
      seen += count;
      from = to;
      count = 0;
    }
    return bins;
  }
}

/** True when a bar of `perOctave` per doubling begins at this whole number (> 0). */
function startsBin(ns: number, perOctave: number): boolean {
  const width = 2 ** Math.floor(Math.log2(ns)) / perOctave;
  return width <= 1 || ns % width === 0;
}
