import type { Spread } from '../../store/experiments/index.ts';
import { count } from '../text/numbers.ts';

/** '17.90 M' */
export function million(n: number): string {
  return `${(n / 1e6).toFixed(2)} M`;
}

/** A share in per cent: '3.4 %'. */
export function pct(n: number): string {
  return `${n.toFixed(n < 9.95 ? 1 : 0)} %`;
}

/** A change in per cent with its sign, which is a minus and no hyphen. */
export function changeText(n: number, decimals = 1): string {
  const text = Math.abs(n).toFixed(decimals);
  const sign = Number(text) === 0 ? '±' : n < 0 ? '−' : '+';
  return `${sign}${text} %`;
}

/** A number over the seeds: the median, and from where to where it goes if it does. */
export function rangeText({ mid, min, max }: Spread, spell: (n: number) => string): string {
  const [low, high] = [spell(min), spell(max)];
  return low === high ? spell(mid) : `${spell(mid)} (${low} to ${high})`;
}

/** Three digits that mean something, of a large number all, and a comma per thousand. */
export function figure(n: number): string {
  const text = Math.abs(n) >= 1_000 ? count(n) : String(Number(n.toPrecision(3)));
  return text.replace('-', '−');
}
