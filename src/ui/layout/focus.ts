import { groupOf, NO_THREAD, type Ns, type ObjectId, type Px, type ThreadIdx } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { type BlamedSpans, type BlameFilter, spanFrom } from '../../trace/index.ts';

/** What a cell of the matrix leaves in sight: the waits that it is about, and who takes part in them. */
export interface Focus {
  readonly filter: BlameFilter;
  readonly waits: ReadonlyMap<ThreadIdx, Float64Array>;
  /** When any of the waits was: the time in which the holder kept others from the lock. */
  readonly held: Float64Array;
}

/** The spans of all lists together, in order and apart. */
export function unionOf(lists: readonly Float64Array[]): Float64Array {
  const count = lists.reduce((sum, { length }) => sum + length / 2, 0);
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  let at = 0;
  for (const bounds of lists) {
    for (let i = 0; i < bounds.length; i += 2, at++) {
      starts[at] = bounds[i] ?? 0;
      ends[at] = bounds[i + 1] ?? 0;
    }
  }
  starts.sort();
  ends.sort();
  const union: number[] = [];
  // Behind as many ends as beginnings nothing is open.
  for (let i = 0, from = 0; i < count; i++) {
    const end = ends[i] ?? 0;
    if (i + 1 < count && (starts[i + 1] ?? 0) <= end) continue;
    union.push(starts[from] ?? 0, end);
    from = i + 1;
  }
  return Float64Array.from(union);
}

export function focusOf(filter: BlameFilter | null, waits: readonly BlamedSpans[]): Focus | null {
  if (filter === null) return null;
  const held = filter.holder === null || filter.holder === NO_THREAD ? [] : waits.map(({ bounds }) => bounds);
  return {
    filter,
    waits: new Map(waits.map(({ thread, bounds }) => [thread, bounds])),
    held: unionOf(held),
  };
}

/** A waiter's lane is shown where it waits, the holder's where others wait for it; the others take no part. */
export type Part = 'waiter' | 'holder' | 'none';

export function partOf({ filter, waits }: Focus, thread: ThreadIdx): Part {
  if (thread === filter.holder) return 'holder';
  return waits.has(thread) || thread === filter.waiter ? 'waiter' : 'none';
}

/** Whether a lock is the one that the filter is about; those of a class in `MANY` are one. */
export function isFocused({ filter }: Focus, lock: ObjectId | undefined): boolean {
  if (filter.lock === null || lock === undefined) return true;
  return groupOf(lock) === groupOf(filter.lock);
}

/** Device pixels [from, to) that show spans of time, in order and apart; none is too short to be seen. */
export function spanPixels(bounds: Float64Array, { from, to }: Range, pixels: number): [number, number][] {
  const runs: [number, number][] = [];
  const perPixel: Ns = (to - from) / pixels;
  const pixelOf = (t: Ns): number => (t - from) / perPixel;
  let i = spanFrom(bounds, from);
  while (i < bounds.length && (bounds[i] ?? 0) < to) {
    const x0 = Math.max(0, Math.floor(pixelOf(bounds[i] ?? 0)));
    const x1 = Math.min(pixels, Math.max(x0 + 1, Math.ceil(pixelOf(bounds[i + 1] ?? 0))));
    const last = runs[runs.length - 1];
    if (last !== undefined && x0 <= last[1]) last[1] = Math.max(last[1], x1);
    else runs.push([x0, x1]);
    // Whatever else lies in these pixels is shown by them already.
    i = Math.max(i + 2, spanFrom(bounds, from + perPixel * x1));
  }
  return runs;
}

/** What is left of [0, width) between runs: the parts that are to be faint. */
export function gapsBetween(runs: readonly (readonly [number, number])[], width: number): [Px, Px][] {
  const gaps: [number, number][] = [];
  let at = 0;
  for (const [x0, x1] of runs) {
    if (x0 > at) gaps.push([at, x0]);
    at = x1;
  }
  if (at < width) gaps.push([at, width]);
  return gaps;
}
