import {
  MANY_NAMES,
  manyOf,
  type Ns,
  type ObjectId,
  objectName,
  State,
  siteLabel,
  type TraceMeta,
} from '../event/index.ts';
import type { FlowEnds } from './chrome-flows.ts';
import { type Slice, SliceKind, SliceStack } from './chrome-slices.ts';
import { addressText, type EventText, members, place } from './chrome-text.ts';
import { isExclusive, threadName } from './describe.ts';
import { type LockTracker, Wait } from './tracker.ts';

/** Thread ids begin above all process ids: readers take a thread with the id of its process for the main one. */
const FIRST_TID = 1000;
/** Owners that a wait names. */
const NAMED_OWNERS = 3;

/**
 * A lock and how it is wanted, as part of a name: "mmap_lock (R)", or "ptl" where there is only one way. Locks of page
 * tables and of VMAs are too many to be told apart in names.
 */
export function lockTitle(lock: ObjectId, write: boolean, meta: TraceMeta): string {
  const name = MANY_NAMES[manyOf(lock)]?.id ?? objectName(lock, meta);
  return isExclusive(lock, meta) ? name : `${name} (${write ? 'W' : 'R'})`;
}

/** What is told when a slice of a thread ends. */
export interface ThreadSink {
  waitEnds(thread: number, since: Ns, t: Ns): void;
  rootEnds(thread: number, t: Ns): void;
}

/** The lanes of the threads: system calls and faults, and in them phases, waits for locks and time as runnable. */
export class ThreadLanes implements FlowEnds {
  readonly #meta: TraceMeta;
  readonly #tracker: LockTracker;
  readonly #where: string[];
  readonly #stacks: SliceStack[];
  /** Per thread that waits: since when it is in its state, and how long it spun, slept and was runnable so far. */
  readonly #mark: Float64Array;
  readonly #spun: Float64Array;
  readonly #slept: Float64Array;
  readonly #runnable: Float64Array;

  constructor(out: EventText, meta: TraceMeta, tracker: LockTracker, sink: ThreadSink) {
    const n = meta.threads.length;
    this.#meta = meta;
    this.#tracker = tracker;
    this.#mark = new Float64Array(n);
    this.#spun = new Float64Array(n);
    this.#slept = new Float64Array(n);
    this.#runnable = new Float64Array(n);
    const manyMms = meta.mms.length > 1;
    this.#where = meta.threads.map(({ mm }, thread) => place(manyMms ? 1 + mm : 1, FIRST_TID + thread));
    this.#stacks = this.#where.map((where, thread) => {
      const stack: SliceStack = new SliceStack(out, where, ({ kind, start }, t) => {
        if (kind === SliceKind.WAIT) sink.waitEnds(thread, start, t);
        if (stack.open.length === 0) sink.rootEnds(thread, t);
      });
      return stack;
    });
    for (let mm = 0; mm < Math.max(1, meta.mms.length); mm++) {
      out.meta('process_name', place(1 + mm), manyMms ? `threads of ${meta.mms[mm]}` : 'threads');
      out.meta('process_sort_index', place(1 + mm), mm);
    }
    meta.threads.forEach(({ name, cpu }, thread) => {
      out.meta('thread_name', this.#where[thread], cpu === null ? name : `${name} (CPU ${cpu})`);
      out.meta('thread_sort_index', this.#where[thread], thread);
    });
  }

  where(thread: number): string {
    return this.#where[thread];
  }

  rootStart(thread: number): Ns {
    return this.#stacks[thread].open[0]?.start ?? Infinity;
  }

  /** To be called before the tracker hears that a thread leaves its state. */
  leaves(thread: number, t: Ns): void {
    const k = this.#tracker;
    if (k.waitPhase[thread] !== Wait.NONE) this.#addState(thread, t);
    else if (k.state[thread] === State.RUNNABLE) this.#stacks[thread].end(SliceKind.RUNNABLE, t);
  }

  /** To be called when a record of a thread has been taken in: it may be runnable from now on. */
  settle(thread: number, t: Ns): void {
    const k = this.#tracker;
    if (k.state[thread] !== State.RUNNABLE || k.waitPhase[thread] !== Wait.NONE) return;
    const stack = this.#stacks[thread];
    if (stack.find(SliceKind.RUNNABLE) === undefined) {
      stack.begin(SliceKind.RUNNABLE, 'runnable', 'sched', t, '');
    }
  }

  #addState(thread: number, t: Ns): void {
    const ns = t - this.#mark[thread];
    const state = this.#tracker.state[thread];
    if (state === State.SPIN) this.#spun[thread] += ns;
    else if (state === State.RUNNABLE) this.#runnable[thread] += ns;
    else if (state === State.WAIT_READ || state === State.WAIT_WRITE) this.#slept[thread] += ns;
    this.#mark[thread] = t;
  }

  /** A wait began; see `LockSink`. */
  waits(slot: number, thread: number, t: Ns): void {
    const k = this.#tracker;
    const lock = k.object[slot];
    this.#mark[thread] = t;
    this.#spun[thread] = this.#slept[thread] = this.#runnable[thread] = 0;
    const args = members(
      `"lock":${JSON.stringify(objectName(lock, this.#meta))}`,
      this.#owners(slot),
      `"waiting_before":${k.waiters[slot] - 1}`,
      `"line":${JSON.stringify(siteLabel(k.waitSite[thread], this.#meta))}`,
    );
    const name = `wait ${lockTitle(lock, k.waitWrite[thread] === 1, this.#meta)}`;
    this.#stacks[thread].begin(SliceKind.WAIT, name, 'wait', t, args);
  }

  /** Who holds a lock, the first of them also by the id of its lane. */
  #owners(slot: number): string {
    const k = this.#tracker;
    const names: string[] = [];
    let more = 0;
    for (let hold = k.firstHold[slot]; hold >= 0; hold = k.nextHold[hold]) {
      const mode = k.holdWrite[hold] === 1 ? 'write' : 'read';
      if (names.length < NAMED_OWNERS) names.push(`${threadName(k.holdThread[hold], this.#meta)} (${mode})`);
      else more++;
    }
    if (names.length === 0) return '"owner":"nobody"';
    const text = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return `"owner":${JSON.stringify(text)},"owner_tid":${FIRST_TID + k.holdThread[k.firstHold[slot]]}`;
  }

  /** A wait ended; see `LockSink`. */
  waited(thread: number, t: Ns): void {
    this.#addState(thread, t);
    const stack = this.#stacks[thread];
    const wait = stack.find(SliceKind.WAIT);
    if (wait !== undefined) stack.end(SliceKind.WAIT, t, this.#waitArgs(thread, wait, t));
  }

  #waitArgs(thread: number, wait: Slice, t: Ns): string {
    return (
      `"waited_ns":${t - wait.start},"spin_ns":${this.#spun[thread]},"sleep_ns":${this.#slept[thread]},` +
      `"runnable_ns":${this.#runnable[thread]}`
    );
  }

  syscallEnter(thread: number, object: ObjectId, page: number, site: number, t: Ns): void {
    const stack = this.#stacks[thread];
    stack.end(SliceKind.SYSCALL, t);
    const line = `"line":${JSON.stringify(siteLabel(site, this.#meta))}`;
    const args = members(page === 0 ? '' : `"address":${addressText(page)}`, line);
    stack.begin(SliceKind.SYSCALL, objectName(object, this.#meta), 'syscall', t, args);
  }

  /** Follows `syscallEnter` in the same step. */
  syscallLength(thread: number, pages: number): void {
    const slice = this.#stacks[thread].top();
    if (slice?.kind === SliceKind.SYSCALL && pages > 0) slice.args += `,"pages":${pages}`;
  }

  /** `errno`: 0, or the positive number of the error. */
  syscallExit(thread: number, errno: number, t: Ns): void {
    this.#stacks[thread].end(SliceKind.SYSCALL, t, `"result":${errno === 0 ? 0 : -errno}`);
  }

  faultEnter(thread: number, page: number, site: number, t: Ns): void {
    const stack = this.#stacks[thread];
    stack.end(SliceKind.FAULT, t);
    const line = `"line":${JSON.stringify(siteLabel(site, this.#meta))}`;
    stack.begin(SliceKind.FAULT, 'page fault', 'fault', t, `"address":${addressText(page)},${line}`);
  }

  faultExit(thread: number, failed: boolean, t: Ns): void {
    this.#stacks[thread].end(SliceKind.FAULT, t, `"result":"${failed ? 'SIGSEGV' : 'ok'}"`);
  }

  /** A part of a system call begins, where nothing else has begun in the call since; '' only ends the one before. */
  phase(thread: number, name: string, t: Ns): void {
    const stack = this.#stacks[thread];
    if (stack.top()?.kind === SliceKind.PHASE) stack.end(SliceKind.PHASE, t);
    if (name !== '' && stack.top()?.kind === SliceKind.SYSCALL) {
      stack.begin(SliceKind.PHASE, name, 'phase', t, '');
    }
  }

  /** Ends everything at the end of the recording. */
  finish(t: Ns): void {
    this.#stacks.forEach((stack, thread) => {
      if (this.#tracker.waitPhase[thread] !== Wait.NONE) this.#addState(thread, t);
      stack.finish(t, (slice) => {
        const wait = slice.kind === SliceKind.WAIT ? this.#waitArgs(thread, slice, t) : '';
        return members(wait, '"unfinished":true');
      });
    });
  }
}
