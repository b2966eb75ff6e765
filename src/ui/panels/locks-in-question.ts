import { Class, classOf, type LockMoment, type Moment, mmOf, type ObjectId } from '../../event/index.ts';

/** What is asked about: the selected thread, its address space, and the lock that the reader chose. */
export interface Question {
  readonly thread: number;
  readonly mm: number;
  readonly chosen: ObjectId | null;
}

/**
 * The lock that the reader chose and the one that the thread waits for; else those of its address space that somebody
 * holds or wants, the process-wide one at least, and what it holds of the locks that all share. What other processes have
 * among themselves says nothing about it, and there may be hundreds.
 */
export function locksInQuestion(
  moment: Pick<Moment, 'threads' | 'locks'>,
  { thread, mm, chosen }: Question,
): LockMoment[] {
  const { threads, locks = [] } = moment;
  const wanted = threads?.find((t) => t.thread === thread)?.waitsFor?.lock;
  const own = [
    ...locks.filter(({ lock }) => lock === chosen),
    ...locks.filter(({ lock }) => lock === wanted && lock !== chosen),
  ];
  if (own.length > 0) return own;
  const ofMm = locks.filter(
    ({ lock }) => (classOf(lock) === Class.MMAP_LOCK || classOf(lock) === Class.MM_LOCK) && mmOf(lock) === mm,
  );
  const used = [
    ...ofMm.filter(({ mode, queue }) => mode !== 'free' || queue.length > 0),
    ...locks.filter(({ lock, owners }) => classOf(lock) === Class.LOCK && owners.includes(thread)),
  ];
  return used.length > 0 ? used : ofMm.slice(0, 1);
}
