import { Flag, Kind, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { Outcome, Reason } from '../outcome.ts';
import { RangeState, rangeLockId } from '../ranges.ts';
import { Wait } from './face.ts';
import { payWake } from './sleeping.ts';

/**
 * The tree of ranges (Jan Kara, 2013; drivers/staging/lustre/lustre/llite/range_lock.c; facts locks, section 7). What is
 * here happens under the tree's spinlock, which the paths take by name. A request counts the earlier ranges that clash
 * with it, granted or not; whoever leaves takes one off the count of every later one that it kept out, and wakes those
 * that come to 0: they have their range from then on. The shape of the tree is not kept, only how deep it is.
 */

/** The thread has its range from here on, and a record says so. */
export function grantRange(e: Engine, thread: number, mm: number, slot: number, flags: number): void {
  const { w } = e;
  w.rangeState[slot] = RangeState.HELD;
  w.rangeBlockers[slot] = 0;
  const write = w.rangeWrite[slot] as 0 | 1;
  const lock = rangeLockId(mm);
  e.hold(thread, lock, write);
  e.watch.rangeHold(thread, slot, mm, w.rangeStart[slot] as number, w.rangeEnd[slot] as number, write);
  const held = e.ranges.count(mm, RangeState.HELD);
  e.emit(Kind.LOCK_GRANT, thread, lock, held, flags | (write === 1 ? Flag.WRITE : 0));
}

/** The thread no longer has its range. */
export function leaveRange(e: Engine, thread: number, mm: number, slot: number): void {
  const { w } = e;
  const write = w.rangeWrite[slot] as 0 | 1;
  const lock = rangeLockId(mm);
  e.unhold(thread, lock, write);
  e.watch.rangeRelease(thread, slot);
  const left = e.ranges.count(mm, RangeState.HELD) - 1;
  e.emit(Kind.LOCK_RELEASE, thread, lock, left, (w.state[thread] as number) | (write === 1 ? Flag.WRITE : 0));
}

/** Nodes that are looked at for pages [from, to): one a level of a balanced tree, and all that overlap. */
export function treeNodes(e: Engine, mm: number, from: number, to: number): number {
  const { w } = e;
  let nodes = 0;
  let met = 0;
  for (let s = 0; s < w.sizes.ranges; s++) {
    if (w.rangeMm[s] !== mm + 1) continue;
    nodes++;
    if (e.ranges.overlaps(s, from, to)) met++;
  }
  let levels = 1;
  for (let n = 1; n < nodes; n *= 2) levels++;
  return levels + met;
}

/** The effect of range_insert: how many keep the range out. */
export function treeInsert(
  e: Engine,
  thread: number,
  mm: number,
  from: number,
  to: number,
  write: 0 | 1,
): number {
  const { w, ranges } = e;
  const slot = ranges.take(thread, mm, from, to, write, RangeState.ASKED);
  if (slot < 0) return 0;
  let blockers = 0;
  for (let s = 0; s < w.sizes.ranges; s++)
    if (s !== slot && w.rangeMm[s] === mm + 1 && ranges.clash(s, slot)) blockers++;
  if (blockers === 0) grantRange(e, thread, mm, slot, e.runState(thread));
  else w.rangeBlockers[slot] = blockers;
  return blockers;
}

/** The effect of range_tryinsert. */
export function treeTry(
  e: Engine,
  thread: number,
  mm: number,
  from: number,
  to: number,
  write: 0 | 1,
): 0 | 1 {
  const { w, ranges } = e;
  for (let s = 0; s < w.sizes.ranges; s++) {
    if (w.rangeMm[s] !== mm + 1 || !ranges.overlaps(s, from, to)) continue;
    if (write === 0 && w.rangeWrite[s] === 0) continue;
    const flags = (w.state[thread] as number) | (write === 1 ? Flag.WRITE : 0);
    e.emit(Kind.LOCK_TRY_FAIL, thread, rangeLockId(mm), 0, flags);
    return 0;
  }
  treeInsert(e, thread, mm, from, to, write);
  return 1;
}

/** The effect of range_wait: it sleeps, unless the last one in its way has left meanwhile. */
export function treeWait(e: Engine, thread: number, mm: number): void {
  const { w, ranges } = e;
  const slot = ranges.own(thread, mm, RangeState.ASKED);
  if (slot < 0) return;
  if (w.rangeBlockers[slot] === 0) {
    grantRange(e, thread, mm, slot, e.runState(thread));
    return;
  }
  if (w.killable[thread] === 1 && w.killed[thread] === 1) {
    e.interrupted = true;
    return;
  }
  const write = w.rangeWrite[slot] as 0 | 1;
  const lock = rangeLockId(mm);
  const state = write === 1 ? State.WAIT_WRITE : State.WAIT_READ;
  w.waiting[thread] = Wait.QUEUED;
  w.queuedAt[thread] = e.now;
  e.beginWait(thread, lock, write, state);
  const depth = ranges.count(mm, RangeState.ASKED);
  e.emit(Kind.LOCK_REQUEST, thread, lock, depth, state | (write === 1 ? Flag.WRITE : 0));
}

/** The effect of range_remove: of a range that the thread holds, or had asked for in vain. */
export function treeRemove(e: Engine, thread: number, mm: number): void {
  const { w, ranges } = e;
  // Called once more when the wake-ups are paid for.
  if ((w.sub[thread] as number) > 0) return;
  const asked = ranges.own(thread, mm, RangeState.ASKED);
  const slot = asked >= 0 ? asked : ranges.own(thread, mm, RangeState.HELD);
  if (slot < 0) {
    e.stop(Outcome.STUCK, Reason.NOT_HELD, thread);
    return;
  }
  if (asked < 0) leaveRange(e, thread, mm, slot);
  // Gone for whoever is given its range below; what it kept out is still to be seen.
  w.rangeState[slot] = 0;
  let woken = 0;
  for (let s = 0; s < w.sizes.ranges; s++) {
    if (s === slot || w.rangeMm[s] !== mm + 1 || (w.rangeOrder[s] as number) < (w.rangeOrder[slot] as number))
      continue;
    if (!ranges.clash(s, slot)) continue;
    const left = (w.rangeBlockers[s] as number) - 1;
    w.rangeBlockers[s] = left;
    if (left === 0 && wakeFor(e, thread, mm, s, woken + 1)) woken++;
  }
  ranges.free(slot);
  payWake(e, woken);
}

/** Nothing keeps a range out any more: its thread has it, and is woken if it sleeps. False if it does not sleep yet. */
function wakeFor(e: Engine, waker: number, mm: number, slot: number, nth: number): boolean {
  const { w } = e;
  const thread = e.ranges.threadOf(slot);
  const lock = rangeLockId(mm);
  if (w.waiting[thread] !== Wait.QUEUED || w.waitLock[thread] !== lock) return false;
  if (slot !== e.ranges.own(thread, mm, RangeState.ASKED)) return false;
  endSleep(e, thread);
  e.complete(thread, 0);
  e.emit(Kind.WAKE, waker, lock, thread, w.state[waker] as number);
  grantRange(e, thread, mm, slot, State.RUNNABLE | Flag.CONTENDED);
  e.cpus.wakeGranted(thread, e.machine.sched.wakeCost.value * nth);
  return true;
}

/** A sleeper waits no more. */
export function endSleep(e: Engine, thread: number): void {
  const { w } = e;
  w.queuedAt[thread] = 0;
  w.hung[thread] = 0;
  e.endWait(thread);
}
