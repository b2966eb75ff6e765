import { expect, test } from 'vitest';
import { cellBox, mapLayout } from '../layout/map.ts';
import { mapBands } from '../layout/map-cells.ts';
import { type MapMarks, paintMap } from './map.ts';
import { range, vma } from './map-testing.ts';
import { recorder } from './testing.ts';

const NO_MARKS: MapMarks = { changed: [], at: [], cursor: -1 };

/** What is painted of cells of 100 pages each, beside their frames. */
function painted(present: readonly number[], vmas: Parameters<typeof mapLayout>[1], marks = NO_MARKS) {
  const layout = mapLayout(mapBands([range('a', 0, present, 100)], 1), vmas, 200, 20);
  const { surface, rects } = recorder();
  paintMap(surface, layout, marks, 2);
  return { layout, rects, fills: rects.filter(({ w, h }) => w > 2 && h > 1) };
}

test('a cell is filled as far as its pages are present, and hollow above', () => {
  const { layout, fills } = painted([0, 50, 100], [vma('a', 0, 300)]);
  const { y, h } = cellBox(layout, 0);
  expect(fills.map((f) => [f.x, f.y + f.h, f.h, f.paint])).toEqual([
    [cellBox(layout, 1).x, y + h, h / 2, 'kernel'],
    [cellBox(layout, 2).x, y + h, h, 'kernel'],
  ]);
});

test('a page among millions is seen, and one that is missing too', () => {
  const { layout, fills } = painted([1, 99], [vma('a', 0, 200)]);
  expect(fills.map(({ h }) => h)).toEqual([2, cellBox(layout, 0).h - 2]);
});

test('what dies is hatched, in one way when it is dead and in another when it is detached', () => {
  const { fills } = painted([100, 100], [vma('a', 0, 100, ['VM_DEAD']), vma('b', 100, 100, [], true)]);
  expect(fills.map(({ paint, hatch }) => [paint, hatch])).toEqual([
    ['hold-write', 'falling'],
    ['hold-write', 'dense'],
  ]);
});

test('nothing mapped is a dash; a page there is a fault', () => {
  const { rects, fills } = painted([0, 7], []);
  expect(rects).toHaveLength(2);
  expect(rects[0]?.h).toBe(1);
  expect(fills.map(({ paint }) => paint)).toEqual(['bad']);
});

test('what changed has a dot, where a thread works and what is read out a frame', () => {
  const vmas = [vma('a', 0, 300)];
  const plain = painted([100, 100, 100], vmas).rects.length;
  const marked = painted([100, 100, 100], vmas, { changed: [[0, 0]], at: [[1, 2]], cursor: 2 });
  const frames = marked.rects.slice(plain);
  const [first, , third] = [0, 1, 2].map((i) => cellBox(marked.layout, i));
  expect(frames).toHaveLength(9);
  expect(frames[0]).toMatchObject({
    paint: 'fg',
    w: (third?.x ?? 0) - cellBox(marked.layout, 1).x + (third?.w ?? 0) + 4,
  });
  // In the middle of its cell.
  const dot = frames[4];
  expect(dot?.paint).toBe('fg');
  expect(dot?.x).toBe((first?.x ?? 0) + Math.floor(((first?.w ?? 0) - (dot?.w ?? 0)) / 2));
  expect(frames[5]).toMatchObject({ paint: 'accent', x: (third?.x ?? 0) - 2, h: 2 });
});
