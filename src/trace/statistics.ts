import { type Chunk, Class, Flag, Kind, type Ns, STATE_COUNT, type TraceMeta } from '../event/index.ts';
import { CallStatistics, type FaultTotals, type SyscallTotals } from './call-statistics.ts';
import { LockStatistics, type LockTotals } from './lock-statistics.ts';

/** Locks of a class that are listed one by one. */
const TOP = 10;

/** Numbers of the whole run; the report lists them as they are. */
export interface Counters {
  pagesZapped: number;
  tablesFreed: number;
  tlbFlushes: number;
  ipis: number;
  contextSwitches: number;
  lockDrops: number;
  downgrades: number;
  steals: number;
  /** Grants by which a lock was handed to a thread before it ran, or kept for it. */
  handoffs: number;
  /** Waits that outlasted the hung-task detector's limit. */
  hungTasks: number;
  /** What the document counts itself, by name. */
  named: Readonly<Record<string, number>>;
}

/** Everything `Statistics` knows at one time, what is unfinished with its length so far. */
export interface Totals {
  readonly endNs: Ns;
  /** ns per thread and `State`: thread * STATE_COUNT + state. */
  readonly stateNs: Float64Array;
  readonly locks: readonly LockTotals[];
  readonly syscalls: readonly SyscallTotals[];
  readonly faults: { readonly elsewhere: FaultTotals; readonly inRange: FaultTotals };
  readonly counters: Counters;
}

/**
 * Sums over a whole run, fed record by record in order; complete even where the log itself is not kept. Memory depends
 * on threads, locks and page tables, not on the length of the run.
 */
export class Statistics {
  readonly meta: TraceMeta;
  /** Records taken in. */
  records = 0;
  /** Time of the last record, or of `finish`. */
  endNs: Ns = 0;
  readonly #locks: LockStatistics;
  readonly #calls: CallStatistics;
  readonly #mmOfThread: Int32Array;
  readonly #stateNs: Float64Array;
  /** Per thread: since when it is in its state. */
  readonly #since: Float64Array;
  #pagesZapped = 0;
  #tablesFreed = 0;
  #tlbFlushes = 0;
  #ipis = 0;
  #contextSwitches = 0;
  #handoffs = 0;
  #hungTasks = 0;
  readonly #named: Float64Array;
  #totals: Totals | undefined;

  constructor(meta: TraceMeta) {
    this.meta = meta;
    this.#locks = new LockStatistics(meta);
    this.#calls = new CallStatistics(meta);
    this.#mmOfThread = Int32Array.from(meta.threads, (thread) => thread.mm);
    this.#named = new Float64Array(meta.counters.length);
    this.#stateNs = new Float64Array(meta.threads.length * STATE_COUNT);
    this.#since = new Float64Array(meta.threads.length);
  }

  /** Takes in records [from, to) of a chunk: all those that follow the ones before, without gaps. */
  add(chunk: Chunk, from: number, to: number): void {
    if (from >= to) return;
    const {
      t: times,
      site: sites,
      object: objects,
      arg: args,
      thread: threads,
      kind: kinds,
      flags: flagses,
    } = chunk;
    const state = this.#locks.tracker.state;
    const n = state.length;
    for (let i = from; i < to; i++) {
      const thread = threads[i];
      const flags = flagses[i];
      const known = thread < n;
      if (known && state[thread] !== (flags & 7)) this.#moved(thread, flags & 7, times[i]);
      const kind = kinds[i];
      if (kind >= Kind.LOCK_REQUEST && kind <= Kind.LOCK_CANCEL) {
        if (known) {
          this.#lock(times[i], kind, thread, objects[i], sites[i], flags);
          if (kind === Kind.LOCK_RELEASE) this.#calls.lockReleased(thread, times[i]);
        }
        continue;
      }
      switch (kind) {
        case Kind.SWITCH:
          this.#contextSwitches++;
          break;
        case Kind.STATE:
          if (known && objects[i] >>> 28 === Class.MM) this.#calls.faultsBegin(thread, times[i]);
          break;
        case Kind.FAULT_RUN:
          if (known) this.#calls.faultRun(thread, objects[i], args[i], times[i]);
          break;
        case Kind.FAULT_ENTER:
          if (known) this.#calls.faultEnter(thread, objects[i], args[i], times[i]);
          break;
        case Kind.FAULT_EXIT:
          if (known) this.#calls.faultExit(thread, flags, times[i]);
          break;
        case Kind.SYSCALL_ENTER:
          if (known) this.#calls.syscallEnter(thread, objects[i], args[i], times[i]);
          break;
        case Kind.SYSCALL_LENGTH:
          if (known) this.#calls.syscallLength(thread, args[i]);
          break;
        case Kind.SYSCALL_EXIT:
          if (known) this.#calls.syscallExit(thread, times[i]);
          break;
        case Kind.PHASE:
          if (known) this.#calls.phase(thread, objects[i], this.#mmapLockMode(thread), times[i]);
          break;
        case Kind.VMA_LINK:
          this.#calls.vmaLink(thread, objects[i], args[i]);
          break;
        case Kind.VMA_LENGTH:
          this.#calls.vmaLength(objects[i], args[i]);
          break;
        case Kind.PAGES: {
          const change = args[i] | 0;
          if (change < 0) this.#pagesZapped -= change;
          break;
        }
        case Kind.TABLE_FREE:
          this.#tablesFreed++;
          break;
        case Kind.COUNTER:
          if ((objects[i] & 0x0fffffff) < this.#named.length) this.#named[objects[i] & 0x0fffffff] = args[i];
          break;
        case Kind.HUNG:
          this.#hungTasks++;
          break;
        case Kind.TLB_FLUSH:
          this.#tlbFlushes++;
          this.#ipis += args[i];
          break;
      }
    }
    this.records += to - from;
    this.endNs = times[to - 1];
    this.#totals = undefined;
  }

  #moved(thread: number, state: number, t: Ns): void {
    const tracker = this.#locks.tracker;
    this.#stateNs[thread * STATE_COUNT + tracker.state[thread]] += t - this.#since[thread];
    this.#since[thread] = t;
    tracker.moved(thread, state, t);
  }

  #lock(t: Ns, kind: number, thread: number, object: number, site: number, flags: number): void {
    this.#locks.record(t, kind, thread, object, site, flags);
    if (kind === Kind.LOCK_GRANT && (flags & Flag.HANDOFF) !== 0) this.#handoffs++;
    if (object >>> 28 !== Class.MMAP_LOCK || !this.#calls.inSyscall(thread)) return;
    if ((object & 0x0fffffff) !== this.#mmOfThread[thread]) return;
    const mode = this.#mmapLockMode(thread);
    if (kind === Kind.LOCK_GRANT || kind === Kind.LOCK_REQUEST) this.#calls.wantsMmapLock(thread);
    else if (kind === Kind.LOCK_RELEASE && mode === 0) this.#calls.leftMmapLock(thread);
    this.#calls.phases.mode(thread, mode, t);
  }

  /** Index into MODES: how a thread holds the process-wide lock of its mm. */
  #mmapLockMode(thread: number): number {
    const tracker = this.#locks.tracker;
    let mode = 0;
    for (let hold = tracker.latestHold[thread]; hold >= 0; hold = tracker.olderHold[hold]) {
      if (tracker.holdSlot[hold] !== this.#mmOfThread[thread]) continue;
      mode = Math.max(mode, 1 + tracker.holdWrite[hold]);
    }
    return mode;
  }

  /** Says how long the run was; `totals` are then those of this time. More records may follow. */
  finish(endNs: Ns): void {
    this.endNs = Math.max(this.endNs, endNs);
    this.#totals = undefined;
  }

  /** The sums up to `endNs`. */
  totals(): Totals {
    this.#totals ??= this.#sum();
    return this.#totals;
  }

  #sum(): Totals {
    const { endNs } = this;
    const stateNs = this.#stateNs.slice();
    this.#locks.tracker.state.forEach((state, thread) => {
      stateNs[thread * STATE_COUNT + state] += endNs - this.#since[thread];
    });
    return {
      endNs,
      stateNs,
      locks: this.#locks.totals(endNs, TOP),
      syscalls: this.#calls.syscalls(endNs),
      faults: this.#calls.faults(endNs),
      counters: {
        pagesZapped: this.#pagesZapped,
        tablesFreed: this.#tablesFreed,
        tlbFlushes: this.#tlbFlushes,
        ipis: this.#ipis,
        contextSwitches: this.#contextSwitches,
        lockDrops: this.#calls.lockDrops,
        downgrades: this.#locks.downgrades,
        steals: this.#locks.steals,
        handoffs: this.#handoffs,
        hungTasks: this.#hungTasks,
        named: Object.fromEntries(
          this.meta.counters.flatMap((name, i) => (i === 0 ? [] : [[name, this.#named[i]]])),
        ),
      },
    };
  }
}
