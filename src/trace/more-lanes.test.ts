import { expect, test } from 'vitest';
import { Class, Flag, Kind, MMAP_SEQ, NO_THREAD, objectId, State } from '../event/index.ts';
import { Pyramid } from './intervals.ts';
import { LockMode, LockRuns } from './lock-lane.ts';
import { MarkKind } from './mark-lane.ts';
import { PyramidReader } from './pyramid-reader.ts';
import { MOST_READ } from './pyramid-view.ts';
import { LogBuilder, RANGE_LOCK, testMeta, vmaLock } from './testing.ts';

const W = Flag.WRITE;
const K = State.KERNEL;
const meta = testMeta({ counters: ['', 'spf_abort_odd', 'pages', 'vma_lock_miss'] });
const MM_SEQ = objectId(Class.SEQ, (1 << 20) | MMAP_SEQ);
const seqOf = (vma: number): number => objectId(Class.SEQ, vma);
const RCU = objectId(Class.GRACE, 0);

/** What the page has of a log that came record by record, ended at 1,000. */
function reader(log: LogBuilder): PyramidReader {
  const pyramid = new Pyramid(meta);
  const page = new PyramidReader(meta);
  for (let i = 0; i < log.count; i++) {
    pyramid.add(log.chunks[0], i, i + 1);
    page.apply(structuredClone(pyramid.takeUpdates().update));
  }
  pyramid.finish(1_000);
  page.apply(structuredClone(pyramid.takeUpdates().update));
  return page;
}

test('the lock of a VMA has a lane once it is held or waited for, and all of them one together', () => {
  const [a, b, c] = [vmaLock(1), vmaLock(2), vmaLock(3)];
  const view = reader(
    new LogBuilder()
      .at(50)
      .put(Kind.LOCK_GRANT, 1, K, a, 1)
      .put(Kind.LOCK_GRANT, 2, K, b, 1)
      .at(100)
      .put(Kind.LOCK_GRANT, 0, K | W, c)
      .at(200)
      .put(Kind.LOCK_REQUEST, 3, State.WAIT_WRITE | W, a, 1)
      .at(300)
      .put(Kind.LOCK_RELEASE, 0, K | W, c)
      .at(400)
      .put(Kind.LOCK_RELEASE, 1, K, a)
      .put(Kind.LOCK_GRANT, 3, K | W | Flag.CONTENDED, a)
      .at(500)
      .put(Kind.LOCK_RELEASE, 3, K | W, a)
      .at(600)
      .put(Kind.LOCK_GRANT, 1, K, a, 1),
  );
  expect(view.more).toEqual([a, b, c]);
  const [laneA, laneB, laneC] = [a, b, c].map((lock) => view.singleLane(lock));
  expect(view.contended(1, 0, 1_000, 9)).toEqual([laneA, laneC, laneB]);
  expect(view.contended(1, 0, 250, 1)).toEqual([laneA]);
  expect(view.contended(1, 550, 590, 9)).toEqual([laneB]);
  expect(view.waitedLocks(1)).toEqual({ waited: 1, lanes: 3 });
  expect(view.contended(0, 0, 1_000, 9)).toEqual([]);
  expect(view.lockAt(view.singleLane(a), 250)).toMatchObject({ readers: 1, writer: NO_THREAD, depth: 1 });
  expect(view.lockAt(view.singleLane(a), 450)).toMatchObject({ readers: 0, writer: 3, depth: 0 });
  expect(view.lockAt(view.singleLane(a), 700)).toMatchObject({ readers: 1, writer: NO_THREAD });
  const all = view.laneOfMany(1);
  expect(view.lockLane(b)).toBe(all);
  expect(view.lockOf(all)).toBe(vmaLock(0));
  expect(view.lockAt(all, 150)).toMatchObject({ readers: 2, writer: 1, depth: 0 });
  expect(view.lockAt(all, 250)).toMatchObject({ readers: 2, writer: 1, depth: 1 });
  expect(view.lockAt(all, 650)).toMatchObject({ readers: 2, writer: NO_THREAD, depth: 0 });
  expect(view.occurring()).toMatchObject({ writes: true, reads: true, odd: false, grace: false });
});

test('of locks of VMAs that are only read, a bounded number have lanes', () => {
  const log = new LogBuilder();
  for (let vma = 0; vma < MOST_READ + 9; vma++) {
    log.at(10 * vma + 1).put(Kind.LOCK_GRANT, 1, K, vmaLock(vma), 1);
    log.at(10 * vma + 5).put(Kind.LOCK_RELEASE, 1, K, vmaLock(vma));
  }
  const written = vmaLock(500);
  const view = reader(log.put(Kind.LOCK_GRANT, 1, K | W, written).put(Kind.LOCK_RELEASE, 1, K | W, written));
  expect(view.more).toHaveLength(MOST_READ + 1);
  expect(view.singleLane(written)).toBeGreaterThan(0);
  expect(view.contended(1, 0, 1_000, 32)).toHaveLength(32);
});

test('parts of a lock over ranges are held to write by several at once', () => {
  const view = reader(
    new LogBuilder()
      .at(100)
      .put(Kind.LOCK_GRANT, 0, K | W, RANGE_LOCK)
      .at(200)
      .put(Kind.LOCK_GRANT, 1, K | W, RANGE_LOCK)
      .at(250)
      .put(Kind.STATE, 1, State.RUNNABLE)
      .at(300)
      .put(Kind.LOCK_RELEASE, 1, K | W, RANGE_LOCK)
      .at(400)
      .put(Kind.LOCK_GRANT, 2, K | W, RANGE_LOCK)
      .at(500)
      .put(Kind.LOCK_RELEASE, 0, K | W, RANGE_LOCK)
      .at(600)
      .put(Kind.LOCK_RELEASE, 2, K | W, RANGE_LOCK),
  );
  const lane = view.lockLane(RANGE_LOCK);
  const at = (t: number) => {
    const { writer, others, off } = view.lockAt(lane, t) ?? {};
    return [writer, others, off];
  };
  expect([150, 220, 260, 350, 450, 550, 650].map(at)).toEqual([
    [0, 0, false],
    [1, 1, false],
    [1, 1, true],
    [0, 0, false],
    [2, 1, false],
    [2, 0, false],
    [NO_THREAD, 0, false],
  ]);
  const runs = new LockRuns();
  view.lockRuns(lane, 0, 1_000, 10, runs);
  const modes = Array.from({ length: runs.count }, (_, i) => [runs.mode[i], runs.x0[i], runs.x1[i]]);
  expect(modes).toEqual([
    [LockMode.FREE, 0, 1],
    [LockMode.WRITE, 1, 2],
    [LockMode.WRITE, 2, 3],
    [LockMode.WRITE, 3, 6],
    [LockMode.FREE, 6, 10],
  ]);
  expect(view.firstUse(lane)).toBe(100);
  expect(view.firstUse(view.lockLane(objectId(Class.MM_LOCK, 1)))).toBe(Infinity);
});

test('sequence counts are odd and even, those of VMAs together; a VMA that is freed takes its own along', () => {
  const view = reader(
    new LogBuilder()
      .at(100)
      .put(Kind.SEQUENCE, 2, K, MM_SEQ, 1)
      .at(150)
      .put(Kind.SEQUENCE, 2, K, seqOf(4), 7)
      .at(160)
      .put(Kind.SEQUENCE, 0, K, seqOf(5), 1)
      .at(170)
      .put(Kind.SEQUENCE, 0, K, seqOf(4), 8)
      .at(180)
      .put(Kind.VMA_FREE, NO_THREAD, 0, objectId(Class.VMA, 5))
      .at(200)
      .put(Kind.SEQUENCE, 2, K, MM_SEQ, 2),
  );
  const [mm, vmas] = [view.singleLane(MM_SEQ), view.singleLane(seqOf(0))];
  expect(view.lanesOf(Class.SEQ)).toEqual([mm, vmas]);
  expect([50, 100, 199, 200].map((t) => view.lockAt(mm, t)?.writer)).toEqual([NO_THREAD, 2, 2, NO_THREAD]);
  expect([149, 155, 165, 175, 185].map((t) => view.lockAt(vmas, t)?.writer)).toEqual([
    NO_THREAD,
    1,
    2,
    1,
    NO_THREAD,
  ]);
  // The share of a pixel in which the count is odd.
  const runs = new LockRuns();
  view.lockRuns(mm, 0, 400, 1, runs);
  expect([runs.writes[0], runs.mode[0], runs.share[0]]).toEqual([1, LockMode.FREE, 0.75]);
  expect(view.occurring()).toMatchObject({ odd: true, grace: false, writes: false });
});

test('a grace period lasts from its beginning to its end, with the callbacks that wait for it', () => {
  const view = reader(
    new LogBuilder()
      .at(100)
      .put(Kind.GRACE_BEGIN, NO_THREAD, 0, RCU, 12)
      .at(400)
      .put(Kind.GRACE_END, NO_THREAD, 0, RCU, 12)
      .put(Kind.GRACE_BEGIN, NO_THREAD, 0, RCU, 3),
  );
  const [lane = -1] = view.lanesOf(Class.GRACE);
  expect([50, 100, 399, 400, 999].map((t) => view.lockAt(lane, t)?.readers)).toEqual([0, 12, 12, 3, 3]);
  expect(view.occurring()).toMatchObject({ grace: true, odd: false, reads: false });
});

test('aborts are marked on the lane of their thread, with the counter that says why', () => {
  const counter = (i: number): number => objectId(Class.COUNTER, i);
  const view = reader(
    new LogBuilder()
      .at(100)
      .put(Kind.COUNTER, 1, K, counter(1), 1)
      .at(200)
      .put(Kind.COUNTER, 2, K, counter(2), 1)
      .at(300)
      .put(Kind.COUNTER, 1, K, counter(3), 1),
  );
  expect(view.abortNear(1, 105, 10)).toMatchObject({ t: 100, kind: MarkKind.ABORT, thread: 1, queued: 1 });
  expect(view.abortNear(1, 290, 10)?.queued).toBe(3);
  expect(view.abortNear(2, 200, 10)).toBeUndefined();
  expect([view.aborts(1, 0, 301), view.aborts(1, 101, 300), view.aborts(2, 0, 1_000)]).toEqual([2, 0, 0]);
  const bits = new Uint8Array(10);
  view.abortPixels(1, 0, 1_000, 10, bits);
  expect([...bits.entries()].filter(([, bit]) => bit !== 0).map(([x]) => x)).toEqual([1, 3]);
  expect(view.occurring().marks[MarkKind.ABORT]).toBe(true);
});
