import type { Engine } from '../engine.ts';
import { type RwsemModel, Wait } from './face.ts';
import { releases } from './releases.ts';
import { grantWrite, isFree, joinOsq, leaveOsq, notifySpinner, ownerRuns, wanted } from './sleeping.ts';
import { downRead, leaveList, queueWriter, tryRead, tryWoken, tryWrite, wakeHead } from './stealing.ts';

/**
 * The rwsem of Linux 4.8 to 5.2 (commit 4fc828e24cd9 with its follow-ups; facts locks, sections 4b and 4c):
 * - readers and downgrade_write mark the lock reader-owned; ownership of readers moves at wake-up, and only the run of
 *   readers at the head of the list is granted;
 * - a writer spins (in OSQ order) only while a running writer owns the lock, and goes on when ownership passes to
 *   another running writer; it blocks nobody while it merely spins;
 * - a queued writer blocks new readers; when woken it must still win the lock, and whoever runs may be faster;
 * - past sleepers a writer comes by the OSQ alone: one that finds the lock free takes it at once only where nobody
 *   sleeps (the fast path) or nobody spins (the OSQ is its own at once).
 */

/** rwsem_can_spin_on_owner: nobody owns the lock, or a writer that runs. */
function canSpin(e: Engine, thread: number, i: number): boolean {
  return !wanted(e, thread) && (isFree(e, i) || ownerRuns(e, i));
}

/**
 * A spinner was told that something changed. Seeing the lock free is a read; taking it is a locked operation after that,
 * and whoever has the line at home (the releaser, say, who wants it back) may be faster.
 */
function spin(e: Engine, thread: number, lock: number, i: number): void {
  const w = e.w;
  const isFirst = w.osqHead[i] === thread + 1;
  if (isFirst && isFree(e, i)) {
    if (w.sub[thread] === 0) e.again = e.lines.rwsem(i, w.threadCpu[thread] as number);
    else {
      leaveOsq(e, thread, i);
      grantWrite(e, thread, lock, i, true);
    }
    return;
  }
  w.sub[thread] = 0;
  if (wanted(e, thread) || (isFirst && !ownerRuns(e, i))) giveUpSpinning(e, thread, lock, i);
  else e.blocked = true;
}

/** Stops spinning and queues; whoever is first in the OSQ then looks at the lock himself. */
function giveUpSpinning(e: Engine, thread: number, lock: number, i: number): void {
  const wasFirst = e.w.osqHead[i] === thread + 1;
  leaveOsq(e, thread, i);
  if (wasFirst) notifySpinner(e, i);
  queueWriter(e, thread, lock, i, true);
}

export const rwsem316: RwsemModel = {
  id: 'rwsem-3.16',
  readersTogether: false,
  downRead,

  downWrite(e, thread, lock, i) {
    switch (e.w.waiting[thread]) {
      case Wait.SPIN:
        spin(e, thread, lock, i);
        return;
      case Wait.WOKEN:
        tryWoken(e, thread, lock, i);
        return;
      default:
        if (isFree(e, i) && e.w.rwQueued[i] === 0) grantWrite(e, thread, lock, i, false);
        else if (!canSpin(e, thread, i)) queueWriter(e, thread, lock, i, false);
        else if (isFree(e, i) && e.w.osqCount[i] === 0) grantWrite(e, thread, lock, i, false);
        else joinOsq(e, thread, lock, i, 1);
    }
  },

  tryRead,
  tryWrite,
  ...releases(wakeHead),
  cancel: leaveList,
};
