import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SimulationClient, type WorkerLike } from './client.ts';
import type { Progress, Request, Response } from './protocol.ts';

/** A worker that says what the test wants, when it wants. */
class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  readonly got: Request[] = [];
  ended = false;

  postMessage(request: Request): void {
    this.got.push(request);
  }

  terminate(): void {
    this.ended = true;
  }

  say(response: Response): void {
    this.onmessage?.({ data: response } as MessageEvent<Response>);
  }
}

const experiment = { scenario: 'tiny', set: {} };
const load = (run: number): Request => ({ type: 'load', run, experiment });
const move = (seq: number): Request => ({ type: 'move', run: 1, seq, move: { to: 'end' } });
const refused: Response = { type: 'refused', run: 1, diagnostics: [] };
const ready = { type: 'ready', run: 1, info: {} } as Response;

function progress(ended: boolean): Response {
  const pyramid = {} as Extract<Response, { type: 'progress' }>['pyramid'];
  return { type: 'progress', run: 1, progress: { ended } as Progress, pyramid };
}

describe('the client', () => {
  let workers: FakeWorker[] = [];
  let told: Response[] = [];
  let client: SimulationClient;
  const last = (): FakeWorker => workers.at(-1) as FakeWorker;
  const failures = (): number => told.filter(({ type }) => type === 'failed').length;

  beforeEach(() => {
    vi.useFakeTimers();
    workers = [];
    told = [];
    client = new SimulationClient(
      (response) => told.push(response),
      () => {
        workers.push(new FakeWorker());
        return last();
      },
    );
  });
  afterEach(() => {
    client.dispose();
    vi.useRealTimers();
  });

  it('ends and replaces a worker that falls silent in the middle of a run, and says so once', () => {
    client.send(load(1));
    last().say(ready);
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(3_000);
      last().say(progress(false));
    }
    expect([workers.length, failures()]).toEqual([1, 0]);
    vi.advanceTimersByTime(60_000);
    expect([workers.length, workers[0]?.ended, failures()]).toEqual([2, true, 1]);
    client.send(load(2));
    expect(last().got).toEqual([load(2)]);
  });

  it('does so while a move, a pause or a load is not answered', () => {
    for (const begin of [
      () => client.send(move(4)),
      () => client.send({ type: 'story', run: 1, seq: 3, thread: 0, t: 5 }),
      () => client.send({ type: 'pause', run: 1 }),
      () => client.send(load(1)),
    ]) {
      const before = failures();
      client.send(load(1));
      last().say(ready);
      last().say(progress(true));
      begin();
      vi.advanceTimersByTime(9_000);
      expect(failures()).toBe(before);
      vi.advanceTimersByTime(2_000);
      expect(failures()).toBe(before + 1);
    }
  });

  it('lets one be that has nothing to say', () => {
    const quiet = (): void => {
      vi.advanceTimersByTime(100_000);
      expect(failures()).toBe(0);
    };
    quiet();
    client.send(load(1));
    last().say(refused);
    quiet();
    client.send(load(1));
    last().say(ready);
    client.send({ type: 'pause', run: 1 });
    last().say({ type: 'report', run: 1 } as Response);
    quiet();
    client.send({ type: 'resume', run: 1 });
    last().say(progress(true));
    client.send(move(7));
    last().say({ type: 'searching', run: 1, seq: 7, event: 3, waiting: false });
    vi.advanceTimersByTime(9_000);
    last().say({ type: 'moment', run: 1, seq: 7 } as Response);
    client.send({ type: 'cancel', run: 1, seq: 7 });
    quiet();
    // Questions that take the place of earlier ones: only the last is answered, some of them bit by bit.
    for (const seq of [8, 9]) client.send({ type: 'story', run: 1, seq, thread: 0, t: 5 });
    for (const seq of [10, 11]) client.send({ type: 'range', run: 1, seq, from: 0, to: 5, what: 'blame' });
    last().say({ type: 'story', run: 1, seq: 9 } as Response);
    last().say({ type: 'range', run: 1, seq: 11, done: 1 } as Response);
    quiet();
  });

  it('does not take a computer that slept for a worker that hangs', () => {
    client.send(load(1));
    last().say(ready);
    // However long it was, one look comes due.
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(1_000);
    expect(failures()).toBe(0);
  });

  it('replaces a worker whose engine threw, and one that died', () => {
    client.send(load(1));
    last().say(ready);
    last().say({ type: 'failed', run: 1, message: 'no' });
    expect(told.at(-1)).toEqual({ type: 'failed', run: 1, message: 'no' });
    expect([workers.length, workers[0]?.ended]).toEqual([2, true]);
    client.send(load(1));
    last().say(ready);
    const event = { message: 'gone', preventDefault: () => {} } as ErrorEvent;
    last().onerror?.(event);
    expect(told.at(-1)).toEqual({ type: 'failed', run: 1, message: 'gone' });
    expect(workers).toHaveLength(3);
  });

  it('starts one that never came up only when it is asked again', () => {
    client.send(load(1));
    vi.advanceTimersByTime(20_000);
    expect([workers.length, failures()]).toEqual([1, 1]);
    client.send(load(2));
    expect(workers).toHaveLength(2);
    last().say({ ...refused, run: 1 });
    expect(told.filter(({ type }) => type === 'refused')).toEqual([]);
  });
});
