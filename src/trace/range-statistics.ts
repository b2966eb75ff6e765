import { type Chunk, type EventIdx, type Ns, type ObjectId, SEC, type TraceMeta } from '../event/index.ts';
import type { RunLengths } from './fault-runs.ts';
import { Follower, type FollowSink } from './follower.ts';
import { Histogram } from './histogram.ts';
import type { Opening } from './opening.ts';
import { MODES, type Mode } from './phases.ts';
import { Samples } from './samples.ts';
import { type SpanBin, SpanBins } from './span-bins.ts';
import { Wait } from './tracker.ts';

/** Waits, or holds, in one mode. Times in ns; null while there are none. */
export interface Distribution {
  readonly count: number;
  readonly totalNs: Ns;
  readonly p50Ns: Ns | null;
  readonly p99Ns: Ns | null;
  readonly maxNs: Ns | null;
  /** Thread, beginning and line (a site) of the longest. */
  readonly longest: { readonly thread: number; readonly atNs: Ns; readonly site: number } | null;
  readonly bins: readonly SpanBin[];
}

export interface RangeMode {
  readonly wait: Distribution;
  readonly hold: Distribution;
}

/** A lock that was waited for or held; the locks of a class in `MANY` are one. */
export interface RangeLock {
  readonly lock: ObjectId;
  /** Parts of the waits that lie in the range, those of threads that wait together counted each. */
  readonly waitedNs: Ns;
  readonly read: RangeMode;
  readonly write: RangeMode;
}

/** Time of all threads in one phase of a system call, by how they held the process-wide lock. */
export interface PhaseTime {
  /** Index into TraceMeta.phases; 0 stands for the time outside of phases. */
  readonly phase: number;
  readonly mode: Mode | null;
  readonly ns: Ns;
}

/**
 * What a range of time holds. Waits, holds and faults are those that were under way in it at all; each counts with its
 * whole length since its beginning, which may lie before the range, up to the end of the range at most. Times of system
 * calls and phases are parts that lie in the range.
 */
export interface RangeSummary {
  readonly fromNs: Ns;
  readonly toNs: Ns;
  readonly munmap: { readonly calls: number; readonly ns: Ns; readonly phases: readonly PhaseTime[] };
  readonly faults: {
    readonly count: number;
    readonly segv: number;
    /** Faults that began in the range, per simulated second. */
    readonly perSec: number;
    readonly p50Ns: Ns | null;
    readonly p99Ns: Ns | null;
    readonly maxNs: Ns | null;
  };
  readonly locks: readonly RangeLock[];
}

class Lengths {
  readonly samples = new Samples();
  readonly bins = new SpanBins();

  add(thread: number, since: Ns, until: Ns, site: number): void {
    this.samples.record(since, until, thread, site);
    this.bins.add(thread, since, until);
  }

  distribution(): Distribution {
    const { lengths, longestThread, longestAt, longestSite } = this.samples;
    return {
      count: lengths.count,
      totalNs: lengths.totalNs,
      p50Ns: lengths.percentile(50),
      p99Ns: lengths.percentile(99),
      maxNs: lengths.percentile(100),
      longest: lengths.count === 0 ? null : { thread: longestThread, atNs: longestAt, site: longestSite },
      bins: this.bins.bins(),
    };
  }
}

/**
 * Statistics of [fromNs, toNs) from the records in it and what was under way before: fed from an opening at or before
 * `fromNs` on, with all records before `toNs`.
 */
export class RangeStatistics implements FollowSink {
  readonly fromNs: Ns;
  readonly toNs: Ns;
  readonly #follower: Follower;
  readonly #munmap: number;
  /** Waits and holds, per lock and mode: wait read, wait write, hold read, hold write. */
  readonly #lengths: (Lengths | undefined)[] = [];
  /** Per lock: parts of its waits that lie in the range. */
  readonly #waitedNs: number[] = [];
  /** munmap: calls under way, their time, that of each phase and mode: phase * 3 + mode. */
  #calls = 0;
  #callNs = 0;
  readonly #phaseNs: Float64Array;
  readonly #faults = new Histogram();
  #segv = 0;
  #begun = 0;

  constructor(meta: TraceMeta, opening: Opening, fromNs: Ns, toNs: Ns) {
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.#munmap = meta.syscalls.indexOf('munmap');
    this.#phaseNs = new Float64Array(meta.phases.length * MODES.length);
    this.#follower = new Follower(meta, this);
    this.#follower.open(opening);
  }

  /** Id of the record that comes next. */
  get next(): EventIdx {
    return this.#follower.next;
  }

  /** Takes in records [from, to) of a chunk: all those that follow the ones before, without gaps. */
  add(chunk: Chunk, from: number, to: number): void {
    this.#follower.add(chunk, from, to);
  }

  #touches(since: Ns, until: Ns): boolean {
    return until > this.fromNs || since >= this.fromNs;
  }

  #within(since: Ns, until: Ns): Ns {
    return Math.max(0, until - Math.max(since, this.fromNs));
  }

  #add(slot: number, what: number, thread: number, since: Ns, until: Ns, site: number): void {
    const key = this.#follower.tracker.entryOf(slot) * 4 + what;
    let lengths = this.#lengths[key];
    if (lengths === undefined) this.#lengths[key] = lengths = new Lengths();
    lengths.add(thread, since, until, site);
  }

  waits(): void {}
  holds(): void {}
  changed(): void {}
  moving(): void {}

  waited(slot: number, thread: number, t: Ns): void {
    const { waitSince, waitWrite, waitSite } = this.#follower.tracker;
    if (!this.#touches(waitSince[thread], t)) return;
    const entry = this.#follower.tracker.entryOf(slot);
    this.#waitedNs[entry] = (this.#waitedNs[entry] ?? 0) + this.#within(waitSince[thread], t);
    this.#add(slot, waitWrite[thread], thread, waitSince[thread], t, waitSite[thread]);
  }

  held(slot: number, hold: number, t: Ns): void {
    const { holdSince, holdThread, holdWrite, holdSite } = this.#follower.tracker;
    const since = holdSince[hold];
    if (!this.#touches(since, t)) return;
    this.#add(slot, 2 + holdWrite[hold], holdThread[hold], since, t, holdSite[hold]);
  }

  called(_thread: number, syscall: number, since: Ns, t: Ns): void {
    if (syscall !== this.#munmap || !this.#touches(since, t)) return;
    this.#calls++;
    this.#callNs += this.#within(since, t);
  }

  phased(syscall: number, phase: number, mode: number, since: Ns, t: Ns): void {
    if (syscall === this.#munmap) this.#phaseNs[phase * MODES.length + mode] += this.#within(since, t);
  }

  faultedOften(_thread: number, { firstNs, eachNs }: RunLengths, count: number): void {
    this.#faults.record(firstNs);
    if (count > 1) this.#faults.record(eachNs, count - 1);
  }

  faulted(_thread: number, since: Ns, t: Ns, failed: boolean): void {
    if (!this.#touches(since, t)) return;
    this.#faults.record(t - since);
    if (since >= this.fromNs) this.#begun++;
    if (failed) this.#segv++;
  }

  /** Counts what is still under way with its length up to the end of the range; no records may follow. */
  finish(): void {
    const f = this.#follower;
    const k = f.tracker;
    const end = this.toNs;
    for (let thread = 0; thread < k.threads; thread++) {
      if (k.waitPhase[thread] !== Wait.NONE) this.waited(k.waitSlot[thread], thread, end);
      for (let hold = k.latestHold[thread]; hold >= 0; hold = k.olderHold[hold]) {
        this.held(k.holdSlot[hold], hold, end);
      }
      const syscall = f.syscall[thread];
      if (syscall >= 0) {
        this.called(thread, syscall, f.syscallSince[thread], end);
        if (f.phase[thread] > 0) {
          this.phased(syscall, f.phase[thread], f.phaseMode[thread], f.phaseSince[thread], end);
        }
      }
      if (f.faultSince[thread] >= 0) this.faulted(thread, f.faultSince[thread], end, false);
    }
  }

  summary(): RangeSummary {
    const faults = this.#faults;
    const span = this.toNs - this.fromNs;
    return {
      fromNs: this.fromNs,
      toNs: this.toNs,
      munmap: { calls: this.#calls, ns: this.#callNs, phases: this.#phases() },
      faults: {
        count: faults.count,
        segv: this.#segv,
        perSec: span > 0 ? (this.#begun * SEC) / span : 0,
        p50Ns: faults.percentile(50),
        p99Ns: faults.percentile(99),
        maxNs: faults.percentile(100),
      },
      locks: this.#locks(),
    };
  }

  #phases(): PhaseTime[] {
    const phases: PhaseTime[] = [];
    let rest = this.#callNs;
    this.#phaseNs.forEach((ns, at) => {
      if (ns === 0) return;
      phases.push({ phase: Math.floor(at / MODES.length), mode: MODES[at % MODES.length], ns });
      rest -= ns;
    });
    if (rest > 0) phases.push({ phase: 0, mode: null, ns: rest });
    return phases;
  }

  #locks(): RangeLock[] {
    const { tracker } = this.#follower;
    const locks: RangeLock[] = [];
    const none = new Lengths();
    for (let entry = 0; entry < tracker.entries; entry++) {
      const own = [0, 1, 2, 3].map((what) => this.#lengths[entry * 4 + what]);
      if (own.every((lengths) => lengths === undefined)) continue;
      const [waitRead, waitWrite, holdRead, holdWrite] = own.map((l) => (l ?? none).distribution());
      locks.push({
        lock: tracker.lockOf(entry),
        waitedNs: this.#waitedNs[entry] ?? 0,
        read: { wait: waitRead, hold: holdRead },
        write: { wait: waitWrite, hold: holdWrite },
      });
    }
    return locks;
  }
}
