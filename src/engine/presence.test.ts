import { describe, expect, it, test } from 'vitest';
import { Class, objectId, type RangeMoment } from '../event/index.ts';
import { resolve } from '../scenario/index.ts';
import { Simulation } from './simulation.ts';

/** A process with an area of a size, a small one of three pages, and two mappings side by side. */
const mapsAndTouches = (size: string): string => `area big = ${size};
  area small = 3 * PAGE_SIZE;
  thread t on cpu 0 {
    touch(small.start + PAGE_SIZE);
    at = mmap(64KB);
    mmap(64KB);
    touch(at);
  }`;

function simulation(grain: 'page' | 'table', body: string): Simulation {
  const text = `scenario test "test" { extent 1s; ${body} }`;
  const resolved = resolve({ scenario: 'test', text, file: 'test.kp', set: { grain, machine: 'small' } });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
  return new Simulation(resolved.value.program, resolved.value.machine, resolved.value.choices);
}

function sum({ present }: RangeMoment): number {
  return present.reduce((a, b) => a + b, 0);
}

describe.each(['page', 'table'] as const)('at grain %s', (grain) => {
  it('every area has its parts, and what mmap placed side by side is one range', () => {
    const sim = simulation(grain, mapsAndTouches('6MB populated'));
    while (sim.run());
    const ranges = sim.moment().ranges ?? [];
    expect(ranges.map((r) => [r.name, r.pages, sum(r)])).toEqual([
      ['big', 1536, 1536],
      ['mmap', 32, 1],
      ['small', 3, 1],
    ]);
    for (const { startPage, pages, origin, partPages, present } of ranges) {
      expect(origin).toBeLessThanOrEqual(startPage);
      expect(present.length).toBe(Math.ceil((startPage + pages - origin) / partPages));
    }
  });

  it('sums table by table, wherever a range begins and ends', () => {
    const sim = simulation(grain, mapsAndTouches('6MB populated'));
    while (sim.run());
    const e = sim.engine;
    for (let from = 500; from < 2_200; from += 123) {
      for (const length of [1, 12, 400, 512, 700, 1_024, 1_400]) {
        const to = from + length;
        let expected = 0;
        for (let id = e.tables.nextPopulated(0, 0, from, to); id !== 0; ) {
          expected += e.tables.presentIn(id, from, to);
          id = e.tables.nextPopulated(0, (id & 0xfffff) + 1, from, to);
        }
        expect(e.tables.presentPages(0, from, to), `${from} ${length}`).toBe(expected);
      }
    }
  });
});

test('few pages at grain page have a part each, and show which of them are present', () => {
  const sim = simulation('page', mapsAndTouches('4 * PAGE_SIZE'));
  while (sim.run());
  const small = sim.moment().ranges?.find(({ name }) => name === 'small');
  expect(small?.partPages).toBe(1);
  expect([...(small?.present ?? [])]).toEqual([0, 1, 0]);
});

test('parts stay few, whatever the size', () => {
  const big = simulation('table', mapsAndTouches('1TB'));
  expect(big.moment().ranges?.[0]?.present.length).toBe(512);
});

test('an area keeps its place when it is unmapped', () => {
  const sim = simulation('table', 'area big = 4MB; thread t on cpu 0 { compute(1us); }');
  const { engine } = sim;
  engine.vmas.detach(0, 0, engine.vmas.find(0, 512), 5_000);
  engine.vmas.free(0, 0, 0);
  const { vmas, ranges } = sim.moment();
  expect(vmas).toEqual([]);
  expect(ranges?.map(({ name, startPage, pages }) => [name, startPage, pages])).toEqual([['big', 512, 1024]]);
});

test('a thread says at which page table it works', () => {
  const sim = simulation('table', 'area big = 4MB populated; thread t on cpu 0 { munmap(big); }');
  const seen: (number | undefined)[] = [];
  while (sim.run({ untilEvent: sim.events + 1 })) seen.push(sim.moment().threads?.[0]?.table);
  const tables = seen.flatMap((id) => (id === undefined ? [] : [id]));
  expect([...new Set(tables)]).toEqual([objectId(Class.TABLE, 1), objectId(Class.TABLE, 2)]);
  expect(sim.moment().threads?.[0]?.table).toBeUndefined();
});
