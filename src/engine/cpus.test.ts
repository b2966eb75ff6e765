import { describe, expect, it } from 'vitest';
import { Kind, State } from '../event/index.ts';
import { e5x2680, type Machine, small } from '../kernel/index.ts';
import { program, record, simulate } from './testing.ts';

function run(body: string, machine: Machine = small) {
  const sim = simulate(program(`scenario test "cpus" { extent 10s; ${body} }`, 'test', machine), machine);
  const { records } = record(sim);
  return { sim, records, end: sim.now };
}

/** Time at which a thread is done. */
function doneAt(records: ReturnType<typeof run>['records'], thread: number): number {
  const last = records.findLast((r) => r.thread === thread && (r.flags & 7) === State.DONE);
  return last?.t ?? Number.NaN;
}

describe('CPUs', () => {
  it('slow SMT siblings that compute at the same time by one factor, and only then', () => {
    const factor = e5x2680.smtFactor.value;
    const alone = run('thread a on cpu 0 { compute(1ms); }', e5x2680);
    expect(alone.end).toBe(1e6);
    // CPU 16 is the second thread of CPU 0's core.
    const both = run('thread a on cpu 0 { compute(1ms); } thread b on cpu 16 { compute(1ms); }', e5x2680);
    expect(both.end).toBe(1e6 * factor);
    const apart = run('thread a on cpu 0 { compute(1ms); } thread b on cpu 1 { compute(1ms); }', e5x2680);
    expect(apart.end).toBe(1e6);
    // The sibling comes half-way: the rest of the step is stretched, and shortened again when it leaves.
    const half = run(
      'thread a on cpu 0 { compute(1ms); } thread b on cpu 16 { sleep(500us); compute(100us); }',
      e5x2680,
    );
    const lost = 100e3 * factor * (1 - 1 / factor);
    expect(Math.abs(doneAt(half.records, 0) - (1e6 + lost))).toBeLessThan(10);
  });

  it('share one CPU by turns, and pay a context switch for each', () => {
    const { records, end } = run('thread a on cpu 0 { compute(20ms); } thread b on cpu 0 { compute(20ms); }');
    const switches = records.filter((r) => r.kind === Kind.SWITCH).length;
    expect(switches).toBeGreaterThan(5);
    // The very first dispatch is free.
    expect(end).toBe(40e6 + (switches - 1) * small.sched.contextSwitch.value);
    expect(Math.abs(doneAt(records, 0) - doneAt(records, 1))).toBeLessThan(8e6);
  });

  it('wake a sleeper after the wake-up latency, and preempt who computes in user mode', () => {
    // What leaving C1, C1E, C3 and C6 takes beyond C1, which is part of the latency.
    for (const [sleep, exit] of [
      [10_000, 0],
      [50_000, 8_000],
      [300_000, 78_000],
      [1_000_000, 102_000],
    ] as const) {
      const { end } = run(`thread a on cpu 0 { sleep(${sleep}); compute(1us); }`);
      expect(end).toBe(sleep + small.sched.wakeLatency.value + exit + 1e3);
    }
    const { records } = run(
      'thread b on cpu 0 { sleep(1ms); compute(1us); } thread a on cpu 0 { compute(10ms); }',
    );
    expect(doneAt(records, 0)).toBeLessThan(1.1e6);
    expect(doneAt(records, 1)).toBeGreaterThan(10e6);
  });

  it('do not take the CPU from who holds a spinlock, but as soon as it is given back', () => {
    const text = `spinlock s; scenario test "spin" { extent 1s;
      thread b on cpu 0 { sleep(1ms); compute(1us); }
      thread a on cpu 0 { spin_lock(&s); compute(20ms); spin_unlock(&s); compute(1ms); } }`;
    const { records } = record(simulate(program(text)));
    expect(doneAt(records, 0)).toBeGreaterThan(20e6);
    expect(doneAt(records, 0)).toBeLessThan(20.1e6);
  });

  it('take a thread that is bound to none to an idle CPU', () => {
    const { end } = run('thread a[4] { compute(1ms); }');
    expect(end).toBe(1e6);
    const crowded = run('thread a[5] { compute(1ms); }');
    expect(crowded.end).toBeGreaterThan(1.9e6);
  });
});
