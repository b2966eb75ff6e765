import { describe, expect, it } from 'vitest';
import { Class, Flag, Kind, objectId, State } from '../event/index.ts';
import { laneNamed, read, shapes } from './chrome-testing.ts';
import { LogBuilder, MM, MMAP, MUNMAP } from './testing.ts';

const { USER, KERNEL, SPIN, WAIT_READ, WAIT_WRITE, RUNNABLE } = State;
const W = Flag.WRITE;
const C = Flag.CONTENDED;

describe('a thread', () => {
  it('shows calls, phases in them, waits with the owner, and time as runnable', () => {
    const log = new LogBuilder()
      .put(Kind.STATE, 0, USER, 0, 0)
      .at(5)
      .put(Kind.SYSCALL_ENTER, 0, KERNEL, MUNMAP, 16, 4)
      .put(Kind.SYSCALL_LENGTH, 0, KERNEL, MUNMAP, 8)
      .at(10)
      .put(Kind.LOCK_GRANT, 0, KERNEL | W, MMAP)
      .put(Kind.PHASE, 0, KERNEL, objectId(Class.PHASE, 1))
      .at(12)
      .put(Kind.FAULT_ENTER, 1, KERNEL, MM, 3)
      .at(15)
      .put(Kind.LOCK_REQUEST, 1, SPIN, MMAP, 1, 7)
      .at(18)
      .put(Kind.LOCK_QUEUE, 1, WAIT_READ, MMAP, 1)
      .at(20)
      .put(Kind.STATE, 0, RUNNABLE, 0, 0)
      .at(26)
      .put(Kind.SWITCH, 0, KERNEL, 0, 2)
      .put(Kind.PHASE, 0, KERNEL, objectId(Class.PHASE, 2))
      .at(30)
      .put(Kind.LOCK_RELEASE, 0, KERNEL | W, MMAP)
      .at(31)
      .put(Kind.WAKE, 0, KERNEL, MMAP, 1)
      .put(Kind.LOCK_GRANT, 1, RUNNABLE | C, MMAP, 1)
      .at(40)
      .put(Kind.SWITCH, 1, KERNEL, 0, 1)
      .at(41)
      .put(Kind.SYSCALL_EXIT, 0, USER, MUNMAP, 12)
      .at(44)
      .put(Kind.LOCK_RELEASE, 1, KERNEL, MMAP)
      .put(Kind.FAULT_EXIT, 1, USER | Flag.FAIL, MM, 3);
    const trace = read(log, 50);
    const unmapper = laneNamed(trace, 'unmapper (CPU 0)');
    expect(shapes(unmapper)).toEqual([
      'munmap 5-41',
      'munmap > detach 10-26',
      'munmap > detach > runnable 20-26',
      'munmap > zap 26-41',
    ]);
    expect(unmapper.slices[0].args).toEqual({ address: '0x10000', line: 'a.kp:4', pages: 8, result: -12 });
    expect(unmapper.states.map(({ name, start, end, cpu }) => [name, start, end, cpu])).toEqual([
      ['Running', 0, 20, 0],
      ['R', 20, 26, undefined],
      ['Running', 26, 50, 2],
    ]);
    const faulter = laneNamed(trace, 'f0 (CPU 1)');
    expect(shapes(faulter)).toEqual(['page fault 12-44', 'page fault > wait mmap_lock (R) 15-40']);
    expect(faulter.slices[0].args).toEqual({ address: '0x3000', line: '', result: 'SIGSEGV' });
    expect(faulter.slices[1].args).toEqual({
      lock: 'mmap_lock',
      owner: 'unmapper (write)',
      owner_tid: unmapper.tid,
      waiting_before: 0,
      line: 'a.kp:7',
      waited_ns: 25,
      spin_ns: 3,
      sleep_ns: 13,
      runnable_ns: 9,
    });
    expect(faulter.instants.map(({ name, t }) => [name, t])).toEqual([['SIGSEGV', 44]]);
    expect(
      trace.flows.map(({ name, from, to }) => [name, from.lane.name, from.t, to.lane.name, to.t]),
    ).toEqual([['wake', 'unmapper (CPU 0)', 31, 'f0 (CPU 1)', 31]]);
    expect(trace.counters.get('2 mmap_lock waiters')).toEqual([
      { t: 0, value: 0 },
      { t: 15, value: 1 },
      { t: 31, value: 0 },
    ]);
  });

  it('that begins two things at once has the outer one begin first in the file', () => {
    const log = new LogBuilder()
      .put(Kind.LOCK_GRANT, 1, KERNEL | W, MMAP)
      .at(5)
      .put(Kind.SYSCALL_ENTER, 0, KERNEL, MUNMAP)
      .put(Kind.PHASE, 0, KERNEL, objectId(Class.PHASE, 1))
      .put(Kind.LOCK_REQUEST, 0, WAIT_READ, MMAP, 1)
      .at(8)
      .put(Kind.LOCK_RELEASE, 1, KERNEL | W, MMAP)
      .put(Kind.LOCK_GRANT, 0, KERNEL | C, MMAP, 1)
      .at(9)
      .put(Kind.SYSCALL_EXIT, 0, USER, MUNMAP, 0);
    const lane = laneNamed(read(log, 9), 'unmapper (CPU 0)');
    expect(shapes(lane)).toEqual([
      'munmap 5-9',
      'munmap > detach 5-9',
      'munmap > detach > wait mmap_lock (R) 5-8',
    ]);
    expect(lane.slices[0].args['result']).toBe(0);
  });

  it('that has not ended anything is closed at the end, and marked', () => {
    const log = new LogBuilder()
      .put(Kind.SYSCALL_ENTER, 0, KERNEL, MUNMAP)
      .put(Kind.LOCK_GRANT, 0, KERNEL | W, MMAP)
      .at(7)
      .put(Kind.LOCK_REQUEST, 1, WAIT_WRITE | W, MMAP, 1);
    const trace = read(log, 20);
    expect(shapes(laneNamed(trace, 'unmapper (CPU 0)'))).toEqual(['munmap 0-20']);
    expect(shapes(laneNamed(trace, 'f0 (CPU 1)'))).toEqual(['wait mmap_lock (W) 7-20']);
    expect(shapes(laneNamed(trace, 'mmap_lock'))).toEqual(['W by unmapper 0-20']);
    const all = trace.lanes.flatMap((lane) => lane.slices);
    expect(all.map(({ args }) => args['unfinished'])).toEqual([true, true, true]);
    expect(laneNamed(trace, 'f0 (CPU 1)').slices[0].args).toMatchObject({ waited_ns: 13, sleep_ns: 13 });
  });
});
