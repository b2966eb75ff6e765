import { type Ns, type ObjectId, State } from '../event/index.ts';
import type { LockTracker } from './tracker.ts';

/** Holds that are told one by one. */
const TOLD = 6;

/** A hold by another thread during a wait. Times in ns. */
export interface StoryHold {
  readonly thread: number;
  readonly write: boolean;
  /** Since when it held the lock, which may be before the wait began. */
  readonly sinceNs: Ns;
  /** Until when, at most the end of the wait; `released` if that was its end. */
  readonly untilNs: Ns;
  readonly released: boolean;
  /** The line at which it asked for the lock. */
  readonly site: number;
  /** The part within the wait, by what the holder did: ran, spun for a lock, slept for one, wanted a CPU, slept otherwise. */
  readonly ranNs: Ns;
  readonly spunNs: Ns;
  readonly blockedNs: Ns;
  readonly runnableNs: Ns;
  readonly idleNs: Ns;
  /** What it waited for itself, the longest if there was more; 0 for nothing. */
  readonly blockedOn: ObjectId;
}

/** All holds of a story, and those that are told. */
export interface ToldHolds {
  readonly holds: readonly StoryHold[];
  readonly holdCount: number;
  readonly holders: number;
  readonly heldNs: Ns;
}

interface Active {
  readonly hold: number;
  readonly thread: number;
  readonly write: boolean;
  readonly since: Ns;
  readonly from: Ns;
  readonly site: number;
  /** ns per `State` within the wait, and since when it is in its present one. */
  readonly ns: Float64Array;
  movedAt: Ns;
  blockedOn: ObjectId;
  blockedNs: Ns;
}

/** Follows who holds a lock during one wait for it, and what each holder does meanwhile. */
export class StoryHolds {
  readonly #tracker: LockTracker;
  readonly #active: Active[] = [];
  readonly #threads = new Set<number>();
  #told: StoryHold[] = [];
  #count = 0;
  #ns = 0;

  constructor(tracker: LockTracker) {
    this.#tracker = tracker;
  }

  /** Holds that are under way. */
  get active(): number {
    return this.#active.length;
  }

  /** A hold begins, or is found at the beginning of the wait at `t`. */
  begin(hold: number, t: Ns): void {
    const k = this.#tracker;
    this.#threads.add(k.holdThread[hold]);
    this.#count++;
    this.#active.push({
      hold,
      thread: k.holdThread[hold],
      write: k.holdWrite[hold] === 1,
      since: k.holdSince[hold],
      from: t,
      site: k.holdSite[hold],
      ns: new Float64Array(8),
      movedAt: t,
      blockedOn: 0,
      blockedNs: 0,
    });
  }

  /** A thread is about to change its state. */
  moving(thread: number, t: Ns): void {
    for (const hold of this.#active) if (hold.thread === thread) this.#spend(hold, t);
  }

  #spend(hold: Active, t: Ns): void {
    const { state, waitSlot, object } = this.#tracker;
    const now = state[hold.thread];
    const ns = t - hold.movedAt;
    hold.ns[now] += ns;
    hold.movedAt = t;
    const slot = waitSlot[hold.thread];
    if (slot < 0 || now < State.SPIN || now > State.WAIT_WRITE || ns <= hold.blockedNs) return;
    hold.blockedOn = object[slot];
    hold.blockedNs = ns;
  }

  /** A hold ends. */
  end(hold: number, t: Ns): void {
    const at = this.#active.findIndex((active) => active.hold === hold);
    const active = this.#active[at];
    if (active === undefined) return;
    this.#active.splice(at, 1);
    this.#tell(active, t, true);
  }

  #tell(active: Active, t: Ns, released: boolean): void {
    this.#spend(active, t);
    this.#ns += t - active.from;
    const least = this.#told[this.#told.length - 1];
    const { ns } = active;
    if (this.#told.length === TOLD && t - active.from <= lengthOf(least)) return;
    this.#told.push({
      thread: active.thread,
      write: active.write,
      sinceNs: active.since,
      untilNs: t,
      released,
      site: active.site,
      ranNs: ns[State.USER] + ns[State.KERNEL],
      spunNs: ns[State.SPIN],
      blockedNs: ns[State.WAIT_READ] + ns[State.WAIT_WRITE],
      runnableNs: ns[State.RUNNABLE],
      idleNs: ns[State.IDLE] + ns[State.DONE],
      blockedOn: active.blockedOn,
    });
    this.#told = this.#told.sort((a, b) => lengthOf(b) - lengthOf(a)).slice(0, TOLD);
  }

  /** The wait ends. */
  finish(t: Ns): void {
    for (const active of this.#active.splice(0)) this.#tell(active, t, false);
  }

  told(): ToldHolds {
    return {
      holds: this.#told.toSorted((a, b) => a.sinceNs - b.sinceNs),
      holdCount: this.#count,
      holders: this.#threads.size,
      heldNs: this.#ns,
    };
  }
}

/** The part of a hold within the wait. */
function lengthOf(hold: StoryHold): Ns {
  return hold.ranNs + hold.spunNs + hold.blockedNs + hold.runnableNs + hold.idleNs;
}
