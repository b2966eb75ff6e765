import { Flag, Kind, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { append, type RwsemModel, unlink, Wait } from './face.ts';

/**
 * The rwsem of Linux 4.8 to 5.2 (commit 4fc828e24cd9 with its follow-ups; facts locks, sections 4b and 4c):
 * - readers and downgrade_write mark the lock reader-owned; ownership of readers moves at wake-up, and only the run of
 *   readers at the head of the list is granted;
 * - a writer spins (in OSQ order) only while a running writer owns the lock, and goes on when ownership passes to
 *   another running writer; it blocks nobody while it merely spins;
 * - a queued writer blocks new readers; when woken it must still win the lock, and whoever runs may be faster.
 */

function isFree(e: Engine, i: number): boolean {
  return e.w.rwWriter[i] === 0 && e.w.rwReaders[i] === 0;
}

function writerRuns(e: Engine, i: number): boolean {
  const writer = (e.w.rwWriter[i] as number) - 1;
  return writer >= 0 && e.cpus.onCpu(writer);
}

function waiters(e: Engine, i: number): number {
  return (e.w.rwQueued[i] as number) + (e.w.osqCount[i] as number);
}

function grantRead(e: Engine, thread: number, lock: number, i: number, flags: number): void {
  const w = e.w;
  w.rwReaders[i] = (w.rwReaders[i] as number) + 1;
  e.hold(thread, lock, 0);
  e.watch.rwsemHold(thread, i, 0);
  e.emit(Kind.LOCK_GRANT, thread, lock, w.rwReaders[i] as number, flags);
}

function grantWrite(e: Engine, thread: number, lock: number, i: number, contended: boolean): void {
  const w = e.w;
  // Who comes from the head of the list passes nobody; anybody else passes all who stand in it.
  const steal = w.waiting[thread] !== Wait.WOKEN && (w.rwQueued[i] as number) > 0;
  w.rwWriter[i] = thread + 1;
  if (contended) e.endWait(thread);
  const state = e.runState(thread);
  if (contended) e.setState(thread, state);
  e.hold(thread, lock, 1);
  e.watch.rwsemHold(thread, i, 1);
  e.emit(
    Kind.LOCK_GRANT,
    thread,
    lock,
    0,
    state | Flag.WRITE | (contended ? Flag.CONTENDED : 0) | (steal ? Flag.STEAL : 0),
  );
}

/** The first spinner, which polls the lock, sees the change as soon as the line has come over. */
function notifySpinner(e: Engine, i: number): void {
  const head = (e.w.osqHead[i] as number) - 1;
  if (head < 0) return;
  const cpu = e.w.threadCpu[head] as number;
  e.q.set(cpu, e.lines.rwsemSeen(i, cpu));
}

/**
 * A spinner was told that something changed. Seeing the lock free is a read; taking it is a locked operation after that,
 * and whoever has the line at home (the releaser, say, who wants it back) may be faster.
 */
function spin(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const cpu = w.threadCpu[thread] as number;
  const first = w.osqHead[i] === thread + 1;
  if (first && isFree(e, i)) {
    if (w.sub[thread] === 0) e.again = e.lines.rwsem(i, cpu);
    else {
      leaveOsq(e, thread, i);
      grantWrite(e, thread, lock, i, true);
    }
    return;
  }
  w.sub[thread] = 0;
  if (w.cpuResched[cpu] === 1 || (first && !writerRuns(e, i))) giveUpSpinning(e, thread, lock, i);
  else e.blocked = true;
}

function leaveOsq(e: Engine, thread: number, i: number): void {
  const w = e.w;
  unlink(e, w.osqHead, w.osqTail, i, thread);
  w.osqCount[i] = (w.osqCount[i] as number) - 1;
  w.waiting[thread] = Wait.NONE;
  e.cpus.setBusy(w.threadCpu[thread] as number, 1);
}

/** Stops spinning and queues; whoever is first in the OSQ then looks at the lock himself. */
function giveUpSpinning(e: Engine, thread: number, lock: number, i: number): void {
  const wasHead = e.w.osqHead[i] === thread + 1;
  leaveOsq(e, thread, i);
  if (wasHead) notifySpinner(e, i);
  queueWriter(e, thread, lock, i, true);
}

/** A writer goes to sleep in the list; under wait_lock it tries once more first. */
function queueWriter(e: Engine, thread: number, lock: number, i: number, spun: boolean): void {
  const w = e.w;
  if (isFree(e, i)) {
    grantWrite(e, thread, lock, i, spun);
    return;
  }
  const othersWait = (w.rwQueued[i] as number) > 0;
  append(e, w.rwHead, w.rwTail, i, thread);
  w.rwQueued[i] = (w.rwQueued[i] as number) + 1;
  w.waiting[thread] = Wait.QUEUED;
  if (spun) {
    e.setState(thread, State.WAIT_WRITE);
    e.blocked = true;
  } else e.beginWait(thread, lock, 1, State.WAIT_WRITE);
  const depth = spun ? (w.rwQueued[i] as number) : waiters(e, i);
  e.emit(spun ? Kind.LOCK_QUEUE : Kind.LOCK_REQUEST, thread, lock, depth, State.WAIT_WRITE | Flag.WRITE);
  // Readers queued before it may share a lock that readers hold.
  if (othersWait && w.rwWriter[i] === 0) wakeHead(e, thread, lock, i, false);
}

/** __rwsem_do_wake: the head writer is only woken; the head run of readers is granted. Returns how many were woken. */
function wakeHead(e: Engine, waker: number, lock: number, i: number, wakeWriter: boolean): number {
  const w = e.w;
  let head = (w.rwHead[i] as number) - 1;
  if (head < 0) return 0;
  const cost = e.machine.sched.wakeCost.value;
  if (w.waitWrite[head] === 1) {
    if (!wakeWriter || w.waiting[head] === Wait.WOKEN) return 0;
    w.waiting[head] = Wait.WOKEN;
    e.emit(Kind.WAKE, waker, lock, head, w.state[waker] as number);
    e.cpus.wake(head, cost, lock);
    return 1;
  }
  // A writer that stole the lock meanwhile keeps the readers out.
  if (w.rwWriter[i] !== 0) return 0;
  let n = 0;
  while (head >= 0 && w.waitWrite[head] === 0) {
    unlink(e, w.rwHead, w.rwTail, i, head);
    w.rwQueued[i] = (w.rwQueued[i] as number) - 1;
    n++;
    e.endWait(head);
    e.complete(head, 0);
    e.emit(Kind.WAKE, waker, lock, head, w.state[waker] as number);
    grantRead(e, head, lock, i, State.RUNNABLE | Flag.CONTENDED);
    e.cpus.wakeGranted(head, cost * n);
    head = (w.rwHead[i] as number) - 1;
  }
  notifySpinner(e, i);
  return n;
}

/** Second and third part of a release: take wait_lock and wake, then pay for every wake-up. */
function wakeAfter(e: Engine, thread: number, lock: number, i: number, wakeWriter: boolean): void {
  const w = e.w;
  if (w.sub[thread] === 1) {
    const woken = wakeHead(e, thread, lock, i, wakeWriter);
    if (woken > 0) e.again = e.now + woken * e.machine.sched.wakeCost.value;
  }
}

function startWake(e: Engine, thread: number, i: number): void {
  e.again = e.lines.rwsem(i, e.w.threadCpu[thread] as number);
}

export const rwsem316: RwsemModel = {
  id: 'rwsem-3.16',

  downRead(e, thread, lock, i) {
    const w = e.w;
    if (w.rwWriter[i] === 0 && w.rwQueued[i] === 0) {
      grantRead(e, thread, lock, i, e.runState(thread));
      return;
    }
    append(e, w.rwHead, w.rwTail, i, thread);
    w.rwQueued[i] = (w.rwQueued[i] as number) + 1;
    w.waiting[thread] = Wait.QUEUED;
    e.beginWait(thread, lock, 0, State.WAIT_READ);
    e.emit(Kind.LOCK_REQUEST, thread, lock, waiters(e, i), State.WAIT_READ);
    if (isFree(e, i)) wakeHead(e, thread, lock, i, true);
  },

  downWrite(e, thread, lock, i) {
    const w = e.w;
    switch (w.waiting[thread]) {
      case Wait.SPIN:
        spin(e, thread, lock, i);
        return;
      case Wait.WOKEN:
        if (isFree(e, i)) {
          unlink(e, w.rwHead, w.rwTail, i, thread);
          w.rwQueued[i] = (w.rwQueued[i] as number) - 1;
          grantWrite(e, thread, lock, i, true);
        } else {
          w.waiting[thread] = Wait.QUEUED;
          e.setState(thread, State.WAIT_WRITE);
          e.blocked = true;
          e.emitState(thread, lock);
        }
        return;
      default:
        if (isFree(e, i)) grantWrite(e, thread, lock, i, false);
        else if (writerRuns(e, i) && w.cpuResched[w.threadCpu[thread] as number] === 0) {
          append(e, w.osqHead, w.osqTail, i, thread);
          w.osqCount[i] = (w.osqCount[i] as number) + 1;
          w.waiting[thread] = Wait.SPIN;
          e.beginWait(thread, lock, 1, State.SPIN);
          e.cpus.setBusy(w.threadCpu[thread] as number, 0);
          e.emit(Kind.LOCK_REQUEST, thread, lock, waiters(e, i), State.SPIN | Flag.WRITE);
        } else queueWriter(e, thread, lock, i, false);
    }
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

  upRead(e, thread, lock, i) {
    const w = e.w;
    if ((w.sub[thread] as number) > 0) {
      wakeAfter(e, thread, lock, i, true);
      return;
    }
    if (!e.unhold(thread, lock, 0)) return;
    e.watch.rwsemRelease(i, 0);
    w.rwReaders[i] = (w.rwReaders[i] as number) - 1;
    e.emit(Kind.LOCK_RELEASE, thread, lock, w.rwReaders[i] as number, w.state[thread] as number);
    if (w.rwReaders[i] === 0 && w.rwQueued[i] !== 0) startWake(e, thread, i);
  },

  upWrite(e, thread, lock, i) {
    const w = e.w;
    if ((w.sub[thread] as number) > 0) {
      wakeAfter(e, thread, lock, i, true);
      return;
    }
    if (!e.unhold(thread, lock, 1)) return;
    e.watch.rwsemRelease(i, 1);
    w.rwWriter[i] = 0;
    e.emit(Kind.LOCK_RELEASE, thread, lock, 0, (w.state[thread] as number) | Flag.WRITE);
    notifySpinner(e, i);
    if (w.rwQueued[i] !== 0) startWake(e, thread, i);
  },

  downgrade(e, thread, lock, i) {
    const w = e.w;
    if ((w.sub[thread] as number) > 0) {
      wakeAfter(e, thread, lock, i, false);
      return;
    }
    if (!e.unhold(thread, lock, 1)) return;
    e.watch.rwsemRelease(i, 1);
    w.rwWriter[i] = 0;
    w.rwReaders[i] = 1;
    e.hold(thread, lock, 0);
    e.watch.rwsemHold(thread, i, 0);
    e.emit(Kind.LOCK_DOWNGRADE, thread, lock, 1, w.state[thread] as number);
    notifySpinner(e, i);
    if (w.rwQueued[i] !== 0) startWake(e, thread, i);
  },

  ownerOffCpu(e, i) {
    notifySpinner(e, i);
  },

  spinnerResched(e, thread) {
    e.q.set(e.w.threadCpu[thread] as number, e.now);
  },
};
