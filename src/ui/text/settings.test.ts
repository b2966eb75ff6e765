import { expect, test } from 'vitest';
import { inUse, spelt } from './settings.ts';

test('a value is spelt by what it counts', () => {
  expect(spelt({ kind: 'number', help: 'pause between two calls' }, 1e8)).toBe('100 ms');
  expect(spelt({ kind: 'number', help: 'bytes that are mapped' }, 2 ** 30)).toBe('1 GB');
  expect(spelt({ kind: 'number', help: 'threads' }, 4)).toBe('4');
  expect(spelt({ kind: 'knob', help: 'tests a flag' }, 0)).toBe('off');
});

test('a knob is of use where a text asks for it, not where it is declared or told about', () => {
  const texts = {
    'a.kp': 'knob FLAG = true "tests it";\n  // FLAG is on\n',
    'b.kp': 'if (OTHER_FLAG)\n  x();',
  };
  expect(inUse('FLAG', texts)).toBe(false);
  expect(inUse('OTHER_FLAG', texts)).toBe(true);
});
