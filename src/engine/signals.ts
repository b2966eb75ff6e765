import { State } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { Wait } from './locks/face.ts';
import { rangeSignal } from './locks/range-signal.ts';
import { Timer } from './outcome.ts';
import { isRangeLock } from './ranges.ts';

/**
 * A fatal signal for a thread. A killable wait ends with -EINTR; from user mode, from sleep() and from wait_until the
 * thread dies at once; whatever else it does in the kernel it does to the end, and dies on the way back to user mode.
 */
export function kill(e: Engine, thread: number): void {
  const w = e.w;
  if (w.killed[thread] === 1 || w.state[thread] === State.DONE) return;
  w.killed[thread] = 1;
  const lock = w.waitLock[thread] as number;
  if (lock !== 0) {
    if (w.killable[thread] === 0) return;
    if (isRangeLock(lock)) rangeSignal(e, thread, lock);
    else if (w.waiting[thread] === Wait.QUEUED) e.sleeping(lock)?.cancel(e, thread, lock, e.rwIndexOf(lock));
    return;
  }
  if (w.inKernel[thread] === 1) return;
  if (w.timer[thread] === Timer.SLEEP) {
    e.q.remove(e.cpus.timerOf(thread));
    w.timer[thread] = Timer.NONE;
    e.cpus.wake(thread, 0, 0);
  } else if (w.parked[thread] === 1) {
    w.parked[thread] = 0;
    e.parked--;
    e.cpus.wake(thread, 0, 0);
  } else if (w.cpuThread[w.threadCpu[thread] as number] === thread + 1)
    e.cpus.askResched(w.threadCpu[thread] as number);
}
