import type { Ns } from '../event/index.ts';
import type { Range } from './state.ts';

/** Nobody can see further in: records are whole nanoseconds. */
export const MIN_SPAN_NS: Ns = 40;

/** Moves a span into [0, extent], keeping its length where that is possible. */
export function clampRange({ from, to }: Range, extentNs: Ns): Range {
  const least = Math.min(MIN_SPAN_NS, extentNs);
  const span = Math.min(extentNs, Math.max(least, to - from));
  const wanted = span === to - from ? from : (from + to - span) / 2;
  const start = Math.max(0, Math.min(extentNs - span, wanted));
  return { from: start, to: start + span };
}

/** Brings a time into a span, near the edge that it left by; the same span when it is in already. */
export function follow(range: Range, t: Ns, extentNs: Ns): Range {
  if (t >= range.from && t <= range.to) return range;
  const span = range.to - range.from;
  const from = t > range.to ? t - span * 0.1 : t - span * 0.9;
  return clampRange({ from, to: from + span }, extentNs);
}
