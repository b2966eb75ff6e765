import type { Ns } from '../event/index.ts';

/** Spans of one bin that are named; among more of them every second, fourth, … one is. */
const NAMED = 64;
/** Values of `Ns` below 2^53 have so many bins. */
const BINS = 108;

/** A time in which a thread waited or held. */
export interface ThreadSpan {
  readonly thread: number;
  readonly fromNs: Ns;
  readonly toNs: Ns;
}

/** One bar of a chart with a logarithmic axis: lengths from `fromNs` up to, not including, `toNs`. */
export interface SpanBin {
  readonly fromNs: Ns;
  readonly toNs: Ns;
  readonly count: number;
  /** When the first of them began and when the last of them ended. */
  readonly firstNs: Ns;
  readonly lastNs: Ns;
  /** Some of them, evenly over the log, all while there are few: for `spansOf`. */
  readonly members: Float64Array;
}

/** The spans of a bin that are named. */
export function spansOf({ members }: SpanBin): ThreadSpan[] {
  return Array.from({ length: members.length / 3 }, (_, i) => {
    return { thread: members[3 * i], fromNs: members[3 * i + 1], toNs: members[3 * i + 2] };
  });
}

/** Bin of a length: two per doubling, from whole powers of two and from one and a half times them; 0 has its own. */
export function binOf(ns: Ns): number {
  if (ns < 1) return 0;
  const high = Math.floor(ns / 0x40000000);
  const octave = high > 0 ? 61 - Math.clz32(high) : 31 - Math.clz32(ns);
  return 1 + 2 * octave + (ns >= 1.5 * 2 ** octave ? 1 : 0);
}

/** Smallest length of a bin. */
export function binStart(bin: number): Ns {
  if (bin === 0) return 0;
  const octave = (bin - 1) >> 1;
  return 2 ** octave * ((bin - 1) % 2 === 0 ? 1 : 1.5);
}

/** Lengths of spans by logarithmic bins, and where in time each bin's spans lie. */
export class SpanBins {
  readonly #count = new Float64Array(BINS);
  readonly #first = new Float64Array(BINS).fill(Infinity);
  readonly #last = new Float64Array(BINS);
  /** Per bin: thread, beginning and end of those that are named, one after the other; every how many-th is one. */
  readonly #named: (number[] | undefined)[] = [];
  readonly #every = new Float64Array(BINS).fill(1);

  add(thread: number, since: Ns, until: Ns): void {
    const bin = binOf(until - since);
    const n = this.#count[bin]++;
    if (since < this.#first[bin]) this.#first[bin] = since;
    if (until > this.#last[bin]) this.#last[bin] = until;
    if (n % this.#every[bin] !== 0) return;
    let named = this.#named[bin];
    if (named === undefined) this.#named[bin] = named = [];
    if (named.length === 3 * NAMED) {
      this.#every[bin] *= 2;
      named = this.#named[bin] = named.filter((_, i) => Math.floor(i / 3) % 2 === 0);
      if (n % this.#every[bin] !== 0) return;
    }
    named.push(thread, since, until);
  }

  /** From the first bin that holds a span to the last one, without gaps but where no whole number lies. */
  bins(): SpanBin[] {
    const first = this.#count.findIndex((n) => n > 0);
    if (first < 0) return [];
    const last = this.#count.findLastIndex((n) => n > 0);
    const bins: SpanBin[] = [];
    for (let bin = first; bin <= last; bin++) {
      // Between 1 and 2 lies nothing.
      if (bin === 2) continue;
      const count = this.#count[bin];
      bins.push({
        fromNs: binStart(bin),
        toNs: binStart(bin === 1 ? 3 : bin + 1),
        count,
        firstNs: count > 0 ? this.#first[bin] : 0,
        lastNs: this.#last[bin],
        members: Float64Array.from(this.#named[bin] ?? []),
      });
    }
    return bins;
  }
}
