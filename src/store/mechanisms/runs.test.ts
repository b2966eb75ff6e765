import { beforeAll, describe, expect, test } from 'vitest';
import { strategyKinds } from '../../kernel/index.ts';
import { measure } from '../../worker/measure.ts';
import { figuresOf } from './figures.ts';
import { mechanisms } from './list.ts';
import type { MechanismFigures } from './state.ts';

describe('the runs that measure mechanisms', () => {
  const of = new Map<string, MechanismFigures>();
  beforeAll(() => {
    for (const { key, run, measuring: how } of mechanisms) {
      const measured = measure(run, () => {});
      if (measured.kind === 'run') of.set(key, figuresOf(measured.report, how));
    }
  }, 60_000);
  const figures = (key: string): MechanismFigures => {
    const found = of.get(key);
    if (found === undefined) throw new Error(key);
    return found;
  };

  test('tell every mechanism from the others of its kind', () => {
    for (const kind of strategyKinds) {
      const told = mechanisms
        .filter(({ record }) => record.kind === kind)
        .map(({ key }) => {
          const { longestWrite, longestRead, longestWait, locks } = figures(key);
          return JSON.stringify([
            longestWrite?.write,
            longestRead?.read,
            longestWait?.waitNs,
            locks.map(({ name, acquired }) => [name, acquired]),
          ]);
        });
      expect([kind, new Set(told).size]).toEqual([kind, told.length]);
    }
  });

  test('show what each of them holds', () => {
    const none = mechanisms.filter(({ key }) => figures(key).locks.length === 0).map(({ key }) => key);
    // It has no lock.
    expect(none).toEqual(['alloc.simple']);
    const [all, chunk] = [figures('munmap.baseline'), figures('munmap.chunked')];
    expect(chunk.longestWrite?.write?.count).toBe(4);
    expect(chunk.longestWrite?.write?.longestNs).toBeLessThan(
      (all.longestWrite?.write?.longestNs ?? 0) / 3.9,
    );
    // A read from the disk takes 50 µs.
    expect(figures('fault.mmap-sem').longestRead?.read?.longestNs).toBeGreaterThan(50_000);
    expect(figures('fault.disk-retry').longestRead?.read?.longestNs).toBeLessThan(50_000);
    for (const scheme of ['spf-2014', 'spf-2018', 'spf-2021', 'per-vma-lock-6.4', 'per-vma-lock-6.15'])
      expect([scheme, figures(`fault.${scheme}`).aborts > 0]).toEqual([scheme, true]);
    expect(figures('fault.spf-2018').longestRead?.name).toBe('mm_rb_lock');
    expect(figures('fault.per-vma-lock-6.4').longestRead?.name).toBe('per-VMA locks');
    for (const lock of ['range-lock', 'range-lock-list', 'fine-grained'])
      expect([lock, figures(`mmapLock.${lock}`).longestWrite?.name]).toEqual([lock, 'range_lock']);
  });
});
