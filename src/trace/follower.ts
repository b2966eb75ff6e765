import { type Chunk, Class, type EventIdx, Flag, Kind, type Ns, type TraceMeta } from '../event/index.ts';
import { FaultRuns, type RunLengths } from './fault-runs.ts';
import { type Opening, openingOf, seed } from './opening.ts';
import { type LockSink, LockTracker } from './tracker.ts';

/** What a follower tells its owner beside what happens at locks. All times are ns. */
export interface FollowSink extends LockSink {
  /** A thread is about to change its state; the old one is still in the tracker. */
  moving(thread: number, t: Ns): void;
  /** A system call began at `since` and ends. */
  called(thread: number, syscall: number, since: Ns, t: Ns): void;
  /** A phase of a system call ends, or the way in which its thread holds the process-wide lock (0 to 2) changes. */
  phased(syscall: number, phase: number, mode: number, since: Ns, t: Ns): void;
  /** A page fault began at `since` and ends, with SIGSEGV or without. */
  faulted(thread: number, since: Ns, t: Ns, failed: boolean): void;
  /** So many faults are done, one after the other. */
  faultedOften(thread: number, lengths: RunLengths, count: number): void;
}

/** Outside of a system call, or of a fault. */
const NONE = -1;

/**
 * Reads a log from any place on, given what was under way there: locks through a `LockTracker`, system calls with their
 * phases, and faults. Memory depends on what is under way and not on the length of the log.
 */
export class Follower {
  readonly tracker: LockTracker;
  /** Records taken in, those before the opening included. */
  next: EventIdx = 0;
  /** Per thread: its system call or -1 and since when; its phase (0: none), since when and in which mode. */
  readonly syscall: Int32Array;
  readonly syscallSince: Float64Array;
  readonly phase: Uint32Array;
  readonly phaseSince: Float64Array;
  readonly phaseMode: Uint8Array;
  /** Per thread: since when it is in a fault, -1 outside one. */
  readonly faultSince: Float64Array;
  readonly #runs: FaultRuns;
  readonly #sink: FollowSink;
  readonly #syscalls: number;
  readonly #mmOfThread: Int32Array;

  constructor(meta: TraceMeta, sink: FollowSink) {
    const n = meta.threads.length;
    this.#sink = sink;
    this.#runs = new FaultRuns(n);
    this.tracker = new LockTracker(meta, sink);
    this.syscall = new Int32Array(n).fill(NONE);
    this.syscallSince = new Float64Array(n);
    this.phase = new Uint32Array(n);
    this.phaseSince = new Float64Array(n);
    this.phaseMode = new Uint8Array(n);
    this.faultSince = new Float64Array(n).fill(NONE);
    this.#syscalls = meta.syscalls.length;
    this.#mmOfThread = Int32Array.from(meta.threads, ({ mm }) => mm);
  }

  /** Takes in what was under way at a place; records from `opening.next` on are to follow. */
  open(opening: Opening): void {
    seed(this.tracker, opening);
    this.next = opening.next;
    for (const call of opening.calls) {
      const { thread } = call;
      this.syscall[thread] = call.syscall;
      this.syscallSince[thread] = call.syscallSince;
      this.phase[thread] = call.phase;
      this.phaseSince[thread] = call.phaseSince;
      this.phaseMode[thread] = call.phaseMode;
      this.faultSince[thread] = call.faultSince;
    }
  }

  /** What is under way now, to go on from here another time. */
  opening(): Opening {
    const calls = [];
    for (let thread = 0; thread < this.syscall.length; thread++) {
      if (this.syscall[thread] === NONE && this.faultSince[thread] < 0) continue;
      const called = this.syscall[thread] !== NONE;
      const phase = this.phase[thread];
      calls.push({
        thread,
        syscall: this.syscall[thread],
        syscallSince: called ? this.syscallSince[thread] : 0,
        phase,
        phaseSince: phase > 0 ? this.phaseSince[thread] : 0,
        phaseMode: phase > 0 ? this.phaseMode[thread] : 0,
        faultSince: this.faultSince[thread],
      });
    }
    return openingOf(this.tracker, this.next, calls);
  }

  /** Takes in records [from, to) of a chunk: all those that follow the ones before, without gaps. */
  add(chunk: Chunk, from: number, to: number): void {
    const { t: times, thread: threads, kind: kinds, flags, object, site } = chunk;
    const { state } = this.tracker;
    const n = state.length;
    for (let i = from; i < to; i++) {
      const thread = threads[i];
      if (thread >= n) continue;
      const now = flags[i] & 7;
      if (state[thread] !== now) {
        this.#sink.moving(thread, times[i]);
        this.tracker.moved(thread, now, times[i]);
      }
      const kind = kinds[i];
      if (kind >= Kind.LOCK_REQUEST && kind <= Kind.LOCK_CANCEL) {
        this.tracker.record(times[i], kind, thread, object[i], site[i], flags[i]);
        if (kind === Kind.LOCK_RELEASE) this.#runs.released(thread, times[i]);
        if (this.phase[thread] !== 0 && object[i] >>> 28 === Class.MMAP_LOCK) this.#mode(thread, times[i]);
      } else if (kind >= Kind.SYSCALL_ENTER && kind <= Kind.PHASE) {
        this.#call(kind, thread, object[i], flags[i], times[i]);
      } else if (kind === Kind.FAULT_RUN) {
        const lengths = this.#runs.run(thread, chunk.arg[i], times[i]);
        if (lengths !== undefined) this.#sink.faultedOften(thread, lengths, chunk.arg[i]);
      } else if (kind === Kind.STATE && object[i] >>> 28 === Class.MM) this.#runs.begins(thread, times[i]);
    }
    this.next += Math.max(0, to - from);
  }

  #call(kind: number, thread: number, object: number, flags: number, t: Ns): void {
    switch (kind) {
      case Kind.SYSCALL_ENTER: {
        this.#return(thread, t);
        const index = object & 0x0fffffff;
        if (object >>> 28 !== Class.SYSCALL || index >= this.#syscalls) return;
        this.syscall[thread] = index;
        this.syscallSince[thread] = t;
        return;
      }
      case Kind.SYSCALL_EXIT:
        this.#return(thread, t);
        return;
      case Kind.FAULT_ENTER:
        this.#fault(thread, t, false);
        this.faultSince[thread] = t;
        return;
      case Kind.FAULT_EXIT:
        this.#fault(thread, t, (flags & Flag.FAIL) !== 0);
        return;
      case Kind.PHASE:
        if (this.syscall[thread] === NONE) return;
        this.#endPhase(thread, t);
        this.phase[thread] = object & 0x0fffffff;
        this.phaseSince[thread] = t;
        this.phaseMode[thread] = this.#modeOf(thread);
    }
  }

  #return(thread: number, t: Ns): void {
    const syscall = this.syscall[thread];
    if (syscall === NONE) return;
    this.#endPhase(thread, t);
    this.#sink.called(thread, syscall, this.syscallSince[thread], t);
    this.syscall[thread] = NONE;
  }

  #fault(thread: number, t: Ns, failed: boolean): void {
    const since = this.faultSince[thread];
    if (since < 0) return;
    this.#sink.faulted(thread, since, t, failed);
    this.faultSince[thread] = NONE;
  }

  #endPhase(thread: number, t: Ns): void {
    this.#phased(thread, t);
    this.phase[thread] = 0;
  }

  #phased(thread: number, t: Ns): void {
    if (this.phase[thread] === 0) return;
    const mode = this.phaseMode[thread];
    this.#sink.phased(this.syscall[thread], this.phase[thread], mode, this.phaseSince[thread], t);
  }

  #mode(thread: number, t: Ns): void {
    const mode = this.#modeOf(thread);
    if (mode === this.phaseMode[thread]) return;
    this.#phased(thread, t);
    this.phaseSince[thread] = t;
    this.phaseMode[thread] = mode;
  }

  /** Index into MODES: how a thread holds the process-wide lock of its mm. */
  #modeOf(thread: number): number {
    const { latestHold, olderHold, holdSlot, holdWrite } = this.tracker;
    let mode = 0;
    for (let hold = latestHold[thread]; hold >= 0; hold = olderHold[hold]) {
      if (holdSlot[hold] === this.#mmOfThread[thread]) mode = Math.max(mode, 1 + holdWrite[hold]);
    }
    return mode;
  }
}
