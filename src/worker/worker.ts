import { BuildError } from '../engine/index.ts';
import { ChunkPool } from '../event/index.ts';
import type { Diagnostic } from '../language/index.ts';
import { resolve } from '../scenario/index.ts';
import type { Experiment, Request, Response } from './protocol.ts';
import { Session } from './session.ts';

/** Longest slice of work between two looks at messages. */
const SLICE_MS = 8;
/** Time between two messages of progress, and between two reports. */
const PROGRESS_MS = 60;
const REPORT_MS = 1_000;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

const pool = new ChunkPool();

let run = 0;
let session: Session | null = null;
let paused = false;
let lastProgress = 0;
let lastReport = 0;

function send(response: Response, transfer: Transferable[] = []): void {
  scope.postMessage(response, transfer);
}

/** A message to oneself lets waiting messages through first, without the delay that timers have. */
const loop = new MessageChannel();
loop.port1.onmessage = () => guard(work);

function schedule(): void {
  loop.port2.postMessage(0);
}

function work(): void {
  if (session === null || paused || session.ended) return;
  session.slice(SLICE_MS);
  const now = performance.now();
  const { ended } = session;
  if (ended || now - lastProgress >= PROGRESS_MS) {
    lastProgress = now;
    tellProgress(session);
  }
  if (ended || now - lastReport >= REPORT_MS) {
    lastReport = now;
    send({ type: 'report', run, ...session.report() });
  }
  if (!ended) schedule();
}

function tellProgress(s: Session): void {
  const { update, transfer } = s.takeUpdates();
  send({ type: 'progress', run, progress: s.progress(), pyramid: update }, transfer);
}

function load(experiment: Experiment): void {
  if (session !== null) pool.give(session.chunks);
  session = null;
  paused = false;
  const { scenario, text, set } = experiment;
  const result = resolve({ scenario, set, ...(text === undefined ? {} : { text }) });
  if (!result.ok) {
    refuse(result.diagnostics);
    return;
  }
  try {
    session = new Session(result.value, undefined, pool);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const file = result.value.program.scenario.name;
    refuse([{ file, line: 1, col: 1, severity: 'error', message: error.message }]);
    return;
  }
  send({ type: 'ready', run, info: session.info() });
  lastProgress = 0;
  lastReport = performance.now();
  schedule();
}

function refuse(diagnostics: readonly Diagnostic[]): void {
  send({ type: 'refused', run, diagnostics });
}

function handle(request: Request): void {
  if (request.type === 'load') {
    run = request.run;
    load(request.experiment);
    return;
  }
  // What was asked of an earlier run is of no interest any more.
  if (request.run !== run || session === null) return;
  switch (request.type) {
    case 'pause':
      paused = true;
      tellProgress(session);
      send({ type: 'report', run, ...session.report() });
      break;
    case 'resume':
      if (paused) {
        paused = false;
        schedule();
      }
      break;
    case 'move':
      send(session.move(run, request.seq, request.move));
      break;
    case 'records':
      send({ type: 'records', run, seq: request.seq, records: session.records(request.from, request.to) });
      break;
  }
}

function guard(act: () => void): void {
  try {
    act();
  } catch (error) {
    session = null;
    send({
      type: 'failed',
      run,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

scope.onmessage = (event: MessageEvent<Request>) => guard(() => handle(event.data));
