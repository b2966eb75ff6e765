import type { RangeMoment, VmaMoment } from '../../event/index.ts';
import { type MapLayout, mapLayout } from '../layout/map.ts';
import { mapBands } from '../layout/map-cells.ts';
import type { MapMarks } from './map.ts';

/** An address space for the tests of the map. */

export function range(
  name: string,
  startPage: number,
  present: readonly number[],
  partPages = 512,
): RangeMoment {
  const pages = present.length * partPages;
  return { mm: 0, name, startPage, pages, origin: startPage, partPages, present: Uint32Array.from(present) };
}

export function vma(
  name: string,
  startPage: number,
  pages: number,
  flags: readonly string[] = [],
  detached = false,
): VmaMoment {
  return { id: startPage, mm: 0, startPage, pages, presentPages: 0, name, flags, detached };
}

/** Cells of every kind, with marks: dead and zapped ones, detached ones, mapped ones, some unmapped with a stray page. */
export function mapScene(): { layout: MapLayout; marks: MapMarks } {
  const dead = [0, 0, 0, 256, ...Array<number>(20).fill(512)];
  const detached = [0, 1, 511, ...Array<number>(9).fill(512)];
  const heap = [0, 1, 128, 256, 384, 511, 512];
  const ranges = [
    range('dead', 512, dead),
    range('cut', 20_480, detached),
    ...heap.map((n, i) => range(`heap[${i}]`, 40_960 + 1_024 * i, [n])),
    range('gone', 61_440, [0, 0, 3, 0]),
  ];
  const vmas = [
    vma('dead', 512, 24 * 512, ['VM_READ', 'VM_DEAD']),
    vma('cut', 20_480, 12 * 512, ['VM_READ'], true),
    ...heap.map((_, i) => vma(`heap[${i}]`, 40_960 + 1_024 * i, 512, ['VM_READ'])),
  ];
  const layout = mapLayout(mapBands(ranges, 4), vmas, 300, 72);
  return {
    layout,
    marks: {
      changed: [[3, 3]],
      at: [
        [3, 3],
        [26, 26],
      ],
      cursor: 38,
    },
  };
}
