import { canSpin, NonSpin, openToReaders, queueReader, rewritten, stealRead } from './handoff.ts';
import { joinOsq } from './sleeping.ts';

/**
 * The rwsem of Linux 5.3 to 5.10 (Waiman Long, series v8 of 20 May 2019; facts locks, section 4d): readers spin too, in the
 * same OSQ as writers, unless readers were found to hold the lock for long; they share a lock that is not a writer's
 * past everybody who sleeps.
 */
export const rwsem53 = rewritten('rwsem-5.3', (e, thread, lock, i) => {
  if (!canSpin(e, thread, i, NonSpin.READERS)) queueReader(e, thread, lock, i, false, false);
  else if (openToReaders(e, i) && e.w.osqCount[i] === 0) stealRead(e, thread, lock, i, 0);
  else joinOsq(e, thread, lock, i, 0);
});
