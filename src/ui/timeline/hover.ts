import { NO_THREAD, type Ns, objectLabel, STATE_NAMES, State, type TraceMeta } from '../../event/index.ts';
import type { PyramidView } from '../../trace/index.ts';
import { counted } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { threadName } from '../text/why.ts';

/** What the pointer is over: a thread lane or a lock lane. */
export type Target =
  | { readonly kind: 'thread'; readonly lane: number }
  | { readonly kind: 'lock'; readonly lane: number };

export interface HoverText {
  readonly title: string;
  readonly text: string;
}

/** What stands at a place of the lanes, in words; null where nothing is recorded. */
export function hoverText(target: Target, t: Ns, view: PyramidView, meta: TraceMeta): HoverText | null {
  if (t > view.endNs) return null;
  if (target.kind === 'thread') {
    const at = view.intervalAt(target.lane, t);
    if (at === undefined) return null;
    const state = STATE_NAMES[at.state as State] ?? 'not recorded';
    const about = at.object === 0 ? '' : ` · ${objectLabel(at.object, meta)}`;
    const waits = at.state === State.WAIT_READ || at.state === State.WAIT_WRITE;
    const text = waits ? `${state}${about.replace(' · ', ' ')}` : `${state}${about}`;
    return { title: threadName(target.lane, meta), text: `${text} · ${duration(at.endNs - at.startNs)}` };
  }
  const at = view.lockAt(target.lane, t);
  const lock = view.locks[target.lane];
  if (at === undefined || lock === undefined) return null;
  const tables = target.lane === view.locks.length - 1;
  const owner =
    at.writer !== NO_THREAD
      ? `written by ${threadName(at.writer, meta)}`
      : at.readers > 0
        ? counted(at.readers, 'reader')
        : 'free';
  const queue = at.depth === 0 ? 'nobody waits' : at.depth === 1 ? '1 waits' : `${at.depth} wait`;
  const spin = at.spinning > 0 ? ` (${at.spinning} spinning)` : '';
  return {
    title: tables ? 'page-table locks' : objectLabel(lock, meta),
    text: `${tables ? '' : `${owner} · `}${queue}${spin}`,
  };
}
