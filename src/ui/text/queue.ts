import type { LockMoment, TraceMeta } from '../../event/index.ts';
import { type Mode, threadName } from './why.ts';

export interface QueueGroup {
  readonly mode: Mode;
  readonly spinning: boolean;
  /** Places from 1, of spinners and of sleepers each. */
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
}

/** Neighbours in a queue that wait alike, together. */
export function queueGroups(lock: LockMoment, meta: TraceMeta): QueueGroup[] {
  const groups: { mode: Mode; spinning: boolean; first: number; last: number; names: string[] }[] = [];
  let spinners = 0;
  let sleepers = 0;
  for (const { thread, mode, spinning } of lock.queue) {
    const place = spinning ? ++spinners : ++sleepers;
    const last = groups.at(-1);
    const name = threadName(thread, meta);
    if (last !== undefined && last.mode === mode && last.spinning === spinning) {
      last.last = place;
      last.names.push(name);
    } else groups.push({ mode, spinning, first: place, last: place, names: [name] });
  }
  return groups;
}

/** 'spinning to write', '2.–5. to read'; without a mode where the lock has only one: 'spinning', '1. asleep'. */
export function groupLabel({ mode, spinning, first, last }: QueueGroup, modes: boolean): string {
  if (spinning) return modes ? `spins to ${mode}` : 'spinning';
  const places = `${first}.${last > first ? `–${last}.` : ''}`;
  return `${places} ${modes ? `to ${mode}` : 'asleep'}`;
}
