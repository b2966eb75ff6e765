import { describe, expect, test } from 'vitest';
import { Class, Flag, Kind, objectId } from '../event/index.ts';
import { changedBy, lastStep } from './last-step.ts';
import type { MomentRecord } from './state.ts';

const LOCK = objectId(Class.MMAP_LOCK, 0);
const MM = objectId(Class.MM, 0);
const VMA = objectId(Class.VMA, 3);
const TABLE = objectId(Class.TABLE, 7);

function record(id: number, kind: number, object: number, flags = 0, arg = 0): MomentRecord {
  return { id, t: 10, site: 0, object, arg, thread: id % 4, kind, flags, sentence: '' };
}

const nearby = [
  record(4, Kind.RSS, MM, Flag.STEP_END),
  record(5, Kind.LOCK_RELEASE, LOCK),
  record(6, Kind.LOCK_GRANT, LOCK, Flag.CONTENDED),
  record(7, Kind.WAKE, LOCK, Flag.STEP_END),
  record(8, Kind.VMA_LINK, VMA, Flag.STEP_END),
];
const at = (event: number) => ({ t: 10, event });

describe('the last step', () => {
  test('is what was written since the step before it', () => {
    const step = lastStep({ moment: at(8), record: nearby[3] ?? null, nearby });
    expect(step.map(({ id }) => id)).toEqual([5, 6, 7]);
  });

  test('is its last record alone as long as the others have not come', () => {
    const [own = null] = nearby;
    expect(lastStep({ moment: at(20), record: own, nearby })).toEqual([own]);
    expect(lastStep({ moment: at(0), record: null, nearby: [] })).toEqual([]);
  });
});

test('changes are told by what they are of', () => {
  const changed = changedBy(nearby);
  expect([...changed.owners]).toEqual([[LOCK, [1, 2]]]);
  expect([...changed.queues]).toEqual([LOCK]);
  expect([...changed.objects]).toEqual([MM, VMA]);
  expect([...changed.threads]).toEqual([2]);
});

test('pages of a table add up, whatever their sign', () => {
  const changed = changedBy([
    record(0, Kind.PAGES, TABLE, 0, -512 >>> 0),
    record(1, Kind.PAGES, TABLE, 0, 1),
    record(2, Kind.TLB_FLUSH, MM, Flag.STEP_END, 3),
  ]);
  expect([...changed.pages]).toEqual([[TABLE, -511]]);
  expect(changed.pagesBy).toBe(1);
  expect([...changed.objects]).toEqual([]);
});

test('lists take pages from their zone, or give some back', () => {
  const [own, other] = [objectId(Class.PCP, 3), objectId(Class.PCP, (1 << 12) | 3)];
  const changed = changedBy([
    record(0, Kind.PCP_REFILL, own, 0, 31),
    record(1, Kind.PCP_DRAIN, other, Flag.STEP_END, 63),
  ]);
  expect([...changed.lists]).toEqual([
    [own, 31],
    [other, -63],
  ]);
});
