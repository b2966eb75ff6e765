import { describe, expect, test } from 'vitest';
import { type Run, runName } from '../evidence/figure.ts';
import { ExperimentPool, type MeasuringWorker, poolSize } from './experiment-pool.ts';
import type { MeasureRequest, MeasureResponse } from './experiment-protocol.ts';

/** A worker that says what the test wants, when it wants. */
class FakeWorker implements MeasuringWorker {
  onmessage: MeasuringWorker['onmessage'] = null;
  onerror: MeasuringWorker['onerror'] = null;
  readonly got: MeasureRequest[] = [];
  ended = false;

  postMessage(request: MeasureRequest): void {
    this.got.push(request);
  }

  terminate(): void {
    this.ended = true;
  }

  get task(): number {
    return this.got.at(-1)?.task ?? -1;
  }

  say(response: MeasureResponse): void {
    this.onmessage?.({ data: response } as MessageEvent<MeasureResponse>);
  }

  measured(): void {
    this.say({ type: 'measured', task: this.task, measured: MEASURED });
  }
}

const LATENCY = { p50Ns: 60, p99Ns: 4_000, maxNs: 9_000 };
const POINT = {
  ...{ machine: 'skylake-desktop', batch: 31, score: 1, zoneSharePct: 1, lruSharePct: 1, totalSharePct: 2 },
  ...{ allocLatency: LATENCY, warmupNs: 1 },
};
const MEASURED = { kind: 'page-fault1', point: POINT } as const;

const run = (batch: number): Run => ({ kind: 'page-fault1', set: { batch: String(batch) } });
const name = (batch: number): string => runName(run(batch));

function bench(size: number): { pool: ExperimentPool; workers: FakeWorker[]; told: string[] } {
  const workers: FakeWorker[] = [];
  const told: string[] = [];
  const pool = new ExperimentPool(
    {
      progress: (of, now, extentNs) => told.push(`${of} ${now} of ${extentNs}`),
      measured: (of) => told.push(`${of} measured`),
      failed: (of, message) => told.push(`${of} failed: ${message}`),
    },
    size,
    () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
  );
  return { pool, workers, told };
}

describe('the pool', () => {
  test('gives each worker one run at a time, in order, and tells how far they are', () => {
    const { pool, workers, told } = bench(2);
    pool.add([1, 2, 3].map(run));
    const [first, second] = workers as [FakeWorker, FakeWorker];
    expect(workers.map(({ got }) => got.map((r) => r.run.set['batch']))).toEqual([['1'], ['2']]);
    second.say({ type: 'progress', task: second.task, now: 5, extentNs: 9 });
    second.measured();
    expect(second.got.map((r) => r.run.set['batch'])).toEqual(['2', '3']);
    first.measured();
    second.measured();
    expect(told).toEqual([
      `${name(1)} 0 of null`,
      `${name(2)} 0 of null`,
      `${name(2)} 5 of 9`,
      `${name(3)} 0 of null`,
      `${name(2)} measured`,
      `${name(1)} measured`,
      `${name(3)} measured`,
    ]);
    // Without work there are no workers.
    expect(workers.map(({ ended }) => ended)).toEqual([true, true]);
    pool.add([run(4)]);
    expect(workers).toHaveLength(3);
  });

  test('does not do twice what waits or is under way', () => {
    const { pool, workers } = bench(1);
    pool.add([run(1), run(2)]);
    pool.add([run(2), run(1)]);
    workers[0]?.measured();
    workers[0]?.measured();
    expect(workers[0]?.got).toHaveLength(2);
  });

  test('ends everything at once, in the middle of what it does, and begins anew', () => {
    const { pool, workers, told } = bench(2);
    pool.add([1, 2, 3].map(run));
    pool.cancel();
    expect(workers.map(({ ended }) => ended)).toEqual([true, true]);
    // What such a worker had sent already comes too late.
    workers[0]?.measured();
    expect(told.filter((line) => line.includes('measured'))).toEqual([]);
    pool.add([run(3)]);
    expect(workers[2]?.got[0]?.run).toEqual(run(3));
  });

  test('goes on with the others when a run fails or a worker dies', () => {
    const { pool, workers, told } = bench(1);
    pool.add([1, 2, 3].map(run));
    workers[0]?.say({ type: 'failed', task: workers[0].task, message: 'no luck' });
    const died = { message: 'boom', preventDefault: () => {} } as ErrorEvent;
    workers[0]?.onerror?.(died);
    workers[1]?.measured();
    expect(told.filter((line) => !line.endsWith('null'))).toEqual([
      `${name(1)} failed: no luck`,
      `${name(2)} failed: boom`,
      `${name(3)} measured`,
    ]);
  });

  test('leaves a processor to the page', () => {
    expect([undefined, 1, 2, 4, 64].map(poolSize)).toEqual([2, 1, 1, 3, 8]);
  });
});
