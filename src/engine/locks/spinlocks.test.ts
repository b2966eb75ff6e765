import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRecord, Kind } from '../../event/index.ts';
import { e5x2680, type Machine, small } from '../../kernel/index.ts';
import { program, record, simulate } from '../testing.ts';

/** Sixteen CPUs on one socket: every transfer takes the same time. */
const WIDE: Machine = { ...small, id: 'wide', coresPerSocket: 16 };

function log(text: string, spinlock: string, machine = small, seed = 1): EventRecord[] {
  const sim = simulate(program(text, 'test', machine), machine, seed, 'page', { spinlock });
  const { records } = record(sim);
  expect([sim.verdict(), sim.violations()]).toEqual(['pass', []]);
  return records;
}

const plan = fc.array(fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 10 }), {
  minLength: 2,
  maxLength: 4,
});

function text(threads: readonly (readonly number[])[]): string {
  const bodies = threads.map(
    (times, i) =>
      `thread t${i} on cpu ${i} { ${times.map((ns) => `compute(${ns}); spin_lock(&s); compute(${ns}); spin_unlock(&s);`).join(' ')} }`,
  );
  return `spinlock s; scenario test "spin" { extent 1s; ${bodies.join('\n')} }`;
}

describe.each(['qspinlock', 'ticket', 'test-and-set'])('%s', (spinlock) => {
  it('lets in one at a time, and everybody in the end; a queue is served in its order', () => {
    fc.assert(
      fc.property(plan, (threads) => {
        let owner: number | null = null;
        const waiting: number[] = [];
        for (const r of log(text(threads), spinlock)) {
          if (r.kind === Kind.LOCK_REQUEST) waiting.push(r.thread);
          if (r.kind === Kind.LOCK_GRANT) {
            expect(owner).toBe(null);
            owner = r.thread;
            if (spinlock !== 'test-and-set' && waiting.length > 0) expect(waiting[0]).toBe(r.thread);
            if (waiting.includes(r.thread)) waiting.splice(waiting.indexOf(r.thread), 1);
          }
          if (r.kind === Kind.LOCK_RELEASE) owner = null;
        }
        expect([owner, waiting]).toEqual([null, []]);
      }),
      { numRuns: 80 },
    );
  });
});

/** Mean time from the owner's release to the next grant with `n` threads waiting, over 40 seeds, in ns. */
function handOver(spinlock: string, n: number): number {
  const others = Array.from(
    { length: n },
    (_, i) =>
      `thread w${i} on cpu ${i + 1} { compute(${(i + 1) * 300}); spin_lock(&s); compute(1us); spin_unlock(&s); }`,
  );
  const doc = `spinlock s; scenario test "hand over" { extent 1s;
    thread a on cpu 0 { spin_lock(&s); compute(10us); spin_unlock(&s); } ${others.join('\n')} }`;
  let total = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const records = log(doc, spinlock, WIDE, seed);
    const release = records.find((r) => r.kind === Kind.LOCK_RELEASE);
    const grant = records.find((r) => r.kind === Kind.LOCK_GRANT && r.id > (release?.id ?? 0));
    total += (grant?.t ?? 0) - (release?.t ?? 0);
  }
  return total / 40;
}

describe('the time of a hand-over', () => {
  const transfer = small.line.socket.value;

  it('is one transfer for a queued spinlock, however many wait', () => {
    for (const n of [1, 3, 7, 15]) expect([n, handOver('qspinlock', n)]).toEqual([n, transfer]);
  });

  it('is every waiter’s fetch and the winner’s locked operation behind them for test-and-set', () => {
    for (const n of [1, 3, 7, 15])
      expect([n, handOver('test-and-set', n)]).toEqual([n, (1 + n + 1) * transfer]);
  });

  it('goes to the nearest for test-and-set, whoever came first', () => {
    const doc = `spinlock s; scenario test "nearest" { extent 1s;
      thread a on cpu 0 { spin_lock(&s); compute(10us); spin_unlock(&s); }
      thread far on cpu 8 { compute(1us); spin_lock(&s); compute(1us); spin_unlock(&s); }
      thread near on cpu 1 { compute(2us); spin_lock(&s); compute(1us); spin_unlock(&s); } }`;
    const grants = log(doc, 'test-and-set', e5x2680).filter((r) => r.kind === Kind.LOCK_GRANT);
    expect(grants.map((r) => r.thread)).toEqual([0, 2, 1]);
    const grant = grants[1]?.t ?? 0;
    const { socket, cross } = e5x2680.line;
    expect(grant - 10_000 - e5x2680.line.memory.value).toBe(
      cross.value + socket.value + cross.value + socket.value,
    );
  });

  it('grows in proportion to the waiters for a ticket spinlock', () => {
    // t_inv + (N + 1) / 2 transfers on average (facts locks, section 1), within what 40 draws leave.
    for (const n of [1, 3, 7, 15]) {
      const expected = transfer + ((n + 1) / 2) * transfer;
      expect(Math.abs(handOver('ticket', n) - expected)).toBeLessThanOrEqual(0.15 * expected);
    }
  });
});
