import { describe, expect, it } from 'vitest';
import { ccxOf, coreOf, cpuCount, type Machine, type Sourced, socketOf } from './machine.ts';
import { faultStudies } from './machines/fault-studies.ts';
import { e5x2680With, machineById, machines, withZones } from './machines/index.ts';
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

  it('number any number of threads of a core so', () => {
    const m: Machine = { ...e5x2680With(0.5), sockets: 2, coresPerSocket: 3, threadsPerCore: 4 };
    expect(cpuCount(m)).toBe(24);
    expect([1, 7, 13, 19].map((cpu) => coreOf(m, cpu))).toEqual([1, 1, 1, 1]);
    expect([2, 3, 8, 9, 20, 23].map((cpu) => socketOf(m, cpu))).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it('of the studies of faults have the topology that the facts give them', () => {
    const shape = faultStudies.map((m) => [m.id, m.sockets, m.coresPerSocket, m.threadsPerCore]);
    expect(shape).toEqual([
      ['haswell-ep-24c', 2, 12, 2],
      ['ivybridge-ep-20c', 2, 10, 2],
      ['ivybridge-ex-60c', 4, 15, 2],
      ['rome-128c', 2, 64, 2],
    ]);
    for (const m of faultStudies) expect(m.topologySource).toMatch(/facts .*(assumed|recalled)/);
  });

  it('say which transfers were measured on another machine, and why those', () => {
    for (const m of faultStudies) {
      const [{ mark, source }, rome] = [m.line.cross, m.id === 'rome-128c'];
      expect([m.id, mark]).toEqual([m.id, rome ? 'sourced' : 'assumption']);
      if (!rome) expect(source).toContain('the facts have no row for this machine');
    }
  });

  it('fit the parts of a fault into the whole that one thread takes', () => {
    const named = ['fault_checks', 'find_vma', 'fault_path', 'alloc_page', 'charge_page', 'set_pte'];
    for (const m of [...faultStudies, withZones(machineById('rome-128c') as Machine)]) {
      const costs = named.map((name) => m.costs[name]?.value ?? Number.NaN);
      expect([m.id, Math.min(...costs) > 0]).toEqual([m.id, true]);
    }
  });

  it('have CCX of four cores where the facts know such, each within a socket', () => {
    const m = machineById('rome-128c') as Machine;
    expect([0, 3, 4, 63, 64, 127, 128, 131, 132, 255].map((cpu) => ccxOf(m, cpu))).toEqual([
      0, 0, 1, 15, 0, 15, 0, 0, 1, 15,
    ]);
    expect(machines.filter(({ line }) => line.ccx !== undefined)).toEqual([m]);
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
