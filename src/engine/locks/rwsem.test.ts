import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRecord, Flag, Kind, State } from '../../event/index.ts';
import { small } from '../../kernel/index.ts';
import type { Simulation } from '../simulation.ts';
import { program, record, simulate } from '../testing.ts';

type Act = { do: 'compute' | 'read' | 'write' | 'downgrade' | 'tryRead' | 'sleep'; ns: number };

const act: fc.Arbitrary<Act> = fc.record({
  do: fc.constantFrom('compute', 'read', 'write', 'downgrade', 'tryRead', 'sleep'),
  ns: fc.integer({ min: 1, max: 5_000 }),
});

function body(acts: readonly Act[]): string {
  return acts
    .map(({ do: what, ns }) => {
      switch (what) {
        case 'read':
          return `down_read(&sem); compute(${ns}); up_read(&sem);`;
        case 'write':
          return `down_write(&sem); compute(${ns}); up_write(&sem);`;
        case 'downgrade':
          return `down_write(&sem); compute(${ns}); downgrade_write(&sem); compute(${ns}); up_read(&sem);`;
        case 'tryRead':
          return `if (down_read_trylock(&sem)) { compute(${ns}); up_read(&sem); }`;
        default:
          return `${what}(${ns});`;
      }
    })
    .join('\n');
}

/** Threads share CPUs when there are more than four of them. */
function text(threads: readonly (readonly Act[])[]): string {
  const each = threads.map((acts, i) => `thread t${i} on cpu ${i % 4} { ${body(acts)} }`).join('\n');
  return `rwsem sem;\nscenario test "random sections" { extent 10s;\n${each}\n}`;
}

const threads = fc.array(fc.array(act, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 7 });

/** Walks the records of one rwsem and calls back with who holds it and who queues, before each record. */
function walk(
  records: readonly EventRecord[],
  visit: (
    r: EventRecord,
    held: { readers: number[]; writer: number | null },
    queued: { thread: number; write: boolean }[],
  ) => void,
): { readers: number[]; writer: number | null; queued: { thread: number; write: boolean }[] } {
  const held: { readers: number[]; writer: number | null } = { readers: [], writer: null };
  let queued: { thread: number; write: boolean }[] = [];
  for (const r of records) {
    visit(r, held, queued);
    const write = (r.flags & Flag.WRITE) !== 0;
    const asleep = (r.flags & Flag.STATE_MASK) !== State.SPIN;
    if ((r.kind === Kind.LOCK_REQUEST && asleep) || r.kind === Kind.LOCK_QUEUE)
      queued = [...queued, { thread: r.thread, write }];
    if (r.kind === Kind.LOCK_GRANT) {
      queued = queued.filter((q) => q.thread !== r.thread);
      if (write) held.writer = r.thread;
      else held.readers = [...held.readers, r.thread];
    }
    if (r.kind === Kind.LOCK_RELEASE) {
      if (write) held.writer = null;
      else held.readers = held.readers.filter((t) => t !== r.thread);
    }
    if (r.kind === Kind.LOCK_DOWNGRADE) {
      held.writer = null;
      held.readers = [...held.readers, r.thread];
    }
  }
  return { ...held, queued };
}

const GENERATIONS = ['rwsem-3.8', 'rwsem-3.10', 'rwsem-3.16', 'rwsem-5.3', 'rwsem-5.11'] as const;

function run(text: string, mmapLock: string): Simulation {
  return simulate(program(text), small, 1, 'page', { mmapLock });
}

describe.each(GENERATIONS)('%s', (generation) => {
  it('lets nobody beside a writer, whatever the threads do, and everybody finishes', () => {
    fc.assert(
      fc.property(threads, (plan) => {
        const sim = run(text(plan), generation);
        const { records } = record(sim);
        expect(sim.verdict()).toBe('pass');
        expect(sim.violations()).toEqual([]);
        const end = walk(records, (r, held) => {
          if (r.kind !== Kind.LOCK_GRANT) return;
          if ((r.flags & Flag.WRITE) !== 0) expect([held.writer, held.readers]).toEqual([null, []]);
          else expect(held.writer).toBe(null);
        });
        expect(end).toEqual({ readers: [], writer: null, queued: [] });
      }),
      { numRuns: 60 },
    );
  });

  it('marks exactly those writers as stealing that pass queued threads', () => {
    fc.assert(
      fc.property(threads, (plan) => {
        walk(record(run(text(plan), generation)).records, (r, _held, queued) => {
          if (r.kind !== Kind.LOCK_GRANT || (r.flags & Flag.WRITE) === 0) return;
          // From the head of the list nobody is passed; from elsewhere everybody who stands in it.
          const passed = queued[0]?.thread === r.thread ? 0 : queued.length;
          expect((r.flags & Flag.STEAL) !== 0).toBe(passed > 0);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('comes out the same whole, in slices, and after going back', () => {
    fc.assert(
      fc.property(
        threads,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 200 }),
        (plan, steps, back) => {
          const p = program(text(plan));
          const whole = record(simulate(p, small, 1, 'page', { mmapLock: generation }));
          expect(record(simulate(p, small, 1, 'page', { mmapLock: generation }), steps).hash).toBe(
            whole.hash,
          );
          const sim = simulate(p, small, 1, 'page', { mmapLock: generation });
          sim.run({ untilEvent: back });
          const kept = sim.snapshot();
          const from = sim.events;
          const first = record(sim).records.filter((r) => r.id >= from);
          const atEnd = sim.snapshot();
          sim.restore(kept);
          const again = record(sim).records.filter((r) => r.id >= from);
          expect(again).toEqual(first);
          expect(Buffer.compare(sim.snapshot(), atEnd)).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('rwsem-3.16', () => {
  it('never lets a reader past a writer that queues, and grants readers in the order of the list', () => {
    fc.assert(
      fc.property(threads, (plan) => {
        walk(record(simulate(program(text(plan)))).records, (r, _held, queued) => {
          if (r.kind !== Kind.LOCK_GRANT || (r.flags & Flag.WRITE) !== 0) return;
          const place = queued.findIndex((q) => q.thread === r.thread);
          const ahead = place < 0 ? queued : queued.slice(0, place);
          expect(ahead.filter((q) => q.write)).toEqual([]);
          // Of the queued readers the first goes first.
          if (place >= 0) expect(ahead).toEqual([]);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('does not let a writer spin on readers, and goes on spinning when another running writer takes over', () => {
    const behindReader = `rwsem sem;
scenario test "a writer behind a reader" { extent 1ms;
  thread r on cpu 0 { down_read(&sem); compute(10us); up_read(&sem); }
  thread w on cpu 1 { compute(1us); down_write(&sem); up_write(&sem); }
}`;
    const { records } = record(simulate(program(behindReader)));
    const request = records.find((r) => r.kind === Kind.LOCK_REQUEST && r.thread === 1);
    expect((request?.flags ?? 0) & Flag.STATE_MASK).toBe(State.WAIT_WRITE);

    const writers = `rwsem sem;
scenario test "three writers" { extent 1ms;
  thread a on cpu 0 { down_write(&sem); compute(10us); up_write(&sem); }
  thread b on cpu 1 { compute(1us); down_write(&sem); compute(10us); up_write(&sem); }
  thread c on cpu 2 { compute(2us); down_write(&sem); compute(10us); up_write(&sem); }
}`;
    const log = record(simulate(program(writers))).records;
    expect(log.filter((r) => r.kind === Kind.LOCK_QUEUE)).toEqual([]);
    expect(log.filter((r) => r.kind === Kind.LOCK_GRANT).map((r) => r.thread)).toEqual([0, 1, 2]);
  });

  it('wakes nobody on a downgrade when a writer is first, and the readers at the head when they are', () => {
    const doc = (first: string, second: string): string => `rwsem sem;
scenario test "downgrade" { extent 1ms;
  thread d on cpu 0 { down_write(&sem); sleep(20us); downgrade_write(&sem); compute(30us); up_read(&sem); }
  thread x on cpu 1 { compute(1us); ${first}(&sem); compute(1us); up_${first === 'down_read' ? 'read' : 'write'}(&sem); }
  thread y on cpu 2 { compute(5us); ${second}(&sem); compute(1us); up_${second === 'down_read' ? 'read' : 'write'}(&sem); }
}`;
    const grants = (first: string, second: string): [number, number][] => {
      const { records } = record(simulate(program(doc(first, second))));
      const down = records.find((r) => r.kind === Kind.LOCK_DOWNGRADE)?.t ?? 0;
      return records
        .filter((r) => r.kind === Kind.LOCK_GRANT && r.thread > 0)
        .map((r): [number, number] => [r.thread, Math.round((r.t - down) / 10_000)]);
    };
    // Readers first: both join at once. A writer first: nobody until the downgraded hold is over, 30 us later.
    expect(grants('down_read', 'down_read')).toEqual([
      [1, 0],
      [2, 0],
    ]);
    const afterWriter = grants('down_write', 'down_read');
    expect(afterWriter[0]?.[0]).toBe(1);
    expect(afterWriter.every(([, late]) => late >= 3)).toBe(true);
  });
});
