import type { Ns } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';

/** Nobody can see further in: records are whole nanoseconds. */
export const MIN_SPAN_NS: Ns = 40;

/** Moves a span into [0, extent], keeping its length where that is possible. */
export function clampRange({ from, to }: Range, extentNs: Ns): Range {
  const least = Math.min(MIN_SPAN_NS, extentNs);
  const span = Math.min(extentNs, Math.max(least, to - from));
  const middle = (from + to) / 2;
  const wanted = span === to - from ? from : middle - span / 2;
  const start = Math.max(0, Math.min(extentNs - span, wanted));
  return { from: start, to: start + span };
}

/** The span `factor` times as long, with `at` where it is on the screen. */
export function zoomAt(range: Range, factor: number, at: Ns, extentNs: Ns): Range {
  const span = range.to - range.from;
  const least = Math.min(MIN_SPAN_NS, extentNs);
  const wanted = Math.min(extentNs, Math.max(least, span * factor));
  const share = (at - range.from) / span;
  return clampRange({ from: at - wanted * share, to: at + wanted * (1 - share) }, extentNs);
}

export function panBy(range: Range, ns: Ns, extentNs: Ns): Range {
  return clampRange({ from: range.from + ns, to: range.to + ns }, extentNs);
}

/** The whole extent is not a zoom: links and history then say nothing about it. */
export function rangeOrWhole(range: Range, extentNs: Ns): Range | null {
  return range.from <= 0 && range.to >= extentNs ? null : range;
}

/** Brings a time into a span with a margin at its sides; null when it is in already. */
export function follow(range: Range, t: Ns, extentNs: Ns): Range | null {
  if (t >= range.from && t <= range.to) return null;
  const span = range.to - range.from;
  const from = t > range.to ? t - span * 0.1 : t - span * 0.9;
  return clampRange({ from, to: from + span }, extentNs);
}
