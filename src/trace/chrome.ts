import {
  type Chunk,
  Class,
  classOf,
  Flag,
  indexOf,
  Kind,
  type Ns,
  type ObjectId,
  objectName,
  State,
  type TraceMeta,
} from '../event/index.ts';
import { Counters } from './chrome-counters.ts';
import { Flows } from './chrome-flows.ts';
import { LockLanes } from './chrome-locks.ts';
import { Marks } from './chrome-marks.ts';
import { StateRows } from './chrome-states.ts';
import { EventText, place } from './chrome-text.ts';
import { ThreadLanes } from './chrome-threads.ts';
import { type LockSink, LockTracker } from './tracker.ts';

/** Characters of one piece of output, about; records between two looks at how many there are. */
const PIECE = 65_536;
const RECORDS = 256;

/**
 * Writes a log as Chrome Trace Event JSON, which Perfetto, Firefox Profiler, speedscope and DevTools open. What it
 * keeps are open slices, waits and holds, whatever the length of the log. Processes are one per mm with the lanes of
 * its threads, then the locks, then the page-table locks and the per-VMA locks that somebody waited for. Times are exact: see `us`.
 */
export class ChromeWriter implements LockSink {
  readonly #meta: TraceMeta;
  readonly #out = new EventText();
  readonly #tracker: LockTracker;
  readonly #threads: ThreadLanes;
  readonly #states: StateRows;
  readonly #locks: LockLanes;
  readonly #flows: Flows;
  readonly #marks: Marks;
  readonly #counters: Counters;
  /** Numbers of the counters: waiters per fixed lock, RSS per mm, the catalogue's. */
  readonly #waiters: (number | undefined)[];
  readonly #rss: readonly number[];
  readonly #named: readonly number[];
  #kind = 0;
  #head: string;

  /** `about` becomes `otherData`: what the trace is of. */
  constructor(meta: TraceMeta, about: Readonly<Record<string, unknown>>) {
    const out = this.#out;
    this.#meta = meta;
    this.#head = `{"displayTimeUnit":"ns","otherData":${JSON.stringify(about)},"traceEvents":[`;
    const tracker = new LockTracker(meta, this);
    this.#tracker = tracker;
    this.#threads = new ThreadLanes(out, meta, tracker, {
      waitEnds: (thread, since, t) => this.#flows.waitEnds(thread, since, t),
      rootEnds: (thread, t) => this.#flows.rootEnds(thread, t),
    });
    const where = (thread: number): string => this.#threads.where(thread);
    const mms = Math.max(1, meta.mms.length);
    const lockPid = 1 + mms;
    this.#states = new StateRows(out, meta, tracker, where);
    this.#locks = new LockLanes(out, meta, tracker, lockPid);
    this.#flows = new Flows(out, tracker, this.#threads);
    this.#marks = new Marks(out, meta, where);
    const counters = new Counters(out);
    this.#counters = counters;
    this.#waiters = Array.from({ length: tracker.fixed }, (_, slot) =>
      // The further locks of an mm have counters once somebody waits for them.
      classOf(tracker.object[slot]) === Class.MM_LOCK ? undefined : this.#waitersOf(slot),
    );
    this.#rss = Array.from({ length: mms }, (_, mm) => counters.add(place(1 + mm), 'RSS', 'pages'));
    this.#named = meta.counters.map((name) => (name === '' ? -1 : counters.add(place(1), name, 'value')));
  }

  /**
   * The text of records [from, to) of a chunk, in pieces to be written one by one: all those that follow the ones
   * before, without gaps. Pieces of one chunk are to be taken before the next chunk is given.
   */
  *pieces(chunk: Chunk, from: number, to: number): Generator<string> {
    const { t, kind, thread, object, arg, site, flags } = chunk;
    for (let at = from; at < to; at += RECORDS) {
      const end = Math.min(to, at + RECORDS);
      for (let i = at; i < end; i++) {
        this.#record(t[i], kind[i], thread[i], object[i], arg[i], site[i], flags[i]);
      }
      if (this.#out.length > PIECE) yield this.#take();
    }
  }

  /** The rest: closes what is open at `endNs` and ends the document. Nothing may follow. */
  *tail(endNs: Ns): Generator<string> {
    this.#threads.finish(endNs);
    this.#states.finish(endNs);
    this.#locks.finish(endNs);
    this.#counters.finish();
    yield `${this.#take()}\n]}\n`;
  }

  #take(): string {
    const text = this.#head + this.#out.take();
    this.#head = '';
    return text;
  }

  #record(
    t: Ns,
    kind: number,
    thread: number,
    object: ObjectId,
    arg: number,
    site: number,
    flags: number,
  ): void {
    const tracker = this.#tracker;
    this.#kind = kind;
    this.#marks.record(t, kind, thread, object, arg, flags);
    if (kind === Kind.RSS) this.#counters.set(this.#rss[indexOf(object)], arg, t);
    else if (kind === Kind.COUNTER) this.#counters.set(this.#named[indexOf(object)], arg, t);
    if (thread >= tracker.threads) return;
    const state = flags & Flag.STATE_MASK;
    const moved = tracker.state[thread] !== state;
    if (moved) {
      this.#threads.leaves(thread, t);
      tracker.moved(thread, state, t);
    }
    if (kind >= Kind.LOCK_REQUEST && (kind <= Kind.LOCK_CANCEL || kind === Kind.LOCK_DEMAND)) {
      tracker.record(t, kind, thread, object, site, flags);
    } else if (kind === Kind.WAKE) this.#flows.wakes(thread, arg, t);
    else if (kind === Kind.RSS && state === State.USER) this.#threads.faultExit(thread, false, t);
    else if (kind < Kind.LOCK_REQUEST) this.#call(t, kind, thread, object, arg, site, flags);
    if (!moved && kind !== Kind.SWITCH) return;
    this.#threads.settle(thread, t);
    this.#states.settle(thread, t);
  }

  #call(
    t: Ns,
    kind: number,
    thread: number,
    object: ObjectId,
    arg: number,
    site: number,
    flags: number,
  ): void {
    switch (kind) {
      case Kind.STATE:
        // A thread begins to fault page by page; with the sum at the end it goes back to its program (see #record).
        if (classOf(object) === Class.MM) this.#threads.faultEnter(thread, 0, site, t);
        this.#states.onCpu(thread, arg);
        break;
      case Kind.SWITCH:
        this.#states.onCpu(thread, arg);
        break;
      case Kind.SYSCALL_ENTER:
        this.#threads.syscallEnter(thread, object, arg, site, t);
        break;
      case Kind.SYSCALL_LENGTH:
        this.#threads.syscallLength(thread, arg);
        break;
      case Kind.SYSCALL_EXIT:
        this.#threads.syscallExit(thread, arg, t);
        break;
      case Kind.FAULT_ENTER:
        this.#threads.faultEnter(thread, arg, site, t);
        break;
      case Kind.FAULT_EXIT:
        this.#threads.faultExit(thread, (flags & Flag.FAIL) !== 0, t);
        break;
      case Kind.PHASE:
        if (classOf(object) === Class.PHASE) this.#threads.phase(thread, objectName(object, this.#meta), t);
        break;
    }
  }

  waits(slot: number, thread: number, t: Ns): void {
    this.#threads.waits(slot, thread, t);
    this.#locks.waits(slot);
  }

  waited(_slot: number, thread: number, t: Ns): void {
    this.#threads.waited(thread, t);
  }

  holds(slot: number, hold: number, t: Ns): void {
    this.#flows.grants(slot, this.#tracker.holdThread[hold], t);
    this.#locks.holds(slot, hold);
  }

  held(slot: number, hold: number, t: Ns): void {
    this.#locks.held(slot, hold, t, this.#kind === Kind.LOCK_DOWNGRADE);
    this.#flows.released(slot, this.#tracker.holdThread[hold], t);
  }

  #waitersOf(slot: number): number {
    const name = objectName(this.#tracker.object[slot], this.#meta);
    return this.#counters.add(place(1 + Math.max(1, this.#meta.mms.length)), name, 'waiters');
  }

  changed(slot: number, t: Ns): void {
    const { fixed, waiters } = this.#tracker;
    if (slot >= fixed || (this.#waiters[slot] === undefined && waiters[slot] === 0)) return;
    this.#waiters[slot] ??= this.#waitersOf(slot);
    this.#counters.set(this.#waiters[slot], waiters[slot], t);
  }
}
