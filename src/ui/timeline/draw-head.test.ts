import { expect, test } from 'vitest';
import { hiddenTicks } from './draw-head.ts';
import { coveredBy, measuredPlace, type Overlay } from './draw-overlay.ts';
import { GUTTER, placeOf, RIGHT } from './geometry.ts';

const WIDTH = GUTTER + 600 + RIGHT;
const range = { from: 0, to: 20e9 };
const measured = { from: GUTTER + 100, to: GUTTER + 300, label: '5.81 s' };

function over(playhead: number, span: Overlay['measured'] = null): Omit<Overlay, 'hover'> {
  return { playhead, measured: span, overview: 0, end: null, bottom: 0, edges: [], wakes: [] };
}

function hidden(playhead: number, span: Overlay['measured'] = null): string {
  return hiddenTicks(range, WIDTH, coveredBy(over(playhead, span), WIDTH));
}

test('a label at the handle of the playhead is left out, and no other', () => {
  expect(hidden(placeOf(6e9, WIDTH, range))).toBe('3');
  expect(hidden(placeOf(5.4e9, WIDTH, range))).toBe('');
  expect(hidden(GUTTER - 5)).toBe('');
});

test('the length of a measured span stands in its middle, or beside the playhead, and hides no half label', () => {
  const inMiddle = measuredPlace(measured, WIDTH, GUTTER);
  expect(((inMiddle?.from ?? 0) + (inMiddle?.to ?? 0)) / 2).toBeCloseTo(GUTTER + 200);
  const playhead = GUTTER + 200;
  expect(measuredPlace(measured, WIDTH, playhead)?.from).toBe(playhead + 10);
  const last = { ...measured, from: WIDTH - 40, to: WIDTH };
  expect(measuredPlace(last, WIDTH, WIDTH - 30)?.to).toBe(WIDTH - 40);
  expect(measuredPlace({ ...measured, from: -500, to: -400 }, WIDTH, playhead)).toBeNull();
  expect(hidden(GUTTER + 400, measured)).toBe('3');
});
