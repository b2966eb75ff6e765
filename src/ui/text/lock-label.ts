import { MANY_NAMES, manyOf, type ObjectId, objectLabel, type TraceMeta } from '../../event/index.ts';
import { MOST_READ } from '../../trace/index.ts';
import { counted } from './numbers.ts';

/** 'mmap_sem ×32': the locks of as many processes; '64 locks' where not all of them are of one sort. */
export function quietTitle(locks: readonly ObjectId[], meta: TraceMeta): string {
  const [name = '', ...others] = new Set(locks.map((lock) => objectLabel(lock, meta).split('/')[0] ?? ''));
  return others.length > 0 ? `${locks.length} locks` : `${name} ×${locks.length}`;
}

/** 'mmap_sem'; the locks of a class in `MANY` are one here. */
export function lockLabel(lock: ObjectId, meta: TraceMeta): string {
  return MANY_NAMES[manyOf(lock)]?.label ?? objectLabel(lock, meta);
}

/** Of the locks of VMAs that were taken, how many somebody waited for: '1 of 3 waited for'. */
export function waitedTitle(waited: number, lanes: number): string {
  return `${waited} of ${lanes}${lanes < MOST_READ ? '' : '+'} waited for`;
}

/** The same of either class in a sentence. */
export function waitedSentence(tables: boolean, waited: number): string {
  const one = tables ? 'page-table lock' : 'per-VMA lock';
  return waited === 0
    ? `Nobody waited for a ${one}`
    : `${counted(waited, one)} ${waited === 1 ? 'was' : 'were'} waited for`;
}

/** What a lane of sequence counts or grace periods is called: 'mmap_seq', 'vm_sequence' for all VMAs, 'RCU grace'. */
export function toldLabel(id: ObjectId, meta: TraceMeta): string {
  const label = objectLabel(id, meta);
  return /^S?RCU$/.test(label) ? `${label} grace` : label.replace(/:.*/, '');
}
