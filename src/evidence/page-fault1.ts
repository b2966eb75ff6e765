import { BuildError, Simulation } from '../engine/index.ts';
import { type Chunk, Class, Flag, Kind, type Ns, objectId, SEC } from '../event/index.ts';
import type { Resolved } from '../scenario/index.ts';
import { Latencies, type LatencySummary } from './latencies.ts';

/** Two rounds in a row whose scores differ by less are taken for steady. */
const STEADY = 0.01;
/** Steps between two looks at what is asked. */
const SLICE_STEPS = 500_000;
/** Steps whose records are read together: few, so that they are still in the processor's cache. */
const READ_STEPS = 4_000;
/** How long a measurement goes on at most, unless the number `length` is given. */
const LONGEST: Ns = 4 * SEC;
/** Counter that a task adds one to when a round is over. */
const LOOPS = 'loops';

/** What one run of page_fault1 measures; the shape of a point of `sweep page-fault1 --json`. */
export interface PageFaultPoint {
  readonly machine: string;
  readonly batch: number;
  /** Page faults per simulated second of all tasks, in the round that is as the one before it. */
  readonly score: number;
  /** Per cent of all CPUs' time spent spinning on locks of zones, of LRUs, and both. */
  readonly zoneSharePct: number;
  readonly lruSharePct: number;
  readonly totalSharePct: number;
  /** From asking for a page until it is there. */
  readonly allocLatency: LatencySummary;
  /** When that round began; null: no two rounds were alike before the extent was over. */
  readonly warmupNs: Ns | null;
}

const OTHER = 0;
const ZONE = 1;
const LRU = 2;

/** Rounds are compared so often: two that follow each other may begin at any quarter of one. */
const QUARTERS = 4;

/** Sums up to a moment, and the latencies since the one before. */
interface Mark {
  readonly t: Ns;
  readonly faults: number;
  readonly zoneNs: Ns;
  readonly lruNs: Ns;
  readonly latencies: Latencies;
}

/**
 * Follows a run of page_fault1. A round is the time in which as many loops are done as there are tasks: each has then done
 * about one, wherever in it the others are.
 */
class Rounds {
  private readonly loops: number;
  private readonly tasks: number;
  /** By index of a declared lock: one of a zone, of an LRU, or another. */
  private readonly lockKinds: Uint8Array;
  /** Since when a thread spins on such a lock, -1: it does not; and when it asked for the zone lock that it holds. */
  private readonly since: Float64Array;
  private readonly asked: Float64Array;
  private readonly refilled: Uint8Array;
  private readonly base: Ns;
  private latencies = new Latencies();
  private done = 0;
  private faults = 0;
  private zoneNs = 0;
  private lruNs = 0;
  /** Loops from one mark to the next. */
  private readonly step: number;
  private readonly marks: Mark[] = [];
  result: Omit<PageFaultPoint, 'machine' | 'batch'> | null = null;

  constructor(sim: Simulation, base: Ns) {
    const { meta } = sim;
    this.base = base;
    this.loops = objectId(Class.COUNTER, meta.counters.indexOf(LOOPS));
    this.tasks = meta.threads.length;
    this.step = Math.ceil(this.tasks / QUARTERS);
    this.lockKinds = Uint8Array.from(meta.locks, ({ name }) =>
      name.startsWith('zone_lock/') ? ZONE : name.startsWith('lru_lock/') ? LRU : OTHER,
    );
    this.since = new Float64Array(meta.threads.length).fill(-1);
    this.asked = new Float64Array(meta.threads.length);
    this.refilled = new Uint8Array(meta.threads.length);
  }

  add(chunk: Chunk, from: number, to: number): void {
    const { t, kind, object, arg, thread, flags } = chunk;
    for (let i = from; i < to && this.result === null; i++) {
      switch (kind[i]) {
        case Kind.FAULT_RUN: {
          const n = arg[i] as number;
          this.faults += n;
          // The one that had to refill first is measured there.
          this.latencies.add(this.base, n);
          break;
        }
        case Kind.FAULT_EXIT:
          if (((flags[i] as number) & Flag.FAIL) === 0) this.faults++;
          break;
        case Kind.LOCK_REQUEST:
          this.request(t[i] as number, thread[i] as number, object[i] as number);
          break;
        case Kind.LOCK_GRANT:
          this.grant(t[i] as number, thread[i] as number, object[i] as number);
          break;
        case Kind.LOCK_RELEASE:
          this.release(t[i] as number, thread[i] as number, object[i] as number);
          break;
        case Kind.PCP_REFILL:
          this.refilled[thread[i] as number] = 1;
          break;
        case Kind.COUNTER:
          if (object[i] === this.loops && this.done++ % this.step === 0) this.mark(t[i] as number);
          break;
      }
    }
  }

  private kindOf(lock: number): number {
    return lock >>> 28 === Class.LOCK ? (this.lockKinds[lock & 0x0fffffff] as number) : OTHER;
  }

  private request(t: Ns, thread: number, lock: number): void {
    if (this.kindOf(lock) === OTHER) return;
    this.since[thread] = t;
    this.asked[thread] = t;
  }

  private grant(t: Ns, thread: number, lock: number): void {
    const kind = this.kindOf(lock);
    if (kind === OTHER) return;
    const since = this.since[thread] as number;
    this.since[thread] = -1;
    if (since < 0) this.asked[thread] = t;
    else if (kind === ZONE) this.zoneNs += t - since;
    else this.lruNs += t - since;
  }

  private release(t: Ns, thread: number, lock: number): void {
    if (this.refilled[thread] === 0 || this.kindOf(lock) !== ZONE) return;
    this.refilled[thread] = 0;
    this.latencies.add(t - (this.asked[thread] as number) + this.base, 1);
  }

  private mark(t: Ns): void {
    const { marks, faults, zoneNs, lruNs, latencies } = this;
    marks.push({ t, faults, zoneNs, lruNs, latencies });
    this.latencies = new Latencies();
    // The first mark is the first loop that is done. What is before it is no whole round: tasks begin anywhere in one.
    const end = marks.length - 1;
    if (end < QUARTERS) return;
    const from = end - QUARTERS;
    const score = this.scoreOf(from, end);
    const before = from < QUARTERS ? Number.NaN : this.scoreOf(from - QUARTERS, from);
    const steady = Math.abs(score / before - 1) < STEADY;
    const begin = marks[from] as Mark;
    const share = (spun: Ns): number => (100 * spun) / ((t - begin.t) * this.tasks);
    const zone = share(zoneNs - begin.zoneNs);
    const lru = share(lruNs - begin.lruNs);
    const all = new Latencies();
    for (const one of marks.slice(from + 1)) all.merge(one.latencies);
    this.last = {
      score,
      zoneSharePct: zone,
      lruSharePct: lru,
      totalSharePct: zone + lru,
      allocLatency: all.summary(),
      warmupNs: steady ? begin.t : null,
    };
    if (steady) this.result = this.last;
  }

  /** Faults per second between two marks. */
  private scoreOf(from: number, to: number): number {
    const a = this.marks[from] as Mark;
    const b = this.marks[to] as Mark;
    return ((b.faults - a.faults) * SEC) / (b.t - a.t);
  }

  /** The last whole round, whether or not it was steady. */
  last: Omit<PageFaultPoint, 'machine' | 'batch'> | null = null;
}

/** Whether a scenario measures what `measurePageFault1` reads: it counts loops, and its pages come from zones. */
export function isPageFault1({ program }: Resolved): boolean {
  const counts = program.names['counter']?.includes(LOOPS) ?? false;
  return counts && program.locks.some(({ name }) => name.startsWith('zone_lock/'));
}

/** A measurement under way, in slices. */
export class PageFaultRun {
  private readonly sim: Simulation;
  private readonly rounds: Rounds;
  private readonly resolved: Resolved;

  /** @throws BuildError for absurd sizes. */
  constructor(resolved: Resolved) {
    this.resolved = resolved;
    const { program, set } = resolved;
    const { scenario } = program;
    // The scenario's own length is for looking at it: rounds are measured until two are alike.
    const extentNs = set['length'] === undefined ? Math.max(LONGEST, scenario.extentNs) : scenario.extentNs;
    const long = { ...program, scenario: { ...scenario, extentNs } };
    this.sim = new Simulation(long, resolved.machine, resolved.choices, resolved.lockLabel);
    const { costs } = resolved.machine;
    this.rounds = new Rounds(this.sim, costs['alloc_page']?.value ?? 0);
    this.sim.sink = (full) => this.read(full);
  }

  /** How long it goes on at most, ns. */
  get extentNs(): Ns {
    return this.sim.meta.extentNs;
  }

  /** Simulated so far, ns. */
  get now(): Ns {
    return this.sim.now;
  }

  /** Runs on for about half a million steps; true while there is more to do. */
  step(): boolean {
    for (let steps = 0; steps < SLICE_STEPS; steps += READ_STEPS) {
      const more = this.sim.run({ steps: READ_STEPS });
      this.read(this.sim.tail);
      if (!more || this.rounds.result !== null) return false;
    }
    return true;
  }

  /** Reads the records of a chunk and empties it: nobody keeps the log. */
  private read(chunk: Chunk): Chunk {
    this.rounds.add(chunk, 0, chunk.count);
    chunk.count = 0;
    return chunk;
  }

  /** @throws BuildError when the extent was over before one round was. */
  point(): PageFaultPoint {
    const measured = this.rounds.result ?? this.rounds.last;
    const { scenario } = this.resolved.program;
    if (measured === null) throw new BuildError(`${scenario.name}: no round was over within its extent`);
    const batch = scenario.numbers.find(({ name }) => name === 'batch')?.value ?? 0;
    return { machine: this.resolved.machine.id, batch, ...measured };
  }
}

/**
 * Runs page_fault1 until two rounds in a row are alike, or to the end of its extent; 4 s at most where its `length` is not given.
 * @throws BuildError for absurd sizes, or when not even one round was over.
 */
export function measurePageFault1(resolved: Resolved): PageFaultPoint {
  const run = new PageFaultRun(resolved);
  while (run.step());
  return run.point();
}
