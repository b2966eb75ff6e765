import { State } from '../event/index.ts';
import type { ThreadPlan, TurnPlan } from '../language/program.ts';
import type { Engine } from './engine.ts';
import { spins, Wait } from './locks/face.ts';
import { Outcome, Reason } from './outcome.ts';

/**
 * A schedule fixes the interleaving: in a turn one thread alone executes steps. Whatever else would be done on a CPU of
 * its own is held back and done when the thread's turn comes, or when the last turn is over. Wake-ups, context switches
 * and timers take their course meanwhile; held threads keep their CPUs and take no time of anybody.
 *
 * Which turn it is, and who is held, stands in the world.
 */
export class Schedule {
  private readonly e: Engine;
  private readonly turns: readonly TurnPlan[];

  constructor(e: Engine) {
    this.e = e;
    this.turns = e.program.scenario.schedule;
  }

  /** The turn that it is; undefined when all are over. */
  get turn(): TurnPlan | undefined {
    return this.turns[this.e.w.turn[0] as number];
  }

  /** True when the thread must not execute anything now. */
  holds(thread: number): boolean {
    const { turn } = this;
    return turn !== undefined && turn.thread !== thread;
  }

  /** The thread, which has no event any more, goes no further. */
  holdBack(thread: number): void {
    const { w, cpus } = this.e;
    const cpu = w.threadCpu[thread] as number;
    // Who was held already, and was told of something since, does not compute; nor does it slow a sibling.
    if (w.heldBack[thread] !== 0) return;
    w.heldBack[thread] = w.cpuBusy[cpu] === 1 ? 2 : 1;
    cpus.setBusy(cpu, 0);
  }

  /** The thread goes on where it was held. */
  private letGo(thread: number): void {
    const { w, q, cpus, now } = this.e;
    const was = w.heldBack[thread];
    if (was === 0) return;
    w.heldBack[thread] = 0;
    const cpu = w.threadCpu[thread] as number;
    if (!cpus.onCpu(thread)) return;
    if (was === 2) cpus.setBusy(cpu, 1);
    if (!q.has(cpu)) q.set(cpu, now);
  }

  /** The thread is switched in: what held it on its CPU before, if it lost that, is past. */
  arrives(thread: number): void {
    this.e.w.heldBack[thread] = 0;
  }

  /** The thread is about to execute what stands at a label. True when its turn ends with that. */
  comesTo(thread: number, mark: number): boolean {
    const { turn } = this;
    if (turn === undefined || turn.thread !== thread || turn.mark !== mark) return false;
    const { w } = this.e;
    const times = (w.turn[1] as number) + 1;
    w.turn[1] = times;
    if (times < turn.times) return false;
    this.holdBack(thread);
    this.next();
    return true;
  }

  /** Ends the turn, and all that follow, of threads that cannot go on by themselves; looked at after every event. */
  endTurns(): void {
    const { e } = this;
    for (let turn = this.turn; turn !== undefined; turn = this.turn) {
      const done = e.w.state[turn.thread] === State.DONE;
      if (!done && !this.waits(turn.thread)) return;
      if (done && turn.mark >= 0) {
        e.stop(Outcome.STUCK, Reason.SCHEDULE, turn.thread);
        return;
      }
      this.next();
    }
  }

  /**
   * True when only another thread can bring about what the thread waits for: it is parked, in the list of a lock, waits for
   * a grace period that a read-side section is in the way of, or spins and has seen all that happened to the lock so far. One that spins for a limited time is waited for.
   */
  private waits(thread: number): boolean {
    const { w, q } = this.e;
    if (w.parked[thread] === 1 || this.e.grace.keptFrom(thread)) return true;
    const how = w.waiting[thread] as number;
    return (how === Wait.QUEUED || spins(how)) && !q.has(w.threadCpu[thread] as number);
  }

  private next(): void {
    const { w } = this.e;
    w.turn[0] = (w.turn[0] as number) + 1;
    w.turn[1] = 0;
    const { turn } = this;
    if (turn !== undefined) this.letGo(turn.thread);
    else for (let t = 0; t < w.sizes.threads; t++) this.letGo(t);
  }
}

/**
 * A CPU of its own for every thread: those that are pinned where they are, the others on those that are left. As nobody's
 * CPU is ever another's, all stay there. A sentence where that is not possible.
 */
export function ownCpus(threads: readonly ThreadPlan[], cpus: number): number[] | string {
  const owner = new Map<number, ThreadPlan>();
  for (const t of threads) {
    if (t.cpu === null) continue;
    const other = owner.get(t.cpu);
    if (other !== undefined)
      return `with a schedule every thread needs a CPU of its own, but ${other.name} and ${t.name} are both on CPU ${t.cpu}`;
    owner.set(t.cpu, t);
  }
  if (threads.length > cpus)
    return `with a schedule every thread needs a CPU of its own, but ${threads.length} threads share ${cpus} CPUs`;
  let free = 0;
  return threads.map((t) => {
    if (t.cpu !== null) return t.cpu;
    while (owner.has(free)) free++;
    return free++;
  });
}
