import { describe, expect, it } from 'vitest';
import { coreOf, cpuCount, type Sourced, socketOf } from './machine.ts';
import { e5x2680With, machines } from './machines/index.ts';
import { vocabulary } from './ops.ts';

/** Every number of a machine that says where it comes from. */
function numbers(x: unknown, path = ''): [string, Sourced][] {
  if (typeof x !== 'object' || x === null) return [];
  if ('mark' in x && 'source' in x) return [[path, x as Sourced]];
  return Object.entries(x).flatMap(([key, value]) => numbers(value, `${path}.${key}`));
}

describe('machines', () => {
  it('give a source for every number', () => {
    for (const m of machines) {
      const all = numbers(m);
      expect(all.length).toBeGreaterThan(30);
      for (const [path, n] of all)
        expect([path, n.value >= 0, n.source.length > 10]).toEqual([path, true, true]);
      expect(m.topologySource).not.toBe('');
    }
  });

  it('price every cost of the vocabulary, and none that it does not know', () => {
    const names = vocabulary.costs.map((c) => c.name).sort();
    for (const m of machines) expect(Object.keys(m.costs).sort()).toEqual(names);
  });

  it('number CPUs as Linux does: first threads of all cores, socket by socket, then the second threads', () => {
    const m = e5x2680With(0.5);
    expect(cpuCount(m)).toBe(32);
    expect([0, 7, 8, 15, 16, 24, 31].map((cpu) => socketOf(m, cpu))).toEqual([0, 0, 1, 1, 0, 1, 1]);
    expect(coreOf(m, 16)).toBe(coreOf(m, 0));
  });

  it('part 18 s for 320 GB between zap and free as they are told', () => {
    for (const share of [0.2, 0.5, 0.9]) {
      const { zap_page: zap, free_page: free } = e5x2680With(share).costs;
      expect((zap?.value ?? 0) + (free?.value ?? 0)).toBeCloseTo(18e9 / 83_886_080, 6);
      expect((zap?.value ?? 0) / ((zap?.value ?? 0) + (free?.value ?? 0))).toBeCloseTo(share, 6);
      expect([zap?.mark, free?.mark]).toEqual(['calibrated', 'calibrated']);
    }
  });
});
