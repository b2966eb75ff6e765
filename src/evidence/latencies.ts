import type { Ns } from '../event/index.ts';

export interface LatencySummary {
  readonly p50Ns: Ns;
  readonly p99Ns: Ns;
  readonly maxNs: Ns;
}

/** Bins per doubling: a quantile is off by 2 per cent at most. */
const PARTS = 32;
const BINS = 50 * PARTS;

/** Durations by logarithmic bins, each with a weight. */
export class Latencies {
  private readonly bins = new Float64Array(BINS);
  private total = 0;
  private max = 0;
  /** What was added last, and its bin: most durations are alike, and logarithms take long. */
  private last: Ns = 0;
  private lastBin = 0;

  add(ns: Ns, weight: number): void {
    this.total += weight;
    if (ns > this.max) this.max = ns;
    if (ns !== this.last) {
      this.last = ns;
      this.lastBin = ns < 1 ? 0 : Math.min(BINS - 1, Math.floor(Math.log2(ns) * PARTS));
    }
    this.bins[this.lastBin] = (this.bins[this.lastBin] as number) + weight;
  }

  merge(other: Latencies): void {
    this.total += other.total;
    if (other.max > this.max) this.max = other.max;
    for (let bin = 0; bin < BINS; bin++)
      this.bins[bin] = (this.bins[bin] as number) + (other.bins[bin] as number);
  }

  private quantile(q: number): Ns {
    const wanted = q * this.total;
    let seen = 0;
    for (let bin = 0; bin < BINS; bin++) {
      seen += this.bins[bin] as number;
      if (seen >= wanted && seen > 0) return Math.min(this.max, Math.round(2 ** ((bin + 0.5) / PARTS)));
    }
    return this.max;
  }

  summary(): LatencySummary {
    return { p50Ns: this.quantile(0.5), p99Ns: this.quantile(0.99), maxNs: this.max };
  }
}
