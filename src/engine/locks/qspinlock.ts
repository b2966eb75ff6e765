import { fifoSpinlock } from './spinning.ts';

/**
 * qspinlock (commit a33fda35e3a7, default since 4.2; facts locks, section 2): first come, first served; a waiter spins
 * on its own line, so a release costs one transfer of the lock's line to the next, however many wait. Nobody passes a
 * queue.
 */
export const qspinlock = fifoSpinlock('qspinlock', (e, i, next) =>
  e.lines.spin(i, e.w.threadCpu[next] as number),
);
