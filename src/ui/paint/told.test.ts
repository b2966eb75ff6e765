import { expect, test } from 'vitest';
import { abortMarks, lockRuns, windowOf } from '../layout/runs.ts';
import { MM_SEQ, RCU, recorder, speculation } from './testing.ts';
import { paintAborts, paintGrace, paintSequence } from './told.ts';

const view = speculation();
const band = { x: 50, y: 10, h: 10, ratio: 1 };
const whole = { from: 0, to: 1_000 };
const w = windowOf(whole, 100, 1);

function sequence(to: number, width: number) {
  const { surface, rects } = recorder();
  paintSequence(surface, lockRuns(view, view.singleLane(MM_SEQ), windowOf({ from: 0, to }, width, 1)), band);
  return rects.map(({ x, y, w: wide, h, paint }) => [paint, x, y, wide, h]);
}

test('a count is a thin line, and a block while it is odd', () => {
  expect(sequence(1_000, 100)).toEqual([
    ['hold-read', 50, 18, 100, 2],
    ['hold-write', 60, 10, 20, 10],
  ]);
});

test('where a pixel holds both, odd is as high as its share, but never too low to be seen', () => {
  expect(sequence(1_000, 4).at(-1)).toEqual(['hold-write', 51, 18, 1, 2]);
  expect(sequence(400, 2).filter(([paint]) => paint === 'hold-write')).toEqual([
    ['hold-write', 50, 15, 2, 5],
  ]);
  expect(sequence(250, 1).at(-1)).toEqual(['hold-write', 50, 14, 1, 6]);
});

function grace(width: number, most: number) {
  const { surface, rects, texts } = recorder();
  const window = windowOf(whole, width, 1);
  const lane = view.singleLane(RCU);
  paintGrace(surface, lockRuns(view, lane, window), view.spans(lane, 0, 1_000, most), window, band);
  return { rects: rects.map(({ x, w: wide }) => [x, wide]), texts };
}

test('a grace period is a span with its number of callbacks, as far as there is room', () => {
  expect(grace(300, 9)).toEqual({
    rects: [
      [110, 119],
      [110, 2],
      [230, 119],
      [230, 2],
    ],
    texts: ['3 callbacks', '1 callback'],
  });
  expect(grace(60, 9).texts).toEqual(['3', '1']);
  expect(grace(20, 9).texts).toEqual([]);
});

test('of many only what there is in each pixel is shown', () => {
  const { rects, texts } = grace(10, 1);
  expect(texts).toEqual([]);
  expect([rects[0]?.[0], rects.reduce((sum, [, wide = 0]) => sum + wide, 0)]).toEqual([52, 8]);
});

test('aborts are crosses in the lane of their thread, teeth where they are too close', () => {
  const marks = (width: number) => {
    const { surface, rects, lines } = recorder();
    const window = windowOf(whole, width, 1);
    paintAborts(surface, abortMarks(view, 0, window, new Uint8Array(0)), window.pixels, band);
    return { rects: rects.map(({ x, y, h }) => [x, y, h]), lines };
  };
  expect(marks(100)).toEqual({
    rects: [],
    lines: [
      [63, 10, 68, 15, 65.5, 12.5, 68, 10, 63, 15],
      [118, 10, 123, 15, 120.5, 12.5, 123, 10, 118, 15],
    ],
  });
  expect(marks(1_000).rects).toEqual([
    [750, 10, 5],
    [752, 10, 5],
  ]);
  const { surface, rects } = recorder();
  paintAborts(surface, abortMarks(view, 1, w, new Uint8Array(0)), w.pixels, band);
  expect(rects).toEqual([]);
});
