import { describe, expect, it } from 'vitest';
import { resolve } from '../scenario/index.ts';
import { skylakeEx } from './batch-table.ts';
import {
  distinctRuns,
  errorPct,
  holds,
  type Measured,
  type Prediction,
  publishedValue,
  records,
  runName,
  runsOf,
  scenarioOf,
  simulatedFigure,
} from './index.ts';
import type { PageFaultPoint } from './page-fault1.ts';
import type { EvidenceRecord } from './record.ts';

const all = records;

/** A prediction of ten operations in which nothing else happened. */
function predicted(more: Partial<Prediction>): Measured {
  const none = { p50Ns: null, p99Ns: null, maxNs: null };
  const prediction: Prediction = {
    threads: 1,
    outcome: 'limit',
    reason: null,
    hash: '',
    simulatedNs: 1e6,
    warmupNs: 1,
    window: { fromNs: 1, toNs: 1e6, operations: 10, failed: 0 },
    opsPerSec: 1,
    perThread: 1,
    shares: { user: 1, kernel: 0, spin: 0, blocked: 0, runnable: 0, idle: 0 },
    aborts: {},
    counters: {},
    latency: none,
    ...more,
  };
  return { kind: 'prediction', prediction };
}

/** Headings of the fact sheets from which records cite. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  munmap: '0.1 0.2 1 1.1 2 3 4 5 5.1 6.1 6.2 6.3 6.4 7 8 8.1 9 10.1 10.2 10.3 10.4 10.5 11 12'.split(' '),
  locks: '0 1 2.1 2.2 2.3 3 4a 4b 4c 4d 4e 4f 4g 5 6 7 8 9 10.5 11.1 11.2 11.3 12 13 14'.split(' '),
  faults: '1b 1e 2e 3e 4e 5.1 5.2 5.3 5.4 7 11.1 12.1 12.2 12.3'.split(' '),
  zone: '0 1.1 1.2 2.1 2.2 2.3 2.4 3.1 3.2 3.3 3.4 4 5'.split(' '),
};

function recordOf(id: string): EvidenceRecord {
  const record = all.find((r) => r.id === id);
  if (record === undefined) throw new Error(`no record ${id}`);
  return record;
}

describe('records', () => {
  it('have ids of their own, none of which is the beginning of another', () => {
    const ids = all.map((r) => r.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      expect(ids.filter((other) => other.startsWith(`${id}.`))).toEqual([]);
    }
  });

  it('name a section that a fact sheet has, and say everything', () => {
    for (const r of all) {
      expect([r.id, SECTIONS[r.source.sheet]?.includes(r.source.section)]).toEqual([r.id, true]);
      const texts = [r.title, r.source.text, r.measuredOn, r.machine, r.workload, r.metric.name];
      for (const text of [...texts, r.metric.unit, r.leavesOut, r.note, r.experiment.how]) {
        expect([r.id, text.length > 3]).toEqual([r.id, true]);
      }
      expect(Number.isFinite(publishedValue(r.published))).toBe(true);
    }
  });

  it('have experiments that resolve, on the machine that they name', () => {
    for (const r of records) {
      for (const run of runsOf(r)) {
        const scenario = scenarioOf(run);
        const resolved = resolve({ scenario, set: run.set });
        expect([r.id, resolved.ok ? resolved.value.machine.id : resolved.diagnostics]).toEqual([
          r.id,
          r.machine,
        ]);
      }
    }
  });

  it('of the batch are the table of the changelog, which agrees with itself', () => {
    expect(skylakeEx).toHaveLength(20);
    const base = skylakeEx[0]?.[1] ?? 0;
    for (const [batch, score, change, zone, lru, total] of skylakeEx) {
      expect(Math.abs(100 * (score / base - 1) - change)).toBeLessThan(0.0051);
      expect(zone + lru).toBe(total);
      const row = ['score', 'change', 'zone', 'lru', 'total'].map((name) =>
        publishedValue(recordOf(`batch.skylake-ex-4s.${batch}.${name}`).published),
      );
      expect(row).toEqual([score, change, zone, lru, total]);
    }
  });
});

describe('figures', () => {
  /** A run's report in which nothing happened but 89,410 faults per second. */
  function faults(perSec: number, outcome = 'pass'): Measured {
    const latency = { p50Ns: null, p99Ns: null, maxNs: null };
    const report = {
      outcome,
      simulatedNs: 1e9,
      locks: [],
      faults: { count: 1, perSec, latency },
      syscalls: {},
      phases: {},
      threads: [],
      counters: { named: {} },
    };
    return { kind: 'run', report };
  }

  const change = recordOf('stress-mmap.change');
  const [after = '', before = ''] = runsOf(change).map(runName);

  it('compare two runs, and are nothing where a run went wrong', () => {
    const measured = (last: Measured): Map<string, Measured> =>
      new Map([
        [before, faults(89_410)],
        [after, last],
      ]);
    expect(simulatedFigure(change, measured(faults(97_290)))).toBeCloseTo(8.8, 1);
    expect(simulatedFigure(change, measured(faults(97_290, 'deadlock')))).toBe(null);
    expect(() => simulatedFigure(change, new Map())).toThrow(/stress-mmap.change: 'stress-mmap munmap/);
    expect(simulatedFigure(recordOf('munmap.baseline.hold'), new Map(hold()))).toBe(null);
  });

  function* hold(): Generator<[string, Measured]> {
    yield ['munmap-320g munmap=baseline', faults(0)];
  }

  it('of page-fault1 are read from its points, the change against batch 31', () => {
    const point = (batch: number, score: number): PageFaultPoint => {
      const shares = { zoneSharePct: 64, lruSharePct: 8, totalSharePct: 72 };
      const allocLatency = { p50Ns: 60, p99Ns: 4_000, maxNs: 100 * batch };
      return { machine: 'skylake-ex-4s', batch, score, ...shares, allocLatency, warmupNs: 1e6 };
    };
    const measured = new Map<string, Measured>(
      [31, 53, 511].map((batch) => [
        `page-fault1 batch=${batch} machine=skylake-ex-4s`,
        { kind: 'page-fault1', point: point(batch, batch === 31 ? 100 : 117) },
      ]),
    );
    const figure = (id: string): number | null => simulatedFigure(recordOf(id), measured);
    expect(figure('batch.skylake-ex-4s.53.change')).toBeCloseTo(17, 6);
    expect(figure('batch.skylake-ex-4s.53.zone')).toBe(64);
    expect(figure('batch.changelog.worst-latency')).toBeCloseTo(511 / 31, 6);
  });

  it('of predictions are read from rates; a gain compares three', () => {
    const names = runsOf(recordOf('per-vma-lock.share-of-spf')).map(runName);
    expect(names).toHaveLength(3);
    expect(names.every((name) => name.startsWith('prediction mixed-vma '))).toBe(true);
    expect(names.map((name) => /fault=(\S+)/.exec(name)?.[1])).toEqual([
      'per-vma-lock-6.4',
      'spf-2021',
      'mmap-sem',
    ]);
    const share = (...rates: number[]): number | null =>
      simulatedFigure(
        recordOf('per-vma-lock.share-of-spf'),
        new Map(names.map((name, i) => [name, predicted({ opsPerSec: rates[i] as number })])),
      );
    expect(share(175, 200, 100)).toBeCloseTo(75, 9);
    expect(share(175, 100, 100)).toBe(null);
    const aborts = recordOf('ebizzy.spf-2018.aborts');
    const [name = ''] = runsOf(aborts).map(runName);
    const figure = (more: Partial<Prediction>): number | null =>
      simulatedFigure(aborts, new Map([[name, predicted(more)]]));
    expect(figure({ aborts: { spf_vma_changed: 128, spf_vma_noanon: 7 } })).toBeCloseTo(10, 9);
    const reason = { message: 'out of memory', thread: null, line: null };
    expect(figure({ reason })).toBe(null);
  });

  it('are run once for all records that share them', () => {
    const names = distinctRuns(all).map(runName);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((n) => n.startsWith('munmap-320g '))).toHaveLength(5);
    // Twenty batches, two on two sockets, one with long lists, six of a single process.
    expect(names.filter((n) => n.startsWith('page-fault1 '))).toHaveLength(29);
  });

  it('have an error with its sign, but for bounds and where nothing was published or measured', () => {
    expect(errorPct({ kind: 'exact', value: 18 }, 17.1)).toBeCloseTo(-5, 9);
    expect(errorPct({ kind: 'about', value: 0.5 }, 0.6)).toBeCloseTo(20, 9);
    expect(errorPct({ kind: 'range', low: 6, high: 8 }, 0)).toBe(-100);
    expect(errorPct({ kind: 'exact', value: 0 }, 1)).toBe(null);
    expect(errorPct({ kind: 'above', value: 120 }, 170)).toBe(null);
    expect(errorPct({ kind: 'exact', value: 18 }, null)).toBe(null);
    expect(holds({ kind: 'range', low: 6, high: 8 }, 8)).toBe(true);
    expect(holds({ kind: 'above', value: 120 }, 120)).toBe(false);
    expect(holds({ kind: 'below', value: 1_000 }, 0.4)).toBe(true);
    expect(holds({ kind: 'exact', value: 18 }, 18)).toBe(null);
  });
});
