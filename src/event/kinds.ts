/**
 * Record kinds and flags, version 1. A kind says what happened; `object`, `arg` and `flags` say to what.
 * The comment of each kind gives the meaning of `object` and `arg`. Numbers are part of the format: append only.
 */
export const Kind = {
  /** The thread's state changed and nothing else did. object: what it waits for or 0; arg: CPU. */
  STATE: 1,
  /** The thread begins to run on a CPU after another one (or none) ran there. arg: CPU. */
  SWITCH: 2,
  /** object: SYSCALL; arg: page number of the first byte it names, or 0. */
  SYSCALL_ENTER: 3,
  /** Follows SYSCALL_ENTER in the same step. arg: number of pages it names. */
  SYSCALL_LENGTH: 4,
  /** object: SYSCALL; arg: 0 or the positive errno. */
  SYSCALL_EXIT: 5,
  /** object: MM; arg: page number. */
  FAULT_ENTER: 6,
  /** object: MM; arg: page number; FAIL: SIGSEGV. */
  FAULT_EXIT: 7,
  /** A named part of a syscall begins. object: PHASE (index 0: none); arg: 0. */
  PHASE: 8,

  /** The thread does not get the lock at once and begins to wait, spinning or queued. arg: waiters with it. */
  LOCK_REQUEST: 10,
  /** The thread owns the lock from now on. arg: readers with it (0 for a write grant). */
  LOCK_GRANT: 11,
  /** arg: readers that remain. */
  LOCK_RELEASE: 12,
  /** A write hold ends and a read hold of the same thread starts. arg: readers (1). */
  LOCK_DOWNGRADE: 13,
  /** A trylock failed; the thread does not wait. */
  LOCK_TRY_FAIL: 14,
  /** The thread, which waits already, takes its place among the sleepers. arg: sleepers with it. */
  LOCK_QUEUE: 15,
  /** The thread gives up waiting (a fatal signal). arg: waiters that remain. */
  LOCK_CANCEL: 16,
  /** `thread` wakes another one. object: the lock or 0; arg: index of the woken thread. */
  WAKE: 17,
  /** The first waiter demands the lock: from now on nobody may take it before it. arg: waiters. */
  LOCK_DEMAND: 18,

  /** object: VMA; arg: first page. Followed by VMA_LENGTH in the same step. */
  VMA_LINK: 20,
  /** object: VMA; arg: number of pages. After VMA_LINK, or alone where a VMA was cut or grew. */
  VMA_LENGTH: 21,
  /** object: VMA; arg: flags word. */
  VMA_FLAGS: 22,
  /** The VMA left the tree; it may still be used by who detached it. object: VMA; arg: first page. */
  VMA_DETACH: 23,
  /** The VMA's structure was freed. object: VMA. */
  VMA_FREE: 24,
  /** object: TABLE. */
  TABLE_ALLOC: 25,
  /** object: TABLE; arg: pages that were still present in it (an error unless 0). */
  TABLE_FREE: 26,
  /** Present pages of a table changed. object: TABLE; arg: the change, a signed 32-bit number. */
  PAGES: 27,
  /** The RSS counter of an mm changed. object: MM; arg: the new value in pages. */
  RSS: 28,
  /** object: MM; arg: number of other CPUs that were interrupted. */
  TLB_FLUSH: 29,
  /** Pages went back to the allocator. object: MM; arg: how many. */
  FREE_PAGES: 30,
  /** So many faults of the thread, which nobody else could notice, are done. object: TABLE; arg: pages brought in. */
  FAULT_RUN: 31,
  /** A per-CPU list took pages from its zone, or gave some back. object: PCP; arg: how many. */
  PCP_REFILL: 32,
  PCP_DRAIN: 33,
  /** A sequence count changed: odd while a writer is at work. object: SEQ; arg: the new value. */
  SEQUENCE: 34,
  /** A grace period begins; it ends with GRACE_END. object: GRACE; arg: callbacks that wait for it. */
  GRACE_BEGIN: 35,
  /** object: GRACE; arg: VMAs freed. */
  GRACE_END: 36,
  /** Entries became read-only, or a page was moved or shared, without a change of what is present. object: TABLE; arg: how many. */
  PROTECT: 37,
  /** The page cache got pages of a file, or dropped some. object: TABLE; arg: the change, a signed 32-bit number. */
  PAGE_CACHE: 38,

  /** A named counter changed. object: COUNTER; arg: new value. */
  COUNTER: 40,
  /** A shared variable of the document changed. object: VAR; arg: new value, a signed 32-bit number. */
  VAR: 41,

  /** object: INVARIANT; arg: page number or 0. */
  VIOLATION: 50,
  /** The thread closes a cycle of the wait-for graph. object: the lock it asks for. */
  DEADLOCK: 51,
  /** The thread has slept for a lock as long as the hung-task detector allows. object: the lock; arg: how many so far. */
  HUNG: 52,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A thread's state after the record; the low three bits of `flags`. */
export const State = {
  USER: 0,
  KERNEL: 1,
  SPIN: 2,
  WAIT_READ: 3,
  WAIT_WRITE: 4,
  RUNNABLE: 5,
  /** Sleeps by its own will (sleep, wait_until), or has not begun. */
  IDLE: 6,
  DONE: 7,
} as const;
export type State = (typeof State)[keyof typeof State];
export const STATE_COUNT = 8;
export const STATE_NAMES = [
  'user',
  'kernel',
  'spinning',
  'waits to read',
  'waits to write',
  'runnable',
  'idle',
  'done',
] as const;

export const Flag = {
  STATE_MASK: 7,
  /** Lock records: exclusive mode (a plain lock is always exclusive). */
  WRITE: 8,
  /** LOCK_GRANT: the thread had to wait. */
  CONTENDED: 16,
  /** LOCK_GRANT: taken past threads that queue for it. */
  STEAL: 32,
  /** FAULT_EXIT: SIGSEGV. */
  FAIL: 64,
  /** LOCK_GRANT: handed over; it was this thread's before it ran, or nobody else could have taken it. */
  HANDOFF: 64,
  /** Last record of an atomic step: the world is shown between steps, never inside one. */
  STEP_END: 128,
} as const;

/** Record id of "no thread" (an interrupt, the machine). */
export const NO_THREAD = 0xffff;
