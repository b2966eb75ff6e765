import type { Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { LockRuns, type PyramidView, Runs } from '../../trace/index.ts';

/** Where lanes are drawn: a span of time over so many pixels of the device. */
export interface Window {
  readonly range: Range;
  readonly pixels: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

export function windowOf(range: Range, width: Px, ratio: number): Window {
  return { range, pixels: Math.max(1, Math.round(width * ratio)), ratio };
}

/** The runs of a thread lane, at most one per device pixel. Pass `out` again to spare the memory. */
export function threadRuns(view: PyramidView, lane: number, w: Window, out = new Runs()): Runs {
  view.laneRuns(lane, w.range.from, w.range.to, w.pixels, out);
  return out;
}

export function lockRuns(view: PyramidView, lock: number, w: Window, out = new LockRuns()): LockRuns {
  view.lockRuns(lock, w.range.from, w.range.to, w.pixels, out);
  return out;
}

/** Which device pixels hold marks of a lock, a bit per kind; pass `out` again to spare the memory. */
export function lockMarks(
  view: PyramidView,
  lock: number,
  w: Window,
  out: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const bits = out.length >= w.pixels ? out : new Uint8Array(w.pixels);
  view.markPixels(lock, w.range.from, w.range.to, w.pixels, bits);
  return bits;
}

/** The same for the aborts of a thread. */
export function abortMarks(view: PyramidView, thread: number, w: Window, out: Uint8Array): Uint8Array {
  const bits = out.length >= w.pixels ? out : new Uint8Array(w.pixels);
  view.abortPixels(thread, w.range.from, w.range.to, w.pixels, bits);
  return bits;
}

/** The run that is painted at a place (CSS pixels from the left end of the lane), -1 where nothing is. */
export function runAt(runs: Runs | LockRuns, x: Px, ratio: number): number {
  const at = Math.floor(x * ratio);
  let lo = 0;
  let hi = runs.count;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if ((runs.x1[mid] ?? 0) <= at) lo = mid + 1;
    else hi = mid;
  }
  return lo < runs.count && (runs.x0[lo] ?? 0) <= at ? lo : -1;
}

/** The largest queue and the largest number of readers on the screen. */
export function lockMaxima(runs: LockRuns): { depth: number; readers: number } {
  let depth = 0;
  let readers = 0;
  for (let i = 0; i < runs.count; i++) {
    depth = Math.max(depth, runs.depth[i] ?? 0);
    readers = Math.max(readers, runs.readers[i] ?? 0);
  }
  return { depth, readers };
}
