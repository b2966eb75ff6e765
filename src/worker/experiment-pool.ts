import type { Ns } from '../event/index.ts';
import type { Measured, Run } from '../evidence/figure.ts';
import { runName } from '../evidence/figure.ts';
import type { MeasureRequest, MeasureResponse } from './experiment-protocol.ts';

/** What the pool needs of a worker; tests bring their own. */
export interface MeasuringWorker {
  onmessage: ((event: MessageEvent<MeasureResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: MeasureRequest): void;
  terminate(): void;
}

/** Who is told what becomes of the runs, by their names. */
export interface PoolListener {
  /** It has begun, or got further. */
  progress(name: string, now: Ns, extentNs: Ns | null): void;
  measured(name: string, measured: Measured): void;
  failed(name: string, message: string): void;
}

/** Most workers, however many cores there are: each holds a simulation of up to some hundred MB. */
const MOST = 8;

/** How many workers at a time: what the page itself leaves, where the browser says how many there are. */
export function poolSize(cores: number | undefined): number {
  return cores === undefined ? 2 : Math.min(MOST, Math.max(1, cores - 1));
}

function startWorker(): MeasuringWorker {
  return new Worker(new URL('./experiment-worker.ts', import.meta.url), {
    type: 'module',
    name: 'experiment',
  });
}

interface Task {
  readonly id: number;
  readonly name: string;
}

/**
 * Runs that wait and runs that are under way, one to a worker, in the order in which they were asked for. A run that
 * fails, and a worker that dies, concern nobody else. Without work there are no workers.
 */
export class ExperimentPool {
  private readonly listener: PoolListener;
  private readonly size: number;
  private readonly start: () => MeasuringWorker;
  private readonly waiting = new Map<string, Run>();
  private readonly running = new Map<MeasuringWorker, Task>();
  private readonly idle: MeasuringWorker[] = [];
  private lastId = 0;

  constructor(listener: PoolListener, size: number, start: () => MeasuringWorker = startWorker) {
    this.listener = listener;
    this.size = size;
    this.start = start;
  }

  /** Asks for runs; those that wait or are under way already are not asked for twice. */
  add(runs: readonly Run[]): void {
    const under = new Set([...this.running.values()].map(({ name }) => name));
    for (const run of runs) {
      const name = runName(run);
      if (!under.has(name)) this.waiting.set(name, run);
    }
    this.hand();
  }

  /** Drops all runs that wait, and ends those under way in the middle of what they do. */
  cancel(): void {
    this.waiting.clear();
    for (const worker of this.running.keys()) worker.terminate();
    this.running.clear();
    this.rest();
  }

  private rest(): void {
    for (const worker of this.idle.splice(0)) worker.terminate();
  }

  /** Gives waiting runs to workers that have none. */
  private hand(): void {
    for (const [name, run] of this.waiting) {
      if (this.running.size >= this.size) return;
      this.waiting.delete(name);
      const worker = this.idle.pop() ?? this.begin();
      const id = ++this.lastId;
      this.running.set(worker, { id, name });
      this.listener.progress(name, 0, null);
      worker.postMessage({ task: id, run });
    }
    this.rest();
  }

  private begin(): MeasuringWorker {
    const worker = this.start();
    worker.onmessage = ({ data }) => {
      const task = this.running.get(worker);
      if (task?.id !== data.task) return;
      if (data.type === 'progress') {
        this.listener.progress(task.name, data.now, data.extentNs);
        return;
      }
      this.running.delete(worker);
      this.idle.push(worker);
      // The next one first: whoever is told may take a while over it.
      this.hand();
      if (data.type === 'measured') this.listener.measured(task.name, data.measured);
      else this.listener.failed(task.name, data.message);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      const task = this.running.get(worker);
      worker.terminate();
      this.running.delete(worker);
      this.hand();
      if (task !== undefined) {
        this.listener.failed(task.name, event.message || 'the worker could not be started');
      }
    };
    return worker;
  }
}
