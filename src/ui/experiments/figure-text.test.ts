import { expect, test } from 'vitest';
import { isMiss, verdictText } from './figure-text.ts';

test('an error is told in per cent, and from ten times on as a factor', () => {
  const of = (errorPct: number): string => verdictText({ errorPct, holds: null });
  expect([3.14, -8.23, 0, 899].map(of)).toEqual(['+3.1 %', '−8.2 %', '±0.0 %', '+899.0 %']);
  expect([900, 819_572, 99_900].map(of)).toEqual(['10 ×', '8,200 ×', '1,000 ×']);
  // Down: a tenth, a twentieth; at 0 and on the other side of it there is no factor.
  expect([-90, -95, -100, -150, -12_345].map(of)).toEqual([
    '1/10 ×',
    '1/20 ×',
    '−100.0 %',
    '−150.0 %',
    '−12,345 %',
  ]);
  expect(verdictText({ errorPct: null, holds: false })).toBe('does not hold');
  expect(verdictText({ errorPct: null, holds: true })).toBe('holds');
});

test('what is off by more than a quarter misses, and so does what leaves its range or bound', () => {
  const misses = (errorPct: number | null, holds: boolean | null): boolean => isMiss({ errorPct, holds });
  expect([25, -25, 25.1, -25.1, 819_572].map((pct) => misses(pct, null))).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
  expect([misses(4, false), misses(6, false), misses(6, true)]).toEqual([false, true, false]);
  expect([misses(null, false), misses(null, true), misses(null, null)]).toEqual([true, false, false]);
});
