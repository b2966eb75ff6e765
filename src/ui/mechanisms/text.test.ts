import { expect, test } from 'vitest';
import { type LockFigures, type MechanismFigures, mechanisms } from '../../store/mechanisms/index.ts';
import { acquiredText, holdText, measuredText, operationText, waitText } from './text.ts';

const chunked = mechanisms.find(({ key }) => key === 'munmap.chunked');
const spinlock = mechanisms.find(({ key }) => key === 'spinlock.ticket');
if (chunked === undefined || spinlock === undefined) throw new Error('not in the catalogue');

const mmapSem: LockFigures = {
  name: 'mmap_sem',
  own: true,
  write: { count: 2, longestNs: 56_600_000, perOperationNs: 56_700_000 },
  read: { count: 1, longestNs: 800, perOperationNs: 999.7 },
  waitNs: 1_700,
  waitMode: 'write',
  acquired: 2_425,
};
const figures: MechanismFigures = {
  locks: [mmapSem],
  longestWrite: mmapSem,
  longestRead: mmapSem,
  longestWait: mmapSem,
  aborts: 0,
  operations: 1,
  operationNs: 56_800_000,
  longestOperationNs: 56_800_000,
  tables: { acquired: 1, longestHoldNs: 40, waitNs: null },
  simulatedNs: 457_000_000,
};
const vmaLocks: LockFigures = {
  ...mmapSem,
  name: 'per-VMA locks',
  waitNs: null,
  waitMode: null,
  acquired: 31,
};
const fallback: LockFigures = { ...mmapSem, own: false };

test('cells say a length and what it is of', () => {
  expect(holdText('write', figures)).toEqual({ main: '56.6 ms', below: ['56.7 ms / op'] });
  expect(holdText('read', figures)).toEqual({ main: '800 ns', below: ['1.00 µs / op'] });
  expect(holdText('read', { ...figures, longestRead: null })).toEqual({ main: 'none', below: [] });
  expect(waitText(figures)).toEqual({ main: '1.70 µs', below: ['by a writer'] });
  expect(waitText({ ...figures, longestWait: { ...mmapSem, read: null } }).below).toEqual([]);
  expect(waitText({ ...figures, longestWait: null }).main).toBe('none');
  expect(acquiredText(figures)).toEqual({ main: '2,425', below: ['mmap_sem'] });
  expect(acquiredText({ ...figures, locks: [] }).main).toBe('none');
  expect(operationText(figures, chunked.measuring)).toEqual({ main: '56.8 ms', below: ['munmap'] });
});

test('cells name the lock where there is more than one', () => {
  const two = { ...figures, locks: [vmaLocks, fallback], longestWrite: vmaLocks, longestWait: fallback };
  expect(holdText('write', two).below).toEqual(['56.7 ms / op', 'per-VMA locks']);
  expect(waitText(two).below).toEqual(['by a writer', 'mmap_sem']);
  expect(acquiredText(two)).toEqual({ main: '31', below: ['per-VMA locks', '+ 1 lock'] });
  expect(operationText({ ...two, aborts: 12 }, chunked.measuring).below).toEqual(['munmap', '12 aborts']);
});

test('the details say all of it', () => {
  expect(measuredText(figures, chunked)).toBe(
    '1 call of munmap in a run of 457 ms, which took 56.8 ms. mmap_sem: acquired 2,425 times, 2 holds for writing of ' +
      'up to 56.6 ms, 1 hold for reading of up to 800 ns, waited for up to 1.70 µs. Page-table locks: 1 hold of up to 40 ns, never waited for.',
  );
  const turns = { ...figures, operations: 3, longestOperationNs: null, tables: null, locks: [] };
  expect(measuredText(turns, spinlock)).toBe('3 acquisitions in a run of 457 ms, 56.8 ms each on average.');
  const unheld = { ...vmaLocks, write: null, read: null };
  expect(measuredText({ ...figures, operations: 2, locks: [unheld], aborts: 1, tables: null }, chunked)).toBe(
    '2 calls of munmap in a run of 457 ms, the middle one 56.8 ms, the longest 56.8 ms. 1 fault had to begin again under ' +
      'mmap_sem. per-VMA locks: acquired 31 times, not held by it, never waited for.',
  );
});
