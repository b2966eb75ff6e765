import { NO_THREAD, type TraceMeta } from '../../event/index.ts';
import type { BlameFilter } from '../../trace/index.ts';
import { lockLabel } from './lock-label.ts';
import { threadName } from './why.ts';

/** 'faulter 3 behind unmapper at mmap_sem'. */
export function filterText({ waiter, holder, lock }: BlameFilter, meta: TraceMeta): string {
  const who = waiter === null ? 'all' : threadName(waiter, meta);
  const behind = holder === null ? 'anybody' : holder === NO_THREAD ? 'nobody' : threadName(holder, meta);
  return `${who} behind ${behind}${lock === null ? '' : ` at ${lockLabel(lock, meta)}`}`;
}
