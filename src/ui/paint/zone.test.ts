import { describe, expect, test } from 'vitest';
import { type ZoneLayout, zoneLayout, zoneScale } from '../layout/zone.ts';
import { recorder } from './testing.ts';
import { nearHigh, paintZone, type ZoneMarks } from './zone.ts';
import { zoneOf } from './zone-testing.ts';

const NOTHING: ZoneMarks = { pulses: new Map(), doings: new Map(), cursor: -1 };

function painted(pages: readonly number[], marks: (layout: ZoneLayout) => Partial<ZoneMarks> = () => ({})) {
  const zone = zoneOf(pages);
  const layout = zoneLayout(zone, zoneScale([zone]), 740, 50);
  const { surface, rects, lines } = recorder();
  paintZone(surface, layout, { ...NOTHING, ...marks(layout) }, 2);
  const own = (list: number) => {
    const box = layout.boxes[layout.firstList + list];
    return rects.filter(({ x, w }) => box !== undefined && x >= box.x - 1 && x + w <= box.x + box.w + 1);
  };
  return { layout, lines, own, rects };
}

describe('a list', () => {
  test('is filled as far as it has pages', () => {
    const { layout, own } = painted([93, 1, 186]);
    const [box] = layout.boxes.slice(layout.firstList);
    const levels = [0, 1, 2].map((i) => own(i).find(({ paint }) => paint.startsWith('level')));
    expect(levels.map((level) => level?.h)).toEqual([(box?.h ?? 0) / 2, 2, box?.h]);
    expect(levels.map((level) => level?.paint)).toEqual(['level', 'level', 'level-high']);
  });

  test('is hatched where it will give a batch back, before it is full', () => {
    const hatches = [155, 156].map(
      (n) =>
        painted([n])
          .own(0)
          .find(({ paint }) => paint.startsWith('level'))?.hatch,
    );
    expect(hatches).toEqual(['none', 'falling']);
    expect([nearHigh(0, 0, 31), nearHigh(155, 186, 31), nearHigh(156, 186, 31)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('that is empty has a dash, and no level', () => {
    const paints = painted([0])
      .own(0)
      .map(({ paint }) => paint);
    expect(paints).toContain('runnable');
    expect(paints.some((paint) => paint.startsWith('level'))).toBe(false);
  });

  test('has lines at its batch and at its high mark', () => {
    const { layout, own } = painted([0]);
    const box = layout.boxes[layout.firstList];
    const marks = own(0).filter(({ h, paint }) => h === 1 && paint === 'fg');
    expect(marks.map(({ y }) => (box?.y ?? 0) + (box?.h ?? 0) - y)).toEqual([
      Math.round(((box?.h ?? 0) * 2 * 31) / 186) / 2,
      box?.h,
    ]);
  });
});

test('a refill comes down into its list, a drain goes up, and their pages have a frame', () => {
  const { layout, lines } = painted([31, 100], ({ firstList }) => ({
    pulses: new Map([
      [firstList, 31],
      [firstList + 1, -31],
    ]),
  }));
  expect(lines).toHaveLength(2);
  const [down = [], up = []] = lines;
  // The tip stands last.
  expect((down[5] ?? 0) > (down[1] ?? 0)).toBe(true);
  expect((up[5] ?? 0) < (up[1] ?? 0)).toBe(true);
  expect(down[4]).toBe(
    (layout.boxes[layout.firstList]?.x ?? 0) + (layout.boxes[layout.firstList]?.w ?? 0) / 2,
  );
});

test('what a CPU does stands under its list; a CPU without a thread has a line there', () => {
  const { own } = painted([5, 5], ({ firstList }) => ({
    doings: new Map([[firstList, { paint: 'spin', hatch: 'dense' }]]),
  }));
  const below = (list: number) => own(list).at(-1);
  expect(below(0)).toMatchObject({ paint: 'spin', hatch: 'dense', h: 4 });
  expect(below(1)).toMatchObject({ paint: 'line-strong', h: 1 });
});

test('free blocks are measured on a log scale, unused memory is hollow', () => {
  const { layout, rects } = painted([0]);
  const bar = (i: number) =>
    rects.filter(({ x, w, h }) => x === layout.boxes[i]?.x && w === layout.boxes[i]?.w && h > 1)[0]?.h ?? 0;
  // 12, 0, 1 and 512 blocks.
  expect(bar(1)).toBe(0);
  expect(bar(3)).toBeGreaterThan(0);
  expect(bar(0)).toBeGreaterThan(bar(3));
  expect(bar(11)).toBe(layout.boxes[11]?.h);
  expect(rects.find(({ x, h }) => x === layout.boxes[11]?.x && h > 1)?.hatch).toBe('rising');
});
