import type { Request, Response } from './protocol.ts';

/** Time between two looks at whether the worker is alive, ms. */
const LOOK_MS = 1_000;
/** A worker that has said nothing at so many looks, while something was to be said, hangs. */
const SILENT_LOOKS = 10;

/** What the client needs of a worker; tests bring their own. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<Response>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: Request): void;
  terminate(): void;
}

function startWorker(): WorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'mmscope' });
}

/**
 * The page's end of the worker. A worker that throws, dies or hangs is replaced; the page is told by a 'failed' response
 * and may load again.
 */
export class SimulationClient {
  private readonly onResponse: (response: Response) => void;
  private readonly startNew: () => WorkerLike;
  private worker: WorkerLike | null;
  private run = 0;
  /** Something came from this worker: it could be loaded. */
  private alive = false;
  /** The run goes on: progress is due. */
  private running = false;
  /** Questions that have not been answered, by type of their answer: number of the latest. It may replace those before. */
  private readonly open = new Map<Response['type'], number>();
  private silent = 0;
  private watch: ReturnType<typeof setInterval> | undefined;

  constructor(onResponse: (response: Response) => void, startNew: () => WorkerLike = startWorker) {
    this.onResponse = onResponse;
    this.startNew = startNew;
    this.worker = this.start();
  }

  private start(): WorkerLike {
    const worker = this.startNew();
    this.alive = false;
    worker.onmessage = ({ data }) => {
      this.alive = true;
      this.silent = 0;
      if (data.run !== this.run) return;
      this.note(data);
      if (data.type === 'failed') this.fail(data.message);
      else this.onResponse(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.fail(event.message || 'the worker could not be started');
    };
    return worker;
  }

  send(request: Request): void {
    switch (request.type) {
      case 'load':
        this.run = request.run;
        this.open.clear();
        this.running = false;
        this.open.set('ready', 0);
        break;
      case 'pause':
        this.running = false;
        this.open.set('report', 0);
        break;
      case 'resume':
        this.running = true;
        break;
      case 'cancel':
        // The search that is cancelled is answered as the move that it is.
        break;
      case 'move':
        this.open.set('moment', request.seq);
        break;
      default:
        this.open.set(request.type, request.seq);
    }
    this.worker ??= this.start();
    this.worker.postMessage(request);
    this.keepWatch();
  }

  /** What an answer settles, and what is still to come after it. */
  private note(response: Response): void {
    switch (response.type) {
      case 'ready':
        this.running = true;
        this.open.delete('ready');
        break;
      case 'refused':
        this.open.delete('ready');
        break;
      case 'progress':
        if (response.progress.ended) this.running = false;
        break;
      case 'report':
        this.open.delete('report');
        break;
      case 'searching':
      case 'failed':
        break;
      case 'range':
        if (response.done === 1 && this.open.get('range') === response.seq) this.open.delete('range');
        break;
      default:
        if (this.open.get(response.type) === response.seq) this.open.delete(response.type);
    }
    this.keepWatch();
  }

  /** Watches as long as something is due. Looks are counted, not time: a computer that slept is no worker that hangs. */
  private keepWatch(): void {
    if (!this.running && this.open.size === 0) {
      clearInterval(this.watch);
      this.watch = undefined;
      return;
    }
    if (this.watch !== undefined) return;
    this.silent = 0;
    this.watch = setInterval(() => {
      this.silent++;
      if (this.silent >= SILENT_LOOKS) this.fail(`The worker has said nothing for ${SILENT_LOOKS} s.`);
    }, LOOK_MS);
  }

  private fail(message: string): void {
    this.worker?.terminate();
    this.running = false;
    this.open.clear();
    this.keepWatch();
    // One that never answered will not come up by being started again at once; the next request tries.
    this.worker = this.alive ? this.start() : null;
    this.onResponse({ type: 'failed', run: this.run, message });
  }

  /** Ends the worker for good. */
  dispose(): void {
    clearInterval(this.watch);
    this.worker?.terminate();
  }
}
