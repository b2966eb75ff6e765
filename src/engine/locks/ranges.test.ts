import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRecord, Flag, Kind } from '../../event/index.ts';
import { audit } from '../fuzz/audit.ts';
import { isRangeLock, RangeState } from '../ranges.ts';
import type { Simulation } from '../simulation.ts';
import { program, record, simulate } from '../testing.ts';
import type { World } from '../world.ts';

/** Locks over ranges by themselves: the tree against a naive list of requests, the order of waits, signals, deadlocks. */

const TREE = `
shared int asked = 0;
int lock(range r, int write) {
    spin_lock(&mm->range_tree);
    blockers = range_insert(mm, r, write);
    asked = index;
    spin_unlock(&mm->range_tree);
    if (blockers > 0)
        return range_wait_killable(mm);
    return 0;
}
void unlock() {
    spin_lock(&mm->range_tree);
    range_remove(mm);
    spin_unlock(&mm->range_tree);
}`;

const LIST = `
int lock(range r, int write) {
again:
    place = range_list_find(mm, r, write);
    if (!place) {
        if (range_list_wait_killable(mm, r, write))
            return -EINTR;
        goto again;
    }
    if (!range_list_insert(mm, r, write, place))
        goto again;
    return 0;
}
void unlock() { range_list_mark(mm); }`;

/** What a thread does: after so many ns it asks for pages [from, to), and has them for a while. */
interface Request {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly write: boolean;
  readonly ns: number;
}

const request: fc.Arbitrary<Request> = fc
  .tuple(
    fc.nat(4_000),
    fc.nat(7),
    fc.integer({ min: 1, max: 4 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 9_000 }),
  )
  .map(([at, from, pages, write, ns]) => ({ at, from, to: from + pages, write, ns }));

function text(words: string, requests: readonly Request[]): string {
  const threads = requests.map(
    ({ at, from, to, write, ns }, k) => `thread t${k} on cpu ${k % 4} {
    compute(${at + 1});
    lock(range(${from} * PAGE_SIZE, ${to} * PAGE_SIZE), ${write ? 1 : 0}); compute(${ns}); unlock();
  }`,
  );
  return `${words}\nscenario test "ranges" { extent 10s; ${threads.join('\n')} }`;
}

function clash(a: Request, b: Request): boolean {
  return a.from < b.to && b.from < a.to && (a.write || b.write);
}

interface Run {
  readonly records: readonly EventRecord[];
  readonly verdict: string;
  readonly violations: number;
}

function run(words: string, requests: readonly Request[]): Run {
  const sim = simulate(program(text(words, requests)));
  const { records } = record(sim);
  expect(audit(sim.engine)).toEqual([]);
  return { records, verdict: sim.verdict(), violations: sim.violationCount() };
}

const ofRanges = (r: EventRecord): boolean => isRangeLock(r.object);

describe('a tree of ranges', () => {
  it('does what a naive list of requests does', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 10 }), (requests) => {
        const { records, verdict, violations } = run(TREE, requests);
        expect([verdict, violations]).toEqual(['pass', 0]);
        // In the order in which they were asked for; a request that was granted long ago stays until its release.
        const naive: number[] = [];
        const left = new Map<number, number>();
        for (const r of records) {
          // Stored under the spinlock, so in the order of the tree.
          if (r.kind === Kind.VAR) naive.push(r.thread);
          if (!ofRanges(r)) continue;
          const me = requests[r.thread] as Request;
          if (r.kind === Kind.LOCK_RELEASE) {
            naive.splice(naive.indexOf(r.thread), 1);
            for (const [t, other] of requests.entries()) if (clash(me, other)) left.set(t, r.t);
          }
          if (r.kind !== Kind.LOCK_GRANT) continue;
          const mine = naive.indexOf(r.thread);
          const earlier = mine < 0 ? naive : naive.slice(0, mine);
          expect(earlier.filter((t) => clash(requests[t] as Request, me))).toEqual([]);
          // Whoever slept has it at the very moment in which the last one left that was in its way.
          if ((r.flags & Flag.CONTENDED) !== 0) expect(left.get(r.thread)).toBe(r.t);
        }
        expect(records.filter((r) => ofRanges(r) && r.kind === Kind.LOCK_GRANT)).toHaveLength(
          requests.length,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('is first come, first served where ranges overlap, and nowhere else', () => {
    const order = grants(TREE, [
      { at: 0, from: 0, to: 4, write: false, ns: 20_000 },
      { at: 1_000, from: 2, to: 6, write: true, ns: 1_000 },
      // A reader beside the first one, but behind the writer that waits.
      { at: 2_000, from: 3, to: 4, write: false, ns: 1_000 },
      { at: 3_000, from: 0, to: 2, write: false, ns: 1_000 },
    ]);
    expect(order).toEqual([0, 3, 1, 2]);
  });
});

/** Threads in the order in which they were granted their ranges. */
function grants(words: string, requests: readonly Request[]): number[] {
  const { records, verdict } = run(words, requests);
  expect(verdict).toBe('pass');
  return records.filter((r) => ofRanges(r) && r.kind === Kind.LOCK_GRANT).map((r) => r.thread);
}

describe('a list of ranges', () => {
  it('never gives away what clashes, and gives everybody what it asked for', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 10 }), (requests) => {
        const { records, verdict, violations } = run(LIST, requests);
        expect([verdict, violations]).toEqual(['pass', 0]);
        const held = new Set<number>();
        let granted = 0;
        for (const r of records.filter(ofRanges)) {
          const me = requests[r.thread] as Request;
          if (r.kind === Kind.LOCK_RELEASE) held.delete(r.thread);
          if (r.kind !== Kind.LOCK_GRANT) continue;
          expect([...held].filter((t) => clash(requests[t] as Request, me))).toEqual([]);
          held.add(r.thread);
          granted++;
        }
        expect([granted, held.size]).toEqual([requests.length, 0]);
      }),
      { numRuns: 150 },
    );
  });

  it('lets a later reader past a writer that waits', () => {
    const order = grants(LIST, [
      { at: 0, from: 0, to: 4, write: false, ns: 20_000 },
      { at: 1_000, from: 2, to: 6, write: true, ns: 1_000 },
      { at: 2_000, from: 3, to: 4, write: false, ns: 1_000 },
    ]);
    expect(order).toEqual([0, 2, 1]);
  });

  it('gives a CPU away that is wanted while it spins there', () => {
    const sim = simulate(
      program(`${LIST}
      scenario test "two on a CPU" {
        extent 1s;
        thread owner on cpu 0 { lock(range(0, PAGE_SIZE), 1); compute(60ms); unlock(); }
        thread spinner on cpu 1 { compute(1us); lock(range(0, PAGE_SIZE), 1); unlock(); }
        thread worker on cpu 1 { compute(20ms); }
      }`),
    );
    const { records } = record(sim);
    expect(sim.verdict()).toBe('pass');
    const done = records.find((r) => r.thread === 2 && r.kind === Kind.STATE && (r.flags & 7) === 7);
    expect(done?.t).toBeLessThan(50e6);
  });
});

describe.each([
  ['tree', TREE],
  ['list', LIST],
])('waits for a range of a %s', (_, words) => {
  it('end with a fatal signal, and keep nobody out any more', () => {
    const sim = simulate(
      program(`${words}
      int mmap_fixed(range r) {
        err = lock(r, 1);
        if (err && ${words === TREE ? 1 : 0}) unlock();
        if (err) return err;
        unlock();
        return 0;
      }
      scenario test "killed" {
        extent 1s;
        thread owner on cpu 0 { lock(range(0, PAGE_SIZE), 0); compute(50us); unlock(); }
        thread victim on cpu 1 {
          compute(1us); alarm(10us); mmap_fixed(range(0, PAGE_SIZE));
        }
        thread last on cpu 2 { compute(5us); lock(range(0, PAGE_SIZE), 0); count("last"); unlock(); }
      }`),
    );
    const { records } = record(sim);
    expect(sim.verdict()).toBe('pass');
    expect(audit(sim.engine)).toEqual([]);
    expect(records.filter((r) => r.kind === Kind.LOCK_CANCEL)).toHaveLength(1);
    const last = records.find((r) => r.thread === 2 && r.kind === Kind.COUNTER);
    expect(last?.t).toBeLessThan(50_000);
  });

  it('are found in a deadlock with another lock', () => {
    const sim = simulate(
      program(`${words}
      mutex m;
      scenario test "crossed" expect deadlock {
        thread a on cpu 0 { lock(range(0, PAGE_SIZE), 1); compute(9us); mutex_lock(&m); mutex_unlock(&m); unlock(); }
        thread b on cpu 1 { mutex_lock(&m); compute(3us); lock(range(0, 3 * PAGE_SIZE), 0); unlock(); mutex_unlock(&m); }
      }`),
    );
    sim.run();
    expect(sim.verdict()).toBe('deadlock');
    expect(
      sim
        .deadlock()
        ?.map((edge) => edge.waitsFor)
        .sort(),
    ).toEqual(['m', 'range_lock']);
  });

  it('are a deadlock where a thread asks for what it holds', () => {
    const sim = simulate(
      program(`${words}
      scenario test "twice" expect deadlock {
        thread a on cpu 0 { lock(range(0, PAGE_SIZE), 1); lock(range(0, PAGE_SIZE), 1); }
      }`),
    );
    sim.run();
    expect(sim.verdict()).toBe('deadlock');
  });
});

it('a deadlock through a range that only waits is found, though its thread holds nothing', () => {
  const sim = simulate(
    program(`${TREE}
    mutex m;
    scenario test "in a row" expect deadlock {
      thread a on cpu 0 { lock(range(0, PAGE_SIZE), 1); compute(20us); mutex_lock(&m); }
      thread b on cpu 1 { compute(2us); lock(range(0, 2 * PAGE_SIZE), 1); }
      thread c on cpu 2 { mutex_lock(&m); compute(8us); lock(range(PAGE_SIZE, 2 * PAGE_SIZE), 0); }
    }`),
  );
  sim.run();
  expect(sim.verdict()).toBe('deadlock');
  expect(sim.deadlock()).toHaveLength(3);
});

it('a thread that sleeps for a range too long is reported as hung', () => {
  const killable = TREE.replace('return range_wait_killable(mm);', 'range_wait(mm);');
  const sim = simulate(
    program(`${killable}
    scenario test "hung" {
      number hung_task_timeout = 1ms "reported after it";
      thread a on cpu 0 { lock(range(0, PAGE_SIZE), 1); compute(5ms); unlock(); }
      thread b on cpu 1 { compute(2us); lock(range(0, PAGE_SIZE), 0); unlock(); }
    }`),
  );
  const { records } = record(sim);
  expect(records.filter((r) => r.kind === Kind.HUNG && r.thread === 1)).toHaveLength(1);
});

it('two writers of one address are a violation of writer_excludes', () => {
  const sim = simulate(
    program(`${TREE}
    scenario test "both" {
      thread a on cpu 0 { lock(range(0, PAGE_SIZE), 1); compute(9us); unlock(); }
      thread b on cpu 1 { compute(4us); lock(range(0, 2 * PAGE_SIZE), 1); compute(1us); unlock(); }
    }`),
  );
  sim.run({ untilNs: 2_000 });
  const { w } = sim.engine;
  // The model is made to believe that the first range lies elsewhere; the watch has seen it.
  const held = w.rangeState.indexOf(RangeState.HELD);
  w.rangeStart[held] = 8;
  w.rangeEnd[held] = 9;
  sim.run();
  expect(sim.violations().map((v) => v.invariant)).toEqual(['writer_excludes']);
});

/** At 20 us: a has pages 0 to 2 for writing, b waits behind it, c has page 5. */
function moment(words: string): Simulation {
  const sim = simulate(
    program(`${words}
    scenario test "three" {
      thread a on cpu 0 { lock(range(0, 2 * PAGE_SIZE), 1); compute(50us); unlock(); }
      thread b on cpu 1 { compute(2us); lock(range(0, PAGE_SIZE), 0); unlock(); }
      thread c on cpu 2 { compute(2us); lock(range(5 * PAGE_SIZE, 6 * PAGE_SIZE), 1); compute(50us); unlock(); }
    }`),
  );
  sim.run({ untilNs: 20_000 });
  return sim;
}

describe('the audit', () => {
  it.each<[RegExp, string, (w: World) => void]>([
    [/are held and clash/, TREE, (w) => w.rangeStart.fill(1, 4, 5)],
    [/counts 2 in its way of 1/, TREE, (w) => w.rangeBlockers.fill(2, 2, 3)],
    [/lost wake-up: nothing keeps thread 1/, TREE, (w) => w.rangeStart.fill(1, 0, 1)],
    [/threads hold/, TREE, (w) => w.rangeWrite.fill(0, 4, 5)],
    [/watched are/, TREE, (w) => w.seenMm.fill(0, 0, 1)],
    [/never named/, TREE, (w) => w.rangeState.fill(0, 2, 3)],
    [/place 1 for ranges of thread 0 is not zeroed/, TREE, (w) => w.rangeStart.fill(3, 1, 2)],
    [/list of ranges of mm 0 has/, LIST, (w) => w.rangeNext.fill(0, 0, 1)],
    [/not sorted/, LIST, (w) => w.rangeStart.fill(9, 0, 1)],
    [/which is not in its way/, LIST, (w) => w.rangeBlockers.fill(5, 2, 3)],
    [/lost wake-up: thread 1 spins/, LIST, (w) => w.rangeBlockers.fill(0, 2, 3)],
  ])('notices %s', (about, words, spoil) => {
    const sim = moment(words);
    expect(audit(sim.engine)).toEqual([]);
    spoil(sim.engine.w);
    expect(audit(sim.engine).join('\n')).toMatch(about);
  });
});
