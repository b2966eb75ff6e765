/**
 * The world: every byte of a running simulation in one ArrayBuffer, laid out once when a scenario is built. First the
 * logical region (what an explorer would hash), then the timed one (clock, queue, costs, run queues). A snapshot is a
 * copy, equality a comparison. Nothing outside this buffer may hold state that a snapshot would miss.
 */
export interface Sizes {
  readonly threads: number;
  readonly registers: number;
  readonly cpus: number;
  readonly sockets: number;
  readonly mms: number;
  /** VMA slots of one mm. */
  readonly vmas: number;
  /** Page-table slots over all mms. */
  readonly tables: number;
  /** True at grain `page`: presence bits and content marks per page. */
  readonly pages: boolean;
  /** rwsems: one per mm, then the declared ones. */
  readonly rwsems: number;
  readonly spinlocks: number;
  readonly shared: number;
  readonly counters: number;
}

/** Locks one thread may hold at a time. */
export const MAX_HELD = 8;
/** Violations kept with their causes; later ones are only counted. */
export const MAX_VIOLATIONS = 64;
/** Random-number purposes per thread: kernel costs and the user program's own draws. */
export const PURPOSES = 2;

type ViewKind = 'f64' | 'i32' | 'u32' | 'u16' | 'u8';
const BYTES: Record<ViewKind, number> = { f64: 8, i32: 4, u32: 4, u16: 2, u8: 1 };

/** Columns of the world: name -> [element type, length as a function of the sizes]. Order within a region is free. */
const LOGICAL = {
  /** Instruction the thread is at. */
  pc: ['i32', (s: Sizes) => s.threads],
  regs: ['f64', (s: Sizes) => s.threads * s.registers],
  /** Progress within the instruction; see interpreter.ts. */
  phase: ['u8', (s: Sizes) => s.threads],
  /** Sub-step of an operation that takes several. */
  sub: ['u8', (s: Sizes) => s.threads],
  /** Result waiting for a thread that blocked in an operation. */
  result: ['f64', (s: Sizes) => s.threads],
  /** A value of State. */
  state: ['u8', (s: Sizes) => s.threads],
  /** 0 user mode, 1 in the kernel. */
  inKernel: ['u8', (s: Sizes) => s.threads],
  threadMm: ['u16', (s: Sizes) => s.threads],
  /** How the thread waits for a lock; see locks/face.ts. */
  waiting: ['u8', (s: Sizes) => s.threads],
  waitLock: ['u32', (s: Sizes) => s.threads],
  waitWrite: ['u8', (s: Sizes) => s.threads],
  /** Next in the wait queue + 1. A thread waits in one queue at a time. */
  waitNext: ['u16', (s: Sizes) => s.threads],
  heldCount: ['u8', (s: Sizes) => s.threads],
  heldLock: ['u32', (s: Sizes) => s.threads * MAX_HELD],
  heldWrite: ['u8', (s: Sizes) => s.threads * MAX_HELD],
  /** Spinlocks held: preemption is off while it is not 0. */
  noPreempt: ['u8', (s: Sizes) => s.threads],
  /** Pages allocated and not yet mapped; entries whose RSS change is still due. */
  pagesInHand: ['i32', (s: Sizes) => s.threads],
  rssDue: ['i32', (s: Sizes) => s.threads],
  /** System call the thread is in: index into names.syscall, 0 none. */
  syscall: ['u16', (s: Sizes) => s.threads],
  syscallA: ['f64', (s: Sizes) => s.threads],
  syscallB: ['f64', (s: Sizes) => s.threads],
  /** mm.births when the system call began. */
  syscallBirth: ['f64', (s: Sizes) => s.threads],
  /** Page + 1 that the thread's last fault brought in, at grain `table`. */
  lastTouch: ['u32', (s: Sizes) => s.threads],
  gatherPages: ['i32', (s: Sizes) => s.threads],
  parked: ['u8', (s: Sizes) => s.threads],

  rwWriter: ['u16', (s: Sizes) => s.rwsems],
  rwReaders: ['u16', (s: Sizes) => s.rwsems],
  /** Last marked owner: 0 none, 1 readers (kept until a writer takes the lock), 2 a writer. */
  rwOwner: ['u8', (s: Sizes) => s.rwsems],
  rwHead: ['u16', (s: Sizes) => s.rwsems],
  rwTail: ['u16', (s: Sizes) => s.rwsems],
  rwQueued: ['u16', (s: Sizes) => s.rwsems],
  /** Optimistic spinners in OSQ order. */
  osqHead: ['u16', (s: Sizes) => s.rwsems],
  osqTail: ['u16', (s: Sizes) => s.rwsems],
  osqCount: ['u16', (s: Sizes) => s.rwsems],

  /** Holds counted apart from the lock models, to watch over them. */
  seenReaders: ['u16', (s: Sizes) => s.rwsems],
  seenWriters: ['u8', (s: Sizes) => s.rwsems],

  spinOwner: ['u16', (s: Sizes) => s.spinlocks],
  spinHead: ['u16', (s: Sizes) => s.spinlocks],
  spinTail: ['u16', (s: Sizes) => s.spinlocks],

  tabState: ['u8', (s: Sizes) => s.tables],
  tabCount: ['u16', (s: Sizes) => s.tables],
  /** Birth number of the mapping that the table serves. */
  tabMapping: ['u32', (s: Sizes) => s.tables],
  /** Presence, 16 words of 32 bits a table (grain page). */
  tabBits: ['u32', (s: Sizes) => (s.pages ? s.tables * 16 : 0)],
  /** Content mark per page (grain page); see invariants.ts. */
  tabMark: ['u8', (s: Sizes) => (s.pages ? s.tables * 512 : 0)],

  vmaState: ['u8', (s: Sizes) => s.mms * s.vmas],
  vmaStart: ['u32', (s: Sizes) => s.mms * s.vmas],
  vmaEnd: ['u32', (s: Sizes) => s.mms * s.vmas],
  vmaFlags: ['u32', (s: Sizes) => s.mms * s.vmas],
  /** The how-manieth mapping of the mm it belongs to; a split keeps it. */
  vmaBirth: ['f64', (s: Sizes) => s.mms * s.vmas],
  vmaGen: ['u16', (s: Sizes) => s.mms * s.vmas],
  /** Next of a detached list + 1. */
  vmaChain: ['u16', (s: Sizes) => s.mms * s.vmas],
  /** Area that the mapping came from + 1, 0 for mmap. */
  vmaArea: ['u16', (s: Sizes) => s.mms * s.vmas],
  /** Slots of the tree in order of address. */
  treeSlot: ['u16', (s: Sizes) => s.mms * s.vmas],
  treeCount: ['u16', (s: Sizes) => s.mms],
  mmRss: ['f64', (s: Sizes) => s.mms],
  mmPresent: ['f64', (s: Sizes) => s.mms],
  mmAllocated: ['f64', (s: Sizes) => s.mms],
  mmFreed: ['f64', (s: Sizes) => s.mms],
  mmLost: ['f64', (s: Sizes) => s.mms],
  mmBirths: ['f64', (s: Sizes) => s.mms],
  /** munmap calls of the mm in progress. */
  mmUnmapping: ['u16', (s: Sizes) => s.mms],

  shared: ['f64', (s: Sizes) => s.shared],
  counter: ['u32', (s: Sizes) => s.counters],
  atomic: ['u8', (s: Sizes) => s.threads],
} as const;

const TIMED = {
  /** [0] now, [1] order of scheduling, [2] records written, [3] memory in use in pages. */
  clock: ['f64', () => 8],
  /** [0] outcome, [1] place code, [2] heap size, [3] violations, [4] steps at this instant, [5] live threads. */
  run: ['i32', () => 16],
  due: ['f64', (s: Sizes) => s.threads],
  stateSince: ['f64', (s: Sizes) => s.threads],
  /** When and where the wait for a lock began. */
  waitSince: ['f64', (s: Sizes) => s.threads],
  heldSince: ['f64', (s: Sizes) => s.threads * MAX_HELD],
  heldSite: ['u32', (s: Sizes) => s.threads * MAX_HELD],
  draws: ['u32', (s: Sizes) => s.threads * PURPOSES],
  /** Time left of a step that was interrupted when the thread lost its CPU. */
  left: ['f64', (s: Sizes) => s.threads],
  /** CPU the thread runs on or belongs to. */
  threadCpu: ['u16', (s: Sizes) => s.threads],
  pinned: ['u8', (s: Sizes) => s.threads],
  rqNext: ['u16', (s: Sizes) => s.threads],
  /** What the thread's timer does when it fires; see cpu.ts. */
  timer: ['u8', (s: Sizes) => s.threads],
  syscallEvent: ['f64', (s: Sizes) => s.threads],
  lastUnmapEvent: ['f64', (s: Sizes) => s.mms],
  vmaEvent: ['f64', (s: Sizes) => s.mms * s.vmas],

  cpuThread: ['u16', (s: Sizes) => s.cpus],
  cpuLast: ['u16', (s: Sizes) => s.cpus],
  cpuMm: ['u16', (s: Sizes) => s.cpus],
  cpuResched: ['u8', (s: Sizes) => s.cpus],
  rqHead: ['u16', (s: Sizes) => s.cpus],
  rqTail: ['u16', (s: Sizes) => s.cpus],
  rqCount: ['u16', (s: Sizes) => s.cpus],
  /** 1 while a thread computes there (not while it spins): what slows an SMT sibling. */
  cpuBusy: ['u8', (s: Sizes) => s.cpus],
  /** CPU bit masks of each mm, 32 CPUs a word: where its translations may be cached. */
  mmCpus: ['u32', (s: Sizes) => s.mms * ((s.cpus + 31) >>> 5)],

  rwLineCpu: ['u16', (s: Sizes) => s.rwsems],
  rwLineBusy: ['f64', (s: Sizes) => s.rwsems],
  spinLineCpu: ['u16', (s: Sizes) => s.spinlocks],
  spinLineBusy: ['f64', (s: Sizes) => s.spinlocks],
  memBusy: ['f64', (s: Sizes) => s.sockets],

  heapTime: ['f64', (s: Sizes) => sources(s)],
  heapOrder: ['f64', (s: Sizes) => sources(s)],
  heapAt: ['u16', (s: Sizes) => sources(s)],
  /** Place of a source in the heap + 1. */
  heapPos: ['u16', (s: Sizes) => sources(s)],

  vioWhat: ['u8', () => MAX_VIOLATIONS],
  vioTime: ['f64', () => MAX_VIOLATIONS],
  vioThread: ['u16', () => MAX_VIOLATIONS],
  vioSite: ['u32', () => MAX_VIOLATIONS],
  vioPage: ['u32', () => MAX_VIOLATIONS],
  /** Ids of up to four records that led to it, -1 for none. */
  vioCause: ['f64', () => MAX_VIOLATIONS * 4],
  vioEvent: ['f64', () => MAX_VIOLATIONS],
} as const;

/** Event sources: a CPU's step, a thread's timer, a CPU's slice. */
function sources(s: Sizes): number {
  return s.cpus * 2 + s.threads;
}

type Spec = Record<string, readonly [ViewKind, (s: Sizes) => number]>;
type ViewOf<K extends ViewKind> = K extends 'f64'
  ? Float64Array
  : K extends 'i32'
    ? Int32Array
    : K extends 'u32'
      ? Uint32Array
      : K extends 'u16'
        ? Uint16Array
        : Uint8Array;
type Views<S extends Spec> = { -readonly [N in keyof S]: ViewOf<S[N][0]> };

export type WorldViews = Views<typeof LOGICAL> & Views<typeof TIMED>;

export interface World extends WorldViews {
  readonly sizes: Sizes;
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;
  /** Bytes of the logical region, which comes first. */
  readonly logicalBytes: number;
}

function layOut(spec: Spec, sizes: Sizes, start: number): { at: Map<string, number>; end: number } {
  const at = new Map<string, number>();
  let end = start;
  // Wide elements first, so that every column is aligned without gaps.
  for (const kind of ['f64', 'i32', 'u32', 'u16', 'u8'] as const) {
    for (const [name, [k, length]] of Object.entries(spec)) {
      if (k !== kind) continue;
      at.set(name, end);
      end += BYTES[k] * length(sizes);
    }
    end = (end + 7) & ~7;
  }
  return { at, end };
}

/** Bytes a world of these sizes takes; told before anything is allocated. */
export function worldBytes(sizes: Sizes): number {
  return layOut(TIMED, sizes, layOut(LOGICAL, sizes, 0).end).end;
}

/** A zeroed world. */
export function newWorld(sizes: Sizes): World {
  const logical = layOut(LOGICAL, sizes, 0);
  const timed = layOut(TIMED, sizes, logical.end);
  const buffer = new ArrayBuffer(timed.end);
  const views: Record<string, unknown> = {};
  for (const [spec, place] of [
    [LOGICAL, logical],
    [TIMED, timed],
  ] as const) {
    for (const [name, [kind, length]] of Object.entries(spec as Spec)) {
      const at = place.at.get(name) as number;
      const n = length(sizes);
      views[name] =
        kind === 'f64'
          ? new Float64Array(buffer, at, n)
          : kind === 'i32'
            ? new Int32Array(buffer, at, n)
            : kind === 'u32'
              ? new Uint32Array(buffer, at, n)
              : kind === 'u16'
                ? new Uint16Array(buffer, at, n)
                : new Uint8Array(buffer, at, n);
    }
  }
  return {
    ...(views as WorldViews),
    sizes,
    buffer,
    bytes: new Uint8Array(buffer),
    logicalBytes: logical.end,
  };
}

/** Copies a world into `into` (or a new buffer) and returns it. */
export function snapshot(world: World, into?: Uint8Array): Uint8Array {
  const copy = into ?? new Uint8Array(world.bytes.length);
  copy.set(world.bytes);
  return copy;
}

export function restore(world: World, from: Uint8Array): void {
  world.bytes.set(from);
}

/** True when two snapshots (or worlds' bytes) are the same byte for byte. */
export function equalWorlds(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** FNV-1a over the logical region, or over everything. */
export function hashWorld(world: World, all = false): number {
  const end = all ? world.bytes.length : world.logicalBytes;
  let h = 0x811c9dc5 | 0;
  for (let i = 0; i < end; i++) h = Math.imul(h ^ (world.bytes[i] as number), 0x01000193);
  return h >>> 0;
}
