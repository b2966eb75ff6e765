import type { Request, Response } from './protocol.ts';

/** A worker that has not answered for so long hangs. */
const HANG_MS = 10_000;

/**
 * The page's end of the worker. A worker that hangs or dies is replaced; the page is told by a 'failed' response and
 * may load again.
 */
export class SimulationClient {
  private worker: Worker;
  private run = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly onResponse: (response: Response) => void;

  constructor(onResponse: (response: Response) => void) {
    this.onResponse = onResponse;
    this.worker = this.start();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'mmscope' });
    worker.onmessage = (event: MessageEvent<Response>) => {
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
    this.worker.postMessage(request);
    // 'resume' is answered by progress, 'pause' by a report: every request has an answer.
    this.timer ??= setTimeout(() => this.fail(`no answer for ${HANG_MS / 1000} s`), HANG_MS);
  }

  private fail(message: string): void {
    this.worker.terminate();
    clearTimeout(this.timer);
    this.timer = undefined;
    this.worker = this.start();
    this.onResponse({ type: 'failed', run: this.run, message });
  }

  /** Ends the worker for good. */
  dispose(): void {
    clearTimeout(this.timer);
    this.worker.terminate();
  }
}
