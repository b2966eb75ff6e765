import { Kind, type Ns, State } from '../event/index.ts';
import { coreOf, cpuCount, socketOf } from '../kernel/machine.ts';
import type { Engine } from './engine.ts';
import { hostIdles, hostRuns } from './host.ts';
import { looksAround, spins } from './locks/face.ts';
import { notifyFirst, notifySpinner } from './locks/sleeping.ts';
import { roundHalfUp, uniform } from './numbers.ts';
import { Timer } from './outcome.ts';
import { MAX_HELD } from './world.ts';

/** Random numbers of CPUs are numbered behind those of threads. */
const CPU_DRAWS = 65_536;

/**
 * CPUs and their scheduler: who runs where, run queues with time slices, wake-ups, SMT siblings, interrupts. Threads
 * are kernel-preemptible only where they ask (PREEMPT_NONE): at cond_resched, when they block, and on the way back to
 * user mode; in user mode always.
 */
export class Cpus {
  readonly count: number;
  /** Words of one mm's CPU mask. */
  readonly words: number;
  private readonly e: Engine;
  /** The CPUs that share each CPU's core, itself left out: so many for each, CPU by CPU. */
  private readonly siblings: Uint16Array;
  private readonly others: number;
  private readonly socket: Uint16Array;
  private readonly smt: number;
  private readonly hasSmt: boolean;
  /** Idle states by depth: time idle from which a CPU is in one, and what it takes to leave it beyond the first. */
  private readonly idleFrom: readonly Ns[];
  private readonly idleExit: readonly Ns[];

  constructor(e: Engine) {
    this.e = e;
    const m = e.machine;
    this.count = cpuCount(m);
    this.words = (this.count + 31) >>> 5;
    this.smt = m.smtFactor.value;
    this.hasSmt = m.threadsPerCore > 1;
    this.idleFrom = m.sched.idle.map((s) => roundHalfUp(s.residency.value));
    this.idleExit = m.sched.idle.map((s) => roundHalfUp(s.exit.value - (m.sched.idle[0]?.exit.value ?? 0)));
    this.socket = new Uint16Array(this.count);
    this.others = m.threadsPerCore - 1;
    this.siblings = new Uint16Array(this.count * this.others);
    let n = 0;
    for (let a = 0; a < this.count; a++) {
      this.socket[a] = socketOf(m, a);
      for (let b = 0; b < this.count; b++)
        if (a !== b && coreOf(m, a) === coreOf(m, b)) this.siblings[n++] = b;
    }
  }

  socketOf(cpu: number): number {
    return this.socket[cpu] as number;
  }

  /** Event sources. */
  timerOf(thread: number): number {
    return this.count + thread;
  }
  sliceOf(cpu: number): number {
    return this.count + this.e.w.sizes.threads + cpu;
  }
  alarmOf(thread: number): number {
    return this.count * 2 + this.e.w.sizes.threads + thread;
  }
  hostOf(cpu: number): number {
    return this.count * 2 + this.e.w.sizes.threads * 2 + cpu;
  }

  /** How much longer a step takes on this CPU now. */
  factor(cpu: number): number {
    const { siblings, others } = this;
    const { cpuBusy } = this.e.w;
    const from = cpu * others;
    for (let k = 0; k < others; k++) if (cpuBusy[siblings[from + k] as number] === 1) return this.smt;
    return 1;
  }

  /** End of a step of `cost` ns that begins now on a CPU. */
  endOf(cpu: number, cost: number): Ns {
    return this.e.now + roundHalfUp(this.hasSmt ? cost * this.factor(cpu) : cost);
  }

  /** True while the thread really runs (not on its way to the CPU). */
  onCpu(thread: number): boolean {
    const w = this.e.w;
    return w.cpuThread[w.threadCpu[thread] as number] === thread + 1 && w.timer[thread] !== Timer.SWITCH;
  }

  /** Marks a CPU as computing or not; that matters only to siblings. */
  setBusy(cpu: number, busy: 0 | 1): void {
    if (this.hasSmt && this.e.w.cpuBusy[cpu] !== busy) this.changeBusy(cpu, busy);
  }

  /** The same for the CPU of a thread. */
  setThreadBusy(thread: number, busy: 0 | 1): void {
    if (this.hasSmt) this.setBusy(this.e.w.threadCpu[thread] as number, busy);
  }

  /** Stretches or shortens what the siblings are doing. */
  private changeBusy(cpu: number, busy: 0 | 1): void {
    const { w, q, now } = this.e;
    const { siblings, others } = this;
    for (let k = cpu * others; k < (cpu + 1) * others; k++) {
      const other = siblings[k] as number;
      if (w.cpuBusy[other] !== 1 || !q.has(other)) continue;
      const left = q.timeOf(other) - now;
      const before = this.factor(other);
      w.cpuBusy[cpu] = busy;
      const after = this.factor(other);
      if (before !== after) q.set(other, now + roundHalfUp((left / before) * after));
      w.cpuBusy[cpu] = busy === 1 ? 0 : 1;
    }
    w.cpuBusy[cpu] = busy;
  }

  /** Puts a thread on an idle CPU; it starts to run after `delay` and the context switch. */
  private dispatch(cpu: number, thread: number, delay: Ns): void {
    const { w, q, now, machine } = this.e;
    w.cpuThread[cpu] = thread + 1;
    w.threadCpu[thread] = cpu;
    w.timer[thread] = Timer.SWITCH;
    w.cpuResched[cpu] = 0;
    const fresh = w.cpuLast[cpu] !== thread + 1 && w.cpuLast[cpu] !== 0;
    q.set(cpu, now + delay + (fresh ? machine.sched.contextSwitch.value : 0));
    if ((w.rqCount[cpu] as number) > 0) q.set(this.sliceOf(cpu), now + delay + this.turn(cpu));
    else q.remove(this.sliceOf(cpu));
    if (machine.host !== undefined) hostRuns(this.e, cpu);
  }

  /**
   * Length of a turn: the slice, and on to the next timer tick. Turns begin anywhere between two ticks; the draw keeps
   * them from falling into step with whatever the threads do.
   */
  private turn(cpu: number): Ns {
    const { e } = this;
    const { slice, tick } = e.machine.sched;
    const k = e.w.cpuDraws[cpu] as number;
    e.w.cpuDraws[cpu] = k + 1;
    return roundHalfUp(slice.value + uniform(e.seed, CPU_DRAWS + cpu, 0, k) * tick.value);
  }

  /** The context switch is over: the thread runs. */
  arrive(cpu: number, thread: number): void {
    const e = this.e;
    const w = e.w;
    w.timer[thread] = Timer.NONE;
    w.cpuLast[cpu] = thread + 1;
    const mm = w.threadMm[thread] as number;
    const word = mm * this.words + (cpu >>> 5);
    w.mmCpus[word] = (w.mmCpus[word] as number) | (1 << (cpu & 31));
    e.setState(thread, e.runState(thread));
    this.setBusy(cpu, 1);
    e.emit(Kind.SWITCH, thread, 0, cpu, w.state[thread] as number);
  }

  /** The thread stops using its CPU; the next one of the run queue gets it. */
  leave(thread: number): void {
    const e = this.e;
    const w = e.w;
    const cpu = w.threadCpu[thread] as number;
    this.setBusy(cpu, 0);
    e.q.remove(cpu);
    w.cpuThread[cpu] = 0;
    const base = thread * MAX_HELD;
    for (let i = 0; i < (w.heldCount[thread] as number); i++) {
      const lock = w.heldLock[base + i] as number;
      // Spinners watch whether the owner they wait for runs.
      if (w.heldWrite[base + i] === 1 && e.sleeping(lock) !== null) {
        notifySpinner(e, e.rwIndexOf(lock));
        notifyFirst(e, e.rwIndexOf(lock));
      }
    }
    this.next(cpu);
  }

  private next(cpu: number): void {
    const { w, q, now } = this.e;
    w.cpuResched[cpu] = 0;
    const from = w.rqHead[cpu] !== 0 ? cpu : this.busiest(cpu);
    if (from >= 0) {
      const thread = this.takeQueued(from, from === cpu);
      this.dispatch(cpu, thread, 0);
      return;
    }
    w.cpuIdleSince[cpu] = now;
    q.remove(this.sliceOf(cpu));
    if (this.e.machine.host !== undefined) hostIdles(this.e, cpu);
  }

  /** A CPU that runs out of work pulls from the longest queue with a thread that may move, the nearest first; -1: none. */
  private busiest(cpu: number): number {
    const w = this.e.w;
    if (w.run[9] === 0) return -1;
    let best = -1;
    let most = 0;
    for (let k = 1; k < this.count; k++) {
      const other = (cpu + k) % this.count;
      const load = (w.rqCount[other] as number) + (this.socket[other] === this.socket[cpu] ? 0.5 : 0);
      if (load <= most || w.rqCount[other] === 0) continue;
      for (let t = w.rqHead[other] as number; t !== 0; t = w.rqNext[t - 1] as number) {
        if (w.pinned[t - 1] === 1) continue;
        best = other;
        most = load;
        break;
      }
    }
    return best;
  }

  /** Takes the first thread out of a run queue, or the first that may move. */
  private takeQueued(cpu: number, any: boolean): number {
    const w = this.e.w;
    let before = 0;
    let at = w.rqHead[cpu] as number;
    let place = 0;
    while (!any && w.pinned[at - 1] === 1) {
      before = at;
      at = w.rqNext[at - 1] as number;
      place++;
    }
    if (place < (w.rqWoken[cpu] as number)) w.rqWoken[cpu] = (w.rqWoken[cpu] as number) - 1;
    const thread = at - 1;
    const after = w.rqNext[thread] as number;
    if (before === 0) w.rqHead[cpu] = after;
    else w.rqNext[before - 1] = after;
    if (w.rqTail[cpu] === at) w.rqTail[cpu] = before;
    w.rqNext[thread] = 0;
    w.rqCount[cpu] = (w.rqCount[cpu] as number) - 1;
    if (w.pinned[thread] === 0) w.run[9] = (w.run[9] as number) - 1;
    return thread;
  }

  /**
   * Puts a thread into a run queue: one that was preempted goes to the end, one that slept before all that were preempted
   * (its virtual run time is behind theirs), first come, first served among its like.
   */
  private enqueue(cpu: number, thread: number, woken: boolean): void {
    const w = this.e.w;
    w.threadCpu[thread] = cpu;
    let before = woken ? 0 : (w.rqTail[cpu] as number);
    if (woken) {
      const fresh = w.rqWoken[cpu] as number;
      for (let k = 0; k < fresh; k++)
        before = (before === 0 ? w.rqHead[cpu] : w.rqNext[before - 1]) as number;
      w.rqWoken[cpu] = fresh + 1;
    }
    const after = (before === 0 ? w.rqHead[cpu] : w.rqNext[before - 1]) as number;
    w.rqNext[thread] = after;
    if (before === 0) w.rqHead[cpu] = thread + 1;
    else w.rqNext[before - 1] = thread + 1;
    if (after === 0) w.rqTail[cpu] = thread + 1;
    w.rqCount[cpu] = (w.rqCount[cpu] as number) + 1;
    if (w.pinned[thread] === 0) w.run[9] = (w.run[9] as number) + 1;
  }

  /** Where a thread that becomes runnable goes: its own CPU, an idle one, or the shortest queue; the nearest first. */
  private place(thread: number): number {
    const w = this.e.w;
    const own = w.threadCpu[thread] as number;
    if (w.pinned[thread] === 1 || w.cpuThread[own] === 0) return own;
    let best = own;
    let bestLoad = Infinity;
    for (let k = 0; k < this.count; k++) {
      const cpu = (own + k) % this.count;
      const far = this.socket[cpu] === this.socket[own] ? 0 : 0.5;
      const load = (w.cpuThread[cpu] === 0 ? 0 : 1) + (w.rqCount[cpu] as number) + far;
      if (load < bestLoad) {
        bestLoad = load;
        best = cpu;
      }
    }
    return best;
  }

  /**
   * A sleeping thread becomes runnable; `after` is the waker's time until it gets to this one. The caller has set
   * what it shall do. `object` goes into its record.
   */
  wake(thread: number, after: Ns, object: number): void {
    const e = this.e;
    const w = e.w;
    e.setState(thread, State.RUNNABLE);
    const cpu = this.place(thread);
    w.threadCpu[thread] = cpu;
    e.emit(Kind.STATE, thread, object, cpu, State.RUNNABLE);
    this.toCpu(cpu, thread, after);
  }

  /** As wake, for a thread whose record (a grant) was written already. */
  wakeGranted(thread: number, after: Ns): void {
    this.e.setState(thread, State.RUNNABLE);
    this.toCpu(this.place(thread), thread, after);
  }

  private toCpu(cpu: number, thread: number, after: Ns): void {
    const { w, machine } = this.e;
    if (w.cpuThread[cpu] === 0) {
      this.dispatch(cpu, thread, after + machine.sched.wakeLatency.value + this.idleExitOf(cpu));
      return;
    }
    this.enqueue(cpu, thread, true);
    // A thread that slept preempts one that computes (CFS wake-up preemption): the scheduler asks for the CPU.
    this.askResched(cpu);
  }

  /**
   * What leaving its idle state adds to a CPU's wake-up. The governor is taken to guess right: the state is the deepest
   * whose target residency the idle time has reached.
   */
  private idleExitOf(cpu: number): Ns {
    const idle = this.e.now - (this.e.w.cpuIdleSince[cpu] as number);
    let exit = 0;
    for (let k = 0; k < this.idleFrom.length && idle >= (this.idleFrom[k] as number); k++)
      exit = this.idleExit[k] as number;
    return exit;
  }

  /** A thread's first appearance at time 0: no wake-up, no switch cost. */
  start(thread: number): void {
    const w = this.e.w;
    const cpu = this.place(thread);
    this.e.setState(thread, State.RUNNABLE);
    if (w.cpuThread[cpu] === 0) this.dispatch(cpu, thread, 0);
    else {
      this.enqueue(cpu, thread, false);
      if (!this.e.q.has(this.sliceOf(cpu))) this.e.q.set(this.sliceOf(cpu), this.turn(cpu));
    }
  }

  /** The scheduler wants this CPU for another thread: at once in user mode, at the next chance in the kernel. */
  askResched(cpu: number): void {
    const e = this.e;
    const w = e.w;
    const current = (w.cpuThread[cpu] as number) - 1;
    w.cpuResched[cpu] = 1;
    if (current < 0 || w.timer[current] === Timer.SWITCH || current === e.running) return;
    if (w.noPreempt[current] !== 0 || w.cpuAwayUntil[cpu] !== 0) return;
    // Spinners look at need_resched in every round.
    const waiting = w.waiting[current] as number;
    if (looksAround(waiting)) e.q.set(cpu, e.now);
    else if (w.inKernel[current] === 0 && !spins(waiting)) this.preempt(current);
  }

  sliceOver(cpu: number): void {
    if ((this.e.w.rqCount[cpu] as number) > 0) this.askResched(cpu);
  }

  /** Takes the CPU from a thread in the middle of a step; the rest of the step is done when it comes back. */
  private preempt(thread: number): void {
    const e = this.e;
    const w = e.w;
    const cpu = w.threadCpu[thread] as number;
    if (e.q.has(cpu)) w.left[thread] = (e.q.timeOf(cpu) - e.now) / this.factor(cpu);
    this.yield(thread);
  }

  /** The running thread goes to the end of its CPU's run queue. */
  yield(thread: number): void {
    const e = this.e;
    const cpu = e.w.threadCpu[thread] as number;
    e.setState(thread, State.RUNNABLE);
    e.emitState(thread);
    this.enqueue(cpu, thread, false);
    this.leave(thread);
  }
}
