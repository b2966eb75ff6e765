import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MS, SEC, US } from '../../event/index.ts';
import { clock, clockParts, duration, roundDuration } from './time.ts';

describe('a length of time', () => {
  test.each([
    [0, '0 ns'],
    [7, '7 ns'],
    [999, '999 ns'],
    [1_700, '1.70 µs'],
    [412 * MS, '412 ms'],
    [84.04 * MS, '84.0 ms'],
    [17.94 * SEC, '17.9 s'],
    [999_600, '1.00 ms'],
    [999_999_999, '1.00 s'],
    [12_345 * SEC, '12,345 s'],
  ])('of %d ns reads %s', (ns, text) => expect(duration(ns)).toBe(text));

  test('has three significant digits, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 999 * SEC }), (ns) => {
        expect(duration(ns)).toMatch(/^(\d\.\d\d|\d\d\.\d|\d\d\d) (µs|ms|s)$/);
      }),
    );
  });

  test('round lengths have no idle decimals', () => {
    expect(roundDuration(20 * SEC)).toBe('20 s');
    expect(roundDuration(250 * US)).toBe('250 µs');
    expect(roundDuration(2.5 * MS)).toBe('2.5 ms');
  });
});

describe('the clock', () => {
  test('counts in the unit of the extent, to the nanosecond', () => {
    expect(clock(6_204_118_233, 20 * SEC)).toBe('6.204 118 233 s');
    expect(clock(6_204_118, 100 * MS)).toBe('6.204 118 ms');
    expect(clock(6_204, 100 * US)).toBe('6.204 µs');
    expect(clock(42, 100)).toBe('42 ns');
    expect(clock(0, 20 * SEC)).toBe('0.000 000 000 s');
  });

  test('never loses a nanosecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 * SEC }), (t) => {
        const { whole, groups } = clockParts(t, 20 * SEC);
        expect(Number(whole.replaceAll(',', '')) * SEC + Number(groups.join(''))).toBe(t);
      }),
    );
  });
});
