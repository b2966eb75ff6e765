import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Flag, Kind, State } from '../event/index.ts';
import { holdsOf, stateNs, statesOf, waitsOf } from './naive.ts';
import { feedPart, openingAt } from './part-testing.ts';
import { LogBuilder, MMAP, MUTEX, randomLog, testMeta } from './testing.ts';
import { type Asked, StoryTeller, type WaitStory } from './wait-story.ts';

const meta = testMeta();
const K = State.KERNEL;
const W = Flag.WRITE;

function storyOf(log: LogBuilder, asked: Asked, endNs: number, openAt = 0): WaitStory {
  const teller = new StoryTeller(meta, openingAt(log, openAt), asked);
  feedPart(log, teller, log.count);
  teller.finish(endNs);
  const story = teller.story();
  if (story === null) throw new Error('no story');
  return story;
}

/** A writer with a reader behind it that sleeps, is passed by another writer, is woken and runs. */
function stall(): LogBuilder {
  const log = new LogBuilder();
  log.at(5).put(Kind.LOCK_GRANT, 0, K | W, MMAP, 0, 3);
  log.at(8).put(Kind.LOCK_REQUEST, 3, State.SPIN | W, MMAP, 1, 9);
  log.at(10).put(Kind.LOCK_REQUEST, 1, State.SPIN, MMAP, 2, 4);
  log.at(14).put(Kind.LOCK_QUEUE, 1, State.WAIT_READ, MMAP, 1, 4);
  log.at(20).put(Kind.STATE, 0, State.RUNNABLE);
  log.at(26).put(Kind.SWITCH, 0, K);
  log.at(28).put(Kind.LOCK_REQUEST, 0, State.SPIN | W, MUTEX, 1, 5);
  log.at(30).put(Kind.LOCK_GRANT, 0, K | W, MUTEX);
  log.at(40).put(Kind.LOCK_RELEASE, 0, K | W, MMAP, 0, 6);
  log.at(41).put(Kind.LOCK_GRANT, 3, K | W | Flag.STEAL | Flag.CONTENDED, MMAP, 0, 9);
  log.at(60).put(Kind.LOCK_DOWNGRADE, 3, K, MMAP, 1, 10);
  log.at(61).put(Kind.LOCK_GRANT, 1, State.WAIT_READ | Flag.HANDOFF | Flag.CONTENDED, MMAP, 2, 10);
  log.put(Kind.WAKE, 3, K, MMAP, 1, 11);
  log.at(63).put(Kind.STATE, 1, State.RUNNABLE, MMAP);
  log.at(70).put(Kind.SWITCH, 1, K);
  log.at(90).put(Kind.LOCK_RELEASE, 1, K, MMAP, 1);
  return log;
}

describe('StoryTeller', () => {
  it('tells how a wait came about, went on and ended', () => {
    for (const openAt of [0, 1, 2]) {
      expect(storyOf(stall(), 2, 100, openAt)).toEqual({
        thread: 1,
        lock: MMAP,
        write: false,
        request: 2,
        site: 4,
        sinceNs: 10,
        untilNs: 70,
        end: 'got',
        grantedNs: 61,
        handedOver: true,
        spinNs: 4,
        sleepNs: 49,
        runnableNs: 7,
        otherNs: 0,
        freeNs: 1,
        ahead: [{ thread: 3, write: true, sinceNs: 8, queued: false }],
        aheadCount: 1,
        steals: [{ thread: 3, write: true, atNs: 41, site: 9 }],
        stealCount: 1,
        holds: [
          {
            thread: 0,
            write: true,
            sinceNs: 5,
            untilNs: 40,
            released: true,
            site: 3,
            ranNs: 22,
            spunNs: 2,
            blockedNs: 0,
            runnableNs: 6,
            idleNs: 0,
            blockedOn: MUTEX,
          },
          {
            thread: 3,
            write: true,
            sinceNs: 41,
            untilNs: 60,
            released: true,
            site: 9,
            ranNs: 19,
            spunNs: 0,
            blockedNs: 0,
            runnableNs: 0,
            idleNs: 0,
            blockedOn: 0,
          },
          {
            thread: 3,
            write: false,
            sinceNs: 60,
            untilNs: 61,
            released: false,
            site: 10,
            ranNs: 1,
            spunNs: 0,
            blockedNs: 0,
            runnableNs: 0,
            idleNs: 0,
            blockedOn: 0,
          },
        ],
        holdCount: 3,
        holders: 2,
        heldNs: 50,
        releasedBy: { thread: 3, atNs: 60, site: 10 },
        wokenBy: { thread: 3, atNs: 61, site: 11 },
        wakeCount: 1,
      });
    }
  });

  it('finds a wait by its thread and time, and says when it has not ended', () => {
    const log = stall();
    expect(storyOf(log, { thread: 1, t: 10 }, 100)).toEqual(storyOf(log, 2, 100));
    const cut = new LogBuilder();
    for (const r of log.records().slice(0, 8)) {
      cut.at(r.t).put(r.kind, r.thread, r.flags, r.object, r.arg, r.site);
    }
    const open = storyOf(cut, 2, 35);
    expect(open).toMatchObject({ end: 'waiting', untilNs: 35, grantedNs: null, releasedBy: null, spinNs: 4 });
    expect(open.holds).toMatchObject([{ thread: 0, released: false, untilNs: 35 }]);
    expect(new StoryTeller(meta, openingAt(log, 0), 2).story()).toBeNull();
  });

  it('names the longest of many holds and counts them all', () => {
    const log = new LogBuilder();
    log.at(0).put(Kind.LOCK_REQUEST, 1, State.WAIT_WRITE | W, MMAP, 1);
    for (let i = 0; i < 40; i++) {
      log.at(100 * i).put(Kind.LOCK_GRANT, i % 2 === 0 ? 2 : 3, K, MMAP, 1);
      log.at(100 * i + i + 1).put(Kind.LOCK_RELEASE, i % 2 === 0 ? 2 : 3, K, MMAP);
    }
    const story = storyOf(log, 0, 5000);
    expect(story.holds.map((h) => h.untilNs - h.sinceNs)).toEqual([35, 36, 37, 38, 39, 40]);
    expect(story).toMatchObject({ holdCount: 40, holders: 2, heldNs: 820, freeNs: 5000 - 820 });
  });

  it('agrees with a search of random logs, wherever reading begins', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(), (seed, steps, a, b) => {
        const log = randomLog(seed, steps);
        const records = log.records();
        const endNs = log.t + 20;
        const waits = waitsOf(records, endNs);
        const w = waits[a % Math.max(1, waits.length)];
        if (w === undefined) return;
        const story = storyOf(log, w.from, endNs, b % (w.from + 1));
        const decided = records[w.decided];
        expect(story).toMatchObject({ thread: w.thread, lock: w.lock, write: w.write, site: w.site });
        expect([story.sinceNs, story.untilNs]).toEqual([w.since, w.until]);
        const gaveUp = decided?.kind === Kind.LOCK_CANCEL;
        // A wait that lasts to the end of the log may be over just then or not.
        if (w.until < endNs) expect(story.end).toBe(gaveUp ? 'gave up' : 'got');
        expect(story.grantedNs).toBe(decided === undefined || gaveUp ? null : decided.t);

        const until = decided?.t ?? endNs;
        const holds = holdsOf(records, endNs).filter(
          (h) => h.lock === w.lock && h.from < w.decided && h.to > w.from,
        );
        const part = (h: { since: number; until: number }): number =>
          Math.min(h.until, until) - Math.max(h.since, w.since);
        expect(story.holdCount).toBe(holds.length);
        expect(story.holders).toBe(new Set(holds.map(({ thread }) => thread)).size);
        expect(story.heldNs).toBe(holds.reduce((sum, h) => sum + part(h), 0));
        const lengths = holds.map(part).sort((x, y) => y - x);
        const told = story.holds.map((h) => h.untilNs - Math.max(h.sinceNs, w.since));
        expect(told.sort((x, y) => y - x)).toEqual(lengths.slice(0, 6));
        for (const h of story.holds) {
          const ns = stateNs(statesOf(records, h.thread), Math.max(h.sinceNs, w.since), h.untilNs);
          expect([h.ranNs, h.spunNs, h.runnableNs]).toEqual([
            ns[State.USER] + ns[State.KERNEL],
            ns[State.SPIN],
            ns[State.RUNNABLE],
          ]);
        }
        const own = stateNs(statesOf(records, w.thread), w.since, w.until);
        expect([story.spinNs, story.runnableNs]).toEqual([own[State.SPIN], own[State.RUNNABLE]]);
        expect(story.spinNs + story.sleepNs + story.runnableNs + story.otherNs).toBe(w.until - w.since);

        const ahead = waits.filter((o) => o.lock === w.lock && o.from < w.from && o.decided > w.from);
        expect(story.aheadCount).toBe(ahead.length);
        const steals = records.filter(
          (r, i) =>
            i > w.from &&
            i < w.decided &&
            r.kind === Kind.LOCK_GRANT &&
            r.object === w.lock &&
            (r.flags & Flag.STEAL) !== 0 &&
            ((records[w.from].flags & 7) !== State.SPIN ||
              records.some(
                (q, k) =>
                  k > w.from &&
                  k < i &&
                  q.kind === Kind.LOCK_QUEUE &&
                  q.thread === w.thread &&
                  q.object === w.lock,
              )),
        );
        expect(story.stealCount).toBe(steals.length);
      }),
      { numRuns: 150 },
    );
  });
});
