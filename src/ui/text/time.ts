import { MS, type Ns, SEC, US } from '../../event/index.ts';
import { plain } from './numbers.ts';

export interface Unit {
  readonly name: string;
  readonly ns: Ns;
  /** Decimals that a nanosecond needs. */
  readonly decimals: number;
}

const NS: Unit = { name: 'ns', ns: 1, decimals: 0 };
const UNITS: readonly Unit[] = [
  { name: 's', ns: SEC, decimals: 9 },
  { name: 'ms', ns: MS, decimals: 6 },
  { name: 'µs', ns: US, decimals: 3 },
  NS,
];

/** The largest unit of which `ns` holds at least one. */
export function unitFor(ns: Ns): Unit {
  return UNITS.find((unit) => ns >= unit.ns) ?? NS;
}

/** By the number of decimals. */
const DIGITS = [0, 1, 2].map(
  (decimals) =>
    new Intl.NumberFormat('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
);

/** A number with three significant digits, and a comma per thousand. */
function significant(value: number): string {
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return (DIGITS[decimals] as Intl.NumberFormat).format(value);
}

/** A round length of time, without decimals that say nothing: '20 s', '250 ms'. */
export function roundDuration(ns: Ns): string {
  const unit = unitFor(ns);
  return `${plain(Number((ns / unit.ns).toPrecision(3)))} ${unit.name}`;
}

/** A length of time as people read it, such as '412 ms' or '1.70 µs'. */
export function duration(ns: Ns): string {
  if (ns <= 0) return '0 ns';
  if (ns < US) return `${Math.round(ns)} ns`;
  const unit = unitFor(ns);
  const text = significant(ns / unit.ns);
  // 999.6 µs reads as 1.00 ms.
  if (text.startsWith('1,000') && unit.name !== 's') return duration(unit.ns * 1000);
  return `${text} ${unit.name}`;
}

export interface ClockText {
  readonly whole: string;
  /** Groups of three decimals, down to the nanosecond. */
  readonly groups: readonly string[];
  readonly unit: string;
}

/** A place in time to the nanosecond, in the unit that fits all up to `endNs`, so that its width stays. */
export function clockParts(t: Ns, endNs: Ns): ClockText {
  const unit = unitFor(endNs);
  const whole = Math.floor(t / unit.ns);
  if (unit.decimals === 0) return { whole: String(whole), groups: [], unit: unit.name };
  const rest = String(Math.round(t - whole * unit.ns)).padStart(unit.decimals, '0');
  const groups = rest.match(/.{3}/g) ?? [];
  return { whole: plain(whole), groups, unit: unit.name };
}

/** The same in one string, such as '6.204 118 233 s'. */
export function clock(t: Ns, endNs: Ns): string {
  const { whole, groups, unit } = clockParts(t, endNs);
  return `${whole}${groups.length > 0 ? '.' : ''}${groups.join(' ')} ${unit}`;
}
