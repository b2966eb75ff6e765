import {
  Class,
  classOf,
  indexOf,
  MmLock,
  type Moment,
  type Ns,
  type ObjectId,
  objectLabel,
  STATE_NAMES,
  State,
  type ThreadIdx,
  type ThreadMoment,
  type TraceMeta,
} from '../../event/index.ts';
import { counted, times } from './numbers.ts';
import { duration } from './time.ts';
import type { WaitPast } from './wait-past.ts';

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
  /** False for one that is recorded to run on no CPU. */
  readonly runs: boolean;
}

/** How a thread waits. Who is woken has still to run, or to try again; who waits for a spinlock may lose its CPU. */
export type How = 'spins' | 'sleeps' | 'is waking up' | 'has lost its CPU';

/** Why a thread waits: all that the page says about it comes from here. */
export interface Why {
  readonly lock: string;
  /** 'to read mmap_sem'; 'for m' of a lock with one mode. */
  readonly wants: string;
  /** The lock can be held to read and to write. */
  readonly modes: boolean;
  readonly mode: Mode;
  readonly how: How;
  /** What it has its place in. */
  readonly line: 'line' | 'queue' | 'spinners';
  readonly waitedNs: Ns;
  readonly holders: readonly Holder[];
  /** Those before it that wait as it does: before a sleeper the sleepers, before a spinner the spinners. */
  readonly ahead: readonly Party[];
  /** Among those that wait as it does: from 1; 0 when it is not listed. */
  readonly place: number;
  readonly queued: number;
  /** Spinners while it sleeps: unless it has demanded the lock, they may take it first. */
  readonly spinners: readonly Party[];
  /** Times that the lock was taken past it since it queued. */
  readonly passed: number;
  /** Who has demanded the lock, or null. */
  readonly demander: Party | null;
  readonly explanation: string;
}

type LockKind = 'rwsem' | 'spinlock' | 'mutex' | 'rwlock';

/** A page-table lock is a spinlock, mm_rb_lock one that readers share; the process-wide lock and those of VMAs are rwsems. */
export function kindOf(lock: ObjectId, meta: TraceMeta): LockKind {
  const cls = classOf(lock);
  if (cls === Class.LOCK) return meta.locks[indexOf(lock)]?.kind ?? 'mutex';
  if (cls === Class.MM_LOCK && (lock & 0xff) === MmLock.MM_RB_LOCK) return 'rwlock';
  return cls === Class.TABLE ? 'spinlock' : 'rwsem';
}

/** Whether who wants a lock of a kind spins until it has it. */
export function isSpun(kind: LockKind): boolean {
  return kind === 'spinlock' || kind === 'rwlock';
}

/** Whether somebody who wants a lock has to say what for: not where it has one mode only. */
export function hasModes(lock: ObjectId, meta: TraceMeta): boolean {
  return kindOf(lock, meta).startsWith('rw');
}

/** 'to read mmap_sem', or 'for m' where a lock has one mode. */
function wanting(lock: ObjectId, mode: Mode, meta: TraceMeta): string {
  const label = objectLabel(lock, meta);
  return hasModes(lock, meta) ? `to ${mode} ${label}` : `for ${label}`;
}

/** True for states in which a thread runs on a CPU. */
export function isOnCpu(state: number): boolean {
  return state === State.USER || state === State.KERNEL || state === State.SPIN;
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

function howOf(state: number, spinlock: boolean): How {
  if (state === State.SPIN) return 'spins';
  if (spinlock) return 'has lost its CPU';
  return state === State.WAIT_READ || state === State.WAIT_WRITE ? 'sleeps' : 'is waking up';
}

type Explained = Pick<Why, 'mode' | 'how' | 'holders' | 'passed' | 'demander'> & {
  readonly ahead: readonly (Party & { readonly runs: boolean })[];
};

function explain(name: string, kind: LockKind, why: Explained): string {
  const { how, holders, passed, demander } = why;
  const sentences = [blocked(name, kind, why)];
  const first = holders[0];
  if (how === 'spins' && holders.every((holder) => holder.name !== name)) {
    sentences.push(
      isSpun(kind)
        ? 'Who waits for a spinlock never sleeps.'
        : 'It polls the lock instead of sleeping: to be woken takes longer than a short hold.',
    );
  }
  if (first?.mode === 'write' && !first.runs && first.name !== name) {
    sentences.push(`${first.name} holds the lock without running: all others wait for its CPU too.`);
  }
  if (demander !== null) {
    const who = demander.name === name ? 'It' : demander.name;
    sentences.push(`${who} has demanded the lock: nobody may pass it.`);
  } else if (passed > 0) {
    sentences.push(
      `The lock was taken past it ${times(passed)}: who runs is faster than who has to wake up.`,
    );
  }
  return sentences.join(' ');
}

/** What keeps the lock from a thread. */
function blocked(name: string, kind: LockKind, { mode, holders, ahead }: Explained): string {
  const first = holders[0];
  const writerAhead = ahead.find((party) => party.mode === 'write');
  if (holders.some((holder) => holder.name === name)) {
    const behind =
      writerAhead === undefined ? '' : `, and ${writerAhead.name} stands before its second request`;
    return `${name} holds this lock already${behind}: it waits for itself.`;
  }
  if (first === undefined && isSpun(kind)) {
    const next = ahead[0];
    if (next === undefined) return `The lock is free, and ${name} is next.`;
    return `The lock is free; ${next.name} is next${next.runs ? '' : ' but has lost its CPU'}.`;
  }
  if (first === undefined) {
    return writerAhead !== undefined
      ? `The lock is free; ${writerAhead.name} stands before ${name} and has still to take it.`
      : `The lock is free; ${name} has still to wake up and take it.`;
  }
  if (!kind.startsWith('rw')) return `${name} waits until ${first.name} releases the lock.`;
  if (first.mode === 'write') {
    return `A writer excludes everybody: ${name} waits until ${first.name} releases the lock${kind === 'rwsem' ? ' or downgrades it' : ''}.`;
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

/** Null when the thread waits for nothing, or nothing is recorded about it. `past`: what the trace adds, if it is there. */
export function whyWaiting(
  moment: Moment,
  index: ThreadIdx,
  meta: TraceMeta,
  past: WaitPast | null = null,
): Why | null {
  const thread = moment.threads?.find((t) => t.thread === index);
  const wait = thread?.waitsFor;
  if (thread === undefined || wait === undefined) return null;
  const lock = moment.locks?.find((l) => l.lock === wait.lock);
  const holders = (lock?.owners ?? []).map((owner): Holder => {
    const at = moment.threads?.find((t) => t.thread === owner);
    return {
      thread: owner,
      name: threadName(owner, meta),
      mode: lock?.mode === 'write' ? 'write' : 'read',
      at: standsAt(at),
      doing: doing(at),
      runs: at === undefined || isOnCpu(at.state),
    };
  });
  const party = (t: ThreadIdx, mode: Mode): Party => ({ thread: t, name: threadName(t, meta), mode });
  const runs = (t: ThreadIdx): boolean => isOnCpu(moment.threads?.find((m) => m.thread === t)?.state ?? 0);
  const kind = kindOf(wait.lock, meta);
  const spins = lock?.queue.find((q) => q.thread === index)?.spinning ?? false;
  const alike = (lock?.queue ?? []).filter((q) => q.spinning === spins);
  const others = (lock?.queue ?? []).filter((q) => q.spinning !== spins);
  const place = alike.findIndex((q) => q.thread === index);
  const demander = past?.demander ?? null;
  const why: Explained = {
    mode: wait.mode,
    how: howOf(thread.state, isSpun(kind)),
    holders,
    ahead: alike
      .slice(0, Math.max(0, place))
      .map((q) => ({ ...party(q.thread, q.mode), runs: runs(q.thread) })),
    passed: past?.passed ?? 0,
    demander: demander === null ? null : party(demander, 'write'),
  };
  return {
    ...why,
    lock: objectLabel(wait.lock, meta),
    wants: wanting(wait.lock, wait.mode, meta),
    modes: hasModes(wait.lock, meta),
    line: isSpun(kind) ? 'line' : spins ? 'spinners' : 'queue',
    waitedNs: moment.t - wait.sinceNs,
    place: place + 1,
    queued: alike.length,
    spinners: spins ? [] : others.map((q) => party(q.thread, q.mode)),
    explanation: lock === undefined ? '' : explain(threadName(index, meta), kind, why),
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
    const verb = why.how === 'spins' ? 'spins' : 'waits';
    return `${name} ${verb} ${why.wants}${held}, for ${duration(why.waitedNs)}`;
  }
  const frame = thread.stack?.[0];
  const at = frame === undefined ? '' : ` in ${frame.fn}, line ${frame.line}`;
  return `${name} is ${doing(thread)}${at}`;
}

/** 'faulter 3', 'faulter 3 +30': for narrow places; the whole list goes into a title. */
export function brief(names: readonly string[]): string {
  return names.length > 1 ? `${names[0]} +${names.length - 1}` : (names[0] ?? '');
}

/** Several that wait, in little room: 'mapper (write) + 13 readers'; 'mapper +1' of a lock with one mode. */
export function partiesBrief(parties: readonly Pick<Party, 'name' | 'mode'>[], modes: boolean): string {
  const [first, ...rest] = parties;
  if (first === undefined) return '';
  if (!modes) return brief(parties.map(({ name }) => name));
  const writers = rest.filter(({ mode }) => mode === 'write').length;
  const readers = rest.length - writers;
  return [
    `${first.name} (${first.mode})`,
    ...(writers > 0 ? [counted(writers, 'writer')] : []),
    ...(readers > 0 ? [counted(readers, 'reader')] : []),
  ].join(' + ');
}
