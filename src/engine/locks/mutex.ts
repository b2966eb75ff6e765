import { Flag, Kind } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { type MutexModel, Wait } from './face.ts';
import {
  beginClaim,
  dequeue,
  endClaim,
  enqueue,
  first,
  giveUp,
  grantWrite,
  handWrite,
  joinOsq,
  leaveOsq,
  mustGiveUp,
  notify,
  notifySpinner,
  ownerRuns,
  payWake,
  sleepAgain,
  startWake,
  wakeFirst,
  wanted,
} from './sleeping.ts';

/**
 * The mutex since Linux 4.10 (kernel/locking/mutex.c, osq_lock.c; facts locks, section 3): who runs may take a free
 * mutex past all who sleep for it, and spins while the owner runs, in OSQ order. A first waiter that was woken and finds
 * it taken again demands it and spins beside the OSQ; the next unlock hands it over.
 */

function isFree(e: Engine, i: number): boolean {
  return e.w.rwWriter[i] === 0;
}

function spin(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const isFirst = w.osqHead[i] === thread + 1;
  if (isFirst && isFree(e, i)) {
    if (w.sub[thread] === 0) e.again = e.lines.rwsem(i, w.threadCpu[thread] as number);
    else {
      leaveOsq(e, thread, i);
      grantWrite(e, thread, lock, i, true);
    }
    return;
  }
  w.sub[thread] = 0;
  if (wanted(e, thread) || (isFirst && !ownerRuns(e, i))) {
    leaveOsq(e, thread, i);
    if (isFirst) notifySpinner(e, i);
    queue(e, thread, lock, i, true);
  } else e.blocked = true;
}

/** Under wait_lock it tries once more, then sleeps in the list. */
function queue(e: Engine, thread: number, lock: number, i: number, spun: boolean): void {
  if (isFree(e, i)) {
    grantWrite(e, thread, lock, i, spun);
    return;
  }
  enqueue(e, thread, lock, i, 1, spun);
  if (mustGiveUp(e, thread)) leave(e, thread, lock, i);
}

function leave(e: Engine, thread: number, lock: number, i: number): void {
  if (first(e, i) === thread) e.w.rwDemand[i] = 0;
  e.blocked = false;
  giveUp(e, thread, lock, i);
  const head = first(e, i);
  if (head >= 0 && isFree(e, i)) wakeFirst(e, thread, lock, head);
}

function takeFromList(e: Engine, thread: number, lock: number, i: number): void {
  e.w.rwDemand[i] = 0;
  dequeue(e, thread, i);
  grantWrite(e, thread, lock, i, true);
}

/** The first waiter was woken: it takes the mutex, or demands it and spins on the owner. */
function tryWoken(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  if (isFree(e, i)) takeFromList(e, thread, lock, i);
  else if (mustGiveUp(e, thread)) leave(e, thread, lock, i);
  else {
    const fresh = w.rwDemand[i] === 0;
    w.rwDemand[i] = 1;
    if (ownerRuns(e, i) && !wanted(e, thread)) {
      beginClaim(e, thread);
      if (!fresh) e.emitState(thread, lock);
    } else sleepAgain(e, thread, lock);
    if (fresh)
      e.emit(
        Kind.LOCK_DEMAND,
        thread,
        lock,
        w.rwQueued[i] as number,
        (w.state[thread] as number) | Flag.WRITE,
      );
  }
}

function spinAsFirst(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  if (isFree(e, i)) {
    if (w.sub[thread] === 0) e.again = e.lines.rwsem(i, w.threadCpu[thread] as number);
    else {
      endClaim(e, thread);
      takeFromList(e, thread, lock, i);
    }
    return;
  }
  w.sub[thread] = 0;
  if (ownerRuns(e, i) && !wanted(e, thread)) {
    e.blocked = true;
    return;
  }
  endClaim(e, thread);
  sleepAgain(e, thread, lock);
}

/** The unlock after a demand: the mutex is the first waiter's from here on, and nobody else may pick it up. */
function handOver(e: Engine, thread: number, lock: number, i: number, head: number): number {
  const w = e.w;
  w.rwDemand[i] = 0;
  if (w.waiting[head] === Wait.CLAIM) {
    dequeue(e, head, i);
    w.rwWriter[i] = head + 1;
    w.waiting[head] = Wait.PASSED;
    notify(e, head, i);
    return 0;
  }
  const asleep = w.waiting[head] === Wait.QUEUED;
  handWrite(e, thread, head, lock, i);
  // Spinners see an owner that does not run.
  notifySpinner(e, i);
  return asleep ? 1 : 0;
}

/** It was handed over while it spun. */
function arrive(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  endClaim(e, thread);
  e.endWait(thread);
  const state = e.runState(thread);
  e.setState(thread, state);
  e.hold(thread, lock, 1);
  e.watch.rwsemHold(thread, i, 1);
  w.rwWriter[i] = thread + 1;
  e.emit(Kind.LOCK_GRANT, thread, lock, 0, state | Flag.WRITE | Flag.CONTENDED | Flag.HANDOFF);
}

export const mutex: MutexModel = {
  id: 'mutex-osq',
  readersTogether: false,

  lock(e, thread, lock, i) {
    switch (e.w.waiting[thread]) {
      case Wait.SPIN:
        spin(e, thread, lock, i);
        return;
      case Wait.CLAIM:
        spinAsFirst(e, thread, lock, i);
        return;
      case Wait.PASSED:
        arrive(e, thread, lock, i);
        return;
      case Wait.WOKEN:
        tryWoken(e, thread, lock, i);
        return;
      default:
        if (isFree(e, i)) grantWrite(e, thread, lock, i, false);
        else if (ownerRuns(e, i) && !wanted(e, thread)) joinOsq(e, thread, lock, i, 1);
        else queue(e, thread, lock, i, false);
    }
  },

  tryLock(e, thread, lock, i) {
    if (!isFree(e, i)) return 0;
    grantWrite(e, thread, lock, i, false);
    return 1;
  },

  unlock(e, thread, lock, i) {
    const w = e.w;
    const part = w.sub[thread] as number;
    if (part > 0) {
      // Ownership was given up before wait_lock was taken, unless it was handed over: whoever came first has it.
      const head = first(e, i);
      if (part === 1 && head >= 0) payWake(e, wakeFirst(e, thread, lock, head));
      return;
    }
    if (!e.unhold(thread, lock, 1)) return;
    e.watch.rwsemRelease(i, 1);
    w.rwWriter[i] = 0;
    e.emit(Kind.LOCK_RELEASE, thread, lock, 0, (w.state[thread] as number) | Flag.WRITE);
    const head = first(e, i);
    if (w.rwDemand[i] === 1 && head >= 0) {
      const woken = handOver(e, thread, lock, i, head);
      if (woken === 0) return;
      w.sub[thread] = 1;
      payWake(e, woken);
      return;
    }
    notifySpinner(e, i);
    if (head >= 0) startWake(e, thread, i);
  },

  cancel: leave,
};
