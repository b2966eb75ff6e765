import { expect, test } from 'vitest';
import { HEAD, LANES_GAP, shareHeight } from './geometry.ts';

test('locks get the room that they need where the threads leave it', () => {
  // 32 threads that can be read and one rwsem: all of it fits the first screen.
  expect(shareHeight(HEAD + 515, 32 * 12, 92)).toEqual({ threads: 422, locks: 92 });
  expect(shareHeight(HEAD + 501, 24, 300)).toEqual({ threads: 200, locks: 300 });
});

test('many locks scroll in half of the height, or in what few threads leave', () => {
  expect(shareHeight(HEAD + 501, 32 * 12, 1_700)).toEqual({ threads: 250, locks: 250 });
  expect(shareHeight(HEAD + 501, 48, 1_700)).toEqual({
    threads: 48 + LANES_GAP,
    locks: 500 - 48 - LANES_GAP,
  });
  expect(shareHeight(0, 48, 90)).toEqual({ threads: 0, locks: 0 });
});
