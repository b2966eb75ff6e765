import { describe, expect, test } from 'vitest';
import type { Moment, TraceMeta } from '../event/index.ts';
import { decodeLink, encodeLink, type LinkState } from '../scenario/link.ts';
import type { LogReport } from '../trace/index.ts';
import type { Request, Response } from '../worker/protocol.ts';
import { type Address, bindAddress, linkOf } from './address.ts';
import { type AppStore, createAppStore } from './create.ts';
import { isQuiet, selectedName, shownRange } from './derive.ts';
import { DEFAULT_EXPERIMENT } from './experiment.ts';

const meta: TraceMeta = {
  title: 'a scenario',
  threads: ['a', 'b'].map((name, cpu) => ({ name, cpu, mm: 0, daemon: false })),
  cpuSocket: [0, 0],
  mms: ['process'],
  sites: [],
  syscalls: [],
  phases: [],
  counters: [],
  invariants: [],
  vars: [],
  locks: [],
  mmapLockLabel: 'mmap_sem',
  extentNs: 1_000_000,
  simulated: true,
};

const report: LogReport = {
  threads: [],
  locks: [],
  mm: [],
  syscalls: {},
  phases: {},
  faults: {
    count: 0,
    perSec: 0,
    segv: 0,
    latency: { p50Ns: null, p99Ns: null, maxNs: null },
    inRange: { count: 0, segv: 0, latency: { p50Ns: null, p99Ns: null, maxNs: null } },
    elsewhere: { count: 0, segv: 0, latency: { p50Ns: null, p99Ns: null, maxNs: null } },
  },
  counters: {
    pagesZapped: 0,
    tablesFreed: 0,
    tlbFlushes: 0,
    ipis: 0,
    contextSwitches: 0,
    lockDrops: 0,
    downgrades: 0,
    steals: 0,
  },
};

/** A store with a worker that only answers when it is told to. */
class Bench {
  readonly sent: Request[] = [];
  readonly store: AppStore;
  #answer: (response: Response) => void = () => {};

  constructor() {
    this.store = createAppStore({
      connect: (onResponse) => {
        this.#answer = onResponse;
        return { send: (request) => this.sent.push(request) };
      },
      theme: 'dark',
      keepTheme: () => {},
    });
  }

  get state(): ReturnType<AppStore['getState']> {
    return this.store.getState();
  }

  answer(response: Response): void {
    this.#answer(response);
  }

  ready(run = this.state.run): void {
    this.answer({
      type: 'ready',
      run,
      info: {
        meta,
        title: meta.title,
        expect: null,
        choices: { munmap: 'downgrade' },
        hypothetical: [],
        parameters: [],
        custom: [],
        texts: {},
        notes: {},
        watched: [],
      },
    });
  }

  progress(now: number, ended: boolean): void {
    this.answer({
      type: 'progress',
      run: this.state.run,
      progress: { events: 100, now, kept: 100, ended, verdict: ended ? 'pass' : 'running', eventsPerSec: 1 },
      pyramid: { endNs: now, lanes: [], locks: [] },
    });
  }

  end(): void {
    this.progress(1_000_000, true);
    this.answer({ type: 'report', run: this.state.run, report, findings: [], hash: '00' });
  }

  moves(): Extract<Request, { type: 'move' }>[] {
    return this.sent.filter((r) => r.type === 'move');
  }

  /** Answers the move that is under way. */
  arrive(t: number, event: number, ordinal = 0): void {
    const moment: Moment = { t, event };
    const seq = this.state.outstanding ?? -1;
    this.answer({ type: 'moment', run: this.state.run, seq, moment, record: null, ordinal, moved: true });
  }
}

function started(): Bench {
  const bench = new Bench();
  bench.state.load(DEFAULT_EXPERIMENT);
  bench.ready();
  bench.arrive(0, 0);
  bench.end();
  return bench;
}

describe('moves', () => {
  test('one is under way at a time, and the last of those that wait follows it', () => {
    const bench = started();
    const before = bench.moves().length;
    for (const t of [100, 200, 300]) bench.state.move({ to: 'time', t });
    expect(bench.moves()).toHaveLength(before + 1);
    expect(isQuiet(bench.state)).toBe(false);
    bench.arrive(100, 5);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 300 });
    bench.arrive(300, 9);
    expect(bench.state.moment?.event).toBe(9);
    expect(isQuiet(bench.state)).toBe(true);
  });

  test('an answer for another run changes nothing', () => {
    const bench = started();
    bench.state.move({ to: 'end' });
    const { outstanding, run } = bench.state;
    const late: Response = {
      type: 'moment',
      run: run - 1,
      seq: outstanding ?? 0,
      moment: { t: 5, event: 5 },
      record: null,
      ordinal: 0,
      moved: true,
    };
    bench.answer(late);
    expect(bench.state.moment?.event).toBe(0);
  });

  test('a step that leaves the screen takes it along, a place that was pointed at does not', () => {
    const bench = started();
    bench.state.setRange({ from: 0, to: 1_000 });
    bench.state.move({ to: 'step', by: 1 });
    bench.arrive(5_000, 7);
    const { range } = bench.state;
    expect(range !== null && range.from <= 5_000 && range.to >= 5_000).toBe(true);
    expect((range?.to ?? 0) - (range?.from ?? 0)).toBe(1_000);
  });

  test('playback asks for times, one at a time, and stops at the end', () => {
    const bench = started();
    bench.state.play();
    bench.state.tick(50);
    bench.state.tick(50);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 2_500 });
    bench.arrive(2_500, 3);
    bench.state.tick(50);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 7_500 });
    for (let i = 0; i < 400; i++) bench.state.tick(100);
    expect(bench.state.playing).toBe(false);
    bench.arrive(7_500, 4);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'end' });
  });
});

describe('choices', () => {
  test('another strategy keeps playhead, zoom and selection, and drops its knobs', () => {
    const bench = started();
    bench.state.choose('ALWAYS_DROP', 'true');
    bench.ready();
    bench.arrive(0, 0);
    bench.end();
    bench.state.select('b');
    bench.state.setRange({ from: 10, to: 2_000 });
    bench.state.move({ to: 'time', t: 500 });
    bench.arrive(500, 20, 3);
    bench.state.choose('munmap', 'baseline');
    expect(bench.state.experiment.set).toEqual({ munmap: 'baseline' });
    expect(bench.state.range).toEqual({ from: 10, to: 2_000 });
    bench.ready();
    bench.progress(400, false);
    expect(bench.moves().at(-1)?.run).toBe(bench.state.run - 1);
    bench.progress(600, false);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 500 });
    bench.arrive(500, 40, 5);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 38 });
    expect(selectedName(bench.state)).toBe('b');
  });

  test('a refused one can be taken back', () => {
    const bench = started();
    bench.state.choose('munmap', 'nonsense');
    const diagnostics = [{ severity: 'error', message: 'no', file: 'x', line: 1, col: 1 }] as const;
    bench.answer({ type: 'refused', run: bench.state.run, diagnostics });
    expect(bench.state.phase).toBe('refused');
    expect(isQuiet(bench.state)).toBe(true);
    bench.state.recover();
    expect(bench.state.experiment).toEqual(DEFAULT_EXPERIMENT);
    expect(bench.state.phase).toBe('building');
  });

  test('a run that ends early is shown alone, a longer one over its extent', () => {
    const bench = new Bench();
    bench.state.load(DEFAULT_EXPERIMENT);
    bench.ready();
    bench.progress(100_000, false);
    expect(shownRange(bench.state).to).toBe(1_000_000);
    bench.progress(100_000, true);
    expect(shownRange(bench.state).to).toBe(104_000);
  });
});

/** An address bar with its history. */
class Bar {
  readonly entries: string[];
  at = 0;
  #listener: () => void = () => {};

  constructor(first = '') {
    this.entries = [first];
  }

  read(): string {
    return this.entries[this.at] ?? '';
  }

  push(fragment: string): void {
    this.entries.splice(this.at + 1, this.entries.length, fragment);
    this.at++;
  }

  replace(fragment: string): void {
    this.entries[this.at] = fragment;
  }

  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  async back(): Promise<void> {
    this.at--;
    this.#listener();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function opened(fragment = ''): Promise<{ bench: Bench; bar: Bar; address: Address }> {
  const bench = new Bench();
  const bar = new Bar(fragment);
  const address = bindAddress(bench.store, bar);
  await address.start();
  return { bench, bar, address };
}

const LINK: LinkState = {
  scenario: 'tiny',
  set: { munmap: 'baseline' },
  at: { t: 500, ordinal: 2 },
  view: { from: 100, to: 900 },
  thread: 'b',
};

describe('the address', () => {
  test('an empty one opens the default', async () => {
    const { bench } = await opened();
    expect(bench.state.experiment).toEqual(DEFAULT_EXPERIMENT);
  });

  test('a link brings experiment, playhead, zoom and selection, and reads the same again', async () => {
    const { bench } = await opened(await encodeLink(LINK));
    expect(bench.state.experiment).toEqual({ scenario: 'tiny', set: { munmap: 'baseline' } });
    expect(linkOf(bench.state)).toEqual(LINK);
    bench.ready();
    bench.end();
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'time', t: 500 });
    bench.arrive(500, 10, 5);
    expect(bench.moves().at(-1)?.move).toEqual({ to: 'event', event: 7 });
    bench.arrive(500, 7, 2);
    expect(linkOf(bench.state)).toEqual(LINK);
    expect(selectedName(bench.state)).toBe('b');
  });

  test.each(['nonsense', 'v1.m1.AAAA', 'v9.m1.AAAA', 'v1.m1.!!'])(
    'a broken one (%s) says so and opens the default',
    async (fragment) => {
      const { bench } = await opened(fragment);
      expect(bench.state.notice?.tone).toBe('error');
      expect(bench.state.notice?.text).toContain('default scenario');
      expect(bench.state.experiment).toEqual(DEFAULT_EXPERIMENT);
    },
  );

  test('one of another model says so and keeps the time', async () => {
    const fragment = (await encodeLink(LINK)).replace(/\.m\d+\./, '.m9999.');
    const { bench } = await opened(fragment);
    expect(bench.state.notice?.text).toContain('another version of the model');
    expect(bench.state.destination).toEqual({ t: 500, ordinal: 2 });
  });

  test('choices push the history, playhead and zoom replace it, and back goes back', async () => {
    const { bench, bar, address } = await opened(await encodeLink({ scenario: 'tiny', set: {} }));
    bench.ready();
    bench.arrive(0, 0);
    bench.end();
    bench.state.setRange({ from: 5, to: 50 });
    await address.flush();
    expect(bar.entries).toHaveLength(1);
    bench.state.choose('munmap', 'baseline');
    await address.flush();
    expect(bar.entries).toHaveLength(2);
    const last = await decodeLink(bar.read());
    expect(last.ok && last.state.set).toEqual({ munmap: 'baseline' });
    await bar.back();
    expect(bench.state.experiment).toEqual({ scenario: 'tiny', set: {} });
    expect(bench.state.range).toEqual({ from: 5, to: 50 });
    expect(bar.entries).toHaveLength(2);
  });
});
