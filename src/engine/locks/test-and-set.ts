import type { Ns } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { type SpinlockModel, Wait } from './face.ts';
import { joinSpinners, leaveSpinners, letGo, takeAfterWait, takeSpinlock } from './spinning.ts';

/**
 * The waiters fetch the line one after the other, the nearest first (facts locks, 11.3: winner = nearest), and each that
 * sees the lock free then tries a locked operation, behind all fetches. Returns when the last fetch is served.
 */
function fetches(e: Engine, i: number): Ns {
  const w = e.w;
  const from = w.spinLineCpu[i] as number;
  const home = e.lines.spinHome(i);
  const busy = w.spinLineBusy[i] as number;
  let farthest = 0;
  let polling = 0;
  for (let t = w.spinHead[i] as number; t !== 0; t = w.waitNext[t - 1] as number) {
    const cpu = w.threadCpu[t - 1] as number;
    const back = w.cpuAwayUntil[cpu] as number;
    // A virtual CPU that is away looks when it is back.
    if (back !== 0 && w.sub[t - 1] === 0) e.q.set(cpu, back);
    if (!polls(e, t - 1)) continue;
    polling++;
    const took = e.lines.transfer(from, cpu, home);
    if (took > farthest) farthest = took;
  }
  // The store takes effect when the farthest copy is gone.
  let served = (busy > e.now ? busy : e.now) + farthest;
  for (let done = 0, way = 0; done < polling; ) {
    let nearest = Infinity;
    for (let t = w.spinHead[i] as number; t !== 0; t = w.waitNext[t - 1] as number) {
      const cpu = w.threadCpu[t - 1] as number;
      const took = e.lines.transfer(from, cpu, home);
      if (took > way && took < nearest && polls(e, t - 1)) nearest = took;
    }
    way = nearest;
    for (let t = w.spinHead[i] as number; t !== 0; t = w.waitNext[t - 1] as number) {
      const cpu = w.threadCpu[t - 1] as number;
      if (e.lines.transfer(from, cpu, home) !== way || !polls(e, t - 1)) continue;
      served += way;
      e.q.set(cpu, served);
      done++;
    }
  }
  return served;
}

/** Reads the line in a loop; who has a locked operation under way does not, nor who has lost its virtual CPU. */
function polls(e: Engine, thread: number): boolean {
  return e.w.sub[thread] === 0 && e.w.cpuAwayUntil[e.w.threadCpu[thread] as number] === 0;
}

/**
 * The spinlock of guests without paravirtual locks (virt_spin_lock; facts locks, section 2.2): whoever's locked
 * operation comes first has it. Unfair, and every release sends all waiters after one line; but the next owner is never
 * one that does not run.
 */
export const testAndSet: SpinlockModel = {
  id: 'test-and-set',

  lock(e, thread, lock, i) {
    const w = e.w;
    if (w.waiting[thread] === Wait.SPIN) {
      if (w.spinOwner[i] !== 0) {
        w.sub[thread] = 0;
        e.blocked = true;
      } else if (w.sub[thread] === 0) e.again = e.lines.spin(i, w.threadCpu[thread] as number);
      else {
        leaveSpinners(e, thread, i);
        takeAfterWait(e, thread, lock, i);
      }
      return;
    }
    w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
    if (w.spinOwner[i] === 0) takeSpinlock(e, thread, lock, i, e.runState(thread));
    else joinSpinners(e, thread, lock, i);
  },

  tryLock(e, thread, lock, i) {
    const w = e.w;
    if (w.spinOwner[i] !== 0) return 0;
    w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
    takeSpinlock(e, thread, lock, i, e.runState(thread));
    return 1;
  },

  unlock(e, thread, lock, i) {
    const w = e.w;
    if (!letGo(e, thread, lock, i)) return;
    if (w.spinHead[i] !== 0) w.spinLineBusy[i] = fetches(e, i);
  },
};
