import { CHUNK_RECORDS, type EventIdx, type Ns } from '../event/index.ts';
import { Follower, type FollowSink } from './follower.ts';
import type { Opening } from './opening.ts';
import type { TraceStore } from './store.ts';

/** Records between two looks at the clock. */
const PIECE = 4_096;

const DEAF: FollowSink = {
  waits() {},
  waited() {},
  holds() {},
  held() {},
  changed() {},
  moving() {},
  called() {},
  phased() {},
  faulted() {},
  faultedOften() {},
};

/** True when work has to be laid down for now. */
export type Pause = () => boolean;

/** A follower of kept records, or who is fed like one. */
export interface Reader {
  readonly next: EventIdx;
  /** True when it needs no more. */
  readonly over?: boolean;
  add(chunk: TraceStore['chunks'][number], from: number, to: number): void;
}

/** Feeds kept records up to an id (not included) to a reader that stands at `next`; true when it has got there. */
export function feed(store: TraceStore, reader: Reader, to: EventIdx, pause: Pause): boolean {
  const end = Math.min(to, store.count);
  while (reader.next < end && reader.over !== true) {
    const chunk = store.chunks[Math.floor(reader.next / CHUNK_RECORDS)];
    const from = reader.next - chunk.first;
    reader.add(chunk, from, Math.min(from + PIECE, end - chunk.first, CHUNK_RECORDS));
    if (reader.next < end && pause()) return false;
  }
  return true;
}

/**
 * What was under way at the beginning of every chunk of kept records, found once by reading them from the start: who
 * asks about a late part of a long log need not read all that comes before.
 */
export class Openings {
  readonly #store: TraceStore;
  readonly #kept: Opening[] = [];
  readonly #follower: Follower;

  constructor(store: TraceStore) {
    this.#store = store;
    this.#follower = new Follower(store.meta, DEAF);
    this.#kept.push(this.#follower.opening());
  }

  /** Records read so far. */
  get read(): EventIdx {
    return this.#follower.next;
  }

  /** The last opening at or before a record; undefined as long as the work for it is not done: call again. */
  before(id: EventIdx, pause: Pause): Opening | undefined {
    const wanted = Math.floor(Math.max(0, Math.min(id, this.#store.count)) / CHUNK_RECORDS);
    while (this.#kept.length <= wanted) {
      if (!feed(this.#store, this.#follower, this.#kept.length * CHUNK_RECORDS, pause)) return undefined;
      this.#kept.push(this.#follower.opening());
    }
    return this.#kept[wanted];
  }
}

/** The first kept record at or behind a time. */
export function firstAt(store: TraceStore, t: Ns): EventIdx {
  let lo = 0;
  let hi = store.count;
  while (lo < hi) {
    const mid = Math.floor((lo + hi) / 2);
    if (store.timeOf(mid) < t) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
