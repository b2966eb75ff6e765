import { NO_THREAD, type Ns, objectLabel, STATE_NAMES, State, type TraceMeta } from '../../event/index.ts';
import type { LockInterval, PyramidView } from '../../trace/index.ts';
import { markSentence, otherMarks } from '../text/lock-marks.ts';
import { counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { hasModes, kindOf, threadName } from '../text/why.ts';

/** What the pointer is over: a thread lane or a lock lane. */
export type Target =
  | { readonly kind: 'thread'; readonly lane: number }
  | { readonly kind: 'lock'; readonly lane: number };

export interface HoverText {
  readonly title: string;
  readonly text: string;
  /** What is marked at this place. */
  readonly marked: readonly string[];
}

function ownerText({ writer, readers, off }: LockInterval, modes: boolean, meta: TraceMeta): string {
  if (writer !== NO_THREAD) {
    const held = `${modes ? 'written' : 'held'} by ${threadName(writer, meta)}`;
    return off ? `${held}, which does not run` : held;
  }
  return readers > 0 ? counted(readers, 'reader') : 'free';
}

/** Who waits for a spinlock and does not spin has lost its CPU. */
const PREEMPTED = 'without a CPU';

function queueText({ depth, spinning, demanded }: LockInterval, others: string): string {
  if (depth === 0) return 'nobody waits';
  const waits = depth === 1 ? '1 waits' : `${depth} wait`;
  const rest = depth - spinning;
  const how = spinning === 0 ? others : rest === 0 ? 'spinning' : `${spinning} spinning, ${rest} ${others}`;
  return `${waits} (${how})${demanded ? ' · demanded' : ''}`;
}

/**
 * What stands at a place of the lanes, in words; null where nothing is recorded. Marks are as wide as `slack` to both
 * sides of their time.
 */
export function hoverText(
  target: Target,
  t: Ns,
  slack: Ns,
  view: PyramidView,
  meta: TraceMeta,
): HoverText | null {
  if (t > view.endNs) return null;
  if (target.kind === 'thread') {
    const at = view.intervalAt(target.lane, t);
    if (at === undefined) return null;
    const state = STATE_NAMES[at.state as State] ?? 'not recorded';
    const about = at.object === 0 ? '' : ` · ${objectLabel(at.object, meta)}`;
    const waits = at.state === State.WAIT_READ || at.state === State.WAIT_WRITE;
    const text = waits ? `${state}${about.replace(' · ', ' ')}` : `${state}${about}`;
    return {
      title: threadName(target.lane, meta),
      text: `${text} · ${duration(at.endNs - at.startNs)}`,
      marked: [],
    };
  }
  const at = view.lockAt(target.lane, t);
  const lock = view.locks[target.lane];
  if (at === undefined || lock === undefined) return null;
  if (target.lane === view.locks.length - 1) {
    return { title: 'page-table locks', text: queueText(at, PREEMPTED), marked: [] };
  }
  const mark = view.markNear(target.lane, t, slack);
  const others = mark === undefined ? '' : otherMarks(mark, target.lane, t, slack, view);
  return {
    title: objectLabel(lock, meta),
    text: `${ownerText(at, hasModes(lock, meta), meta)} · ${queueText(at, kindOf(lock, meta) === 'spinlock' ? PREEMPTED : 'asleep')}`,
    marked: [mark === undefined ? '' : markSentence(mark, lock, view, meta), others].filter((s) => s !== ''),
  };
}
