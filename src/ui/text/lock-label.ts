import { Class, classOf, type ObjectId, objectLabel, type TraceMeta } from '../../event/index.ts';

/** 'mmap_sem ×32': the locks of as many processes. */
export function quietTitle(locks: readonly ObjectId[], meta: TraceMeta): string {
  const [name = ''] = objectLabel(locks[0] ?? 0, meta).split('/');
  return `${name} ×${locks.length}`;
}

/** 'mmap_sem'; page-table locks are one here. */
export function lockLabel(lock: ObjectId, meta: TraceMeta): string {
  return classOf(lock) === Class.TABLE ? 'page-table locks' : objectLabel(lock, meta);
}
