import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { UsageError } from './args.ts';
import { Interrupted } from './session.ts';
import { type PoolOptions, runPool, TaskFailed } from './sweep-pool.ts';

/** Answers `N` with 10 N. `wait N` first waits for `open N`, which another worker has to run. */
const SERVER = `
const { parentPort, workerData } = require('node:worker_threads');
const gate = new Int32Array(workerData);
parentPort.on('message', (task) => {
  const [word, n = word] = task.split(' ');
  if (word === 'wait') Atomics.wait(gate, 0, 0);
  if (word === 'open') { Atomics.store(gate, 0, 1); Atomics.notify(gate, 0); }
  if (word === 'throw') throw new Error('boom');
  if (word === 'exit') process.exit(3);
  if (word === 'loop') for (;;);
  if (word === 'fail') parentPort.postMessage({ failure: 'no luck', usage: n === 'usage' });
  else parentPort.postMessage({ result: 10 * Number(n) });
});
`;

interface Pool {
  readonly options: PoolOptions<string>;
  /** Workers that started, and those of them that ended. */
  readonly count: { started: number; ended: number };
  readonly controller: AbortController;
  readonly shown: string[];
}

function pool(jobs: number, ...tasks: string[]): Pool {
  const gate = new SharedArrayBuffer(4);
  const count = { started: 0, ended: 0 };
  const controller = new AbortController();
  const shown: string[] = [];
  const start = (): Worker => {
    const worker = new Worker(SERVER, { eval: true, workerData: gate });
    count.started++;
    worker.on('exit', () => count.ended++);
    return worker;
  };
  const progress = (done: number, running: readonly string[]): void => {
    shown.push(`${done}: ${running.join(', ')}`);
  };
  const { signal } = controller;
  return {
    options: { tasks, jobs, start, name: (task) => `<${task}>`, progress, signal },
    count,
    controller,
    shown,
  };
}

describe('runPool', () => {
  it('keeps the order of the tasks when a later one is done first', async () => {
    const { options, shown } = pool(2, 'wait 1', '2', 'open 3', '4');
    expect(await runPool(options)).toEqual([10, 20, 30, 40]);
    expect(shown.slice(0, 4)).toEqual([
      '0: <wait 1>',
      '0: <wait 1>, <2>',
      '1: <wait 1>, <open 3>',
      expect.stringMatching(/^2: /),
    ]);
  });

  it('starts at most one worker a task, and leaves none', async () => {
    for (const [jobs, workers] of [
      [1, 1],
      [2, 2],
      [8, 3],
    ] as const) {
      const { options, count } = pool(jobs, '1', '2', '3');
      expect(await runPool(options)).toEqual([10, 20, 30]);
      expect(count).toEqual({ started: workers, ended: workers });
    }
    expect(await runPool(pool(2).options)).toEqual([]);
  });

  it('names the task that failed, says whose fault it was, and ends the others', async () => {
    for (const [task, message, kind] of [
      ['fail usage', '<fail usage>: no luck', UsageError],
      ['fail engine', '<fail engine>: no luck', TaskFailed],
      ['throw', '<throw>: the worker died: boom', TaskFailed],
      ['exit', '<exit>: the worker died: exit code 3', TaskFailed],
    ] as const) {
      const { options, count } = pool(2, 'loop', task, '3');
      const error = await runPool(options).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(kind);
      expect((error as Error).message).toBe(message);
      expect(count).toEqual({ started: 2, ended: 2 });
    }
  });

  it('ends workers in the middle of their tasks when it is interrupted', async () => {
    const { options, count, controller } = pool(2, 'loop 1', 'loop 2', '3');
    const end = runPool(options).catch((e: unknown) => e);
    controller.abort();
    expect(await end).toBeInstanceOf(Interrupted);
    expect(count).toEqual({ started: 2, ended: 2 });
    // Interrupted before it began.
    await expect(runPool(options)).rejects.toBeInstanceOf(Interrupted);
    expect(count.started).toBe(2);
  });
});
