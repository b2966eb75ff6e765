import type { Worker } from 'node:worker_threads';
import { UsageError } from './args.ts';
import { Interrupted } from './session.ts';

/** What a worker sends for a task: its result, or why there is none (`usage`: the input's fault). */
export type Answer<R> = { readonly result: R } | { readonly failure: string; readonly usage: boolean };

/** A task that came to no result through no fault of the input. The message names it. */
export class TaskFailed extends Error {}

export interface PoolOptions<T> {
  readonly tasks: readonly T[];
  /** Most workers at a time. */
  readonly jobs: number;
  /** Starts a worker, which answers every message that is a task with one `Answer`. */
  readonly start: () => Worker;
  /** The task in messages; '' where there is nothing to tell. */
  readonly name: (task: T) => string;
  /** Called whenever a task begins or ends, with the names of those that run. */
  readonly progress: (done: number, running: readonly string[]) => void;
  /** Ends all workers at once. */
  readonly signal: AbortSignal;
}

/**
 * Hands out tasks to workers, one at a time each. Results come in the order of the tasks, whoever is done first.
 * No worker is left when it returns or throws; the first failure ends all.
 * @throws UsageError or TaskFailed naming the task, Interrupted after `signal`.
 */
export async function runPool<T, R>(options: PoolOptions<T>): Promise<R[]> {
  const { tasks, jobs, start, name, progress, signal } = options;
  if (signal.aborted) throw new Interrupted();
  const results: R[] = [];
  const workers: Worker[] = [];
  const running = new Map<Worker, number>();
  let next = 0;
  let done = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      const nameOf = (index: number | undefined): string =>
        index === undefined ? '' : name(tasks[index] as T);
      const prefix = (worker: Worker): string => {
        const text = nameOf(running.get(worker));
        return text === '' ? '' : `${text}: `;
      };
      const died = (worker: Worker, why: string): void => {
        reject(new TaskFailed(`${prefix(worker)}the worker died: ${why}`));
      };
      const give = (worker: Worker): void => {
        running.delete(worker);
        if (next < tasks.length) {
          running.set(worker, next);
          worker.postMessage(tasks[next++]);
        } else void worker.terminate();
        progress(done, [...running.values()].map(nameOf));
      };
      const take = (worker: Worker, answer: Answer<R>): void => {
        const index = running.get(worker);
        if (index === undefined) return;
        if ('failure' in answer) {
          const text = `${prefix(worker)}${answer.failure}`;
          reject(answer.usage ? new UsageError(text) : new TaskFailed(text));
          return;
        }
        results[index] = answer.result;
        done++;
        give(worker);
        if (done === tasks.length) resolve();
      };
      signal.addEventListener('abort', () => reject(new Interrupted()), { once: true });
      if (tasks.length === 0) resolve();
      for (let i = 0; i < Math.min(jobs, tasks.length); i++) {
        const worker = start();
        workers.push(worker);
        worker.on('message', (answer: Answer<R>) => take(worker, answer));
        worker.on('messageerror', (error) => died(worker, error.message));
        worker.on('error', (error) => died(worker, error.message));
        worker.on('exit', (code) => {
          if (running.has(worker)) died(worker, `exit code ${code}`);
        });
        give(worker);
      }
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}
