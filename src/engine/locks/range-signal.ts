import { Flag, Kind, type ObjectId, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { Wait } from './face.ts';
import { endSleep } from './range-tree.ts';

const EINTR = 4;

/** A fatal signal for a thread that waits killably for a range. */
export function rangeSignal(e: Engine, thread: number, lock: ObjectId): void {
  const { w } = e;
  if (w.waiting[thread] === Wait.SPIN) {
    // It looks for signals in every round; one that gave its CPU away does when it is back.
    e.q.set(w.threadCpu[thread] as number, e.now);
    return;
  }
  if (w.waiting[thread] !== Wait.QUEUED) return;
  const flags = w.waitWrite[thread] === 1 ? Flag.WRITE : 0;
  endSleep(e, thread);
  e.complete(thread, -EINTR);
  e.setState(thread, State.RUNNABLE);
  // Its range stays where it is until it runs and takes it out.
  e.emit(Kind.LOCK_CANCEL, thread, lock, 0, State.RUNNABLE | flags);
  e.cpus.wakeGranted(thread, 0);
}
