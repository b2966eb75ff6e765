import { expect, test } from 'vitest';
import { Class, Kind, objectId, TABLE_PAGES } from '../event/index.ts';
import { AreaSeries, MAX_ENTRIES } from './area-series.ts';
import { AreaTracker } from './areas.ts';
import { Pyramid } from './intervals.ts';
import { PyramidReader } from './pyramid-reader.ts';
import { LogBuilder, tableId, testMeta } from './testing.ts';

const vma = (slot: number, mm = 0): number => objectId(Class.VMA, (mm << 20) | slot);
const DEAD = 0x40;

test('an area follows its VMAs: mapped, present, dead, gone; a split and a second mapping stay in it', () => {
  const space = new AreaTracker();
  const at = (t: number) => space.areas[0]?.series.at(t);
  space.record(10, Kind.VMA_LINK, vma(1), 1_024);
  space.record(10, Kind.VMA_LENGTH, vma(1), 2 * TABLE_PAGES);
  space.record(20, Kind.PAGES, tableId(3), 400);
  // The upper half becomes a VMA of its own, and only that one dies.
  space.record(30, Kind.VMA_LENGTH, vma(1), TABLE_PAGES);
  space.record(30, Kind.VMA_LINK, vma(2), 1_024 + TABLE_PAGES);
  space.record(30, Kind.VMA_LENGTH, vma(2), TABLE_PAGES);
  space.record(40, Kind.VMA_FLAGS, vma(2), DEAD);
  space.record(50, Kind.PAGES, tableId(3), -400 >>> 0);
  space.record(60, Kind.VMA_DETACH, vma(2), 0);
  space.record(70, Kind.VMA_FREE, vma(2), 0);
  expect(space.areas).toHaveLength(1);
  expect(space.areas[0]).toMatchObject({ mm: 0, fromPage: 1_024, toPage: 1_024 + 2 * TABLE_PAGES });
  expect(at(9)).toBeUndefined();
  expect(at(15)).toEqual({ mapped: 1_024, dead: 0, present: 0 });
  expect(at(35)).toEqual({ mapped: 1_024, dead: 0, present: 400 });
  expect(at(45)).toEqual({ mapped: 1_024, dead: 512, present: 400 });
  expect(at(65)).toEqual({ mapped: 1_024, dead: 512, present: 0 });
  expect(at(75)).toEqual({ mapped: 512, dead: 0, present: 0 });
});

test('what was mapped before the first record counts, and its records go on from there', () => {
  const space = new AreaTracker();
  const big = { id: vma(3), mm: 0, startPage: 512, pages: 1_024, presentPages: 900, name: 'big', flags: [] };
  space.begin([{ ...big, detached: false }]);
  space.record(5, Kind.PAGES, tableId(2), -100 >>> 0);
  space.record(6, Kind.VMA_DETACH, vma(3), 0);
  expect(space.areas[0]?.series.at(0)).toEqual({ mapped: 1_024, dead: 0, present: 900 });
  expect(space.areas[0]?.series.at(6)).toEqual({ mapped: 1_024, dead: 1_024, present: 800 });
});

test('every mm has areas of its own; pages of no area, and lengths of no VMA, are passed over', () => {
  const space = new AreaTracker();
  for (const mm of [0, 1]) {
    space.record(0, Kind.VMA_LINK, vma(0, mm), 0);
    space.record(0, Kind.VMA_LENGTH, vma(0, mm), 512);
  }
  space.record(1, Kind.PAGES, tableId((1 << 20) | 0), 7);
  space.record(1, Kind.PAGES, tableId(99), 7);
  space.record(1, Kind.VMA_LENGTH, vma(5), 7);
  expect(space.areas.map(({ mm, series }) => [mm, series.at(2)?.present])).toEqual([
    [0, 0],
    [1, 7],
  ]);
});

test('however often an area changes, its memory is bounded and what is short is still seen', () => {
  const series = new AreaSeries();
  const changes = 40 * MAX_ENTRIES;
  for (let i = 0; i < changes; i++) {
    // Dead for one of 1,000 changes.
    const dead = i % 1_000 === 500 ? 9 : 0;
    series.append(10 * i, { mapped: 10, dead, present: i });
  }
  series.append(10 * changes, { mapped: 0, dead: 0, present: 0 });
  series.flush(20 * changes);
  expect(series.count).toBeLessThanOrEqual(MAX_ENTRIES);
  expect(series.at(15 * changes)).toEqual({ mapped: 0, dead: 0, present: 0 });
  const pixels = new Float64Array(3 * 80);
  series.addPixels(0, 10 * changes, 80, Infinity, pixels);
  for (let x = 0; x < 80; x++) {
    expect(pixels[3 * x + 1]).toBe(9);
    expect(Math.abs((pixels[3 * x + 2] ?? 0) - (changes * (x + 1)) / 80)).toBeLessThan(series.step / 10 + 1);
  }
});

test('the page sees the same areas, whenever they are handed over', () => {
  const log = new LogBuilder();
  log.at(5).put(Kind.VMA_LINK, 0, 1, vma(1), 512).put(Kind.VMA_LENGTH, 0, 1, vma(1), 512);
  log.at(8).put(Kind.PAGES, 0, 1, tableId(1), 100);
  log.at(9).put(Kind.PAGES, 0, 1, tableId(1), 200);
  const pyramid = new Pyramid(testMeta());
  const reader = new PyramidReader(testMeta());
  for (let i = 0; i < log.count; i++) {
    pyramid.add(log.chunks[0], i, i + 1);
    reader.apply(structuredClone(pyramid.takeUpdates().update));
  }
  expect(reader.areas).toMatchObject([{ mm: 0, fromPage: 512, toPage: 1_024 }]);
  expect([4, 6, 8, 9].map((t) => reader.areas[0].series.at(t)?.present)).toEqual([undefined, 0, 100, 300]);
});
