import { Flag, Kind, type Ns, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { RangeState, rangeLockId } from '../ranges.ts';
import { Wait } from './face.ts';
import { grantRange, leaveRange } from './range-tree.ts';

/**
 * The list of ranges (Kogan, Dice, Issa, EuroSys 2020; facts locks, section 7). Nodes of what is held stand in order of
 * their start; a place of the list is the head of an mm or, behind the heads, a range. Every place has a line of its own:
 * who walks reads one after the other, who inserts needs that of the place before it alone, who leaves only its own.
 *
 * Two things are simpler than in the paper. A reader or writer looks once more at what came in beside it after its
 * compare-and-swap; here that look and the swap are one step, and who would find something goes round instead. A marked
 * node is only a number at the place before it, which the next who passes pays for.
 */

/** Places as text handles them: when the place was last changed, and below that its number + 1. */
const PLACES = 65_536;

function placeOf(e: Engine, slot: number): number {
  return e.layout.mms + slot;
}

/** Last place before which `from` does not start; `clash` the first range that keeps [from, to) out, -1: none. */
interface Found {
  place: number;
  clash: number;
}
const found: Found = { place: 0, clash: -1 };

/** Walks from the head as far as anything may matter; `visit` sees every place that is passed. */
function walk(
  e: Engine,
  mm: number,
  from: number,
  to: number,
  write: number,
  visit: ((place: number) => void) | null,
): Found {
  const { w, ranges } = e;
  let place = mm;
  found.place = mm;
  found.clash = -1;
  for (;;) {
    if (visit !== null) visit(place);
    const slot = (w.rangeNext[place] as number) - 1;
    if (slot < 0 || (w.rangeStart[slot] as number) >= to) break;
    if (ranges.overlaps(slot, from, to) && (write === 1 || w.rangeWrite[slot] === 1)) {
      found.clash = slot;
      if (visit !== null) visit(placeOf(e, slot));
      break;
    }
    place = placeOf(e, slot);
    if ((w.rangeStart[slot] as number) <= from) found.place = place;
  }
  return found;
}

/** When a walk by `cpu` is done: the lines of the places one after the other, and marked nodes taken out on the way. */
export function listWalkEnd(e: Engine, mm: number, from: number, to: number, write: number, cpu: number): Ns {
  let end = e.now;
  walk(e, mm, from, to, write, (place) => {
    const line = e.words.ofRange(place);
    end += e.words.read(line, cpu) - e.now;
    if ((e.w.rangeMarked[place] as number) > 0) end += e.words.locked(line, cpu) - e.now;
  });
  return end;
}

/** The effect of range_list_find. */
export function listFind(e: Engine, mm: number, from: number, to: number, write: number): number {
  const { w } = e;
  const { place, clash } = walk(e, mm, from, to, write, (passed) => {
    if (w.rangeMarked[passed] === 0) return;
    w.rangeMarked[passed] = 0;
    w.rangeStamp[passed] = e.ranges.next(mm);
  });
  return clash >= 0 ? 0 : (w.rangeStamp[place] as number) * PLACES + place + 1;
}

/** Line of the place in a handle of `listFind`. */
export function listLine(e: Engine, handle: number): number {
  const place = (handle % PLACES) - 1;
  return e.words.ofRange(place < 0 ? 0 : place);
}

/** The effect of range_list_insert: false if the list is not what it was at that place. */
export function listInsert(
  e: Engine,
  thread: number,
  mm: number,
  from: number,
  to: number,
  write: 0 | 1,
  handle: number,
): boolean {
  const { w, ranges } = e;
  const place = (handle % PLACES) - 1;
  if (place < 0 || place >= w.rangeStamp.length) return false;
  if ((w.rangeStamp[place] as number) * PLACES + place + 1 !== handle) return false;
  if (walk(e, mm, from, to, write, null).clash >= 0) return false;
  const wanted = ranges.own(thread, mm, RangeState.WANTED);
  if (wanted >= 0) ranges.free(wanted);
  const slot = ranges.take(thread, mm, from, to, write, RangeState.HELD);
  if (slot < 0) return true;
  const own = placeOf(e, slot);
  w.rangeNext[own] = w.rangeNext[place] as number;
  w.rangeNext[place] = slot + 1;
  w.rangeStamp[own] = ranges.next(mm);
  w.rangeStamp[place] = ranges.next(mm);
  // It wrote its node before it swapped; others fetch it from here.
  w.wordCpu[e.words.ofRange(own)] = (w.threadCpu[thread] as number) + 1;
  grantRange(e, thread, mm, slot, e.runState(thread) | (wanted >= 0 ? Flag.CONTENDED : 0));
  return true;
}

/** Line of the node that range_list_mark writes. */
export function listOwnLine(e: Engine, thread: number, mm: number): number {
  const slot = e.ranges.own(thread, mm, RangeState.HELD);
  return e.words.ofRange(slot < 0 ? mm : placeOf(e, slot));
}

/** The effect of range_list_mark; false when the thread has no range. */
export function listMark(e: Engine, thread: number, mm: number): boolean {
  const { w, ranges } = e;
  const slot = ranges.own(thread, mm, RangeState.HELD);
  if (slot < 0) return false;
  const own = placeOf(e, slot);
  let before = mm;
  while (w.rangeNext[before] !== slot + 1) before = placeOf(e, (w.rangeNext[before] as number) - 1);
  leaveRange(e, thread, mm, slot);
  w.rangeNext[before] = w.rangeNext[own] as number;
  w.rangeMarked[before] = (w.rangeMarked[before] as number) + (w.rangeMarked[own] as number) + 1;
  w.rangeNext[own] = 0;
  w.rangeMarked[own] = 0;
  w.rangeStamp[own] = 0;
  ranges.free(slot);
  for (let s = 0; s < w.sizes.ranges; s++) {
    if (w.rangeState[s] !== RangeState.WANTED || w.rangeBlockers[s] !== slot + 1) continue;
    w.rangeBlockers[s] = 0;
    const waiter = ranges.threadOf(s);
    if (w.waiting[waiter] !== Wait.SPIN) continue;
    const cpu = w.threadCpu[waiter] as number;
    e.q.set(cpu, e.words.read(e.words.ofRange(own), cpu));
  }
  return true;
}

/** The effect of range_list_wait: called again whenever the spinner looks. */
export function listWait(
  e: Engine,
  thread: number,
  mm: number,
  from: number,
  to: number,
  write: 0 | 1,
): void {
  const { w, ranges } = e;
  const lock = rangeLockId(mm);
  const how = w.waiting[thread];
  const spins = how === Wait.SPIN || how === Wait.YIELDED;
  let slot = ranges.own(thread, mm, RangeState.WANTED);
  if (spins && w.rangeBlockers[slot] === 0) {
    endSpin(e, thread, lock, how === Wait.SPIN);
    return;
  }
  const clash = spins ? -1 : walk(e, mm, from, to, write, null).clash;
  if (!spins && clash < 0) return;
  if (w.killable[thread] === 1 && w.killed[thread] === 1) {
    giveUp(e, thread, mm, slot, how === Wait.SPIN);
    return;
  }
  if (spins) {
    spinOn(e, thread, lock, how === Wait.YIELDED);
    return;
  }
  const first = slot < 0;
  if (first) slot = ranges.take(thread, mm, from, to, write, RangeState.WANTED);
  if (slot < 0) return;
  if (first) w.rangeSince[slot] = e.now;
  w.rangeBlockers[slot] = clash + 1;
  w.waiting[thread] = Wait.SPIN;
  e.beginWait(thread, lock, write, State.SPIN);
  // One wait, however many nodes it has to see marked.
  w.waitSince[thread] = w.rangeSince[slot] as number;
  idle(e, thread);
  if (first) {
    const depth = ranges.count(mm, RangeState.WANTED);
    e.emit(Kind.LOCK_REQUEST, thread, lock, depth, State.SPIN | (write === 1 ? Flag.WRITE : 0));
  } else e.emitState(thread, lock);
}

function idle(e: Engine, thread: number): void {
  if (!e.machine.zone.spinnersSlow) e.cpus.setThreadBusy(thread, 0);
}

/** It goes on spinning, or gives its CPU away. */
function spinOn(e: Engine, thread: number, lock: number, isBack: boolean): void {
  const { w } = e;
  e.blocked = true;
  if (isBack) {
    w.waiting[thread] = Wait.SPIN;
    e.setState(thread, State.SPIN);
    idle(e, thread);
    e.emitState(thread, lock);
  } else if (w.cpuResched[w.threadCpu[thread] as number] === 1 && w.noPreempt[thread] === 0)
    w.waiting[thread] = Wait.YIELDED;
}

function endSpin(e: Engine, thread: number, lock: number, onCpu: boolean): void {
  e.endWait(thread);
  if (!onCpu) return;
  e.setState(thread, e.runState(thread));
  e.cpus.setThreadBusy(thread, 1);
  e.emitState(thread, lock);
}

/** A fatal signal ended the wait; `slot` is -1 where it had not begun. */
function giveUp(e: Engine, thread: number, mm: number, slot: number, onCpu: boolean): void {
  const { w } = e;
  e.interrupted = true;
  if (slot < 0) return;
  const flags = w.rangeWrite[slot] === 1 ? Flag.WRITE : 0;
  e.ranges.free(slot);
  e.endWait(thread);
  if (onCpu) {
    e.setState(thread, e.runState(thread));
    e.cpus.setThreadBusy(thread, 1);
  }
  e.emit(Kind.LOCK_CANCEL, thread, rangeLockId(mm), 0, (w.state[thread] as number) | flags);
}
