import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, bucketStart, Histogram } from './histogram.ts';

const durations = fc.oneof(
  fc.nat({ max: 300 }),
  fc.nat({ max: 1_000_000 }),
  fc.integer({ min: 0, max: 2 ** 44 }),
  fc.integer({ min: 0, max: 44 }).map((e) => 2 ** e),
);

function exact(sorted: readonly number[], p: number): number {
  return sorted[Math.max(1, Math.ceil((p / 100) * sorted.length)) - 1];
}

describe('Histogram', () => {
  it('knows nothing while it is empty', () => {
    const h = new Histogram();
    expect(h.percentile(50)).toBeNull();
    expect(h.count).toBe(0);
    expect(h.bins()).toEqual([]);
  });

  it('is exact below 256', () => {
    const h = new Histogram();
    for (let v = 0; v < 256; v++) h.record(v);
    for (let p = 0; p <= 100; p++) expect(h.percentile(p)).toBe(Math.max(0, Math.ceil(2.56 * p) - 1));
  });

  it('puts every number into the bucket that begins at or below it', () => {
    fc.assert(
      fc.property(durations, (v) => {
        const bucket = bucketOf(v);
        expect(bucketStart(bucket)).toBeLessThanOrEqual(v);
        expect(bucketStart(bucket + 1)).toBeGreaterThan(v);
        expect(bucketStart(bucket + 1) - bucketStart(bucket)).toBeLessThanOrEqual(Math.max(1, v / 128));
      }),
    );
  });

  it('keeps minimum, maximum, total and count exactly and percentiles within 1 %', () => {
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 300 }), (values) => {
        const h = new Histogram();
        for (const v of values) h.record(v);
        const sorted = values.toSorted((a, b) => a - b);
        expect(h.count).toBe(values.length);
        expect(h.totalNs).toBe(values.reduce((sum, v) => sum + v, 0));
        expect(h.percentile(0)).toBe(sorted[0]);
        expect(h.percentile(100)).toBe(sorted.at(-1));
        for (const p of [1, 25, 50, 90, 99, 99.9]) {
          const wanted = exact(sorted, p);
          expect(Math.abs((h.percentile(p) as number) - wanted)).toBeLessThanOrEqual(wanted * 0.01);
        }
      }),
    );
  });

  it('merges as if all samples had gone into one', () => {
    fc.assert(
      fc.property(fc.array(durations), fc.array(durations), (a, b) => {
        const [both, left, right] = [new Histogram(), new Histogram(), new Histogram()];
        for (const v of a) left.record(v);
        for (const v of b) right.record(v);
        for (const v of [...a, ...b]) both.record(v);
        left.merge(right);
        for (const p of [0, 10, 50, 99, 100]) expect(left.percentile(p)).toBe(both.percentile(p));
        expect([left.count, left.totalNs, left.bins()]).toEqual([both.count, both.totalNs, both.bins()]);
      }),
    );
  });

  it('exports bars without gaps that hold every sample once', () => {
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1 }), fc.constantFrom(1, 2, 4, 8), (values, perOctave) => {
        const h = new Histogram();
        for (const v of values) h.record(v);
        const bins = h.bins(perOctave);
        bins.forEach(({ fromNs, toNs, count }, i) => {
          if (i > 0) expect(fromNs).toBe(bins[i - 1].toNs);
          expect(count).toBe(values.filter((v) => v >= fromNs && v < toNs).length);
          if (fromNs >= 128) expect(toNs / fromNs).toBeLessThanOrEqual(1 + 1 / perOctave);
        });
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        expect(bins.length).toBeLessThanOrEqual(46 * perOctave);
      }),
    );
  });

  it('survives what is no duration', () => {
    const h = new Histogram();
    for (const v of [-5, Number.NaN, 1.7, 2 ** 60]) h.record(v);
    expect(h.count).toBe(4);
    expect(h.percentile(1)).toBe(0);
    expect(h.percentile(100)).toBe(2 ** 60);
  });
});
