import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PAINTS } from './paint/palette.ts';
import { coloursOf } from './paint/testing.ts';

const css = readFileSync(new URL('./styles/palette.css', import.meta.url), 'utf8');

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Colours of text, and every ground that they may stand on. */
const TEXT: Readonly<Record<string, readonly string[]>> = {
  fg: ['bg', 'panel', 'raised', 'hover', 'accent-wash', 'bad-wash'],
  dim: ['bg', 'panel', 'raised', 'hover', 'accent-wash'],
  accent: ['bg', 'panel', 'raised', 'hover'],
  'on-accent': ['accent'],
  ok: ['ok-wash', 'panel', 'bg'],
  bad: ['bad-wash', 'panel', 'bg'],
  'code-keyword': ['panel', 'accent-wash'],
  'code-name': ['panel', 'accent-wash'],
  'code-comment': ['panel', 'accent-wash', 'bg'],
  // These two name curves as well, on the ground of charts.
  'code-number': ['bg', 'panel', 'accent-wash'],
  'code-cost': ['bg', 'panel', 'accent-wash'],
};

/** What lanes are painted in, on the ground of the lanes. */
const MARKS = [
  'kernel',
  'spin',
  'wait-read',
  'wait-write',
  'hold-read',
  'hold-write',
  'queue',
  'accent',
  'level',
  'level-high',
];
/** What the map, the zones and their marks are painted in, on the ground of the panels. */
const CELLS = ['kernel', 'runnable', 'hold-write', 'bad', 'accent', 'fg', 'level', 'level-high', 'spin'];

describe.each(['dark', 'light'])('the %s theme', (theme) => {
  const c: Readonly<Record<string, string>> = coloursOf(css, theme);
  const of = (name: string): string => c[name] ?? `no colour --${name}`;

  test('has every colour that painters ask for', () => {
    expect(PAINTS.filter((name) => c[name] === undefined)).toEqual([]);
  });

  test.each(Object.entries(TEXT))('text in %s can be read on every ground', (name, grounds) => {
    for (const ground of grounds) {
      expect(contrast(of(name), of(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(CELLS)('%s stands out from the ground of the panels', (name) => {
    expect(contrast(of(name), of('panel'))).toBeGreaterThanOrEqual(3);
  });

  test.each(MARKS)('%s stands out from the ground of the lanes', (name) => {
    expect(contrast(of(name), of('bg'))).toBeGreaterThanOrEqual(3);
  });
});
