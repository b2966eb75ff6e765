import { expect, test } from 'vitest';
import { nearest, parseNumber } from './text.ts';

test.each([
  ['5ms', 5e6],
  ['320GB', 320 * 2 ** 30],
  ['64KB', 65_536],
  ['2TB', 2 ** 41],
  ['7B', 7],
  ['3s', 3e9],
  ['1.5us', 1500],
  ['0x10', 16],
  ['-4', -4],
  ['0', 0],
  ['true', 1],
  ['false', 0],
])('%s is %d', (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test.each(['', 'five', '5 ms', '5m', '0xg', '1e9', '9TBs', '9007199254740993', '1..2', '5ms;', 'NaN', '--1'])(
  '%j is no number',
  (text) => {
    expect(parseNumber(text)).toBeUndefined();
  },
);

test('nearest finds what was meant', () => {
  const words = ['down_read', 'down_write', 'downgrade_write', 'up_read'];
  expect(nearest('downgrade_writ', words)).toBe('downgrade_write');
  expect(nearest('dwon_read', words)).toBe('down_read');
  expect(nearest('UP_READ', words)).toBe('up_read');
  expect(nearest('x', ['y'])).toBe('y');
  expect(nearest('munmap', words)).toBeUndefined();
  expect(nearest('ab', ['yz'])).toBeUndefined();
});

test('nearest is bounded', () => {
  const long = 'a'.repeat(100_000);
  expect(nearest(long, [long.slice(1)])).toBeUndefined();
});
