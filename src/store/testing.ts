import type { Moment, TraceMeta } from '../event/index.ts';
import type { LogReport } from '../trace/index.ts';
import type { Experiment, Finding, Request, Response } from '../worker/protocol.ts';
import { type AppStore, createAppStore } from './create.ts';
import { NO_PANES, type Panes } from './panes.ts';

/** What a started bench has run. */
export const EXPERIMENT: Experiment = { scenario: 'munmap-320g', set: { munmap: 'baseline' } };

export const meta: TraceMeta = {
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

export const report: LogReport = {
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
    handoffs: 0,
    hungTasks: 0,
    named: {},
  },
};

/** A store with a worker that only answers when it is told to. */
export class Bench {
  readonly sent: Request[] = [];
  readonly store: AppStore;
  /** What was to outlive the page. */
  readonly kept: { panes: Panes } = { panes: NO_PANES };
  #answer: (response: Response) => void = () => {};

  constructor() {
    this.store = createAppStore({
      connect: (onResponse) => {
        this.#answer = onResponse;
        return { send: (request) => this.sent.push(request) };
      },
      theme: 'dark',
      keepTheme: () => {},
      prompts: true,
      keepPrompts: () => {},
      panes: NO_PANES,
      keepPanes: (panes) => {
        this.kept.panes = panes;
      },
    });
  }

  get state(): ReturnType<AppStore['getState']> {
    return this.store.getState();
  }

  answer(response: Response): void {
    this.#answer(response);
  }

  ready(run = this.state.run, names: Partial<TraceMeta> = {}): void {
    this.answer({
      type: 'ready',
      run,
      info: {
        meta: { ...meta, ...names },
        title: meta.title,
        expect: null,
        choices: { munmap: 'downgrade' },
        hypothetical: [],
        parameters: [],
        custom: [],
        texts: {},
        notes: {},
        held: new Uint8Array(1),
        steps: [],
        stops: {},
        watched: [],
        scheduled: false,
      },
    });
  }

  progress(now: number, ended: boolean): void {
    this.answer({
      type: 'progress',
      run: this.state.run,
      progress: { events: 100, now, kept: 100, ended, verdict: ended ? 'pass' : 'running', eventsPerSec: 1 },
      pyramid: { endNs: now, lanes: [], locks: [], marks: [], aborts: [], more: [], wakes: [], areas: [] },
    });
  }

  end(findings: readonly Finding[] = []): void {
    this.progress(1_000_000, true);
    this.answer({ type: 'report', run: this.state.run, report, findings, hash: '00' });
  }

  moves(): Extract<Request, { type: 'move' }>[] {
    return this.sent.filter((r) => r.type === 'move');
  }

  /** Answers the move that is under way. */
  arrive(t: number, event: number, ordinal = 0, threads?: Moment['threads']): void {
    const moment: Moment = { t, event, ...(threads && { threads }) };
    const seq = this.state.outstanding ?? -1;
    this.answer({ type: 'moment', run: this.state.run, seq, moment, record: null, ordinal, moved: true });
    const look = this.sent.findLast((request) => request.type === 'records' && request.seq > 0);
    if (look?.type === 'records') {
      this.answer({ type: 'records', run: this.state.run, seq: look.seq, records: [] });
    }
  }
}

/** A store whose experiment has run to its end, with the playhead at the start. */
export function started(): Bench {
  const bench = new Bench();
  bench.state.load(EXPERIMENT);
  bench.ready();
  bench.arrive(0, 0);
  bench.end();
  return bench;
}
