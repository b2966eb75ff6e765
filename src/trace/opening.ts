import { type EventIdx, Flag, Kind, type Moment, type Ns, type ObjectId, State } from '../event/index.ts';
import { type LockTracker, Wait } from './tracker.ts';

/** A hold that is under way. */
export interface OpenHold {
  readonly thread: number;
  readonly lock: ObjectId;
  readonly write: boolean;
  readonly since: Ns;
  readonly site: number;
}

/** A wait that is under way. */
export interface OpenWait extends OpenHold {
  /** Has its place among the sleepers. */
  readonly queued: boolean;
  /** Owns the lock already and has still to run. */
  readonly granted: boolean;
}

/** A system call or fault that is under way; see `Follower`. */
export interface OpenCall {
  readonly thread: number;
  readonly syscall: number;
  readonly syscallSince: Ns;
  readonly phase: number;
  readonly phaseSince: Ns;
  readonly phaseMode: number;
  readonly faultSince: Ns;
}

/** Everything that is under way at one place of a log: what a reader needs to begin there. Plain data. */
export interface Opening {
  /** Id of the record that comes next. */
  readonly next: EventIdx;
  /** `State` of each thread. */
  readonly states: Uint8Array;
  /** By lock, those of one lock in the order of their grants. */
  readonly holds: readonly OpenHold[];
  readonly waits: readonly OpenWait[];
  readonly calls: readonly OpenCall[];
}

/** What is under way for a tracker. */
export function openingOf(k: LockTracker, next: EventIdx, calls: readonly OpenCall[]): Opening {
  const slots = new Set<number>();
  const waits: OpenWait[] = [];
  for (let thread = 0; thread < k.threads; thread++) {
    for (let hold = k.latestHold[thread]; hold >= 0; hold = k.olderHold[hold]) slots.add(k.holdSlot[hold]);
    if (k.waitPhase[thread] === Wait.NONE) continue;
    waits.push({
      thread,
      lock: k.object[k.waitSlot[thread]],
      write: k.waitWrite[thread] === 1,
      since: k.waitSince[thread],
      site: k.waitSite[thread],
      queued: k.waitQueued[thread] === 1,
      granted: k.waitPhase[thread] === Wait.GRANTED,
    });
  }
  const holds: OpenHold[] = [];
  for (const slot of slots) {
    for (let hold = k.firstHold[slot]; hold >= 0; hold = k.nextHold[hold]) {
      holds.push({
        thread: k.holdThread[hold],
        lock: k.object[slot],
        write: k.holdWrite[hold] === 1,
        since: k.holdSince[hold],
        site: k.holdSite[hold],
      });
    }
  }
  // Slots are numbered as they come; locks are what they are.
  holds.sort((a, b) => a.lock - b.lock);
  return { next, states: k.state.slice(), holds, waits, calls };
}

/** The same from a moment: it knows neither the lines at which waits began, nor calls, nor who has still to wake up. */
export function openingOfMoment(moment: Moment): Opening {
  const threads = moment.threads ?? [];
  const states = new Uint8Array(threads.length).fill(State.IDLE);
  for (const { thread, state } of threads) states[thread] = state;
  const spinning = new Set(
    (moment.locks ?? []).flatMap(({ queue }) => queue.flatMap((q) => (q.spinning ? [q.thread] : []))),
  );
  const holds = threads.flatMap(({ thread, holds: held }) =>
    (held ?? []).map(({ lock, mode, sinceNs, site }) => {
      return { thread, lock, write: mode === 'write', since: sinceNs, site };
    }),
  );
  return {
    next: moment.event,
    states,
    holds: holds.sort((a, b) => a.since - b.since),
    waits: threads.flatMap(({ thread, waitsFor }) => {
      if (waitsFor === undefined) return [];
      const { lock, mode, sinceNs } = waitsFor;
      const queued = !spinning.has(thread);
      return [{ thread, lock, write: mode === 'write', since: sinceNs, site: 0, queued, granted: false }];
    }),
    calls: [],
  };
}

/** Brings a new tracker into a state by records as they may have led there; its sink hears of them. */
export function seed(k: LockTracker, opening: Opening): void {
  const granted = new Map(opening.waits.filter((w) => w.granted).map((w) => [w.thread, w]));
  for (const hold of opening.holds) {
    const wait = granted.get(hold.thread);
    const awaited = wait?.lock === hold.lock && wait.since <= hold.since ? wait : undefined;
    if (awaited !== undefined) {
      granted.delete(hold.thread);
      ask(k, awaited, State.RUNNABLE);
    }
    const { since, thread, lock, site } = hold;
    k.record(since, Kind.LOCK_GRANT, thread, lock, site, hold.write ? Flag.WRITE : 0);
  }
  for (const wait of opening.waits) {
    if (!wait.granted) ask(k, wait, wait.queued ? State.WAIT_READ : State.SPIN);
  }
  opening.states.forEach((state, thread) => {
    if (thread < k.threads && state !== k.state[thread]) k.moved(thread, state, 0);
  });
}

function ask(k: LockTracker, { thread, lock, write, since, site }: OpenWait, state: number): void {
  k.moved(thread, state, since);
  k.record(since, Kind.LOCK_REQUEST, thread, lock, site, write ? Flag.WRITE : 0);
}
