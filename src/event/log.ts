import type { EventIdx } from './units.ts';

/** Records of one chunk. */
export const CHUNK_RECORDS = 65_536;
/** Bytes of one record over all columns. */
export const RECORD_BYTES = 24;
/** Records that a log keeps unless told otherwise. */
export const DEFAULT_LOG_RECORDS = 6_000_000;

/** One block of records, column by column, in one buffer so that it can be transferred whole. */
export interface Chunk {
  /** Id of the first record. */
  readonly first: EventIdx;
  /** Records in use. */
  count: number;
  readonly buffer: ArrayBuffer;
  /** ns */
  readonly t: Float64Array;
  readonly site: Uint32Array;
  readonly object: Uint32Array;
  readonly arg: Uint32Array;
  readonly thread: Uint16Array;
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
}

/** Views of a chunk over its buffer (new, or one that was transferred). */
export function chunkOver(buffer: ArrayBuffer, first: EventIdx, count: number): Chunk {
  const n = CHUNK_RECORDS;
  return {
    first,
    count,
    buffer,
    t: new Float64Array(buffer, 0, n),
    site: new Uint32Array(buffer, 8 * n, n),
    object: new Uint32Array(buffer, 12 * n, n),
    arg: new Uint32Array(buffer, 16 * n, n),
    thread: new Uint16Array(buffer, 20 * n, n),
    kind: new Uint8Array(buffer, 22 * n, n),
    flags: new Uint8Array(buffer, 23 * n, n),
  };
}

export function newChunk(first: EventIdx): Chunk {
  return chunkOver(new ArrayBuffer(CHUNK_RECORDS * RECORD_BYTES), first, 0);
}

/**
 * Buffers of logs that nobody needs any more, for the next one: fresh memory costs a page fault for every 170 records.
 */
export class ChunkPool {
  private readonly buffers: ArrayBuffer[] = [];

  /** A chunk with whatever stood in it before; `count` is 0. */
  take(first: EventIdx): Chunk {
    const buffer = this.buffers.pop();
    return buffer === undefined ? newChunk(first) : chunkOver(buffer, first, 0);
  }

  /** Takes chunks back; their old owner must not look at them again. */
  give(chunks: Iterable<Chunk>): void {
    for (const { buffer } of chunks) if (buffer.byteLength > 0) this.buffers.push(buffer);
  }
}

/** One record as plain data, for tools, tests and the reader's list; never used per event while drawing. */
export interface EventRecord {
  readonly id: EventIdx;
  readonly t: number;
  readonly site: number;
  readonly object: number;
  readonly arg: number;
  readonly thread: number;
  readonly kind: number;
  readonly flags: number;
}

export function recordAt(chunk: Chunk, i: number): EventRecord {
  return {
    id: chunk.first + i,
    t: chunk.t[i] as number,
    site: chunk.site[i] as number,
    object: chunk.object[i] as number,
    arg: chunk.arg[i] as number,
    thread: chunk.thread[i] as number,
    kind: chunk.kind[i] as number,
    flags: chunk.flags[i] as number,
  };
}

/** Id of the first record behind a chunk. */
export function chunkEnd(chunk: Chunk): EventIdx {
  return chunk.first + chunk.count;
}
