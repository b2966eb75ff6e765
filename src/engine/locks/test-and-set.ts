import { type SpinlockModel, unlink, Wait } from './face.ts';
import { joinSpinners, letGo, takeAfterWait, takeSpinlock } from './spinning.ts';

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
        unlink(e, w.spinHead, w.spinTail, i, thread);
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
    for (let t = w.spinHead[i] as number; t !== 0; t = w.waitNext[t - 1] as number) {
      const cpu = w.threadCpu[t - 1] as number;
      e.q.set(cpu, e.now + e.lines.transfer(w.spinLineCpu[i] as number, cpu));
    }
  },
};
