import { scaleLinear, scaleLog } from 'd3';

/** Where a chart of one figure over the batch puts things, px. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Left, right, top and bottom of what is inside the axes. */
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export type Scale = (value: number) => number;

/** Room beside the axes: numbers on the left, direct labels or a second reading on the right. */
const LEFT = 52;
const RIGHT = 78;
const TOP = 8;
const BOTTOM = 22;
/** Two labels of batches have at least so much between their middles, by number of digits. */
const LABEL_ROOM = 9;
const DIGIT = 6.6;

/** The frame of a chart of this size. */
export function frameOf(width: number, height: number): Frame {
  const x1 = Math.max(LEFT + 40, width - RIGHT);
  return { width, height, x0: LEFT, x1, y0: TOP, y1: height - BOTTOM };
}

/** A logarithmic axis over the batches, with a little air; around one alone as much as a doubling. */
export function batchScale(batches: readonly number[], { x0, x1 }: Frame): Scale {
  const least = Math.min(...batches);
  const most = Math.max(...batches);
  const air = least === most ? Math.SQRT2 : (most / least) ** 0.02;
  return scaleLog([least / air, most * air], [x0, x1]);
}

/** A tick for each batch; where labels would touch, the last one and those from the left on keep theirs. */
export function batchTicks(batches: readonly number[], x: Scale): Tick[] {
  const sorted = [...new Set(batches)].sort((a, b) => a - b);
  const half = (batch: number): number => (String(batch).length * DIGIT) / 2;
  const last = sorted.at(-1) ?? 0;
  let taken = Number.NEGATIVE_INFINITY;
  const end = x(last) - half(last) - LABEL_ROOM;
  return sorted.map((batch) => {
    const at = x(batch);
    const free = at - half(batch) >= taken + LABEL_ROOM && (batch === last || at + half(batch) <= end);
    if (free) taken = at + half(batch);
    return { at, label: free || batch === last ? String(batch) : '' };
  });
}

export interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly { readonly value: number; readonly at: number }[];
}

/** A linear axis over some values; from `from` to `to` at least, where they are given. */
export function linearAxis(
  values: readonly number[],
  { y0, y1 }: Frame,
  least: { readonly from?: number; readonly to?: number } = {},
): Axis {
  const all = [...values, ...(least.from === undefined ? [] : [least.from])];
  if (least.to !== undefined) all.push(least.to);
  const [low, high] = all.length === 0 ? [0, 1] : [Math.min(...all), Math.max(...all)];
  const air = (high - low || Math.abs(high) || 1) * 0.08;
  const domain = [low === least.from ? low : low - air, high === least.to ? high : high + air];
  const scale = scaleLinear(domain, [y1, y0]);
  const room = Math.max(2, Math.floor((y1 - y0) / 34));
  return { scale, ticks: scale.ticks(room).map((value) => ({ value, at: scale(value) })) };
}

/** The steps 1, 2 and 5 of all powers of ten from `from` to `to`, or the powers alone. */
function steps(from: number, to: number, within: readonly number[]): number[] {
  const found: number[] = [];
  for (let power = 1; power <= 1e12; power *= 10) {
    for (const step of within) {
      const value = step * power;
      if (value >= from && value <= to) found.push(value);
    }
  }
  return found;
}

/** A logarithmic axis over some values from one step of 1, 2 and 5 to another, with a tick for each where there is room. */
export function logAxis(values: readonly number[], { y0, y1 }: Frame): Axis {
  const some = values.filter((value) => value > 0);
  const [low, high] = some.length === 0 ? [1e3, 1e5] : [Math.min(...some), Math.max(...some)];
  const all = steps(0, Number.POSITIVE_INFINITY, [1, 2, 5]);
  const from = all.findLast((step) => step <= low / 1.1) ?? low;
  const to = all.find((step) => step >= high * 1.1) ?? high;
  const scale = scaleLog([from, to], [y1, y0]);
  const fine = steps(from, to, [1, 2, 5]);
  const ticks = fine.length * 22 <= y1 - y0 ? fine : steps(from, to, [1]);
  return { scale, ticks: ticks.map((value) => ({ value, at: scale(value) })) };
}

/** Decimals that tell ticks apart; below 0 of ticks that are tens, hundreds and so on apart. */
export function decimalsOf(values: readonly number[]): number {
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0));
  return step === 0 ? 0 : 0 - Math.floor(Math.log10(step) + 1e-9);
}

/** Moves labels apart that want to stand at some heights, at least `gap` each, in their order from the top. */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let floor = low;
  for (const i of order) {
    const at = Math.max(floor, wanted[i] ?? 0);
    placed[i] = at;
    floor = at + gap;
  }
  let ceiling = high;
  for (const i of order.reverse()) {
    const at = Math.min(ceiling, placed[i] ?? 0);
    placed[i] = at;
    ceiling = at - gap;
  }
  return placed;
}

/** What belongs to a batch in a chart: from the middle between it and the one before to that with the next one. */
export function columnsOf(
  batches: readonly number[],
  x: Scale,
  { x0, x1 }: Frame,
): { readonly batch: number; readonly from: number; readonly to: number }[] {
  const at = batches.map((batch) => x(batch));
  return batches.map((batch, i) => ({
    batch,
    from: i === 0 ? x0 : ((at[i - 1] ?? 0) + (at[i] ?? 0)) / 2,
    to: i === batches.length - 1 ? x1 : ((at[i] ?? 0) + (at[i + 1] ?? 0)) / 2,
  }));
}
