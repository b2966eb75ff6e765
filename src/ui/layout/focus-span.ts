import type { Ns } from '../../event/index.ts';
import { clampRange, type Range } from '../../store/index.ts';
import { spanFrom } from '../../trace/index.ts';
import type { Focus } from './focus.ts';

/** How long the waits of a focus are in a span of time, all together. */
export function focusedNs({ waits }: Focus, { from, to }: Range): Ns {
  let sum: Ns = 0;
  for (const bounds of waits.values()) {
    for (let i = spanFrom(bounds, from); i < bounds.length && (bounds[i] ?? 0) < to; i += 2) {
      sum += Math.min(to, bounds[i + 1] ?? 0) - Math.max(from, bounds[i] ?? 0);
    }
  }
  return sum;
}

/** From the first wait of a focus to the last, with some air around them; null where there is none. */
export function focusedRange({ waits }: Focus, axisNs: Ns): Range | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const bounds of waits.values()) {
    from = Math.min(from, bounds[0] ?? from);
    to = Math.max(to, bounds[bounds.length - 1] ?? to);
  }
  if (from > to) return null;
  const air = (to - from) / 16;
  return clampRange({ from: Math.max(0, from - air), to: Math.min(axisNs, to + air) }, axisNs);
}
