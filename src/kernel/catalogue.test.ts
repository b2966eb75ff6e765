import { expect, test } from 'vitest';
import { catalogue, recordsOf } from './catalogue.ts';

/** A version as a number that grows with it: 2.6.37 is below 3.8, and 4.9 below 4.19. */
function rank(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major * 1_000_000 + minor * 1_000 + patch;
}

/** The first kernels that a record's words name, from and to; null for what was never in one. */
function kernelsOf(words: string): readonly [from: number, to: number] | null {
  const first = words.split(/[,;]/)[0] ?? '';
  const [, since, until] = /^(?:up to ([\d.]+))$/.exec(first) ?? [];
  if (since !== undefined && until === undefined) return [0, rank(since)];
  const span = /^([\d.]+) to ([\d.]+)$/.exec(first);
  if (span !== null) return [rank(span[1] ?? ''), rank(span[2] ?? '')];
  const later = /^([\d.]+) and later$/.exec(first);
  return later === null ? null : [rank(later[1] ?? ''), Number.POSITIVE_INFINITY];
}

const rwsems = recordsOf('mmapLock').filter(({ file }) => file === '');
const merged = catalogue
  .filter(({ kind }) => kind === 'munmap' || kind === 'fault')
  .flatMap((record) => {
    const kernels = kernelsOf(record.kernels);
    return kernels === null ? [] : [{ id: record.id, record, kernels }];
  });

test('most strategies of munmap and of faults were in a kernel', () => {
  expect(merged.map(({ id }) => id)).toEqual([
    'baseline',
    'downgrade',
    'mmap-sem',
    'disk-retry',
    'per-vma-lock-6.4',
    'per-vma-lock-6.15',
  ]);
});

test.each(merged)('$id goes with every rwsem that one of its kernels had, and with no other', (one) => {
  const [from, to] = one.kernels;
  const had = rwsems.filter(({ kernels }) => {
    const [first, last] = kernelsOf(kernels) ?? [1, 0];
    return first <= to && last >= from;
  });
  const { mmapLock, kernelLocks = [mmapLock] } = one.record;
  expect(kernelLocks).toEqual(had.map(({ id }) => id));
  expect(kernelLocks).toContain(mmapLock);
});
