import { openToReaders, queueReader, rewritten, stealRead } from './handoff.ts';

/**
 * The rwsem of Linux 5.11 and later (commits 2f06f702925b, 617f3ef95177 and 1a728dff855a; facts locks, section 4e):
 * readers no longer spin. One that finds the lock free, in the gap after a writer, takes it past the list and takes the
 * readers that are first there with it; one that finds readers in possession queues behind the writer.
 */
export const rwsem511 = rewritten('rwsem-5.11', (e, thread, lock, i) => {
  if (openToReaders(e, i) && e.w.rwReaders[i] === 0) stealRead(e, thread, lock, i, 0);
  else queueReader(e, thread, lock, i, false, true);
});
