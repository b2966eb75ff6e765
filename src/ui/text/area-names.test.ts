import { expect, test } from 'vitest';
import { Class, objectId, type RangeMoment, type VmaMoment } from '../../event/index.ts';
import { AreaSeries } from '../../trace/index.ts';
import { AreaNames } from './area-names.ts';

function range(name: string, startPage: number): RangeMoment {
  const pages = 512;
  return { mm: 0, name, startPage, pages, origin: startPage, partPages: pages, present: new Uint32Array(1) };
}

function vma(name: string, startPage: number, number = 1): VmaMoment {
  const id = objectId(Class.VMA, number);
  return { id, mm: 0, startPage, pages: 16, presentPages: 0, name, flags: [], detached: false };
}

function band(...pages: number[]) {
  const areas = pages.map((fromPage) => ({
    mm: 0,
    fromPage,
    toPage: fromPage + 512,
    series: new AreaSeries(),
  }));
  return { areas, pages: 512 * pages.length };
}

test('a lane has the name of what was there when the run began, whatever is mapped there later', () => {
  const names = new AreaNames();
  // The first moment that is seen may be the last one of the run.
  names.remember({ t: 9, event: 9, ranges: [range('big', 512)], vmas: [vma('mmap', 512)] });
  expect(names.ofBand(band(512))).toBe('big');
  names.remember({ t: 1, event: 1, ranges: [range('big', 512)], vmas: [vma('big', 512)] });
  names.remember({ t: 9, event: 9, ranges: [range('big', 512)], vmas: [vma('mmap', 512)] });
  expect(names.ofBand(band(512))).toBe('big');
  expect(names.vmas.get(1)).toBe('mmap');
});

test('a lane keeps the name of what is gone; what nobody knows is called by its address', () => {
  const names = new AreaNames();
  names.remember({ t: 1, event: 1, vmas: [vma('mmap', 1_024)] });
  names.remember({ t: 2, event: 2, vmas: [] });
  names.remember(null);
  expect(names.ofBand(band(1_024))).toBe('mmap');
  expect(names.ofBand(band(2_048))).toBe('0x800000');
  expect(names.ofBand(band(1_024, 2_048))).toBe('mmap +1');
});
