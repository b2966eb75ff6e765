import { expect, test } from 'vitest';
import { Flag, Kind, NO_THREAD, State } from '../event/index.ts';
import { Pyramid } from './intervals.ts';
import { LockRuns } from './lock-lane.ts';
import { PyramidReader } from './pyramid-reader.ts';
import { LogBuilder, tableId, testMeta } from './testing.ts';

const W = Flag.WRITE;
const A = tableId(1);
const B = tableId(2);

/** Thread 0 holds A from 100 to 300, 1 waits from 150; 2 holds B from 200 to 800, 1 waits from 400; C is not contended. */
function log(): LogBuilder {
  const out = new LogBuilder();
  const C = tableId(3);
  return out
    .at(50)
    .put(Kind.LOCK_GRANT, 3, W | State.KERNEL, C)
    .put(Kind.LOCK_RELEASE, 3, W | State.KERNEL, C)
    .at(100)
    .put(Kind.LOCK_GRANT, 0, W | State.KERNEL, A)
    .at(150)
    .put(Kind.LOCK_REQUEST, 1, W | State.SPIN, A)
    .at(200)
    .put(Kind.LOCK_GRANT, 2, W | State.KERNEL, B)
    .at(300)
    .put(Kind.LOCK_RELEASE, 0, W | State.KERNEL, A)
    .put(Kind.LOCK_GRANT, 1, W | State.KERNEL | Flag.CONTENDED, A)
    .at(350)
    .put(Kind.LOCK_RELEASE, 1, W | State.KERNEL, A)
    .at(400)
    .put(Kind.LOCK_REQUEST, 1, W | State.SPIN, B)
    .at(700)
    .put(Kind.WAKE, 2, State.KERNEL, B, 1)
    .at(800)
    .put(Kind.LOCK_RELEASE, 2, W | State.KERNEL, B)
    .put(Kind.LOCK_GRANT, 1, W | State.KERNEL | Flag.CONTENDED, B);
}

function reader(): PyramidReader {
  const pyramid = new Pyramid(testMeta());
  const page = new PyramidReader(testMeta());
  const { chunks, count } = log();
  for (let i = 0; i < count; i++) {
    pyramid.add(chunks[0], i, i + 1);
    page.apply(structuredClone(pyramid.takeUpdates().update));
  }
  pyramid.finish(1_000);
  page.apply(structuredClone(pyramid.takeUpdates().update));
  return page;
}

test('a page-table lock has a lane once somebody waited for it, with holder and queue', () => {
  const view = reader();
  expect(view.more).toEqual([A, B]);
  const a = view.singleLane(A);
  expect(a).toBe(view.locks.length);
  expect(view.lockOf(a)).toBe(A);
  expect(view.lockAt(a, 120)).toMatchObject({ writer: NO_THREAD, depth: 0 });
  expect(view.lockAt(a, 200)).toMatchObject({ writer: 0, depth: 1, spinning: 1, startNs: 150, endNs: 300 });
  expect(view.lockAt(a, 320)).toMatchObject({ writer: 1, depth: 0, endNs: 350 });
  expect(view.lockAt(a, 900)).toMatchObject({ writer: NO_THREAD, depth: 0 });
  expect(view.singleLane(tableId(3))).toBe(-1);
  const runs = new LockRuns();
  view.lockRuns(view.singleLane(B), 0, 1_000, 1, runs);
  expect([runs.depth[0], runs.writes[0]]).toEqual([1, 1]);
});

test('those that were waited for in a span come first, the others not at all', () => {
  const view = reader();
  const [a, b] = [view.singleLane(A), view.singleLane(B)];
  expect(view.contended(0, 0, 1_000, 32)).toEqual([b, a]);
  expect(view.contended(0, 0, 1_000, 1)).toEqual([b]);
  expect(view.contended(0, 100, 420, 32)).toEqual([a, b]);
  expect(view.contended(0, 0, 300, 32)).toEqual([a]);
  expect(view.queuedNs(b, 500, 2_000)).toBe(300);
});

test('wake-ups are kept by who was woken', () => {
  const view = reader();
  expect(view.wakes(1, 0, 1_000, 0)).toEqual([{ t: 700, by: 2 }]);
  expect(view.wakes(1, 701, 1_000, 0)).toEqual([]);
  expect(view.wakes(2, 0, 1_000, 0)).toEqual([]);
});

test('of many wake-ups only those far enough apart are told', () => {
  const out = new LogBuilder();
  for (let t = 0; t < 1_000; t += 10) out.at(t).put(Kind.WAKE, 0, State.KERNEL, 0, 1);
  const pyramid = new Pyramid(testMeta());
  out.feed(pyramid);
  expect(pyramid.wakes(1, 0, 1_000, 0)).toHaveLength(100);
  const far = pyramid.wakes(1, 100, 900, 95).map(({ t }) => t);
  expect(far[0]).toBe(100);
  expect(far.length).toBeGreaterThan(5);
  expect(Math.min(...far.slice(1).map((t, i) => t - (far[i] ?? 0)))).toBeGreaterThanOrEqual(95);
});
