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

/** How far the simulated figure is off, or whether it is on the right side. */
export function verdictText({ errorPct, holds }: Pick<Figure, 'errorPct' | 'holds'>): string {
  if (errorPct !== null) return changeText(errorPct, Math.abs(errorPct) < 1_000 ? 1 : 0);
  return holds === null ? '' : holds ? 'holds' : 'does not hold';
}

/** Both figures in a line. */
export function comparisonText({ record, simulated }: Figure): string {
  const { published, metric } = record;
  const sign = unitSign(metric.unit);
  const own = simulated === null ? 'nothing measured' : `${figure(simulated)}${sign}`;
  return `Published ${publishedText(published, metric.unit)}, simulated ${own}`;
}
