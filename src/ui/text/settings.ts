import { bytes, count } from './numbers.ts';
import { roundDuration } from './time.ts';

interface Told {
  readonly kind: 'knob' | 'number';
  readonly help: string;
}

/** How a value of a parameter is spelt: of a number, its help says what it counts. */
export function spelt({ kind, help }: Told, value: number): string {
  if (kind === 'knob') return value === 0 ? 'off' : 'on';
  if (/byte/.test(help)) return bytes(value);
  return /pause|time|every|delay/.test(help) ? roundDuration(value) : count(value);
}

/** Whether anything in the texts of a run, which are those that it executes, asks for a knob that they declare. */
export function inUse(knob: string, texts: Readonly<Record<string, string>>): boolean {
  const asked = new RegExp(`^(?!\\s*(?:knob\\b|//)).*\\b${knob}\\b`, 'm');
  return Object.values(texts).some((text) => asked.test(text));
}
