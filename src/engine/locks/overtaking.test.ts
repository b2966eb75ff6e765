import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRecord, Flag, Kind, State } from '../../event/index.ts';
import { small } from '../../kernel/index.ts';
import { program, record, simulate } from '../testing.ts';

/** Who may pass whom, and what ends starvation, generation by generation (facts locks, sections 4 and 13). */

function log(text: string, mmapLock: string): EventRecord[] {
  return record(simulate(program(text), small, 1, 'page', { mmapLock })).records;
}

const section = fc.record({
  write: fc.boolean(),
  before: fc.integer({ min: 1, max: 20_000 }),
  hold: fc.integer({ min: 1, max: 20_000 }),
  asleep: fc.boolean(),
});
const plans = fc.array(fc.array(section, { minLength: 1, maxLength: 8 }), { minLength: 3, maxLength: 7 });

interface Section {
  readonly write: boolean;
  readonly before: number;
  readonly hold: number;
  readonly asleep: boolean;
}

function text(plan: readonly (readonly Section[])[]): string {
  const body = (s: Section): string => {
    const mode = s.write ? 'write' : 'read';
    const hold = s.asleep ? `sleep(${s.hold})` : `compute(${s.hold})`;
    return `compute(${s.before}); down_${mode}(&sem); ${hold}; up_${mode}(&sem);`;
  };
  const threads = plan.map(
    (sections, i) => `thread t${i} on cpu ${i % 4} { ${sections.map(body).join(' ')} }`,
  );
  return `rwsem sem; scenario test "sections" { extent 10s; ${threads.join(' ')} }`;
}

interface Queued {
  readonly thread: number;
  readonly write: boolean;
}

/** Calls back before each record with the list of sleepers, and with the first waiter that has demanded the lock. */
function walk(
  records: readonly EventRecord[],
  visit: (r: EventRecord, list: readonly Queued[], demandedBy: number | null) => void,
): void {
  let list: Queued[] = [];
  let demandedBy: number | null = null;
  for (const r of records) {
    visit(r, list, demandedBy);
    const spinning = (r.flags & Flag.STATE_MASK) === State.SPIN;
    if ((r.kind === Kind.LOCK_REQUEST && !spinning) || r.kind === Kind.LOCK_QUEUE)
      list = [...list, { thread: r.thread, write: (r.flags & Flag.WRITE) !== 0 }];
    if (r.kind === Kind.LOCK_DEMAND) demandedBy = r.thread;
    if (r.kind === Kind.LOCK_GRANT) {
      list = list.filter((q) => q.thread !== r.thread);
      if (r.thread === demandedBy) demandedBy = null;
    }
  }
}

describe('who may pass whom', () => {
  it('rwsem-3.8: nobody; grants come in the order of requests', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        walk(log(text(plan), 'rwsem-3.8'), (r, list) => {
          if (r.kind === Kind.LOCK_REQUEST) expect(r.flags & Flag.STATE_MASK).not.toBe(State.SPIN);
          if (r.kind !== Kind.LOCK_GRANT) return;
          expect(r.flags & Flag.STEAL).toBe(0);
          expect(list.length === 0 || list[0]?.thread === r.thread).toBe(true);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('rwsem-3.8: a writer that waited owns the lock before it runs', () => {
    const records = log(
      `rwsem sem; scenario test "hand over" { extent 1ms;
        thread a on cpu 0 { down_write(&sem); compute(50us); up_write(&sem); }
        thread b on cpu 1 { compute(1us); down_write(&sem); up_write(&sem); } }`,
      'rwsem-3.8',
    );
    const grant = records.find((r) => r.kind === Kind.LOCK_GRANT && r.thread === 1);
    const runs = records.find((r) => r.kind === Kind.SWITCH && r.thread === 1 && r.id > (grant?.id ?? 0));
    expect((grant?.flags ?? 0) & (Flag.HANDOFF | Flag.STATE_MASK)).toBe(Flag.HANDOFF | State.RUNNABLE);
    const release = records.find((r) => r.kind === Kind.LOCK_RELEASE && r.thread === 0);
    // Idle for 50 us: the CPU was in C1E, 8 us deeper than C1, which is part of the wake-up latency.
    const wakeUp = small.sched.wakeCost.value + small.sched.wakeLatency.value + 8_000;
    expect((runs?.t ?? 0) - (grant?.t ?? 0)).toBe(wakeUp);
    expect(grant?.t).toBe((release?.t ?? 0) + small.line.local.value);
  });

  it.each(['rwsem-3.10', 'rwsem-3.16'])(
    '%s: writers pass the list, readers never pass a writer in it',
    (id) => {
      let stolen = 0;
      fc.assert(
        fc.property(plans, (plan) => {
          walk(log(text(plan), id), (r, list) => {
            if (id === 'rwsem-3.10' && r.kind === Kind.LOCK_REQUEST)
              expect(r.flags & Flag.STATE_MASK).not.toBe(State.SPIN);
            if (r.kind !== Kind.LOCK_GRANT) return;
            if ((r.flags & Flag.STEAL) !== 0) stolen++;
            if ((r.flags & Flag.WRITE) !== 0) return;
            const place = list.findIndex((q) => q.thread === r.thread);
            expect(place < 0 ? list.length : place).toBe(0);
          });
        }),
        { numRuns: 100 },
      );
      expect(stolen).toBeGreaterThan(0);
    },
  );

  it.each(['rwsem-5.3', 'rwsem-5.11'])(
    '%s: after a demand nobody but the first waiter gets the lock',
    (id) => {
      let demands = 0;
      const long = fc.array(fc.array(section, { minLength: 3, maxLength: 6 }), {
        minLength: 4,
        maxLength: 6,
      });
      fc.assert(
        fc.property(long, (plan) => {
          // Holds of milliseconds: four of them are over soon.
          const slow = plan.map((sections) =>
            sections.map((s) => ({ ...s, hold: s.hold * 200, asleep: false })),
          );
          walk(log(text(slow), id), (r, list, demandedBy) => {
            if (r.kind === Kind.LOCK_DEMAND) {
              demands++;
              expect(list[0]?.thread).toBe(r.thread);
            }
            if (r.kind !== Kind.LOCK_GRANT || demandedBy === null) return;
            // A reader that demanded the lock brings the other readers of the list with it.
            const inList = list.find((q) => q.thread === r.thread);
            const first = list[0];
            expect(r.thread === demandedBy || (inList?.write === false && first?.write === false)).toBe(true);
          });
        }),
        { numRuns: 60 },
      );
      expect(demands).toBeGreaterThan(0);
    },
  );

  const READERS_AND_WRITERS = `rwsem sem; scenario test "groups" { extent 1ms;
    thread holder on cpu 0 { down_write(&sem); sleep(100us); up_write(&sem); }
    thread r1 on cpu 1 { compute(5us); down_read(&sem); compute(20us); up_read(&sem); }
    thread w on cpu 2 { compute(10us); down_write(&sem); compute(20us); up_write(&sem); }
    thread r2 on cpu 3 { compute(15us); down_read(&sem); compute(20us); up_read(&sem); } }`;

  it.each([
    ['rwsem-3.8', [0, 1, 2, 3]],
    ['rwsem-3.10', [0, 1, 2, 3]],
    ['rwsem-3.16', [0, 1, 2, 3]],
    ['rwsem-5.3', [0, 1, 3, 2]],
    ['rwsem-5.11', [0, 1, 3, 2]],
  ])('%s: of reader, writer, reader in the list, readers go %j', (id, order) => {
    const grants = log(READERS_AND_WRITERS, id).filter((r) => r.kind === Kind.LOCK_GRANT);
    expect(grants.map((r) => r.thread)).toEqual(order);
  });

  it('rwsem-5.3: readers spin on a running writer; rwsem-5.11: they sleep', () => {
    const doc = `rwsem sem; scenario test "reader" { extent 1ms;
      thread a on cpu 0 { down_write(&sem); compute(20us); up_write(&sem); }
      thread r on cpu 1 { compute(1us); down_read(&sem); up_read(&sem); } }`;
    const state = (id: string): number | undefined => {
      const request = log(doc, id).find((r) => r.kind === Kind.LOCK_REQUEST);
      return request === undefined ? undefined : request.flags & Flag.STATE_MASK;
    };
    expect(state('rwsem-5.3')).toBe(State.SPIN);
    expect(state('rwsem-5.11')).toBe(State.WAIT_READ);
  });

  it('rwsem-3.16: past sleepers a writer comes by the OSQ, behind those that spin there', () => {
    // s sleeps in the list, as the owner did not run; a spins; n comes when the lock has just become free.
    const grants = (at: number): (number | undefined)[] =>
      log(
        `rwsem sem; scenario test "newcomer" { extent 1ms;
          thread holder on cpu 0 { down_write(&sem); sleep(50us); compute(50us); up_write(&sem); }
          thread s on cpu 1 { compute(10us); down_write(&sem); up_write(&sem); }
          thread a on cpu 2 { compute(80us); down_write(&sem); compute(5us); up_write(&sem); }
          thread n on cpu 3 { compute(${at}); down_write(&sem); compute(5us); up_write(&sem); } }`,
        'rwsem-3.16',
      )
        .filter((r) => r.kind === Kind.LOCK_GRANT)
        .map((r) => r.thread);
    const released =
      log(
        `rwsem sem; scenario test "alone" { extent 1ms;
          thread holder on cpu 0 { down_write(&sem); sleep(50us); compute(50us); up_write(&sem); }
          thread s on cpu 1 { compute(10us); down_write(&sem); up_write(&sem); } }`,
        'rwsem-3.16',
      ).find((r) => r.kind === Kind.LOCK_RELEASE)?.t ?? 0;
    // Its operation ends between the release and the spinner's.
    for (let late = -40; late <= 40; late += 5) {
      const order = grants(released + late);
      expect([late, order.indexOf(2) < order.indexOf(3)]).toEqual([late, true]);
    }
  });

  it('rwsem-5.3: a reader behind a writer that ran out of time stops spinning with it, and stands behind it', () => {
    const records = log(
      `rwsem sem; scenario test "barred" { extent 1ms;
        thread holder on cpu 0 {
          down_write(&sem); compute(5us); downgrade_write(&sem); compute(100us); up_read(&sem);
        }
        thread w on cpu 1 { compute(1us); down_write(&sem); compute(5us); up_write(&sem); }
        thread r on cpu 2 { compute(3us); down_read(&sem); up_read(&sem); } }`,
      'rwsem-5.3',
    );
    const queues = records.filter((r) => r.kind === Kind.LOCK_QUEUE).map((r) => [r.thread, r.t < 20e3]);
    expect(queues).toEqual([
      [1, true],
      [2, true],
    ]);
    const grants = records.filter((r) => r.kind === Kind.LOCK_GRANT).map((r) => [r.thread, r.t > 100e3]);
    expect(grants).toEqual([
      [0, false],
      [1, true],
      [2, true],
    ]);
  });

  it('rwsem-5.11: a reader that queues lets in those that a wake-up of 256 left behind', () => {
    const records = log(
      `rwsem sem; scenario test "more than 256" { extent 1s;
        thread w on cpu 0 { down_write(&sem); sleep(20ms); up_write(&sem); }
        thread r[300] on cpu 1 + index % 3 { down_read(&sem); sleep(50ms); up_read(&sem); }
        thread x on cpu 0 { sleep(40ms); down_read(&sem); up_read(&sem); } }`,
      'rwsem-5.11',
    );
    const granted = (from: number, to: number): number =>
      records.filter((r) => r.kind === Kind.LOCK_GRANT && r.thread > 0 && r.t >= from && r.t < to).length;
    expect(granted(0, 40e6)).toBe(256);
    expect(granted(40e6, 60e6)).toBe(45);
  });

  it('rwsem-5.11: a writer spins on readers for 10.5 us, then sleeps, and nobody spins on them after it', () => {
    const records = log(
      `rwsem sem; scenario test "budget" { extent 1ms;
        thread r on cpu 0 { down_read(&sem); compute(100us); up_read(&sem); }
        thread a on cpu 1 { compute(1us); down_write(&sem); up_write(&sem); }
        thread b on cpu 2 { compute(50us); down_write(&sem); up_write(&sem); } }`,
      'rwsem-5.11',
    );
    const spins = records.find((r) => r.kind === Kind.LOCK_REQUEST && r.thread === 1);
    const sleeps = records.find((r) => r.kind === Kind.LOCK_QUEUE && r.thread === 1);
    expect((sleeps?.t ?? 0) - (spins?.t ?? 0)).toBe(10_500);
    const later = records.find((r) => r.kind === Kind.LOCK_REQUEST && r.thread === 2);
    expect((later?.flags ?? 0) & Flag.STATE_MASK).toBe(State.WAIT_WRITE);
  });
});

describe('what ends starvation', () => {
  /** A hog takes the lock back at once, section after section; the other asks for it while the hog does not run. */
  const HOG = `rwsem sem; scenario test "hog" { extent 1s;
    thread hog on cpu 0 {
      for (k = 0; k < 40; k++) { down_write(&sem); if (k == 0) sleep(1ms); compute(5ms); up_write(&sem); }
    }
    thread other on cpu 1 { compute(10us); down_write(&sem); up_write(&sem); } }`;

  /** Sections of the hog that end before the other has the lock. */
  function sections(id: string): number {
    const records = log(HOG, id);
    const got = records.find((r) => r.kind === Kind.LOCK_GRANT && r.thread === 1)?.id ?? Infinity;
    return records.filter((r) => r.kind === Kind.LOCK_RELEASE && r.thread === 0 && r.id < got).length;
  }

  it('nothing from 3.9 to 5.2, the order before, a demand after 4 ms since', () => {
    expect(sections('rwsem-3.8')).toBe(1);
    expect(sections('rwsem-3.10')).toBe(40);
    expect(sections('rwsem-3.16')).toBe(40);
    // Woken after the first section it finds the lock taken again and demands it; the second section is the last.
    expect(sections('rwsem-5.3')).toBe(2);
    expect(sections('rwsem-5.11')).toBe(2);
  });

  it('RCU: who spins for 100 ms is sent to the list, where the demand helps', () => {
    const doc = `rwsem sem; scenario test "spinner" { extent 10s;
      thread hog on cpu 0 { for (k = 0; k < 60; k++) { down_write(&sem); compute(5ms); up_write(&sem); } }
      thread other on cpu 1 { compute(10us); down_write(&sem); up_write(&sem); } }`;
    const records = log(doc, 'rwsem-5.11');
    const queues = records.find((r) => r.kind === Kind.LOCK_QUEUE);
    const grant = records.find((r) => r.kind === Kind.LOCK_GRANT && r.thread === 1);
    // The first tick after 100 ms of spinning.
    expect(queues?.t).toBe(104e6);
    expect((grant?.t ?? Infinity) - (queues?.t ?? 0)).toBeLessThan(16e6);
  });
});
