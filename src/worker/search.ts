import { CHUNK_RECORDS, type Chunk, type EventIdx } from '../event/index.ts';
import { NO_RECORD, type TraceStore } from '../trace/index.ts';
import type { Goal, LastSeen } from './goal.ts';
import type { Replay } from './replay.ts';
import { Scanner } from './scanner.ts';
import type { TimeTravel } from './travel.ts';

/** Records that are executed again between two looks at the clock. */
const BLOCK = 2_048;
/** Records between two snapshots that are left behind on the way. */
const MARK = 16_384;

/** What a search has to search in. */
export interface Records {
  readonly store: TraceStore;
  readonly travel: TimeTravel;
  /** What was seen of every thread before each kept chunk. */
  readonly seen: readonly LastSeen[];
  readonly threads: number;
}

/** 'more': goes on; 'waits': for the run; 'none': there is no such record; 'found': see `hit`. */
export type SearchState = 'more' | 'waits' | 'none' | 'found';

/**
 * The search for the next or previous record at a goal, in slices. Kept records are read; the others are executed again
 * from the nearest keyframe. Forward it follows the run: new records reach it by `live`.
 */
export class Search {
  /** The record that was found. */
  hit: EventIdx = NO_RECORD;
  private readonly by: 1 | -1;
  private readonly records: Records;
  private readonly scanner: Scanner;
  /** Forward: the next record to look at. Backward: those from here on have been looked at. */
  private at: EventIdx;
  /** Backward: by the end of the step that is found, fewer records are written. */
  private bound: EventIdx;
  /** The scanner knows all records before `at`. */
  private ready = false;
  /** It has seen all there is. */
  waiting = false;
  private replay: Replay | null = null;
  /** The last record at the goal in the stretch that is executed again. */
  private found: EventIdx = NO_RECORD;
  private lastMark = 0;

  /** From the place behind `here` records. */
  constructor(records: Records, goal: Goal, by: 1 | -1, here: EventIdx) {
    this.records = records;
    this.scanner = new Scanner(goal, records.threads);
    this.by = by;
    this.at = here;
    this.bound = here;
  }

  /** How far it has got. */
  get event(): EventIdx {
    const { replay } = this;
    return this.by === -1 && replay !== null && replay.valid ? replay.events : this.at;
  }

  /** Goes on for about `ms`; `ended`: no more records will come. */
  work(ms: number, ended: boolean): SearchState {
    const begin = performance.now();
    do {
      const state = this.by === 1 ? this.forward(ended) : this.backward();
      this.waiting = state === 'waits';
      if (state !== 'more') return state;
    } while (performance.now() - begin < ms);
    return 'more';
  }

  /** What was found is no good, as the step that holds it ends too late: goes on before it. Only backward. */
  reject(): void {
    this.bound = this.hit + 1;
    this.at = this.bound;
    this.hit = NO_RECORD;
    this.replay = null;
  }

  private forward(ended: boolean): SearchState {
    const { store } = this.records;
    if (this.hit !== NO_RECORD) return 'found';
    if (this.at < store.count) this.read();
    else if (this.at < store.total) this.execute(store.total);
    else return ended ? 'none' : 'waits';
    return this.hit === NO_RECORD ? 'more' : 'found';
  }

  /** Looks at the rest of a kept chunk. */
  private read(): void {
    const { store, seen } = this.records;
    const index = Math.floor(this.at / CHUNK_RECORDS);
    const chunk = store.chunks[index] as Chunk;
    const from = this.at - chunk.first;
    if (!this.ready) {
      this.scanner.start(seen[index] ?? null);
      this.scanner.pass(chunk, 0, from);
      this.ready = true;
    }
    this.look(chunk, from, Math.min(chunk.count, store.count - chunk.first));
  }

  /** Records that are new; of use only to a search that has seen all before them. */
  live(chunk: Chunk, from: number, to: number): void {
    if (this.by === 1 && this.ready) this.look(chunk, Math.max(from, this.at - chunk.first), to);
  }

  /** Forward: looks at records [from, to) of a chunk if they are the next ones. */
  private look(chunk: Chunk, from: number, to: number): void {
    if (this.hit !== NO_RECORD || from >= to || chunk.first + from !== this.at) return;
    this.hit = this.scanner.next(chunk, from, to);
    this.at = chunk.first + to;
  }

  /** Forward: executes a block of records again, up to record `end` at the furthest. */
  private execute(end: EventIdx): void {
    const { travel } = this.records;
    if (this.replay === null || !this.replay.valid) {
      this.begin(
        travel.replay(this.at, this.scanner.remembers, (chunk, from, to) => {
          const start = Math.min(to, Math.max(from, this.at - chunk.first));
          this.scanner.pass(chunk, from, start);
          this.look(chunk, start, to);
        }),
      );
    }
    this.block(end);
  }

  private begin(replay: Replay): void {
    this.replay = replay;
    this.ready = true;
    this.lastMark = replay.events;
    this.scanner.start(replay.seen);
  }

  private block(end: EventIdx): void {
    const { replay } = this;
    if (replay === null) return;
    if (replay.events - this.lastMark >= MARK) {
      replay.keep();
      this.lastMark = replay.events;
    }
    replay.run(Math.min(end, replay.events + BLOCK));
  }

  private backward(): SearchState {
    const { store } = this.records;
    if (this.at <= 0) return 'none';
    if (this.at > store.count) this.executeBefore();
    else this.readBefore();
    return this.hit === NO_RECORD ? 'more' : 'found';
  }

  /** Looks at the kept chunk before. */
  private readBefore(): void {
    const { store, seen } = this.records;
    const index = Math.floor((this.at - 1) / CHUNK_RECORDS);
    const chunk = store.chunks[index] as Chunk;
    this.scanner.start(seen[index] ?? null);
    this.scanner.previous(chunk, 0, this.at - chunk.first, this.bound);
    this.hit = this.scanner.close(store.nextStepEnd(this.at - 1), this.bound);
    this.at = chunk.first;
  }

  /** Executes the stretch from the frame before again, block by block; what counts is the last record at the goal. */
  private executeBefore(): void {
    const { travel } = this.records;
    if (this.replay === null || !this.replay.valid) {
      this.begin(
        travel.replay(this.at - 1, this.scanner.remembers, (chunk, from, to) => {
          this.found = this.scanner.previous(chunk, from, Math.min(to, this.at - chunk.first), this.bound);
        }),
      );
    }
    this.block(this.at);
    const { replay } = this;
    if (replay === null || replay.events < this.at) return;
    this.hit = this.found;
    this.at = replay.first;
    this.replay = null;
  }
}
