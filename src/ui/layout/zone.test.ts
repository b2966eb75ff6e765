import { describe, expect, test } from 'vitest';
import { zoneOf } from '../paint/zone-testing.ts';
import { labelStep, listsLeft, zoneCellAt, zoneLayout, zoneNeighbour, zoneScale } from './zone.ts';

const levels = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function laidOut(lists: number, width = 740, height = 50) {
  const zone = zoneOf(levels(lists));
  return zoneLayout(zone, zoneScale([zone]), width, height);
}

test('bars of all zones have one measure', () => {
  const small = zoneOf([3]);
  const large = zoneOf([400], { freeBlocks: [9_000], untouchedPages: 20_000 * 1_024 });
  expect(zoneScale([small])).toEqual({ blocks: 512, pages: 186 });
  expect(zoneScale([small, large])).toEqual({ blocks: 20_000, pages: 400 });
});

describe.each([1, 8, 48, 192])('%i lists', (n) => {
  const layout = laidOut(n);

  test('stand side by side within the field, each of the same width', () => {
    const own = layout.boxes.slice(layout.firstList);
    expect(own).toHaveLength(n);
    expect(new Set(own.map(({ w }) => w)).size).toBe(1);
    own.forEach(({ x, w, y, h }, i) => {
      expect(w).toBeGreaterThanOrEqual(1);
      expect(x).toBeGreaterThanOrEqual(listsLeft(11));
      expect(x + w).toBeLessThanOrEqual(740);
      expect(y + h).toBeLessThan(50);
      const next = own[i + 1];
      if (next !== undefined) expect(next.x).toBeGreaterThan(x + w);
    });
  });

  test('are found where they are drawn, and so are the blocks', () => {
    layout.boxes.forEach(({ x, w }, i) => {
      expect(zoneCellAt(layout, x)).toBe(i);
      expect(zoneCellAt(layout, x + w - 0.5)).toBe(i);
    });
    expect(zoneCellAt(layout, listsLeft(11) - 15)).toBe(-1);
  });
});

test('48 lists can be told apart at the least height', () => {
  const { boxes, firstList } = laidOut(48);
  expect(boxes[firstList]?.w).toBeGreaterThanOrEqual(6);
  expect(boxes[firstList]?.h).toBeGreaterThanOrEqual(26);
});

test('numbers of CPUs stand under the lists where there is room, far enough from each other', () => {
  expect(laidOut(48).labels).toBeNull();
  expect(laidOut(8, 740, 150).labels).toBe(147);
  expect(labelStep(laidOut(8, 740, 150))).toBe(1);
  const narrow = laidOut(192, 740, 150);
  expect(labelStep(narrow) * narrow.pitch).toBeGreaterThan(24);
});

test('keys lead from bar to bar, and between blocks and lists', () => {
  const layout = laidOut(8);
  expect(zoneNeighbour(layout, 0, 'ArrowLeft')).toBe(0);
  expect(zoneNeighbour(layout, 0, 'ArrowRight')).toBe(1);
  expect(zoneNeighbour(layout, 3, 'ArrowDown')).toBe(12);
  expect(zoneNeighbour(layout, 15, 'ArrowDown')).toBe(15);
  expect(zoneNeighbour(layout, 15, 'ArrowUp')).toBe(0);
  expect(zoneNeighbour(layout, 0, 'End')).toBe(19);
  expect(zoneNeighbour(layout, 19, 'ArrowRight')).toBe(19);
});
