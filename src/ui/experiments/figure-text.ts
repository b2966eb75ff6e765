import type { Figure, Published } from '../../store/experiments/index.ts';
import { changeText, figure } from './text.ts';

/** Units that are written with a sign of their own. */
const SIGNS: Readonly<Record<string, string>> = {
  'per cent': ' %',
  seconds: ' s',
  milliseconds: ' ms',
  microseconds: ' µs',
  nanoseconds: ' ns',
  ratio: '×',
};

/** The unit behind a number. */
export function unitSign(unit: string): string {
  return SIGNS[unit] ?? '';
}

/** A figure as it was published: 'about 18 %', '6 to 8 %'. */
export function publishedText(p: Published, unit: string): string {
  const sign = unitSign(unit);
  if (p.kind === 'range') return `${figure(p.low)} to ${figure(p.high)}${sign}`;
  return `${p.kind === 'exact' ? '' : `${p.kind} `}${figure(p.value)}${sign}`;
}

/** From here on an error is told as a factor. */
const FACTOR = 10;

/** How far the simulated figure is off, or whether it is on the right side: '+3.1 %', '8,200 ×', '1/20 ×', 'holds'. */
export function verdictText({ errorPct, holds }: Pick<Figure, 'errorPct' | 'holds'>): string {
  if (errorPct !== null) {
    const factor = 1 + errorPct / 100;
    if (factor >= FACTOR) return `${twoDigits(factor)} ×`;
    // At 0 and below there is none.
    if (factor > 0 && factor <= 1 / FACTOR) return `1/${twoDigits(1 / factor)} ×`;
    return errorPct <= -1_000 ? `${figure(Math.round(errorPct))} %` : changeText(errorPct);
  }
  return holds === null ? '' : holds ? 'holds' : 'does not hold';
}

function twoDigits(n: number): string {
  return figure(Number(n.toPrecision(2)));
}

/** A single figure may be off by this much before it counts as a miss; one outside of a range by less. */
const MISS_PCT = 25;
const OUTSIDE_PCT = 5;

/** Whether the simulated figure misses what was published, a fitted one as much as any other. */
export function isMiss({ errorPct, holds }: Pick<Figure, 'errorPct' | 'holds'>): boolean {
  if (errorPct === null) return holds === false;
  const size = Math.abs(errorPct);
  return size > MISS_PCT || (holds === false && size > OUTSIDE_PCT);
}

/** Both figures in a line. */
export function comparisonText({ record, simulated }: Figure): string {
  const { published, metric } = record;
  const sign = unitSign(metric.unit);
  const own = simulated === null ? 'nothing measured' : `${figure(simulated)}${sign}`;
  return `Published ${publishedText(published, metric.unit)}, simulated ${own}`;
}
