import { expect, test } from 'vitest';
import { AreaSeries } from '../../trace/index.ts';
import { areaBands, bandAt, bandPixels } from './bands.ts';

function area(fromPage: number, pages: number, mm = 0) {
  const series = new AreaSeries();
  series.append(10, { mapped: pages, dead: 0, present: pages / 2 });
  return { mm, fromPage, toPage: fromPage + pages, series };
}

test('large areas have lanes of their own in order of address, the small ones share the last', () => {
  const areas = [area(5_000, 10), area(9_000, 12), area(2_000, 1_000), area(0, 900), area(7_000, 4, 1)];
  const bands = areaBands(areas, 0, 3);
  expect(bands.map(({ areas: list, pages }) => [list.map((a) => a.fromPage), pages])).toEqual([
    [[0], 900],
    [[2_000], 1_000],
    [[5_000, 9_000], 22],
  ]);
  expect(areaBands(areas, 1, 3)).toHaveLength(1);
  expect(areaBands(areas, 2, 3)).toEqual([]);
});

test('never more lanes than asked for, whatever the sizes', () => {
  const alike = Array.from({ length: 9 }, (_, i) => area(100 * i, 50));
  const bands = areaBands(alike, 0, 3);
  expect(bands.map(({ areas }) => areas.length)).toEqual([1, 1, 7]);
});

test('a shared lane shows the sum', () => {
  const [band] = areaBands([area(0, 10), area(100, 10)], 0, 1);
  if (band === undefined) throw new Error('no band');
  expect(bandAt(band, 9)).toBeUndefined();
  expect(bandAt(band, 10)).toEqual({ mapped: 20, dead: 0, present: 10 });
  const out = new Float64Array(6).fill(99);
  bandPixels(band, 0, 20, 2, 15, out);
  expect([...out]).toEqual([0, 0, 0, 20, 0, 10]);
});
