import { expect, test } from 'vitest';
import { held, phaseSums } from './phase-sums.ts';

test('a phase is one, however the lock changed in it', () => {
  const sums = phaseSums([
    { phase: 1, mode: 'write', ns: 4_000 },
    { phase: 1, mode: 'read', ns: 1_010 },
    { phase: 2, mode: 'none', ns: 1_010 },
    { phase: 2, mode: 'read', ns: 18_000_000 },
    { phase: 0, mode: null, ns: 7 },
  ]);
  expect(sums).toEqual([
    { phase: 2, ns: 18_001_010, mode: 'read', only: false },
    { phase: 1, ns: 5_010, mode: 'write', only: false },
    { phase: 0, ns: 7, mode: null, only: true },
  ]);
  expect(sums.map(({ mode, only }) => held(mode, only))).toEqual([' (mostly read)', ' (mostly write)', '']);
});

test('says where a phase had the lock throughout, or not at all', () => {
  expect(held('write', true)).toBe(' (write)');
  expect(held('none', true)).toBe(' (without the lock)');
  expect(phaseSums([])).toEqual([]);
});
