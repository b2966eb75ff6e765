import { expect, test } from 'vitest';
import { type MechanismFigures, mechanisms } from '../../store/mechanisms/index.ts';
import { acquiredText, holdText, measuredText, operationText, waitText } from './text.ts';

const chunked = mechanisms.find(({ key }) => key === 'munmap.chunked');
const spinlock = mechanisms.find(({ key }) => key === 'spinlock.ticket');
if (chunked === undefined || spinlock === undefined) throw new Error('not in the catalogue');

const figures: MechanismFigures = {
  lock: 'mmap_sem',
  write: { count: 2, longestNs: 56_600_000, perOperationNs: 56_700_000 },
  read: { count: 1, longestNs: null, perOperationNs: 999.7 },
  waitNs: 1_700,
  waitMode: 'write',
  acquired: 2_425,
  operations: 1,
  operationNs: 56_800_000,
  longestOperationNs: 56_800_000,
  tables: { acquired: 1, longestHoldNs: 40, waitNs: null },
  simulatedNs: 457_000_000,
};

test('cells say a length and what it is of', () => {
  expect(holdText(figures.write)).toEqual({ main: '56.6 ms', below: '56.7 ms / op' });
  expect(holdText(figures.read)).toEqual({ main: '?', below: '1.00 µs / op' });
  expect(holdText(null)).toEqual({ main: 'none', below: '' });
  expect(waitText(figures)).toEqual({ main: '1.70 µs', below: 'by a writer' });
  expect(waitText({ ...figures, read: null }).below).toBe('');
  expect(waitText({ ...figures, waitNs: null }).main).toBe('none');
  expect(acquiredText(figures)).toEqual({ main: '2,425', below: 'mmap_sem' });
  expect(acquiredText({ ...figures, lock: 'zone_lock, lru_lock' }).below).toBe('2 locks');
  expect(operationText(figures, chunked.measuring)).toEqual({ main: '56.8 ms', below: 'munmap' });
});

test('the details say all of it', () => {
  expect(measuredText(figures, chunked)).toBe(
    '1 call of munmap in a run of 457 ms, which took 56.8 ms. mmap_sem: 2 holds for writing of up to 56.6 ms, 1 hold for ' +
      'reading. Page-table locks: 1 hold of up to 40 ns, never waited for.',
  );
  const turns = { ...figures, operations: 3, longestOperationNs: null, tables: null, lock: null };
  expect(measuredText(turns, spinlock)).toBe('3 acquisitions in a run of 457 ms, 56.8 ms each on average.');
  expect(measuredText({ ...figures, operations: 2, lock: null, tables: null }, chunked)).toBe(
    '2 calls of munmap in a run of 457 ms, the middle one 56.8 ms, the longest 56.8 ms.',
  );
});
