import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WaitStory } from '../trace/index.ts';
import { isQuiet } from './derive.ts';
import { Bench, started } from './testing.ts';

function asked(bench: Bench, type: 'story' | 'range'): number {
  return bench.sent.filter((request) => request.type === type).length;
}

function lastSeq(bench: Bench, type: 'story' | 'range'): number {
  const request = bench.sent.findLast((r) => r.type === type);
  return request !== undefined && 'seq' in request ? request.seq : -1;
}

function tale(sinceNs: number, untilNs: number, end: WaitStory['end']): WaitStory {
  return {
    thread: 1,
    lock: 0x10000000,
    write: false,
    request: 3,
    site: 0,
    sinceNs,
    untilNs,
    end,
    grantedNs: null,
    handedOver: false,
    spinNs: 0,
    sleepNs: untilNs - sinceNs,
    runnableNs: 0,
    otherNs: 0,
    freeNs: 0,
    ahead: [],
    aheadCount: 0,
    steals: [],
    stealCount: 0,
    holds: [],
    holdCount: 0,
    holders: 0,
    heldNs: 0,
    releasedBy: null,
    wokenBy: null,
    wakeCount: 0,
  };
}

function tell(bench: Bench, t: number, story: WaitStory | null): void {
  const seq = lastSeq(bench, 'story');
  bench.answer({ type: 'story', run: bench.state.run, seq, thread: 1, t, story });
}

function answerRange(bench: Bench, seq: number, done: number, pairs?: []): void {
  const part = pairs === undefined ? {} : { pairs };
  bench.answer({ type: 'range', run: bench.state.run, seq, from: 0, to: 9, whole: true, done, ...part });
}

describe('the story of a wait', () => {
  test('is asked for once while it tells of every moment that is shown', () => {
    const bench = started();
    bench.state.askStory(1, 500);
    bench.state.askStory(1, 500);
    expect(asked(bench, 'story')).toBe(1);
    expect(isQuiet(bench.state)).toBe(false);
    tell(bench, 500, tale(400, 900, 'got'));
    expect(isQuiet(bench.state)).toBe(true);
    bench.state.askStory(1, 899);
    expect(asked(bench, 'story')).toBe(1);
    bench.state.askStory(1, 900);
    bench.state.askStory(0, 500);
    expect(asked(bench, 'story')).toBe(3);
  });

  test('is asked for again as long as the wait has no end', () => {
    const bench = started();
    bench.state.askStory(1, 500);
    tell(bench, 500, tale(400, 600, 'waiting'));
    bench.state.askStory(1, 550);
    expect(asked(bench, 'story')).toBe(2);
  });

  test('of an earlier question, or of an earlier run, is dropped', () => {
    const bench = started();
    bench.state.askStory(1, 500);
    const seq = lastSeq(bench, 'story');
    bench.state.askStory(1, 700);
    const story = tale(400, 600, 'got');
    bench.answer({ type: 'story', run: bench.state.run, seq, thread: 1, t: 500, story });
    expect(bench.state.story).toBeNull();
    tell(bench, 700, tale(650, 800, 'got'));
    expect(bench.state.story?.sinceNs).toBe(650);
    bench.state.choose('munmap', 'chunked');
    bench.ready();
    expect(bench.state.story).toBeNull();
  });
});

describe('a range', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('that changes fast is asked for now and then, and at last as it is', () => {
    const bench = started();
    for (let i = 0; i < 20; i++) bench.state.askRange('blame', { from: i, to: 100 });
    expect(asked(bench, 'range')).toBe(1);
    vi.advanceTimersByTime(100);
    expect(asked(bench, 'range')).toBe(2);
    expect(bench.sent.at(-1)).toMatchObject({ from: 19, to: 100, what: 'blame' });
    expect(isQuiet(bench.state)).toBe(false);
  });

  test('keeps the last answer until the next one is whole', () => {
    const bench = started();
    bench.state.askRange('blame', { from: 0, to: 9 });
    answerRange(bench, lastSeq(bench, 'range'), 1, []);
    const first = bench.state.blame;
    expect(first).not.toBeNull();
    vi.advanceTimersByTime(100);
    bench.state.askRange('blame', { from: 0, to: 5 });
    answerRange(bench, lastSeq(bench, 'range'), 0.4);
    expect([bench.state.blame, bench.state.rangeDone]).toEqual([first, 0.4]);
    answerRange(bench, lastSeq(bench, 'range') - 1, 1, []);
    expect(bench.state.blame).toBe(first);
    answerRange(bench, lastSeq(bench, 'range'), 1, []);
    expect(bench.state.blame).not.toBe(first);
    expect(isQuiet(bench.state)).toBe(true);
  });
});

test('the records that led to a finding come in order, those of an earlier question not at all', () => {
  const bench = started();
  const record = (id: number) => {
    return { id, t: id, site: 0, object: 0, arg: 0, thread: 0, kind: 1, flags: 0, sentence: `r${id}` };
  };
  const answer = (request: (typeof bench.sent)[0]): void => {
    if (request.type !== 'records') throw new Error(request.type);
    const { run, seq, from } = request;
    bench.answer({ type: 'records', run, seq, records: [record(from)] });
  };
  bench.state.askCauses([40]);
  const early = bench.sent.slice(-1);
  bench.state.askCauses([30, 10, 20]);
  const sent = bench.sent.slice(-3);
  early.forEach(answer);
  sent.forEach(answer);
  expect(bench.state.causes.map(({ id }) => id)).toEqual([10, 20, 30]);
  expect(bench.state.nearby).toEqual([]);
});

test('marks span all that the bars hold, and go with their chart', () => {
  const bench = started();
  const bin = (firstNs: number, lastNs: number, count: number) => {
    return { fromNs: 1, toNs: 3, count, firstNs, lastNs, members: Float64Array.of(1, firstNs, lastNs) };
  };
  bench.state.openDrawer('statistics');
  bench.state.mark('k', [bin(50, 60, 2), bin(0, 0, 0), bin(20, 30, 1)]);
  expect(bench.state.marked).toMatchObject({ key: 'k', range: { from: 20, to: 60 }, count: 3 });
  expect(bench.state.marked?.spans).toHaveLength(2);
  bench.state.mark('k', [bin(0, 0, 0)]);
  expect(bench.state.marked).toBeNull();
  bench.state.mark('k', [bin(5, 6, 1)]);
  bench.state.openDrawer('why');
  expect([bench.state.marked, bench.state.measured]).toEqual([null, null]);
});

describe('the filter of the matrix', () => {
  const FILTER = { waiter: 1, holder: 0, lock: 0x10000000 };
  const WAITS = [{ thread: 1, bounds: Float64Array.of(10, 20) }];

  function waitsSeq(bench: Bench): number {
    const request = bench.sent.findLast((r) => r.type === 'waits');
    return request !== undefined && 'seq' in request ? request.seq : -1;
  }

  test('asks when its waits were, and stays whatever the drawer shows', () => {
    const bench = started();
    bench.state.filterBlame(FILTER);
    expect(bench.sent.at(-1)).toMatchObject({ type: 'waits', filter: FILTER });
    expect(isQuiet(bench.state)).toBe(false);
    bench.answer({ type: 'waits', run: bench.state.run, seq: waitsSeq(bench), waits: WAITS });
    expect(isQuiet(bench.state)).toBe(true);
    bench.state.openDrawer('run');
    expect([bench.state.blameFilter, bench.state.blameWaits]).toEqual([FILTER, WAITS]);
  });

  test('asks again as the run goes on, and not once it is cleared', () => {
    const bench = started();
    bench.state.filterBlame(FILTER);
    const seq = waitsSeq(bench);
    bench.answer({ type: 'waits', run: bench.state.run, seq, waits: WAITS });
    bench.end();
    expect(waitsSeq(bench)).toBeGreaterThan(seq);
    bench.state.filterBlame(null);
    bench.answer({ type: 'waits', run: bench.state.run, seq: waitsSeq(bench), waits: WAITS });
    expect([bench.state.blameWaits, isQuiet(bench.state)]).toEqual([[], true]);
    const last = waitsSeq(bench);
    bench.end();
    expect(waitsSeq(bench)).toBe(last);
  });

  test('asks once more where the run went on before the answer came: that one tells a part alone', () => {
    const bench = started();
    bench.state.filterBlame(FILTER);
    const seq = waitsSeq(bench);
    bench.end();
    expect(waitsSeq(bench)).toBe(seq);
    bench.answer({ type: 'waits', run: bench.state.run, seq, waits: [] });
    expect([waitsSeq(bench) > seq, isQuiet(bench.state)]).toEqual([true, false]);
    bench.answer({ type: 'waits', run: bench.state.run, seq: waitsSeq(bench), waits: WAITS });
    expect([bench.state.blameWaits, isQuiet(bench.state)]).toEqual([WAITS, true]);
  });

  test('of a thread or lock that the run does not have is none', () => {
    const bench = new Bench();
    const filter = { waiter: 'nobody knows it', holder: 'a' };
    bench.state.applyLink({ scenario: 'tiny', set: {}, blame: { filter } });
    bench.ready();
    expect(bench.state.blameFilter).toBeNull();
  });
});
