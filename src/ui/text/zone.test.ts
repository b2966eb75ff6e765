import { describe, expect, test } from 'vitest';
import { type Moment, State, type ThreadMoment, type TraceMeta } from '../../event/index.ts';
import type { RangeSummary } from '../../trace/index.ts';
import { meta as base } from '../paint/testing.ts';
import { LRU_LOCK, ZONE_LOCK, zoneOf } from '../paint/zone-testing.ts';
import { addedUp, byCpu, contentionOf, lruOf, marksOf, takenOf, zoneWords } from './zone.ts';

const meta: TraceMeta = {
  ...base,
  cpuSocket: [0, 0, 1, 1],
  locks: ['zone_lock/0', 'lru_lock/0'].map((name) => ({ name, kind: 'spinlock' })),
};

function thread(
  index: number,
  state: number,
  cpu: number | null,
  part: Partial<ThreadMoment> = {},
): ThreadMoment {
  return { thread: index, state, sinceNs: 0, cpu, site: 0, ...part };
}

function wordsOf(pages: number, who?: ThreadMoment, pulse = 0) {
  const zone = zoneOf([pages]);
  const [list] = zone.lists;
  if (list === undefined) throw new Error('no list');
  return zoneWords({ kind: 'list', list }, zone, who, pulse, meta);
}

describe('a list in words', () => {
  test('says how full it is and what its CPU does', () => {
    const spins = thread(1, State.SPIN, 0, { waitsFor: { lock: ZONE_LOCK, mode: 'write', sinceNs: 0 } });
    expect(wordsOf(93, spins)).toEqual({
      title: 'CPU 0',
      lines: ['93 of 186 pages, batch 31', 'b spins for zone_lock/0'],
      marked: '',
    });
    const holds = thread(0, State.KERNEL, 0, {
      holds: [{ lock: LRU_LOCK, mode: 'write', sinceNs: 0, site: 0 }],
    });
    expect(wordsOf(93, holds).lines[1]).toBe('a holds lru_lock/0');
    expect(wordsOf(93).lines[1]).toBe('no thread on this CPU');
  });

  test('says what it leads to that it is empty, or nearly full', () => {
    expect(wordsOf(0).lines[1]).toBe('empty: the next page comes from the zone, under its lock');
    expect(wordsOf(180).lines[1]).toBe('near high: it will give a batch back');
  });

  test('says what the last step did to it', () => {
    expect(wordsOf(31, undefined, 31).marked).toBe('the last step refilled it with 31 pages');
    expect(wordsOf(155, undefined, -31).marked).toBe('the last step drained 31 pages to the zone');
  });
});

test('blocks in words', () => {
  const zone = zoneOf([]);
  const words = (order: number, blocks: number) =>
    zoneWords({ kind: 'order', order, blocks }, zone, undefined, 0, meta).lines[0];
  expect(words(3, 12)).toBe('12 free blocks of 8 pages: 384 KB');
  expect(words(0, 1)).toBe('1 free block of 1 page: 4 KB');
  expect(words(1, 0)).toBe('no free block of 2 pages');
  expect(zoneWords({ kind: 'unused', blocks: 512 }, zone, undefined, 0, meta).lines[0]).toBe(
    '512 blocks of 1,024 pages: 2 GB',
  );
});

test('a zone in words', () => {
  expect(takenOf(zoneOf([], { freeBlocks: [0, 512] }))).toBe('2.0 GB of 4 GB taken');
  expect(lruOf(zoneOf([]))).toBe('LRU 2,048 + 3 in pagevecs');
  expect(marksOf([zoneOf([1, 2])])).toBe('batch 31 · high 186');
  const grown = zoneOf([], { lists: [186, 2_000].map((high, cpu) => ({ cpu, pages: 0, high })) });
  expect(marksOf([grown])).toBe('batch 31 · high 186–2,000');
});

test('of threads of one CPU the one that runs counts', () => {
  const threads = [thread(0, State.RUNNABLE, 1), thread(1, State.SPIN, 1), thread(2, State.IDLE, null)];
  const moment: Moment = { t: 0, event: 0, threads };
  expect([...byCpu(moment)].map(([cpu, t]) => [cpu, t.thread])).toEqual([[1, 1]]);
});

describe('contention', () => {
  const summary = (zone: number, lru: number): RangeSummary => {
    const none = { count: 0, totalNs: 0, p50Ns: null, p99Ns: null, maxNs: null, longest: null, bins: [] };
    const mode = { wait: none, hold: none };
    return {
      fromNs: 100,
      toNs: 1_100,
      munmap: { calls: 0, ns: 0, phases: [] },
      faults: { count: 0, segv: 0, perSec: 0, p50Ns: null, p99Ns: null, maxNs: null },
      locks: [
        { lock: ZONE_LOCK, waitedNs: zone, read: mode, write: mode },
        { lock: LRU_LOCK, waitedNs: lru, read: mode, write: mode },
      ],
    };
  };
  const zones = [zoneOf([]), zoneOf([], { node: 1, zoneLock: 77, lruLock: 78 })];

  test('is a share of the time of the CPUs that have a thread', () => {
    // Threads on CPUs 0 and 1 of node 0, and on CPU 2 of node 1.
    const found = contentionOf(summary(600, 300), zones, meta);
    expect(found?.cpus).toBe(3);
    expect(found?.ns).toBe(1_000);
    expect(found?.all).toEqual({ zone: 0.2, lru: 0.1 });
    expect(found?.byZone).toEqual([
      { zone: 0.3, lru: 0.15 },
      { zone: 0, lru: 0 },
    ]);
  });

  test('counts all CPUs where threads may run on any', () => {
    const free = { ...meta, threads: meta.threads.map((t) => ({ ...t, cpu: null })) };
    expect(contentionOf(summary(400, 0), zones, free)?.all.zone).toBe(0.1);
  });

  test('is said in figures that add up', () => {
    expect(addedUp({ zone: 0.0064, lru: 0.0914 })).toEqual(['0.6 %', '9.1 %', '9.7 %']);
    expect(addedUp({ zone: 0.3245, lru: 0.3825 })).toEqual(['32.5 %', '38.3 %', '70.8 %']);
  });

  test('is not known of a range of no length', () => {
    expect(contentionOf({ ...summary(0, 0), toNs: 100 }, zones, meta)).toBeNull();
  });
});
