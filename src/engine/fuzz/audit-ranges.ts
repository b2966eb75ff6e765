import { State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { spins, Wait } from '../locks/face.ts';
import { Outcome } from '../outcome.ts';
import { RangeState, rangeLockId } from '../ranges.ts';
import { MAX_HELD, RANGES } from '../world.ts';
import type { Complain } from './audit-cpus.ts';

/** Ranges of an mm in a state. */
function slotsOf(e: Engine, mm: number, state: number): number[] {
  const { w } = e;
  const all = Array.from({ length: w.sizes.ranges }, (_, s) => s);
  return all.filter((s) => w.rangeMm[s] === mm + 1 && w.rangeState[s] === state);
}

/** Written out once more, so that the audit does not believe the model: the ranges overlap, and one of them writes. */
function clash(e: Engine, a: number, b: number): boolean {
  const { rangeStart, rangeEnd, rangeWrite } = e.w;
  const from = Math.max(rangeStart[a] as number, rangeStart[b] as number);
  const to = Math.min(rangeEnd[a] as number, rangeEnd[b] as number);
  return from < to && (rangeWrite[a] === 1 || rangeWrite[b] === 1);
}

/** Holds of the range lock in the threads' own lists, by thread and mode. */
function holdsOf(e: Engine, mm: number): string[] {
  const { heldCount, heldLock, heldWrite, sizes } = e.w;
  const holds: string[] = [];
  for (let t = 0; t < sizes.threads; t++) {
    for (let k = t * MAX_HELD; k < t * MAX_HELD + (heldCount[t] as number); k++)
      if (heldLock[k] === rangeLockId(mm)) holds.push(`${t}:${heldWrite[k]}`);
  }
  return holds.sort();
}

/** The list of an mm: all that is held and nothing else, by start. Returns false where it is none. */
function auditList(e: Engine, mm: number, held: readonly number[], complain: Complain): boolean {
  const { w } = e;
  const list: number[] = [];
  for (let at = w.rangeNext[mm] as number; at !== 0; at = w.rangeNext[e.layout.mms + at - 1] as number) {
    list.push(at - 1);
    if (list.length > held.length) break;
  }
  if ([...list].sort((a, b) => a - b).join() !== held.join()) {
    complain(`the list of ranges of mm ${mm} has ${list}, held are ${held}`);
    return false;
  }
  list.forEach((s, k) => {
    const before = list[k - 1];
    if (before !== undefined && (w.rangeStart[before] as number) > (w.rangeStart[s] as number))
      complain(`the list of ranges of mm ${mm} is not sorted at ${k}`);
  });
  return true;
}

/**
 * Range locks: who holds what does not clash, counts of blockers are right, nobody is forgotten, and unused places are
 * zeroed. `waiters`: threads that wait for the range lock of the mm.
 */
export function auditRanges(e: Engine, mm: number, waiters: readonly number[], complain: Complain): void {
  const { w } = e;
  if (w.sizes.ranges === 0) return;
  const held = slotsOf(e, mm, RangeState.HELD);
  const asked = slotsOf(e, mm, RangeState.ASKED);
  const wanted = slotsOf(e, mm, RangeState.WANTED);
  for (const a of held) {
    for (const b of held) if (a < b && clash(e, a, b)) complain(`ranges ${a} and ${b} are held and clash`);
  }
  const modes = held.map((s) => `${e.ranges.threadOf(s)}:${w.rangeWrite[s]}`).sort();
  const holds = holdsOf(e, mm);
  if (modes.join() !== holds.join())
    complain(`ranges of mm ${mm} are held by ${modes}, threads hold ${holds}`);
  const seen = Array.from(w.seenMm, (_, s) => s).filter((s) => w.seenMm[s] === mm + 1);
  if (seen.join() !== held.join()) complain(`ranges ${held} of mm ${mm} are held, watched are ${seen}`);
  for (const s of asked) auditAsked(e, mm, s, [...held, ...asked], complain);
  // Only lists have places that were ever changed.
  if (w.rangeStamp.some((stamp) => stamp !== 0)) auditList(e, mm, held, complain);
  for (const s of wanted) auditWanted(e, mm, s, complain);
  const ours = new Set([...asked, ...wanted].map((s) => e.ranges.threadOf(s)));
  for (const t of waiters) if (!ours.has(t)) complain(`thread ${t} waits for a range that it never named`);
  auditUnused(e, complain);
}

/** A range of a tree that is not held yet. */
function auditAsked(e: Engine, mm: number, s: number, all: readonly number[], complain: Complain): void {
  const { w } = e;
  const order = w.rangeOrder[s] as number;
  const blockers = all.filter((b) => (w.rangeOrder[b] as number) < order && clash(e, b, s)).length;
  if (w.rangeBlockers[s] !== blockers)
    complain(`range ${s} counts ${w.rangeBlockers[s]} in its way of ${blockers}`);
  const t = e.ranges.threadOf(s);
  const sleeps = w.waiting[t] === Wait.QUEUED && w.waitLock[t] === rangeLockId(mm);
  if (!sleeps) return;
  if (blockers === 0 && w.run[0] === Outcome.RUNNING)
    complain(`lost wake-up: nothing keeps thread ${t} from range ${s}`);
  const state = w.rangeWrite[s] === 1 ? State.WAIT_WRITE : State.WAIT_READ;
  if (w.state[t] !== state) complain(`thread ${t} sleeps for range ${s} with state ${w.state[t]}`);
}

/** A range whose thread spins, or goes round, for a place in a list. */
function auditWanted(e: Engine, mm: number, s: number, complain: Complain): void {
  const { w } = e;
  const t = e.ranges.threadOf(s);
  const how = w.waiting[t] as number;
  const waits = w.waitLock[t] === rangeLockId(mm);
  if (waits && how !== Wait.SPIN && how !== Wait.YIELDED)
    complain(`thread ${t} waits (${how}) for range ${s}`);
  const blocker = (w.rangeBlockers[s] as number) - 1;
  if (blocker >= 0 && (w.rangeState[blocker] !== RangeState.HELD || !clash(e, blocker, s)))
    complain(`range ${s} waits for range ${blocker}, which is not in its way`);
  const event = e.cpus.onCpu(t) && e.q.has(w.threadCpu[t] as number);
  if (waits && spins(how) && blocker < 0 && !event && w.run[0] === Outcome.RUNNING)
    complain(`lost wake-up: thread ${t} spins for range ${s}, which nobody has`);
}

function auditUnused(e: Engine, complain: Complain): void {
  const { w } = e;
  for (let s = 0; s < w.sizes.ranges; s++) {
    if (w.rangeMm[s] !== 0) continue;
    const columns = [w.rangeState, w.rangeWrite, w.rangeStart, w.rangeEnd, w.rangeOrder, w.rangeBlockers];
    const place = e.layout.mms + s;
    const rest = [
      w.seenMm[s],
      w.seenStart[s],
      w.seenEnd[s],
      w.seenWrite[s],
      w.rangeSince[s],
      w.rangeNext[place],
      w.rangeStamp[place],
      w.rangeMarked[place],
    ];
    if ([...columns.map((c) => c[s]), ...rest].some((v) => v !== 0))
      complain(`place ${s % RANGES} for ranges of thread ${e.ranges.threadOf(s)} is not zeroed`);
  }
}
