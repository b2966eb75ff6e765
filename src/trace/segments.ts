/** Entries of a full segment, and of a block: the unit of the sums that make wide looks cheap. */
export const SEGMENT = 4096;
export const BLOCK = 64;
export const BLOCK_BITS = 6;
export const SEGMENT_BITS = 12;

/** Number of values of `State`; of lock sums (free, read, write with a running owner, write without); of mark kinds. */
export const STATES = 8;
export const LOCK_SUMS = 4;
export const MARK_KINDS = 6;
/** What is summarised of a lock by its maximum: readers, depth, spinning, sleeping, whether it is demanded. */
export const MAXIMA = 5;

/** What all sorts of segments have: a slice of a list, in one buffer so that it can be transferred whole. */
export interface Segment {
  readonly buffer: ArrayBuffer;
  /** Entries there is room for, a multiple of BLOCK up to SEGMENT. */
  readonly capacity: number;
  /** ns */
  readonly start: Float64Array;
}

/** A slice of a lane: an entry ends where the next one starts. */
export interface SummedSegment extends Segment {
  /** Per block and state (or mode): ns spent in it from the beginning of the lane to the block's first entry. */
  readonly before: Float64Array;
}

/** States of a thread over time. */
export interface ThreadSegment extends SummedSegment {
  /** The lock it waits for, the SYSCALL or (in a fault) the MM that it is in the kernel for, or 0. */
  readonly object: Uint32Array;
  readonly site: Uint32Array;
  readonly state: Uint8Array;
}

/** Owners and queue of a lock over time. */
export interface LockSegment extends SummedSegment {
  readonly readers: Uint16Array;
  /** The thread that holds it for writing, or NO_THREAD. */
  readonly writer: Uint16Array;
  /** Threads that wait, spinning or asleep. */
  readonly depth: Uint16Array;
  readonly spinning: Uint16Array;
  /** Which sum the time of the entry belongs to, whether the lock is demanded, and further writers; see lock-lane.ts. */
  readonly flags: Uint8Array;
  /** Per block, once a later one has begun: the largest of each of MAXIMA. */
  readonly maxima: Uint16Array;
}

/** What happened at a lock, or to a thread: each entry is a moment, and several may share one. */
export interface MarkSegment extends Segment {
  /** Per block and kind: marks before the block's first entry. */
  readonly before: Uint32Array;
  /** A value of `MarkKind`. */
  readonly kind: Uint8Array;
  readonly thread: Uint16Array;
  /** Marks alike in the same nanosecond are one entry; `thread` is then the first of so many. */
  readonly times: Uint16Array;
  /** Threads that queued then, those that the mark is about left out; of an abort the counter that says why. */
  readonly queued: Uint16Array;
}

/** Who woke a thread, and when: each entry is a moment. */
export interface WakeSegment extends Segment {
  readonly thread: Uint16Array;
}

/** Views of a segment of wake-ups over its buffer (10 bytes an entry), new or transferred. */
export function wakeSegment(capacity: number, given?: ArrayBuffer): WakeSegment {
  const buffer = given ?? new ArrayBuffer(10 * capacity);
  return {
    buffer,
    capacity,
    start: new Float64Array(buffer, 0, capacity),
    thread: new Uint16Array(buffer, 8 * capacity, capacity),
  };
}

/** Views of a thread's segment over its buffer (18 bytes an entry), new or transferred. */
export function threadSegment(capacity: number, given?: ArrayBuffer): ThreadSegment {
  const c = capacity;
  const buffer = given ?? new ArrayBuffer(18 * c);
  return {
    buffer,
    capacity,
    start: new Float64Array(buffer, 0, c),
    before: new Float64Array(buffer, 8 * c, (c / BLOCK) * STATES),
    object: new Uint32Array(buffer, 9 * c, c),
    site: new Uint32Array(buffer, 13 * c, c),
    state: new Uint8Array(buffer, 17 * c, c),
  };
}

/** Views of a lock's segment over its buffer (about 17.7 bytes an entry), new or transferred. */
export function lockSegment(capacity: number, given?: ArrayBuffer): LockSegment {
  const c = capacity;
  const blocks = c / BLOCK;
  const columns = 8 * c + 8 * LOCK_SUMS * blocks;
  const maxima = columns + 8 * c;
  const flags = maxima + 2 * MAXIMA * blocks;
  const buffer = given ?? new ArrayBuffer(flags + c);
  return {
    buffer,
    capacity,
    start: new Float64Array(buffer, 0, c),
    before: new Float64Array(buffer, 8 * c, LOCK_SUMS * blocks),
    readers: new Uint16Array(buffer, columns, c),
    writer: new Uint16Array(buffer, columns + 2 * c, c),
    depth: new Uint16Array(buffer, columns + 4 * c, c),
    spinning: new Uint16Array(buffer, columns + 6 * c, c),
    maxima: new Uint16Array(buffer, maxima, MAXIMA * blocks),
    flags: new Uint8Array(buffer, flags, c),
  };
}

/** Views of a segment of marks over its buffer (about 15.4 bytes an entry), new or transferred. */
export function markSegment(capacity: number, given?: ArrayBuffer): MarkSegment {
  const c = capacity;
  const columns = 8 * c + 4 * MARK_KINDS * (c / BLOCK);
  const buffer = given ?? new ArrayBuffer(columns + 7 * c);
  return {
    buffer,
    capacity,
    start: new Float64Array(buffer, 0, c),
    before: new Uint32Array(buffer, 8 * c, MARK_KINDS * (c / BLOCK)),
    thread: new Uint16Array(buffer, columns, c),
    times: new Uint16Array(buffer, columns + 2 * c, c),
    queued: new Uint16Array(buffer, columns + 4 * c, c),
    kind: new Uint8Array(buffer, columns + 6 * c, c),
  };
}

type View = { readonly [name: string]: unknown };

/** Copies the columns of one segment into another with at least as much room (or as many entries in use). */
export function copySegment(from: Segment, to: Segment): void {
  const source = from as unknown as View;
  for (const [name, column] of Object.entries(to as unknown as View)) {
    if (!ArrayBuffer.isView(column)) continue;
    const target = column as Float64Array;
    const values = source[name] as Float64Array;
    target.set(values.length > target.length ? values.subarray(0, target.length) : values);
  }
}
