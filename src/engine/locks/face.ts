import type { Engine } from '../engine.ts';

/** Values of World.waiting. */
export const Wait = {
  NONE: 0,
  /** Spins in the OSQ of a sleeping lock, or on a spinlock. */
  SPIN: 1,
  /** The lock was passed on to it while it spun; the line is under way. */
  PASSED: 2,
  /** First in the list, awake, and spins on the owner after it demanded the lock. */
  CLAIM: 3,
  /** Sleeps in the wait list. */
  QUEUED: 4,
  /** First in the list; it was woken and must still win the lock. */
  WOKEN: 5,
  /** Spins until other CPUs acknowledge a TLB flush; its waitLock is the mm. */
  ACK: 6,
  /** Spins for a range, but has given its CPU away because it was wanted: it looks again when it has one. */
  YIELDED: 7,
} as const;

/** Waits on its CPU. */
export function spins(waiting: number): boolean {
  return (waiting >= Wait.SPIN && waiting <= Wait.CLAIM) || waiting === Wait.ACK;
}

/** Of these, who looks in every round whether its CPU is wanted; who waits for acknowledgements has preemption off. */
export function looksAround(waiting: number): boolean {
  return waiting >= Wait.SPIN && waiting <= Wait.CLAIM;
}

/**
 * What rwsems and mutexes have in common. Each method is the effect of one word: it is called when the atomic
 * operation's line has arrived. It may set `e.blocked` (the thread waits), or `e.again` (call me once more at that time;
 * World.sub then counts the calls). `i` is the lock's index among the sleeping locks.
 */
export interface SleepingModel {
  readonly id: string;
  /** A thread that sleeps in the list gives up: a fatal signal. */
  cancel(e: Engine, thread: number, lock: number, i: number): void;
  /** Readers that queue are granted together, wherever they stand, once the first in the list is one of them. */
  readonly readersTogether: boolean;
}

/** The face of every rwsem generation. */
export interface RwsemModel extends SleepingModel {
  downRead(e: Engine, thread: number, lock: number, i: number): void;
  downWrite(e: Engine, thread: number, lock: number, i: number): void;
  tryRead(e: Engine, thread: number, lock: number, i: number): 0 | 1;
  tryWrite(e: Engine, thread: number, lock: number, i: number): 0 | 1;
  upRead(e: Engine, thread: number, lock: number, i: number): void;
  upWrite(e: Engine, thread: number, lock: number, i: number): void;
  downgrade(e: Engine, thread: number, lock: number, i: number): void;
}

export interface MutexModel extends SleepingModel {
  lock(e: Engine, thread: number, lock: number, i: number): void;
  tryLock(e: Engine, thread: number, lock: number, i: number): 0 | 1;
  unlock(e: Engine, thread: number, lock: number, i: number): void;
}

export interface SpinlockModel {
  readonly id: string;
  lock(e: Engine, thread: number, lock: number, i: number): void;
  tryLock(e: Engine, thread: number, lock: number, i: number): 0 | 1;
  unlock(e: Engine, thread: number, lock: number, i: number): void;
}

/** The models of one run. */
export interface LockModels {
  readonly rwsem: RwsemModel;
  readonly mutex: MutexModel;
  readonly spinlock: SpinlockModel;
}

/** Appends a thread to a queue that is linked through World.waitNext; head and tail hold thread + 1. */
export function append(e: Engine, head: Uint16Array, tail: Uint16Array, i: number, thread: number): void {
  const t = tail[i] as number;
  e.w.waitNext[thread] = 0;
  if (t === 0) head[i] = thread + 1;
  else e.w.waitNext[t - 1] = thread + 1;
  tail[i] = thread + 1;
}

/** Takes a thread out of such a queue wherever it stands; false if it is not there. */
export function unlink(e: Engine, head: Uint16Array, tail: Uint16Array, i: number, thread: number): boolean {
  const next = e.w.waitNext;
  const first = head[i] as number;
  // Nearly always the first one.
  if (first !== thread + 1) return unlinkBehind(next, first, tail, i, thread);
  const after = next[thread] as number;
  head[i] = after;
  if (after === 0) tail[i] = 0;
  next[thread] = 0;
  return true;
}

function unlinkBehind(
  next: Uint16Array,
  first: number,
  tail: Uint16Array,
  i: number,
  thread: number,
): boolean {
  let before = 0;
  let at = first;
  while (at !== 0 && at !== thread + 1) {
    before = at;
    at = next[at - 1] as number;
  }
  if (at === 0) return false;
  next[before - 1] = next[thread] as number;
  if (tail[i] === thread + 1) tail[i] = before;
  next[thread] = 0;
  return true;
}
