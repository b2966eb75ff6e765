import { describe, expect, it } from 'vitest';
import { Class, Flag, Kind, objectId, State } from '../event/index.ts';
import { MAX_PHASES } from './phases.ts';
import { buildReport, type LogReport } from './report.ts';
import { Statistics } from './statistics.ts';
import { LogBuilder, MM, MMAP, MUNMAP, tableId, testMeta } from './testing.ts';

const meta = testMeta({ mms: ['main'], threads: testMeta().threads.slice(0, 4) });
const { USER, KERNEL, SPIN, WAIT_READ, RUNNABLE } = State;
const W = Flag.WRITE;
const phase = (index: number): number => objectId(Class.PHASE, index);

function report(log: LogBuilder, endNs: number): LogReport {
  const statistics = new Statistics(meta);
  log.feed(statistics);
  statistics.finish(endNs);
  return buildReport(statistics, [{ id: 'main', rssPages: 3, presentPages: 3 }]);
}

/** The unmapper holds mmap_lock for writing, downgrades, and drops it once; a reader sleeps, another one spins. */
function munmapLog(): LogBuilder {
  const log = new LogBuilder();
  log.at(0).put(Kind.STATE, 0, USER).put(Kind.STATE, 1, USER).put(Kind.STATE, 2, USER);
  log.at(10).put(Kind.SYSCALL_ENTER, 0, KERNEL, MUNMAP, 100).put(Kind.SYSCALL_LENGTH, 0, KERNEL, 0, 50);
  log.put(Kind.PHASE, 0, KERNEL, phase(1));
  log.at(20).put(Kind.LOCK_GRANT, 0, KERNEL | W, MMAP, 0, 3);
  log.at(30).put(Kind.FAULT_ENTER, 1, KERNEL, MM, 120);
  log.at(35).put(Kind.LOCK_REQUEST, 1, WAIT_READ, MMAP, 1, 7);
  log.at(40).put(Kind.FAULT_ENTER, 2, KERNEL, MM, 150).put(Kind.LOCK_REQUEST, 2, SPIN, MMAP, 2, 8);
  log.at(50).put(Kind.PHASE, 0, KERNEL, phase(2)).put(Kind.LOCK_DOWNGRADE, 0, KERNEL, MMAP, 1, 4);
  log.put(Kind.LOCK_GRANT, 1, RUNNABLE | Flag.CONTENDED, MMAP, 2, 4);
  log.put(Kind.LOCK_GRANT, 2, KERNEL | Flag.CONTENDED | Flag.STEAL, MMAP, 3, 8);
  log.at(58).put(Kind.SWITCH, 1, KERNEL, 0, 1);
  log
    .at(60)
    .put(Kind.LOCK_RELEASE, 1, KERNEL, MMAP, 2)
    .put(Kind.FAULT_EXIT, 1, USER | Flag.FAIL, MM, 120);
  log.at(70).put(Kind.LOCK_RELEASE, 2, KERNEL, MMAP, 1).put(Kind.FAULT_EXIT, 2, USER, MM, 150);
  log
    .at(75)
    .put(Kind.LOCK_GRANT, 0, KERNEL | W, tableId(5))
    .put(Kind.PAGES, 0, KERNEL, tableId(5), -50);
  log
    .at(80)
    .put(Kind.LOCK_RELEASE, 0, KERNEL | W, tableId(5))
    .put(Kind.TLB_FLUSH, 0, KERNEL, MM, 2);
  log.at(85).put(Kind.LOCK_RELEASE, 0, KERNEL, MMAP, 0);
  log
    .at(90)
    .put(Kind.LOCK_GRANT, 0, KERNEL | W, MMAP, 0, 5)
    .put(Kind.TABLE_FREE, 0, KERNEL, tableId(5));
  log
    .at(95)
    .put(Kind.LOCK_RELEASE, 0, KERNEL | W, MMAP)
    .put(Kind.SYSCALL_EXIT, 0, USER, MUNMAP);
  return log;
}

describe('buildReport', () => {
  const result = report(munmapLog(), 1_000);

  it('tells where the time of threads went', () => {
    expect(result.threads[1]).toEqual({
      name: 'f0',
      cpu: 1,
      userNs: 30 + 940,
      kernelNs: 5 + 2,
      spinNs: 0,
      blockedNs: 15,
      runnableNs: 8,
      idleNs: 0,
    });
    expect(result.threads[3].idleNs).toBe(1_000);
  });

  it('tells waits and holds, with the longest of each', () => {
    const lock = result.locks[0];
    expect([lock.id, lock.label, lock.kind, lock.instances, lock.maxWaiters]).toEqual([
      'mmap_lock',
      'mmap_sem',
      'rwsem',
      1,
      2,
    ]);
    // Granted at 50 while asleep, running at 58.
    expect(lock.read.wait).toEqual({
      count: 2,
      totalNs: 23 + 10,
      p50Ns: 10,
      p99Ns: 23,
      maxNs: 23,
      max: { atNs: 35, thread: 'f0', line: 'a.kp:7', heldBy: ['unmapper (write)'] },
    });
    expect(lock.read.acquired).toBe(2);
    // Two granted and one by downgrade.
    expect(lock.read.hold.count).toBe(3);
    expect(lock.read.hold.max).toEqual({ atNs: 50, thread: 'unmapper', line: 'a.kp:4' });
    expect(lock.write.acquired).toBe(2);
    expect(lock.write.wait).toEqual({
      count: 0,
      totalNs: 0,
      p50Ns: null,
      p99Ns: null,
      maxNs: null,
      max: null,
    });
    expect(lock.write.hold.max).toEqual({ atNs: 20, thread: 'unmapper', line: 'a.kp:3' });
    expect(lock.write.hold.maxNs).toBe(30);
  });

  it('has one entry for declared locks and one for page-table locks', () => {
    expect(result.locks.map(({ id, kind, instances }) => [id, kind, instances])).toEqual([
      ['mmap_lock', 'rwsem', 1],
      ['sem', 'rwsem', 1],
      ['mutex', 'mutex', 1],
      ['ptl', 'spinlock', 1],
    ]);
    expect(result.locks[3].write.hold.totalNs).toBe(5);
    expect(result.locks[3].top).toEqual([]);
  });

  it('cuts phases where the mode changes', () => {
    expect(result.phases).toEqual({
      munmap: [
        { name: 'detach', mode: 'none', startNs: 10, ns: 10 },
        { name: 'detach', mode: 'write', startNs: 20, ns: 30 },
        { name: 'zap', mode: 'read', startNs: 50, ns: 35 },
        { name: 'zap', mode: 'none', startNs: 85, ns: 5 },
        { name: 'zap', mode: 'write', startNs: 90, ns: 5 },
      ],
    });
    expect(result.phasesDropped).toBeUndefined();
    expect(result.syscalls).toEqual({ munmap: { count: 1, latency: { p50Ns: 85, p99Ns: 85, maxNs: 85 } } });
  });

  it('places faults', () => {
    expect(result.faults).toEqual({
      count: 2,
      perSec: 2e6,
      segv: 1,
      latency: { p50Ns: 30, p99Ns: 30, maxNs: 30 },
      inRange: { count: 1, segv: 1, latency: { p50Ns: 30, p99Ns: 30, maxNs: 30 } },
      elsewhere: { count: 1, segv: 0, latency: { p50Ns: 30, p99Ns: 30, maxNs: 30 } },
    });
  });

  it('counts, and passes on what the world knows', () => {
    expect(result.counters).toEqual({
      pagesZapped: 50,
      tablesFreed: 1,
      tlbFlushes: 1,
      ipis: 2,
      contextSwitches: 1,
      lockDrops: 1,
      downgrades: 1,
      steals: 1,
      handoffs: 0,
      hungTasks: 0,
      named: {},
    });
    expect(result.mm).toEqual([{ id: 'main', rssPages: 3, presentPages: 3 }]);
  });

  it('has the members of the command line in their order, and nulls where nothing happened', () => {
    const empty = report(new LogBuilder(), 0);
    expect(Object.keys(empty)).toEqual([
      'threads',
      'locks',
      'mm',
      'syscalls',
      'phases',
      'faults',
      'counters',
    ]);
    expect(empty.locks.map(({ id }) => id)).toEqual(['mmap_lock', 'sem', 'mutex']);
    expect(empty.faults.latency).toEqual({ p50Ns: null, p99Ns: null, maxNs: null });
    expect(empty.faults.perSec).toBe(0);
  });

  it('counts what is unfinished with its length so far', () => {
    const log = new LogBuilder();
    log
      .at(0)
      .put(Kind.LOCK_GRANT, 0, KERNEL | W, MMAP)
      .put(Kind.SYSCALL_ENTER, 0, KERNEL, MUNMAP);
    log.at(100).put(Kind.FAULT_ENTER, 1, KERNEL, MM, 1).put(Kind.LOCK_REQUEST, 1, WAIT_READ, MMAP, 1);
    const { locks, faults, syscalls } = report(log, 500);
    expect(locks[0].write.hold.maxNs).toBe(500);
    expect([locks[0].read.wait.count, locks[0].read.wait.maxNs]).toEqual([1, 400]);
    expect([faults.count, faults.latency.maxNs, syscalls['munmap'].latency.maxNs]).toEqual([1, 400, 500]);
  });

  it('names four of many holders', () => {
    const five = { ...meta, threads: [...meta.threads, { name: 'w', cpu: null, mm: 0, daemon: false }] };
    const statistics = new Statistics(five);
    const log = new LogBuilder();
    for (const thread of [2, 0, 3, 1]) log.at(log.t + 1).put(Kind.LOCK_GRANT, thread, KERNEL, MMAP);
    log
      .at(9)
      .put(Kind.LOCK_GRANT, 2, KERNEL, MMAP)
      .put(Kind.LOCK_REQUEST, 4, SPIN | W, MMAP, 1);
    log.feed(statistics);
    statistics.finish(10);
    const [lock] = buildReport(statistics, []).locks;
    expect(lock.write.wait.max?.heldBy).toEqual(['f1 (read)', 'unmapper (read)', 'f2 (read)', 'f0 (read)']);
    expect(lock.read.acquired).toBe(5);
  });

  it('keeps a thousand phases and counts the others', () => {
    const log = new LogBuilder();
    log.put(Kind.SYSCALL_ENTER, 0, KERNEL, MUNMAP);
    for (let i = 0; i < MAX_PHASES + 7; i++) log.at(i).put(Kind.PHASE, 0, KERNEL, phase(1));
    const { phases, phasesDropped } = report(log, 2_000);
    expect(phases['munmap'].length).toBe(MAX_PHASES);
    expect(phasesDropped).toEqual({ munmap: 7 });
  });
});
