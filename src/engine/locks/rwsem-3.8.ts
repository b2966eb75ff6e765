import type { Engine } from '../engine.ts';
import type { RwsemModel } from './face.ts';
import { releases } from './releases.ts';
import {
  enqueue,
  first,
  giveUp,
  grantRead,
  grantWrite,
  handRead,
  handWrite,
  isFree,
  mustGiveUp,
} from './sleeping.ts';

/**
 * The rwsem up to Linux 3.8 (lib/rwsem.c at 424acaaeb3a3; facts locks, section 4a): strictly first come, first served.
 * Ownership moves at the wake-up, so the lock belongs to a sleeping thread for the whole wake-up latency; nobody steals,
 * nobody spins. Readers are blocked as soon as a writer queues.
 */

/** __rwsem_do_wake: the first writer, or the run of readers at the head, owns the lock from now on. */
function wake(e: Engine, waker: number, lock: number, i: number, any: boolean): number {
  const w = e.w;
  let head = first(e, i);
  if (head < 0 || w.rwWriter[i] !== 0) return 0;
  if (w.waitWrite[head] === 1) {
    if (!any || !isFree(e, i)) return 0;
    handWrite(e, waker, head, lock, i);
    return 1;
  }
  let n = 0;
  for (; head >= 0 && w.waitWrite[head] === 0; head = first(e, i)) handRead(e, waker, head, lock, i, ++n);
  return n;
}

function queue(e: Engine, thread: number, lock: number, i: number, write: 0 | 1): void {
  const w = e.w;
  const othersWait = (w.rwQueued[i] as number) > 0;
  enqueue(e, thread, lock, i, write, false);
  if (isFree(e, i)) wake(e, thread, lock, i, true);
  // Readers before it may join those that hold the lock.
  else if (write === 1 && othersWait && w.rwWriter[i] === 0) wake(e, thread, lock, i, false);
  if (mustGiveUp(e, thread) && w.waitLock[thread] !== 0) leave(e, thread, lock, i);
}

function leave(e: Engine, thread: number, lock: number, i: number): void {
  e.blocked = false;
  giveUp(e, thread, lock, i);
  wake(e, thread, lock, i, true);
}

export const rwsem38: RwsemModel = {
  id: 'rwsem-3.8',
  readersTogether: false,

  downRead(e, thread, lock, i) {
    if (e.w.rwWriter[i] === 0 && e.w.rwQueued[i] === 0) grantRead(e, thread, lock, i, e.runState(thread));
    else queue(e, thread, lock, i, 0);
  },

  downWrite(e, thread, lock, i) {
    if (isFree(e, i) && e.w.rwQueued[i] === 0) grantWrite(e, thread, lock, i, false);
    else queue(e, thread, lock, i, 1);
  },

  tryRead(e, thread, lock, i) {
    if (e.w.rwWriter[i] !== 0 || e.w.rwQueued[i] !== 0) return 0;
    grantRead(e, thread, lock, i, e.runState(thread));
    return 1;
  },

  tryWrite(e, thread, lock, i) {
    if (!isFree(e, i) || e.w.rwQueued[i] !== 0) return 0;
    grantWrite(e, thread, lock, i, false);
    return 1;
  },

  ...releases(wake),

  cancel(e, thread, lock, i) {
    leave(e, thread, lock, i);
  },
};
