import { expect, test } from 'vitest';
import { Class, Kind, type Moment, objectId, State } from '../../event/index.ts';
import { changedBy, type MomentRecord } from '../../store/index.ts';
import { mapLayout } from '../layout/map.ts';
import { mapBands } from '../layout/map-cells.ts';
import { range, vma } from '../paint/map-testing.ts';
import { changedCells, workedCells } from './address-map.ts';

/** Eight pages that die and eight that live, all in page table 1. */
const ranges = [
  range('old', 512, Array<number>(8).fill(1), 1),
  range('heap', 528, Array<number>(8).fill(0), 1),
];
const vmas = [{ ...vma('old', 512, 8, [], true), id: 7 }, vma('heap', 528, 8)];
const layout = mapLayout(mapBands(ranges, 4), vmas, 400, 70);
const TABLE = objectId(Class.TABLE, 1);

function pages(by: number, object = TABLE): MomentRecord {
  const record = { id: 0, t: 0, site: 0, object, arg: by >>> 0, thread: 3, kind: Kind.PAGES, flags: 0 };
  return { ...record, sentence: '' };
}

const thread = { thread: 3, state: State.KERNEL, sinceNs: 0, cpu: 0, site: 0, table: TABLE };
const moment: Moment = { t: 0, event: 1, vmas, threads: [{ ...thread, touched: 530 }] };

test('a page that comes is marked where it is', () => {
  expect(changedCells(layout, 0, moment, changedBy([pages(1)]))).toEqual([[10, 10]]);
});

test('pages that go are marked in what is unmapped', () => {
  const cells = changedCells(layout, 0, moment, changedBy([pages(-8)]));
  expect(cells.map(([first]) => first)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a VMA that changes is marked as a whole; what is of another process is not', () => {
  const linked = { ...pages(0, 7), kind: Kind.VMA_DETACH };
  expect(changedCells(layout, 0, moment, changedBy([linked]))).toEqual([[0, 7]]);
  expect(changedCells(layout, 1, moment, changedBy([linked, pages(1)]))).toEqual([]);
});

test('a thread works at the cells of its page table', () => {
  expect(workedCells(layout, 0, moment)).toEqual([[0, 15]]);
  expect(workedCells(layout, 1, moment)).toEqual([]);
});
