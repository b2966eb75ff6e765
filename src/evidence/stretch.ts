import { type Ns, STATE_COUNT } from '../event/index.ts';
import { Latencies } from './latencies.ts';

/** What happened between two moments of a run. */
export class Stretch {
  readonly fromNs: Ns;
  toNs: Ns;
  operations = 0;
  /** Faults that ended in SIGSEGV, and system calls that ended in an error. */
  failed = 0;
  /** ns of all threads by `State`. */
  readonly stateNs = new Float64Array(STATE_COUNT);
  /** How often each counter of the log was counted, by its index there. */
  readonly counts: Float64Array;
  /** Of the operations that were over in it. */
  readonly latencies = new Latencies();

  constructor(fromNs: Ns, counters: number) {
    this.fromNs = fromNs;
    this.toNs = fromNs;
    this.counts = new Float64Array(counters);
  }

  /** Takes in the stretch that follows this one. */
  append(next: Stretch): void {
    this.toNs = next.toNs;
    this.operations += next.operations;
    this.failed += next.failed;
    for (let i = 0; i < this.stateNs.length; i++)
      this.stateNs[i] = (this.stateNs[i] as number) + (next.stateNs[i] as number);
    for (let i = 0; i < this.counts.length; i++)
      this.counts[i] = (this.counts[i] as number) + (next.counts[i] as number);
    this.latencies.merge(next.latencies);
  }
}

/** Stretches that are kept at most; then every two neighbours become one. */
const MOST = 256;
/** Operations of a stretch at first, a power of two. */
const FIRST = 16;
/** Windows are compared so often: one may begin at any quarter of another. */
const QUARTERS = 4;
/** Two windows in a row whose rates differ by less are taken for steady. */
const STEADY = 0.01;

/**
 * A run in stretches of equally many operations. They become longer as the run does, so that memory does not, and any
 * window of operations is made of whole ones.
 */
export class Stretches {
  readonly #counters: number;
  /** Operations of a window, a power of two. */
  readonly #window: number;
  #each = FIRST;
  readonly #closed: Stretch[] = [];
  open: Stretch;
  /** Operations so far. */
  total = 0;

  /** `window`: operations of one, a power of two and 64 at least. */
  constructor(counters: number, window: number) {
    this.#counters = counters;
    this.#window = window;
    this.open = new Stretch(0, counters);
  }

  /** An operation is over that took so long; true when a stretch ends with it, and `close` must follow. */
  operation(ns: Ns): boolean {
    this.total++;
    this.open.operations++;
    this.open.latencies.add(ns, 1);
    return this.open.operations === this.#each;
  }

  /** The open stretch ends now; its `stateNs` must be complete. */
  close(t: Ns): void {
    this.open.toNs = t;
    this.#closed.push(this.open);
    this.open = new Stretch(t, this.#counters);
    if (this.#closed.length < MOST || this.#each * QUARTERS >= this.#window) return;
    const pairs = this.#closed.splice(0);
    for (let i = 0; i < pairs.length; i += 2) {
      const [a, b] = [pairs[i] as Stretch, pairs[i + 1] as Stretch];
      a.append(b);
      this.#closed.push(a);
    }
    this.#each *= 2;
  }

  /**
   * True when the last window and the one before it had the same rate, and the start of the run is in neither, nor the
   * first `before` operations.
   */
  isSteady(before: number): boolean {
    const quarter = this.#window / QUARTERS;
    const start = before > quarter ? before : quarter;
    if (this.total % quarter !== 0 || this.total < 2 * this.#window + start) return false;
    const n = this.#window / this.#each;
    const end = this.#closed.length;
    const last = this.#lengthOf(end - n, end);
    const other = this.#lengthOf(end - 2 * n, end - n);
    return Math.abs(last / other - 1) < STEADY;
  }

  #lengthOf(from: number, to: number): Ns {
    return (this.#closed[to - 1] as Stretch).toNs - (this.#closed[from] as Stretch).fromNs;
  }

  /** The last two windows, as one. */
  lastWindows(): Stretch {
    return this.#from(this.#closed.length - (2 * this.#window) / this.#each);
  }

  /** From about half the time on; the open stretch must have been closed. */
  lastHalf(): Stretch {
    const end = this.#closed.at(-1)?.toNs ?? 0;
    const from = this.#closed.findIndex((one) => one.fromNs + one.toNs >= end);
    return this.#from(from < 0 ? 0 : from);
  }

  #from(from: number): Stretch {
    const begin = this.#closed[from]?.fromNs ?? 0;
    const all = new Stretch(begin, this.#counters);
    for (const one of this.#closed.slice(from)) all.append(one);
    return all;
  }
}
