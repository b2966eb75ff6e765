import { describe, expect, test } from 'vitest';
import { Class, Kind, type Moment, objectId, State } from '../../event/index.ts';
import { changedBy, type MomentRecord } from '../../store/index.ts';
import { cellsOf, Fates, mapBands } from '../layout/map-cells.ts';
import { range, vma } from '../paint/map-testing.ts';
import { meta } from '../paint/testing.ts';
import { bandWords, cellWords, tableMeant } from './address-space.ts';

const table = (n: number): number => objectId(Class.TABLE, n);

function bandAndCells(
  name: string,
  present: readonly number[],
  vmas: Parameters<typeof cellWords>[2],
  parts = 512,
) {
  const [band] = mapBands([range(name, 512, present, parts)], 1);
  if (band === undefined) throw new Error('no band');
  return { band, cells: cellsOf(band, 1, 1, new Fates(vmas)) };
}

describe('a band', () => {
  test('has a name, a size and what is not as it should be', () => {
    const { band, cells } = bandAndCells('big', [512, 0], [vma('big', 512, 1_024, ['VM_DEAD'])]);
    expect(bandWords(band, cells)).toEqual({
      name: 'big',
      times: '',
      size: '4 MB',
      detail: 'VM_DEAD · 50 % present',
      notable: 'VM_DEAD',
    });
  });

  test('says when it is gone, or in part', () => {
    const gone = bandAndCells('big', [0, 0], []);
    expect(bandWords(gone.band, gone.cells)).toMatchObject({ detail: 'unmapped', notable: 'unmapped' });
    const part = bandAndCells('big', [0, 512], [vma('big', 1_024, 512)]);
    expect(bandWords(part.band, part.cells).detail).toBe('partly unmapped · 50 % present');
  });

  test('of areas alike says how many', () => {
    const [band] = mapBands([range('heap[0]', 0, [1]), range('heap[1]', 1_024, [1])], 1);
    expect(band && bandWords(band, [])).toMatchObject({ name: 'heap', times: '×2', size: '4 MB' });
    const [rest] = mapBands([range('a', 0, [1]), range('b', 1_024, [1])], 1);
    expect(rest && bandWords(rest, []).name).toBe('2 other areas');
  });
});

/** b holds the lock of page table 2 and a waits for it; b works there. */
const moment: Moment = {
  t: 0,
  event: 1,
  threads: [{ thread: 1, state: State.KERNEL, sinceNs: 0, cpu: 1, site: 0, table: table(2) }],
  locks: [
    { lock: table(2), mode: 'write', owners: [1], queue: [{ thread: 0, mode: 'write', spinning: true }] },
    { lock: table(9), mode: 'free', owners: [], queue: [] },
  ],
};
const removed: MomentRecord = {
  id: 0,
  t: 0,
  site: 0,
  object: table(2),
  arg: -512 >>> 0,
  thread: 1,
  kind: Kind.PAGES,
  flags: 0,
  sentence: '',
};

describe('a cell', () => {
  const vmas = [vma('big', 512, 2_048, ['VM_READ', 'VM_DEAD'])];

  test('tells addresses, flags, pages, and what goes on there', () => {
    const { band, cells } = bandAndCells('big', [512, 0, 100, 512], vmas);
    const cell = cells[1];
    expect(cell && cellWords(cell, band, vmas, 0, moment, meta, changedBy([removed]))).toEqual({
      title: 'big',
      range: '0x400000–0x600000 · 2 MB',
      lines: ['1 VMA: VM_READ VM_DEAD', '0 of 512 pages present, 1 page table'],
      marked: [
        'b works at page table 0x400000',
        'page table 0x400000 held by b; a waits for it',
        'the last step removed 512 pages',
      ],
    });
  });

  test('that nothing maps says so', () => {
    const { band, cells } = bandAndCells('big', [0], []);
    const words = cells[0] && cellWords(cells[0], band, [], 0, moment, meta, changedBy([]));
    expect(words?.title).toBe('big');
    expect(words?.lines[0]).toBe('not mapped');
    expect(words?.marked).toEqual([]);
  });

  test('means its only page table, or the one at which something happens', () => {
    const one = bandAndCells('big', [512, 0], vmas);
    expect(one.cells.map((cell) => tableMeant(cell, 0, moment))).toEqual([table(1), table(2)]);
    const four = bandAndCells('big', [512, 0], vmas, 2_048);
    expect(four.cells.map((cell) => tableMeant(cell, 0, moment))).toEqual([table(2), null]);
    const other = { ...moment, threads: [{ ...moment.threads?.[0], table: table(3) }] } as Moment;
    expect(four.cells.map((cell) => tableMeant(cell, 0, other))).toEqual([null, null]);
  });
});
