import { describe, expect, test } from 'vitest';
import { Class, objectId, type TraceMeta } from '../event/index.ts';
import type { Move, Request, Response, Unmoved } from '../worker/protocol.ts';
import { isQuiet } from './derive.ts';
import { stopLine } from './stop-line.ts';
import { type Bench, started } from './testing.ts';

const CONTENTION: Move = { to: 'contention', by: 1 };

function outstanding(bench: Bench): number {
  return bench.state.outstanding ?? -1;
}

function searching(bench: Bench, event: number, waiting = false): void {
  bench.answer({ type: 'searching', run: bench.state.run, seq: outstanding(bench), event, waiting });
}

/** Answers the move under way: it led nowhere. */
function stay(bench: Bench, unmoved: Unmoved): void {
  const { run, moment } = bench.state;
  const answer: Response = {
    type: 'moment',
    run,
    seq: outstanding(bench),
    moment: { t: 0, event: moment?.event ?? 0 },
    record: null,
    ordinal: 0,
    moved: false,
    unmoved,
  };
  bench.answer(answer);
}

function cancels(bench: Bench): Request[] {
  return bench.sent.filter(({ type }) => type === 'cancel');
}

describe('searches', () => {
  test('one that leads nowhere says why and leaves the moment as it is', () => {
    const bench = started();
    bench.state.move({ to: 'time', t: 777 });
    bench.arrive(500, 3);
    const { moment, record } = bench.state;
    bench.state.move(CONTENTION);
    expect(bench.state.deadEnd).toBeNull();
    stay(bench, 'nothing');
    expect(bench.state.deadEnd).toEqual({ move: CONTENTION, why: 'nothing' });
    // A time between two records is not lost for the record before it.
    expect(bench.state.moment).toBe(moment);
    expect(bench.state.record).toBe(record);
    expect(isQuiet(bench.state)).toBe(true);
    bench.state.move({ to: 'start' });
    expect(bench.state.deadEnd).toBeNull();
  });

  test('a long one tells how far it is, and can be cancelled', () => {
    const bench = started();
    bench.state.move(CONTENTION);
    const seq = outstanding(bench);
    searching(bench, 50);
    expect(bench.state.searching).toEqual({ event: 50, waiting: false });
    expect(isQuiet(bench.state)).toBe(false);
    bench.state.cancelMove();
    expect(cancels(bench)).toEqual([{ type: 'cancel', run: bench.state.run, seq }]);
    stay(bench, 'cancelled');
    expect(bench.state.searching).toBeNull();
    expect(isQuiet(bench.state)).toBe(true);
  });

  test('a long one gives way to the next move, a short one is waited for', () => {
    const bench = started();
    bench.state.move(CONTENTION);
    bench.state.move({ to: 'end' });
    expect(cancels(bench)).toHaveLength(0);
    bench.arrive(100, 5);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'end' });
    bench.arrive(900, 90);
    bench.state.move(CONTENTION);
    searching(bench, 50, true);
    bench.state.move({ to: 'start' });
    expect(cancels(bench)).toHaveLength(1);
    stay(bench, 'cancelled');
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'start' });
    expect(bench.state.deadEnd).toBeNull();
  });

  test('what a search of an earlier run says is not shown', () => {
    const bench = started();
    bench.state.move(CONTENTION);
    bench.answer({
      type: 'searching',
      run: bench.state.run,
      seq: outstanding(bench) - 1,
      event: 9,
      waiting: false,
    });
    expect(bench.state.searching).toBeNull();
  });

  test('an engine that throws or hangs ends all that was under way', () => {
    const bench = started();
    bench.state.move(CONTENTION);
    searching(bench, 50);
    bench.answer({ type: 'failed', run: bench.state.run, message: 'no' });
    expect(bench.state).toMatchObject({ phase: 'failed', failure: 'no', outstanding: null, searching: null });
    expect(isQuiet(bench.state)).toBe(true);
    bench.state.load(bench.state.experiment, true);
    bench.ready();
    bench.arrive(0, 0);
    expect(bench.state.phase).toBe('running');
  });
});

describe('running until', () => {
  const meta = {
    sites: [
      { file: '', line: 0, col: 0, fn: '', parent: 0 },
      { file: 'a.kp', line: 3, col: 1, fn: 'f', parent: 0 },
      { file: 'a.kp', line: 5, col: 1, fn: 'f', parent: 0 },
      { file: 'a.kp', line: 9, col: 1, fn: 'g', parent: 0 },
      { file: 'a.kp', line: 12, col: 1, fn: 'g', parent: 0 },
    ],
  } as unknown as TraceMeta;
  const stops = { 'a.kp': [5, 12] };
  const text = [
    '// f',
    'f() {',
    ' if (x)',
    '',
    ' lock();',
    ' x = 1;',
    '}',
    'g() {',
    ' y = 1;',
    ' if (y) {',
    ' }',
    ' unlock();',
    ' z = 1;',
    '}',
  ];
  const texts = { 'a.kp': text.join('\n') };

  test('a line stops at the next one of its function that changes anything', () => {
    const at = (line: number): number | null => stopLine({ meta, stops, texts }, 'a.kp', line);
    expect([at(5), at(3), at(4), at(12), at(9), at(10)]).toEqual([5, 5, 5, 12, 12, 12]);
    expect([at(6), at(13), stopLine({ meta, stops, texts }, 'b.kp', 1)]).toEqual([null, null, null]);
    // Above the first line that anybody comes to.
    expect(at(1)).toBe(5);
    // Its head, and the end of the function before.
    expect([at(8), at(7)]).toEqual([12, null]);
  });

  test('a condition becomes a move, a line with a word where it is another one', () => {
    const bench = started();
    bench.store.setState({
      info: { ...(bench.state.info as NonNullable<typeof bench.state.info>), meta, stops, texts },
    });
    bench.state.runUntil({ on: 'blocks' }, -1);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'until', by: -1, condition: { on: 'blocks' } });
    bench.arrive(1, 1);
    bench.state.runUntil({ on: 'line', file: 'a.kp', line: 12, thread: 1 });
    const condition = { on: 'line', file: 'a.kp', line: 12, thread: 1 };
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'until', by: 1, condition });
    expect(bench.state.notice).toBeNull();
    bench.arrive(2, 2);
    bench.state.runUntil({ on: 'line', file: 'a.kp', line: 9 });
    expect(bench.moves().at(-1)?.move).toMatchObject({ condition: { line: 12 } });
    expect(bench.state.notice?.text).toContain('line 12 is the next');
    bench.arrive(3, 3);
    const before = bench.moves().length;
    bench.state.runUntil({ on: 'line', file: 'a.kp', line: 6 });
    expect(bench.moves()).toHaveLength(before);
    expect(bench.state.notice?.text).toContain('a.kp:6');
  });

  test('what was found is selected or shown, and followed', () => {
    const bench = started();
    bench.store.setState({ info: { ...(bench.state.info as NonNullable<typeof bench.state.info>), stops } });
    bench.state.followTo({ kind: 'thread', name: 'b' });
    expect(bench.state.selected).toBe('b');
    expect(bench.moves().at(-1)?.move).toEqual({
      to: 'until',
      by: 1,
      condition: { on: 'blocks', thread: 1 },
    });
    bench.arrive(1, 1);
    const lock = objectId(Class.TABLE, 7);
    bench.state.followTo({ kind: 'lock', lock });
    expect([bench.state.selectedLock, bench.state.table]).toEqual([lock, lock]);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'until', by: 1, condition: { on: 'contended', lock } });
    bench.arrive(2, 2);
    bench.state.followTo({ kind: 'line', file: 'a.kp', line: 5 });
    expect(bench.state.line).toEqual({ file: 'a.kp', line: 5 });
    expect(bench.moves().at(-1)?.move).toMatchObject({ condition: { on: 'line', file: 'a.kp', line: 5 } });
  });
});

describe('playback by events', () => {
  test('asks for records at its rate, one at a time, and stops at the end', () => {
    const bench = started();
    bench.state.setSpeedUnit('events');
    bench.state.setEventRate(20);
    bench.state.play();
    const before = bench.moves().length;
    for (let i = 0; i < 4; i++) bench.state.tick(10);
    expect(bench.moves()).toHaveLength(before);
    bench.state.tick(10);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 1 });
    bench.state.tick(100);
    expect(bench.moves()).toHaveLength(before + 1);
    // Steps of several records are whole; playback does not hurry after them.
    bench.arrive(40, 3);
    expect(bench.state.playedNs).toBe(40);
    bench.state.tick(50);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 4 });
    bench.arrive(50, 4);
    bench.state.setEventRate(100_000);
    bench.state.tick(100);
    expect(bench.state.playing).toBe(false);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'end' });
  });

  test('begins again from the start when it stands at the end', () => {
    const bench = started();
    bench.state.setSpeedUnit('events');
    bench.state.move({ to: 'end' });
    bench.arrive(1_000_000, 100);
    bench.state.play();
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'start' });
    bench.arrive(0, 2);
    for (let i = 0; i < 2; i++) bench.state.tick(50);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 3 });
  });

  test('goes on from where it is when the unit changes', () => {
    const bench = started();
    bench.state.play();
    bench.state.tick(50);
    bench.arrive(2_400, 60);
    bench.state.setSpeedUnit('events');
    expect(bench.state.playedNs).toBe(2_500);
    for (let i = 0; i < 2; i++) bench.state.tick(50);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 61 });
  });
});
