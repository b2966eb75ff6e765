import { Flag, Kind, type Ns, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { append, type SpinlockModel, unlink, Wait } from './face.ts';

/** Parts of spinlocks that do not differ. Preemption is off from the request on. */

export function takeSpinlock(e: Engine, thread: number, lock: number, i: number, flags: number): void {
  e.w.spinOwner[i] = thread + 1;
  e.hold(thread, lock, 1);
  e.emit(Kind.LOCK_GRANT, thread, lock, 0, flags | Flag.WRITE);
}

/** A waiter ends its wait and owns the lock. */
export function takeAfterWait(e: Engine, thread: number, lock: number, i: number): void {
  e.endWait(thread);
  const state = e.runState(thread);
  e.setState(thread, state);
  e.cpus.setThreadBusy(thread, 1);
  takeSpinlock(e, thread, lock, i, state | Flag.CONTENDED);
}

export function joinSpinners(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  append(e, w.spinHead, w.spinTail, i, thread);
  w.spinCount[i] = (w.spinCount[i] as number) + 1;
  w.waiting[thread] = Wait.SPIN;
  e.beginWait(thread, lock, 1, State.SPIN);
  if (!e.machine.zone.spinnersSlow) e.cpus.setThreadBusy(thread, 0);
  e.emit(Kind.LOCK_REQUEST, thread, lock, spinners(e, i), State.SPIN | Flag.WRITE);
}

/** How many spin for the lock. */
export function spinners(e: Engine, i: number): number {
  return e.w.spinCount[i] as number;
}

/** One of them leaves its queue. */
export function leaveSpinners(e: Engine, thread: number, i: number): void {
  const w = e.w;
  unlink(e, w.spinHead, w.spinTail, i, thread);
  w.spinCount[i] = (w.spinCount[i] as number) - 1;
}

/** The owner's part of a release: a store to the lock's line. False (and the run ends) when it does not hold the lock. */
export function letGo(e: Engine, thread: number, lock: number, i: number): boolean {
  const w = e.w;
  if (!e.unhold(thread, lock, 1)) return false;
  w.noPreempt[thread] = (w.noPreempt[thread] as number) - 1;
  w.spinOwner[i] = 0;
  e.emit(Kind.LOCK_RELEASE, thread, lock, 0, (w.state[thread] as number) | Flag.WRITE);
  // The store takes the line away from the CPUs that poll it; the releaser does not wait for that.
  w.spinLineCpu[i] = (w.threadCpu[thread] as number) + 1;
  return true;
}

/**
 * A spinlock that is first come, first served. `seen`: when the next owner, first of the queue, knows that the lock is
 * its own; the kinds differ in nothing else.
 */
export function fifoSpinlock(id: string, seen: (e: Engine, i: number, next: number) => Ns): SpinlockModel {
  return {
    id,

    lock(e, thread, lock, i) {
      const w = e.w;
      if (w.waiting[thread] === Wait.PASSED) {
        takeAfterWait(e, thread, lock, i);
        return;
      }
      if (w.waiting[thread] === Wait.SPIN) {
        e.blocked = true;
        return;
      }
      w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
      if (w.spinOwner[i] === 0 && w.spinHead[i] === 0) takeSpinlock(e, thread, lock, i, e.runState(thread));
      else joinSpinners(e, thread, lock, i);
    },

    tryLock(e, thread, lock, i) {
      const w = e.w;
      if (w.spinOwner[i] !== 0 || w.spinHead[i] !== 0) return 0;
      w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
      takeSpinlock(e, thread, lock, i, e.runState(thread));
      return 1;
    },

    unlock(e, thread, lock, i) {
      const w = e.w;
      if (!letGo(e, thread, lock, i)) return;
      const next = (w.spinHead[i] as number) - 1;
      if (next < 0) return;
      const at = seen(e, i, next);
      leaveSpinners(e, next, i);
      // The lock is the next one's from here on: no newcomer can take it.
      w.spinOwner[i] = next + 1;
      w.waiting[next] = Wait.PASSED;
      e.q.set(w.threadCpu[next] as number, at);
    },
  };
}
