import { describe, expect, test } from 'vitest';
import type { LineHold } from '../../store/index.ts';
import { holdInWords, sameHold, withoutGaps } from './held.ts';

const read: LineHold = { mode: 'read', spin: 'none' };
const free: LineHold = { mode: 'none', spin: 'none' };

test('what is held, in words', () => {
  expect(holdInWords(undefined)).toBe('never reached');
  expect(holdInWords(free)).toBe('nothing held');
  expect(holdInWords({ mode: 'write', spin: 'held' })).toBe('held to write, with a spinlock');
  expect(holdInWords({ mode: 'none', spin: 'held' })).toBe('a spinlock held');
  expect(holdInWords({ mode: 'either', spin: 'none' })).toBe('held or not, by the way taken');
});

describe('lines that do nothing', () => {
  const TEXT = 'int f() {\n    a;\n    goto x;\n    b;\n\n    c;\n}\n\nint g() {\n    d;\n}\n';
  test('are filled between equal neighbours of one function', () => {
    const filled = withoutGaps(
      new Map([
        [2, read],
        [4, read],
        [6, free],
        [10, free],
      ]),
      TEXT,
    );
    expect([...filled.keys()].sort((a, b) => a - b)).toEqual([2, 3, 4, 6, 10]);
    expect(sameHold(filled.get(3), read)).toBe(true);
  });
});
