import { type Ns, type ObjectId, objectLabel, type TraceMeta } from '../../event/index.ts';
import { type Mark, MarkKind, type PyramidView } from '../../trace/index.ts';
import { counted } from './numbers.ts';
import { duration } from './time.ts';
import { threadName } from './why.ts';

/** 'unmapper', 'faulter 3 and 29 others'. */
function who({ thread, times }: Mark, meta: TraceMeta): string {
  const name = threadName(thread, meta);
  return times === 1 ? name : `${name} and ${counted(times - 1, 'other')}`;
}

/** What happened at a lock, such as 'unmapper steals mmap_sem past 3 waiters'. */
export function markSentence(mark: Mark, lock: ObjectId, view: PyramidView, meta: TraceMeta): string {
  const subject = who(mark, meta);
  const label = objectLabel(lock, meta);
  switch (mark.kind) {
    case MarkKind.STEAL: {
      const past = mark.queued === 0 ? 'the queue' : counted(mark.queued, 'waiter');
      return `${subject} ${mark.times === 1 ? 'steals' : 'steal'} ${label} past ${past}`;
    }
    case MarkKind.DEMAND:
      return `${subject} demands ${label}: nobody may pass it`;
    case MarkKind.REFILL:
      return `${subject} ${mark.times === 1 ? 'refills' : 'refill'} the list of a CPU from the zone`;
    case MarkKind.DRAIN:
      return `${subject} ${mark.times === 1 ? 'drains' : 'drain'} the list of a CPU to the zone`;
    default:
      return `${label} is handed to ${subject}${runs(mark, view)}`;
  }
}

/** A lock may be handed to a thread that has still to wake up: when it, or the first of them, runs with it. */
function runs({ thread, times, t }: Mark, view: PyramidView): string {
  const after = view.runsAfter(thread, t);
  if (after === 0) return '';
  const which = times === 1 ? 'which' : 'the first of which';
  return after === undefined ? `, ${which} has not run yet` : `, ${which} runs ${duration(after)} later`;
}

/** What else is marked within `slack` of a time, such as '11 more steals'; '' if there is nothing. */
export function otherMarks(mark: Mark, lane: number, t: Ns, slack: Ns, view: PyramidView): string {
  const counts = view.markCounts(lane, t - slack, t + slack);
  const parts = (['steal', 'hand-over', 'demand', 'refill', 'drain'] as const).flatMap((noun, kind) => {
    const n = (counts[kind] ?? 0) - (kind === mark.kind ? mark.times : 0);
    return n > 0 ? [counted(n, `more ${noun}`)] : [];
  });
  return parts.join(', ');
}
