import { expect, test } from 'vitest';
import { groupTitle } from './group-title.ts';

test('a shared lane is called after the areas of which there are most', () => {
  expect(groupTitle(['heap[0]', 'heap[1]'])).toBe('heap ×2');
  expect(groupTitle(['mmap', 'heap[0]', 'heap[1]'])).toBe('heap ×2 +1');
  expect(groupTitle(['small', 'other'])).toBe('small +1');
  expect(groupTitle([undefined, undefined])).toBe('2 areas');
});
