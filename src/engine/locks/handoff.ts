import { Flag, Kind, type Ns } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { type RwsemModel, Wait } from './face.ts';
import { releases } from './releases.ts';
import {
  beginClaim,
  dequeue,
  endClaim,
  enqueue,
  first,
  giveUp,
  grantRead,
  grantWrite,
  handRead,
  isFree,
  joinOsq,
  leaveOsq,
  mustGiveUp,
  notifySpinner,
  ownerRuns,
  payWake,
  sleepAgain,
  startWake,
  wakeFirst,
  wanted,
} from './sleeping.ts';

/**
 * The rwsem that Waiman Long rewrote in 2019, in Linux 5.3 and after (facts locks, sections 4d and 4e):
 * - a first waiter that was woken, found the lock taken again and has waited for more than 4 ms demands it: nobody else
 *   may take it then, and the waiter spins on the owner instead of sleeping;
 * - once a reader is first in the list, all queued readers go with it, 256 at most; writers keep their order;
 * - writers spin on a running writer without bound, and on readers for 10 to 25 us; who runs out of that time marks the
 *   lock so that nobody spins on it until its readers have left.
 * The generations differ in what readers may do past the list.
 */

/** RWSEM_WAIT_TIMEOUT: HZ/250 jiffies (facts locks, 4d). */
const TIMEOUT: Ns = 4_000_000;
/** MAX_READERS_WAKEUP (facts locks, 4d). */
const MAX_READERS_WAKEUP = 256;
/** rwsem_rspin_threshold: (20 + readers) / 2 us, readers capped (facts locks, 4d). */
const SPIN_ON_READERS: Ns = 10_000;
const SPIN_PER_READER: Ns = 500;
const READERS_COUNTED = 30;

/** Bits of World.rwNonspin: who must not spin on the lock. */
export const NonSpin = { WRITERS: 1, READERS: 2 } as const;

/** Whom a wake-up may reach. */
export const WakeType = {
  /** The lock is free: the first writer, or the readers. */
  ANY: 0,
  /** Readers only, and they must still find out whether a writer stole the lock. */
  READERS: 1,
  /** The waker holds the lock for reading. */
  READ_OWNED: 2,
} as const;
type WakeType = (typeof WakeType)[keyof typeof WakeType];

/** True when who runs may take the lock exclusively past the list. */
function open(e: Engine, i: number): boolean {
  return isFree(e, i) && e.w.rwDemand[i] === 0;
}

/** True when who runs may share the lock past the list. */
export function openToReaders(e: Engine, i: number): boolean {
  return e.w.rwWriter[i] === 0 && e.w.rwDemand[i] === 0;
}

/** rwsem_can_spin_on_owner. */
export function canSpin(e: Engine, thread: number, i: number, bit: number): boolean {
  const w = e.w;
  if (wanted(e, thread) || ((w.rwNonspin[i] as number) & bit) !== 0) return false;
  return w.rwWriter[i] === 0 || ownerRuns(e, i);
}

function demand(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  w.rwDemand[i] = 1;
  const flags = (w.state[thread] as number) | (w.waitWrite[thread] === 1 ? Flag.WRITE : 0);
  e.emit(Kind.LOCK_DEMAND, thread, lock, w.rwQueued[i] as number, flags);
}

/** rwsem_mark_wake. Returns how many were woken. */
export function wakeList(e: Engine, waker: number, lock: number, i: number, type: WakeType): number {
  const w = e.w;
  const head = first(e, i);
  if (head < 0) return 0;
  if (w.waitWrite[head] === 1) return type === WakeType.ANY ? wakeFirst(e, waker, lock, head) : 0;
  if (w.rwWriter[i] !== 0) {
    // A writer stole the lock from readers that were due; after 4 ms they have had enough.
    if (w.rwDemand[i] === 0 && e.now - (w.queuedAt[head] as number) > TIMEOUT) demand(e, head, lock, i);
    return 0;
  }
  let n = 0;
  for (let at = w.rwHead[i] as number; at !== 0 && n < MAX_READERS_WAKEUP; ) {
    const next = w.waitNext[at - 1] as number;
    if (w.waitWrite[at - 1] === 0) handRead(e, waker, at - 1, lock, i, ++n);
    at = next;
  }
  // Readers that were let in no longer have to force anybody.
  w.rwDemand[i] = 0;
  notifySpinner(e, i);
  return n;
}

/** A running writer becomes the owner; marks against spinning go with the owner before. */
function own(e: Engine, thread: number, lock: number, i: number, contended: boolean, extra: number): void {
  const w = e.w;
  w.rwNonspin[i] = w.sawNonspin[thread] === 1 ? NonSpin.READERS : 0;
  w.sawNonspin[thread] = 0;
  // Who spins on readers starts his time anew when the owner changes.
  const spinner = (w.osqHead[i] as number) - 1;
  if (spinner >= 0) w.spinUntil[spinner] = 0;
  grantWrite(e, thread, lock, i, contended, extra);
}

function ownFromList(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const demanded = w.rwDemand[i] === 1 && first(e, i) === thread;
  if (demanded) w.rwDemand[i] = 0;
  dequeue(e, thread, i);
  own(e, thread, lock, i, true, demanded ? Flag.HANDOFF : 0);
}

/** Leaves the list after a fatal signal; those behind may be due now. */
function leaveList(e: Engine, thread: number, lock: number, i: number): void {
  if (first(e, i) === thread) e.w.rwDemand[i] = 0;
  e.blocked = false;
  giveUp(e, thread, lock, i);
  wakeList(e, thread, lock, i, isFree(e, i) ? WakeType.ANY : WakeType.READERS);
}

function stopSpinning(e: Engine, thread: number, lock: number, i: number, write: 0 | 1): void {
  const wasFirst = e.w.osqHead[i] === thread + 1;
  leaveOsq(e, thread, i);
  e.w.spinUntil[thread] = 0;
  if (wasFirst) notifySpinner(e, i);
  if (write === 1) queueWriter(e, thread, lock, i, true);
  else queueReader(e, thread, lock, i, true, false);
}

/** The writer's round of rwsem_optimistic_spin, made whenever something may have changed. */
function spinToWrite(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const cpu = w.threadCpu[thread] as number;
  const isFirst = w.osqHead[i] === thread + 1;
  if (isFirst && open(e, i)) {
    if (w.sub[thread] === 0) e.again = e.lines.rwsem(i, cpu);
    else {
      leaveOsq(e, thread, i);
      w.spinUntil[thread] = 0;
      own(e, thread, lock, i, true, 0);
    }
    return;
  }
  w.sub[thread] = 0;
  let stop = wanted(e, thread);
  if (isFirst && w.rwWriter[i] !== 0) {
    w.spinUntil[thread] = 0;
    stop ||= !ownerRuns(e, i);
  } else if (isFirst && w.rwReaders[i] !== 0) {
    if (((w.rwNonspin[i] as number) & NonSpin.WRITERS) !== 0) stop = true;
    else if (w.spinUntil[thread] === 0) {
      const readers = w.rwReaders[i] as number;
      const counted = readers < READERS_COUNTED ? readers : READERS_COUNTED;
      w.spinUntil[thread] = e.now + SPIN_ON_READERS + SPIN_PER_READER * counted;
    } else if (e.now >= (w.spinUntil[thread] as number)) {
      w.rwNonspin[i] = NonSpin.WRITERS | NonSpin.READERS;
      stop = true;
    }
    if (!stop) e.q.set(cpu, w.spinUntil[thread] as number);
  }
  if (stop) stopSpinning(e, thread, lock, i, 1);
  else e.blocked = true;
}

/** The reader's round of rwsem_optimistic_spin (5.3 to 5.10). */
function spinToRead(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const isFirst = w.osqHead[i] === thread + 1;
  // Who polls the owner sees the mark before it tries: all later spinners sleep until the readers have left.
  const barred = isFirst && ((w.rwNonspin[i] as number) & NonSpin.READERS) !== 0;
  if (isFirst && !barred && openToReaders(e, i)) {
    if (w.sub[thread] === 0) {
      e.again = e.lines.rwsem(i, w.threadCpu[thread] as number);
      return;
    }
    leaveOsq(e, thread, i);
    e.endWait(thread);
    e.setState(thread, e.runState(thread));
    stealRead(e, thread, lock, i, Flag.CONTENDED);
    notifySpinner(e, i);
    return;
  }
  w.sub[thread] = 0;
  if (barred || wanted(e, thread) || (isFirst && w.rwWriter[i] !== 0 && !ownerRuns(e, i)))
    stopSpinning(e, thread, lock, i, 0);
  else e.blocked = true;
}

/** A running reader takes its share past the list, and then wakes the readers that are first there. */
export function stealRead(e: Engine, thread: number, lock: number, i: number, flags: number): void {
  const w = e.w;
  const passes = (w.rwQueued[i] as number) > 0;
  w.sub[thread] = 0;
  grantRead(e, thread, lock, i, e.runState(thread) | flags | (passes ? Flag.STEAL : 0));
  if (passes) startWake(e, thread, i);
}

/**
 * A reader takes its place in the list. `wakes`: wherever nobody writes, it lets in the readers that are first there
 * (5.11; facts locks, 4e); before, only one that found the list empty did.
 */
export function queueReader(
  e: Engine,
  thread: number,
  lock: number,
  i: number,
  spun: boolean,
  wakes: boolean,
): void {
  const w = e.w;
  const alone = w.rwQueued[i] === 0;
  if (alone && openToReaders(e, i)) {
    if (spun) {
      e.endWait(thread);
      e.setState(thread, e.runState(thread));
    }
    grantRead(e, thread, lock, i, e.runState(thread) | (spun ? Flag.CONTENDED : 0));
    return;
  }
  enqueue(e, thread, lock, i, 0, spun);
  if (isFree(e, i)) {
    letSpin(e, i);
    wakeList(e, thread, lock, i, WakeType.ANY);
  } else if ((alone || wakes) && w.rwWriter[i] === 0) wakeList(e, thread, lock, i, WakeType.READERS);
  if (mustGiveUp(e, thread) && w.waitLock[thread] !== 0) leaveList(e, thread, lock, i);
}

function queueWriter(e: Engine, thread: number, lock: number, i: number, spun: boolean): void {
  const w = e.w;
  const alone = w.rwQueued[i] === 0;
  if (alone && isFree(e, i)) {
    own(e, thread, lock, i, spun, 0);
    return;
  }
  w.sawNonspin[thread] = ((w.rwNonspin[i] as number) & NonSpin.READERS) !== 0 ? 1 : 0;
  enqueue(e, thread, lock, i, 1, spun);
  if (!alone && w.rwWriter[i] === 0) {
    wakeList(e, thread, lock, i, w.rwReaders[i] === 0 ? WakeType.ANY : WakeType.READERS);
    if (open(e, i)) {
      e.blocked = false;
      ownFromList(e, thread, lock, i);
      return;
    }
  }
  if (mustGiveUp(e, thread)) leaveList(e, thread, lock, i);
}

/** A writer that was woken in the list. */
function tryWoken(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const isFirst = first(e, i) === thread;
  if (isFree(e, i) && (isFirst || w.rwDemand[i] === 0)) ownFromList(e, thread, lock, i);
  else if (mustGiveUp(e, thread)) leaveList(e, thread, lock, i);
  else {
    const patient = e.now - (w.queuedAt[thread] as number) <= TIMEOUT;
    if (!isFirst || (w.rwDemand[i] === 0 && patient)) sleepAgain(e, thread, lock);
    else claim(e, thread, lock, i);
  }
}

/** The first waiter has demanded the lock, or does so now: it spins on a running owner and sleeps for anybody else. */
function claim(e: Engine, thread: number, lock: number, i: number): void {
  const fresh = e.w.rwDemand[i] === 0;
  if (ownerRuns(e, i) && !wanted(e, thread)) {
    beginClaim(e, thread);
    if (!fresh) e.emitState(thread, lock);
  } else sleepAgain(e, thread, lock);
  if (fresh) demand(e, thread, lock, i);
}

function spinAsFirst(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  if (isFree(e, i)) {
    if (w.sub[thread] === 0) e.again = e.lines.rwsem(i, w.threadCpu[thread] as number);
    else {
      endClaim(e, thread);
      ownFromList(e, thread, lock, i);
    }
    return;
  }
  w.sub[thread] = 0;
  if (ownerRuns(e, i) && !wanted(e, thread)) {
    e.blocked = true;
    return;
  }
  endClaim(e, thread);
  if (mustGiveUp(e, thread)) leaveList(e, thread, lock, i);
  else sleepAgain(e, thread, lock);
}

/** The last reader left with threads queued: spinning may pay again. */
function letSpin(e: Engine, i: number): void {
  e.w.rwNonspin[i] = (e.w.rwNonspin[i] as number) & ~NonSpin.WRITERS;
}

const ways = releases(
  (e, waker, lock, i, any) => wakeList(e, waker, lock, i, any ? WakeType.ANY : WakeType.READ_OWNED),
  (e, i) => {
    if (e.w.rwQueued[i] !== 0) letSpin(e, i);
    notifySpinner(e, i);
  },
);

/**
 * A generation. `slowRead` is what a reader does that finds a writer or a list; it may spin (then `spinToRead` goes on),
 * take the lock all the same, or queue.
 */
export function rewritten(
  id: string,
  slowRead: (e: Engine, thread: number, lock: number, i: number) => void,
): RwsemModel {
  return {
    id,
    readersTogether: true,

    downRead(e, thread, lock, i) {
      const w = e.w;
      if (w.waiting[thread] === Wait.SPIN) spinToRead(e, thread, lock, i);
      else if ((w.sub[thread] as number) > 0) {
        // It stole its share, and takes the other readers with it.
        if (w.sub[thread] === 1) payWake(e, wakeList(e, thread, lock, i, WakeType.READ_OWNED));
      } else if (w.rwQueued[i] === 0 && openToReaders(e, i))
        grantRead(e, thread, lock, i, e.runState(thread));
      else slowRead(e, thread, lock, i);
    },

    downWrite(e, thread, lock, i) {
      const w = e.w;
      switch (w.waiting[thread]) {
        case Wait.SPIN:
          spinToWrite(e, thread, lock, i);
          return;
        case Wait.CLAIM:
          spinAsFirst(e, thread, lock, i);
          return;
        case Wait.WOKEN:
          tryWoken(e, thread, lock, i);
          return;
        default:
          if (isFree(e, i) && w.rwQueued[i] === 0) own(e, thread, lock, i, false, 0);
          else if (!canSpin(e, thread, i, NonSpin.WRITERS)) queueWriter(e, thread, lock, i, false);
          else if (open(e, i) && w.osqCount[i] === 0) own(e, thread, lock, i, false, 0);
          else {
            joinOsq(e, thread, lock, i, 1);
            // Readers own it: their time runs from now on.
            if (w.osqHead[i] === thread + 1) e.q.set(w.threadCpu[thread] as number, e.now);
          }
      }
    },

    tryRead(e, thread, lock, i) {
      if (e.w.rwQueued[i] !== 0 || !openToReaders(e, i)) return 0;
      grantRead(e, thread, lock, i, e.runState(thread));
      return 1;
    },

    tryWrite(e, thread, lock, i) {
      if (e.w.rwQueued[i] !== 0 || !isFree(e, i)) return 0;
      own(e, thread, lock, i, false, 0);
      return 1;
    },

    ...ways,

    upWrite(e, thread, lock, i) {
      if (e.w.sub[thread] === 0) e.w.rwNonspin[i] = 0;
      ways.upWrite(e, thread, lock, i);
    },

    cancel: leaveList,
  };
}
