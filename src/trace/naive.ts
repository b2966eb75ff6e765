import { Class, type EventRecord, Flag, Kind, mmOf, State, type TraceMeta } from '../event/index.ts';

/**
 * What the tests compare with: the same quantities as `Statistics` and `Pyramid`, each found anew by searching the
 * whole log, as slow and as close to the definitions as can be. Indices are positions in the log.
 */

export interface Wait {
  thread: number;
  lock: number;
  write: boolean;
  from: number;
  since: number;
  site: number;
  /** Position of the grant or the cancellation, Infinity when neither came. */
  decided: number;
  until: number;
}

export interface Hold {
  thread: number;
  lock: number;
  write: boolean;
  /** Position of the grant by which the thread came to hold it; `from` is later after a downgrade. */
  granted: number;
  from: number;
  to: number;
  since: number;
  until: number;
  site: number;
}

const running = (record: EventRecord): boolean => (record.flags & 7) <= State.KERNEL;

export function isWrite({ object, flags }: EventRecord): boolean {
  const cls = object >>> 28;
  // In the tests the second declared lock is the mutex.
  return (flags & Flag.WRITE) !== 0 || cls === Class.TABLE || (cls === Class.LOCK && (object & 1) === 1);
}

export function waitsOf(log: readonly EventRecord[], endNs: number): Wait[] {
  return log.flatMap((request, from) => {
    if (request.kind !== Kind.LOCK_REQUEST) return [];
    const own = (r: EventRecord): boolean => r.thread === request.thread;
    const decision = log.findIndex(
      (r, i) =>
        i > from &&
        own(r) &&
        r.object === request.object &&
        (r.kind === Kind.LOCK_GRANT || r.kind === Kind.LOCK_CANCEL),
    );
    let until = endNs;
    if (decision >= 0) {
      const cancelled = log[decision].kind === Kind.LOCK_CANCEL;
      const end = cancelled ? log[decision] : log.find((r, i) => i >= decision && own(r) && running(r));
      until = end?.t ?? endNs;
    }
    const { thread, object: lock, t: since, site } = request;
    const decided = decision < 0 ? Infinity : decision;
    return [{ thread, lock, write: isWrite(request), from, since, site, decided, until }];
  });
}

export function holdsOf(log: readonly EventRecord[], endNs: number): Hold[] {
  return log.flatMap((record, from) => {
    if (record.kind !== Kind.LOCK_GRANT && record.kind !== Kind.LOCK_DOWNGRADE) return [];
    const { thread, object: lock } = record;
    const ofBoth = (r: EventRecord): boolean => r.thread === thread && r.object === lock;
    let depth = 1;
    let to = from + 1;
    for (; to < log.length; to++) {
      if (!ofBoth(log[to])) continue;
      if (log[to].kind === Kind.LOCK_GRANT) depth++;
      if (log[to].kind === Kind.LOCK_RELEASE) depth--;
      if (depth === 0 || (depth === 1 && log[to].kind === Kind.LOCK_DOWNGRADE)) break;
    }
    let granted = from;
    if (record.kind === Kind.LOCK_DOWNGRADE) {
      while (!(ofBoth(log[granted]) && log[granted].kind === Kind.LOCK_GRANT)) granted--;
    }
    const request = log.findLast(
      (r, i) =>
        i < from &&
        ofBoth(r) &&
        r.kind >= Kind.LOCK_REQUEST &&
        r.kind <= Kind.LOCK_CANCEL &&
        r.kind !== Kind.LOCK_QUEUE,
    );
    const asked = record.kind === Kind.LOCK_GRANT && request?.kind === Kind.LOCK_REQUEST;
    return [
      {
        thread,
        lock,
        write: record.kind === Kind.LOCK_GRANT && isWrite(record),
        granted,
        from,
        to: to < log.length ? to : Infinity,
        since: record.t,
        until: log[to]?.t ?? endNs,
        site: asked ? (request as EventRecord).site : record.site,
      },
    ];
  });
}

export interface Mark {
  position: number;
  t: number;
  kind: 'steal' | 'handover' | 'demand';
  thread: number;
  /** Threads that had a place in the queue just after. */
  queued: number;
}

/** True if a thread has taken its place among the sleepers in a wait, up to a position. */
function hasQueued(log: readonly EventRecord[], wait: Wait, at: number): boolean {
  if ((log[wait.from].flags & 7) !== State.SPIN) return true;
  return log.some(
    (r, i) =>
      i > wait.from &&
      i <= at &&
      r.kind === Kind.LOCK_QUEUE &&
      r.thread === wait.thread &&
      r.object === wait.lock,
  );
}

/** Steals, hand-overs and demands of a lock. */
export function marksOf(log: readonly EventRecord[], lock: number, endNs: number): Mark[] {
  const waits = waitsOf(log, endNs).filter((w) => w.lock === lock);
  const queuedAt = (at: number): number =>
    waits.filter((w) => w.from <= at && w.decided > at && hasQueued(log, w, at)).length;
  return log.flatMap((r, position): Mark[] => {
    if (r.object !== lock) return [];
    const mark = { position, t: r.t, thread: r.thread, queued: queuedAt(position) };
    if (r.kind === Kind.LOCK_DEMAND) return [{ ...mark, kind: 'demand' }];
    if (r.kind !== Kind.LOCK_GRANT) return [];
    return [
      ...((r.flags & Flag.STEAL) !== 0 ? [{ ...mark, kind: 'steal' as const }] : []),
      ...((r.flags & Flag.HANDOFF) !== 0 ? [{ ...mark, kind: 'handover' as const }] : []),
    ];
  });
}

/** True if a demand is in force after a position: no grant since, and who made it still waits. */
export function demandedAt(log: readonly EventRecord[], lock: number, at: number): boolean {
  for (let i = at; i >= 0; i--) {
    const r = log[i];
    if (r.object === lock && r.kind === Kind.LOCK_GRANT) return false;
    if (r.object !== lock || r.kind !== Kind.LOCK_DEMAND) continue;
    return !log.some(
      (c, k) => k > i && k <= at && c.kind === Kind.LOCK_CANCEL && c.object === lock && c.thread === r.thread,
    );
  }
  return false;
}

/** Holders of a lock just before a position, in the order of their grants. */
export function holdersAt(holds: readonly Hold[], lock: number, at: number): Hold[] {
  return holds
    .filter((h) => h.lock === lock && h.from < at && h.to >= at)
    .sort((a, b) => a.granted - b.granted);
}

/** The state of a thread in force from each of its records on: [time, state], the last of a nanosecond only. */
export function statesOf(log: readonly EventRecord[], thread: number): [number, number][] {
  const states: [number, number][] = [[0, State.IDLE]];
  for (const r of log) {
    if (r.thread !== thread) continue;
    if (states[states.length - 1][0] === r.t) states.pop();
    states.push([r.t, r.flags & 7]);
  }
  return states;
}

/** ns per state in [a, b). */
export function stateNs(states: readonly [number, number][], a: number, b: number): number[] {
  const ns = new Array<number>(8).fill(0);
  states.forEach(([t, state], i) => {
    ns[state] += Math.max(0, Math.min(b, states[i + 1]?.[0] ?? Infinity) - Math.max(a, t));
  });
  return ns;
}

/** Position of the end of the syscall or fault that begins at `from`, or -1. */
function exitOf(log: readonly EventRecord[], from: number, kind: number): number {
  return log.findIndex((r, i) => i > from && r.thread === log[from].thread && r.kind === kind);
}

export interface Call {
  record: EventRecord;
  from: number;
  to: number;
  ns: number;
  exit: EventRecord | undefined;
}

export function callsOf(log: readonly EventRecord[], enter: number, exit: number, endNs: number): Call[] {
  return log.flatMap((record, from) => {
    if (record.kind !== enter) return [];
    const to = exitOf(log, from, exit);
    const end = to < 0 ? undefined : log[to];
    return [{ record, from, to: to < 0 ? Infinity : to, ns: (end?.t ?? endNs) - record.t, exit: end }];
  });
}

export function inMunmap(log: readonly EventRecord[], thread: number, at: number, meta: TraceMeta): boolean {
  const last = log.findLast(
    (r, i) =>
      i < at && r.thread === thread && (r.kind === Kind.SYSCALL_ENTER || r.kind === Kind.SYSCALL_EXIT),
  );
  return last?.kind === Kind.SYSCALL_ENTER && meta.syscalls[last.object & 0xff] === 'munmap';
}

/** True if the fault that enters at `at` is in a range that munmap named and nothing was mapped over since. */
export function faultInRange(log: readonly EventRecord[], at: number, meta: TraceMeta): boolean {
  const mm = mmOf(log[at].object);
  const page = log[at].arg;
  for (let i = at - 1; i >= 0; i--) {
    const r = log[i];
    const covers = (first: number): boolean => first <= page && page < first + r.arg;
    if (r.kind === Kind.SYSCALL_LENGTH && inMunmap(log, r.thread, i, meta)) {
      if (meta.threads[r.thread].mm === mm && covers(log[i - 1].arg)) return true;
    } else if (r.kind === Kind.VMA_LENGTH && log[i - 1].kind === Kind.VMA_LINK) {
      if (mmOf(r.object) === mm && covers(log[i - 1].arg) && !inMunmap(log, r.thread, i, meta)) return false;
    }
  }
  return false;
}
