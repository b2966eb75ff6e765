import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LastSeen } from './goal.ts';
import { Keyframes } from './keyframes.ts';

/** Writes some words of a world, most of them near each other. */
function change(world: Uint8Array, seed: number): void {
  const words = new Int32Array(world.buffer);
  let at = Math.imul(seed, 0x9e3779b1) >>> 0;
  for (let i = 0; i < 40; i++) {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    words[(i % 5 === 0 ? at : seed * 97 + i) % words.length] = at | 0;
  }
}

describe('keyframes', () => {
  it('give back every state that is kept, however often they are thinned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 2_500 }), (words, count) => {
        const world = new Uint8Array(words * 4);
        const seen = new LastSeen(2);
        const frames = new Keyframes(3, 0, seen, world);
        const states = new Map([[3, world.slice()]]);
        for (let k = 1; k <= count; k++) {
          change(world, k);
          seen.site[0] = k;
          frames.add(3 + k, k, seen, world);
          states.set(3 + k, world.slice());
        }
        expect(frames.list.length).toBeLessThanOrEqual(1_024);
        expect(frames.list.at(-1)?.event).toBe(3 + count);
        const into = new Uint8Array(words * 4).fill(7);
        for (const frame of [...frames.list].reverse()) {
          frames.write(frame, into);
          expect(into).toEqual(states.get(frame.event));
          expect(frame.seen.site[0]).toBe(frame.event - 3);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('lie further apart after each thinning, and take no more than they may', () => {
    const world = new Uint8Array(2 ** 20);
    const frames = new Keyframes(0, 0, new LastSeen(1), world);
    const { spacing } = frames;
    for (let k = 1; k <= 100; k++) {
      world.fill(k);
      frames.add(k, k, new LastSeen(1), world);
      expect(frames.bytes).toBeLessThanOrEqual(2 * 2 ** 20 + 33 * 2 ** 20);
    }
    expect(frames.spacing).toBeGreaterThan(spacing);
    expect(frames.next).toBe(100 + frames.spacing);
    const [first, second] = frames.list;
    expect(first?.event).toBe(0);
    expect(second?.event).toBeGreaterThan(1);
  });
});
