import {
  type LockMoment,
  type Moment,
  type Ns,
  objectLabel,
  STATE_NAMES,
  State,
  type ThreadIdx,
  type ThreadMoment,
  type TraceMeta,
} from '../../event/index.ts';
import { duration } from './time.ts';

/** What a thread does, as the predicate of its name. */
const PREDICATES: Readonly<Record<number, string>> = {
  [State.USER]: 'runs in user mode',
  [State.KERNEL]: 'runs in the kernel',
  [State.SPIN]: 'spins',
  [State.WAIT_READ]: 'waits to read',
  [State.WAIT_WRITE]: 'waits to write',
  [State.RUNNABLE]: 'is runnable',
  [State.IDLE]: 'sleeps',
  [State.DONE]: 'is done',
};

export function predicate(state: number): string {
  return PREDICATES[state] ?? 'does something that is not recorded';
}

export type Mode = 'read' | 'write';

export interface Party {
  readonly thread: ThreadIdx;
  readonly name: string;
  readonly mode: Mode;
}

export interface Holder extends Party {
  /** 'unmap_vmas, mm/unmap.kp:16', or null where it is not recorded. */
  readonly at: string | null;
  /** 'running on CPU 0', 'waits to write'. */
  readonly doing: string;
}

/** Why a thread waits: all that the page says about it comes from here. */
export interface Why {
  readonly lock: string;
  readonly mode: Mode;
  readonly waitedNs: Ns;
  readonly holders: readonly Holder[];
  readonly ahead: readonly Party[];
  /** From 1; 0 when it stands in no queue. */
  readonly place: number;
  readonly queued: number;
  readonly explanation: string;
}

export function threadName(thread: ThreadIdx, meta: TraceMeta): string {
  return meta.threads[thread]?.name ?? `thread ${thread}`;
}

function doing(thread: ThreadMoment | undefined): string {
  if (thread === undefined) return 'not recorded';
  const { state, cpu } = thread;
  if (state === State.USER || state === State.KERNEL)
    return cpu === null ? 'running' : `running on CPU ${cpu}`;
  if (state === State.RUNNABLE) return 'runnable';
  return STATE_NAMES[state as State] ?? 'not recorded';
}

function standsAt(thread: ThreadMoment | undefined): string | null {
  const frame = thread?.stack?.[0];
  return frame === undefined ? null : `${frame.fn}, line ${frame.line}`;
}

function explain(name: string, mode: Mode, holders: readonly Holder[], ahead: readonly Party[]): string {
  const first = holders[0];
  const writerAhead = ahead.find((party) => party.mode === 'write');
  if (holders.some((holder) => holder.name === name)) {
    const behind =
      writerAhead === undefined ? '' : `, and ${writerAhead.name} stands before its second request`;
    return `${name} holds this lock already${behind}: it waits for itself.`;
  }
  if (first === undefined) {
    return writerAhead !== undefined
      ? `The lock is free; ${writerAhead.name} stands before ${name} and has still to take it.`
      : `The lock is free; ${name} has still to wake up and take it.`;
  }
  if (first.mode === 'write') {
    return `A writer excludes everybody: ${name} waits until ${first.name} releases the lock or downgrades it.`;
  }
  if (mode === 'write') {
    return holders.length === 1
      ? `A writer needs the lock alone: ${name} waits until ${first.name} has done reading.`
      : `A writer needs the lock alone: ${name} waits until all ${holders.length} readers are gone.`;
  }
  if (writerAhead !== undefined) {
    return `A queued writer blocks new readers: ${name} could share the lock, but ${writerAhead.name} stands before it.`;
  }
  return `Readers share the lock: ${name} is about to be let in.`;
}

/** Null when the thread waits for nothing, or nothing is recorded about it. */
export function whyWaiting(moment: Moment, index: ThreadIdx, meta: TraceMeta): Why | null {
  const thread = moment.threads?.find((t) => t.thread === index);
  const wait = thread?.waitsFor;
  if (wait === undefined) return null;
  const lock = moment.locks?.find((l) => l.lock === wait.lock);
  const holders = (lock?.owners ?? []).map((owner): Holder => {
    const at = moment.threads?.find((t) => t.thread === owner);
    return {
      thread: owner,
      name: threadName(owner, meta),
      mode: lock?.mode === 'write' ? 'write' : 'read',
      at: standsAt(at),
      doing: doing(at),
    };
  });
  const queue = lock?.queue ?? [];
  const place = queue.findIndex((q) => q.thread === index);
  const ahead = queue
    .slice(0, Math.max(0, place))
    .map((q): Party => ({ thread: q.thread, name: threadName(q.thread, meta), mode: q.mode }));
  const name = threadName(index, meta);
  return {
    lock: objectLabel(wait.lock, meta),
    mode: wait.mode,
    waitedNs: moment.t - wait.sinceNs,
    holders,
    ahead,
    place: place + 1,
    queued: queue.length,
    explanation: lock === undefined ? '' : explain(name, wait.mode, holders, ahead),
  };
}

/** 'unmapper', 'unmapper and 2 others'. */
export function named(names: readonly string[], most = 1): string {
  if (names.length <= most + 1) return names.join(' and ');
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')} and ${rest} others`;
}

/** One sentence about a thread at the playhead, for those who cannot see the lanes. */
export function threadSentence(moment: Moment, index: ThreadIdx, meta: TraceMeta): string {
  const name = threadName(index, meta);
  const thread = moment.threads?.find((t) => t.thread === index);
  if (thread === undefined) return `${name}: not recorded`;
  const why = whyWaiting(moment, index, meta);
  if (why !== null) {
    const holders = why.holders.map((h) => h.name);
    const held = holders.length > 0 ? ` held by ${named(holders)}` : '';
    return `${name} waits to ${why.mode} ${why.lock}${held}, for ${duration(why.waitedNs)}`;
  }
  const frame = thread.stack?.[0];
  const at = frame === undefined ? '' : ` in ${frame.fn}, line ${frame.line}`;
  return `${name} is ${doing(thread)}${at}`;
}

/** 'faulter 3', 'faulter 3 +30': for narrow places; the whole list goes into a title. */
export function brief(names: readonly string[]): string {
  return names.length > 1 ? `${names[0]} +${names.length - 1}` : (names[0] ?? '');
}

export interface QueueGroup {
  readonly mode: Mode;
  readonly spinning: boolean;
  /** Places from 1. */
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
}

/** Neighbours in a queue that wait alike, together: '2.–5. to read'. */
export function queueGroups(lock: LockMoment, meta: TraceMeta): QueueGroup[] {
  const groups: { mode: Mode; spinning: boolean; first: number; last: number; names: string[] }[] = [];
  lock.queue.forEach(({ thread, mode, spinning }, i) => {
    const last = groups.at(-1);
    const name = threadName(thread, meta);
    if (last !== undefined && last.mode === mode && last.spinning === spinning) {
      last.last = i + 1;
      last.names.push(name);
    } else groups.push({ mode, spinning, first: i + 1, last: i + 1, names: [name] });
  });
  return groups;
}
