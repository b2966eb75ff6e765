import { Simulation, type StopReason, type Verdict } from '../engine/index.ts';
import {
  type Chunk,
  Class,
  Flag,
  hashRecords,
  hashText,
  Kind,
  type Ns,
  newLogHash,
  objectId,
  SEC,
  State,
} from '../event/index.ts';
import type { Resolved } from '../scenario/index.ts';
import type { LatencySummary } from './latencies.ts';
import { type Stretch, Stretches } from './stretch.ts';
import { isAbortReason, type Workload, windowOf } from './workloads.ts';

/** Steps between two looks at what is asked. */
const SLICE_STEPS = 200_000;
/** How long a measurement goes on at most: simulated time unless told otherwise, windows, and records. */
const LONGEST: Ns = 10 * SEC;
const MOST_WINDOWS = 16;
const MOST_RECORDS = 20_000_000;
/** In place of a state. Threads of a CPU that has others to run begin a slice later each. */
const NOT_BEGUN = 255;

/** Where the time of all threads went, as fractions of it; they sum to 1. */
export interface Shares {
  readonly user: number;
  readonly kernel: number;
  readonly spin: number;
  /** Asleep for a lock. */
  readonly blocked: number;
  /** Ready, while its CPU does something else. */
  readonly runnable: number;
  /** Asleep by its own will, or done. */
  readonly idle: number;
}

/** What a workload does, measured in a window after warm-up. */
export interface Prediction {
  readonly threads: number;
  /** How the simulation stood at the end: 'limit' where the measurement was over first. */
  readonly outcome: Exclude<Verdict, 'running'>;
  /** Why it could not go on; null where it could. */
  readonly reason: StopReason | null;
  /** Hash of the log from the start to the end of the window. */
  readonly hash: string;
  /** End of the window, ns. */
  readonly simulatedNs: Ns;
  /** Where the window begins; null: the run never was steady, and its last half counts. */
  readonly warmupNs: Ns | null;
  /** `failed`: faults that ended in SIGSEGV and system calls that ended in an error; none is an operation. */
  readonly window: {
    readonly fromNs: Ns;
    readonly toNs: Ns;
    readonly operations: number;
    readonly failed: number;
  };
  /** Operations of all threads per simulated second. */
  readonly opsPerSec: number;
  readonly perThread: number;
  readonly shares: Shares;
  /** Counts of kernel paths in the window by name: reasons for which faults began anew, and all others. */
  readonly aborts: Readonly<Record<string, number>>;
  readonly counters: Readonly<Record<string, number>>;
  /** Of one operation; null where none was over. */
  readonly latency: LatencySummary | { readonly p50Ns: null; readonly p99Ns: null; readonly maxNs: null };
}

/**
 * A measurement under way, in slices. Windows of equally many operations follow each other; once every thread has begun
 * and two in a row have the same rate to a per cent, both are measured. It ends without at `untilNs`, after 16 windows or 20 million records, and when
 * the run does.
 */
export class PredictionRun {
  readonly #sim: Simulation;
  readonly #untilNs: Ns;
  readonly #workload: Workload;
  readonly #stretches: Stretches;
  readonly #mostOperations: number;
  readonly #hash = newLogHash();
  /** Ids of the two calls. */
  readonly #mmap: number;
  readonly #munmap: number;
  /** Per thread: its state, and since when time is not yet counted. */
  readonly #state: Uint8Array;
  readonly #since: Float64Array;
  /** Per thread: when its operation began, -1: it is in none; of a fault the page, and when its last try ended, -1: it has not. */
  readonly #began: Float64Array;
  readonly #page: Float64Array;
  readonly #ended: Float64Array;
  #read = 0;
  #records = 0;
  #now: Ns = 0;
  /** Threads that have not run yet, and operations that were over before the last of them did. */
  #waiting: number;
  #early = 0;
  /** What was measured, once it is over. */
  #window: Stretch | null = null;
  #steady = false;

  /**
   * `untilNs`: how long it goes on at most; 10 s unless given, or the scenario's number `length` where that is set.
   * @throws BuildError for absurd sizes.
   */
  constructor(resolved: Resolved, workload: Workload, untilNs: Ns = LONGEST) {
    const { program, machine, choices, lockLabel, set } = resolved;
    const { scenario } = program;
    // The scenario's own length is for looking at it; a run that comes to `untilNs` is cut short.
    const extentNs =
      set['length'] === undefined ? Math.max(untilNs + 1, scenario.extentNs) : scenario.extentNs;
    this.#sim = new Simulation(
      { ...program, scenario: { ...scenario, extentNs } },
      machine,
      choices,
      lockLabel,
    );
    this.#untilNs = untilNs;
    this.#workload = workload;
    const { meta } = this.#sim;
    const window = windowOf(workload, resolved);
    this.#mostOperations = MOST_WINDOWS * window;
    this.#stretches = new Stretches(meta.counters.length, window);
    this.#mmap = objectId(Class.SYSCALL, meta.syscalls.indexOf('mmap'));
    this.#munmap = objectId(Class.SYSCALL, meta.syscalls.indexOf('munmap'));
    const n = meta.threads.length;
    this.#waiting = n;
    this.#state = new Uint8Array(n).fill(NOT_BEGUN);
    this.#since = new Float64Array(n);
    this.#began = new Float64Array(n).fill(-1);
    this.#page = new Float64Array(n);
    this.#ended = new Float64Array(n);
    this.#sim.sink = (full) => {
      this.#take(full, full.count);
      this.#read = 0;
      full.count = 0;
      return full;
    };
  }

  /** Simulated so far, ns. */
  get now(): Ns {
    return this.#sim.now;
  }

  /** When it is over at the latest, ns; a rate is mostly steady long before. */
  get untilNs(): Ns {
    return this.#untilNs;
  }

  /** Runs on for some 200 thousand steps; true while there is more to do. */
  step(): boolean {
    const more = this.#sim.run({ steps: SLICE_STEPS, untilNs: this.#untilNs });
    const { tail } = this.#sim;
    this.#take(tail, tail.count);
    if (!more) this.#stop();
    return this.#window === null;
  }

  /** What was measured, once `step` has said that there is no more to do. */
  result(): Prediction {
    this.#stop();
    const window = this.#window as Stretch;
    const { meta } = this.#sim;
    const verdict = this.#sim.verdict();
    const { fromNs, toNs, operations, failed } = window;
    const lengthNs = toNs - fromNs;
    const opsPerSec = lengthNs > 0 ? (operations * SEC) / lengthNs : 0;
    const counted = meta.counters.flatMap((name, i) =>
      name === '' ? [] : [[name, window.counts[i] as number] as const],
    );
    const none = { p50Ns: null, p99Ns: null, maxNs: null };
    return {
      threads: meta.threads.length,
      outcome: verdict === 'running' ? 'limit' : verdict,
      reason: this.#steady ? null : this.#sim.stopReason(),
      hash: hashText(this.#hash),
      simulatedNs: toNs,
      warmupNs: this.#steady ? fromNs : null,
      window: { fromNs, toNs, operations, failed },
      opsPerSec,
      perThread: opsPerSec / meta.threads.length,
      shares: sharesOf(window.stateNs, lengthNs * meta.threads.length),
      aborts: Object.fromEntries(counted.filter(([name]) => isAbortReason(name))),
      counters: Object.fromEntries(counted.filter(([name]) => !isAbortReason(name))),
      latency: operations === 0 ? none : window.latencies.summary(),
    };
  }

  /** Takes in the records of a chunk that are new, up to `to` or the end of the measurement. */
  #take(chunk: Chunk, to: number): void {
    const from = this.#read;
    let i = from;
    while (i < to && this.#window === null) this.#record(chunk, i++);
    hashRecords(this.#hash, chunk, from, i);
    this.#read = to;
  }

  #record({ t, kind, object, arg, thread, flags }: Chunk, i: number): void {
    const now = t[i] as number;
    const who = thread[i] as number;
    const what = object[i] as number;
    this.#now = now;
    this.#records++;
    if (who < this.#state.length) {
      const state = (flags[i] as number) & Flag.STATE_MASK;
      if (state !== this.#state[who]) this.#moves(who, state, now);
      switch (kind[i]) {
        case Kind.FAULT_ENTER:
          if (this.#workload.operation === 'fault') this.#faultBegins(who, arg[i] as number, now);
          break;
        case Kind.FAULT_EXIT:
          this.#faultEnds(who, (flags[i] as number) & Flag.FAIL, now);
          break;
        case Kind.SYSCALL_ENTER:
          if (this.#workload.operation === 'fault') this.#goesOn(who, now);
          else if (what === this.#mmap) this.#began[who] = now;
          break;
        case Kind.SYSCALL_EXIT:
          this.#callEnds(who, what, arg[i] as number, now);
          break;
        case Kind.COUNTER: {
          const { counts } = this.#stretches.open;
          const index = what & 0x0fffffff;
          counts[index] = (counts[index] as number) + 1;
          break;
        }
      }
    }
    if (this.#records >= MOST_RECORDS) this.#stop();
  }

  #moves(thread: number, state: number, now: Ns): void {
    if (this.#state[thread] === NOT_BEGUN) {
      this.#waiting--;
      if (this.#waiting === 0) this.#early = this.#stretches.total;
    }
    this.#spent(thread, now);
    this.#state[thread] = state;
  }

  /** A fault at the address of the one before is another try of it. */
  #faultBegins(thread: number, page: number, now: Ns): void {
    if ((this.#began[thread] as number) >= 0 && this.#page[thread] === page) {
      this.#ended[thread] = -1;
      return;
    }
    this.#goesOn(thread, now);
    this.#began[thread] = now;
    this.#page[thread] = page;
    this.#ended[thread] = -1;
  }

  #faultEnds(thread: number, failed: number, now: Ns): void {
    if (failed !== 0) this.#stretches.open.failed++;
    if (this.#workload.operation !== 'fault') return;
    this.#ended[thread] = now;
    if (failed !== 0) this.#began[thread] = -1;
  }

  /** The thread is past its last fault: that is over, and was when its last try ended. */
  #goesOn(thread: number, now: Ns): void {
    const began = this.#began[thread] as number;
    const ended = this.#ended[thread] as number;
    this.#began[thread] = -1;
    if (began >= 0 && ended >= 0) this.#done(ended - began, now);
  }

  #callEnds(thread: number, call: number, error: number, now: Ns): void {
    if (error !== 0) this.#stretches.open.failed++;
    if (this.#workload.operation !== 'mapping') return;
    const began = this.#began[thread] as number;
    if (error !== 0) this.#began[thread] = -1;
    if (call !== this.#munmap || began < 0) return;
    this.#began[thread] = -1;
    if (error === 0) this.#done(now - began, now);
  }

  #done(ns: Ns, now: Ns): void {
    if (!this.#stretches.operation(ns)) return;
    this.#close(now);
    if (this.#waiting === 0 && this.#stretches.isSteady(this.#early)) {
      this.#steady = true;
      this.#window = this.#stretches.lastWindows();
    } else if (this.#stretches.total >= this.#mostOperations) this.#stop();
  }

  #spent(thread: number, now: Ns): void {
    const { stateNs } = this.#stretches.open;
    const kept = this.#state[thread] as number;
    const state = kept === NOT_BEGUN ? State.IDLE : kept;
    stateNs[state] = (stateNs[state] as number) + now - (this.#since[thread] as number);
    this.#since[thread] = now;
  }

  #close(now: Ns): void {
    for (let thread = 0; thread < this.#state.length; thread++) this.#spent(thread, now);
    this.#stretches.close(now);
  }

  /** It ends here, steady or not. */
  #stop(): void {
    if (this.#window !== null) return;
    this.#close(this.#now);
    this.#window = this.#stretches.lastHalf();
  }
}

function sharesOf(stateNs: Float64Array, allNs: Ns): Shares {
  const share = (...states: readonly number[]): number =>
    allNs > 0 ? states.reduce<number>((sum, state) => sum + (stateNs[state] as number), 0) / allNs : 0;
  return {
    user: share(State.USER),
    kernel: share(State.KERNEL),
    spin: share(State.SPIN),
    blocked: share(State.WAIT_READ, State.WAIT_WRITE),
    runnable: share(State.RUNNABLE),
    idle: share(State.IDLE, State.DONE),
  };
}

/**
 * Runs a workload until it is steady, or to `untilNs` (10 s unless given).
 * @throws BuildError for absurd sizes.
 */
export function predict(resolved: Resolved, workload: Workload, untilNs?: Ns): Prediction {
  const run = new PredictionRun(resolved, workload, untilNs);
  while (run.step());
  return run.result();
}
