import type { Ns } from '../../event/index.ts';
import { clampRange, MIN_SPAN_NS, type Range } from '../../store/index.ts';

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
