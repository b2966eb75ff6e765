import { BuildError, type Simulation } from '../engine/index.ts';
import { type Chunk, chunkEnd, hashRecords, hashText, newChunk, newLogHash } from '../event/index.ts';
import type { Resolved } from '../scenario/index.ts';
import { launch } from '../worker/launch.ts';
import { UsageError } from './args.ts';

/** Steps between two looks at signals and the terminal. */
const SLICE_STEPS = 200_000;
const SHOW_PROGRESS_AFTER_MS = 500;

/** Ctrl-C. */
export class Interrupted extends Error {}

/** Does the work with a signal that Ctrl-C fires. */
export async function interruptible<R>(work: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const controller = new AbortController();
  const onSignal = (): void => controller.abort();
  process.once('SIGINT', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onSignal);
  }
}

export interface Finished {
  readonly simulation: Simulation;
  readonly hash: string;
  readonly wallMs: number;
}

/**
 * Runs a scenario to its end (or to `untilNs`), handing every chunk of records to `each` once.
 * @throws UsageError when it cannot be built, Interrupted after Ctrl-C.
 */
export async function runToEnd(
  resolved: Resolved,
  untilNs: number | undefined,
  each: (simulation: Simulation, chunk: Chunk) => void | Promise<void>,
): Promise<Finished> {
  const begin = performance.now();
  const simulation = launchOrExplain(resolved);
  const hash = newLogHash();
  const full: Chunk[] = [];
  simulation.sink = (chunk) => {
    hashRecords(hash, chunk, 0, chunk.count);
    full.push(chunk);
    return newChunk(chunkEnd(chunk));
  };
  const interrupted = { now: false };
  const onSignal = (): void => {
    interrupted.now = true;
  };
  process.once('SIGINT', onSignal);
  const progress = new ProgressLine();
  try {
    for (let more = true; more; ) {
      more = simulation.run({ steps: SLICE_STEPS, ...(untilNs === undefined ? {} : { untilNs }) });
      for (const chunk of full.splice(0)) await each(simulation, chunk);
      progress.show(simulation, performance.now() - begin);
      await new Promise((done) => setImmediate(done));
      if (interrupted.now) throw new Interrupted();
    }
    const tail = simulation.tail;
    hashRecords(hash, tail, 0, tail.count);
    await each(simulation, tail);
  } finally {
    progress.clear();
    process.off('SIGINT', onSignal);
  }
  return { simulation, hash: hashText(hash), wallMs: performance.now() - begin };
}

function launchOrExplain(resolved: Resolved): Simulation {
  try {
    return launch(resolved);
  } catch (error) {
    if (error instanceof BuildError)
      throw new UsageError(`${resolved.program.scenario.name}: ${error.message}`);
    throw error;
  }
}

/** One line on a terminal's stderr for runs that take a while. */
class ProgressLine {
  private shown = false;

  show(simulation: Simulation, elapsedMs: number): void {
    if (!process.stderr.isTTY || elapsedMs < SHOW_PROGRESS_AFTER_MS) return;
    const share = Math.min(1, simulation.now / simulation.meta.extentNs);
    const text = `${(share * 100).toFixed(0)} % of ${simulation.meta.extentNs / 1e9} s, ${simulation.events} records`;
    process.stderr.write(`\r\x1b[K${text}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}
