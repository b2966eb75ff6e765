import type { Ns, ObjectId, ThreadIdx } from '../event/index.ts';

/** Which waits are meant: those of a waiter, for what a holder had, of a lock. Null: any. */
export interface BlameFilter {
  readonly waiter: ThreadIdx | null;
  /** NO_THREAD: nobody held the lock. */
  readonly holder: ThreadIdx | null;
  /** Any table stands for the page-table locks. */
  readonly lock: ObjectId | null;
}

/** When a thread waited: beginning, end, beginning, end, … in order, without overlaps. */
export interface BlamedSpans {
  readonly thread: ThreadIdx;
  readonly bounds: Float64Array;
}

/** Spans of one thread that are kept apart; of more of them, those with the smallest gaps are joined. */
export const MOST_SPANS = 16_384;

class Spans {
  readonly #bounds: number[] = [];
  /** Spans that lie no further apart are one. */
  #gap: Ns = 0;

  add(from: Ns, to: Ns): void {
    const bounds = this.#bounds;
    const last = bounds.length - 1;
    if (last >= 0 && from - bounds[last] <= this.#gap) {
      if (to > bounds[last]) bounds[last] = to;
      return;
    }
    bounds.push(from, to);
    while (bounds.length > 2 * MOST_SPANS) this.#widen();
  }

  #widen(): void {
    const bounds = this.#bounds;
    this.#gap = Math.max(1, 2 * this.#gap);
    let kept = 2;
    for (let i = 2; i < bounds.length; i += 2) {
      if (bounds[i] - bounds[kept - 1] <= this.#gap) bounds[kept - 1] = bounds[i + 1];
      else {
        bounds[kept++] = bounds[i];
        bounds[kept++] = bounds[i + 1];
      }
    }
    bounds.length = kept;
  }

  get bounds(): Float64Array {
    return Float64Array.from(this.#bounds);
  }
}

/** Collects the spans of the waits that a filter means, thread by thread, each in the order of time. */
export class SpanCollector {
  readonly filter: BlameFilter;
  readonly #byThread = new Map<ThreadIdx, Spans>();

  constructor(filter: BlameFilter) {
    this.filter = filter;
  }

  add(thread: ThreadIdx, from: Ns, to: Ns): void {
    if (this.filter.waiter !== null && this.filter.waiter !== thread) return;
    let spans = this.#byThread.get(thread);
    if (spans === undefined) {
      spans = new Spans();
      this.#byThread.set(thread, spans);
    }
    spans.add(from, to);
  }

  spans(): BlamedSpans[] {
    return [...this.#byThread].map(([thread, { bounds }]) => ({ thread, bounds }));
  }
}

/** The first span that ends behind a time, as an index into `bounds`; its length if there is none. */
export function spanFrom(bounds: Float64Array, t: Ns): number {
  let lo = 0;
  let hi = bounds.length / 2;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (bounds[2 * mid + 1] <= t) lo = mid + 1;
    else hi = mid;
  }
  return 2 * lo;
}
