import { expect, test } from 'vitest';
import { Class, MMAP_SEQ, objectId } from '../../event/index.ts';
import { meta } from '../paint/testing.ts';
import { lockLabel, quietTitle, toldLabel, waitedTitle } from './lock-label.ts';

const two = { ...meta, mms: ['a', 'b'] };

test('the locks of a class are one, others are called by name', () => {
  expect(lockLabel(objectId(Class.TABLE, 7), meta)).toBe('page-table locks');
  expect(lockLabel(objectId(Class.VMA_LOCK, 7), meta)).toBe('per-VMA locks');
  expect(lockLabel(objectId(Class.MM_LOCK, 1), meta)).toBe('range_lock');
});

test('a lane of sequence counts says whose it is, unless it is that of all VMAs', () => {
  expect(toldLabel(objectId(Class.SEQ, (1 << 20) | MMAP_SEQ), two)).toBe('mmap_seq/b');
  expect(toldLabel(objectId(Class.SEQ, 0), two)).toBe('vm_sequence');
  expect([0, 1].map((i) => toldLabel(objectId(Class.GRACE, i), two))).toEqual(['RCU grace', 'SRCU grace']);
});

test('locks that nobody waited for are counted, by name where they have one', () => {
  const mmap = [0, 1].map((mm) => objectId(Class.MMAP_LOCK, mm));
  expect(quietTitle(mmap, two)).toBe('mmap_sem ×2');
  expect(quietTitle([...mmap, objectId(Class.MM_LOCK, 0)], two)).toBe('3 locks');
});

test('of locks of a class, it is told how many were waited for, and of how many', () => {
  expect(waitedTitle({ waited: 1, lanes: 3 }, true)).toBe('1 of 3 waited for');
  expect(waitedTitle({ waited: 0, lanes: 64 }, true)).toBe('0 of 64+ waited for');
  expect(waitedTitle({ waited: 1, lanes: 1 }, false)).toBe('1 waited for');
});
