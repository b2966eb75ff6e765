import type { Request, Response } from './protocol.ts';

/** A worker that has not answered for so long hangs. */
const HANG_MS = 10_000;

/**
 * The page's end of the worker. A worker that hangs or dies is replaced; the page is told by a 'failed' response and
 * may load again.
 */
export class SimulationClient {
  private worker: Worker | null;
  private run = 0;
  /** Something came from this worker: it could be loaded. */
  private alive = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly onResponse: (response: Response) => void;

  constructor(onResponse: (response: Response) => void) {
    this.onResponse = onResponse;
    this.worker = this.start();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'mmscope' });
    this.alive = false;
    worker.onmessage = (event: MessageEvent<Response>) => {
      this.alive = true;
      clearTimeout(this.timer);
      this.timer = undefined;
      if (event.data.run === this.run) this.onResponse(event.data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.fail(event.message || 'the worker could not be started');
    };
    return worker;
  }

  send(request: Request): void {
    this.run = request.run;
    this.worker ??= this.start();
    this.worker.postMessage(request);
    // 'resume' is answered by progress, 'pause' by a report: every request has an answer.
    this.timer ??= setTimeout(() => this.fail(`no answer for ${HANG_MS / 1000} s`), HANG_MS);
  }

  private fail(message: string): void {
    this.worker?.terminate();
    clearTimeout(this.timer);
    this.timer = undefined;
    // One that never answered will not come up by being started again at once; the next request tries.
    this.worker = this.alive ? this.start() : null;
    this.onResponse({ type: 'failed', run: this.run, message });
  }

  /** Ends the worker for good. */
  dispose(): void {
    clearTimeout(this.timer);
    this.worker?.terminate();
  }
}
