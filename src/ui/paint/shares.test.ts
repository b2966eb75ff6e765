import { expect, test } from 'vitest';
import { STATE_COUNT } from '../../event/index.ts';
import { paintShares } from './shares.ts';
import { readAfterWrite, recorder } from './testing.ts';

function painted(from: number, to: number, pixels: number, h = 20) {
  const shares = new Float64Array(pixels * STATE_COUNT);
  readAfterWrite().stateShares([0, 1], from, to, pixels, shares);
  const { surface, rects } = recorder();
  paintShares(surface, shares, pixels, { x: 0, y: 0, h, ratio: 1 });
  return { rects, shares };
}

test('a group of threads is a stack of what they do, waits at the bottom', () => {
  // a: kernel from 100 to 800 ns, else in user mode. b: waits from 300 to 800, kernel to 900.
  const { rects } = painted(0, 1_000, 10);
  expect(rects).toEqual(
    [
      { x: 0, y: 0, w: 1, h: 20, paint: 'user', hatch: 'none' },
      { x: 1, y: 10, w: 2, h: 10, paint: 'kernel', hatch: 'none' },
      { x: 1, y: 0, w: 2, h: 10, paint: 'user', hatch: 'none' },
      { x: 3, y: 10, w: 5, h: 10, paint: 'wait-read', hatch: 'rising' },
      { x: 3, y: 0, w: 5, h: 10, paint: 'kernel', hatch: 'none' },
      { x: 8, y: 10, w: 1, h: 10, paint: 'kernel', hatch: 'none' },
      { x: 8, y: 0, w: 1, h: 10, paint: 'user', hatch: 'none' },
      { x: 9, y: 0, w: 1, h: 20, paint: 'user', hatch: 'none' },
    ].sort((a, b) => a.x + a.w - b.x - b.w || 0),
  );
});

test('shares of a pixel sum up to what is recorded of it', () => {
  const { shares } = painted(500, 1_500, 4);
  const sums = [0, 1, 2, 3].map((x) =>
    shares.subarray(x * STATE_COUNT, (x + 1) * STATE_COUNT).reduce((a, b) => a + b, 0),
  );
  expect(sums.map((s) => Math.round(s * 1e9) / 1e9)).toEqual([1, 1, 0, 0]);
});

test('a wait of a millionth of all the time is one pixel high', () => {
  const { rects } = painted(0, 500_000_000, 1);
  expect(rects.find(({ paint }) => paint === 'wait-read')).toMatchObject({ h: 1, w: 1 });
});
