import { describe, expect, it } from 'vitest';
import { UsageError } from './args.ts';
import { MAX_POINTS, pointName, readGrid } from './sweep-points.ts';

const values = (text: string): (string | undefined)[] =>
  readGrid({ seed: text }).points.map((p) => p.swept['seed']);

describe('readGrid', () => {
  it('makes every combination, the first key slowest, and leaves single values fixed', () => {
    const grid = readGrid({ munmap: 'b,a', machine: 'small', seed: '2..3' });
    expect(grid.keys).toEqual(['munmap', 'seed']);
    expect(grid.points.map(pointName)).toEqual([
      'munmap=b seed=2',
      'munmap=b seed=3',
      'munmap=a seed=2',
      'munmap=a seed=3',
    ]);
    expect(grid.points[1]?.set).toEqual({ munmap: 'b', machine: 'small', seed: '3' });
  });

  it('is one point when nothing is swept', () => {
    expect(readGrid({ seed: '4' })).toEqual({ keys: [], points: [{ swept: {}, set: { seed: '4' } }] });
  });

  it('expands ranges of whole numbers, alone and in lists', () => {
    expect(values('1..3')).toEqual(['1', '2', '3']);
    expect(values('7..7')).toEqual(['7']);
    expect(values('1,4..6,2')).toEqual(['1', '4', '5', '6', '2']);
    expect(values('-1..1')).toEqual(['-1', '0', '1']);
    // No range: refused by what reads the value.
    expect(values('1ms..2ms,3')).toEqual(['1ms..2ms', '3']);
  });

  it('refuses what is empty, naming it', () => {
    expect(() => readGrid({ munmap: 'a,,b' })).toThrow('--set munmap=a,,b: a value between commas is empty');
    expect(() => readGrid({ seed: '1,' })).toThrow(UsageError);
    expect(() => readGrid({ seed: ',1' })).toThrow(UsageError);
    expect(() => readGrid({ seed: '9,3..1' })).toThrow('--set seed=9,3..1: the range 3..1 is empty');
  });

  it('refuses too many points before it writes them out', () => {
    expect(readGrid({ a: '1..100', b: '1..100' }).points).toHaveLength(MAX_POINTS);
    for (const set of [
      { a: '1..100', b: '1..101' },
      { a: `1..${MAX_POINTS + 1}` },
      { a: `0,1..${MAX_POINTS}` },
      { a: '1..9007199254740993000' },
      { a: '1'.concat(',1'.repeat(MAX_POINTS)) },
    ]) {
      expect(() => readGrid(set)).toThrow(/^--set [ab]=.{1,41}: .* more than 10000 points/);
    }
  });
});
