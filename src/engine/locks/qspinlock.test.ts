import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kind } from '../../event/index.ts';
import { program, record, simulate } from '../testing.ts';

describe('qspinlock', () => {
  it('is first come, first served and lets in one at a time', () => {
    const plan = fc.array(fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 10 }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(plan, (threads) => {
        const bodies = threads.map(
          (times, i) =>
            `thread t${i} on cpu ${i} { ${times.map((ns) => `compute(${ns}); spin_lock(&s); compute(${ns}); spin_unlock(&s);`).join(' ')} }`,
        );
        const sim = simulate(program(`spinlock s; scenario test "spin" { extent 1s; ${bodies.join('\n')} }`));
        const { records } = record(sim);
        expect(sim.verdict()).toBe('pass');
        let owner: number | null = null;
        const waiting: number[] = [];
        for (const r of records) {
          if (r.kind === Kind.LOCK_REQUEST) waiting.push(r.thread);
          if (r.kind === Kind.LOCK_GRANT) {
            expect(owner).toBe(null);
            owner = r.thread;
            if (waiting.length > 0) expect(waiting.shift()).toBe(r.thread);
          }
          if (r.kind === Kind.LOCK_RELEASE) owner = null;
        }
        expect([owner, waiting]).toEqual([null, []]);
      }),
      { numRuns: 100 },
    );
  });

  it('hands over in one transfer of its line, however many wait', () => {
    // Waiters come in the order of their CPUs; on this machine every transfer takes the same time.
    const gap = (n: number): number => {
      const others = Array.from(
        { length: n },
        (_, i) =>
          `thread w${i} on cpu ${i + 1} { compute(${(i + 1) * 300}); spin_lock(&s); compute(1us); spin_unlock(&s); }`,
      );
      const { records } = record(
        simulate(
          program(`spinlock s; scenario test "hand over" { extent 1s;
            thread a on cpu 0 { spin_lock(&s); compute(10us); spin_unlock(&s); } ${others.join('\n')} }`),
        ),
      );
      const release = records.find((r) => r.kind === Kind.LOCK_RELEASE);
      const grant = records.find((r) => r.kind === Kind.LOCK_GRANT && r.id > (release?.id ?? 0));
      return (grant?.t ?? 0) - (release?.t ?? 0);
    };
    expect(gap(1)).toBe(32);
    expect(gap(3)).toBe(32);
  });
});
