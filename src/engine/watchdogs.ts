import { Kind, type Ns } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { looksAround, Wait } from './locks/face.ts';
import { whole } from './numbers.ts';

/**
 * What the kernel does to threads that wait for long. Nothing of it is due for a tenth of a second after a wait began,
 * so one time to look next serves all threads, and waiting itself costs nothing.
 *
 * - khungtaskd reports a thread that has slept for a lock, uninterruptibly and without a break, for as long as its limit
 *   (120 s; facts munmap, section 9: killable waiters are not reported). Who was woken in vain has slept with a break.
 *   Each sleep is reported once.
 * - RCU wants a quiescent state of every CPU. One that is in the kernel for 100 ms without passing any is asked to
 *   reschedule at its next timer tick (adjust_jiffies_till_sched_qs and rcu_sched_clock_irq in kernel/rcu/tree.c, which
 *   hold while some grace period is under way, as on a live machine one always is). For a thread that spins for a
 *   sleeping lock that is the end of spinning: it takes its place in the list.
 */
export function lookAtWaits(e: Engine): void {
  const w = e.w;
  const { quiescent } = e.machine.sched;
  let next = e.now + (e.hungAfter < quiescent.value ? e.hungAfter : quiescent.value);
  for (let t = 0; t < w.sizes.threads; t++) {
    const due = dueTime(e, t);
    if (due > e.now) {
      if (due < next) next = due;
    } else if (w.waiting[t] === Wait.QUEUED) {
      w.hung[t] = 1;
      w.run[8] = (w.run[8] as number) + 1;
      e.emit(Kind.HUNG, t, w.waitLock[t] as number, w.run[8] as number, w.state[t] as number);
    } else {
      const cpu = w.threadCpu[t] as number;
      w.cpuResched[cpu] = 1;
      e.q.set(cpu, e.now);
    }
  }
  w.clock[6] = next;
}

/** When something happens to a waiting thread; Infinity for all others. */
function dueTime(e: Engine, t: number): Ns {
  const w = e.w;
  const { quiescent, tick } = e.machine.sched;
  const waiting = w.waiting[t] as number;
  if (waiting === Wait.QUEUED)
    return w.killable[t] === 1 || w.hung[t] === 1 ? Infinity : (w.stateSince[t] as number) + e.hungAfter;
  const cpu = w.threadCpu[t] as number;
  if (!looksAround(waiting) || waiting === Wait.PASSED || w.noPreempt[t] !== 0) return Infinity;
  if (w.cpuResched[cpu] === 1 || w.cpuAwayUntil[cpu] !== 0) return Infinity;
  const grown = (w.stateSince[t] as number) + quiescent.value;
  return (whole(grown / tick.value) + 1) * tick.value;
}
