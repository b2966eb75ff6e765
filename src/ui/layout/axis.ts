import { ticks as ticksBetween } from 'd3';
import type { Ns, Px } from '../../event/index.ts';
import type { Range } from '../../store/index.ts';
import { clock, unitFor } from '../text/time.ts';

/** Time to pixels. */
export type TimeScale = (t: Ns) => Px;

/** By hand: the scales of d3 can format and mix colours, which a page would have to fetch before it can paint. */
export function timeScale({ from, to }: Range, width: Px): TimeScale {
  const px = Math.max(1, width);
  return (t) => ((t - from) / (to - from)) * px;
}

export interface Tick {
  readonly t: Ns;
  readonly x: Px;
  readonly label: string;
}

export interface Axis {
  /** Labels count from here when the times themselves would be too long to tell apart; null: from zero. */
  readonly base: Ns | null;
  readonly baseLabel: string;
  readonly ticks: readonly Tick[];
}

/** Pixels between two ticks, at least about so many. */
const TICK_PX = 84;
/** From this many digits on, a label says its distance from the first tick instead of its time. */
const LONG = 1e4;

function decimalsOf(step: number): number {
  return Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
}

/** Ticks of a span of time, with units that fit their distance. */
export function axis(range: Range, width: Px): Axis {
  const scale = timeScale(range, width);
  const times = ticksBetween(range.from, range.to, Math.max(2, Math.floor(width / TICK_PX)));
  const first = times[0] ?? range.from;
  const step = Math.max(1, (times[1] ?? range.to) - first);
  const relative = range.to / step >= LONG;
  const base = relative ? first : null;
  const longest = relative ? range.to - first : range.to;
  const unit = unitFor(Math.max(step, longest));
  const decimals = decimalsOf(step / unit.ns);
  const ticks = times.map((t) => {
    const value = (t - (base ?? 0)) / unit.ns;
    const label = `${relative ? '+' : ''}${value.toFixed(decimals)} ${unit.name}`;
    return { t, x: scale(t), label };
  });
  return { base, baseLabel: base === null ? '' : clock(base, range.to), ticks };
}
