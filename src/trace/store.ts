import {
  CHUNK_RECORDS,
  type Chunk,
  DEFAULT_LOG_RECORDS,
  type EventIdx,
  type EventRecord,
  Flag,
  Kind,
  type Ns,
  recordAt,
  type ThreadIdx,
  type TraceMeta,
} from '../event/index.ts';

/** What `find` looks for: every part that is given must hold. */
export interface RecordFilter {
  readonly thread?: ThreadIdx;
  readonly kind?: number;
  readonly object?: number;
  /** All of these flag bits are set. */
  readonly flags?: number;
}

export type Direction = 'next' | 'previous';

/** No record. */
export const NO_RECORD: EventIdx = -1;

/**
 * The records of a log in order, up to a bound; those past it are counted only. Ids are sequence numbers from 0, so a
 * record is found by its id without a search.
 */
export class TraceStore {
  readonly meta: TraceMeta;
  readonly maxRecords: number;
  readonly #chunks: Chunk[] = [];
  #total = 0;

  constructor(meta: TraceMeta, opts: { maxRecords?: number } = {}) {
    this.meta = meta;
    this.maxRecords = opts.maxRecords ?? DEFAULT_LOG_RECORDS;
  }

  /**
   * Takes in a chunk, or the same one again with more records in it. Chunks come in order, every one but the last is
   * full. The chunk is kept as it is, not copied; one past the bound is not kept.
   */
  add(chunk: Chunk): void {
    const at = chunk.first / CHUNK_RECORDS;
    const known = Math.ceil(this.total / CHUNK_RECORDS);
    if (!Number.isInteger(at) || at > known || (at === known && this.total % CHUNK_RECORDS !== 0)) {
      throw new RangeError(`chunk at record ${chunk.first} does not follow record ${this.total - 1}`);
    }
    this.#total = Math.max(this.#total, chunk.first + chunk.count);
    if (chunk.first < this.maxRecords) this.#chunks[at] = chunk;
  }

  /** Records that have been written, kept or not. */
  get total(): number {
    const last = this.#chunks.at(-1);
    // A chunk that its writer still fills grows without another `add`.
    return last === undefined ? this.#total : Math.max(this.#total, last.first + last.count);
  }

  /** Records that are kept: those with ids below. */
  get count(): number {
    return Math.min(this.maxRecords, this.total);
  }

  /** The kept chunks, for those who read all records; ids from `count` on are to be left out. */
  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  record(id: EventIdx): EventRecord | undefined {
    if (!(id >= 0 && id < this.count)) return undefined;
    return recordAt(this.#chunks[Math.floor(id / CHUNK_RECORDS)], id % CHUNK_RECORDS);
  }

  /** Time of a kept record. */
  timeOf(id: EventIdx): Ns {
    return this.#chunks[Math.floor(id / CHUNK_RECORDS)].t[id % CHUNK_RECORDS];
  }

  /** The last kept record at or before a time, NO_RECORD before the first one. */
  idAtTime(t: Ns): EventIdx {
    let lo = 0;
    let hi = this.count;
    while (lo < hi) {
      const mid = Math.floor((lo + hi) / 2);
      if (this.timeOf(mid) <= t) lo = mid + 1;
      else hi = mid;
    }
    return lo - 1;
  }

  /** The nearest record behind (before) `id` that a filter lets through, NO_RECORD if there is none. */
  find(id: EventIdx, direction: Direction, filter: RecordFilter): EventIdx {
    const step = direction === 'next' ? 1 : -1;
    const count = this.count;
    const thread = filter.thread ?? -1;
    const kind = filter.kind ?? -1;
    const object = filter.object ?? -1;
    const flags = filter.flags ?? 0;
    let i = direction === 'next' ? Math.max(0, id + 1) : Math.min(count, id) - 1;
    while (i >= 0 && i < count) {
      const chunk = this.#chunks[Math.floor(i / CHUNK_RECORDS)];
      const edge = step > 0 ? Math.min(CHUNK_RECORDS, count - chunk.first) : -1;
      let at = i - chunk.first;
      for (; at !== edge; at += step) {
        if (thread >= 0 && chunk.thread[at] !== thread) continue;
        if (kind >= 0 && chunk.kind[at] !== kind) continue;
        if (object >= 0 && chunk.object[at] !== object) continue;
        if ((chunk.flags[at] & flags) === flags) return chunk.first + at;
      }
      i = chunk.first + at;
    }
    return NO_RECORD;
  }

  nextOfThread(id: EventIdx, thread: ThreadIdx): EventIdx {
    return this.find(id, 'next', { thread });
  }

  previousOfThread(id: EventIdx, thread: ThreadIdx): EventIdx {
    return this.find(id, 'previous', { thread });
  }

  nextOfKind(id: EventIdx, kind: number): EventIdx {
    return this.find(id, 'next', { kind });
  }

  previousOfKind(id: EventIdx, kind: number): EventIdx {
    return this.find(id, 'previous', { kind });
  }

  /** The next record in which a thread does not get a lock at once, any lock or this one. */
  nextContention(id: EventIdx, lock?: number): EventIdx {
    return this.find(id, 'next', {
      kind: Kind.LOCK_REQUEST,
      ...(lock === undefined ? {} : { object: lock }),
    });
  }

  previousContention(id: EventIdx, lock?: number): EventIdx {
    const filter = { kind: Kind.LOCK_REQUEST, ...(lock === undefined ? {} : { object: lock }) };
    return this.find(id, 'previous', filter);
  }

  /** The next record that ends an atomic step: where the playhead may stand after it. */
  nextStepEnd(id: EventIdx): EventIdx {
    return this.find(id, 'next', { flags: Flag.STEP_END });
  }

  previousStepEnd(id: EventIdx): EventIdx {
    return this.find(id, 'previous', { flags: Flag.STEP_END });
  }

  /** The last record that ends a step at or before a time. */
  stepEndAtTime(t: Ns): EventIdx {
    return this.previousStepEnd(this.idAtTime(t) + 1);
  }
}
