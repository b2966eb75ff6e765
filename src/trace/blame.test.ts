import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Flag, groupOf, Kind, NO_THREAD, State } from '../event/index.ts';
import { Blame } from './blame.ts';
import { SpanCollector } from './blamed-spans.ts';
import { holdsOf, waitsOf } from './naive.ts';
import { feedPart, openingAt, partOf } from './part-testing.ts';
import { LogBuilder, MMAP, MUTEX, randomLog, tableId, testMeta } from './testing.ts';

const meta = testMeta();
const W = Flag.WRITE;
const RAN = { spunNs: 0, blockedNs: 0, runnableNs: 0 };

describe('Blame', () => {
  it('charges every moment of a wait to those who hold the lock in it', () => {
    const log = new LogBuilder();
    log.at(0).put(Kind.LOCK_GRANT, 0, State.KERNEL | W, MMAP);
    log.at(10).put(Kind.LOCK_REQUEST, 1, State.WAIT_READ, MMAP, 1);
    log.at(30).put(Kind.LOCK_RELEASE, 0, State.KERNEL | W, MMAP);
    log.at(35).put(Kind.LOCK_GRANT, 2, State.KERNEL | W | Flag.STEAL, MMAP);
    log.at(50).put(Kind.LOCK_RELEASE, 2, State.KERNEL | W, MMAP);
    log.put(Kind.LOCK_GRANT, 1, State.RUNNABLE | Flag.CONTENDED, MMAP);
    log.at(57).put(Kind.SWITCH, 1, State.KERNEL);
    const blame = new Blame(meta);
    log.feed(blame);
    blame.finish(100);
    expect(blame.pairs()).toEqual([
      { ...RAN, waiter: 1, holder: 0, lock: MMAP, ns: 20, waits: 1 },
      { ...RAN, waiter: 1, holder: 2, lock: MMAP, ns: 15, waits: 1 },
      { ...RAN, waiter: 1, holder: NO_THREAD, lock: MMAP, ns: 12, waits: 1 },
    ]);
    expect(blame.pairs(MMAP)).toEqual(blame.pairs());
    expect(blame.pairs(tableId(3))).toEqual([]);
    expect(blame.droppedNs).toBe(0);
  });

  it('tells what the holder did meanwhile', () => {
    const log = new LogBuilder();
    log.at(0).put(Kind.LOCK_GRANT, 0, State.KERNEL | W, MMAP);
    log.at(10).put(Kind.LOCK_REQUEST, 1, State.WAIT_READ, MMAP, 1);
    log.at(12).put(Kind.STATE, 0, State.RUNNABLE);
    log.at(17).put(Kind.SWITCH, 0, State.KERNEL);
    log.at(20).put(Kind.LOCK_REQUEST, 0, State.SPIN | W, MUTEX, 1);
    log.at(23).put(Kind.LOCK_QUEUE, 0, State.WAIT_WRITE | W, MUTEX, 1);
    log.at(30).put(Kind.LOCK_GRANT, 0, State.KERNEL | W, MUTEX);
    const blame = new Blame(meta);
    log.feed(blame);
    blame.finish(50);
    expect(blame.pairs(MMAP)).toEqual([
      { waiter: 1, holder: 0, lock: MMAP, ns: 40, spunNs: 3, blockedNs: 7, runnableNs: 5, waits: 1 },
    ]);
  });

  it('agrees with a search of random logs, whole or in part', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 900 }),
        share,
        share,
        share,
        (seed, steps, a, b, c) => {
          const log = randomLog(seed, steps);
          const part = b > 0.9 ? { fromNs: 0, toNs: log.t + 50, openAt: 0 } : partOf(log, a, b, c);
          const { fromNs: startNs, toNs: endNs, openAt } = part;
          const records = log.records().filter(({ t }) => t < endNs);
          const blame = new Blame(meta, { opening: openingAt(log, openAt), fromNs: startNs });
          feedPart(log, blame, records.length);
          blame.finish(endNs);

          const holds = holdsOf(records, endNs);
          const wanted = new Map<string, number>();
          const charge = (waiter: number, holder: number, lock: number, from: number, to: number): void => {
            const ns = to - Math.max(from, startNs);
            const key = `${waiter} ${holder} ${groupOf(lock)}`;
            if (ns > 0) wanted.set(key, (wanted.get(key) ?? 0) + ns);
          };
          for (const w of waitsOf(records, endNs)) {
            const decided = records[w.decided]?.t ?? endNs;
            // The holders change only at records, so that between two of them one look is enough.
            const times = [...new Set([w.since, ...records.map(({ t }) => t), decided])]
              .filter((t) => t >= w.since && t <= decided)
              .sort((a, b) => a - b);
            for (let i = 1; i < times.length; i++) {
              const [a, b] = [times[i - 1], times[i]];
              const by = holds.filter((h) => h.lock === w.lock && h.since <= a && h.until >= b);
              for (const holder of new Set(by.map((h) => h.thread))) charge(w.thread, holder, w.lock, a, b);
              if (by.length === 0) charge(w.thread, NO_THREAD, w.lock, a, b);
            }
            charge(w.thread, NO_THREAD, w.lock, decided, w.until);
          }
          const found = new Map(blame.pairs().map((p) => [`${p.waiter} ${p.holder} ${p.lock}`, p.ns]));
          expect(found).toEqual(wanted);

          // When the waits were that one holder kept one waiter in: as long as is charged to it, and apart.
          for (const { waiter, holder, lock, ns } of blame.pairs().slice(0, 3)) {
            const collector = new SpanCollector({ waiter, holder, lock });
            const again = new Blame(meta, { opening: openingAt(log, openAt), fromNs: startNs }, collector);
            feedPart(log, again, records.length);
            again.finish(endNs);
            const [spans, ...others] = collector.spans();
            expect([spans?.thread, others]).toEqual([waiter, []]);
            const bounds = [...(spans?.bounds ?? [])];
            expect(bounds.reduce((sum, t, i) => sum + (i % 2 === 0 ? -t : t), 0)).toBe(ns);
            for (let i = 1; i < bounds.length; i++) expect(bounds[i]).toBeGreaterThan(bounds[i - 1]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
