import { describe, expect, test } from 'vitest';
import { catalogue } from '../kernel/catalogue.ts';
import type { Response } from '../worker/protocol.ts';
import { isQuiet, selectedName, shownRange } from './derive.ts';
import { strategyMenus } from './strategies.ts';
import { Bench, EXPERIMENT, started } from './testing.ts';

describe('moves', () => {
  test('one is under way at a time, and the last of those that wait follows it', () => {
    const bench = started();
    const before = bench.moves().length;
    for (const t of [100, 200, 300]) bench.state.move({ to: 'time', t });
    expect(bench.moves()).toHaveLength(before + 1);
    expect(isQuiet(bench.state)).toBe(false);
    bench.arrive(100, 5);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 300 });
    bench.arrive(300, 9);
    expect(bench.state.moment?.event).toBe(9);
    expect(isQuiet(bench.state)).toBe(true);
  });

  test('the page is not quiet before the records around the place are there', () => {
    const bench = started();
    bench.state.move({ to: 'time', t: 100 });
    const [seq, run] = [bench.state.outstanding ?? 0, bench.state.run];
    const moment = { t: 100, event: 5 };
    bench.answer({ type: 'moment', run, seq, moment, record: null, ordinal: 0, moved: true });
    expect(isQuiet(bench.state)).toBe(false);
    const look = bench.sent.at(-1);
    if (look?.type !== 'records') throw new Error('nothing was asked for');
    bench.answer({ type: 'records', run, seq: look.seq, records: [] });
    expect(isQuiet(bench.state)).toBe(true);
  });

  test('an answer for another run changes nothing', () => {
    const bench = started();
    bench.state.move({ to: 'end' });
    const { outstanding, run } = bench.state;
    const late: Response = {
      type: 'moment',
      run: run - 1,
      seq: outstanding ?? 0,
      moment: { t: 5, event: 5 },
      record: null,
      ordinal: 0,
      moved: true,
    };
    bench.answer(late);
    expect(bench.state.moment?.event).toBe(0);
  });

  test('a step that leaves the screen takes it along, a place that was pointed at does not', () => {
    const bench = started();
    bench.state.setRange({ from: 0, to: 1_000 });
    bench.state.move({ to: 'step', by: 1 });
    bench.arrive(5_000, 7);
    const { range } = bench.state;
    expect(range !== null && range.from <= 5_000 && range.to >= 5_000).toBe(true);
    expect((range?.to ?? 0) - (range?.from ?? 0)).toBe(1_000);
  });

  test('playback asks for times, one at a time, and stops at the end', () => {
    const bench = started();
    bench.state.play();
    bench.state.tick(50);
    bench.state.tick(50);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 2_500 });
    bench.arrive(2_500, 3);
    bench.state.tick(50);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 7_500 });
    for (let i = 0; i < 400; i++) bench.state.tick(100);
    expect(bench.state.playing).toBe(false);
    bench.arrive(7_500, 4);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'end' });
  });
});

describe('choices', () => {
  test('another strategy keeps playhead, zoom and selection, and drops its knobs', () => {
    const bench = started();
    bench.state.choose('ALWAYS_DROP', 'true');
    bench.ready();
    bench.arrive(0, 0);
    bench.end();
    bench.state.select('b');
    bench.state.setRange({ from: 10, to: 2_000 });
    bench.state.move({ to: 'time', t: 500 });
    bench.arrive(500, 20, 3);
    bench.state.choose('munmap', 'baseline');
    expect(bench.state.experiment.set).toEqual({ munmap: 'baseline' });
    expect(bench.state.range).toEqual({ from: 10, to: 2_000 });
    bench.ready();
    bench.progress(400, false);
    expect(bench.moves().at(-1)?.run).toBe(bench.state.run - 1);
    bench.progress(600, false);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 500 });
    bench.arrive(500, 40, 5);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 38 });
    expect(selectedName(bench.state)).toBe('b');
  });

  test('another lock keeps the knobs of the munmap strategy', () => {
    const bench = started();
    bench.state.choose('ALWAYS_DROP', 'true');
    bench.state.choose('mmapLock', 'rwsem-3.8');
    expect(bench.state.experiment.set).toEqual({
      munmap: 'baseline',
      ALWAYS_DROP: 'true',
      mmapLock: 'rwsem-3.8',
    });
    bench.state.choose('mmapLock', null);
    expect(bench.state.experiment.set).toEqual({ munmap: 'baseline', ALWAYS_DROP: 'true' });
  });

  test('every record of the catalogue is offered, by kind', () => {
    const offered = strategyMenus.flatMap(({ kind, choices }) => choices.map(({ id }) => `${kind} ${id}`));
    expect(offered.sort()).toEqual(catalogue.map(({ kind, id }) => `${kind} ${id}`).sort());
    expect(strategyMenus.map(({ kind }) => kind)).toContain('spinlock');
  });

  test('a refused one can be taken back', () => {
    const bench = started();
    bench.state.choose('munmap', 'nonsense');
    const diagnostics = [{ severity: 'error', message: 'no', file: 'x', line: 1, col: 1 }] as const;
    bench.answer({ type: 'refused', run: bench.state.run, diagnostics });
    expect(bench.state.phase).toBe('refused');
    expect(isQuiet(bench.state)).toBe(true);
    bench.state.recover();
    expect(bench.state.experiment).toEqual(EXPERIMENT);
    expect(bench.state.phase).toBe('building');
  });

  test('a run that ends early is shown alone, a longer one over its extent', () => {
    const bench = new Bench();
    bench.state.load(EXPERIMENT);
    bench.ready();
    bench.progress(100_000, false);
    expect(shownRange(bench.state).to).toBe(1_000_000);
    bench.progress(100_000, true);
    expect(shownRange(bench.state).to).toBe(104_000);
  });
});

describe('a value that is tried', () => {
  const wrong = { file: '--set', line: 1, col: 1, severity: 'error', message: 'no value' } as const;

  test('is chosen once it is known that it can be built, and not before', () => {
    const bench = started();
    bench.state.tryChoice('every', '6s');
    const { run } = bench.state;
    expect(bench.sent.at(-1)).toMatchObject({ type: 'check', run, experiment: { set: { every: '6s' } } });
    expect([bench.state.phase, isQuiet(bench.state)]).toEqual(['ended', false]);
    bench.answer({ type: 'check', run, seq: bench.state.trial?.seq ?? 0, diagnostics: [] });
    expect(bench.state.experiment.set).toEqual({ ...EXPERIMENT.set, every: '6s' });
    expect([bench.state.run, bench.state.trial]).toEqual([run + 1, null]);
  });

  test('leaves everything as it is when it does not do', () => {
    const bench = started();
    const { run, info, experiment } = bench.state;
    bench.state.tryChoice('every', '6y');
    const first = bench.state.trial?.seq ?? 0;
    bench.state.tryChoice('every', '6x');
    // What is known of the one before says nothing about this one.
    bench.answer({ type: 'check', run, seq: first, diagnostics: [] });
    bench.answer({ type: 'check', run, seq: bench.state.trial?.seq ?? 0, diagnostics: [wrong] });
    expect(bench.state.trial).toMatchObject({ key: 'every', value: '6x', problem: 'no value' });
    expect(bench.state).toMatchObject({ run, info, experiment, phase: 'ended' });
    expect(isQuiet(bench.state)).toBe(true);
    bench.state.choose('every', null);
    expect(bench.state.trial).toBeNull();
  });

  test('is told where it was picked from a menu, and everything stays as it is', () => {
    const bench = started();
    const { run, info, experiment } = bench.state;
    bench.state.pick('mmapLock', 'range-lock');
    expect(isQuiet(bench.state)).toBe(false);
    bench.answer({ type: 'check', run, seq: bench.state.trial?.seq ?? 0, diagnostics: [wrong] });
    expect(bench.state).toMatchObject({ run, info, experiment, phase: 'ended' });
    expect(bench.state.notice).toEqual({ tone: 'error', text: 'range-lock was not chosen: no value' });
    // The next one is another matter.
    bench.state.pick('scenario', 'tiny');
    expect(bench.state.notice).toBeNull();
    expect(bench.sent.at(-1)).toMatchObject({ type: 'check', experiment: { scenario: 'tiny', set: {} } });
    bench.answer({ type: 'check', run, seq: bench.state.trial?.seq ?? 0, diagnostics: [] });
    expect(bench.state).toMatchObject({ run: run + 1, experiment: { scenario: 'tiny' }, trial: null });
  });

  test('waits for the one that was picked before it, and is tried with what came of that', () => {
    const bench = started();
    const { run } = bench.state;
    const checks = () => bench.sent.filter(({ type }) => type === 'check');
    const answer = (diagnostics: readonly (typeof wrong)[]) =>
      bench.answer({ type: 'check', run: bench.state.run, seq: bench.state.trial?.seq ?? 0, diagnostics });
    bench.state.pick('munmap', 'vm-dead');
    bench.state.pick('mmapLock', 'rwsem-5.3');
    bench.state.pick('mmapLock', 'rwsem-3.8');
    expect(checks()).toHaveLength(1);
    answer([]);
    expect(checks().at(-1)).toMatchObject({
      run: run + 1,
      experiment: { set: { munmap: 'vm-dead', mmapLock: 'rwsem-5.3' } },
    });
    answer([wrong]);
    expect(checks()).toHaveLength(3);
    answer([]);
    expect(bench.state.experiment.set).toEqual({ munmap: 'vm-dead', mmapLock: 'rwsem-3.8' });
    expect([bench.state.run, bench.state.trial]).toEqual([run + 2, null]);
    expect(bench.state.notice?.text).toContain('rwsem-5.3');
  });

  test('is dropped where something else is loaded, and ends with a reason where the worker does', () => {
    const bench = started();
    bench.state.pick('munmap', 'vm-dead');
    bench.state.pick('munmap', 'downgrade');
    bench.state.load(EXPERIMENT);
    expect(bench.state.trial).toBeNull();
    bench.ready();
    bench.end();
    bench.state.pick('munmap', 'vm-dead');
    bench.state.pick('munmap', 'downgrade');
    const sent = bench.sent.length;
    bench.answer({ type: 'failed', run: bench.state.run, message: 'out of memory' });
    expect(bench.state).toMatchObject({ phase: 'failed', trial: { problem: 'out of memory' } });
    expect(bench.state.notice?.text).toBe('vm-dead was not chosen: out of memory');
    expect([bench.sent.length, isQuiet(bench.state)]).toEqual([sent, true]);
    // There is no picture that could stay.
    bench.state.pick('munmap', 'downgrade');
    expect(bench.state).toMatchObject({ phase: 'building', experiment: { set: { munmap: 'downgrade' } } });
  });
});
