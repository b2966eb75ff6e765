import { describe, expect, test } from 'vitest';
import type { Measured, Run } from '../../evidence/figure.ts';
import { runName } from '../../evidence/figure.ts';
import type { PoolListener } from '../../worker/experiment-pool.ts';
import { isQuiet } from '../derive.ts';
import { Bench } from '../testing.ts';
import { asCsv, asJson } from './copy.ts';
import { startExperiments } from './create.ts';
import { figureGroups, figureOf, missingRuns, runsOfAll } from './figures.ts';
import { readForm } from './form.ts';
import { batchNotes } from './notes.ts';
import { type Series, seriesOf, spreadOf } from './series.ts';
import type { Experiments } from './state.ts';

interface Desk {
  readonly bench: Bench;
  readonly asked: Run[];
  readonly cancels: { count: number };
  readonly listener: PoolListener;
  readonly state: () => Experiments;
}

function desk(link = 'x1.m3.machine=skylake-desktop&batch=31,63'): Desk {
  const bench = new Bench();
  bench.state.showExperiments(link);
  const asked: Run[] = [];
  const cancels = { count: 0 };
  const found: PoolListener[] = [];
  startExperiments(bench.store, (listener) => {
    found.push(listener);
    return { add: (runs) => asked.push(...runs), cancel: () => cancels.count++ };
  });
  const state = (): Experiments => {
    const { experiments } = bench.state;
    if (experiments === null) throw new Error('no slice');
    return experiments;
  };
  return { bench, asked, cancels, listener: found[0] as PoolListener, state };
}

function measured(batch: number, score: number): Measured {
  const shares = { zoneSharePct: 64, lruSharePct: 8, totalSharePct: 72 };
  const allocLatency = { p50Ns: 60, p99Ns: 4_000, maxNs: 100 * batch };
  const point = { machine: 'skylake-desktop', batch, score, ...shares, allocLatency, warmupNs: null };
  return { kind: 'page-fault1', point };
}

function series(state: Experiments): Series {
  return seriesOf(state.form, readForm(state.form).points, state.outcomes);
}

const points = (state: Experiments): readonly Run[] => readForm(state.form).points.map(({ run }) => run);

describe('the slice of experiments', () => {
  test('does what is missing, tells how far it is, and keeps what it has', () => {
    const { bench, asked, listener, state } = desk();
    expect([state().busy, isQuiet(bench.state)]).toEqual([false, true]);
    state().measure(points(state()));
    const [first = '', second = ''] = asked.map(runName);
    expect([state().busy, isQuiet(bench.state), state().asked]).toEqual([true, false, [first, second]]);
    listener.progress(first, 5, 10);
    expect(state().underway.get(first)).toEqual({ now: 5, extentNs: 10 });
    listener.measured(first, measured(31, 100));
    expect([state().busy, state().underway.size]).toEqual([true, 0]);
    listener.failed(second, 'no luck');
    expect([state().busy, isQuiet(bench.state)]).toEqual([false, true]);
    expect(series(state()).failures.map(({ point, message }) => [point.batch, message])).toEqual([
      [63, 'no luck'],
    ]);
    // Only what is new, and what failed.
    state().edit({ batches: '31, 63, 99' });
    state().measure(points(state()));
    expect(asked.slice(2).map((run) => run.set['batch'])).toEqual(['63', '99']);
    expect(state().outcomes.get(first)?.kind).toBe('measured');
  });

  test('keeps the figures when it is cancelled', () => {
    const { cancels, asked, listener, state } = desk();
    state().measure(points(state()));
    listener.measured(runName(asked[0] as Run), measured(31, 100));
    state().cancel();
    expect([cancels.count, state().busy, state().asked, state().outcomes.size]).toEqual([1, false, [], 1]);
    state().measure(points(state()));
    expect(asked.slice(2).map((run) => run.set['batch'])).toEqual(['63']);
  });

  test('and its link follow each other', () => {
    const { bench, state } = desk();
    expect(state().form).toMatchObject({ machine: 'skylake-desktop', batches: '31,63', seeds: 1 });
    state().choose('NO_MERGE', 'true');
    state().edit({ seeds: 2 });
    state().choose('NO_MERGE', null);
    state().show('evidence');
    expect(bench.state.experimentsLink).toMatch(/part=evidence&machine=skylake-desktop&batch=31,63&seeds=2$/);
    bench.state.showExperiments('x1.m3.batch=7&size=oh');
    expect(state().form).toMatchObject({ batches: '7', settings: { size: 'oh' } });
    expect(state().part).toBe('batch');
    bench.state.showExperiments('x1.m3.machine=skylark');
    expect(bench.state.notice?.text).toContain('machine');
  });
});

describe('series', () => {
  test('are medians and ranges over the seeds, changes against batch 31 with the same seed', () => {
    const { state, listener, asked } = desk('x1.m3.batch=63,31&seeds=3');
    state().measure(points(state()));
    const scores = [110, 121, 150, 100, 110, 120];
    for (const [i, run] of asked.entries()) {
      listener.measured(runName(run), measured(i < 3 ? 63 : 31, scores[i] ?? 0));
    }
    const { rows, base, published } = series(state());
    expect(rows.map(({ batch }) => batch)).toEqual([31, 63]);
    expect(rows[1]?.score).toEqual({ mid: 121, min: 110, max: 150 });
    expect(rows[1]?.points.map(({ changePct }) => Math.round(changePct ?? 0))).toEqual([10, 10, 25]);
    expect([base, published.length]).toEqual([31, 20]);
    expect(spreadOf([4, 1, 2, 30])).toEqual({ mid: 3, min: 1, max: 30 });
  });

  test('have published points beside them only where the same was published', () => {
    const of = (link: string): number => series(desk(link).state()).published.length;
    expect(
      ['x1.m3.', 'x1.m3.NO_MERGE=true', 'x1.m3.size=4MB', 'x1.m3.machine=skylake-ep-2s'].map(of),
    ).toEqual([20, 20, 0, 0]);
  });

  test('are copied with every number', () => {
    const { state, listener, asked } = desk();
    state().measure(points(state()));
    listener.measured(runName(asked[0] as Run), measured(31, 100));
    const [head, line, ...more] = asCsv(series(state())).split('\n');
    expect(head).toMatch(/^machine,batch,seed,score,changePct,zoneSharePct,.*,maxNs,warmupNs,publishedScore/);
    expect(line).toBe('skylake-desktop,31,1,100,0,64,8,72,60,4000,3100,,,,');
    expect(more).toEqual(['']);
    const json = JSON.parse(asJson(state().form, series(state())));
    expect(json).toMatchObject({ scenario: 'page-fault1', base: 31, points: [{ batch: 31, score: 100 }] });
  });
});

describe('figures', () => {
  test('are in one group each, and known as far as their runs are', () => {
    const all = figureGroups.flatMap(({ records }) => records);
    expect(new Set(all).size).toBe(all.length);
    expect(figureGroups.map(({ table, records }) => [table, records.length > 9])).toEqual([
      [false, true],
      [false, true],
      [true, true],
    ]);
    const record = all.find(({ id }) => id === 'batch.lwn.four-sockets');
    if (record === undefined) throw new Error('no such record');
    const { state, listener, asked } = desk('x1.m3.batch=31,53');
    const now = (): string[] => {
      const { state: how, simulated } = figureOf(record, state());
      return [how, simulated === null ? '' : simulated.toFixed(1)];
    };
    expect(now()).toEqual(['missing', '']);
    state().measure(points(state()));
    expect(now()).toEqual(['waiting', '']);
    // The runs of the form are those of the published figures.
    for (const run of asked) {
      listener.measured(runName(run), measured(31, run.set['batch'] === '31' ? 100 : 118));
    }
    expect(now()).toEqual(['there', '18.0']);
    expect(
      figureOf(record, {
        ...state(),
        outcomes: new Map([[runName(asked[0] as Run), { kind: 'failed', message: 'x' }]]),
      }),
    ).toMatchObject({ state: 'failed', failure: 'x' });
  });

  test('leave of each group the runs that are missing: those that failed too, those that others share once', () => {
    for (const { records } of figureGroups) {
      const runs = runsOfAll(records);
      expect(missingRuns(records, new Map())).toEqual(runs);
      const [first, second] = runs;
      if (first === undefined || second === undefined) throw new Error('no runs');
      const outcomes = new Map([
        [runName(first), { kind: 'measured' as const, measured: measured(31, 100) }],
        [runName(second), { kind: 'failed' as const, message: 'no luck' }],
      ]);
      expect(missingRuns(records, outcomes)).toEqual(runs.slice(1));
    }
  });

  test('have sentences of both sources', () => {
    expect(new Set(batchNotes.map(({ source }) => source)).size).toBe(2);
    expect(batchNotes.filter(({ record }) => record !== null).length).toBeGreaterThan(4);
  });
});
