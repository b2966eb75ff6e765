import { describe, expect, it } from 'vitest';
import { type Machine, machineById, small } from '../../kernel/index.ts';
import { Simulation } from '../simulation.ts';
import { program } from '../testing.ts';
import { lostPages } from './account.ts';
import { BLOCK_PAGES, ORDERS } from './buddy.ts';

const twoSockets = machineById('haswell-ep-2s') as Machine;

/** A machine with zones on which nothing has happened yet; `pages` are fragmented. */
function engine(pages: number, seed = 1, machine = small) {
  const text = `scenario test {
    number most_pages = 16384; number fragmented_pages = ${pages}; thread t { compute(1); } }`;
  const p = program(text, 'test', machine);
  const names = Array.from({ length: machine.sockets }, (_, node) => [
    `zone_lock/${node}`,
    `lru_lock/${node}`,
  ]);
  const locks = names.flat().map((name) => ({ name, kind: 'spinlock' as const }));
  const { engine: e } = new Simulation({ ...p, locks }, machine, {
    mmapLock: 'rwsem-3.16',
    mutex: 'mutex-osq',
    spinlock: 'qspinlock',
    alloc: 'zone',
    grain: 'table',
    seed,
  });
  if (e.zones === null) throw new Error('no zones');
  return { e, zones: e.zones };
}

/** Pages in the order in which CPU 0 is given them by a node. */
function given(made: ReturnType<typeof engine>, node: number, n: number): number[] {
  const { buddy } = made.zones;
  buddy.begin(0, node);
  return Array.from({ length: n }, () => buddy.take(node));
}

describe('fragmented memory', () => {
  it('is free one by one, in whole blocks, evenly over the nodes, and no page is lost', () => {
    const { e, zones } = engine(4 * BLOCK_PAGES + 5, 1, twoSockets);
    for (let node = 0; node < twoSockets.sockets; node++) {
      const orders = Array.from(e.w.freeCount.subarray(node * ORDERS, (node + 1) * ORDERS));
      expect(orders).toEqual([2 * BLOCK_PAGES, ...Array(ORDERS - 1).fill(0)]);
    }
    expect(lostPages(zones, e)).toBe(0);
  });

  it('comes in an order of the seed, without neighbours, each page once', () => {
    const pages = given(engine(2 * BLOCK_PAGES), 0, 2 * BLOCK_PAGES);
    expect([...pages].sort((a, b) => a - b)).toEqual(pages.map((_, k) => k));
    const together = pages.filter((frame, k) => frame === (pages[k - 1] ?? -9) + 1);
    expect(together.length).toBeLessThan(10);
    expect(given(engine(2 * BLOCK_PAGES), 0, 2 * BLOCK_PAGES)).toEqual(pages);
    expect(given(engine(2 * BLOCK_PAGES, 2), 0, 2 * BLOCK_PAGES)).not.toEqual(pages);
  });

  it('was written last by CPUs of its node: hardly a page is warm, none comes from another socket', () => {
    const n = 1_000;
    const made = engine(4 * BLOCK_PAGES, 1, twoSockets);
    given(made, 0, n);
    const { socket } = twoSockets.line;
    // One page is the head of what is left: it is written too.
    expect(made.zones.buddy.cold).toBeLessThanOrEqual((n + 1) * socket.value);
    expect(made.zones.buddy.cold).toBeGreaterThan(0.95 * n * socket.value);
  });

  it('is none where nothing says so, and never more than is in use at a time', () => {
    expect(engine(0).e.w.freeCount.every((n) => n === 0)).toBe(true);
    expect(() => engine(16_385)).toThrow(/fragmented_pages .* 0 to .* \(16384\), not 16385/);
    expect(() => engine(-1)).toThrow(/fragmented_pages/);
  });
});
