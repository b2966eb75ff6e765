import { Flag, Kind, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { append, unlink, Wait } from './face.ts';

/** Parts of sleeping locks (rwsems of every generation, mutexes) that do not differ: owners, list, OSQ, wake-ups. */

export function isFree(e: Engine, i: number): boolean {
  return e.w.rwWriter[i] === 0 && e.w.rwReaders[i] === 0;
}

/** A writer owns the lock and is on its CPU. */
export function ownerRuns(e: Engine, i: number): boolean {
  const writer = (e.w.rwWriter[i] as number) - 1;
  return writer >= 0 && e.cpus.onCpu(writer);
}

export function waiters(e: Engine, i: number): number {
  return (e.w.rwQueued[i] as number) + (e.w.osqCount[i] as number);
}

/** The scheduler wants the thread's CPU. */
export function wanted(e: Engine, thread: number): boolean {
  return e.w.cpuResched[e.w.threadCpu[thread] as number] === 1;
}

/** `flags`: the thread's state, with CONTENDED where it had to wait, STEAL where it passes a list. */
export function grantRead(e: Engine, thread: number, lock: number, i: number, flags: number): void {
  const w = e.w;
  w.rwReaders[i] = (w.rwReaders[i] as number) + 1;
  e.hold(thread, lock, 0);
  e.watch.rwsemHold(thread, i, 0);
  e.emit(Kind.LOCK_GRANT, thread, lock, w.rwReaders[i] as number, flags);
}

/** A running thread takes the lock exclusively. `extra`: further flags of the record. */
export function grantWrite(
  e: Engine,
  thread: number,
  lock: number,
  i: number,
  contended: boolean,
  extra = 0,
): void {
  const w = e.w;
  // Who comes from the head of the list passes nobody; anybody else passes all who stand in it.
  const steal =
    (w.rwQueued[i] as number) > 0 && w.waiting[thread] !== Wait.WOKEN && w.waiting[thread] !== Wait.CLAIM;
  w.rwWriter[i] = thread + 1;
  if (contended) e.endWait(thread);
  const state = e.runState(thread);
  if (contended) e.setState(thread, state);
  e.hold(thread, lock, 1);
  e.watch.rwsemHold(thread, i, 1);
  e.words.writeBegins(thread, i);
  e.emit(
    Kind.LOCK_GRANT,
    thread,
    lock,
    0,
    state | Flag.WRITE | (contended ? Flag.CONTENDED : 0) | (steal ? Flag.STEAL : 0) | extra,
  );
}

/** Ownership moves to a sleeper at the wake-up: from here on it holds the lock, long before it runs. */
export function handWrite(e: Engine, waker: number, thread: number, lock: number, i: number): void {
  const w = e.w;
  const onItsWay = w.waiting[thread] === Wait.WOKEN;
  dequeue(e, thread, i);
  if (thread === waker) {
    // It is on its way to sleep, finds itself the owner and stays awake.
    e.blocked = false;
    w.waiting[thread] = Wait.WOKEN;
    grantWrite(e, thread, lock, i, true);
    return;
  }
  w.rwWriter[i] = thread + 1;
  e.endWait(thread);
  e.complete(thread, 0);
  if (!onItsWay) e.emit(Kind.WAKE, waker, lock, thread, w.state[waker] as number);
  e.hold(thread, lock, 1);
  e.watch.rwsemHold(thread, i, 1);
  e.words.writeBegins(thread, i);
  e.emit(Kind.LOCK_GRANT, thread, lock, 0, State.RUNNABLE | Flag.WRITE | Flag.CONTENDED | Flag.HANDOFF);
  if (!onItsWay) e.cpus.wakeGranted(thread, e.machine.sched.wakeCost.value);
}

/** A thread takes its place among the sleepers; `spun`: it waited in the OSQ before. */
export function enqueue(
  e: Engine,
  thread: number,
  lock: number,
  i: number,
  write: 0 | 1,
  spun: boolean,
): void {
  const w = e.w;
  append(e, w.rwHead, w.rwTail, i, thread);
  w.rwQueued[i] = (w.rwQueued[i] as number) + 1;
  w.waiting[thread] = Wait.QUEUED;
  w.queuedAt[thread] = e.now;
  const state = write === 1 ? State.WAIT_WRITE : State.WAIT_READ;
  if (spun) {
    e.setState(thread, state);
    e.blocked = true;
  } else e.beginWait(thread, lock, write, state);
  const depth = spun ? (w.rwQueued[i] as number) : waiters(e, i);
  const kind = spun ? Kind.LOCK_QUEUE : Kind.LOCK_REQUEST;
  e.emit(kind, thread, lock, depth, state | (write === 1 ? Flag.WRITE : 0));
}

export function dequeue(e: Engine, thread: number, i: number): void {
  const w = e.w;
  unlink(e, w.rwHead, w.rwTail, i, thread);
  w.rwQueued[i] = (w.rwQueued[i] as number) - 1;
  w.queuedAt[thread] = 0;
  w.hung[thread] = 0;
}

/** First in the list, or -1. */
export function first(e: Engine, i: number): number {
  return (e.w.rwHead[i] as number) - 1;
}

/** A woken thread found the lock taken: it sleeps again, in its old place. */
export function sleepAgain(e: Engine, thread: number, lock: number): void {
  const w = e.w;
  w.waiting[thread] = Wait.QUEUED;
  // To khungtaskd this is another sleep.
  w.hung[thread] = 0;
  e.setState(thread, w.waitWrite[thread] === 1 ? State.WAIT_WRITE : State.WAIT_READ);
  e.blocked = true;
  e.emitState(thread, lock);
}

/** A thread begins to spin, in OSQ order. */
export function joinOsq(e: Engine, thread: number, lock: number, i: number, write: 0 | 1): void {
  const w = e.w;
  append(e, w.osqHead, w.osqTail, i, thread);
  const spinners = (w.osqCount[i] as number) + 1;
  w.osqCount[i] = spinners;
  w.waiting[thread] = Wait.SPIN;
  e.beginWait(thread, lock, write, State.SPIN);
  e.cpus.setThreadBusy(thread, 0);
  const flags = State.SPIN | (write === 1 ? Flag.WRITE : 0);
  e.emit(Kind.LOCK_REQUEST, thread, lock, (w.rwQueued[i] as number) + spinners, flags);
}

export function leaveOsq(e: Engine, thread: number, i: number): void {
  const w = e.w;
  unlink(e, w.osqHead, w.osqTail, i, thread);
  w.osqCount[i] = (w.osqCount[i] as number) - 1;
  w.waiting[thread] = Wait.NONE;
  e.cpus.setThreadBusy(thread, 1);
}

/** The first spinner, which polls the lock, sees the change as soon as the line has come over. */
export function notifySpinner(e: Engine, i: number): void {
  const head = (e.w.osqHead[i] as number) - 1;
  if (head >= 0) notify(e, head, i);
}

/** The first of the list, if it spins on the owner, sees the change likewise. */
export function notifyFirst(e: Engine, i: number): void {
  const head = first(e, i);
  if (head >= 0 && e.w.waiting[head] === Wait.CLAIM) notify(e, head, i);
}

export function notify(e: Engine, thread: number, i: number): void {
  const cpu = e.w.threadCpu[thread] as number;
  e.q.set(cpu, e.lines.rwsemSeen(i, cpu));
}

/** First in the list and awake: it spins on the owner. Its state changes with the record that the caller writes. */
export function beginClaim(e: Engine, thread: number): void {
  const w = e.w;
  w.waiting[thread] = Wait.CLAIM;
  e.setState(thread, State.SPIN);
  e.cpus.setThreadBusy(thread, 0);
  e.blocked = true;
}

export function endClaim(e: Engine, thread: number): void {
  e.cpus.setThreadBusy(thread, 1);
}

/** Grants a queued reader, as the `nth` that the waker gets to; it holds the lock from here on. */
export function handRead(
  e: Engine,
  waker: number,
  thread: number,
  lock: number,
  i: number,
  nth: number,
): void {
  const w = e.w;
  dequeue(e, thread, i);
  e.endWait(thread);
  if (thread === waker) {
    e.blocked = false;
    e.setState(thread, e.runState(thread));
    grantRead(e, thread, lock, i, e.runState(thread) | Flag.CONTENDED);
    return;
  }
  e.complete(thread, 0);
  e.emit(Kind.WAKE, waker, lock, thread, w.state[waker] as number);
  grantRead(e, thread, lock, i, State.RUNNABLE | Flag.CONTENDED);
  e.cpus.wakeGranted(thread, e.machine.sched.wakeCost.value * nth);
}

/** Wakes the first of the list, which must still win the lock. Returns how many were woken. */
export function wakeFirst(e: Engine, waker: number, lock: number, head: number): number {
  const w = e.w;
  if (w.waiting[head] !== Wait.QUEUED) return 0;
  w.waiting[head] = Wait.WOKEN;
  e.emit(Kind.WAKE, waker, lock, head, w.state[waker] as number);
  e.cpus.wake(head, e.machine.sched.wakeCost.value, lock);
  return 1;
}

/** Second part of a release: wait_lock is taken, in the line of the lock. */
export function startWake(e: Engine, thread: number, i: number): void {
  e.again = e.lines.rwsem(i, e.w.threadCpu[thread] as number);
}

/** Third part: the releaser pays for every wake-up before it goes on. */
export function payWake(e: Engine, woken: number): void {
  if (woken > 0) e.again = e.now + woken * e.machine.sched.wakeCost.value;
}

/** A thread leaves the list without the lock: a fatal signal. It is woken, or runs, with -EINTR. */
export function giveUp(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const asleep = w.waiting[thread] === Wait.QUEUED && e.running !== thread;
  const flags = w.waitWrite[thread] === 1 ? Flag.WRITE : 0;
  dequeue(e, thread, i);
  e.endWait(thread);
  if (asleep) {
    e.complete(thread, -4);
    e.setState(thread, State.RUNNABLE);
  } else {
    e.setState(thread, e.runState(thread));
    e.interrupted = true;
  }
  e.emit(Kind.LOCK_CANCEL, thread, lock, waiters(e, i), (w.state[thread] as number) | flags);
  if (asleep) e.cpus.wakeGranted(thread, 0);
}

/** True when the thread may not go to sleep here, because a fatal signal waits for it. */
export function mustGiveUp(e: Engine, thread: number): boolean {
  return e.w.killed[thread] === 1 && e.w.killable[thread] === 1;
}
