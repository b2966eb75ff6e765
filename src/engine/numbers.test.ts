import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential, roundHalfUp, uniform, whole } from './numbers.ts';

describe('numbers', () => {
  it('rounds half up and truncates as Math.floor does', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (x) => {
        // x + 0.5 itself may round up just below a half, so compare with the distance to the floor.
        const floor = Math.floor(x);
        expect(roundHalfUp(x)).toBe(x - floor >= 0.5 ? floor + 1 : floor);
        expect(whole(x)).toBe(floor);
      }),
    );
    expect([0.5, 1.5, 2.5, 3.5].map(roundHalfUp)).toEqual([1, 2, 3, 4]);
  });

  it('draws numbers that depend on seed, thread, purpose and draw, evenly spread', () => {
    let sum = 0;
    const n = 20_000;
    for (let k = 0; k < n; k++) sum += uniform(7, 3, 0, k);
    expect(sum / n).toBeCloseTo(0.5, 1);
    const one = uniform(1, 2, 0, 3);
    expect(one).toBe(uniform(1, 2, 0, 3));
    expect(
      new Set([one, uniform(2, 2, 0, 3), uniform(1, 3, 0, 3), uniform(1, 2, 1, 3), uniform(1, 2, 0, 4)]).size,
    ).toBe(5);
  });

  it('has an exponential of mean 1 that agrees with -ln(1 - u)', () => {
    for (const u of [0, 0.1, 0.37, 0.5, 0.9, 0.99]) expect(exponential(u)).toBeCloseTo(-Math.log(1 - u), 2);
    let sum = 0;
    const n = 50_000;
    for (let k = 0; k < n; k++) sum += exponential(uniform(1, 0, 0, k));
    expect(sum / n).toBeGreaterThan(0.97);
    expect(sum / n).toBeLessThan(1.03);
  });
});
