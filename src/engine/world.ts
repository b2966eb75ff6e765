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
  /** Sleeping locks: one rwsem per mm, then the declared rwsems and mutexes. */
  readonly rwsems: number;
  readonly spinlocks: number;
  /** True on a machine where the home node of a lock's line matters. */
  readonly homes: boolean;
  readonly shared: number;
  readonly counters: number;
  /** Nodes that have a zone; 0 where the allocator knows none, and what follows is 0 then too. */
  readonly nodes: number;
  /** Page frames with a record, a multiple of those of a block of the highest order. */
  readonly frames: number;
  /** Page tables that may have such frames at a time. */
  readonly rows: number;
  /** Page frames that a per-CPU list has room for, a power of two. */
  readonly listRoom: number;
  /** Words of mms and VMAs that paths read and write without a lock (see words.ts); 0 where the program uses none. */
  readonly words: number;
  /** Those of VMAs are among them. */
  readonly vmaWords: boolean;
  /** Ranges of range locks: `RANGES` for each thread, or 0. */
  readonly ranges: number;
  /** The scenario fixes its interleaving by a schedule. */
  readonly scheduled: boolean;
  /** Areas map files: the page cache has to be known. */
  readonly files: boolean;
}

/** Locks one thread may hold at a time. */
export const MAX_HELD = 8;
/** Ranges of range locks that one thread may hold or ask for at a time. */
export const RANGES = 2;
/** Frames that a thread's mmu_gather has room for: those of a full one (GATHER_PAGES of tables.ts). */
export const GATHER_ROOM = 9_698;
/** Violations kept with their causes; later ones are only counted. */
export const MAX_VIOLATIONS = 64;
/** Records that are kept of what led to one. */
export const MAX_CAUSES = 8;
/** Random-number purposes per thread: kernel costs and the user program's own draws. */
export const PURPOSES = 2;

/** Hands out columns of one buffer one after the other, each on an 8-byte boundary; without a buffer it only counts. */
class Arena {
  at = 0;
  private readonly buffer: ArrayBuffer | null;

  constructor(buffer: ArrayBuffer | null) {
    this.buffer = buffer;
  }

  private take(bytes: number): number {
    const at = this.at;
    this.at = (at + bytes + 7) & ~7;
    return at;
  }

  f64(n: number): Float64Array {
    const at = this.take(n * 8);
    return this.buffer === null ? new Float64Array(0) : new Float64Array(this.buffer, at, n);
  }
  i32(n: number): Int32Array {
    const at = this.take(n * 4);
    return this.buffer === null ? new Int32Array(0) : new Int32Array(this.buffer, at, n);
  }
  u32(n: number): Uint32Array {
    const at = this.take(n * 4);
    return this.buffer === null ? new Uint32Array(0) : new Uint32Array(this.buffer, at, n);
  }
  u16(n: number): Uint16Array {
    const at = this.take(n * 2);
    return this.buffer === null ? new Uint16Array(0) : new Uint16Array(this.buffer, at, n);
  }
  u8(n: number): Uint8Array {
    const at = this.take(n);
    return this.buffer === null ? new Uint8Array(0) : new Uint8Array(this.buffer, at, n);
  }
}

/** Kinds of grace periods: RCU and SRCU. */
export const GRACE_DOMAINS = 2;

/**
 * Event sources: a CPU's step, a thread's timer, a CPU's slice, a thread's alarm, a CPU's turn on its host, the ends of
 * grace periods, and the end of what the disk reads.
 */
function sources(s: Sizes): number {
  return s.cpus * 3 + s.threads * 2 + GRACE_DOMAINS + 1;
}

/**
 * Every column by name. The fields are assigned one by one on purpose: an object filled in a loop over names becomes a
 * dictionary, and each access in the hot loops a look-up.
 */
export class World {
  /** Instruction the thread is at. */
  readonly pc: Int32Array;
  /** Registers of every thread, and one more file for conditions that belong to no thread. */
  readonly regs: Float64Array;
  /** Progress within the instruction; see interpreter.ts. */
  readonly phase: Uint8Array;
  /** Sub-step of an operation that takes several. */
  readonly sub: Uint8Array;
  /** Result waiting for a thread that blocked in an operation. */
  readonly result: Float64Array;
  /** A value of State. */
  readonly state: Uint8Array;
  /** 0 user mode, 1 in the kernel. */
  readonly inKernel: Uint8Array;
  readonly threadMm: Uint16Array;
  /** A fatal signal has come; and a wait that it may end. */
  readonly killed: Uint8Array;
  readonly killable: Uint8Array;
  /** Its wait in the current lock was reported as hung. */
  readonly hung: Uint8Array;
  /** How the thread waits for a lock; see locks/face.ts. */
  readonly waiting: Uint8Array;
  readonly waitLock: Uint32Array;
  readonly waitWrite: Uint8Array;
  /** Next in the wait queue + 1. A thread waits in one queue at a time. */
  readonly waitNext: Uint16Array;
  readonly heldCount: Uint8Array;
  readonly heldLock: Uint32Array;
  readonly heldWrite: Uint8Array;
  /** Spinlocks held: preemption is off while it is not 0. */
  readonly noPreempt: Uint8Array;
  /** Pages allocated and not yet mapped; entries whose RSS change is still due. */
  readonly pagesInHand: Int32Array;
  readonly rssDue: Int32Array;
  /** System call the thread is in: index into names.syscall, 0 none. */
  readonly syscall: Uint16Array;
  readonly syscallA: Float64Array;
  readonly syscallB: Float64Array;
  /** mm.births when the munmap of the thread first had the lock; -1 before that. */
  readonly syscallBirth: Float64Array;
  /** Page + 1 that the thread's last fault brought in, at grain `table`. */
  readonly lastTouch: Uint32Array;
  readonly gatherPages: Int32Array;
  /** Tables freed since the last TLB flush of the thread's mmu_gather. */
  readonly gatherTables: Int32Array;
  readonly parked: Uint8Array;
  /** A queued writer saw that spinning on this lock is off. */
  readonly sawNonspin: Uint8Array;

  // Sleeping locks: rwsems, and mutexes, which have no readers.
  readonly rwWriter: Uint16Array;
  readonly rwReaders: Uint16Array;
  readonly rwHead: Uint16Array;
  readonly rwTail: Uint16Array;
  readonly rwQueued: Uint16Array;
  /** Optimistic spinners in OSQ order. */
  readonly osqHead: Uint16Array;
  readonly osqTail: Uint16Array;
  readonly osqCount: Uint16Array;
  /** 1 while the first waiter demands the lock: nobody may take it before it. */
  readonly rwDemand: Uint8Array;
  /** Who must not spin on the lock; see locks/handoff.ts. */
  readonly rwNonspin: Uint8Array;

  /** Holds counted apart from the lock models, to watch over them. */
  readonly seenReaders: Uint16Array;
  readonly seenWriters: Uint8Array;

  readonly spinOwner: Uint16Array;
  readonly spinHead: Uint16Array;
  readonly spinTail: Uint16Array;
  /** Threads in that queue. */
  readonly spinCount: Uint16Array;

  readonly tabState: Uint8Array;
  readonly tabCount: Uint16Array;
  /** Birth number of the mapping that the table serves. */
  readonly tabMapping: Uint32Array;
  /** Presence, 16 words of 32 bits a table (grain page). */
  readonly tabBits: Uint32Array;
  /** Content mark per page (grain page); see invariants.ts. */
  readonly tabMark: Uint8Array;

  readonly vmaState: Uint8Array;
  readonly vmaStart: Uint32Array;
  readonly vmaEnd: Uint32Array;
  readonly vmaFlags: Uint32Array;
  /** The how-manieth mapping of the mm it belongs to; a split keeps it. */
  readonly vmaBirth: Float64Array;
  readonly vmaGen: Uint16Array;
  /** Next of a detached list + 1. */
  readonly vmaChain: Uint16Array;
  /** Area that the mapping came from + 1, 0 for mmap. */
  readonly vmaArea: Uint16Array;
  /** Slots of the tree in order of address. */
  readonly treeSlot: Uint16Array;
  readonly treeCount: Uint16Array;
  /** Slots of an mm below this one are all in use. */
  readonly vmaLowest: Uint16Array;
  readonly mmRss: Float64Array;
  readonly mmPresent: Float64Array;
  readonly mmAllocated: Float64Array;
  readonly mmFreed: Float64Array;
  readonly mmBirths: Float64Array;
  /** A secondary MMU has registered; the page + 1 that it has a translation for; that page was replaced since. */
  readonly mmNotifiers: Uint8Array;
  readonly mmSpte: Uint32Array;
  readonly mmSpteStale: Uint8Array;
  /** Pages that were allocated and are nowhere any more: lost by a race. */
  readonly mmLost: Float64Array;
  /** munmap calls of the mm in progress. */
  readonly mmUnmapping: Uint16Array;

  readonly shared: Float64Array;
  readonly counter: Uint32Array;
  readonly atomic: Uint8Array;

  // Zones; see alloc/. Links are a frame's index + 1. Signed, because engines reckon with unsigned words as with fractions.
  /** Of each frame who wrote its struct page last, and its order and links where it heads a free block; see alloc/buddy.ts. */
  readonly frames: Int32Array;
  /** Node + 1 of a block of frames. */
  readonly blockNode: Uint8Array;
  /** Free blocks by node and order. */
  readonly freeHead: Int32Array;
  readonly freeTail: Int32Array;
  readonly freeCount: Int32Array;
  /** [0] blocks of frames in use. */
  readonly zoneBlocks: Uint32Array;
  /** Pages of a zone, and those of them that are free and have no record. */
  readonly zoneManaged: Float64Array;
  readonly zoneWhole: Float64Array;
  readonly lruPages: Float64Array;
  /** Per-CPU lists by CPU and node: a ring of frames, and a number of pages without record. */
  readonly listPages: Int32Array;
  readonly listHead: Int32Array;
  readonly listCount: Int32Array;
  readonly listWhole: Int32Array;
  /** A list's own high, when vmstat's worker last lowered it, and how often its batches doubled. */
  readonly listHigh: Uint32Array;
  readonly listDecay: Float64Array;
  readonly listDoubled: Uint8Array;
  readonly listTaken: Uint8Array;
  /** Pages in the pagevec of a CPU, by node. */
  readonly pagevec: Uint8Array;
  /** Rows of 512 frames, one for each table that has some, and how many rows were ever in use; a free row + 1 names the next. */
  readonly rows: Int32Array;
  readonly rowsUsed: Int32Array;
  /** A table's row + 1, how many frames are in it in the order in which they were mapped, and the node of its other pages. */
  readonly tabRow: Int32Array;
  readonly tabFrames: Uint16Array;
  readonly tabNode: Uint8Array;
  /** Frames of a thread's mmu_gather, how many there are and how many of them are freed; its other pages by node. */
  readonly gather: Int32Array;
  readonly gatherCount: Uint16Array;
  readonly gatherDone: Uint16Array;
  readonly gatherWhole: Int32Array;
  /** The batch of it that is being freed: pages, those still on the LRU, those not yet on a list; node + 1 if they have no records. */
  readonly releaseSize: Uint16Array;
  readonly releaseLru: Uint16Array;
  readonly releaseLeft: Uint16Array;
  readonly releaseNode: Uint8Array;
  /** Faults that the thread does as one step. */
  readonly faultRun: Uint16Array;

  // Page faults without mmap_sem; see words.ts, grace.ts, interrupts.ts and locks/rwlock.ts.
  /** Values of words; an mm's first, then those of VMAs, slot by slot. */
  readonly wordValue: Float64Array;
  /** 1 while a VMA has an anon_vma. */
  readonly vmaAnon: Uint8Array;
  /** A freed VMA waits for a grace period: 1 + 2 * domain for the current one, 2 + 2 * domain for the next. */
  readonly vmaGrace: Uint8Array;
  /** Live threads of an mm. */
  readonly mmUsers: Uint16Array;
  /** How often the place of a table was given to another table, and whether a table that is no longer linked may still be walked. */
  readonly tabGen: Uint16Array;
  readonly tabDying: Uint8Array;
  /** Tables that the thread unlinked since its last flush: from, and one past the last. */
  readonly dyingFrom: Int32Array;
  readonly dyingTo: Int32Array;
  /** By thread and domain: read-side sections it is in, and whether the current grace period waits for it. */
  readonly graceNest: Uint8Array;
  readonly graceOld: Uint8Array;
  /** A thread in synchronize_rcu, numbered as vmaGrace. */
  readonly graceWait: Uint8Array;
  /** By domain: 1 while a grace period goes on, threads that it waits for, whether its time has passed, and who waits for the next. */
  readonly graceActive: Uint8Array;
  readonly graceReaders: Uint16Array;
  readonly graceDue: Uint8Array;
  readonly graceNext: Uint32Array;
  readonly graceNow: Uint32Array;
  /** Interrupts are off on the CPU of the thread. */
  readonly irqsOff: Uint8Array;
  /** CPUs that a thread waits for until they acknowledge a TLB flush, 32 a word; [0] threads that wait so. */
  readonly ackMask: Uint32Array;
  readonly ackWaiters: Uint16Array;
  /** Rwlocks, one an mm: owner that writes + 1, readers, queue. */
  readonly rlWriter: Uint16Array;
  readonly rlReaders: Uint16Array;
  readonly rlHead: Uint16Array;
  readonly rlTail: Uint16Array;
  readonly rlQueued: Uint16Array;
  // The schedule, where there is one; see schedule.ts.
  /** [0] turns that are over, [1] how often the label of the turn was come to in it. */
  readonly turn: Uint32Array;
  /** 1 for a thread that is held on its CPU, 2 for one that computed there; what it does next waits for its turn. */
  readonly heldBack: Uint8Array;

  // Range locks; see ranges.ts. By range: mm + 1 (0: unused), what it is, whether it writes, first page and one past the last.
  readonly rangeMm: Uint16Array;
  readonly rangeState: Uint8Array;
  readonly rangeWrite: Uint8Array;
  readonly rangeStart: Float64Array;
  readonly rangeEnd: Float64Array;
  /** When it was asked for, as a number that only grows in its mm; and the last such number. */
  readonly rangeOrder: Float64Array;
  readonly rangeOrders: Float64Array;
  /** In a tree: earlier ranges that keep it out. Of a list: the range + 1 that its thread waits for. */
  readonly rangeBlockers: Uint16Array;
  /** Of lists, by place (the head of each mm, then the ranges): the range + 1 behind it, when that changed, marked nodes between. */
  readonly rangeNext: Uint16Array;
  readonly rangeStamp: Float64Array;
  readonly rangeMarked: Uint16Array;
  /** Ranges that are held, noted apart from the models, to watch over them; 0 pages long where none is. */
  readonly seenMm: Uint16Array;
  readonly seenWrite: Uint8Array;
  readonly seenStart: Float64Array;
  readonly seenEnd: Float64Array;
  /** The munmap of a thread has removed something. */
  readonly unmapDid: Uint8Array;
  // Files and their disk; see files.ts.
  /** Pages of a file in the page cache by page table; at grain `table` TABLE_PAGES says that all are there, else which ones is not known. */
  readonly cacheCount: Uint16Array;
  /** Which ones, 16 words of 32 bits a table (grain page). */
  readonly cacheBits: Uint32Array;
  /** Page + 1 that a thread sleeps for, 0 none; 1 where it is the thread that asked the disk for it. */
  readonly ioPage: Uint32Array;
  readonly ioReads: Uint8Array;
  /** Page + 1 of a file that the thread waited for last, at grain `table`. */
  readonly ioLast: Uint32Array;
  /** Next in the disk's queue + 1; [0] first, [1] last, [2] how many. */
  readonly ioNext: Uint16Array;
  readonly disk: Uint16Array;

  // The timed region.
  /** When the wait for a range of a list began, 0 without one. */
  readonly rangeSince: Float64Array;
  /** CPU + 1 that wrote a word last, until when its line is under way, and who has a copy, 32 CPUs a word. */
  readonly wordCpu: Uint16Array;
  readonly wordBusy: Float64Array;
  readonly wordCopies: Uint32Array;
  /** [0] now, [2] records written, [3] memory in use in pages, [4] threads parked, [5] draws of ticket locks, [6] next look at those who wait. */
  readonly clock: Float64Array;
  /** [0] outcome, [1] place code, [2] events in the queue, [3] violations, [4] steps at this instant, [5] live threads, [6] thread that stopped the run, [7] last check made, [8] hung waits, [9] queued threads that may move. */
  readonly run: Int32Array;
  readonly due: Float64Array;
  readonly stateSince: Float64Array;
  /** When and where the wait for a lock began. */
  readonly waitSince: Float64Array;
  /** When it took its place among the sleepers; until when it spins on readers, 0 if nothing bounds it. */
  readonly queuedAt: Float64Array;
  readonly spinUntil: Float64Array;
  readonly heldSince: Float64Array;
  readonly heldSite: Uint32Array;
  readonly draws: Uint32Array;
  /** Time left of a step that was interrupted when the thread lost its CPU. */
  readonly left: Float64Array;
  /** CPU the thread runs on or belongs to. */
  readonly threadCpu: Uint16Array;
  readonly pinned: Uint8Array;
  readonly rqNext: Uint16Array;
  /** What the thread's timer does when it fires; see cpu.ts. */
  readonly timer: Uint8Array;
  readonly syscallEvent: Float64Array;
  readonly lastUnmapEvent: Float64Array;
  readonly vmaEvent: Float64Array;
  /**
   * Per VMA slot, ids of records, 0 for none: of the last change or detachment, and of the call or fault that made it; of the
   * VMA's free, and of the call. They outlive the VMA, for who uses it then.
   */
  readonly vmaChanges: Float64Array;
  /**
   * The same per page table (at grain `table`: per mm): of what last took pages or rights away, or the table; of what last
   * brought some.
   */
  readonly tabChanges: Float64Array;

  /** CPU + 1 that held the lock of a zone, of its LRU, last: the lines they protect are there. */
  readonly zoneOwner: Uint16Array;
  readonly lruOwner: Uint16Array;
  /** ns of work that a refill left for behind the lock. */
  readonly workBehind: Float64Array;

  readonly cpuThread: Uint16Array;
  readonly cpuLast: Uint16Array;
  readonly cpuDraws: Uint32Array;
  readonly cpuResched: Uint8Array;
  /** Since when the CPU has nothing to run. */
  readonly cpuIdleSince: Float64Array;
  /** Of a virtual CPU: until when the host runs something else in its place, 0 while it has its turn; the state that its thread had. */
  readonly cpuAwayUntil: Float64Array;
  readonly cpuAwayState: Uint8Array;
  /** What is left of its turn. */
  readonly cpuTurnLeft: Float64Array;
  readonly rqHead: Uint16Array;
  readonly rqTail: Uint16Array;
  readonly rqCount: Uint16Array;
  /** Of these, how many at the head came from sleep. */
  readonly rqWoken: Uint16Array;
  /** 1 while a thread computes there (not while it spins): what slows an SMT sibling. */
  readonly cpuBusy: Uint8Array;
  /** CPU bit masks of each mm, 32 CPUs a word: where its translations may be cached. */
  readonly mmCpus: Uint32Array;

  readonly rwLineCpu: Uint16Array;
  readonly rwLineBusy: Float64Array;
  readonly spinLineCpu: Uint16Array;
  readonly spinLineBusy: Float64Array;
  /** Home node + 1 of a lock's line, 0 while nobody has touched it; see lines.ts. Nothing where homes do not matter. */
  readonly rwLineHome: Uint8Array;
  readonly spinLineHome: Uint8Array;
  readonly memBusy: Float64Array;

  /** Events by falling time: the next one is the last. Twice as long as the longest queue; see queue.ts. */
  readonly queueTime: Float64Array;
  readonly queueSource: Uint16Array;
  /** 1 for sources that have an event. */
  readonly queued: Uint8Array;

  readonly vioWhat: Uint8Array;
  readonly vioTime: Float64Array;
  readonly vioThread: Uint16Array;
  readonly vioSite: Uint32Array;
  readonly vioPage: Uint32Array;
  /** Ids of up to MAX_CAUSES records that led to it, 0 for none: the first record leads to nothing. */
  readonly vioCause: Float64Array;
  readonly vioEvent: Float64Array;

  readonly sizes: Sizes;
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;
  /** Bytes of the logical region, which comes first. */
  readonly logicalBytes: number;
  readonly totalBytes: number;

  /** A zeroed world; without a buffer only its sizes are right. */
  constructor(s: Sizes, buffer: ArrayBuffer | null) {
    const a = new Arena(buffer);
    this.pc = a.i32(s.threads);
    this.regs = a.f64((s.threads + 1) * s.registers);
    this.phase = a.u8(s.threads);
    this.sub = a.u8(s.threads);
    this.result = a.f64(s.threads);
    this.state = a.u8(s.threads);
    this.inKernel = a.u8(s.threads);
    this.threadMm = a.u16(s.threads);
    this.killed = a.u8(s.threads);
    this.killable = a.u8(s.threads);
    this.hung = a.u8(s.threads);
    this.waiting = a.u8(s.threads);
    this.waitLock = a.u32(s.threads);
    this.waitWrite = a.u8(s.threads);
    this.waitNext = a.u16(s.threads);
    this.heldCount = a.u8(s.threads);
    this.heldLock = a.u32(s.threads * MAX_HELD);
    this.heldWrite = a.u8(s.threads * MAX_HELD);
    this.noPreempt = a.u8(s.threads);
    this.pagesInHand = a.i32(s.threads);
    this.rssDue = a.i32(s.threads);
    this.syscall = a.u16(s.threads);
    this.syscallA = a.f64(s.threads);
    this.syscallB = a.f64(s.threads);
    this.syscallBirth = a.f64(s.threads);
    this.lastTouch = a.u32(s.threads);
    this.gatherPages = a.i32(s.threads);
    this.gatherTables = a.i32(s.threads);
    this.parked = a.u8(s.threads);
    this.sawNonspin = a.u8(s.threads);
    this.rwWriter = a.u16(s.rwsems);
    this.rwReaders = a.u16(s.rwsems);
    this.rwHead = a.u16(s.rwsems);
    this.rwTail = a.u16(s.rwsems);
    this.rwQueued = a.u16(s.rwsems);
    this.osqHead = a.u16(s.rwsems);
    this.osqTail = a.u16(s.rwsems);
    this.osqCount = a.u16(s.rwsems);
    this.rwDemand = a.u8(s.rwsems);
    this.rwNonspin = a.u8(s.rwsems);
    this.seenReaders = a.u16(s.rwsems);
    this.seenWriters = a.u8(s.rwsems);
    this.spinOwner = a.u16(s.spinlocks);
    this.spinHead = a.u16(s.spinlocks);
    this.spinTail = a.u16(s.spinlocks);
    this.spinCount = a.u16(s.spinlocks);
    this.tabState = a.u8(s.tables);
    this.tabCount = a.u16(s.tables);
    this.tabMapping = a.u32(s.tables);
    this.tabBits = a.u32(s.pages ? s.tables * 16 : 0);
    this.tabMark = a.u8(s.pages ? s.tables * 512 : 0);
    this.vmaState = a.u8(s.mms * s.vmas);
    this.vmaStart = a.u32(s.mms * s.vmas);
    this.vmaEnd = a.u32(s.mms * s.vmas);
    this.vmaFlags = a.u32(s.mms * s.vmas);
    this.vmaBirth = a.f64(s.mms * s.vmas);
    this.vmaGen = a.u16(s.mms * s.vmas);
    this.vmaChain = a.u16(s.mms * s.vmas);
    this.vmaArea = a.u16(s.mms * s.vmas);
    this.treeSlot = a.u16(s.mms * s.vmas);
    this.treeCount = a.u16(s.mms);
    this.vmaLowest = a.u16(s.mms);
    this.mmRss = a.f64(s.mms);
    this.mmPresent = a.f64(s.mms);
    this.mmAllocated = a.f64(s.mms);
    this.mmFreed = a.f64(s.mms);
    this.mmBirths = a.f64(s.mms);
    this.mmLost = a.f64(s.mms);
    this.mmNotifiers = a.u8(s.mms);
    this.mmSpte = a.u32(s.mms);
    this.mmSpteStale = a.u8(s.mms);
    this.mmUnmapping = a.u16(s.mms);
    this.shared = a.f64(s.shared);
    this.counter = a.u32(s.counters);
    const lists = s.cpus * s.nodes;
    const zoned = s.nodes > 0 ? 1 : 0;
    this.frames = a.i32(s.frames * 2);
    this.blockNode = a.u8(s.frames / 1_024);
    this.freeHead = a.i32(s.nodes * 11);
    this.freeTail = a.i32(s.nodes * 11);
    this.freeCount = a.i32(s.nodes * 11);
    this.zoneBlocks = a.u32(zoned);
    this.zoneManaged = a.f64(s.nodes);
    this.zoneWhole = a.f64(s.nodes);
    this.lruPages = a.f64(s.nodes);
    this.listPages = a.i32(lists * s.listRoom);
    this.listHead = a.i32(lists);
    this.listCount = a.i32(lists);
    this.listWhole = a.i32(lists);
    this.listHigh = a.u32(lists);
    this.listDecay = a.f64(lists);
    this.listDoubled = a.u8(lists);
    this.listTaken = a.u8(lists);
    this.pagevec = a.u8(lists);
    this.rows = a.i32(s.rows * 512);
    this.rowsUsed = a.i32(zoned * 2);
    this.tabRow = a.i32(zoned * s.tables);
    this.tabFrames = a.u16(zoned * s.tables);
    this.tabNode = a.u8(zoned * s.tables);
    this.gather = a.i32(zoned * s.threads * GATHER_ROOM);
    this.gatherCount = a.u16(zoned * s.threads);
    this.gatherDone = a.u16(zoned * s.threads);
    this.gatherWhole = a.i32(s.nodes * s.threads);
    this.releaseSize = a.u16(zoned * s.threads);
    this.releaseLru = a.u16(zoned * s.threads);
    this.releaseLeft = a.u16(zoned * s.threads);
    this.releaseNode = a.u8(zoned * s.threads);
    this.faultRun = a.u16(s.threads);
    this.atomic = a.u8(s.threads);
    const masks = (s.cpus + 31) >>> 5;
    this.wordValue = a.f64(s.words);
    this.vmaAnon = a.u8(s.mms * s.vmas);
    this.vmaGrace = a.u8(s.mms * s.vmas);
    this.mmUsers = a.u16(s.mms);
    this.tabGen = a.u16(s.tables);
    this.tabDying = a.u8(s.tables);
    this.dyingFrom = a.i32(s.threads);
    this.dyingTo = a.i32(s.threads);
    this.graceNest = a.u8(s.threads * GRACE_DOMAINS);
    this.graceOld = a.u8(s.threads * GRACE_DOMAINS);
    this.graceWait = a.u8(s.threads);
    this.graceActive = a.u8(GRACE_DOMAINS);
    this.graceReaders = a.u16(GRACE_DOMAINS);
    this.graceDue = a.u8(GRACE_DOMAINS);
    this.graceNext = a.u32(GRACE_DOMAINS);
    this.graceNow = a.u32(GRACE_DOMAINS);
    this.irqsOff = a.u8(s.threads);
    this.ackMask = a.u32(s.threads * masks);
    this.ackWaiters = a.u16(1);
    this.rlWriter = a.u16(s.mms);
    this.rlReaders = a.u16(s.mms);
    this.rlHead = a.u16(s.mms);
    this.rlTail = a.u16(s.mms);
    this.rlQueued = a.u16(s.mms);
    this.rangeMm = a.u16(s.ranges);
    this.rangeState = a.u8(s.ranges);
    this.rangeWrite = a.u8(s.ranges);
    this.rangeStart = a.f64(s.ranges);
    this.rangeEnd = a.f64(s.ranges);
    this.rangeOrder = a.f64(s.ranges);
    this.rangeOrders = a.f64(s.ranges === 0 ? 0 : s.mms);
    this.rangeBlockers = a.u16(s.ranges);
    const places = s.ranges === 0 ? 0 : s.mms + s.ranges;
    this.rangeNext = a.u16(places);
    this.rangeStamp = a.f64(places);
    this.rangeMarked = a.u16(places);
    this.seenMm = a.u16(s.ranges);
    this.seenWrite = a.u8(s.ranges);
    this.seenStart = a.f64(s.ranges);
    this.seenEnd = a.f64(s.ranges);
    this.unmapDid = a.u8(s.threads);
    this.turn = a.u32(s.scheduled ? 2 : 0);
    this.heldBack = a.u8(s.scheduled ? s.threads : 0);
    this.cacheCount = a.u16(s.files ? s.tables : 0);
    this.cacheBits = a.u32(s.files && s.pages ? s.tables * 16 : 0);
    this.ioPage = a.u32(s.threads);
    this.ioReads = a.u8(s.threads);
    this.ioLast = a.u32(s.threads);
    this.ioNext = a.u16(s.threads);
    this.disk = a.u16(3);
    this.logicalBytes = a.at;
    this.rangeSince = a.f64(s.ranges);
    this.wordCpu = a.u16(s.words);
    this.wordBusy = a.f64(s.words);
    this.wordCopies = a.u32(s.words * masks);
    this.clock = a.f64(8);
    this.run = a.i32(16);
    this.due = a.f64(s.threads);
    this.stateSince = a.f64(s.threads);
    this.waitSince = a.f64(s.threads);
    this.queuedAt = a.f64(s.threads);
    this.spinUntil = a.f64(s.threads);
    this.heldSince = a.f64(s.threads * MAX_HELD);
    this.heldSite = a.u32(s.threads * MAX_HELD);
    this.draws = a.u32(s.threads * PURPOSES);
    this.left = a.f64(s.threads);
    this.threadCpu = a.u16(s.threads);
    this.pinned = a.u8(s.threads);
    this.rqNext = a.u16(s.threads);
    this.timer = a.u8(s.threads);
    this.syscallEvent = a.f64(s.threads);
    this.lastUnmapEvent = a.f64(s.mms);
    this.vmaEvent = a.f64(s.mms * s.vmas);
    this.vmaChanges = a.f64(s.mms * s.vmas * 4);
    this.tabChanges = a.f64((s.pages ? s.tables : s.mms) * 4);
    this.zoneOwner = a.u16(s.nodes);
    this.lruOwner = a.u16(s.nodes);
    this.workBehind = a.f64(zoned * s.threads);
    this.cpuThread = a.u16(s.cpus);
    this.cpuLast = a.u16(s.cpus);
    this.cpuDraws = a.u32(s.cpus);
    this.cpuResched = a.u8(s.cpus);
    this.cpuIdleSince = a.f64(s.cpus);
    this.cpuAwayUntil = a.f64(s.cpus);
    this.cpuAwayState = a.u8(s.cpus);
    this.cpuTurnLeft = a.f64(s.cpus);
    this.rqHead = a.u16(s.cpus);
    this.rqTail = a.u16(s.cpus);
    this.rqCount = a.u16(s.cpus);
    this.rqWoken = a.u16(s.cpus);
    this.cpuBusy = a.u8(s.cpus);
    this.mmCpus = a.u32(s.mms * ((s.cpus + 31) >>> 5));
    this.rwLineCpu = a.u16(s.rwsems);
    this.rwLineBusy = a.f64(s.rwsems);
    this.spinLineCpu = a.u16(s.spinlocks);
    this.spinLineBusy = a.f64(s.spinlocks);
    this.rwLineHome = a.u8(s.homes ? s.rwsems : 0);
    this.spinLineHome = a.u8(s.homes ? s.spinlocks : 0);
    this.memBusy = a.f64(s.sockets);
    this.queueTime = a.f64(sources(s) * 2 + 1);
    this.queueSource = a.u16(sources(s) * 2 + 1);
    this.queued = a.u8(sources(s));
    this.vioWhat = a.u8(MAX_VIOLATIONS);
    this.vioTime = a.f64(MAX_VIOLATIONS);
    this.vioThread = a.u16(MAX_VIOLATIONS);
    this.vioSite = a.u32(MAX_VIOLATIONS);
    this.vioPage = a.u32(MAX_VIOLATIONS);
    this.vioCause = a.f64(MAX_VIOLATIONS * MAX_CAUSES);
    this.vioEvent = a.f64(MAX_VIOLATIONS);
    this.totalBytes = a.at;
    this.sizes = s;
    this.buffer = buffer ?? new ArrayBuffer(0);
    this.bytes = new Uint8Array(this.buffer);
  }
}

/** Bytes a world of these sizes takes; told before anything is allocated. */
export function worldBytes(sizes: Sizes): number {
  return new World(sizes, null).totalBytes;
}

/** A zeroed world. */
export function newWorld(sizes: Sizes): World {
  return new World(sizes, new ArrayBuffer(worldBytes(sizes)));
}

/** Copies a world into `into` (or a new buffer) and returns it. */
export function snapshot(world: World, into?: Uint8Array): Uint8Array {
  const copy = into ?? new Uint8Array(world.bytes.length);
  copy.set(world.bytes);
  return copy;
}

/** Makes a world what `from` says; its own bytes may have been written over already. */
export function restore(world: World, from: Uint8Array): void {
  if (from !== world.bytes) world.bytes.set(from);
}

/** True when two snapshots (or worlds' bytes) are the same byte for byte. */
export function equalWorlds(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const [x, y] = [wordsOf(a), wordsOf(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  for (let i = x.length * 4; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The same memory four bytes at a time; a world begins where a buffer does. */
function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
}

/** FNV-1a over the logical region, or over everything. */
export function hashWorld(world: World, all = false): number {
  const end = all ? world.bytes.length : world.logicalBytes;
  let h = 0x811c9dc5 | 0;
  for (let i = 0; i < end; i++) h = Math.imul(h ^ (world.bytes[i] as number), 0x01000193);
  return h >>> 0;
}
