import { MANY_NAMES, manyOf, type ObjectId, objectLabel, type TraceMeta } from '../../event/index.ts';
import { MOST_READ, type WaitedLocks } from '../../trace/index.ts';

/** 'mmap_sem ×32': the locks of as many processes; '64 locks' where not all of them are of one sort. */
export function quietTitle(locks: readonly ObjectId[], meta: TraceMeta): string {
  const [name = '', ...others] = new Set(locks.map((lock) => objectLabel(lock, meta).split('/')[0] ?? ''));
  return others.length > 0 ? `${locks.length} locks` : `${name} ×${locks.length}`;
}

/** 'mmap_sem'; the locks of a class in `MANY` are one here. */
export function lockLabel(lock: ObjectId, meta: TraceMeta): string {
  return MANY_NAMES[manyOf(lock)]?.label ?? objectLabel(lock, meta);
}

/** How many of the locks of a class somebody waited for: '1 of 3 waited for', where it is known how many were taken. */
export function waitedTitle({ waited, lanes }: WaitedLocks, taken: boolean): string {
  return `${waited}${taken ? ` of ${lanes}${lanes < MOST_READ ? '' : '+'}` : ''} waited for`;
}

/** What a lane of sequence counts or grace periods is called: 'mmap_seq', 'vm_sequence' for all VMAs, 'RCU grace'. */
export function toldLabel(id: ObjectId, meta: TraceMeta): string {
  const label = objectLabel(id, meta);
  return /^S?RCU$/.test(label) ? `${label} grace` : label.replace(/:.*/, '');
}
