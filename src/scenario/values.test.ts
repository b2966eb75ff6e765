import { expect, test } from 'vitest';
import { isValueList, listedValues, readValues, ValuesError } from './values.ts';

function problem(text: string, most = 100): ValuesError {
  try {
    readValues(text, most);
  } catch (error) {
    if (error instanceof ValuesError) return error;
  }
  throw new Error(`'${text}' was read`);
}

test('values and ranges are read in their order, spaces around commas mean nothing', () => {
  expect(readValues('31, 53 ,1..3,a b', 9)).toEqual(['31', '53', '1', '2', '3', 'a b']);
  expect(readValues('-1..1', 9)).toEqual(['-1', '0', '1']);
  expect(['a', 'a,b', '1..3', '1ms..2ms'].map(isValueList)).toEqual([false, true, true, false]);
});

test('every value knows its place', () => {
  const text = ' 31,  5..6';
  expect(listedValues(text, 9).map(({ from, to }) => text.slice(from, to))).toEqual(['31', '5..6', '5..6']);
});

test('what is wrong is told with its place', () => {
  const empty = problem('31, ,63');
  expect([empty.message, empty.from]).toEqual(['a value between commas is empty', 4]);
  const range = problem('31,9..5');
  expect(['31,9..5'.slice(range.from, range.to), range.tooMany]).toEqual(['9..5', false]);
  for (const text of ['1..101', '0,1..100', '1..9007199254740993000']) {
    expect(problem(text).tooMany).toBe(true);
  }
});
