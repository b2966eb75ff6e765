import { describe, expect, test } from 'vitest';
import type { EventRecord } from '../event/index.ts';
import type { LockReport, LogReport, ModeReport } from '../trace/index.ts';
import type { Finding } from '../worker/protocol.ts';
import { causesRange, openingMove } from './opening.ts';
import { Bench, EXPERIMENT, meta, report } from './testing.ts';

const NONE = { count: 0, totalNs: 0, p50Ns: null, p99Ns: null, maxNs: null, max: null };

/** Waits of at most `ns` by one thread, from `atNs` on. */
function waits(thread: string, atNs: number, ns: number): ModeReport {
  const max = { atNs, thread, line: '', heldBy: [] };
  return { acquired: 1, wait: { count: 1, totalNs: ns, p50Ns: ns, p99Ns: ns, maxNs: ns, max }, hold: NONE };
}

function reported(read: ModeReport, write: ModeReport): LogReport {
  const lock: LockReport = {
    id: 'mmap_lock',
    label: 'mmap_sem',
    kind: 'rwsem',
    instances: 1,
    maxWaiters: 1,
    read,
    write,
    top: [],
  };
  return { ...report, locks: [lock] };
}

const IDLE: ModeReport = { acquired: 0, wait: NONE, hold: NONE };

describe('where a run is first looked at', () => {
  test('inside the wait of a reader behind the writer that waits a little longer', () => {
    const opening = openingMove(reported(waits('b', 1_000, 9_000), waits('a', 900, 9_200)), [], meta, 20_000);
    expect(opening).toEqual({ move: { to: 'time', t: 3_700 }, thread: 'b', range: null });
  });

  test('inside the longest wait where readers hardly wait, or not at all', () => {
    for (const read of [waits('b', 1_000, 900), IDLE]) {
      const opening = openingMove(reported(read, waits('a', 900, 9_000)), [], meta, 20_000);
      expect(opening).toEqual({ move: { to: 'time', t: 3_600 }, thread: 'a', range: null });
    }
  });

  test('around one wait where everybody waits all the time, each for a moment', () => {
    const crowd = waits('a', 50_000, 100);
    const storm = { ...crowd, wait: { ...crowd.wait, count: 3_000, totalNs: 300_000 } };
    expect(openingMove(reported(IDLE, storm), [], meta, 400_000)?.range).toEqual({
      from: 49_600,
      to: 50_800,
    });
    // Few waits in all that time: the rest is the story.
    expect(openingMove(reported(IDLE, crowd), [], meta, 400_000)?.range).toBeNull();
  });

  test('nowhere else than at the start where nothing is to be seen', () => {
    expect(openingMove(reported(IDLE, IDLE), [], meta, 20_000)).toBeNull();
  });
});

describe('what led to a finding', () => {
  test('is shown at large where the whole axis would hide it', () => {
    expect(causesRange([6_000, 30_000, 78_000], 58_900_000)).toEqual({ from: 0, to: 114_000 });
    expect(causesRange([500_000, 540_000], 1_000_000)).toEqual({ from: 480_000, to: 560_000 });
  });

  test('needs no zoom where the axis shows it, or where there is but one record', () => {
    expect(causesRange([0, 500_000], 1_000_000)).toBeNull();
    expect(causesRange([500], 1_000_000)).toBeNull();
    expect(causesRange([], 1_000_000)).toBeNull();
  });
});

const FINDING: Finding = { kind: 'violation', title: 'broken', message: '', event: 30, causes: [7, 21] };

function record(id: number): EventRecord & { sentence: string } {
  return { id, t: id * 1_000, thread: 1, kind: 0, object: 0, arg: 0, site: 0, flags: 0, sentence: '' };
}

/** A run that ended with a finding, with the records that led to it still to come. */
function found(): Bench {
  const bench = new Bench();
  bench.state.load(EXPERIMENT);
  bench.ready();
  bench.arrive(0, 0);
  return bench;
}

function bringCauses(bench: Bench): void {
  for (const request of bench.sent.filter((r) => r.type === 'records' && r.seq < 0)) {
    if (request.type !== 'records') continue;
    const records = [record(request.from)];
    bench.answer({ type: 'records', run: bench.state.run, seq: request.seq, records });
  }
}

describe('a run with a finding', () => {
  test('opens on what led to it, with its explanation', () => {
    const bench = found();
    bench.end([FINDING]);
    expect(bench.state.drawer).toBe('why');
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 31 });
    bringCauses(bench);
    expect(bench.state.causes.map(({ id }) => id)).toEqual([7, 21, 30]);
    expect(bench.state.range).toEqual({ from: 0, to: 41_500 });
  });

  test('leaves a reader alone who moved, zoomed, or came by a link with a span', () => {
    const acts: ((bench: Bench) => void)[] = [
      (bench) => bench.state.move({ to: 'end' }),
      (bench) => bench.state.setRange(null),
    ];
    for (const act of acts) {
      const bench = found();
      act(bench);
      bench.end([FINDING]);
      bringCauses(bench);
      expect(bench.state.range).toBeNull();
    }
    const bench = new Bench();
    bench.state.applyLink({ ...EXPERIMENT, view: { from: 5, to: 500 } });
    bench.ready();
    bench.end([FINDING]);
    bringCauses(bench);
    expect(bench.state.range).toEqual({ from: 5, to: 500 });
  });

  test('leaves the drawer to a reader who looks at something else, and tells of the next one', () => {
    const bench = found();
    bench.state.openDrawer('statistics');
    bench.end([FINDING]);
    expect(bench.state.drawer).toBe('statistics');
    bench.state.openDrawer('run');
    bench.state.choose('munmap', 'downgrade');
    bench.ready();
    bench.end([FINDING]);
    expect(bench.state.drawer).toBe('why');
    bench.state.choose('munmap', 'vm-dead');
    bench.ready();
    bench.end();
    expect(bench.state.drawer).toBe('run');
  });
});
