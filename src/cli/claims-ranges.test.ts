import { describe, expect, it } from 'vitest';
import { rangeLocks } from '../kernel/range-locks.ts';
import { resolve } from '../scenario/index.ts';
import type { RunResult } from './result.ts';
import { measure } from './run.ts';

/** What locks over ranges cure and what they break, beside mmap_sem in the same scenario. */

const cache = new Map<string, Promise<RunResult>>();

function run(scenario: string, mmapLock: string, set: Record<string, string> = {}): Promise<RunResult> {
  const key = JSON.stringify([scenario, mmapLock, set]);
  let result = cache.get(key);
  if (result === undefined) {
    const resolved = resolve({ scenario, set: { ...set, mmapLock } });
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
    result = measure(resolved.value, undefined);
    cache.set(key, result);
  }
  return result;
}

async function named(counter: string, ...of: Parameters<typeof run>): Promise<number> {
  const r = await run(...of);
  expect([r.outcome, r.violations]).toEqual(['pass', []]);
  return r.counters.named[counter] ?? 0;
}

async function faults(...of: Parameters<typeof run>): Promise<number> {
  const r = await run(...of);
  expect([r.outcome, r.violations]).toEqual(['pass', []]);
  return r.faults.perSec;
}

describe('range-disjoint', () => {
  it.each(['range-lock', 'range-lock-list', 'fine-grained'])(
    '%s lets four mappers work at a time, and no fault waits for them',
    async (lock) => {
      const before = await named('unmapped', 'range-disjoint', 'rwsem-3.16');
      const after = await named('unmapped', 'range-disjoint', lock);
      expect(after / before).toBeGreaterThan(3.5);
      expect(after / before).toBeLessThan(4.5);
      const [stock, ranged] = [await run('range-disjoint', 'rwsem-3.16'), await run('range-disjoint', lock)];
      expect(stock.faults.latency.maxNs).toBeGreaterThan(10e6);
      expect(ranged.faults.latency.maxNs).toBeLessThan(100e3);
    },
  );

  it('nothing of that is left when everybody asks for all addresses, as first posted', async () => {
    for (const lock of ['range-lock', 'range-lock-list']) {
      const full = await named('unmapped', 'range-disjoint', lock, { FULL_RANGE: 'true' });
      expect(full / (await named('unmapped', 'range-disjoint', 'rwsem-3.16'))).toBeLessThan(1.05);
    }
  });
});

describe('range-faults', () => {
  it('the spinlock of the tree makes faults several times dearer than mmap_sem does', async () => {
    const ratio = (await faults('range-faults', 'range-lock')) / (await faults('range-faults', 'rwsem-3.16'));
    expect(ratio).toBeLessThan(0.4);
  });

  it('and it is the tree: for two threads it hardly matters', async () => {
    const two = { tasks: '2' };
    const ratio =
      (await faults('range-faults', 'range-lock', two)) / (await faults('range-faults', 'rwsem-3.16', two));
    expect(ratio).toBeGreaterThan(0.6);
  });

  it('with full ranges every fault looks at every other one besides', async () => {
    const full = await faults('range-faults', 'range-lock', { FULL_RANGE: 'true' });
    expect(full / (await faults('range-faults', 'range-lock'))).toBeLessThan(0.9);
  });

  it('a list without a spinlock does a multiple of that', async () => {
    const ratio =
      (await faults('range-faults', 'range-lock-list')) / (await faults('range-faults', 'range-lock'));
    expect(ratio).toBeGreaterThan(2);
  });
});

describe('list-disjoint', () => {
  it('the list lets through a multiple of what the tree does, beside mappers that do not wait either', async () => {
    const list = await faults('list-disjoint', 'range-lock-list');
    expect(list / (await faults('list-disjoint', 'range-lock'))).toBeGreaterThan(2);
    const unmapped = await named('unmapped', 'list-disjoint', 'range-lock-list');
    expect(unmapped / (await named('unmapped', 'list-disjoint', 'rwsem-5.3'))).toBeGreaterThan(3);
  });
});

describe('fine-disjoint', () => {
  it('nobody waits for the zap; under one mmap_lock everybody who maps does', async () => {
    expect(await named('buffers', 'fine-disjoint', 'fine-grained')).toBeGreaterThan(100);
    expect(await named('buffers', 'fine-disjoint', 'rwsem-5.11')).toBe(0);
  });
});

describe('list-nodes', () => {
  it('who faults at high addresses passes the nodes of all others; under mmap_sem all are alike', async () => {
    const low = await named('low', 'list-nodes', 'range-lock-list');
    const high = await named('high', 'list-nodes', 'range-lock-list');
    expect(high / low).toBeLessThan(0.9);
    const stock = ['list-nodes', 'rwsem-5.3'] as const;
    const ratio = (await named('high', ...stock)) / (await named('low', ...stock));
    expect(ratio).toBeGreaterThan(0.99);
  });
});

describe('list-overlap', () => {
  it('a writer starves where readers of the same addresses never stop; the tree keeps its turn', async () => {
    const list = await named('mapped', 'list-overlap', 'range-lock-list');
    const tree = await named('mapped', 'list-overlap', 'range-lock');
    expect(tree).toBeGreaterThan(100);
    expect(list).toBeLessThan(tree / 20);
  });
});

describe('the addresses of pending faults in one structure', () => {
  it('are dear in a fault benchmark', async () => {
    const ratio =
      (await faults('pending-faults', 'fine-grained')) / (await faults('pending-faults', 'rwsem-5.11'));
    expect(ratio).toBeLessThan(0.4);
  });

  it('are unnoticeable in a program that does something else too', async () => {
    const ratio =
      (await named('work', 'pending-mixed', 'fine-grained')) /
      (await named('work', 'pending-mixed', 'rwsem-5.11'));
    expect(ratio).toBeGreaterThan(0.97);
    expect(ratio).toBeLessThan(1.03);
  });
});

describe('strategies that need mmap_sem', () => {
  it.each([
    ['munmap', 'chunked', 'chunked-munmap'],
    ['munmap', 'vm-dead', 'vm-dead-munmap'],
    ['fault', 'spf-2018', 'speculation'],
    ['fault', 'spf-2021', 'speculation'],
    ['fault', 'per-vma-lock-6.4', 'vma-lock'],
    ['fault', 'per-vma-lock-6.15', 'vma-lock'],
  ])('%s %s is refused, in a sentence', (kind, id, what) => {
    for (const { id: lock } of rangeLocks) {
      const result = resolve({ scenario: 'tiny', set: { [kind]: id, mmapLock: lock } });
      expect(result.ok).toBe(false);
      const said = result.ok ? '' : result.diagnostics.map((d) => d.message).join();
      expect(said).toContain(`mmapLock ${lock} does not go with ${what}`);
    }
  });
});
