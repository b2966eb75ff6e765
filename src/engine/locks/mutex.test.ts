import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRecord, Flag, Kind, State } from '../../event/index.ts';
import { program, record, simulate } from '../testing.ts';

/** The mutex with OSQ (facts locks, section 3). */

function log(text: string): EventRecord[] {
  const sim = simulate(program(text));
  const { records } = record(sim);
  expect([sim.verdict(), sim.violations()]).toEqual(['pass', []]);
  return records;
}

const act = fc.record({
  do: fc.constantFrom('lock', 'lockAsleep', 'try', 'compute', 'sleep'),
  ns: fc.integer({ min: 1, max: 20_000 }),
});
const plans = fc.array(fc.array(act, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 7 });

interface Act {
  readonly do: string;
  readonly ns: number;
}

function text(plan: readonly (readonly Act[])[]): string {
  const body = ({ do: what, ns }: Act): string => {
    if (what === 'lock') return `mutex_lock(&m); compute(${ns}); mutex_unlock(&m);`;
    if (what === 'lockAsleep') return `mutex_lock(&m); sleep(${ns}); mutex_unlock(&m);`;
    if (what === 'try') return `if (mutex_trylock(&m)) { compute(${ns}); mutex_unlock(&m); }`;
    return `${what}(${ns});`;
  };
  const threads = plan.map((acts, i) => `thread t${i} on cpu ${i % 4} { ${acts.map(body).join(' ')} }`);
  return `mutex m; scenario test "mutex" { extent 10s; ${threads.join(' ')} }`;
}

describe('mutex', () => {
  it('lets in one at a time and everybody in the end; after a demand only the first waiter', () => {
    let demands = 0;
    fc.assert(
      fc.property(plans, (plan) => {
        let owner: number | null = null;
        let demandedBy: number | null = null;
        let list: number[] = [];
        for (const r of log(text(plan))) {
          const spins = (r.flags & Flag.STATE_MASK) === State.SPIN;
          if (r.kind === Kind.LOCK_QUEUE || (r.kind === Kind.LOCK_REQUEST && !spins)) list.push(r.thread);
          if (r.kind === Kind.LOCK_DEMAND) {
            demands++;
            demandedBy = r.thread;
            expect(list[0]).toBe(r.thread);
          }
          if (r.kind === Kind.LOCK_GRANT) {
            expect(owner).toBe(null);
            if (demandedBy !== null && owner === null && (r.flags & Flag.HANDOFF) !== 0)
              expect(r.thread).toBe(demandedBy);
            expect((r.flags & Flag.STEAL) !== 0).toBe(list.length > 0 && list[0] !== r.thread);
            owner = r.thread;
            list = list.filter((t) => t !== r.thread);
            if (r.thread === demandedBy) demandedBy = null;
          }
          if (r.kind === Kind.LOCK_RELEASE) owner = null;
        }
        expect([owner, list]).toEqual([null, []]);
      }),
      { numRuns: 150 },
    );
    expect(demands).toBeGreaterThan(0);
  });

  it('is the same in slices', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 30 }), (plan, steps) => {
        const p = program(text(plan));
        expect(record(simulate(p), steps).hash).toBe(record(simulate(p)).hash);
      }),
      { numRuns: 40 },
    );
  });

  it('hands itself over after a sleeper was woken once in vain', () => {
    const records = log(`mutex m; scenario test "hog" { extent 1s;
      thread hog on cpu 0 {
        for (k = 0; k < 40; k++) { mutex_lock(&m); if (k == 0) sleep(1ms); compute(1ms); mutex_unlock(&m); }
      }
      thread other on cpu 1 { compute(10us); mutex_lock(&m); mutex_unlock(&m); } }`);
    const got = records.find((r) => r.kind === Kind.LOCK_GRANT && r.thread === 1);
    const before = records.filter((r) => r.kind === Kind.LOCK_RELEASE && r.id < (got?.id ?? 0));
    expect(before.length).toBe(2);
    expect((got?.flags ?? 0) & Flag.HANDOFF).toBe(Flag.HANDOFF);
  });

  it('spins while the owner runs, and sleeps when it does not', () => {
    const state = (how: string): number => {
      const request = log(`mutex m; scenario test "one waits" { extent 1ms;
        thread a on cpu 0 { mutex_lock(&m); ${how}(50us); mutex_unlock(&m); }
        thread b on cpu 1 { compute(5us); mutex_lock(&m); mutex_unlock(&m); } }`).find(
        (r) => r.kind === Kind.LOCK_REQUEST,
      );
      return (request?.flags ?? 0) & Flag.STATE_MASK;
    };
    expect(state('compute')).toBe(State.SPIN);
    expect(state('sleep')).toBe(State.WAIT_WRITE);
  });

  it('finds the cycle of two threads that want each other’s', () => {
    const sim = simulate(
      program(`mutex m; mutex n; scenario test "abba" { extent 1ms;
        thread a on cpu 0 { mutex_lock(&m); compute(5us); mutex_lock(&n); mutex_unlock(&n); mutex_unlock(&m); }
        thread b on cpu 1 { mutex_lock(&n); compute(5us); mutex_lock(&m); mutex_unlock(&m); mutex_unlock(&n); } }`),
    );
    sim.run();
    expect(sim.verdict()).toBe('deadlock');
    expect(sim.deadlock()?.map((edge) => edge.waitsFor)).toEqual(['m', 'n']);
  });
});
