import { describe, expect, test } from 'vitest';
import { MODEL_VERSION } from '../../event/index.ts';
import { runName } from '../../evidence/figure.ts';
import type { RunReport } from '../../evidence/record.ts';
import { catalogue, strategyKinds } from '../../kernel/index.ts';
import { resolve } from '../../scenario/gallery.ts';
import { isColumn, sortRows } from './columns.ts';
import { figuresOf } from './figures.ts';
import { FIRST_VIEW, mechanismsFragment, readMechanismsLink } from './link.ts';
import { mechanisms } from './list.ts';
import { kindCounts, measuredOf, rowsOf, shownRows } from './rows.ts';
import type { Measuring, Mechanism, MechanismRow } from './state.ts';

const HEAD = `t1.m${MODEL_VERSION}.`;
const nothing = { outcomes: new Map(), asked: [], underway: new Map() };

function mechanism(key: string): Mechanism {
  const found = mechanisms.find((m) => m.key === key);
  if (found === undefined) throw new Error(key);
  return found;
}

const duration = (
  count: number,
  totalNs: number,
  maxNs: number | null,
): RunReport['locks'][0]['read']['hold'] => ({
  count,
  totalNs,
  maxNs,
  p50Ns: null,
  p99Ns: null,
});
const mode = (
  count: number,
  totalNs: number,
  maxNs: number | null,
  waitNs: number | null,
): RunReport['locks'][0]['read'] => ({
  acquired: count,
  hold: duration(count, totalNs, maxNs),
  wait: duration(waitNs === null ? 0 : 1, waitNs ?? 0, waitNs),
});
const unused = mode(0, 0, null, null);

/** Ten faults beside one munmap that holds for writing for 700 and 200 ns, and then for reading for 50 ns. */
const report: RunReport = {
  outcome: 'pass',
  simulatedNs: 2_000,
  locks: [
    { id: 'mmap_lock', label: 'mmap_sem', write: mode(2, 900, 700, null), read: mode(11, 150, 60, 640) },
    { id: 'ptl', label: 'page-table locks', write: mode(12, 240, 30, 5), read: unused },
    { id: 'lock', label: 'lock', write: mode(4, 400, 100, 300), read: unused },
  ],
  faults: { count: 10, perSec: 1, latency: { p50Ns: 20, p99Ns: 660, maxNs: 660 } },
  syscalls: { munmap: { count: 1, latency: { p50Ns: 1_000, p99Ns: 1_000, maxNs: 1_000 } } },
  phases: {
    munmap: [
      { mode: 'write', startNs: 0, ns: 300 },
      { mode: 'write', startNs: 300, ns: 400 },
      { mode: 'none', startNs: 700, ns: 50 },
      { mode: 'write', startNs: 750, ns: 200 },
      { mode: 'read', startNs: 950, ns: 50 },
    ],
  },
  counters: { named: { vma_lock_abort: 3, loops: 5 } },
  threads: [],
};

const measuring = (key: string): Measuring => mechanism(key).measuring;

function rowWith(key: string, wait: number | null): MechanismRow {
  const figures = figuresOf(report, measuring('munmap.baseline'));
  const [lock] = figures.locks;
  const longestWait = lock === undefined || wait === null ? null : { ...lock, waitNs: wait };
  return { mechanism: mechanism(key), measured: { state: 'there', figures: { ...figures, longestWait } } };
}

describe('the list', () => {
  test('is the catalogue, each record with the scenarios that have it in force', () => {
    expect(mechanisms.map(({ record }) => record)).toEqual(catalogue);
    expect(new Set(mechanisms.map(({ key }) => key)).size).toBe(catalogue.length);
    const { scenarios } = mechanism('munmap.chunked');
    expect(scenarios.slice(0, 2).map(({ id, use }) => [id, use])).toEqual([
      ['chunk-hole', 'risk'],
      ['chunk-neighbour', 'win'],
    ]);
    expect(scenarios.find(({ id }) => id === 'chunk-starve')?.use).toBe('set');
    for (const { record, scenarios: links } of mechanisms) {
      for (const { id, use } of links) {
        const resolved = resolve({ scenario: id, set: {} });
        if (!resolved.ok) throw new Error(id);
        expect([id, resolved.value.choices[record.kind]]).toEqual([id, record.id]);
        if (use === 'risk' || use === 'win') expect(record[use]).toContain(id);
      }
    }
  });

  test.each(mechanisms.map(({ key }) => key))(
    '%s is measured by a run that resolves and chooses it',
    (key) => {
      const { record, run } = mechanism(key);
      const resolved = resolve({ scenario: run.scenario, set: run.set });
      expect(resolved).toMatchObject({ ok: true });
      if (resolved.ok) expect(resolved.value.choices[record.kind]).toBe(record.id);
    },
  );

  test('counts every kind that has a record', () => {
    expect(kindCounts.map(({ kind }) => kind)).toEqual(
      strategyKinds.filter((kind) => catalogue.some((record) => record.kind === kind)),
    );
    expect(kindCounts.reduce((sum, { count }) => sum + count, 0)).toBe(catalogue.length);
  });
});

describe('figures', () => {
  test('of a munmap are its own holds, phases of one mode in a row being one', () => {
    const figures = figuresOf(report, measuring('munmap.baseline'));
    expect(figures.locks).toEqual([
      {
        name: 'mmap_sem',
        own: true,
        write: { count: 2, longestNs: 700, perOperationNs: 900 },
        read: { count: 1, longestNs: 50, perOperationNs: 50 },
        waitNs: 640,
        waitMode: 'read',
        acquired: 13,
      },
    ]);
    expect([figures.operations, figures.operationNs]).toEqual([1, 1_000]);
    expect(figures.tables).toEqual({ acquired: 12, longestHoldNs: 30, waitNs: 5 });
  });

  test('of a fault are those of mmap_sem, or of what the scheme brings, with mmap_sem as the fallback', () => {
    const classic = figuresOf(report, measuring('fault.mmap-sem'));
    expect(classic.locks.map(({ name, own }) => [name, own])).toEqual([['mmap_sem', true]]);
    expect(classic.longestRead?.read).toEqual({ count: 11, longestNs: 60, perOperationNs: 15 });
    expect([classic.operations, classic.operationNs, classic.longestOperationNs]).toEqual([10, 20, 660]);
    const vmaLock = { id: 'vm_lock', label: 'per-VMA locks', write: unused, read: mode(6, 30, 10, null) };
    const scheme = figuresOf(
      { ...report, locks: [...report.locks, vmaLock] },
      measuring('fault.per-vma-lock-6.4'),
    );
    expect(scheme.locks.map(({ name, own, acquired }) => [name, own, acquired])).toEqual([
      ['per-VMA locks', true, 6],
      ['mmap_sem', false, 13],
    ]);
    // mmap_sem was held longer, but it is not what the scheme brought.
    expect([scheme.longestRead?.name, scheme.longestWrite, scheme.longestWait?.name]).toEqual([
      'per-VMA locks',
      null,
      'mmap_sem',
    ]);
    expect(scheme.aborts).toBe(3);
  });

  test('of a range lock are those of the range lock, though nobody takes mmap_sem', () => {
    const mmapSem = { id: 'mmap_lock', label: 'mmap_sem', write: unused, read: unused };
    const range = {
      id: 'range_lock',
      label: 'range_lock',
      write: mode(3, 90, 40, 70),
      read: mode(5, 50, 20, 8),
    };
    const { locks, longestWrite } = figuresOf(
      { ...report, locks: [mmapSem, range] },
      measuring('mmapLock.range-lock'),
    );
    expect(locks.map(({ name, acquired }) => [name, acquired])).toEqual([['range_lock', 8]]);
    expect(longestWrite?.write?.longestNs).toBe(40);
  });

  test('of a lock are those of the lock that its scenario declares', () => {
    const figures = figuresOf(report, measuring('spinlock.ticket'));
    expect(figures.locks).toHaveLength(1);
    expect(figures.locks[0]).toMatchObject({ name: 'lock', read: null, waitNs: 300 });
    expect(figures.longestWrite?.write).toEqual({ count: 4, longestNs: 100, perOperationNs: 100 });
    expect(figures.operationNs).toBe(500);
  });

  test('are none where no such lock is taken', () => {
    const figures = figuresOf({ ...report, locks: report.locks.slice(0, 2) }, measuring('alloc.zone'));
    expect([figures.locks, figures.longestWrite, figures.longestWait]).toEqual([[], null, null]);
  });
});

describe('what became of a run', () => {
  const chunked = mechanism('munmap.chunked');
  const name = runName(chunked.run);

  test('is told from the pool: missing, waiting, under way, failed, there', () => {
    expect(measuredOf(chunked, nothing)).toEqual({ state: 'missing' });
    const asked = { ...nothing, asked: [name] };
    expect(measuredOf(chunked, asked)).toEqual({ state: 'waiting', share: null });
    const underway = new Map([[name, { now: 5, extentNs: 20 }]]);
    expect(measuredOf(chunked, { ...asked, underway })).toEqual({ state: 'waiting', share: 0.25 });
    const failed = new Map([[name, { kind: 'failed' as const, message: 'no luck' }]]);
    expect(measuredOf(chunked, { ...asked, outcomes: failed })).toEqual({
      state: 'failed',
      message: 'no luck',
    });
    const there = (outcome: string): ReturnType<typeof measuredOf> => {
      const measured = { kind: 'run' as const, report: { ...report, outcome } };
      return measuredOf(chunked, {
        ...asked,
        outcomes: new Map([[name, { kind: 'measured' as const, measured }]]),
      });
    };
    expect(there('pass')).toMatchObject({ state: 'there', figures: { locks: [{ acquired: 13 }] } });
    expect(there('deadlock')).toEqual({ state: 'failed', message: 'the run ended with deadlock' });
  });
});

describe('sorting', () => {
  const keys = (rows: readonly MechanismRow[]): string[] => rows.map(({ mechanism: m }) => m.key);

  test('by figures puts those without one last, whichever way', () => {
    const rows = [
      rowWith('munmap.baseline', null),
      rowWith('munmap.chunked', 5),
      { mechanism: mechanism('munmap.vm-dead'), measured: { state: 'missing' } as const },
      rowWith('munmap.downgrade', 50),
    ];
    expect(keys(sortRows(rows, 'wait', false))).toEqual([
      'munmap.chunked',
      'munmap.downgrade',
      'munmap.baseline',
      'munmap.vm-dead',
    ]);
    expect(keys(sortRows(rows, 'wait', true)).slice(0, 2)).toEqual(['munmap.downgrade', 'munmap.chunked']);
    expect(keys(sortRows(rows, 'wait', true)).slice(2)).toEqual(['munmap.baseline', 'munmap.vm-dead']);
    expect(sortRows(rows, null, true)).toEqual(rows);
  });

  test('knows that 4.10 comes after 4.2, and one year after another', () => {
    const some = ['spinlock.ticket', 'spinlock.qspinlock', 'mutex.mutex-osq', 'spinlock.test-and-set'];
    const rows = rowsOf(nothing).filter(({ mechanism: m }) => some.includes(m.key));
    expect(keys(sortRows(rows, 'kernels', false))).toEqual(some);
    const dates = sortRows(rowsOf(nothing), 'proposed', true).map(({ mechanism: m }) => m.record.date);
    expect(dates).toEqual([...dates].sort().reverse());
  });

  test('goes on within groups, and over all rows without them', () => {
    const rows = rowsOf(nothing);
    const groups = shownRows(rows, { ...FIRST_VIEW, sort: 'name' });
    expect(groups.map(({ kind }) => kind)).toEqual(kindCounts.map(({ kind }) => kind));
    expect(groups.flatMap((group) => group.rows)).toHaveLength(catalogue.length);
    const [one, ...none] = shownRows(rows, { ...FIRST_VIEW, sort: 'name', grouped: false });
    expect(none).toEqual([]);
    expect(new Set(keys(one?.rows ?? []))).toEqual(new Set(keys(rows)));
    expect(keys(one?.rows ?? [])).not.toEqual(keys(rows));
    const locks = shownRows(rows, { ...FIRST_VIEW, kind: 'mmapLock', grouped: false });
    expect(locks[0]?.rows.every(({ mechanism: m }) => m.record.kind === 'mmapLock')).toBe(true);
  });
});

describe('the link', () => {
  test('says only what is shown otherwise than at first, and brings it back', () => {
    expect(mechanismsFragment(FIRST_VIEW)).toBe(HEAD);
    const view = {
      sort: 'write',
      descending: true,
      kind: 'munmap',
      grouped: false,
      open: ['munmap.chunked', 'alloc.zone'],
    } as const;
    const fragment = mechanismsFragment(view);
    expect(fragment).toBe(`${HEAD}sort=write&dir=desc&kind=munmap&group=no&open=munmap.chunked,alloc.zone`);
    expect(readMechanismsLink(fragment)).toEqual({ view, problem: null });
    expect(readMechanismsLink(HEAD)).toEqual({ view: FIRST_VIEW, problem: null });
  });

  test('leaves out what it does not know, and says so', () => {
    expect(isColumn('toString')).toBe(false);
    const read = readMechanismsLink(`${HEAD}sort=toString&kind=nothing&open=munmap.nothing&group=no&x=1`);
    expect(read.view).toEqual({ ...FIRST_VIEW, grouped: false });
    expect(read.problem).toBe('Parts of the link are not valid and were left out: sort, kind, open, x.');
    expect(readMechanismsLink('t2.m3.').problem).toContain('format version 2');
    expect(readMechanismsLink('t1').problem).toContain('does not have the form');
    expect(readMechanismsLink(`t1.m${MODEL_VERSION + 1}.`).problem).toContain('another version of the model');
  });
});
