import type { Engine } from '../engine.ts';
import { Wait } from './face.ts';
import {
  dequeue,
  enqueue,
  first,
  giveUp,
  grantRead,
  grantWrite,
  handRead,
  isFree,
  mustGiveUp,
  notifySpinner,
  sleepAgain,
  wakeFirst,
} from './sleeping.ts';

/**
 * What the rwsems from 3.9 to 5.2 share (facts locks, section 4b): a writer at the head of the list is only woken and
 * must still win the lock, and whoever runs may be faster; the run of readers at the head is granted at the wake-up.
 */

/** __rwsem_do_wake. Returns how many were woken. */
export function wakeHead(e: Engine, waker: number, lock: number, i: number, any: boolean): number {
  const w = e.w;
  let head = first(e, i);
  if (head < 0) return 0;
  if (w.waitWrite[head] === 1) return any ? wakeFirst(e, waker, lock, head) : 0;
  // A writer that stole the lock meanwhile keeps the readers out.
  if (w.rwWriter[i] !== 0) return 0;
  let n = 0;
  for (; head >= 0 && w.waitWrite[head] === 0; head = first(e, i)) handRead(e, waker, head, lock, i, ++n);
  notifySpinner(e, i);
  return n;
}

/** Leaves the list after a fatal signal; those behind may be due now. */
export function leaveList(e: Engine, thread: number, lock: number, i: number): void {
  e.blocked = false;
  giveUp(e, thread, lock, i);
  if (e.w.rwWriter[i] === 0) wakeHead(e, thread, lock, i, isFree(e, i));
}

/** A reader takes the lock, unless somebody writes or queues. */
export function downRead(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  if (w.rwWriter[i] === 0 && w.rwQueued[i] === 0) {
    grantRead(e, thread, lock, i, e.runState(thread));
    return;
  }
  enqueue(e, thread, lock, i, 0, false);
  if (isFree(e, i)) wakeHead(e, thread, lock, i, true);
  if (mustGiveUp(e, thread) && w.waitLock[thread] !== 0) leaveList(e, thread, lock, i);
}

/** A writer goes to sleep in the list; under wait_lock it tries once more first. */
export function queueWriter(e: Engine, thread: number, lock: number, i: number, spun: boolean): void {
  const w = e.w;
  if (isFree(e, i)) {
    grantWrite(e, thread, lock, i, spun);
    return;
  }
  const othersWait = (w.rwQueued[i] as number) > 0;
  enqueue(e, thread, lock, i, 1, spun);
  // Readers queued before it may share a lock that readers hold.
  if (othersWait && w.rwWriter[i] === 0) wakeHead(e, thread, lock, i, false);
  if (mustGiveUp(e, thread)) leaveList(e, thread, lock, i);
}

/** The woken head of the list tries its luck. */
export function tryWoken(e: Engine, thread: number, lock: number, i: number): void {
  if (isFree(e, i)) {
    dequeue(e, thread, i);
    grantWrite(e, thread, lock, i, true);
  } else if (mustGiveUp(e, thread)) leaveList(e, thread, lock, i);
  else sleepAgain(e, thread, lock);
}

export function tryRead(e: Engine, thread: number, lock: number, i: number): 0 | 1 {
  if (e.w.rwWriter[i] !== 0 || e.w.rwQueued[i] !== 0) return 0;
  grantRead(e, thread, lock, i, e.runState(thread));
  return 1;
}

export function tryWrite(e: Engine, thread: number, lock: number, i: number): 0 | 1 {
  if (!isFree(e, i) || e.w.rwQueued[i] !== 0) return 0;
  grantWrite(e, thread, lock, i, false);
  return 1;
}

/** True for a thread that was woken as the head of the list. */
export function wasWoken(e: Engine, thread: number): boolean {
  return e.w.waiting[thread] === Wait.WOKEN;
}
