import {
  Class,
  classOf,
  MMAP_SEQ,
  manyOf,
  NO_THREAD,
  type Ns,
  type ObjectId,
  objectLabel,
  STATE_COUNT,
  STATE_NAMES,
  State,
  type TraceMeta,
  withinMm,
} from '../../event/index.ts';
import type { LockInterval, PyramidView } from '../../trace/index.ts';
import { type AreaBand, bandAt } from '../layout/bands.ts';
import { lockLabel, toldLabel } from '../text/lock-label.ts';
import { markSentence, otherMarks } from '../text/lock-marks.ts';
import { counted, pageBytes, percent, waiting } from '../text/numbers.ts';
import { duration } from '../text/time.ts';
import { hasModes, isSpun, kindOf, threadName } from '../text/why.ts';

/** What the pointer is over: a thread lane or a lock lane. */
export type Target =
  | { readonly kind: 'thread'; readonly lane: number }
  | { readonly kind: 'lock'; readonly lane: number }
  /** A folded group of threads, the address space. */
  | { readonly kind: 'group'; readonly name: string; readonly threads: readonly number[] }
  | { readonly kind: 'area'; readonly band: AreaBand; readonly name: string };

export interface HoverText {
  readonly title: string;
  readonly text: string;
  /** What is marked at this place. */
  readonly marked: readonly string[];
}

function ownerText({ writer, others, readers, off }: LockInterval, modes: boolean, meta: TraceMeta): string {
  if (writer !== NO_THREAD) {
    const more = others === 0 ? '' : ` and ${counted(others, 'other')}`;
    const held = `${modes ? 'written' : 'held'} by ${threadName(writer, meta)}${more}`;
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

/** A sequence count, those of all VMAs together, or grace periods. */
function toldText(id: ObjectId, { writer, readers, startNs, endNs }: LockInterval, meta: TraceMeta): string {
  const long = ` · ${duration(endNs - startNs)}`;
  if (classOf(id) === Class.GRACE) {
    return readers === 0 ? 'no grace period' : `${waiting(readers)}${long}`;
  }
  if (writer === NO_THREAD) return `even${long}`;
  const by = withinMm(id) === MMAP_SEQ ? `odd: ${threadName(writer, meta)} is at work` : `${writer} odd`;
  return `${by}${long}`;
}

/** How many locks of a class are held, where that is told. */
function heldText({ writer, readers }: LockInterval): string {
  const parts = [
    ...(writer === NO_THREAD ? [] : [`${writer} written`]),
    ...(readers === 0 ? [] : [counted(readers, 'reader')]),
  ];
  return parts.length === 0 ? 'free' : parts.join(', ');
}

/** Why a fault of a thread was begun anew at a time: 'aborts: spf_abort_odd'. */
function abortTexts(lane: number, t: Ns, slack: Ns, view: PyramidView, meta: TraceMeta): string[] {
  const mark = view.abortNear(lane, t, slack);
  if (mark === undefined) return [];
  const more = view.aborts(lane, t - slack, t + slack) - mark.times;
  return [`abort: ${meta.counters[mark.queued] ?? ''}${more > 0 ? `, ${counted(more, 'more abort')}` : ''}`];
}

/** How many threads of a group are in which state. */
function groupText(threads: readonly number[], t: Ns, view: PyramidView): string {
  const counts = new Array<number>(STATE_NAMES.length).fill(0);
  for (const thread of threads) {
    const state = view.stateAt(thread, t);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return STATE_NAMES.flatMap((name, state) => {
    const n = counts[state] ?? 0;
    return n === 0 ? [] : `${n} ${name.replace(/^waits/, n === 1 ? 'waits' : 'wait')}`;
  }).join(' · ');
}

function areaText(band: AreaBand, t: Ns): string {
  const at = bandAt(band, t);
  if (at === undefined || at.mapped === 0) return 'not mapped';
  const dead = at.dead === 0 ? '' : ` · ${pageBytes(at.dead)} dead or detached`;
  return `${pageBytes(at.mapped)} mapped · ${percent(Math.min(1, at.present / at.mapped))} present${dead}`;
}

/** What a thread does in a span that is drawn as one pixel, the longest first; '' where that is one thing. */
function pixelText(lane: number, from: Ns, to: Ns, view: PyramidView): string {
  const shares = new Float64Array(STATE_COUNT);
  view.stateShares([lane], Math.max(0, from), to, 1, shares);
  const parts = [...shares.entries()].filter(([, share]) => share > 0).sort((a, b) => b[1] - a[1]);
  if (parts.length < 2) return '';
  const words = parts.map(([state, share]) =>
    // Each of them stays on one line.
    `${percent(share)} ${STATE_NAMES[state as State]}`.replaceAll(' ', '\u00a0'),
  );
  return `in these ${duration(to - from)}: ${words.join(', ')}`;
}

/**
 * What stands at a place of the lanes, in words; null where nothing is recorded. Marks are as wide as `slack` to both
 * sides of their time; a pixel spans `pixel`.
 */
export function hoverText(
  target: Target,
  t: Ns,
  slack: Ns,
  view: PyramidView,
  meta: TraceMeta,
  pixel: Ns = 0,
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
      marked: [
        ...abortTexts(target.lane, t, slack, view, meta),
        pixelText(target.lane, t - pixel / 2, t + pixel / 2, view),
      ].filter((s) => s !== ''),
    };
  }
  if (target.kind === 'group')
    return { title: target.name, text: groupText(target.threads, t, view), marked: [] };
  if (target.kind === 'area') return { title: target.name, text: areaText(target.band, t), marked: [] };
  const at = view.lockAt(target.lane, t);
  const lock = view.lockOf(target.lane);
  if (at === undefined || lock === undefined) return null;
  if (classOf(lock) === Class.SEQ || classOf(lock) === Class.GRACE) {
    return { title: toldLabel(lock, meta), text: toldText(lock, at, meta), marked: [] };
  }
  if (target.lane < view.locks.length && manyOf(lock) >= 0) {
    const text =
      target.lane === view.laneOfMany(0)
        ? queueText(at, PREEMPTED)
        : `${heldText(at)} · ${queueText(at, 'asleep')}`;
    return { title: lockLabel(lock, meta), text, marked: [] };
  }
  const mark = view.markNear(target.lane, t, slack);
  const others = mark === undefined ? '' : otherMarks(mark, target.lane, t, slack, view);
  return {
    title: objectLabel(lock, meta),
    text: `${ownerText(at, hasModes(lock, meta), meta)} · ${queueText(at, isSpun(kindOf(lock, meta)) ? PREEMPTED : 'asleep')}`,
    marked: [mark === undefined ? '' : markSentence(mark, lock, view, meta), others].filter((s) => s !== ''),
  };
}
