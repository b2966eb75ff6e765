import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { range, vma } from '../paint/map-testing.ts';
import { boxesAround, cellAt, cellBox, cellsWithin, mapLayout, mostBands, neighbour } from './map.ts';
import { cellCount, cellsOf, Fates, mapBands } from './map-cells.ts';

/** 320 GB in 512 parts, thirty heaps and a small mapping, as a run of it has them. */
const PART = 163_840;
const big = range('big', 512, Array<number>(512).fill(PART), PART);
const heaps = Array.from({ length: 30 }, (_, i) => range(`heap[${i}]`, 90_000_000 + 20_000 * i, [i], 16_384));
const mapped = range('mmap', 95_000_000, [4], 16);
const process = [big, ...heaps, mapped];

describe('bands', () => {
  test('hold areas of one name, in order of address', () => {
    const bands = mapBands(process, 4);
    expect(bands.map(({ name, ranges, present }) => [name, ranges.length, present])).toEqual([
      ['big', 1, 512 * PART],
      ['heap', 30, 435],
      ['mmap', 1, 4],
    ]);
    expect(mapBands([heaps[3] ?? big], 4)[0]?.name).toBe('heap[3]');
  });

  test('the smallest share one where there is no room for all', () => {
    const bands = mapBands(process, 2);
    expect(bands.map(({ name, ranges }) => [name, ranges.length])).toEqual([
      ['big', 1],
      ['', 31],
    ]);
  });
});

describe('cells', () => {
  const [band] = mapBands([range('a', 600, [5, 6, 7, 8, 9], 1_024)], 1);

  test('stand for equal parts of an area, the last one for what is left', () => {
    if (band === undefined) throw new Error('no band');
    const cells = cellsOf(band, 2, 1, new Fates([]));
    expect(cells.map(({ fromPage, pages, present }) => [fromPage, pages, present])).toEqual([
      [600, 2_048, 11],
      [2_648, 2_048, 15],
      [4_696, 1_024, 9],
    ]);
    expect(cellCount(band, 2)).toBe(cells.length);
  });

  test('say the worst that becomes of their addresses', () => {
    const fates = new Fates([
      vma('d', 300, 100, ['VM_DEAD']),
      vma('a', 0, 200),
      vma('x', 400, 100, [], true),
    ]);
    expect(fates.fate(0, 100)).toBe('mapped');
    expect(fates.fate(150, 301)).toBe('dead');
    expect(fates.fate(399, 401)).toBe('detached');
    expect(fates.fate(200, 300)).toBe('unmapped');
    expect(fates.within(150, 350).map(({ name }) => name)).toEqual(['a', 'd']);
  });
});

const vmas = [vma('big', 512, 512 * PART), ...heaps.map((h) => vma(h.name, h.startPage, h.pages))];

describe('the map', () => {
  const layout = mapLayout(mapBands(process, mostBands(72)), vmas, 402, 72);

  test('has some hundred cells of 320 GB where it is small, and more where there is room', () => {
    expect(layout.bands.map(({ count }) => count)).toEqual([256, 30, 1]);
    const large = mapLayout(mapBands(process, mostBands(140)), vmas, 700, 140);
    expect(large.bands.map(({ count }) => count)).toEqual([512, 30, 1]);
  });

  test('few pages are large cells', () => {
    const ranges = [
      range('a', 512, Array<number>(8).fill(1), 1),
      range('b', 1_536, Array<number>(8).fill(0), 1),
    ];
    const tiny = mapLayout(mapBands(ranges, 4), [], 400, 70);
    expect(tiny.cells).toHaveLength(16);
    expect(tiny.pitchX).toBeGreaterThan(20);
  });

  test('areas share cells where even one for each is too many', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => range(`a[${i}]`, 1_024 * i, [1]));
    const { cells, bands } = mapLayout(mapBands(many, mostBands(70)), [], 400, 70);
    expect(bands).toHaveLength(1);
    expect(cells.length).toBeLessThan(600);
    expect(cells.reduce((sum, cell) => sum + cell.ranges, 0)).toBe(3_000);
    expect(cells.reduce((sum, cell) => sum + cell.present, 0)).toBe(3_000);
  });

  test('finds the cell that is drawn at a point', () => {
    layout.cells.forEach((_, i) => {
      const { x, y, w, h } = cellBox(layout, i);
      expect(cellAt(layout, x, y)).toBe(i);
      expect(cellAt(layout, x + w - 0.5, y + h - 0.5)).toBe(i);
    });
    expect(cellAt(layout, 5, 10)).toBe(-1);
    expect(cellAt(layout, 200, 1_000)).toBe(-1);
  });

  test('stays in its field, and no cell lies on another', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.boolean()), {
      minLength: 1,
      maxLength: 12,
    });
    const field = fc.tuple(fc.integer({ min: 260, max: 900 }), fc.integer({ min: 60, max: 300 }));
    fc.assert(
      fc.property(sizes, field, (list, [width, height]) => {
        const ranges = list.map(([parts, alike], i) =>
          range(
            alike ? `heap[${i}]` : `area ${'abcdefghijkl'[i]}`,
            1_000_000 * i,
            Array<number>(parts).fill(1),
          ),
        );
        const drawn = mapLayout(mapBands(ranges, mostBands(height)), [], width, height);
        const places = new Set<string>();
        drawn.cells.forEach((_, i) => {
          const { x, y, w, h } = cellBox(drawn, i);
          places.add(`${x} ${y}`);
          expect(x + w).toBeLessThanOrEqual(width);
          expect(y + h).toBeLessThanOrEqual(height);
        });
        expect(places.size).toBe(drawn.cells.length);
        expect(drawn.cells.reduce((sum, { present }) => sum + present, 0)).toBe(
          list.reduce((sum, [parts]) => sum + parts, 0),
        );
      }),
    );
  });

  test('keys lead to every cell, row by row and band by band', () => {
    const { columns, cells } = layout;
    expect(neighbour(layout, 0, 'ArrowRight')).toBe(1);
    expect(neighbour(layout, 0, 'ArrowLeft')).toBe(0);
    expect(neighbour(layout, 3, 'ArrowDown')).toBe(3 + columns);
    expect(neighbour(layout, 3 + columns, 'ArrowUp')).toBe(3);
    expect(neighbour(layout, 255, 'ArrowDown')).toBe(256 + Math.min(29, 255 % columns));
    expect(neighbour(layout, 256, 'ArrowUp')).toBe(Math.floor(255 / columns) * columns);
    expect(neighbour(layout, 5, 'End')).toBe(cells.length - 1);
    expect(neighbour(layout, cells.length - 1, 'ArrowDown')).toBe(cells.length - 1);
  });

  test('pages lead to their cells, and cells to boxes row by row', () => {
    expect(cellsWithin(layout, 512, 513)).toEqual([[0, 0]]);
    expect(cellsWithin(layout, 512 + PART, 512 + 5 * PART)).toEqual([[0, 2]]);
    expect(cellsWithin(layout, 0, 512)).toEqual([]);
    const { columns, pitchX } = layout;
    const boxes = boxesAround(layout, columns - 2, columns);
    expect(boxes.map(({ w }) => w)).toEqual([2 * pitchX - 1, pitchX - 1]);
  });
});
