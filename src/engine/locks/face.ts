import type { Engine } from '../engine.ts';

/** Values of World.waiting. */
export const Wait = {
  NONE: 0,
  /** Spins in the OSQ of a rwsem, or on a spinlock. */
  SPIN: 1,
  /** Sleeps in the wait list. */
  QUEUED: 2,
  /** A queued writer that was woken and must still win the lock. */
  WOKEN: 3,
  /** A spinlock was passed on to it; the line is under way. */
  PASSED: 4,
} as const;

/**
 * The face of every rwsem generation. Each method is the effect of one word: it is called when the atomic operation's
 * line has arrived. It may set `e.blocked` (the thread waits), or `e.again` (call me once more at that time; World.sub
 * then counts the calls). `i` is the rwsem's index.
 */
export interface RwsemModel {
  readonly id: string;
  downRead(e: Engine, thread: number, lock: number, i: number): void;
  downWrite(e: Engine, thread: number, lock: number, i: number): void;
  tryRead(e: Engine, thread: number, lock: number, i: number): 0 | 1;
  tryWrite(e: Engine, thread: number, lock: number, i: number): 0 | 1;
  upRead(e: Engine, thread: number, lock: number, i: number): void;
  upWrite(e: Engine, thread: number, lock: number, i: number): void;
  downgrade(e: Engine, thread: number, lock: number, i: number): void;
  /** The thread, which holds rwsem `i` for writing, left its CPU. */
  ownerOffCpu(e: Engine, i: number): void;
  /** The scheduler wants the CPU on which the thread spins. */
  spinnerResched(e: Engine, thread: number): void;
}

export interface SpinlockModel {
  readonly id: string;
  lock(e: Engine, thread: number, lock: number, i: number): void;
  tryLock(e: Engine, thread: number, lock: number, i: number): 0 | 1;
  unlock(e: Engine, thread: number, lock: number, i: number): void;
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
  let before = 0;
  let at = head[i] as number;
  while (at !== 0 && at !== thread + 1) {
    before = at;
    at = next[at - 1] as number;
  }
  if (at === 0) return false;
  const after = next[thread] as number;
  if (before === 0) head[i] = after;
  else next[before - 1] = after;
  if (tail[i] === thread + 1) tail[i] = before;
  next[thread] = 0;
  return true;
}
