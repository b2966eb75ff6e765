import { expect, test } from 'vitest';
import { figurePlaces } from './figure-scale.ts';

test('both figures stand on one scale from 0', () => {
  const { zero, published, simulated, band } = figurePlaces({ kind: 'exact', value: 18 }, 9);
  expect(zero).toBe(0);
  expect((published ?? 0) / (simulated ?? 1)).toBeCloseTo(2, 9);
  expect(published).toBeLessThan(1);
  expect(band).toBe(null);
});

test('what is below 0 is before it', () => {
  const { zero, published, simulated } = figurePlaces({ kind: 'about', value: 8 }, -2);
  expect(simulated).toBeLessThan(zero);
  expect(published).toBeGreaterThan(zero);
});

test('ranges and bounds are bands', () => {
  const range = figurePlaces({ kind: 'range', low: 6, high: 8 }, null);
  expect([range.published, range.simulated]).toEqual([null, null]);
  expect(range.band?.to).toBeGreaterThan(range.band?.from ?? 1);
  const above = figurePlaces({ kind: 'above', value: 120 }, 100);
  expect(above.band).toEqual({ from: above.published, to: 1 });
  expect(above.simulated).toBeLessThan(above.published ?? 0);
  expect(figurePlaces({ kind: 'below', value: 1 }, 0).band?.from).toBe(0);
});
