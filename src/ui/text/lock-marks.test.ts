import { describe, expect, test } from 'vitest';
import { Flag, Kind, State } from '../../event/index.ts';
import { MarkKind, type PyramidView } from '../../trace/index.ts';
import { LOCK, MUTEX, meta, pyramidOf, stealAndHandOver } from '../paint/testing.ts';
import { markSentence, otherMarks } from './lock-marks.ts';
import { waitPast } from './wait-past.ts';

function said(view: PyramidView, t: number, lock = LOCK): string {
  const mark = view.markNear(view.lockLane(lock), t, 1);
  return mark === undefined ? 'nothing' : markSentence(mark, lock, view, meta);
}

describe('what is marked at a lock', () => {
  test('is said in the words of the field', () => {
    const view = stealAndHandOver();
    expect(said(view, 500)).toBe('c steals mmap_sem past 1 waiter');
    expect(said(view, 600)).toBe('b demands mmap_sem: nobody may pass it');
    expect(said(view, 700)).toBe('mmap_sem is handed to b, which runs 100 ns later');
    expect(said(view, 400)).toBe('nothing');
    expect(said(stealAndHandOver(MUTEX), 500, MUTEX)).toBe('c steals m past 1 waiter');
  });

  test('names refills and drains of lists', () => {
    const mark = { t: 10, thread: 0, times: 1, queued: 0 };
    const view = stealAndHandOver();
    expect(markSentence({ ...mark, kind: MarkKind.REFILL }, MUTEX, view, meta)).toBe(
      'a refills the list of a CPU from the zone',
    );
    expect(markSentence({ ...mark, kind: MarkKind.DRAIN, times: 3 }, MUTEX, view, meta)).toBe(
      'a and 2 others drain the list of a CPU to the zone',
    );
  });

  test('counts readers that are handed a lock together, and says who has not run yet', () => {
    const handed = Flag.HANDOFF | Flag.CONTENDED;
    const view = pyramidOf([
      [10, 0, Kind.LOCK_GRANT, State.RUNNABLE, handed],
      [10, 1, Kind.LOCK_GRANT, State.RUNNABLE, handed],
      [10, 2, Kind.LOCK_GRANT, State.RUNNABLE, handed],
      [50, 2, Kind.STATE, State.KERNEL],
      [60, 1, Kind.LOCK_GRANT, State.KERNEL, handed],
    ]);
    expect(said(view, 10)).toBe('mmap_sem is handed to a and 2 others, the first of which has not run yet');
    expect(said(view, 60)).toBe('mmap_sem is handed to b');
  });

  test('tells what else is too near to be seen apart', () => {
    const view = stealAndHandOver();
    const mark = view.markNear(0, 510, 50);
    expect(mark === undefined ? '' : otherMarks(mark, 0, 510, 250, view)).toBe(
      '1 more hand-over, 1 more demand',
    );
    expect(mark === undefined ? '-' : otherMarks(mark, 0, 510, 50, view)).toBe('');
  });
});

describe('the past of a wait', () => {
  test('counts only what passed a thread that queued already', () => {
    const view = stealAndHandOver();
    expect(waitPast(view, 1, LOCK, 200, 450)).toEqual({ passed: 0, demander: null });
    expect(waitPast(view, 1, LOCK, 200, 550)).toEqual({ passed: 1, demander: null });
    expect(waitPast(view, 1, LOCK, 200, 650)).toEqual({ passed: 1, demander: 1 });
    // It still spins: nobody can pass it in a queue.
    expect(waitPast(view, 1, LOCK, 200, 250)).toEqual({ passed: null, demander: null });
    expect(waitPast(view, 2, LOCK, 400, 450)).toEqual({ passed: null, demander: null });
  });
});
