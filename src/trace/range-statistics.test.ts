import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Class, type EventRecord, Flag, groupOf, Kind, SEC, State } from '../event/index.ts';
import { callsOf, holdersAt, holdsOf, waitsOf } from './naive.ts';
import { feedPart, openingAt, partOf } from './part-testing.ts';
import { type Distribution, RangeStatistics, type RangeSummary } from './range-statistics.ts';
import { binOf, binStart, type SpanBin, SpanBins, spansOf } from './span-bins.ts';
import { LogBuilder, MMAP, MUNMAP, randomLog, testMeta } from './testing.ts';

const meta = testMeta();
const share = fc.double({ min: 0, max: 1, noNaN: true });

interface Span {
  thread: number;
  since: number;
  until: number;
}

function summaryOf(log: LogBuilder, openAt: number, fromNs: number, toNs: number): RangeSummary {
  const statistics = new RangeStatistics(meta, openingAt(log, openAt), fromNs, toNs);
  feedPart(log, statistics, log.records().filter(({ t }) => t < toNs).length);
  statistics.finish();
  return statistics.summary();
}

/** Runs a check on parts of random logs: the records before the end, and what is to be compared with them. */
function onRandomParts(check: (log: EventRecord[], s: RangeSummary) => void): void {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 1200 }),
      share,
      share,
      share,
      (seed, steps, a, b, c) => {
        const log = randomLog(seed, steps);
        const { fromNs, toNs, openAt } = partOf(log, a, b, c);
        check(
          log.records().filter(({ t }) => t < toNs),
          summaryOf(log, openAt, fromNs, toNs),
        );
      },
    ),
    { numRuns: 150 },
  );
}

function inPart<T extends { since: number; until: number }>(spans: readonly T[], s: RangeSummary): T[] {
  return spans.filter(({ since, until }) => until > s.fromNs || since >= s.fromNs);
}

function rank(lengths: readonly number[], p: number): number | null {
  if (lengths.length === 0) return null;
  return lengths.toSorted((a, b) => a - b)[Math.max(1, Math.ceil((p / 100) * lengths.length)) - 1];
}

function expectNear(found: number | null, wanted: number | null): void {
  if (wanted === null) expect(found).toBeNull();
  else expect(Math.abs((found as number) - wanted)).toBeLessThanOrEqual(wanted / 100);
}

function expectDistribution(d: Distribution, spans: readonly Span[]): void {
  const lengths = spans.map(({ since, until }) => until - since);
  expect([d.count, d.totalNs]).toEqual([spans.length, lengths.reduce((a, b) => a + b, 0)]);
  expectNear(d.p50Ns, rank(lengths, 50));
  expectNear(d.p99Ns, rank(lengths, 99));
  expect(d.maxNs).toBe(rank(lengths, 100));
  const { longest } = d;
  if (longest === null) expect(spans).toEqual([]);
  else {
    const fits = spans.some(
      (x) => x.thread === longest.thread && x.since === longest.atNs && x.until - x.since === d.maxNs,
    );
    expect(fits).toBe(true);
  }
  expectBins(d.bins, spans);
}

/** Bins tile the lengths without overlap, and each knows its members and where they lie. */
function expectBins(bins: readonly SpanBin[], spans: readonly Span[]): void {
  let counted = 0;
  bins.forEach((bin, i) => {
    if (i > 0) expect(bin.fromNs).toBe(bins[i - 1].toNs);
    const own = spans.filter((s) => s.until - s.since >= bin.fromNs && s.until - s.since < bin.toNs);
    expect(bin.count).toBe(own.length);
    counted += own.length;
    if (own.length === 0) return;
    expect(bin.firstNs).toBe(Math.min(...own.map(({ since }) => since)));
    expect(bin.lastNs).toBe(Math.max(...own.map(({ until }) => until)));
    expect(spansOf(bin).length).toBeGreaterThanOrEqual(Math.min(32, own.length));
    for (const { thread, fromNs, toNs } of spansOf(bin)) {
      expect(own.some((s) => s.thread === thread && s.since === fromNs && s.until === toNs)).toBe(true);
    }
  });
  expect(counted).toBe(spans.length);
}

describe('RangeStatistics', () => {
  it('counts waits and holds that were under way in the range, over random parts of random logs', () => {
    onRandomParts((log, s) => {
      const waits = inPart(waitsOf(log, s.toNs), s);
      const holds = inPart(holdsOf(log, s.toNs), s);
      expect(new Set(s.locks.map(({ lock }) => lock))).toEqual(
        new Set([...waits, ...holds].map(({ lock }) => groupOf(lock))),
      );
      for (const { lock, waitedNs, read, write } of s.locks) {
        const within = waits
          .filter((wait) => groupOf(wait.lock) === lock)
          .map(({ since, until }) => until - Math.max(since, s.fromNs));
        expect(waitedNs).toBe(within.reduce((a, b) => a + b, 0));
        for (const mode of [read, write]) {
          const own = <T extends { lock: number; write: boolean }>(all: readonly T[]): T[] =>
            all.filter((x) => groupOf(x.lock) === lock && x.write === (mode === write));
          expectDistribution(mode.wait, own(waits));
          expectDistribution(mode.hold, own(holds));
        }
      }
    });
  });

  it('counts faults, and time in munmap by phase and lock', () => {
    onRandomParts((log, s) => {
      const under = (enter: number, exit: number) =>
        inPart(
          callsOf(log, enter, exit, s.toNs).map((c) => ({
            ...c,
            since: c.record.t,
            until: c.record.t + c.ns,
          })),
          s,
        );
      const faults = under(Kind.FAULT_ENTER, Kind.FAULT_EXIT);
      const lengths = faults.map(({ ns }) => ns);
      expect(s.faults.count).toBe(faults.length);
      expect(s.faults.segv).toBe(faults.filter(({ exit }) => ((exit?.flags ?? 0) & Flag.FAIL) !== 0).length);
      const begun = faults.filter(({ since }) => since >= s.fromNs).length;
      expect(s.faults.perSec).toBeCloseTo((begun * SEC) / (s.toNs - s.fromNs), 6);
      expectNear(s.faults.p99Ns, rank(lengths, 99));
      expect(s.faults.maxNs).toBe(rank(lengths, 100));

      const calls = under(Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT).filter(
        ({ record }) => record.object === MUNMAP,
      );
      expect(s.munmap.calls).toBe(calls.length);
      const clipped = calls.map(({ since, until }) => until - Math.max(since, s.fromNs));
      expect(s.munmap.ns).toBe(clipped.reduce((a, b) => a + b, 0));
      expect(s.munmap.phases.reduce((sum, { ns }) => sum + ns, 0)).toBe(s.munmap.ns);
      expect(phaseTimes(log, s)).toEqual(
        new Map(s.munmap.phases.flatMap((p) => (p.phase === 0 ? [] : [[`${p.phase} ${p.mode}`, p.ns]]))),
      );
    });
  });

  it('counts what has no length where the range begins, and not after that', () => {
    const log = new LogBuilder();
    log.at(50).put(Kind.LOCK_GRANT, 0, State.KERNEL, MMAP);
    log.put(Kind.LOCK_RELEASE, 0, State.KERNEL, MMAP);
    expect(summaryOf(log, 0, 50, 60).locks[0]?.read.hold).toMatchObject({ count: 1, maxNs: 0 });
    expect(summaryOf(log, 0, 51, 60).locks).toEqual([]);
    expect(summaryOf(log, 0, 40, 50).locks).toEqual([]);
  });

  it('knows the wait of a thread that owned the lock before the range and runs in it', () => {
    const log = new LogBuilder();
    log.at(10).put(Kind.LOCK_REQUEST, 1, State.WAIT_READ, MMAP, 1, 4);
    log.at(20).put(Kind.LOCK_GRANT, 1, State.RUNNABLE | Flag.CONTENDED, MMAP, 1);
    log.at(40).put(Kind.SWITCH, 1, State.KERNEL);
    for (const openAt of [0, 1, 2]) {
      const { wait } = summaryOf(log, openAt, 30, 50).locks[0].read;
      expect(wait).toMatchObject({ count: 1, maxNs: 30, longest: { thread: 1, atNs: 10, site: 4 } });
    }
  });

  it('knows what began long before the range', () => {
    const log = new LogBuilder();
    log.at(10).put(Kind.SYSCALL_ENTER, 0, State.KERNEL, MUNMAP, 5);
    log.at(20).put(Kind.LOCK_GRANT, 0, State.KERNEL | Flag.WRITE, MMAP, 0, 3);
    log.put(Kind.PHASE, 0, State.KERNEL, (Class.PHASE << 28) | 2);
    log.at(30).put(Kind.FAULT_ENTER, 1, State.KERNEL, 0, 7);
    log.put(Kind.LOCK_REQUEST, 1, State.WAIT_READ, MMAP, 1);
    log.at(90).put(Kind.LOCK_RELEASE, 0, State.KERNEL | Flag.WRITE, MMAP);
    const s = summaryOf(log, 4, 50, 60);
    expect(s.locks[0]).toMatchObject({
      lock: MMAP,
      write: { hold: { maxNs: 40, longest: { thread: 0, atNs: 20, site: 3 } } },
    });
    expect(s.munmap).toEqual({ calls: 1, ns: 10, phases: [{ phase: 2, mode: 'write', ns: 10 }] });
    expect(s.faults).toMatchObject({ count: 1, perSec: 0, maxNs: 30 });
    expect(s.locks[0].read.wait).toMatchObject({ count: 1, maxNs: 30, longest: { thread: 1, atNs: 30 } });
    expect(s.locks[0].read.wait.bins).toEqual([
      {
        fromNs: 24,
        toNs: 32,
        count: 1,
        firstNs: 30,
        lastNs: 60,
        members: Float64Array.of(1, 30, 60),
      },
    ]);
    expect(summaryOf(log, 6, 100, 110).locks).toEqual([expect.objectContaining({ lock: MMAP })]);
    expect(summaryOf(log, 0, 0, 5).locks).toEqual([]);
  });
});

/** Time in phases of munmap, by searching back from every record for the phase and the holds in force before it. */
function phaseTimes(log: readonly EventRecord[], s: RangeSummary): Map<string, number> {
  const holds = holdsOf(log, s.toNs);
  const times = new Map<string, number>();
  meta.threads.forEach(({ mm }, thread) => {
    const lock = ((Class.MMAP_LOCK << 28) | mm) >>> 0;
    log.forEach((_, i) => {
      const next = log[i + 1]?.t ?? s.toNs;
      const ns = next - Math.max(log[i].t, s.fromNs);
      if (ns <= 0) return;
      const last = log.findLast(
        (r, k) => k <= i && r.thread === thread && (r.kind === Kind.PHASE || isCall(r)),
      );
      if (last?.kind !== Kind.PHASE || (last.object & 0xff) === 0) return;
      const call = log.findLast((r, k) => k <= i && r.thread === thread && isCall(r));
      if (call?.kind !== Kind.SYSCALL_ENTER || call.object !== MUNMAP) return;
      const own = holdersAt(holds, lock, i + 1).filter((h) => h.thread === thread);
      const mode = own.some((h) => h.write) ? 'write' : own.length > 0 ? 'read' : 'none';
      const key = `${last.object & 0xff} ${mode}`;
      times.set(key, (times.get(key) ?? 0) + ns);
    });
  });
  return times;
}

function isCall(r: EventRecord): boolean {
  return r.kind === Kind.SYSCALL_ENTER || r.kind === Kind.SYSCALL_EXIT;
}

describe('SpanBins', () => {
  it('puts every length into the bin that it lies in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 53 - 1 }), (ns) => {
        const bin = binOf(ns);
        expect(binStart(bin)).toBeLessThanOrEqual(ns);
        expect(binStart(bin === 1 ? 3 : bin + 1)).toBeGreaterThan(ns);
      }),
    );
    for (const k of [1, 29, 30, 31, 44, 52]) {
      expect(binStart(binOf(2 ** k))).toBe(2 ** k);
      expect(binStart(binOf(2 ** k - 1))).toBeLessThan(2 ** k);
    }
  });

  it('names spans evenly where there are too many', () => {
    const bins = new SpanBins();
    for (let i = 0; i < 1000; i++) bins.add(i % 7, i * 100, i * 100 + 10);
    const [bin] = bins.bins();
    expect(bin.count).toBe(1000);
    expect([bin.firstNs, bin.lastNs]).toEqual([0, 99_910]);
    const spans = spansOf(bin);
    expect(spans.length).toBeGreaterThanOrEqual(32);
    expect(spans.length).toBeLessThanOrEqual(64);
    const gaps = spans.slice(1).map((s, i) => s.fromNs - spans[i].fromNs);
    expect(new Set(gaps).size).toBe(1);
  });
});
