import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { small } from '../../kernel/index.ts';
import { Simulation } from '../simulation.ts';
import { program } from '../testing.ts';
import { lostPages } from './account.ts';
import { BLOCK_PAGES, ORDERS } from './buddy.ts';
import type { Zones } from './zones.ts';

/** Zones of a machine with one node and four CPUs, on which nothing has happened yet. */
function zones(): Zones {
  const p = program('scenario test { number most_pages = 8192; thread t { compute(1); } }');
  const locks = ['zone_lock/0', 'lru_lock/0'].map((name) => ({ name, kind: 'spinlock' as const }));
  const sim = new Simulation({ ...p, locks }, small, {
    mmapLock: 'rwsem-3.16',
    mutex: 'mutex-osq',
    spinlock: 'qspinlock',
    alloc: 'zone',
    grain: 'table',
    seed: 1,
  });
  const made = sim.engine.zones;
  if (made === null) throw new Error('no zones');
  return made;
}

const ALL = { prefetched: false, merge: true };

/** Free blocks as the lists have them: [first frame, order], checked for what must always hold. */
function blocks(z: Zones): [number, number][] {
  const { w } = (z as unknown as { e: { w: Zones['w'] } }).e;
  const found: [number, number][] = [];
  for (let order = 0; order < ORDERS; order++) {
    let n = 0;
    let before = 0;
    for (let f = w.freeHead[order] as number; f !== 0; f = (w.frames[2 * (f - 1)] as number) >>> 8) {
      expect((w.frames[2 * (f - 1) + 1] as number) >>> 8).toBe(before);
      expect((f - 1) % 2 ** order).toBe(0);
      expect((w.frames[2 * (f - 1) + 1] as number) & 15).toBe(order + 1);
      found.push([f - 1, order]);
      before = f;
      n++;
    }
    expect(w.freeTail[order]).toBe(before);
    expect(w.freeCount[order]).toBe(n);
  }
  return found;
}

describe('the buddy allocator', () => {
  it('keeps blocks aligned and apart, and joins whatever can be joined', () => {
    const step = fc.record({ give: fc.boolean(), which: fc.nat(), cpu: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const z = zones();
        const taken: number[] = [];
        for (const { give, which, cpu } of steps) {
          z.buddy.begin(cpu, 0);
          if (give && taken.length > 0) {
            const [frame = -1] = taken.splice(which % taken.length, 1);
            z.buddy.give(frame, ALL);
          } else taken.push(z.buddy.take(0));
        }
        const free = blocks(z);
        const owner = new Map<number, string>();
        const put = (frame: number, who: string): void => {
          expect(owner.get(frame)).toBeUndefined();
          owner.set(frame, who);
        };
        for (const frame of taken) put(frame, 'taken');
        for (const [first, order] of free) for (let k = 0; k < 2 ** order; k++) put(first + k, 'free');
        expect(owner.size % BLOCK_PAGES).toBe(0);
        const heads = new Set(free.map(([first, order]) => `${first} ${order}`));
        for (const [first, order] of free)
          if (order < ORDERS - 1) expect(heads.has(`${first ^ (1 << order)} ${order}`)).toBe(false);
        for (const frame of taken) z.buddy.give(frame, ALL);
        expect(blocks(z).every(([, order]) => order === ORDERS - 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives pages back together as one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 200 }), fc.boolean(), (picks, backwards) => {
        const together = zones();
        const single = zones();
        for (const z of [together, single]) {
          z.buddy.begin(0, 0);
          for (let k = 0; k < 256; k++) z.buddy.take(0);
        }
        // Stretches of neighbours, as lists have them.
        const pages = [...new Set(picks.flatMap((p) => [p % 256, (p % 256) ^ 1, (p + 2) % 256]))];
        if (backwards) pages.reverse();
        pages.forEach((frame, k) => {
          together.buddy.pages[k] = frame;
          single.buddy.give(frame, ALL);
        });
        together.buddy.giveAll(pages.length, ALL);
        const sorted = (z: Zones): string[] => blocks(z).map(String).sort();
        expect(sorted(together)).toEqual(sorted(single));
      }),
      { numRuns: 60 },
    );
  });

  it('takes pages together as one after the other', () => {
    const hole = fc.record({ from: fc.nat(1_500), pages: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(hole, { maxLength: 30 }), fc.integer({ min: 1, max: 1_200 }), (holes, n) => {
        const [together, single] = [zones(), zones()];
        for (const { buddy } of [together, single]) {
          buddy.begin(0, 0);
          const used = new Set(Array.from({ length: 1_600 }, () => buddy.take(0)));
          for (const { from, pages } of holes)
            for (let frame = from; frame < from + pages; frame++)
              if (used.delete(frame)) buddy.give(frame, ALL);
          buddy.begin(1, 0);
        }
        expect(together.buddy.takeAll(0, n)).toBe(n);
        const pages = Array.from(together.buddy.pages.subarray(0, n));
        expect(Array.from({ length: n }, () => single.buddy.take(0))).toEqual(pages);
        expect(single.buddy.cold).toBe(together.buddy.cold);
        expect(blocks(single)).toEqual(blocks(together));
      }),
      { numRuns: 40 },
    );
  });

  it('leaves pages of order 0 alone where nothing is to be merged', () => {
    const z = zones();
    z.buddy.begin(0, 0);
    const frames = Array.from({ length: BLOCK_PAGES }, () => z.buddy.take(0));
    for (const frame of frames) z.buddy.give(frame, { prefetched: false, merge: false });
    expect(blocks(z).filter(([, order]) => order === 0)).toHaveLength(BLOCK_PAGES);
  });

  it('costs a transfer for a line that another CPU wrote, none for its own', () => {
    const z = zones();
    z.buddy.begin(1, 0);
    const frames = Array.from({ length: 64 }, () => z.buddy.take(0));
    // Never used before: from memory.
    expect(z.buddy.cold).toBeGreaterThan(64 * small.line.memory.value - 1);
    z.buddy.begin(1, 0);
    for (const frame of frames) z.buddy.give(frame, ALL);
    const own = z.buddy.cold;
    z.buddy.begin(2, 0);
    for (let k = 0; k < 64; k++) z.buddy.take(0);
    expect(own).toBe(0);
    expect(z.buddy.cold).toBeGreaterThanOrEqual(64 * small.line.socket.value);
  });
});

describe('per-CPU lists', () => {
  it('are a row whose ends are the warm and the cold one', () => {
    const command = fc.oneof(
      fc.record({ do: fc.constant('push' as const), frame: fc.nat(999) }),
      fc.record({ do: fc.constant('append' as const), frame: fc.nat(999) }),
      fc.record({ do: fc.constant('pop' as const) }),
      fc.record({ do: fc.constant('shift' as const) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const { lists } = zones();
        const list = lists.index(2, 0);
        const out = new Int32Array(1);
        const model: number[] = [];
        for (const c of commands) {
          if (c.do === 'push' && lists.free(list) > 0) {
            lists.push(list, c.frame);
            model.unshift(c.frame);
          } else if (c.do === 'append' && lists.free(list) > 0) {
            lists.appendAll(list, Int32Array.of(c.frame), 1);
            model.push(c.frame);
          } else if (c.do === 'pop' && model.length > 0) expect(lists.pop(list)).toBe(model.shift());
          else if (c.do === 'shift' && model.length > 0) {
            lists.shiftAll(list, out, 1);
            expect(out[0]).toBe(model.pop());
          }
          expect(lists.count(list)).toBe(model.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('double what they give back from 5.14 on, and halve it when they take', () => {
    const { lists } = zones();
    const list = lists.index(0, 0);
    const high = lists.high(list, 0, 31, 1);
    for (let k = 0; k < high; k++) lists.appendAll(list, Int32Array.of(k), 1);
    expect([0, 1, 2].map(() => lists.drain(list, 0, 31, 1))).toEqual([31, 62, 124]);
    lists.refill(list, 0, 31, 1);
    expect(lists.drain(list, 0, 31, 1)).toBe(62);
  });
});

describe('accounting', () => {
  it('finds a page that is nowhere, and one that is in two places', () => {
    const z = zones();
    const { e } = z as unknown as { e: Parameters<typeof lostPages>[1] };
    expect(lostPages(z, e)).toBe(0);
    z.buddy.begin(0, 0);
    const frame = z.buddy.take(0);
    expect(lostPages(z, e)).toBeGreaterThan(0);
    z.lists.appendAll(z.lists.index(1, 0), Int32Array.of(frame), 1);
    expect(lostPages(z, e)).toBe(0);
    z.lists.appendAll(z.lists.index(2, 0), Int32Array.of(frame), 1);
    expect(lostPages(z, e)).toBeGreaterThan(0);
  });
});
