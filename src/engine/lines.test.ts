import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kind } from '../event/index.ts';
import { cpuCount, type Machine, machineById, machines, small, socketOf } from '../kernel/index.ts';
import { Simulation } from './simulation.ts';
import { program, record, simulate } from './testing.ts';

const rome = machineById('rome-128c') as Machine;
const { socket, cross, ccx, memory } = rome.line;
if (ccx === undefined) throw new Error('Rome has no CCX');
const [inCcx, atHome, away, over] = [socket.value, ccx.home.value, ccx.away.value, cross.value];

const linesOf = (machine: Machine) =>
  simulate(program('scenario test { thread t { compute(1); } }', 'test', machine), machine).engine.lines;

describe('the transfer of a line', () => {
  const all = machines.map((machine) => ({ machine, lines: linesOf(machine) }));
  const some = fc.record({
    which: fc.nat({ max: all.length - 1 }),
    a: fc.nat(10_000),
    b: fc.nat(10_000),
    home: fc.nat(8),
  });

  it('takes as long one way as the other, wherever the line is at home', () => {
    fc.assert(
      fc.property(some, ({ which, a, b, home }) => {
        const { machine, lines } = all[which] as (typeof all)[number];
        const n = cpuCount(machine);
        const there = lines.transfer((a % n) + 1, b % n, home);
        expect(there).toBe(lines.transfer((b % n) + 1, a % n, home));
      }),
      { numRuns: 2_000 },
    );
  });

  it('goes by the home only between two CCX of one socket, and only where there are such', () => {
    fc.assert(
      fc.property(some, ({ which, a, b, home }) => {
        const { machine, lines } = all[which] as (typeof all)[number];
        const [from, to] = [a % cpuCount(machine), b % cpuCount(machine)];
        const own = socketOf(machine, to);
        const took = lines.transfer(from + 1, to, home);
        const near = lines.transfer(from + 1, to, own + 1);
        const parts = machine.line.ccx;
        if (parts === undefined || near !== parts.home.value) expect(took).toBe(near);
        else expect(took).toBe(home === own + 1 ? parts.home.value : parts.away.value);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is on Rome what was measured there', () => {
    const lines = linesOf(rome);
    const cost = (a: number, b: number, home: number) => lines.transfer(a + 1, b, home + 1);
    expect([inCcx, atHome, away, over]).toEqual([25, 132, 267, 267]);
    // CPUs 0 to 3 and their siblings 128 to 131 are a CCX; 60 to 63 are the last one of the socket.
    expect([cost(0, 128, 0), cost(0, 3, 0), cost(0, 131, 1)]).toEqual([8, inCcx, inCcx]);
    expect([cost(3, 4, 0), cost(3, 63, 0), cost(3, 190, 0)]).toEqual([atHome, atHome, atHome]);
    expect([cost(3, 4, 1), cost(64, 68, 0), cost(64, 68, 1)]).toEqual([away, away, atHome]);
    expect([cost(0, 64, 0), cost(0, 64, 1), cost(64, 0, 0)]).toEqual([over, over, over]);
    expect(lines.transfer(0, 7, 0)).toBe(memory.value);
  });
});

/** ns from the n-th release of a lock to the next grant. */
function handOver(text: string, n: number, spinlock = 'qspinlock'): number {
  const sim = simulate(program(text, 'test', rome), rome, 1, 'page', { spinlock });
  const { records } = record(sim);
  const release = records.filter((r) => r.kind === Kind.LOCK_RELEASE)[n];
  const grant = records.find((r) => r.kind === Kind.LOCK_GRANT && r.id > (release?.id ?? 0));
  return (grant?.t ?? Number.NaN) - (release?.t ?? Number.NaN);
}

describe('the home of a line', () => {
  /** CPU `first` has the lock for itself; then `a` owns it and `b` waits for it. */
  const spin = (first: number, a: number, b: number) => `spinlock s; scenario test { extent 1ms;
    thread f on cpu ${first} { spin_lock(&s); spin_unlock(&s); }
    thread a on cpu ${a} { compute(5us); spin_lock(&s); compute(10us); spin_unlock(&s); }
    thread b on cpu ${b} { compute(8us); spin_lock(&s); spin_unlock(&s); } }`;

  it('is for a declared lock where it was touched first', () => {
    expect(handOver(spin(1, 0, 4), 1)).toBe(atHome);
    expect(handOver(spin(70, 0, 4), 1)).toBe(away);
    expect(handOver(spin(70, 64, 68), 1)).toBe(atHome);
    expect(handOver(spin(70, 0, 2), 1)).toBe(inCcx);
    expect(handOver(spin(70, 0, 64), 1)).toBe(over);
  });

  it('costs every kind of spinlock the same way', () => {
    for (const spinlock of ['ticket', 'test-and-set']) {
      const time = (first: number) => handOver(spin(first, 0, 4), 1, spinlock);
      expect(time(70) - time(1)).toBeGreaterThanOrEqual(away - atHome);
    }
  });

  const mm = (first: number) => `scenario test { extent 1ms;
    thread first on cpu ${first} { compute(1ns); }
    thread a on cpu 0 { down_write(&mm->mmap_sem); compute(10us); up_write(&mm->mmap_sem); }
    thread b on cpu 4 { compute(5us); down_write(&mm->mmap_sem); up_write(&mm->mmap_sem); } }`;

  it('is for the lock of an mm where the first thread of its process begins', () => {
    // The spinner sees the release, and its locked operation finds the line with the releaser: twice the way.
    expect(handOver(mm(64), 0) - handOver(mm(1), 0)).toBe(2 * (away - atHome));
  });

  const ALLOCATION = `scenario test { extent 1ms; area heap = 4MB; area full = 2MB populated;
    thread first on cpu 64 { compute(1ns); }
    thread a on cpu 0 { v = find_vma(mm, heap.start); pt = pte_alloc(mm, v, heap.start);
      compute(1us); free_pgtables(mm, heap); } }`;

  it('is for a page table where it was allocated, and goes with it', () => {
    const sim = simulate(program(ALLOCATION, 'test', rome), rome);
    const { w, layout } = sim.engine;
    const homes = () => Array.from({ length: 6 }, (_, k) => w.spinLineHome[(layout.tableBase[0] ?? 0) + k]);
    // Table 1 is the heap's first one; table 5 is populated.
    expect(homes()).toEqual([0, 0, 0, 0, 0, 2]);
    sim.run({ untilNs: 500 });
    expect(homes()).toEqual([0, 1, 0, 0, 0, 2]);
    record(sim);
    expect(homes()).toEqual([0, 0, 0, 0, 0, 2]);
  });

  it('is for the locks of zones and LRUs their node', () => {
    const p = program('scenario test { number most_pages = 8192; thread t { compute(1); } }', 'test', rome);
    const names = ['zone_lock/0', 'lru_lock/0', 'zone_lock/1', 'lru_lock/1'];
    const locks = names.map((name) => ({ name, kind: 'spinlock' as const }));
    const sim = new Simulation({ ...p, locks }, rome, {
      ...{ mmapLock: 'rwsem-3.16', mutex: 'mutex-osq', spinlock: 'qspinlock' },
      ...{ alloc: 'zone', grain: 'table', seed: 1 },
    });
    const { lines, layout } = sim.engine;
    expect(names.map((_, k) => lines.spinHome(layout.lockIndex[k] as number))).toEqual([1, 1, 2, 2]);
  });

  it('takes no place on a machine where it does not matter', () => {
    const { w } = simulate(program('scenario test { thread t { compute(1); } }'), small).engine;
    expect([w.rwLineHome.length, w.spinLineHome.length]).toEqual([0, 0]);
  });
});
