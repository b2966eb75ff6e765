import { BuildError } from '../engine/index.ts';
import { ChunkPool } from '../event/index.ts';
import type { Diagnostic } from '../language/index.ts';
import type { Resolved } from '../scenario/index.ts';
import { resolveLate } from '../scenario/late.ts';
import { launch } from './launch.ts';
import type { Experiment, Request, Response } from './protocol.ts';
import { Session } from './session.ts';

/** Longest slice of work between two looks at messages. */
const SLICE_MS = 8;
/** Time between two messages of progress, and between two reports. */
const PROGRESS_MS = 100;
/**
 * A new run begins so much after it was announced: the page lays itself out anew then, and where processors are few it
 * would have to share its own with the run, and with all that brings its picture on the screen.
 */
const FIRST_MS = 40;
const REPORT_MS = 1_000;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

const pool = new ChunkPool();

let run = 0;
let session: Session | null = null;
let paused = false;
let lastProgress = 0;
let lastReport = 0;
let lastSearch = 0;
/** When the run may begin. */
let beginsAt = 0;
/** A message to oneself is on its way: one is enough. */
let scheduled = false;

function send(response: Response, transfer: Transferable[] = []): void {
  scope.postMessage(response, transfer);
}

/** A message to oneself lets waiting messages through first, without the delay that timers have. */
const loop = new MessageChannel();
loop.port1.onmessage = () => {
  scheduled = false;
  guard(work);
};

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  loop.port2.postMessage(0);
}

/** One slice, shared between the run, a move that is under way, and questions about the log. */
function work(): void {
  const at = session;
  if (at === null) return;
  const resting = beginsAt - performance.now();
  const running = !paused && !at.ended && resting <= 0;
  const { seeking } = at;
  // Moves and questions travel with the same world: in turns neither would ever arrive.
  const { inquiries } = at;
  const asking = inquiries?.busy === true && !seeking;
  const jobs = [running, seeking, asking].filter(Boolean).length;
  const share = SLICE_MS / Math.max(1, jobs);
  if (running) simulate(at, share);
  seek(at, share);
  if (asking) for (const answer of inquiries.work(share)) send({ ...answer, run });
  if (running || at.seeking || inquiries?.busy === true) schedule();
  else if (resting > 0) setTimeout(schedule, resting);
}

function simulate(at: Session, ms: number): void {
  at.slice(ms);
  const now = performance.now();
  const { ended } = at;
  if (ended || now - lastProgress >= PROGRESS_MS) {
    lastProgress = now;
    tellProgress(at);
  }
  if (ended || now - lastReport >= REPORT_MS) {
    lastReport = now;
    send({ type: 'report', run, ...at.report() });
  }
}

/** Goes on with the move under way: its answer, or now and then how far it is. */
function seek(at: Session, ms: number): void {
  const answer = at.seek(ms, paused);
  const now = performance.now();
  if (answer !== null) send(answer);
  else if (now - lastSearch >= PROGRESS_MS) {
    const how = at.searching();
    if (how === null) return;
    lastSearch = now;
    send(how);
  }
}

function tellProgress(s: Session): void {
  const { update, transfer } = s.takeUpdates();
  send({ type: 'progress', run, progress: s.progress(), pyramid: update }, transfer);
}

/** Resolves an experiment and makes something of it; what is wrong with it instead, or null where another run was asked for. */
async function build<T>(
  experiment: Experiment,
  make: (resolved: Resolved) => T,
): Promise<{ readonly made: T } | { readonly diagnostics: readonly Diagnostic[] } | null> {
  const { scenario, text, set } = experiment;
  const asked = run;
  const result = await resolveLate({ scenario, set, ...(text === undefined ? {} : { text }) });
  if (asked !== run) return null;
  if (!result.ok) return result;
  try {
    return { made: make(result.value) };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const file = result.value.program.scenario.name;
    return { diagnostics: [{ file, line: 1, col: 1, severity: 'error', message: error.message }] };
  }
}

async function load(experiment: Experiment): Promise<void> {
  if (session !== null) pool.give(session.chunks);
  session = null;
  paused = false;
  const built = await build(experiment, (resolved) => new Session(resolved, undefined, pool));
  if (built === null) return;
  if ('diagnostics' in built) {
    send({ type: 'refused', run, diagnostics: built.diagnostics });
    return;
  }
  session = built.made;
  send({ type: 'ready', run, info: session.info() });
  lastProgress = 0;
  lastReport = performance.now();
  beginsAt = lastReport + FIRST_MS;
  schedule();
}

async function check(seq: number, experiment: Experiment): Promise<void> {
  const built = await build(experiment, launch);
  if (built === null) return;
  send({ type: 'check', run, seq, diagnostics: 'diagnostics' in built ? built.diagnostics : [] });
}

function handle(request: Request): void {
  if (request.type === 'load') {
    run = request.run;
    load(request.experiment).catch((error: unknown) => fail(error));
    return;
  }
  // What was asked of an earlier run is of no interest any more.
  if (request.run !== run) return;
  if (request.type === 'check') {
    check(request.seq, request.experiment).catch((error: unknown) => fail(error));
    return;
  }
  if (session === null) return;
  switch (request.type) {
    case 'pause':
      paused = true;
      tellProgress(session);
      send({ type: 'report', run, ...session.report() });
      // Whoever waits for the run is told that it stands still.
      schedule();
      break;
    case 'resume':
      paused = false;
      schedule();
      break;
    case 'move':
      stopMoving(session);
      session.move(run, request.seq, request.move);
      lastSearch = performance.now();
      seek(session, SLICE_MS);
      schedule();
      break;
    case 'cancel':
      stopMoving(session);
      break;
    case 'records':
      send({ type: 'records', run, seq: request.seq, records: session.records(request.from, request.to) });
      break;
    case 'story':
    case 'range':
    case 'waits':
      ask(session, request).catch((error: unknown) => fail(error));
      break;
  }
}

/** What answers questions, fetched when the first one is asked: a run is on the screen sooner without it. */
let answering: Promise<typeof import('./inquiries.ts')> | null = null;

async function ask(of: Session, request: Request & { type: 'story' | 'range' | 'waits' }): Promise<void> {
  // One promise for all that wait for it: of two imports the later one may come first, and its question would be replaced.
  answering ??= import('./inquiries.ts');
  const { Inquiries } = await answering;
  // Another run was asked for meanwhile.
  if (session !== of) return;
  const inquiries = of.inquiriesBy(Inquiries);
  switch (request.type) {
    case 'story':
      inquiries.askStory(request.seq, request.thread, request.t);
      break;
    case 'range':
      inquiries.askRange(request);
      break;
    case 'waits':
      inquiries.askWaits(request.seq, request.filter);
      break;
  }
  schedule();
}

/** Ends the move under way, if there is one, with its answer. */
function stopMoving(at: Session): void {
  const answer = at.cancel();
  if (answer !== null) send(answer);
}

function guard(act: () => void): void {
  try {
    act();
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  session = null;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  send({ type: 'failed', run, message });
}

scope.onmessage = (event: MessageEvent<Request>) => guard(() => handle(event.data));
