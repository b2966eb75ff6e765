import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Class,
  type EventRecord,
  Flag,
  Kind,
  MANY_NAMES,
  manyOf,
  objectName,
  State,
  siteLabel,
} from '../event/index.ts';
import {
  callsOf,
  faultInRange,
  type Hold,
  holdersAt,
  holdsOf,
  inMunmap,
  stateNs,
  statesOf,
  waitsOf,
} from './naive.ts';
import { buildReport, type LogReport } from './report.ts';
import { Statistics } from './statistics.ts';
import { type LogBuilder, randomLog, testMeta } from './testing.ts';

const meta = testMeta();
const logs = fc.record({ seed: fc.integer(), steps: fc.integer({ min: 1, max: 1500 }) });
const RUNS = 40;

function reportOf(log: LogBuilder, endNs: number, piece: number): LogReport {
  const statistics = new Statistics(meta);
  log.feed(statistics, piece);
  statistics.finish(endNs);
  return buildReport(statistics, []);
}

/** Runs a check on random logs: the records, the report over them, and the end time. */
function onRandomLogs(check: (log: EventRecord[], report: LogReport, endNs: number) => void): void {
  fc.assert(
    fc.property(
      logs,
      fc.integer({ min: 1, max: 200 }),
      fc.constantFrom(1, 5000),
      ({ seed, steps }, piece, rest) => {
        const log = randomLog(seed, steps);
        const endNs = log.t + rest;
        check(log.records(), reportOf(log, endNs, piece), endNs);
      },
    ),
    { numRuns: RUNS },
  );
}

function rank(lengths: readonly number[], p: number): number | null {
  if (lengths.length === 0) return null;
  return lengths.toSorted((a, b) => a - b)[Math.max(1, Math.ceil((p / 100) * lengths.length)) - 1];
}

interface Latency {
  p50Ns: number | null;
  p99Ns: number | null;
  maxNs: number | null;
}

function expectLatency(found: Latency, lengths: readonly number[]): void {
  expect(found.maxNs).toBe(rank(lengths, 100));
  for (const [p, value] of [
    [50, found.p50Ns],
    [99, found.p99Ns],
  ] as const) {
    const wanted = rank(lengths, p);
    if (wanted === null) expect(value).toBeNull();
    else expect(Math.abs((value as number) - wanted)).toBeLessThanOrEqual(wanted / 100);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0);
const entryOf = (lock: number): string => MANY_NAMES[manyOf(lock)]?.id ?? objectName(lock, meta);
const named = (h: Hold): string => `${meta.threads[h.thread].name} (${h.write ? 'write' : 'read'})`;

describe('Statistics over random logs', () => {
  it('splits the whole time of every thread by its states', () => {
    onRandomLogs((log, report, endNs) => {
      report.threads.forEach((thread, i) => {
        const ns = stateNs(statesOf(log, i), 0, endNs);
        expect(thread).toEqual({
          name: meta.threads[i].name,
          cpu: i,
          userNs: ns[State.USER],
          kernelNs: ns[State.KERNEL],
          spinNs: ns[State.SPIN],
          blockedNs: ns[State.WAIT_READ] + ns[State.WAIT_WRITE],
          runnableNs: ns[State.RUNNABLE],
          idleNs: ns[State.IDLE] + ns[State.DONE],
        });
        expect(sum(ns)).toBe(endNs);
      });
    });
  });

  it('sums waits and holds of every lock and finds the longest', () => {
    onRandomLogs((log, report, endNs) => {
      const waits = waitsOf(log, endNs);
      const holds = holdsOf(log, endNs);
      for (const lock of report.locks) {
        const own = <T extends { lock: number }>(all: readonly T[]): T[] =>
          all.filter((x) => entryOf(x.lock) === lock.id);
        for (const write of [false, true]) {
          const mode = write ? lock.write : lock.read;
          const w = own(waits).filter((x) => x.write === write);
          const h = own(holds).filter((x) => x.write === write);
          expect(mode.acquired).toBe(h.filter((x) => x.from === x.granted).length);
          const waitLengths = w.map((x) => x.until - x.since);
          const holdLengths = h.map((x) => x.until - x.since);
          expect([mode.wait.count, mode.wait.totalNs]).toEqual([w.length, sum(waitLengths)]);
          expect([mode.hold.count, mode.hold.totalNs]).toEqual([h.length, sum(holdLengths)]);
          expectLatency(mode.wait, waitLengths);
          expectLatency(mode.hold, holdLengths);
          const longest = w.filter((x) => x.until - x.since === mode.wait.maxNs);
          if (longest.length === 0) expect(mode.wait.max).toBeNull();
          else {
            expect(longest.map((x) => describeWait(x, holds))).toContainEqual(mode.wait.max);
          }
          const kept = h.filter((x) => x.until - x.since === mode.hold.maxNs);
          if (kept.length === 0) expect(mode.hold.max).toBeNull();
          else {
            expect(
              kept.map((x) => ({
                atNs: x.since,
                thread: meta.threads[x.thread].name,
                line: siteLabel(x.site, meta),
              })),
            ).toContainEqual(mode.hold.max);
          }
        }
        expect(lock.maxWaiters).toBe(mostWaiters(own(waits), log.length));
      }
    });
  });

  function describeWait(x: ReturnType<typeof waitsOf>[number], holds: readonly Hold[]) {
    return {
      atNs: x.since,
      thread: meta.threads[x.thread].name,
      line: siteLabel(x.site, meta),
      heldBy: holdersAt(holds, x.lock, x.from).slice(0, 4).map(named),
    };
  }

  function mostWaiters(waits: ReturnType<typeof waitsOf>, length: number): number {
    let most = 0;
    for (let i = 0; i < length; i++) {
      for (const lock of new Set(waits.map((w) => w.lock))) {
        const now = waits.filter((w) => w.lock === lock && w.from <= i && w.decided > i);
        most = Math.max(most, now.length);
      }
    }
    return most;
  }

  it.each([
    ['page-table locks', 'ptl', Class.TABLE],
    ['per-VMA locks', 'vm_lock', Class.VMA_LOCK],
  ] as const)('counts %s as one class with its most contended', (_, name, cls) => {
    onRandomLogs((log, report, endNs) => {
      const grants = log.filter((r) => r.kind === Kind.LOCK_GRANT && r.object >>> 28 === cls);
      const ptl = report.locks.find(({ id }) => id === name);
      expect(ptl?.instances ?? 0).toBe(new Set(grants.map((r) => r.object)).size);
      const over = waitsOf(log, endNs).filter((w) => w.lock >>> 28 === cls && w.until < endNs);
      const top = [...new Set(over.map((w) => w.lock))].map((lock) => {
        const lengths = over.filter((w) => w.lock === lock).map((w) => w.until - w.since);
        return {
          id: objectName(lock, meta),
          label: objectName(lock, meta).replace('ptl:', 'page table '),
          acquired: grants.filter((r) => r.object === lock).length,
          waitTotalNs: sum(lengths),
          maxWaitNs: Math.max(...lengths),
        };
      });
      const byName = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
      expect((ptl?.top ?? []).toSorted(byName)).toEqual(top.toSorted(byName));
      const totals = (ptl?.top ?? []).map(({ waitTotalNs }) => waitTotalNs);
      expect(totals).toEqual(totals.toSorted((a, b) => b - a));
    });
  });

  it('measures syscalls and faults and places the faults', () => {
    onRandomLogs((log, report, endNs) => {
      const calls = callsOf(log, Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT, endNs);
      meta.syscalls.forEach((name, i) => {
        const own = calls.filter(({ record }) => (record.object & 0xff) === i).map(({ ns }) => ns);
        expect(report.syscalls[name]?.count ?? 0).toBe(own.length);
        if (own.length > 0) expectLatency(report.syscalls[name].latency, own);
      });
      const faults = callsOf(log, Kind.FAULT_ENTER, Kind.FAULT_EXIT, endNs);
      const failed = (f: (typeof faults)[number]): boolean => ((f.exit?.flags ?? 0) & Flag.FAIL) !== 0;
      const check = (found: LogReport['faults']['inRange'], own: typeof faults): void => {
        expect([found.count, found.segv]).toEqual([own.length, own.filter(failed).length]);
        expectLatency(
          found.latency,
          own.map(({ ns }) => ns),
        );
      };
      check(report.faults, faults);
      check(
        report.faults.inRange,
        faults.filter(({ from }) => faultInRange(log, from, meta)),
      );
      check(
        report.faults.elsewhere,
        faults.filter(({ from }) => !faultInRange(log, from, meta)),
      );
      expect(report.faults.perSec).toBeCloseTo(faults.length / (endNs / 1e9), 6);
    });
  });

  /** How a thread holds its mmap_lock behind a position of the log. */
  function modeBehind(holds: readonly Hold[], thread: number, at: number): 'none' | 'read' | 'write' {
    const lock = (Class.MMAP_LOCK << 28) | meta.threads[thread].mm;
    const own = holdersAt(holds, lock, at + 1).filter((h) => h.thread === thread && h.to > at);
    if (own.length === 0) return 'none';
    return own.some((h) => h.write) ? 'write' : 'read';
  }

  it('cuts syscalls into phases by name and by mode', () => {
    onRandomLogs((log, report, endNs) => {
      const holds = holdsOf(log, endNs);
      const wanted: Record<string, object[]> = {};
      for (const { record, from, to } of callsOf(log, Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT, endNs)) {
        const name = meta.syscalls[record.object & 0xff];
        for (let i = from; i < Math.min(to, log.length); i++) {
          if (log[i].kind !== Kind.PHASE || log[i].thread !== record.thread || (log[i].object & 0xff) === 0)
            continue;
          let end = i + 1;
          while (end < Math.min(to, log.length)) {
            if (log[end].kind === Kind.PHASE && log[end].thread === record.thread) break;
            end++;
          }
          const pieces: { mode: string; startNs: number; ns: number }[] = [];
          for (let k = i; k < end; k++) {
            const mode = modeBehind(holds, record.thread, k);
            const last = pieces.at(-1);
            if (last !== undefined) last.ns = log[k].t - last.startNs;
            if (last === undefined || last.mode !== mode) pieces.push({ mode, startNs: log[k].t, ns: 0 });
          }
          const last = pieces[pieces.length - 1];
          last.ns = (log[end]?.t ?? endNs) - last.startNs;
          const lasting = pieces.filter(({ ns }) => ns > 0);
          const phase = meta.phases[log[i].object & 0xff];
          for (const piece of lasting.length > 0 ? lasting : [last]) {
            wanted[name] ??= [];
            wanted[name].push({ name: phase, ...piece });
          }
        }
      }
      for (const name of meta.syscalls) {
        const found = (report.phases[name] ?? []).map((x) => JSON.stringify(x));
        const rest = (wanted[name] ?? []).map(({ ...x }) => JSON.stringify(x));
        expect(found.toSorted()).toEqual(rest.toSorted());
      }
    });
  });

  it('counts', () => {
    onRandomLogs((log, report, endNs) => {
      const of = (kind: number): EventRecord[] => log.filter((r) => r.kind === kind);
      const holds = holdsOf(log, endNs);
      let lockDrops = 0;
      for (const { record, from, to } of callsOf(log, Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT, endNs)) {
        const { thread } = record;
        if (!inMunmap(log, thread, from + 1, meta)) continue;
        let dropped = false;
        for (let i = from; i < Math.min(to, log.length); i++) {
          const r = log[i];
          if (r.thread !== thread || r.object >>> 28 !== Class.MMAP_LOCK) continue;
          if ((r.object & 0xff) !== meta.threads[thread].mm) continue;
          if (r.kind === Kind.LOCK_RELEASE && modeBehind(holds, thread, i) === 'none') dropped = true;
          else if (dropped && (r.kind === Kind.LOCK_GRANT || r.kind === Kind.LOCK_REQUEST)) {
            dropped = false;
            lockDrops++;
          }
        }
      }
      expect(report.counters).toEqual({
        pagesZapped: sum(of(Kind.PAGES).map((r) => Math.max(0, -(r.arg | 0)))),
        tablesFreed: of(Kind.TABLE_FREE).length,
        tlbFlushes: of(Kind.TLB_FLUSH).length,
        ipis: sum(of(Kind.TLB_FLUSH).map((r) => r.arg)),
        contextSwitches: of(Kind.SWITCH).length,
        lockDrops,
        downgrades: of(Kind.LOCK_DOWNGRADE).length,
        steals: of(Kind.LOCK_GRANT).filter((r) => (r.flags & Flag.STEAL) !== 0).length,
        handoffs: of(Kind.LOCK_GRANT).filter((r) => (r.flags & Flag.HANDOFF) !== 0).length,
        hungTasks: of(Kind.HUNG).length,
        named: Object.fromEntries(
          meta.counters.slice(1).map((name, i) => {
            const last = of(Kind.COUNTER).findLast((r) => (r.object & 0xff) === i + 1);
            return [name, last?.arg ?? 0];
          }),
        ),
      });
    });
  });

  it('reports in the middle of a run what it would report had it ended there', () => {
    fc.assert(
      fc.property(logs, ({ seed, steps }) => {
        const log = randomLog(seed, steps);
        const [chunk] = log.chunks;
        const half = chunk.count >> 1;
        const whole = new Statistics(meta);
        whole.add(chunk, 0, half);
        const cut = new Statistics(meta);
        cut.add(chunk, 0, half);
        const early = buildReport(whole, []);
        cut.finish(cut.endNs);
        expect(buildReport(cut, [])).toEqual(early);
        whole.add(chunk, half, chunk.count);
        whole.finish(log.t);
        expect(buildReport(whole, [])).toEqual(reportOf(log, log.t, 5000));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('Statistics over any bytes', () => {
  it('neither throws nor loses time, whatever the records say', () => {
    const anything = fc.array(
      fc.tuple(
        fc.nat({ max: 60 }),
        fc.nat({ max: 6 }),
        fc.nat({ max: 255 }),
        fc.integer(),
        fc.nat(),
        fc.nat({ max: 30 }),
      ),
      { maxLength: 800, size: 'max' },
    );
    fc.assert(
      fc.property(anything, (rows) => {
        const log = randomLog(0, 0);
        for (const [kind, thread, flags, object, arg, site] of rows) {
          // Half of the ids are those of locks that exist, so that the protocol is broken in more than one way.
          const id = object & 1 ? object >>> 0 : ((1 + (object & 2)) << 28) >>> 0;
          log.at(log.t + (arg % 5)).put(kind, thread === 6 ? 0xffff : thread, flags, id, arg, site);
        }
        const report = reportOf(log, log.t + 1, 100);
        for (const { name: _name, cpu: _cpu, ...ns } of report.threads)
          expect(sum(Object.values(ns))).toBe(log.t + 1);
        for (const { read, write } of report.locks) {
          for (const part of [read.wait, read.hold, write.wait, write.hold])
            expect(part.totalNs).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
