import type { LockMoment, Moment, ObjectId, ThreadIdx } from '../../event/index.ts';
import type { Edges } from '../../store/index.ts';
import { type Focus, isFocused } from './focus.ts';

/** From who waits to who holds what it waits for. */
export interface Edge {
  readonly from: ThreadIdx;
  readonly to: ThreadIdx;
  /** How many waits lie between the selected thread and this one; 0 for its own. */
  readonly hop: number;
}

/** False for a wait that a focus is not about. */
function isMeant(focus: Focus | null, from: ThreadIdx, to: ThreadIdx, lock: ObjectId | undefined): boolean {
  if (focus === null) return true;
  const { waiter, holder } = focus.filter;
  return (waiter ?? from) === from && (holder ?? to) === to && isFocused(focus, lock);
}

/** Readers that share a lock: more than these would cover the lanes. */
const MOST_HOLDERS = 4;

/**
 * The edges of a moment: those that the selected thread waits behind, or those of everybody who waits; with a focus only
 * those of the waits that it is about.
 */
export function edgesOf(
  moment: Moment | null,
  which: Edges,
  selected: ThreadIdx,
  focus: Focus | null = null,
): Edge[] {
  if (moment === null || which === 'none') return [];
  const locks = new Map<number, LockMoment>();
  for (const lock of moment.locks ?? []) locks.set(lock.lock, lock);
  const waits = new Map<ThreadIdx, number>();
  for (const { thread, waitsFor } of moment.threads ?? []) {
    if (waitsFor !== undefined) waits.set(thread, waitsFor.lock);
  }
  const from = (thread: ThreadIdx, hop: number): Edge[] =>
    (locks.get(waits.get(thread) ?? -1)?.owners ?? [])
      .filter((owner) => owner !== thread && isMeant(focus, thread, owner, waits.get(thread)))
      .slice(0, MOST_HOLDERS)
      .map((to) => ({ from: thread, to, hop }));
  if (which === 'all')
    return [...waits.keys()].flatMap((thread) => from(thread, thread === selected ? 0 : 1));
  const edges: Edge[] = [];
  const seen = new Set<ThreadIdx>([selected]);
  let front: ThreadIdx[] = [selected];
  for (let hop = 0; front.length > 0; hop++) {
    const found = front.flatMap((thread) => from(thread, hop));
    edges.push(...found);
    front = found.map(({ to }) => to).filter((to) => !seen.has(to));
    for (const to of front) seen.add(to);
  }
  return edges;
}
