import type { Ns } from '../event/index.ts';

/** How long the faults of a run were: the first one, and each of the others. */
export interface RunLengths {
  readonly firstNs: Ns;
  readonly eachNs: Ns;
}

/**
 * Lengths of faults that are told as runs with a count. The first fault of a run is the one that had to wait for what
 * the run needs: it begins where the run before ended. The others share the time since then evenly.
 */
export class FaultRuns {
  /** Per thread: where the run before ended, and where its last wait for a lock did; -1: not known. */
  readonly #ended: Float64Array;
  readonly #ready: Float64Array;

  constructor(threads: number) {
    this.#ended = new Float64Array(threads).fill(-1);
    this.#ready = new Float64Array(threads).fill(-1);
  }

  /** The thread begins to fault. */
  begins(thread: number, t: Ns): void {
    this.#ended[thread] = t;
    this.#ready[thread] = t;
  }

  /** It has given back a lock. */
  released(thread: number, t: Ns): void {
    if (this.#ended[thread] >= 0) this.#ready[thread] = t;
  }

  /** A run of `count` faults is over; undefined where its beginning was not seen. */
  run(thread: number, count: number, t: Ns): RunLengths | undefined {
    const ended = this.#ended[thread];
    const ready = this.#ready[thread];
    this.begins(thread, t);
    if (ended < 0 || count < 1) return undefined;
    const eachNs = (t - ready) / count;
    return { firstNs: eachNs + ready - ended, eachNs };
  }
}
