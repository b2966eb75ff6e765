import { Class, Flag, Kind, MmLock, type ObjectId, objectId, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { MmWord } from '../words.ts';
import { append, unlink, Wait } from './face.ts';

/**
 * A queued rwlock (kernel/locking/qrwlock.c, 3.16 and later; facts locks, section 5 and 13): readers and writers that do
 * not get it at once stand in one queue, first come, first served; readers that follow each other go together. Every
 * request and every release is a locked operation on its line. Who waits spins, and preemption is off. There is one of
 * them in every mm.
 */

export function rwlockId(mm: number): ObjectId {
  return objectId(Class.MM_LOCK, (mm << 8) | MmLock.MM_RB_LOCK);
}

function mmOf(lock: ObjectId): number {
  return (lock & 0x0fffffff) >>> 8;
}

/** When a locked operation of `cpu` on the lock's line is done. */
export function rwlockLine(e: Engine, lock: ObjectId, cpu: number): number {
  return e.words.locked(e.words.ofMm(mmOf(lock), MmWord.MM_RB_LOCK), cpu);
}

function take(e: Engine, thread: number, lock: ObjectId, write: 0 | 1, flags: number): void {
  const w = e.w;
  const i = mmOf(lock);
  if (write === 1) w.rlWriter[i] = thread + 1;
  e.hold(thread, lock, write);
  const arg = write === 1 ? 0 : (w.rlReaders[i] as number);
  e.emit(Kind.LOCK_GRANT, thread, lock, arg, flags | (write === 1 ? Flag.WRITE : 0));
}

/** The effect of read_lock and write_lock. */
export function rwlockLock(e: Engine, thread: number, lock: ObjectId, write: 0 | 1): void {
  const w = e.w;
  const i = mmOf(lock);
  if (w.waiting[thread] === Wait.PASSED) {
    e.endWait(thread);
    const state = e.runState(thread);
    e.setState(thread, state);
    e.cpus.setThreadBusy(thread, 1);
    take(e, thread, lock, write, state | Flag.CONTENDED);
    return;
  }
  if (w.waiting[thread] === Wait.SPIN) {
    e.blocked = true;
    return;
  }
  w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
  const free = w.rlWriter[i] === 0 && w.rlHead[i] === 0;
  if (free && (write === 0 || w.rlReaders[i] === 0)) {
    if (write === 0) w.rlReaders[i] = (w.rlReaders[i] as number) + 1;
    take(e, thread, lock, write, e.runState(thread));
    return;
  }
  append(e, w.rlHead, w.rlTail, i, thread);
  w.rlQueued[i] = (w.rlQueued[i] as number) + 1;
  w.waiting[thread] = Wait.SPIN;
  e.beginWait(thread, lock, write, State.SPIN);
  if (!e.machine.zone.spinnersSlow) e.cpus.setThreadBusy(thread, 0);
  e.emit(
    Kind.LOCK_REQUEST,
    thread,
    lock,
    w.rlQueued[i] as number,
    State.SPIN | (write === 1 ? Flag.WRITE : 0),
  );
}

/** Passes the lock to the first of the queue and, where that one reads, to the readers behind it. */
function pass(e: Engine, lock: ObjectId): void {
  const w = e.w;
  const i = mmOf(lock);
  for (;;) {
    const next = (w.rlHead[i] as number) - 1;
    if (next < 0 || w.rlWriter[i] !== 0) return;
    const write = w.waitWrite[next] === 1;
    if (write && w.rlReaders[i] !== 0) return;
    unlink(e, w.rlHead, w.rlTail, i, next);
    w.rlQueued[i] = (w.rlQueued[i] as number) - 1;
    // It is the next one's from here on, though that one does not know it yet: no newcomer can take it.
    if (write) w.rlWriter[i] = next + 1;
    else w.rlReaders[i] = (w.rlReaders[i] as number) + 1;
    w.waiting[next] = Wait.PASSED;
    const cpu = w.threadCpu[next] as number;
    e.q.set(cpu, rwlockLine(e, lock, cpu));
    if (write) return;
  }
}

/** The effect of read_unlock and write_unlock. */
export function rwlockUnlock(e: Engine, thread: number, lock: ObjectId, write: 0 | 1): void {
  const w = e.w;
  const i = mmOf(lock);
  if (!e.unhold(thread, lock, write)) return;
  w.noPreempt[thread] = (w.noPreempt[thread] as number) - 1;
  if (write === 1) w.rlWriter[i] = 0;
  else w.rlReaders[i] = (w.rlReaders[i] as number) - 1;
  const left = write === 1 ? 0 : (w.rlReaders[i] as number);
  e.emit(Kind.LOCK_RELEASE, thread, lock, left, (w.state[thread] as number) | (write === 1 ? Flag.WRITE : 0));
  pass(e, lock);
}
