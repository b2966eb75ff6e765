import {
  Class,
  classOf,
  Flag,
  indexOf,
  mmOf,
  type Ns,
  type ObjectId,
  TABLE_PAGES,
  type TraceMeta,
  withinMm,
} from '../event/index.ts';
import { FaultRuns } from './fault-runs.ts';
import { Histogram } from './histogram.ts';
import { type PhaseSpan, Phases } from './phases.ts';
import { RangeSet } from './ranges.ts';

/** Calls of one syscall: how many began, how long they took, and their parts. */
export interface SyscallTotals {
  readonly name: string;
  readonly latency: Histogram;
  readonly phases: readonly PhaseSpan[];
  readonly phasesDropped: number;
}

/** Page faults of one sort. */
export interface FaultTotals {
  segv: number;
  latency: Histogram;
}

const NONE = -1;

/** Syscalls with their phases, and page faults with their place: in a range that munmap named, or elsewhere. */
export class CallStatistics {
  /** Times a thread inside munmap gave mmap_lock back entirely and asked for it again. */
  lockDrops = 0;
  readonly phases: Phases;
  readonly #names: readonly string[];
  readonly #munmap: number;
  readonly #mmOfThread: readonly number[];

  /** Per syscall. */
  readonly #latency: Histogram[];
  /** Per thread: its syscall or NONE, since when, first page of its range, 1 when it gave mmap_lock back in it. */
  readonly #syscall: Int32Array;
  readonly #since: Float64Array;
  readonly #page: Float64Array;
  readonly #dropped: Uint8Array;

  readonly #faults: readonly [FaultTotals, FaultTotals] = [newFaults(), newFaults()];
  /** Per thread: 0 elsewhere, 1 in a range of munmap, NONE outside a fault; and since when. */
  readonly #fault: Int8Array;
  readonly #faultSince: Float64Array;

  readonly #runs: FaultRuns;

  /** Per mm: pages that munmap named and that nothing was mapped over since. */
  readonly #unmapped: RangeSet[];
  #linked = 0;
  #linkedPage = 0;

  constructor(meta: TraceMeta) {
    const n = meta.threads.length;
    this.phases = new Phases(meta.syscalls.length, n);
    this.#names = meta.syscalls;
    this.#munmap = meta.syscalls.indexOf('munmap');
    this.#mmOfThread = meta.threads.map((thread) => thread.mm);
    this.#latency = meta.syscalls.map(() => new Histogram());
    this.#syscall = new Int32Array(n).fill(NONE);
    this.#since = new Float64Array(n);
    this.#page = new Float64Array(n);
    this.#dropped = new Uint8Array(n);
    this.#fault = new Int8Array(n).fill(NONE);
    this.#faultSince = new Float64Array(n);
    this.#runs = new FaultRuns(n);
    this.#unmapped = Array.from({ length: Math.max(1, meta.mms.length) }, () => new RangeSet());
  }

  /** True while the thread is in a syscall. */
  inSyscall(thread: number): boolean {
    return this.#syscall[thread] !== NONE;
  }

  #inMunmap(thread: number): boolean {
    return this.#munmap >= 0 && thread < this.#syscall.length && this.#syscall[thread] === this.#munmap;
  }

  syscallEnter(thread: number, object: ObjectId, page: number, t: Ns): void {
    if (this.#syscall[thread] !== NONE) this.syscallExit(thread, t);
    const syscall = indexOf(object);
    if (classOf(object) !== Class.SYSCALL || syscall >= this.#names.length) return;
    this.#syscall[thread] = syscall;
    this.#since[thread] = t;
    this.#page[thread] = page;
  }

  syscallLength(thread: number, pages: number): void {
    if (!this.#inMunmap(thread)) return;
    const page = this.#page[thread];
    this.#unmapped[this.#mmOfThread[thread]]?.add(page, page + pages);
  }

  syscallExit(thread: number, t: Ns): void {
    if (this.#syscall[thread] === NONE) return;
    this.phases.end(thread, t);
    this.#latency[this.#syscall[thread]].record(t - this.#since[thread]);
    this.#syscall[thread] = NONE;
    this.#dropped[thread] = 0;
  }

  phase(thread: number, object: ObjectId, mode: number, t: Ns): void {
    if (this.#syscall[thread] === NONE) return;
    this.phases.begin(thread, this.#syscall[thread], indexOf(object), mode, t);
  }

  /** The thread asks for or is granted mmap_lock of its mm. */
  wantsMmapLock(thread: number): void {
    this.lockDrops += this.#dropped[thread];
    this.#dropped[thread] = 0;
  }

  /** The thread released mmap_lock of its mm and holds it no more. */
  leftMmapLock(thread: number): void {
    if (this.#inMunmap(thread)) this.#dropped[thread] = 1;
  }

  faultEnter(thread: number, object: ObjectId, page: number, t: Ns): void {
    if (this.#fault[thread] !== NONE) this.faultExit(thread, 0, t);
    const mm = classOf(object) === Class.MM ? indexOf(object) : this.#mmOfThread[thread];
    this.#fault[thread] = this.#unmapped[mm]?.has(page) ? 1 : 0;
    this.#faultSince[thread] = t;
  }

  /** A thread begins to fault page by page; it gave back a lock on the way; so many faults are done. */
  faultsBegin(thread: number, t: Ns): void {
    this.#runs.begins(thread, t);
  }
  lockReleased(thread: number, t: Ns): void {
    this.#runs.released(thread, t);
  }
  faultRun(thread: number, table: ObjectId, count: number, t: Ns): void {
    const lengths = this.#runs.run(thread, count, t);
    if (lengths === undefined) return;
    const inRange = this.#unmapped[mmOf(table)]?.has(withinMm(table) * TABLE_PAGES) ?? false;
    const { latency } = this.#faults[inRange ? 1 : 0];
    latency.record(lengths.firstNs);
    if (count > 1) latency.record(lengths.eachNs, count - 1);
  }

  faultExit(thread: number, flags: number, t: Ns): void {
    if (this.#fault[thread] === NONE) return;
    const faults = this.#faults[this.#fault[thread]];
    faults.latency.record(t - this.#faultSince[thread]);
    if ((flags & Flag.FAIL) !== 0) faults.segv++;
    this.#fault[thread] = NONE;
  }

  vmaLink(thread: number, object: ObjectId, page: number): void {
    // What munmap itself links is the rest of a VMA that it cuts, not a new mapping.
    this.#linked = this.#inMunmap(thread) ? 0 : object;
    this.#linkedPage = page;
  }

  vmaLength(object: ObjectId, pages: number): void {
    if (object !== this.#linked) return;
    this.#linked = 0;
    this.#unmapped[mmOf(object)]?.delete(this.#linkedPage, this.#linkedPage + pages);
  }

  /** Syscalls that were called, unfinished ones with their length up to `endNs`. */
  syscalls(endNs: Ns): SyscallTotals[] {
    const latencies = this.#latency.map((latency) => latency.clone());
    this.#syscall.forEach((syscall, thread) => {
      if (syscall !== NONE) latencies[syscall].record(endNs - this.#since[thread]);
    });
    return this.#names.flatMap((name, i) => {
      const { spans, dropped } = this.phases.until(i, endNs);
      const latency = latencies[i];
      return latency.count === 0 ? [] : [{ name, latency, phases: spans, phasesDropped: dropped }];
    });
  }

  /** Faults elsewhere and faults in ranges of munmap, unfinished ones with their length up to `endNs`. */
  faults(endNs: Ns): { elsewhere: FaultTotals; inRange: FaultTotals } {
    const [elsewhere, inRange] = this.#faults.map(({ segv, latency }) => ({
      segv,
      latency: latency.clone(),
    }));
    this.#fault.forEach((place, thread) => {
      if (place === NONE) return;
      (place === 1 ? inRange : elsewhere).latency.record(endNs - this.#faultSince[thread]);
    });
    return { elsewhere, inRange };
  }
}

function newFaults(): FaultTotals {
  return { segv: 0, latency: new Histogram() };
}
