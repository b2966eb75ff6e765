import {
  CHUNK_RECORDS,
  type Chunk,
  Class,
  type EventRecord,
  Flag,
  Kind,
  MmLock,
  newChunk,
  objectId,
  recordAt,
  State,
  type TraceMeta,
} from '../event/index.ts';

/** Logs for the tests of this room: written by hand, or drawn at random but true to the protocol of the records. */

export const THREADS = ['unmapper', 'f0', 'f1', 'f2', 'other'];

export function testMeta(overrides: Partial<TraceMeta> = {}): TraceMeta {
  return {
    title: 'test',
    threads: THREADS.map((name, i) => ({ name, cpu: i, mm: name === 'other' ? 1 : 0, daemon: false })),
    cpuSocket: [0, 0, 0, 0, 0],
    mms: ['main', 'second'],
    sites: Array.from({ length: 20 }, (_, i) => ({ file: 'a.kp', line: i, col: 1, fn: 'f', parent: 0 })),
    syscalls: ['mmap', 'munmap'],
    phases: ['', 'detach', 'zap', 'free'],
    counters: ['hits'],
    invariants: [{ name: 'rss_equals_present', sentence: 'RSS equals present pages', source: '' }],
    vars: ['x'],
    locks: [
      { name: 'sem', kind: 'rwsem' },
      { name: 'mutex', kind: 'mutex' },
    ],
    mmapLockLabel: 'mmap_sem',
    extentNs: 1_000,
    simulated: true,
    ...overrides,
  };
}

export const MMAP = objectId(Class.MMAP_LOCK, 0);
export const SEM = objectId(Class.LOCK, 0);
export const MUTEX = objectId(Class.LOCK, 1);
export const MUNMAP = objectId(Class.SYSCALL, 1);
export const MM = objectId(Class.MM, 0);
export const vmaLock = (index: number): number => objectId(Class.VMA_LOCK, index);
export const RB_LOCK = objectId(Class.MM_LOCK, MmLock.MM_RB_LOCK);
/** A lock over ranges: threads may hold parts of it to write at once. */
export const RANGE_LOCK = objectId(Class.MM_LOCK, (1 << 8) | MmLock.RANGE_LOCK);
export const tableId = (index: number): number => objectId(Class.TABLE, index);

/** A log under construction. */
export class LogBuilder {
  readonly chunks: Chunk[] = [newChunk(0)];
  t = 0;

  get count(): number {
    const last = this.chunks[this.chunks.length - 1];
    return last.first + last.count;
  }

  /** Adds a record at the present time. */
  put(kind: number, thread: number, flags: number, object = 0, arg = 0, site = 0): this {
    let chunk = this.chunks[this.chunks.length - 1];
    if (chunk.count === CHUNK_RECORDS) {
      chunk = newChunk(chunk.first + CHUNK_RECORDS);
      this.chunks.push(chunk);
    }
    const i = chunk.count++;
    chunk.t[i] = this.t;
    chunk.kind[i] = kind;
    chunk.thread[i] = thread;
    chunk.flags[i] = flags;
    chunk.object[i] = object;
    chunk.arg[i] = arg;
    chunk.site[i] = site;
    return this;
  }

  at(t: number): this {
    this.t = t;
    return this;
  }

  records(): EventRecord[] {
    return this.chunks.flatMap((chunk) => Array.from({ length: chunk.count }, (_, i) => recordAt(chunk, i)));
  }

  /** Feeds a reader in pieces of `piece` records, the way a worker does while the log grows. */
  feed(reader: { add(chunk: Chunk, from: number, to: number): void }, piece = 1000): void {
    for (const chunk of this.chunks) {
      for (let from = 0; from < chunk.count; from += piece) {
        reader.add(chunk, from, Math.min(chunk.count, from + piece));
      }
    }
  }
}

interface Hold {
  lock: number;
  write: boolean;
}

interface Actor {
  state: number;
  syscall: number;
  fault: number;
  wants: Hold | undefined;
  holds: Hold[];
}

const LOCKS = [
  MMAP,
  MMAP,
  MMAP,
  objectId(Class.MMAP_LOCK, 1),
  SEM,
  MUTEX,
  tableId(1),
  tableId(2),
  tableId((1 << 20) | 7),
  vmaLock(1),
  vmaLock((1 << 20) | 2),
  RB_LOCK,
  RANGE_LOCK,
];

/** True for locks of the random logs that can be shared. */
function isShared(lock: number): boolean {
  return lock !== MUTEX && lock >>> 28 !== Class.TABLE;
}

/** A log of `steps` steps that obeys the protocol; the first of them do not depend on how many follow. */
export function randomLog(seed: number, steps: number): LogBuilder {
  const log = new LogBuilder();
  let word = seed;
  // A multiplicative generator followed by a mix: good enough to choose, the same everywhere.
  const draw = (n: number): number => {
    word = (Math.imul(word, 0x2c1b3c6d) + 0x3039) | 0;
    return ((word ^ (word >>> 15)) >>> 4) % n;
  };
  const actors: Actor[] = THREADS.map(() => {
    return { state: State.IDLE as number, syscall: 0, fault: 0, wants: undefined, holds: [] };
  });
  const free = (wants: Hold): boolean =>
    wants.lock === RANGE_LOCK
      ? actors.flatMap((a) => a.holds.filter((h) => h.lock === RANGE_LOCK)).length < 2
      : actors.every((a) => a.holds.every((h) => h.lock !== wants.lock || !(h.write || wants.write)));

  for (let i = 0; i < steps; i++) {
    log.t += [0, 0, 1, 2, 17, 300, 70_000][draw(7)];
    const thread = draw(actors.length);
    step(log, actors[thread], thread, draw, free);
  }
  return log;
}

type Draw = (n: number) => number;

function step(log: LogBuilder, a: Actor, thread: number, draw: Draw, free: (wants: Hold) => boolean): void {
  const put = (kind: number, state: number, object = 0, arg = 0, flags = 0): void => {
    a.state = state;
    log.put(kind, thread, state | flags | (draw(2) * Flag.STEP_END), object, arg, 1 + draw(15));
  };
  const running = a.syscall || a.fault ? State.KERNEL : State.USER;
  const { wants } = a;
  if (wants !== undefined) {
    const mode = wants.write ? Flag.WRITE : 0;
    const asleep = a.state !== State.SPIN && a.state !== State.KERNEL;
    const what = draw(8);
    if (what === 0) {
      a.wants = undefined;
      put(Kind.LOCK_CANCEL, asleep ? State.RUNNABLE : State.KERNEL, wants.lock, 0, mode);
    } else if (what === 1) put(Kind.STATE, [State.RUNNABLE, State.SPIN, State.KERNEL][draw(3)], wants.lock);
    else if (what === 3) put(Kind.LOCK_DEMAND, a.state, wants.lock, 1, mode);
    else if (what === 2 && a.state === State.SPIN) {
      put(Kind.LOCK_QUEUE, wants.write ? State.WAIT_WRITE : State.WAIT_READ, wants.lock, 1, mode);
    } else if (free(wants)) {
      a.wants = undefined;
      a.holds.push(wants);
      const flags = mode | Flag.CONTENDED | ([Flag.STEAL, Flag.HANDOFF, 0, 0][draw(4)] as number);
      put(Kind.LOCK_GRANT, asleep ? State.RUNNABLE : State.KERNEL, wants.lock, 0, flags);
    }
    return;
  }
  switch (a.state) {
    case State.IDLE:
      put(Kind.STATE, State.USER);
      return;
    case State.RUNNABLE:
      put(draw(2) ? Kind.SWITCH : Kind.STATE, running, 0, thread);
      return;
    case State.USER: {
      const what = draw(8);
      if (what === 0) put(Kind.STATE, State.IDLE);
      else if (what === 1) put(Kind.STATE, State.RUNNABLE);
      else if (what < 4) {
        a.fault = objectId(Class.MM, thread === 4 ? 1 : 0);
        put(Kind.FAULT_ENTER, State.KERNEL, a.fault, draw(64));
      } else {
        a.syscall = objectId(Class.SYSCALL, draw(2));
        put(Kind.SYSCALL_ENTER, State.KERNEL, a.syscall, draw(64));
        put(Kind.SYSCALL_LENGTH, State.KERNEL, 0, draw(20));
      }
      return;
    }
    default:
      inKernel(a, draw, put, free);
  }
}

type Put = (kind: number, state: number, object?: number, arg?: number, flags?: number) => void;

function inKernel(a: Actor, draw: Draw, put: Put, free: (wants: Hold) => boolean): void {
  const K = State.KERNEL;
  const what = draw(16);
  if (what < 5) {
    const lock = LOCKS[draw(LOCKS.length)];
    const rwsem = isShared(lock);
    const wants = { lock, write: !rwsem || draw(2) === 1 };
    const mode = wants.write ? Flag.WRITE : 0;
    if (free(wants)) {
      a.holds.push(wants);
      put(Kind.LOCK_GRANT, K, lock, 0, mode);
      return;
    }
    a.wants = wants;
    const spins = !rwsem || draw(2) === 1;
    put(
      Kind.LOCK_REQUEST,
      spins ? State.SPIN : wants.write ? State.WAIT_WRITE : State.WAIT_READ,
      lock,
      1,
      mode,
    );
  } else if (what < 9 && a.holds.length > 0) {
    const hold = a.holds[draw(a.holds.length)];
    const last = a.holds.findLast((h) => h.lock === hold.lock) as Hold;
    a.holds.splice(a.holds.lastIndexOf(last), 1);
    put(Kind.LOCK_RELEASE, K, last.lock, 0, last.write ? Flag.WRITE : 0);
  } else if (what === 9) {
    const hold = a.holds.findLast((h) => h.write && (h.lock === SEM || h.lock >>> 28 === Class.MMAP_LOCK));
    if (hold === undefined) return;
    hold.write = false;
    put(Kind.LOCK_DOWNGRADE, K, hold.lock, 1);
  } else if (what === 10) put(Kind.PHASE, K, objectId(Class.PHASE, draw(4)));
  else if (what === 11) put(Kind.PAGES, K, tableId(draw(3)), draw(40) - 20);
  else if (what === 12)
    put(draw(2) ? Kind.TLB_FLUSH : Kind.TABLE_FREE, K, draw(2) ? MM : tableId(3), draw(4));
  else if (what === 13) {
    const vma = objectId(Class.VMA, (draw(2) << 20) | draw(3));
    put(Kind.VMA_LINK, K, vma, draw(64));
    put(Kind.VMA_LENGTH, K, vma, draw(20));
  } else if (what === 14) put(Kind.STATE, State.RUNNABLE);
  else if (a.fault !== 0) {
    const fault = a.fault;
    a.fault = 0;
    put(Kind.FAULT_EXIT, a.syscall ? K : State.USER, fault, 0, draw(3) === 0 ? Flag.FAIL : 0);
  } else if (a.syscall !== 0) {
    const syscall = a.syscall;
    a.syscall = 0;
    put(Kind.SYSCALL_EXIT, State.USER, syscall);
  }
}
