import {
  Class,
  classOf,
  type EventRecord,
  Flag,
  indexOf,
  Kind,
  NO_THREAD,
  type ObjectId,
  objectLabel,
  PAGE_BYTES,
  STATE_NAMES,
  State,
  type TraceMeta,
} from '../event/index.ts';

/** Name of a thread; the machine itself acts where there is none. */
export function threadName(thread: number, meta: TraceMeta): string {
  if (thread === NO_THREAD) return 'machine';
  return meta.threads[thread]?.name ?? `thread${thread}`;
}

function pages(n: number): string {
  return n === 1 ? '1 page' : `${n} pages`;
}

function address(page: number): string {
  return `0x${(page * PAGE_BYTES).toString(16)}`;
}

/** True for locks that have only one mode: spinlocks and mutexes. */
export function isExclusive(lock: ObjectId, meta: TraceMeta): boolean {
  const cls = classOf(lock);
  return cls === Class.TABLE || (cls === Class.LOCK && meta.locks[indexOf(lock)]?.kind !== 'rwsem');
}

/** A record as one sentence without its time, such as 'unmapper releases mmap_sem (write)'. */
export function describe(record: EventRecord, meta: TraceMeta): string {
  return `${threadName(record.thread, meta)} ${predicate(record, meta)}`;
}

function predicate(record: EventRecord, meta: TraceMeta): string {
  const { kind, arg, flags } = record;
  if ((kind >= Kind.LOCK_REQUEST && kind <= Kind.LOCK_CANCEL) || kind === Kind.LOCK_DEMAND) {
    return locking(record, meta);
  }
  const object = objectLabel(record.object, meta);
  switch (kind) {
    case Kind.STATE:
      if (object !== '' && (flags & 7) === State.KERNEL) return 'begins to fault page by page';
      return `is ${STATE_NAMES[flags & 7]}${object === '' ? '' : ` for ${object}`}`;
    case Kind.SWITCH:
      return `begins to run on CPU ${arg}`;
    case Kind.SYSCALL_ENTER:
      return `calls ${object}${arg === 0 ? '' : ` at ${address(arg)}`}`;
    case Kind.SYSCALL_LENGTH:
      return `begins ${object} of ${pages(arg)}`;
    case Kind.SYSCALL_EXIT:
      return `returns from ${object}${arg === 0 ? '' : ` with error ${arg}`}`;
    case Kind.FAULT_ENTER:
      return `faults at ${address(arg)}`;
    case Kind.FAULT_EXIT:
      return `${(flags & Flag.FAIL) !== 0 ? 'gets SIGSEGV' : 'returns from its fault'} at ${address(arg)}`;
    case Kind.PHASE:
      return object === '' ? 'ends a phase' : `begins phase ${object}`;
    case Kind.WAKE:
      return `wakes ${threadName(arg, meta)}${object === '' ? '' : ` for ${object}`}`;
    default:
      return memory(record, object, meta);
  }
}

/** What happens at a lock. */
function locking({ kind, object, arg, flags }: EventRecord, meta: TraceMeta): string {
  const label = objectLabel(object, meta);
  const name = classOf(object) === Class.TABLE ? `the lock of ${label}` : label;
  const mode = (flags & Flag.WRITE) !== 0 ? ' (write)' : ' (read)';
  const lock = `${name}${isExclusive(object, meta) ? '' : mode}`;
  const state = flags & Flag.STATE_MASK;
  switch (kind) {
    case Kind.LOCK_REQUEST:
      return `${state === State.SPIN ? 'spins' : 'queues'} for ${lock}, ${arg} waiting`;
    case Kind.LOCK_GRANT:
      return granted(lock, flags, state);
    case Kind.LOCK_RELEASE:
      return `releases ${lock}${arg === 0 ? '' : `, ${arg} remaining`}`;
    case Kind.LOCK_DOWNGRADE:
      return `downgrades ${name} to read`;
    case Kind.LOCK_TRY_FAIL:
      return `fails to take ${lock}`;
    case Kind.LOCK_QUEUE:
      return `stops spinning and sleeps for ${lock}, ${arg} asleep`;
    case Kind.LOCK_DEMAND:
      return `demands ${lock}: nobody may pass it, ${arg} waiting`;
    default:
      return `gives up waiting for ${lock}`;
  }
}

function granted(lock: string, flags: number, state: number): string {
  if ((flags & Flag.HANDOFF) !== 0) return `is handed ${lock}${state > State.SPIN ? ' before it runs' : ''}`;
  if ((flags & Flag.STEAL) !== 0) return `steals ${lock} past the queue`;
  return `${(flags & Flag.CONTENDED) !== 0 ? 'gets, after a wait,' : 'takes'} ${lock}`;
}

/** What happens to the address space, and what the document and its invariants say. */
function memory({ kind, arg }: EventRecord, object: string, meta: TraceMeta): string {
  switch (kind) {
    case Kind.VMA_LINK:
      return `links ${object} at ${address(arg)}`;
    case Kind.VMA_LENGTH:
      return `makes ${object} ${pages(arg)} long`;
    case Kind.VMA_FLAGS:
      return `sets the flags of ${object} to 0x${arg.toString(16)}`;
    case Kind.VMA_DETACH:
      return `detaches ${object}`;
    case Kind.VMA_FREE:
      return `frees ${object}`;
    case Kind.TABLE_ALLOC:
      return `allocates the ${object}`;
    case Kind.TABLE_FREE:
      return `frees the ${object}${arg === 0 ? '' : ` with ${pages(arg)} in it`}`;
    case Kind.PAGES: {
      const change = arg | 0;
      return change < 0
        ? `removes ${pages(-change)} from the ${object}`
        : `adds ${pages(change)} to the ${object}`;
    }
    case Kind.PAGE_CACHE: {
      const change = arg | 0;
      return change < 0
        ? `drops ${pages(-change)} of the ${object} from the page cache`
        : `brings ${pages(change)} of the ${object} into the page cache`;
    }
    case Kind.RSS:
      return `sets the RSS of ${object} to ${pages(arg)}`;
    case Kind.TLB_FLUSH:
      return `flushes the TLB of ${object}, interrupting ${arg} ${arg === 1 ? 'CPU' : 'CPUs'}`;
    case Kind.FAULT_RUN:
      return `has ${arg} ${arg === 1 ? 'fault' : 'faults'} in the ${object}, which nobody else notices`;
    case Kind.SEQUENCE:
      return `makes ${object} ${arg % 2 === 1 ? 'odd' : 'even'} (${arg})`;
    case Kind.GRACE_BEGIN:
      return `begins a grace period of ${object} for ${arg} ${arg === 1 ? 'callback' : 'callbacks'}`;
    case Kind.GRACE_END:
      return `ends a grace period of ${object}: ${arg} ${arg === 1 ? 'VMA' : 'VMAs'} freed`;
    case Kind.PROTECT:
      return `changes ${arg} ${arg === 1 ? 'entry' : 'entries'} of the ${object}`;
    case Kind.PCP_REFILL:
      return `moves ${pages(arg)} from the zone to the ${object}`;
    case Kind.PCP_DRAIN:
      return `gives ${pages(arg)} of the ${object} back to the zone`;
    case Kind.FREE_PAGES:
      return `gives ${pages(arg)} back to the allocator`;
    case Kind.COUNTER:
      return `sets ${object} to ${arg}`;
    case Kind.VAR:
      return `sets ${object} to ${arg | 0}`;
    case Kind.VIOLATION:
      return `breaks ${object}${sentenceOf(object, meta)}${arg === 0 ? '' : ` at ${address(arg)}`}`;
    case Kind.HUNG:
      return `has slept for ${object} as long as the hung-task detector allows`;
    case Kind.DEADLOCK:
      return `closes a cycle of waits by asking for ${object}`;
    default:
      return `does something unknown (kind ${kind})`;
  }
}

function sentenceOf(invariant: string, meta: TraceMeta): string {
  const sentence = meta.invariants.find(({ name }) => name === invariant)?.sentence;
  return sentence === undefined ? '' : ` (${sentence})`;
}
