import { expect, test } from 'vitest';
import { measurePageFault1, predict, workloadOf } from '../evidence/index.ts';
import { resolve } from '../scenario/index.ts';
import { measure, Refused } from './measure.ts';

const quiet = (): void => {};

test('a point is what the command line measures', () => {
  const set = { machine: 'skylake-desktop', tasks: '2', size: '4MB', batch: '63' };
  const told: number[] = [];
  const measured = measure({ kind: 'page-fault1', set }, (now, extent) => told.push(now / extent));
  const resolved = resolve({ scenario: 'page-fault1', set });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
  expect(measured).toEqual({ kind: 'page-fault1', point: measurePageFault1(resolved.value) });
  expect(told.every((share) => share >= 0 && share <= 1)).toBe(true);
});

test('a run is followed to its end, with its outcome and what its locks did', () => {
  const measured = measure({ kind: 'run', scenario: 'munmap-320g', set: { size: '1GB' } }, quiet);
  if (measured.kind !== 'run') throw new Error(measured.kind);
  const { outcome, locks, threads } = measured.report;
  expect([outcome, locks[0]?.id]).toEqual(['pass', 'mmap_lock']);
  expect(locks[0]?.write.hold.maxNs).toBeGreaterThan(0);
  expect(threads.length).toBeGreaterThan(1);
});

test('a prediction is what the command line predicts', () => {
  const set = { machine: 'small', threads: '2', length: '1ms' };
  const measured = measure({ kind: 'prediction', scenario: 'page-fault-threads', set }, quiet);
  const resolved = resolve({ scenario: 'page-fault-threads', set });
  const workload = workloadOf('page-fault-threads');
  if (!resolved.ok || workload === undefined) throw new Error('page-fault-threads');
  expect(measured).toEqual({ kind: 'prediction', prediction: predict(resolved.value, workload) });
  expect(() => measure({ kind: 'prediction', scenario: 'tiny', set: {} }, quiet)).toThrow(Refused);
});

test('what cannot be run is refused in words', () => {
  const machine = 'skylake-desktop';
  const refused = (set: Record<string, string>): unknown => {
    try {
      return measure({ kind: 'page-fault1', set }, quiet);
    } catch (error) {
      return error;
    }
  };
  expect(refused({ machine: 'skylark' })).toBeInstanceOf(Refused);
  expect(refused({ machine, batch: '0' })).toMatchObject({ message: expect.stringMatching(/batch.*not 0/) });
});
