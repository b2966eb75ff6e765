import {
  type Chunk,
  type EventIdx,
  Flag,
  Kind,
  type Ns,
  type ObjectId,
  State,
  type TraceMeta,
} from '../event/index.ts';
import { Follower, type FollowSink } from './follower.ts';
import type { Opening } from './opening.ts';
import { type StoryHold, StoryHolds } from './story-holds.ts';
import { Wait } from './tracker.ts';

/** Those who stood before it, and those who passed it, that are named. */
const NAMED = 8;

/** Somebody who waits for the same lock. */
export interface StoryWaiter {
  readonly thread: number;
  readonly write: boolean;
  readonly sinceNs: Ns;
  readonly queued: boolean;
}

/** A thread that took the lock past the queue. */
export interface StorySteal {
  readonly thread: number;
  readonly write: boolean;
  readonly atNs: Ns;
  readonly site: number;
}

/** What another thread did for the one that waits; `thread` is NO_THREAD for the machine itself. */
export interface StoryDeed {
  readonly thread: number;
  readonly atNs: Ns;
  readonly site: number;
}

/** How a wait came about, went on and ended. Times in ns; sites are lines. */
export interface WaitStory {
  readonly thread: number;
  readonly lock: ObjectId;
  readonly write: boolean;
  /** The record with which it asked. */
  readonly request: EventIdx;
  /** The line at which it asked. */
  readonly site: number;
  readonly sinceNs: Ns;
  /** The end of the wait, or of the recording. */
  readonly untilNs: Ns;
  /** Runs with the lock; gave up; or neither has happened as far as is recorded. */
  readonly end: 'got' | 'gave up' | 'waiting';
  /** Since when it owns the lock; it may have had to wake up first. */
  readonly grantedNs: Ns | null;
  /** Handed over: nobody else could have taken it. */
  readonly handedOver: boolean;
  /** The wait by what the thread did: spin, sleep, want a CPU, run otherwise. */
  readonly spinNs: Ns;
  readonly sleepNs: Ns;
  readonly runnableNs: Ns;
  readonly otherNs: Ns;
  /** Time in which nobody held the lock and it was not this thread's yet. */
  readonly freeNs: Ns;
  /** Those who waited already, the longest first; `aheadCount` of them in all. */
  readonly ahead: readonly StoryWaiter[];
  readonly aheadCount: number;
  /** Those who took the lock past it while it queued. */
  readonly steals: readonly StorySteal[];
  readonly stealCount: number;
  /** Holds by others during the wait: the longest few in the order of their beginnings, and all of them together. */
  readonly holds: readonly StoryHold[];
  readonly holdCount: number;
  readonly holders: number;
  readonly heldNs: Ns;
  /** Who released (or downgraded) the lock last before it was granted. */
  readonly releasedBy: StoryDeed | null;
  /** Who woke the thread last, and how often it was woken: all but the last time in vain, if it got the lock. */
  readonly wokenBy: StoryDeed | null;
  readonly wakeCount: number;
}

/** Which wait: the record that asked, or a thread and the time when it did. */
export type Asked = EventIdx | { readonly thread: number; readonly t: Ns };

/**
 * Tells one wait from the records: fed from an opening at or before the request on, until it is `over`. Where several
 * requests fit (a thread may ask twice in a nanosecond), the last one is told.
 */
export class StoryTeller implements FollowSink {
  /** The wait has ended, and with it the story. */
  over = false;
  readonly #meta: TraceMeta;
  readonly #asked: Asked;
  readonly #follower: Follower;
  /** The thread, -1 before its request; the slot and id of the lock. */
  #me = -1;
  #slot = -1;
  #lock: ObjectId = 0;
  #request: EventIdx = -1;
  #since: Ns = 0;
  #site = 0;
  #write = false;
  #until: Ns = 0;
  #end: WaitStory['end'] = 'waiting';
  #granted: Ns | null = null;
  #handedOver = false;
  /** ns per `State` of the thread, and since when it is in its present one. */
  readonly #stateNs = new Float64Array(8);
  #movedAt: Ns = 0;
  #freeNs = 0;
  #freeSince: Ns = -1;
  #ahead: StoryWaiter[] = [];
  #aheadCount = 0;
  readonly #steals: StorySteal[] = [];
  #stealCount = 0;
  #holds: StoryHolds;
  #released: StoryDeed | null = null;
  #woken: StoryDeed | null = null;
  #wakeCount = 0;
  /** A downgrade is being taken in; the hold that it changes. */
  #downgrade = false;
  #downgraded = -1;

  constructor(meta: TraceMeta, opening: Opening, asked: Asked) {
    this.#meta = meta;
    this.#asked = asked;
    this.#follower = new Follower(meta, this);
    this.#holds = new StoryHolds(this.#follower.tracker);
    this.#follower.open(opening);
  }

  /** Id of the record that comes next. */
  get next(): EventIdx {
    return this.#follower.next;
  }

  /** True once the request has been seen. */
  get begun(): boolean {
    return this.#me >= 0;
  }

  /** Takes in records [from, to) of a chunk: all those that follow the ones before, without gaps. */
  add(chunk: Chunk, from: number, to: number): void {
    const { thread, kind, t, arg, site, flags, object } = chunk;
    // All that comes before the request is only there to be followed.
    const start =
      typeof this.#asked === 'number' ? Math.max(from, Math.min(to, this.#asked - chunk.first)) : from;
    this.#follower.add(chunk, from, start);
    for (let i = start; i < to; i++) {
      const k = kind[i];
      // What a record does to the lock has to be known before the follower takes it in.
      if (this.#me >= 0 && !this.over) {
        if (k === Kind.WAKE && arg[i] === this.#me) {
          this.#woken = { thread: thread[i], atNs: t[i], site: site[i] };
          this.#wakeCount++;
        } else if (object[i] === this.#lock) this.#atLock(k, thread[i], t[i], site[i], flags[i]);
      }
      this.#follower.add(chunk, i, i + 1);
      this.#downgrade = false;
      if (k === Kind.LOCK_REQUEST && this.#isAsked(chunk, i)) this.#begin(chunk, i);
    }
  }

  #isAsked({ first, thread, t }: Chunk, i: number): boolean {
    const asked = this.#asked;
    if (typeof asked === 'number') return first + i === asked;
    return thread[i] === asked.thread && t[i] === asked.t;
  }

  #begin(chunk: Chunk, i: number): void {
    const k = this.#follower.tracker;
    const thread = chunk.thread[i];
    if (thread >= k.threads || k.waitSlot[thread] < 0) return;
    this.#me = thread;
    this.#slot = k.waitSlot[thread];
    this.#lock = k.object[this.#slot];
    this.#request = chunk.first + i;
    this.#since = this.#until = this.#movedAt = chunk.t[i];
    this.#site = chunk.site[i];
    this.#write = k.waitWrite[thread] === 1;
    this.#end = 'waiting';
    this.#granted = this.#released = this.#woken = null;
    this.#wakeCount = this.#stealCount = this.#steals.length = this.#freeNs = 0;
    this.#handedOver = false;
    this.#stateNs.fill(0);
    this.over = false;
    const ahead = [];
    for (let other = 0; other < k.threads; other++) {
      if (other === thread || k.waitSlot[other] !== this.#slot || k.waitPhase[other] !== Wait.QUEUED)
        continue;
      const [write, sinceNs] = [k.waitWrite[other] === 1, k.waitSince[other]];
      ahead.push({ thread: other, write, sinceNs, queued: k.waitQueued[other] === 1 });
    }
    this.#aheadCount = ahead.length;
    this.#ahead = ahead.sort((a, b) => a.sinceNs - b.sinceNs).slice(0, NAMED);
    this.#holds = new StoryHolds(k);
    for (let hold = k.firstHold[this.#slot]; hold >= 0; hold = k.nextHold[hold]) {
      this.#holds.begin(hold, this.#since);
    }
    this.#freeSince = this.#holds.active === 0 ? this.#since : -1;
  }

  /** A record about the lock that is waited for. */
  #atLock(kind: number, thread: number, t: Ns, site: number, flags: number): void {
    if (kind === Kind.LOCK_GRANT) {
      if (thread === this.#me) this.#handedOver = (flags & Flag.HANDOFF) !== 0;
      else if ((flags & Flag.STEAL) !== 0) this.#stolen(thread, t, site, flags);
    } else if (kind === Kind.LOCK_RELEASE || kind === Kind.LOCK_DOWNGRADE) {
      if (this.#granted === null) this.#released = { thread, atNs: t, site };
      this.#downgrade = kind === Kind.LOCK_DOWNGRADE;
    } else if (kind === Kind.LOCK_CANCEL && thread === this.#me) this.#end = 'gave up';
  }

  #stolen(thread: number, atNs: Ns, site: number, flags: number): void {
    const k = this.#follower.tracker;
    if (k.waitPhase[this.#me] !== Wait.QUEUED || k.waitQueued[this.#me] === 0) return;
    this.#stealCount++;
    const write = (flags & Flag.WRITE) !== 0;
    if (this.#steals.length < NAMED) this.#steals.push({ thread, write, atNs, site });
  }

  changed(slot: number, t: Ns): void {
    if (!this.#downgrade || this.#downgraded < 0 || slot !== this.#slot) return;
    // The write hold has ended; it goes on as a read hold.
    this.#free(t);
    this.#holds.begin(this.#downgraded, t);
    this.#downgraded = -1;
  }

  waits(): void {}
  called(): void {}
  phased(): void {}
  faulted(): void {}
  faultedOften(): void {}

  moving(thread: number, t: Ns): void {
    if (this.#me < 0 || this.over) return;
    if (thread === this.#me) this.#spend(t);
    this.#holds.moving(thread, t);
  }

  #spend(t: Ns): void {
    this.#stateNs[this.#follower.tracker.state[this.#me]] += t - this.#movedAt;
    this.#movedAt = t;
  }

  waited(slot: number, thread: number, t: Ns): void {
    if (thread !== this.#me || slot !== this.#slot || this.over) return;
    if (this.#end !== 'gave up') this.#end = 'got';
    this.#close(t);
    this.over = true;
  }

  holds(slot: number, hold: number, t: Ns): void {
    if (!this.#blocked || slot !== this.#slot) return;
    this.#free(t);
    if (this.#follower.tracker.holdThread[hold] === this.#me) {
      // Who holds it besides keeps it from nothing any more.
      this.#granted = t;
      this.#holds.finish(t);
    } else this.#holds.begin(hold, t);
  }

  held(slot: number, hold: number, t: Ns): void {
    if (!this.#blocked || slot !== this.#slot) return;
    this.#holds.end(hold, t);
    if (this.#holds.active === 0) this.#freeSince = t;
    if (this.#downgrade) this.#downgraded = hold;
  }

  /** The thread waits, and does not own the lock yet. */
  get #blocked(): boolean {
    return this.#me >= 0 && !this.over && this.#granted === null;
  }

  #free(t: Ns): void {
    if (this.#freeSince >= 0) this.#freeNs += t - this.#freeSince;
    this.#freeSince = -1;
  }

  #close(t: Ns): void {
    this.#spend(t);
    this.#until = t;
    this.#free(t);
    this.#holds.finish(t);
  }

  /** Ends a story whose wait has not ended, as far as is recorded; no records may follow. */
  finish(endNs: Ns): void {
    if (this.over || this.#me < 0) return;
    this.#close(Math.max(endNs, this.#since));
    this.over = true;
  }

  /** The story, or null as long as the request has not been seen. */
  story(): WaitStory | null {
    if (this.#me < 0 || this.#meta.threads[this.#me] === undefined) return null;
    const ns = this.#stateNs;
    const [spinNs, runnableNs] = [ns[State.SPIN], ns[State.RUNNABLE]];
    const sleepNs = ns[State.WAIT_READ] + ns[State.WAIT_WRITE];
    return {
      thread: this.#me,
      lock: this.#lock,
      write: this.#write,
      request: this.#request,
      site: this.#site,
      sinceNs: this.#since,
      untilNs: this.#until,
      end: this.#end,
      grantedNs: this.#granted,
      handedOver: this.#handedOver,
      spinNs,
      sleepNs,
      runnableNs,
      otherNs: this.#until - this.#since - spinNs - sleepNs - runnableNs,
      freeNs: this.#freeNs,
      ahead: this.#ahead,
      aheadCount: this.#aheadCount,
      steals: this.#steals,
      stealCount: this.#stealCount,
      ...this.#holds.told(),
      releasedBy: this.#granted === null ? null : this.#released,
      wokenBy: this.#woken,
      wakeCount: this.#wakeCount,
    };
  }
}
