import type { Ns } from '../event/index.ts';
import { type EventText, us } from './chrome-text.ts';
import { type LockTracker, Wait } from './tracker.ts';

/** What flows need to know of the lanes. */
export interface FlowEnds {
  /** "pid" and "tid" of a thread's lane. */
  where(thread: number): string;
  /** Start of the outermost open slice of a thread, Infinity where none is open. */
  rootStart(thread: number): Ns;
}

/** Where an arrow may begin: a thread (-1: nowhere) and a time. */
class Origins {
  readonly thread: number[] = [];
  readonly t: Ns[] = [];

  set(i: number, thread: number, t: Ns): void {
    this.thread[i] = thread;
    this.t[i] = t;
  }

  clear(i: number): void {
    this.thread[i] = -1;
  }

  has(i: number): boolean {
    return (this.thread[i] ?? -1) >= 0;
  }

  /** Forgets what begins on a thread at a time. */
  drop(thread: number, t: Ns): void {
    for (let i = 0; i < this.thread.length; i++) {
      if (this.thread[i] === thread && this.t[i] === t) this.thread[i] = -1;
    }
  }
}

/**
 * Arrows from the thread that lets go of a lock to the one that waits for it: "wake" from a WAKE record to the wait of
 * the thread that it wakes, "release" from the last release before a grant that no wake-up led to. Both ends lie inside
 * slices, not at their edges, because readers tie an arrow to the slice that is open there. An arrow is therefore
 * written when its wait is over, and not at all where there is no such slice.
 */
export class Flows {
  readonly #out: EventText;
  readonly #tracker: LockTracker;
  readonly #ends: FlowEnds;
  #count = 0;
  /** Per thread that waits: its last wake-up in this wait, until it is written; then the time of it. */
  readonly #wake = new Origins();
  readonly #woken: Float64Array;
  /** Per thread that waits: the release that its grant follows, and the time of the grant. */
  readonly #release = new Origins();
  readonly #granted: Float64Array;
  /** Per slot of a lock: its last release. A slot is used again, but not while somebody waits for its lock. */
  readonly #last = new Origins();
  /** Per thread: when an arrow last began on it. */
  readonly #began: Float64Array;

  constructor(out: EventText, tracker: LockTracker, ends: FlowEnds) {
    this.#out = out;
    this.#tracker = tracker;
    this.#ends = ends;
    this.#woken = new Float64Array(tracker.threads).fill(-1);
    this.#granted = new Float64Array(tracker.threads);
    this.#began = new Float64Array(tracker.threads).fill(-1);
  }

  /** A hold of a lock ended, or its write half. */
  released(slot: number, thread: number, t: Ns): void {
    if (this.#ends.rootStart(thread) >= t) this.#last.clear(slot);
    else this.#begin(this.#last, slot, thread, t);
  }

  #begin(origins: Origins, i: number, thread: number, t: Ns): void {
    origins.set(i, thread, t);
    this.#began[thread] = t;
  }

  /** A thread wakes another one. */
  wakes(waker: number, woken: number, t: Ns): void {
    const k = this.#tracker;
    if (waker >= k.threads || woken >= k.threads) return;
    if (k.waitPhase[woken] === Wait.NONE || k.waitSince[woken] >= t) return;
    this.#writeWake(woken, t);
    if (this.#ends.rootStart(waker) < t) this.#begin(this.#wake, woken, waker, t);
  }

  /** A thread gets the lock; to be called while it still waits for it. */
  grants(slot: number, thread: number, t: Ns): void {
    const k = this.#tracker;
    if (k.waitPhase[thread] !== Wait.QUEUED || k.waitSlot[thread] !== slot) return;
    const from = this.#last.thread[slot];
    if (!this.#last.has(slot) || from === thread) return;
    const at = this.#last.t[slot];
    const wake = this.#wake.has(thread) ? this.#wake.t[thread] : this.#woken[thread];
    if (at <= k.waitSince[thread] || at <= wake) return;
    this.#begin(this.#release, thread, from, at);
    this.#granted[thread] = t;
  }

  /** The slice of a wait ends. */
  waitEnds(thread: number, since: Ns, t: Ns): void {
    this.#writeWake(thread, t);
    if (!this.#release.has(thread)) return;
    // Who spins runs from its grant on: the last ns of the wait is the nearest place inside it.
    const to = Math.min(this.#granted[thread], t - 1);
    const from = this.#release.t[thread];
    if (to >= from && to > since) this.#write('release', this.#release.thread[thread], from, thread, to);
    this.#release.clear(thread);
  }

  /** The outermost slice of a thread ends: what began at this very moment has nothing to begin in. */
  rootEnds(thread: number, t: Ns): void {
    if (this.#began[thread] !== t) return;
    for (const origins of [this.#wake, this.#release, this.#last]) origins.drop(thread, t);
  }

  #writeWake(woken: number, now: Ns): void {
    if (!this.#wake.has(woken)) return;
    const t = this.#wake.t[woken];
    if (t < now) {
      this.#write('wake', this.#wake.thread[woken], t, woken, t);
      this.#woken[woken] = t;
    }
    this.#wake.clear(woken);
  }

  #write(name: string, from: number, fromT: Ns, to: number, toT: Ns): void {
    const what = `"name":"${name}","cat":"flow","id":${++this.#count}`;
    this.#out.add(`"ph":"s",${what},${this.#ends.where(from)},"ts":${us(fromT)}`);
    this.#out.add(`"ph":"f","bp":"e",${what},${this.#ends.where(to)},"ts":${us(toT)}`);
  }
}
