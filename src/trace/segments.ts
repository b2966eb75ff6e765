/** Entries of a full segment, and of a block: the unit of the sums that make wide looks cheap. */
export const SEGMENT = 4096;
export const BLOCK = 64;
export const BLOCK_BITS = 6;
export const SEGMENT_BITS = 12;

/** Number of values of `State`, and of lock modes (free, read, write). */
export const STATES = 8;
export const LOCK_MODES = 3;
/** Columns of a lock that are summarised by their maximum: readers, depth, spinning. */
export const MAXIMA = 3;

/** What both sorts of segments have: a slice of a lane, in one buffer so that it can be transferred whole. */
export interface Segment {
  readonly buffer: ArrayBuffer;
  /** Entries there is room for, a multiple of BLOCK up to SEGMENT. */
  readonly capacity: number;
  /** ns; an entry ends where the next one starts. */
  readonly start: Float64Array;
  /** Per block and state (or mode): ns spent in it from the beginning of the lane to the block's first entry. */
  readonly before: Float64Array;
}

/** States of a thread over time. */
export interface ThreadSegment extends Segment {
  /** The lock it waits for, the SYSCALL or (in a fault) the MM that it is in the kernel for, or 0. */
  readonly object: Uint32Array;
  readonly site: Uint32Array;
  readonly state: Uint8Array;
}

/** Owners and queue of a lock over time. */
export interface LockSegment extends Segment {
  readonly readers: Uint16Array;
  /** The thread that holds it for writing, or NO_THREAD. */
  readonly writer: Uint16Array;
  /** Threads that wait, spinning or asleep. */
  readonly depth: Uint16Array;
  readonly spinning: Uint16Array;
  /** Per block, once a later one has begun: largest readers, depth, spinning. */
  readonly maxima: Uint16Array;
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

/** Views of a lock's segment over its buffer (about 16.5 bytes an entry), new or transferred. */
export function lockSegment(capacity: number, given?: ArrayBuffer): LockSegment {
  const c = capacity;
  const blocks = c / BLOCK;
  const columns = 8 * c + 8 * LOCK_MODES * blocks;
  const buffer = given ?? new ArrayBuffer(columns + 8 * c + 2 * MAXIMA * blocks);
  return {
    buffer,
    capacity,
    start: new Float64Array(buffer, 0, c),
    before: new Float64Array(buffer, 8 * c, LOCK_MODES * blocks),
    readers: new Uint16Array(buffer, columns, c),
    writer: new Uint16Array(buffer, columns + 2 * c, c),
    depth: new Uint16Array(buffer, columns + 4 * c, c),
    spinning: new Uint16Array(buffer, columns + 6 * c, c),
    maxima: new Uint16Array(buffer, columns + 8 * c, MAXIMA * blocks),
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
