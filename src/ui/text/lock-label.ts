import { Class, classOf, type ObjectId, objectLabel, type TraceMeta } from '../../event/index.ts';

/** 'mmap_sem'; page-table locks are one here. */
export function lockLabel(lock: ObjectId, meta: TraceMeta): string {
  return classOf(lock) === Class.TABLE ? 'page-table locks' : objectLabel(lock, meta);
}
