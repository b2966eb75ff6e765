import { describe, expect, it } from 'vitest';
import { type EventRecord, Flag, Kind, State } from '../event/index.ts';
import { coreOf, cpuCount, e5x2680, type Machine, small } from '../kernel/index.ts';
import { resolve } from '../scenario/index.ts';
import { BuildError } from './build.ts';
import { Simulation } from './simulation.ts';
import { program, record, simulate } from './testing.ts';

function run(text: string, locks: Parameters<typeof simulate>[4] = {}, machine: Machine = small) {
  const sim = simulate(program(text, 'test', machine), machine, 1, 'page', locks);
  const { records, hash } = record(sim);
  return { sim, records, hash, value: sim.engine.w.shared[0] as number };
}

/** Two threads that count, each in a step that reads and one that writes. */
function counting(schedule: string): string {
  return `shared int n = 0;
    scenario test "lost update" { extent 1s;
      schedule { ${schedule} }
      thread a { for (i = 0; i < 3; i++) { x = n; write: n = x + 1; } }
      thread g[2] { x = n; compute(1us); write: n = x + 1; } }`;
}

function grants(records: readonly EventRecord[]): number[] {
  return records.filter((r) => r.kind === Kind.LOCK_GRANT).map((r) => r.thread);
}

/** Threads that wait for a lock in each of its kinds. */
const TAKES = { spin: 'spin_lock(&l)', sleep: 'down_write(&s)' } as const;
const GIVES = { spin: 'spin_unlock(&l)', sleep: 'up_write(&s)' } as const;

describe('a schedule', () => {
  it.each([
    ['a; g[0]; g[1];', 5],
    // Whoever stands between reading and writing undoes what others did meanwhile.
    ['g[1] to write; a; g[0]; g[1];', 1],
    ['a to write 2; g[0]; g[1]; a;', 3],
    ['a to write; a to write; g[0]; g[1]; a to end;', 3],
    ['g[0] to write; a to write 3; g[1] to write; g[0]; a; g[1];', 3],
    // Turns end with their threads, and those of the dead at once.
    ['g[0] to end; g[0]; g[0] to end; a; g[1];', 5],
  ])('fixes the interleaving: %s', (schedule, value) => {
    expect(run(counting(schedule)).value).toBe(value);
  });

  it('takes no time of anybody: a thread alone takes as long as one among others that are held', () => {
    const text = (others: string, schedule: string): string =>
      `scenario test "pace" { extent 1s; ${schedule} thread a on cpu 0 { compute(10us); sleep(5us); compute(7us); } ${others} }`;
    const cpus = [...Array(cpuCount(e5x2680)).keys()];
    const sibling = cpus.findLast((cpu) => coreOf(e5x2680, cpu) === coreOf(e5x2680, 0)) as number;
    expect(sibling).toBeGreaterThan(0);
    const alone = run(text('', ''), {}, e5x2680);
    const other = `thread b on cpu ${sibling} { compute(3us); } thread c { compute(1us); } thread d { compute(1us); }`;
    const among = run(text(other, 'schedule { b; c; a; d; }'), {}, e5x2680);
    const times = (of: typeof alone, t: number): number[] =>
      of.records.filter((r) => r.thread === t && r.kind !== Kind.SWITCH).map((r) => r.t);
    expect(times(among, 0).map((t) => t - 4_000)).toEqual(times(alone, 0));
    expect(among.sim.now).toBe(alone.sim.now + 5_000);
    expect(among.sim.verdict()).toBe('pass');
  });

  it.each(['spin', 'sleep'] as const)('goes on to the next turn where a thread must wait: %s', (kind) => {
    const { sim, records } = run(`rwsem s; spinlock l; shared int n = 0;
      scenario test "wait" { extent 1s;
        schedule { a to held; b; b; c; a; }
        thread a { ${TAKES[kind]}; held: compute(1us); ${GIVES[kind]}; compute(50us); n = 1; }
        thread b { ${TAKES[kind]}; n = 2; ${GIVES[kind]}; }
        thread c { n = 3; } }`);
    expect(sim.verdict()).toBe('pass');
    expect(grants(records)).toEqual([0, 1]);
    // The lock is free long before a has written; b is no further than its hold until the last turn is over.
    const writes = records.filter((r) => r.kind === Kind.VAR).map((r) => r.arg);
    expect(writes).toEqual([3, 1, 2]);
  });

  it('leaves a lock with the thread that it was handed to, which goes no further', () => {
    const { sim, records } = run(
      `rwsem s; shared int n = 0;
      scenario test "handed" { extent 1s;
        schedule { w to held; r; w; c; }
        thread w { down_write(&s); held: compute(1us); up_write(&s); compute(100us); }
        thread r { down_read(&s); n = 1; up_read(&s); }
        thread c { compute(1us); if (!down_write_trylock(&s)) n = 2; } }`,
      { mmapLock: 'rwsem-3.16' },
    );
    expect(sim.verdict()).toBe('pass');
    expect(records.filter((r) => r.kind === Kind.VAR).map((r) => r.arg)).toEqual([2, 1]);
  });

  it('shows one that spins while it is held as spinning', () => {
    const { sim, records } = run(`spinlock l;
      scenario test "spins" { extent 1s;
        schedule { a to held; b; c; a; }
        thread a { spin_lock(&l); held: compute(1us); spin_unlock(&l); }
        thread b { spin_lock(&l); spin_unlock(&l); }
        thread c { compute(5ms); } }`);
    const spin = records.findIndex((r) => r.thread === 1 && (r.flags & Flag.STATE_MASK) === State.SPIN);
    const next = records.findIndex((r, i) => i > spin && r.thread === 1);
    expect((records[next]?.t ?? 0) - (records[spin]?.t ?? 0)).toBeGreaterThan(5e6);
    expect(sim.verdict()).toBe('pass');
  });

  it('waits for sleep, wake-ups and bounded spinning, not for conditions that do not hold', () => {
    const { sim, records } = run(`shared int n = 0;
      scenario test "conditions" { extent 1s;
        schedule { a; b to after; a; }
        thread a { sleep(3ms); wait_until(n > 0); n = 5; }
        thread b { n = 1; after: n = 7; } }`);
    const values = records.filter((r) => r.kind === Kind.VAR);
    // a is woken by what b wrote, in its own turn: before b goes on.
    expect(values.map((r) => r.arg)).toEqual([1, 5, 7]);
    expect(values[0]?.t).toBeGreaterThan(3e6);
    expect(sim.verdict()).toBe('pass');
  });

  it('that a thread cannot keep ends the run, and names its own line', () => {
    const text = (schedule: string): string => `shared int n = 0;
      scenario test "missed" { extent 1ms;
        schedule {
          b; ${schedule}
        }
        thread a { n = 1; if (n == 2) { never: n = 3; } }
        thread b { n = 1; }
        daemon thread d { while (1) { compute(1us); if (n == 2) { never: n = 3; } } } }`;
    for (const schedule of ['a to never;', 'a; a to never;']) {
      const { sim } = run(text(schedule));
      expect(sim.verdict()).toBe('stuck');
      expect(sim.stopReason()).toEqual({
        message: 'it ended before it came to the label that its turn in the schedule goes to',
        thread: 'a',
        line: 'test.kp:4',
      });
    }
    // As long as its time goes on it may still come there.
    const { sim } = run(text('d to never; a;'));
    expect([sim.verdict(), sim.stopReason()?.thread]).toEqual(['limit', 'a']);
    const busy = run(
      'scenario test "busy" { schedule { a to l; } thread a { x = 1; while (x) x = 1; l: x = 2; } }',
    );
    expect([busy.sim.verdict(), busy.sim.stopReason()?.line]).toEqual(['stuck', 'test.kp:1']);
  });

  it('needs a CPU for every thread, and finds one for those that are not pinned', () => {
    const text = (a: string, others: string): string =>
      `scenario test "cpus" { schedule { a; } thread a ${a} { compute(1us); } ${others} }`;
    const built = (source: string) => () => run(source);
    expect(built(text('on cpu 1', 'daemon thread b on cpu 1 { compute(1us); }'))).toThrow(
      new BuildError('with a schedule every thread needs a CPU of its own, but a and b are both on CPU 1'),
    );
    expect(built(text('', 'thread b[4] { compute(1us); }'))).toThrow(/5 threads share 4 CPUs/);
    const { sim } = run(
      text('', 'thread b[2] on cpu 1 - index { compute(1us); } thread c { compute(1us); }'),
    );
    expect(Array.from(sim.engine.w.threadCpu)).toEqual([2, 1, 0, 3]);
  });

  it('goes to labels of kernel paths: the race behind the zap, without luck and without waiting', () => {
    const text = (turns: string): string => `scenario race "a fault behind the zap" {
      set munmap = vm-dead; set machine = small; set grain = page; set CHECK_DEAD = false;
      extent 200ms;
      schedule { ${turns} }
      area big = 1GB populated;
      thread unmapper { munmap(big); }
      thread reader { touch(big.start); touch(big.start); } }`;
    const verdict = (turns: string): string => {
      const result = resolve({ scenario: 'race', text: text(turns), set: {} });
      if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
      const { program: p, machine, choices } = result.value;
      const sim = new Simulation(p, machine, choices);
      sim.run();
      return [sim.verdict(), sim.violations()[0]?.invariant ?? ''].join(' ').trim();
    };
    // The first table is zapped when unmap_vmas comes to the second one.
    expect(verdict('unmapper to again 2; reader;')).toBe('violation no_fresh_zero_page');
    expect(verdict('unmapper to again; reader;')).toBe('pass');
    expect(verdict('reader; unmapper;')).toBe('pass');
  });

  it('comes to the same log from every snapshot, in slices of any size', () => {
    const text = counting('g[0] to write; a to write 2; g[1] to write; a to write; g[0]; a; g[1];');
    const whole = run(text);
    for (const steps of [1, 2, 3, 5]) {
      const sim = simulate(program(text));
      const { hash } = record(sim, steps);
      expect(hash).toBe(whole.hash);
      const again = simulate(program(text));
      for (let k = 0; again.run({ steps }); k++) {
        if (k % 2 === 1) again.restore(again.snapshot());
      }
      expect(again.hash(true)).toBe(whole.sim.hash(true));
    }
  });
});
