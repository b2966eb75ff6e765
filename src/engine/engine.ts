import {
  CHUNK_RECORDS,
  type Chunk,
  Class,
  type EventIdx,
  Flag,
  Kind,
  NO_THREAD,
  type Ns,
  newChunk,
  type ObjectId,
  State,
} from '../event/index.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Program } from '../language/program.ts';
import type { Allocator, MakeAllocator } from './alloc/face.ts';
import { Zones } from './alloc/zones.ts';
import { Cpus } from './cpus.ts';
import { Files } from './files.ts';
import { Grace } from './grace.ts';
import { HomedLines } from './homed-lines.ts';
import { type Layout, rwIndex } from './layout.ts';
import { Lines } from './lines.ts';
import type { LockModels, MutexModel, RwsemModel, SleepingModel, SpinlockModel } from './locks/face.ts';
import { Outcome, Phase, Reason } from './outcome.ts';
import { EventQueue } from './queue.ts';
import { Ranges } from './ranges.ts';
import { Tables } from './tables.ts';
import { Vmas } from './vmas.ts';
import { Watch } from './watch.ts';
import { Words } from './words.ts';
import { MAX_HELD, type World } from './world.ts';

// As a constant of its own it is written into compiled loops; members of an object are looked up there.
const { STEP_END } = Flag;

/** sysctl hung_task_timeout_secs (facts munmap, section 9). */
const HUNG_AFTER: Ns = 120e9;

/** Everything of one run: the world, and what is fixed while it runs (program, machine, lock models). */
export class Engine {
  readonly w: World;
  readonly q: EventQueue;
  readonly lines: Lines;
  readonly cpus: Cpus;
  readonly watch: Watch;
  readonly words: Words;
  readonly grace: Grace;
  readonly ranges: Ranges;
  readonly files: Files;
  readonly program: Program;
  readonly machine: Machine;
  readonly layout: Layout;
  readonly rwsem: RwsemModel;
  readonly mutex: MutexModel;
  readonly spinlock: SpinlockModel;
  readonly seed: number;

  /** Time, copied to the world between slices. */
  now: Ns = 0;
  /** Records written so far. */
  count: EventIdx = 0;
  chunk: Chunk = newChunk(0);
  /** Called with every full chunk; gives the chunk to write on (a new one, or the same when nobody keeps the log). */
  sink: (full: Chunk) => Chunk = (full) => newChunk(full.first + CHUNK_RECORDS);

  /** Set by an effect: the thread does not go on now. */
  blocked = false;
  /** Set by a cost: when the step is done. A field, because a number handed back would have to be boxed. */
  end: Ns = 0.5;
  /** Set by an effect: call it again at this time with World.sub raised; 0 otherwise. */
  again: Ns = 0;
  /** Set by an effect: after this step the thread gives its CPU away. */
  yields = false;
  /** Set by a lock model: the wait ended with -EINTR. */
  interrupted = false;
  /** ns of uninterruptible sleep after which khungtaskd reports a thread. */
  readonly hungAfter: Ns;
  private readonly pc: Int32Array;
  private readonly siteOf: Uint32Array;
  private readonly munmapName: number;
  readonly vmas: Vmas;
  readonly tables: Tables;
  readonly alloc: Allocator;
  /** The allocator, where it is one with zones. */
  readonly zones: Zones | null;
  /** Of each mm the only thread that it has, -1 where there are more. */
  readonly soleThread: Int32Array;
  /** Thread whose step is being done, or -1. */
  running = -1;
  /** Threads parked in wait_until. */
  parked = 0;
  /** Jumps back and events since time last advanced. */
  stepsNow = 0;
  /** The run has an outcome. */
  over = false;

  constructor(
    world: World,
    program: Program,
    machine: Machine,
    layout: Layout,
    locks: LockModels,
    makeAllocator: MakeAllocator,
    seed: number,
    used: ReadonlySet<string>,
  ) {
    this.w = world;
    this.pc = world.pc;
    this.siteOf = program.siteOf;
    this.program = program;
    this.machine = machine;
    this.layout = layout;
    this.rwsem = locks.rwsem;
    this.mutex = locks.mutex;
    this.spinlock = locks.spinlock;
    this.seed = seed;
    this.q = new EventQueue(world);
    const { ccx } = machine.line;
    this.lines = ccx === undefined ? new Lines(this) : new HomedLines(this, ccx);
    this.cpus = new Cpus(this);
    this.watch = new Watch(this);
    this.words = new Words(this, used);
    this.grace = new Grace(this);
    this.ranges = new Ranges(this);
    this.files = new Files(this);
    this.vmas = new Vmas(this);
    this.tables = new Tables(this);
    this.alloc = makeAllocator(this);
    this.zones = this.alloc instanceof Zones ? this.alloc : null;
    this.soleThread = new Int32Array(layout.mms).fill(-2);
    program.scenario.threads.forEach(({ process }, t) => {
      this.soleThread[process] = this.soleThread[process] === -2 ? t : -1;
    });
    const hung = program.scenario.numbers.find((n) => n.name === 'hung_task_timeout');
    this.hungAfter = hung !== undefined && hung.value > 0 ? hung.value : HUNG_AFTER;
    const { quiescent } = machine.sched;
    this.w.clock[6] = this.hungAfter < quiescent.value ? this.hungAfter : quiescent.value;
    this.munmapName = program.names['syscall']?.indexOf('munmap') ?? -1;
  }

  /** Writes one record; `state` is the thread's state after it and goes into the low bits of the flags. */
  emit(kind: number, thread: number, object: ObjectId, arg: number, flags: number): void {
    let c = this.chunk;
    let n = c.count;
    if (n === CHUNK_RECORDS) {
      // A full chunk is handed over only now, so that the end of a step can still mark its last record.
      c = this.sink(c);
      this.chunk = c;
      n = c.count;
    }
    const site = thread === NO_THREAD ? 0 : (this.siteOf[this.pc[thread] as number] as number);
    c.t[n] = this.now;
    c.site[n] = site;
    c.object[n] = object;
    c.arg[n] = arg;
    c.thread[n] = thread;
    c.kind[n] = kind;
    c.flags[n] = flags;
    c.count = n + 1;
    this.count++;
  }

  /** The same for a record that changes a VMA or a page table: who finds the thing changed is told of it. */
  emitChange(kind: number, thread: number, object: ObjectId, arg: number, flags: number): void {
    this.emit(kind, thread, object, arg, flags);
    this.watch.changed(kind, thread, object, arg);
  }

  /** Marks the last record as the end of an atomic step. */
  endStep(before: EventIdx): void {
    if (this.count > before) {
      const c = this.chunk;
      c.flags[c.count - 1] = (c.flags[c.count - 1] as number) | STEP_END;
    }
  }

  /** State of a thread that runs: in the kernel or in user mode. */
  runState(thread: number): State {
    return this.w.inKernel[thread] === 1 ? State.KERNEL : State.USER;
  }

  setState(thread: number, state: State): void {
    this.w.state[thread] = state;
    this.w.stateSince[thread] = this.now;
  }

  /** Notes that a thread holds a lock from now on. */
  hold(thread: number, lock: ObjectId, write: 0 | 1): void {
    const w = this.w;
    const n = w.heldCount[thread] as number;
    if (n === MAX_HELD) {
      this.stop(Outcome.LIMIT, Reason.HELD_LOCKS, thread);
      return;
    }
    const at = thread * MAX_HELD + n;
    w.heldLock[at] = lock;
    w.heldWrite[at] = write;
    w.heldSince[at] = this.now;
    w.heldSite[at] = this.siteOf[this.pc[thread] as number] as number;
    w.heldCount[thread] = n + 1;
  }

  /** Index of a hold in the thread's list, or -1. The last one taken comes first. */
  findHold(thread: number, lock: ObjectId, write: 0 | 1): number {
    const w = this.w;
    for (let i = (w.heldCount[thread] as number) - 1; i >= 0; i--) {
      const at = thread * MAX_HELD + i;
      if (w.heldLock[at] === lock && w.heldWrite[at] === write) return i;
    }
    return -1;
  }

  /** Forgets a hold; false (and the run ends) when the thread does not have it. */
  unhold(thread: number, lock: ObjectId, write: 0 | 1): boolean {
    const w = this.w;
    const i = this.findHold(thread, lock, write);
    if (i < 0) {
      this.stop(Outcome.STUCK, Reason.NOT_HELD, thread);
      return false;
    }
    const base = thread * MAX_HELD;
    const last = (w.heldCount[thread] as number) - 1;
    // Nearly always the last one.
    for (let k = i; k < last; k++) {
      w.heldLock[base + k] = w.heldLock[base + k + 1] as number;
      w.heldWrite[base + k] = w.heldWrite[base + k + 1] as number;
      w.heldSince[base + k] = w.heldSince[base + k + 1] as number;
      w.heldSite[base + k] = w.heldSite[base + k + 1] as number;
    }
    w.heldLock[base + last] = 0;
    w.heldWrite[base + last] = 0;
    w.heldCount[thread] = last;
    return true;
  }

  /** Ends the run; the first reason stays. */
  stop(outcome: Outcome, reason: Reason, thread: number): void {
    const r = this.w.run;
    if (r[0] !== Outcome.RUNNING) return;
    r[0] = outcome;
    r[1] = reason;
    r[6] = thread;
    this.over = true;
  }

  /** Begins a wait: the thread is out until somebody completes it. Emits nothing. */
  beginWait(thread: number, lock: ObjectId, write: 0 | 1, state: State): void {
    const w = this.w;
    w.waitLock[thread] = lock;
    w.waitWrite[thread] = write;
    w.waitSince[thread] = this.now;
    this.setState(thread, state);
    this.blocked = true;
  }

  endWait(thread: number): void {
    const w = this.w;
    w.waitLock[thread] = 0;
    w.waitWrite[thread] = 0;
    w.waitSince[thread] = 0;
    w.waiting[thread] = 0;
  }

  /** State of a thread for a record's flags; NO_THREAD has none. */
  stateOf(thread: number): number {
    return thread === NO_THREAD ? 0 : (this.w.state[thread] as number);
  }

  /** True while the thread is in the munmap system call. */
  inMunmap(thread: number): boolean {
    return thread !== NO_THREAD && this.munmapName > 0 && this.w.syscall[thread] === this.munmapName;
  }

  /** Gives a waiting thread the result of its operation: when it runs again it goes on behind it. */
  complete(thread: number, result: number): void {
    this.w.result[thread] = result;
    this.w.killable[thread] = 0;
    this.w.phase[thread] = Phase.COMPLETE;
  }

  /** The model of a sleeping lock, null for a spinlock. */
  sleeping(lock: ObjectId): SleepingModel | null {
    const cls = lock >>> 28;
    if (cls === Class.MMAP_LOCK || cls === Class.VMA_LOCK) return this.rwsem;
    if (cls !== Class.LOCK) return null;
    switch (this.program.locks[lock & 0x0fffffff]?.kind) {
      case 'rwsem':
        return this.rwsem;
      case 'mutex':
        return this.mutex;
      default:
        return null;
    }
  }

  rwIndexOf(lock: ObjectId): number {
    return rwIndex(this.layout, lock);
  }

  /** A record that says only that a thread's state changed. */
  emitState(thread: number, object: ObjectId = 0): void {
    this.emit(Kind.STATE, thread, object, this.w.threadCpu[thread] as number, this.w.state[thread] as number);
  }

  /** Copies what lives outside the buffer into it, before it is copied, compared or hashed. */
  settle(): void {
    this.w.clock[0] = this.now;
    this.w.clock[2] = this.count;
    this.w.clock[4] = this.parked;
    this.w.run[4] = this.stepsNow;
    this.q.settle();
  }

  /** The other way round, after the buffer was replaced. The log goes on at `clock[2]` on the given chunk. */
  adopt(chunk: Chunk): void {
    this.now = this.w.clock[0] as number;
    this.count = this.w.clock[2] as number;
    this.parked = this.w.clock[4] as number;
    this.stepsNow = this.w.run[4] as number;
    this.over = this.w.run[0] !== Outcome.RUNNING;
    this.q.adopt();
    this.chunk = chunk;
    this.blocked = false;
    this.again = 0;
    this.yields = false;
  }
}
