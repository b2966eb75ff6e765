import { describe, expect, it } from 'vitest';
import { Class, Flag, Kind, MmLock, NO_THREAD, objectId, State } from '../event/index.ts';
import { laneNamed, read, shapes } from './chrome-testing.ts';
import { LogBuilder, MM, MMAP, MUTEX, SEM, tableId, vmaLock } from './testing.ts';

const { USER, KERNEL, SPIN, WAIT_WRITE, RUNNABLE } = State;
const W = Flag.WRITE;
const C = Flag.CONTENDED;

describe('locks', () => {
  it('have a lane for the writer and one for each reader beside others', () => {
    const log = new LogBuilder()
      .put(Kind.LOCK_GRANT, 0, KERNEL | W, SEM)
      .at(10)
      .put(Kind.LOCK_DOWNGRADE, 0, KERNEL, SEM, 1)
      .put(Kind.LOCK_GRANT, 1, KERNEL, SEM, 2)
      .at(12)
      .put(Kind.LOCK_RELEASE, 0, KERNEL, SEM, 1)
      .put(Kind.LOCK_GRANT, 2, KERNEL, SEM, 2)
      .at(20)
      .put(Kind.LOCK_RELEASE, 1, KERNEL, SEM, 1)
      .put(Kind.LOCK_RELEASE, 2, KERNEL, SEM, 0);
    const trace = read(log, 30);
    expect(trace.processes).toEqual(
      new Map([
        [1, 'threads'],
        [2, 'locks'],
      ]),
    );
    expect(shapes(laneNamed(trace, 'sem'))).toEqual(['W by unmapper 0-10']);
    expect(laneNamed(trace, 'sem').slices[0].args['downgraded']).toBe(true);
    expect(shapes(laneNamed(trace, 'sem reader 1'))).toEqual(['R by unmapper 10-12', 'R by f1 12-20']);
    expect(shapes(laneNamed(trace, 'sem reader 2'))).toEqual(['R by f0 10-20']);
    expect(trace.lanes.filter((l) => l.pid === 2 && l.sort >= 0).map((l) => l.name)).toEqual([
      'mmap_lock',
      'sem',
      'sem reader 1',
      'sem reader 2',
      'mutex',
    ]);
  });

  it('of page tables show the holds that somebody waited for, and no others', () => {
    const log = new LogBuilder()
      .put(Kind.LOCK_GRANT, 0, KERNEL | W, tableId(1))
      .put(Kind.LOCK_GRANT, 1, KERNEL | W, tableId(2))
      .at(3)
      .put(Kind.LOCK_REQUEST, 2, SPIN | W, tableId(2), 1)
      .put(Kind.LOCK_REQUEST, 3, SPIN | W, tableId(2), 2)
      .at(9)
      .put(Kind.LOCK_RELEASE, 1, KERNEL | W, tableId(2))
      .put(Kind.LOCK_RELEASE, 0, KERNEL | W, tableId(1))
      .at(10)
      .put(Kind.LOCK_GRANT, 2, KERNEL | W | C, tableId(2))
      .at(14)
      .put(Kind.LOCK_RELEASE, 2, KERNEL | W, tableId(2))
      .at(15)
      .put(Kind.LOCK_GRANT, 3, KERNEL | W | C, tableId(2))
      .at(18)
      .put(Kind.LOCK_RELEASE, 3, KERNEL | W, tableId(2));
    const trace = read(log, 20);
    const lanes = trace.lanes.filter((lane) => lane.pid === 3 && lane.sort >= 0);
    expect(lanes.map((lane) => [lane.name, ...shapes(lane)])).toEqual([
      ['ptl:0x400000', 'W by f0 0-9', 'W by f1 10-14'],
    ]);
    expect(trace.processes.get(3)).toBe('page-table locks waited for');
    expect([...trace.counters.keys()].filter((key) => key.includes('ptl'))).toEqual([]);
  });

  it('of VMAs do the same, and further locks of an mm have a lane for every holder once they are taken', () => {
    const range = objectId(Class.MM_LOCK, MmLock.RANGE_LOCK);
    const log = new LogBuilder()
      .put(Kind.LOCK_GRANT, 0, KERNEL, vmaLock(3))
      .put(Kind.LOCK_GRANT, 1, KERNEL, vmaLock(4))
      .at(3)
      .put(Kind.LOCK_REQUEST, 2, WAIT_WRITE | W, vmaLock(3), 1)
      .put(Kind.LOCK_GRANT, 3, KERNEL | W, range)
      .put(Kind.LOCK_GRANT, 4, KERNEL | W, range)
      .at(9)
      .put(Kind.LOCK_RELEASE, 0, KERNEL, vmaLock(3))
      .put(Kind.LOCK_GRANT, 2, KERNEL | W | C, vmaLock(3))
      .put(Kind.LOCK_RELEASE, 4, KERNEL | W, range);
    const trace = read(log, 20);
    const lanes = trace.lanes.filter((lane) => lane.pid === 4 && lane.sort >= 0);
    expect(lanes.map((lane) => [lane.name, ...shapes(lane)])).toEqual([['vm_lock:3', 'R by unmapper 0-9']]);
    expect(trace.processes.get(4)).toBe('per-VMA locks waited for');
    expect(shapes(laneNamed(trace, 'range_lock'))).toEqual(['W by f2 3-20']);
    expect(shapes(laneNamed(trace, 'range_lock holder 1'))).toEqual(['W by other 3-9']);
    expect(trace.lanes.some(({ name }) => name.startsWith('mm_rb_lock'))).toBe(false);
    expect([...trace.counters.keys()].filter((key) => /vm_lock|range_lock/.test(key))).toEqual([]);
  });

  it('that two threads write at once, in a broken trace, still have lanes that nest', () => {
    const log = new LogBuilder();
    [SEM, tableId(1)].forEach((lock, i) => {
      log
        .at(10 * i)
        .put(Kind.LOCK_GRANT, 0, KERNEL | W, lock)
        .at(10 * i + 1)
        .put(Kind.LOCK_GRANT, 1, KERNEL | W, lock)
        .put(Kind.LOCK_REQUEST, 2, SPIN | W, lock)
        .at(10 * i + 5)
        .put(Kind.LOCK_RELEASE, 0, KERNEL | W, lock)
        .at(10 * i + 9)
        .put(Kind.LOCK_RELEASE, 1, KERNEL | W, lock)
        .put(Kind.LOCK_CANCEL, 2, KERNEL | W, lock);
    });
    const trace = read(log, 20);
    expect(shapes(laneNamed(trace, 'sem'))).toEqual(['W by unmapper 0-5']);
    expect(shapes(laneNamed(trace, 'sem reader 1'))).toEqual(['W by f0 1-9']);
    expect(shapes(laneNamed(trace, 'ptl:0x200000'))).toEqual(['W by unmapper 10-15']);
  });

  it('that a spinner gets have an arrow from the release; a release outside of slices has none', () => {
    const log = new LogBuilder()
      .put(Kind.FAULT_ENTER, 0, KERNEL, MM, 3)
      .at(1)
      .put(Kind.LOCK_GRANT, 0, KERNEL | W, MUTEX)
      .at(2)
      .put(Kind.LOCK_REQUEST, 1, SPIN | W, MUTEX, 1)
      .put(Kind.LOCK_REQUEST, 2, SPIN | W, MUTEX, 2)
      .at(9)
      .put(Kind.LOCK_RELEASE, 0, KERNEL | W, MUTEX)
      .at(12)
      .put(Kind.LOCK_GRANT, 1, USER | W | C, MUTEX)
      .at(14)
      .put(Kind.LOCK_RELEASE, 1, USER | W, MUTEX)
      .at(15)
      .put(Kind.LOCK_GRANT, 2, USER | W | C, MUTEX)
      .at(20)
      .put(Kind.FAULT_EXIT, 0, USER, MM, 3);
    expect(
      read(log, 20).flows.map(({ name, from, to }) => [name, from.lane.name, from.t, to.lane.name, to.t]),
    ).toEqual([['release', 'unmapper (CPU 0)', 9, 'f0 (CPU 1)', 11]]);
  });

  it('have no arrow from the very end of a call', () => {
    const log = new LogBuilder()
      .put(Kind.FAULT_ENTER, 0, KERNEL, MM, 3)
      .put(Kind.LOCK_GRANT, 0, KERNEL | W, MUTEX)
      .at(2)
      .put(Kind.LOCK_REQUEST, 1, SPIN | W, MUTEX, 1)
      .put(Kind.LOCK_REQUEST, 2, WAIT_WRITE | W, SEM, 1)
      .at(9)
      .put(Kind.LOCK_RELEASE, 0, KERNEL | W, MUTEX)
      .put(Kind.WAKE, 0, KERNEL, SEM, 2)
      .put(Kind.FAULT_EXIT, 0, USER, MM, 3)
      .put(Kind.FAULT_ENTER, 0, KERNEL, MM, 4)
      .at(12)
      .put(Kind.LOCK_GRANT, 1, KERNEL | W | C, MUTEX)
      .put(Kind.LOCK_GRANT, 2, KERNEL | W | C, SEM);
    expect(read(log, 20).flows).toEqual([]);
  });

  it('leave marks for steals, hand-overs, demands and failed trylocks', () => {
    const log = new LogBuilder()
      .put(Kind.LOCK_GRANT, 0, KERNEL | W | Flag.STEAL, MMAP)
      .at(1)
      .put(Kind.LOCK_REQUEST, 1, WAIT_WRITE | W, MMAP, 1)
      .at(2)
      .put(Kind.LOCK_DEMAND, 1, WAIT_WRITE | W, MMAP, 1)
      .put(Kind.LOCK_TRY_FAIL, 2, KERNEL, MMAP)
      .at(3)
      .put(Kind.LOCK_RELEASE, 0, KERNEL | W, MMAP)
      .put(Kind.LOCK_GRANT, 1, RUNNABLE | W | C | Flag.HANDOFF, MMAP);
    const marks = read(log, 9).lanes.flatMap(({ name: lane, instants }) =>
      instants.map(({ name, t }) => `${lane}: ${name} ${t}`),
    );
    expect(marks).toEqual([
      'unmapper (CPU 0): steal mmap_lock (W) 0',
      'f0 (CPU 1): demand mmap_lock (W) 2',
      'f0 (CPU 1): hand-over mmap_lock (W) 3',
      'f1 (CPU 2): trylock failed mmap_lock (R) 2',
    ]);
  });
});

describe('memory', () => {
  it('leaves marks and counters', () => {
    const vma = objectId(Class.VMA, 3);
    const log = new LogBuilder()
      .put(Kind.VMA_LINK, NO_THREAD, 0, vma, 512)
      .put(Kind.RSS, NO_THREAD, 0, MM, 4)
      .at(2)
      .put(Kind.VMA_DETACH, 0, KERNEL, vma, 512)
      .put(Kind.TLB_FLUSH, 0, KERNEL, MM, 3)
      .put(Kind.RSS, 0, KERNEL, MM, 3)
      .put(Kind.RSS, 0, KERNEL, MM, 2)
      .at(3)
      .put(Kind.COUNTER, 0, KERNEL, objectId(Class.COUNTER, 0), 1)
      .put(Kind.VIOLATION, 0, KERNEL, objectId(Class.INVARIANT, 0), 0)
      .put(Kind.DEADLOCK, 0, KERNEL, MMAP);
    const trace = read(log, 9);
    const marks = trace.lanes.flatMap(({ tid, instants }) =>
      instants.map(({ name, t, args }) => [tid, name, t, args]),
    );
    expect(marks).toEqual([
      [1, 'VMA link', 0, { vma: 'vma:3', address: '0x200000' }],
      [1000, 'VMA detach', 2, { vma: 'vma:3', address: '0x200000' }],
      [1000, 'TLB flush', 2, { interrupted_cpus: 3 }],
      [1000, 'violation rss_equals_present', 3, { sentence: 'RSS equals present pages' }],
      [1000, 'deadlock', 3, { lock: 'mmap_lock' }],
    ]);
    expect(trace.counters.get('1 RSS pages')).toEqual([
      { t: 0, value: 4 },
      { t: 2, value: 2 },
    ]);
    expect(trace.counters.get('1 hits value')).toEqual([
      { t: 0, value: 0 },
      { t: 3, value: 1 },
    ]);
  });
});
