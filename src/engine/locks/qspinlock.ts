import { Flag, Kind, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { append, type SpinlockModel, unlink, Wait } from './face.ts';

/**
 * qspinlock (commit a33fda35e3a7, default since 4.2; facts locks, section 2): first come, first served; a waiter spins
 * on its own line, so a release costs one transfer of the lock's line to the next, however many wait. Nobody passes a
 * queue. Preemption is off from the request on.
 */

function take(e: Engine, thread: number, lock: number, i: number, flags: number): void {
  e.w.spinOwner[i] = thread + 1;
  e.hold(thread, lock, 1);
  e.emit(Kind.LOCK_GRANT, thread, lock, 0, flags | Flag.WRITE);
}

export const qspinlock: SpinlockModel = {
  id: 'qspinlock',

  lock(e, thread, lock, i) {
    const w = e.w;
    if (w.waiting[thread] === Wait.PASSED) {
      e.endWait(thread);
      const state = e.runState(thread);
      e.setState(thread, state);
      e.cpus.setBusy(w.threadCpu[thread] as number, 1);
      take(e, thread, lock, i, state | Flag.CONTENDED);
      return;
    }
    if (w.waiting[thread] === Wait.SPIN) {
      e.blocked = true;
      return;
    }
    w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
    if (w.spinOwner[i] === 0 && w.spinHead[i] === 0) {
      take(e, thread, lock, i, e.runState(thread));
      return;
    }
    append(e, w.spinHead, w.spinTail, i, thread);
    w.waiting[thread] = Wait.SPIN;
    e.beginWait(thread, lock, 1, State.SPIN);
    e.cpus.setBusy(w.threadCpu[thread] as number, 0);
    let depth = 0;
    for (let t = w.spinHead[i] as number; t !== 0; t = w.waitNext[t - 1] as number) depth++;
    e.emit(Kind.LOCK_REQUEST, thread, lock, depth, State.SPIN | Flag.WRITE);
  },

  tryLock(e, thread, lock, i) {
    const w = e.w;
    if (w.spinOwner[i] !== 0 || w.spinHead[i] !== 0) return 0;
    w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
    take(e, thread, lock, i, e.runState(thread));
    return 1;
  },

  unlock(e, thread, lock, i) {
    const w = e.w;
    if (!e.unhold(thread, lock, 1)) return;
    w.noPreempt[thread] = (w.noPreempt[thread] as number) - 1;
    w.spinOwner[i] = 0;
    e.emit(Kind.LOCK_RELEASE, thread, lock, 0, (w.state[thread] as number) | Flag.WRITE);
    // The store takes the line away from the CPU that polls it; the releaser does not wait for that.
    w.spinLineCpu[i] = (w.threadCpu[thread] as number) + 1;
    const next = (w.spinHead[i] as number) - 1;
    if (next < 0) return;
    unlink(e, w.spinHead, w.spinTail, i, next);
    // The lock is the next one's from here on: with a tail in the word no newcomer can take it.
    w.spinOwner[i] = next + 1;
    w.waiting[next] = Wait.PASSED;
    const cpu = w.threadCpu[next] as number;
    e.q.set(cpu, e.lines.spin(i, cpu));
  },
};
