import { parentPort, Worker, workerData } from 'node:worker_threads';
import { UsageError } from './args.ts';
import type { Answer } from './sweep-pool.ts';

/** Whose tasks a worker does. */
export type Service = 'sweep' | 'evidence';

/** What a worker is told at its start. */
interface Start<Setup> {
  readonly service: Service;
  /** The build that started it. */
  readonly build: string;
  /** What is the same for all its tasks. */
  readonly setup: Setup;
}

/** Starts a worker on this program's own bundle: there, `main.ts` begins the service. */
export function startWorker<Setup>(service: Service, setup: Setup): Worker {
  const start: Start<Setup> = { service, build: __BUILD__, setup };
  return new Worker(new URL(import.meta.url), { workerData: start });
}

/** In a worker: the service that it was started for. */
export function serviceOf(): Service {
  return (workerData as Start<unknown>).service;
}

/** In a worker: does every task that comes as a message and sends what came of it. */
export function serve<Setup, Task, Result>(work: (setup: Setup, task: Task) => Promise<Result>): void {
  const port = parentPort;
  if (port === null) throw new Error('not in a worker');
  const { build, setup } = workerData as Start<Setup>;
  const answer = async (task: Task): Promise<Answer<Result>> => {
    try {
      if (build !== __BUILD__) throw new UsageError('the program was rebuilt meanwhile; start again');
      return { result: await work(setup, task) };
    } catch (error) {
      if (error instanceof UsageError) return { failure: error.message, usage: true };
      return {
        failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
        usage: false,
      };
    }
  };
  port.on('message', async (task: Task) => {
    port.postMessage(await answer(task));
  });
}
