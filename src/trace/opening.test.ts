import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Flag, Kind, type Moment, State } from '../event/index.ts';
import { Blame } from './blame.ts';
import { openingOfMoment } from './opening.ts';
import { feedPart, openingAt } from './part-testing.ts';
import { LogBuilder, MMAP, randomLog, testMeta } from './testing.ts';

it('goes on from any place as if all had been read', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 900 }), fc.nat(), fc.nat(), (seed, steps, a, b) => {
      const log = randomLog(seed, steps);
      const end = a % (log.count + 1);
      const opening = openingAt(log, b % (end + 1));
      expect(openingAt(log, end, opening)).toEqual(openingAt(log, end));
    }),
    { numRuns: 200 },
  );
});

it('keeps a thread that owns the lock and has still to run', () => {
  const log = new LogBuilder();
  log.at(10).put(Kind.LOCK_REQUEST, 1, State.WAIT_READ, MMAP, 1, 4);
  log.at(20).put(Kind.LOCK_GRANT, 1, State.RUNNABLE | Flag.CONTENDED, MMAP, 1, 9);
  const opening = openingAt(log, 2);
  const wait = { thread: 1, lock: MMAP, write: false, since: 10, site: 4 };
  expect(opening.waits).toEqual([{ ...wait, queued: false, granted: true }]);
  expect(opening.holds).toEqual([{ ...wait, since: 20 }]);
  expect(openingAt(log, 2, opening)).toEqual(opening);
});

it('is made of a moment', () => {
  const moment: Moment = {
    t: 50,
    event: 7,
    threads: [
      {
        thread: 0,
        state: State.KERNEL,
        sinceNs: 5,
        cpu: 0,
        site: 1,
        holds: [{ lock: MMAP, mode: 'write', sinceNs: 5, site: 3 }],
      },
      {
        thread: 1,
        state: State.WAIT_READ,
        sinceNs: 20,
        cpu: 1,
        site: 2,
        waitsFor: { lock: MMAP, mode: 'read', sinceNs: 20 },
      },
    ],
    locks: [
      { lock: MMAP, mode: 'write', owners: [0], queue: [{ thread: 1, mode: 'read', spinning: false }] },
    ],
  };
  const opening = openingOfMoment(moment);
  expect(opening).toMatchObject({ next: 7, holds: [{ thread: 0, write: true, since: 5, site: 3 }] });
  const blame = new Blame(testMeta(), { opening, fromNs: 50 });
  feedPart(new LogBuilder(), blame, 0);
  blame.finish(80);
  expect(blame.pairs()).toMatchObject([{ waiter: 1, holder: 0, ns: 30, waits: 1 }]);
});
