import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

/** Which frames a look reaches: their first words are looked at, and each has a bit of its own. */
function looked(recent: Recent, node: number, n: number): number[] {
  const words = Int32Array.from({ length: 60 }, (_, k) => (k % 2 === 0 ? 1 << (k / 2) : 0));
  recent.seen = 0;
  recent.look(node, words, n);
  return Array.from({ length: 30 }, (_, frame) => frame).filter((frame) => (recent.seen >>> frame) & 1);
}

const sorted = (frames: readonly number[]): number[] => [...new Set(frames)].sort((a, b) => a - b);

describe('frames that are taken next', () => {
  it('are those put last that were not taken, by node', () => {
    const step = fc.record({ node: fc.nat(1), take: fc.nat(3), frame: fc.nat(29) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const recent = new Recent(2, 1 << 12);
        const model: number[][] = [[], []];
        for (const { node, take, frame } of steps) {
          const stack = model[node] as number[];
          recent.push(node, frame);
          stack.push(frame);
          const taken = stack.splice(Math.max(0, stack.length - take)).reverse();
          recent.took(node, Int32Array.from(taken), taken.length);
        }
        for (const node of [0, 1])
          expect(looked(recent, node, 5)).toEqual(sorted((model[node] as number[]).slice(-5)));
      }),
    );
  });

  it('are found again behind some that left otherwise, and an unknown one takes nothing away', () => {
    const recent = new Recent(1, 64);
    recent.fill(0, Int32Array.of(1, 2, 3, 4, 5));
    recent.took(0, Int32Array.of(20), 1);
    expect(looked(recent, 0, 2)).toEqual([4, 5]);
    recent.took(0, Int32Array.of(3), 1);
    expect(looked(recent, 0, 9)).toEqual([1, 2]);
  });

  it('are the newest where there were more than there is room for', () => {
    const recent = new Recent(1, 4);
    recent.fill(0, Int32Array.of(1, 2, 3, 4, 5, 6));
    expect(looked(recent, 0, 9)).toEqual([3, 4, 5, 6]);
    recent.push(0, 7);
    expect(looked(recent, 0, 9)).toEqual([4, 5, 6, 7]);
  });
});
