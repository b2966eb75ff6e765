import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdMap } from './id-map.ts';
import { PagedCounts } from './paged.ts';
import { RangeSet } from './ranges.ts';

describe('IdMap', () => {
  it('does what a Map does', () => {
    const ids = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0x20000000, max: 0x2000ffff }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), ids, fc.nat({ max: 99 })), { maxLength: 400, size: 'max' }),
        (ops) => {
          const map = new IdMap();
          const real = new Map<number, number>();
          for (const [add, id, value] of ops) {
            if (add) {
              map.set(id, value);
              real.set(id, value);
            } else expect(map.delete(id)).toBe(real.delete(id));
            expect(map.size).toBe(real.size);
          }
          for (const [, id] of ops) expect(map.get(id)).toBe(real.get(id) ?? -1);
        },
      ),
    );
  });
});

describe('PagedCounts', () => {
  it('counts by key', () => {
    const counts = new PagedCounts();
    expect(counts.get(7)).toBe(0);
    for (const key of [7, 7, 8, (1 << 28) - 1, 1 << 20]) counts.add(key);
    expect([counts.get(7), counts.get(8), counts.get((1 << 28) - 1), counts.get(9)]).toEqual([2, 1, 1, 0]);
    expect(counts.distinct).toBe(4);
  });
});

describe('RangeSet', () => {
  it('does what a set of pages does', () => {
    const op = fc.tuple(fc.boolean(), fc.nat({ max: 60 }), fc.nat({ max: 12 }));
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60, size: 'max' }), (ops) => {
        const set = new RangeSet();
        const pages = new Set<number>();
        for (const [add, from, length] of ops) {
          if (add) set.add(from, from + length);
          else set.delete(from, from + length);
          for (let page = from; page < from + length; page++) add ? pages.add(page) : pages.delete(page);
        }
        let ranges = 0;
        for (let page = 0; page < 80; page++) {
          expect(set.has(page)).toBe(pages.has(page));
          if (pages.has(page) && !pages.has(page - 1)) ranges++;
        }
        expect(set.count).toBe(ranges);
      }),
    );
  });

  it('refuses more ranges than its bound and says so', () => {
    const set = new RangeSet();
    for (let i = 0; i < 20_000; i++) set.add(2 * i, 2 * i + 1);
    expect(set.complete).toBe(false);
    expect(set.count).toBe(16_384);
    expect(set.has(2)).toBe(true);
  });
});
