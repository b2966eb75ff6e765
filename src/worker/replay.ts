import type { Simulation } from '../engine/index.ts';
import { type Chunk, chunkEnd, chunkOver, type EventIdx } from '../event/index.ts';
import type { LastSeen } from './goal.ts';

/** Takes in records [from, to) of a chunk, in order. */
export type Tap = (chunk: Chunk, from: number, to: number) => void;

interface Ties {
  /** False once the seeker went elsewhere. */
  valid(): boolean;
  /** Leaves a snapshot of the present place behind. */
  keep(): void;
}

/** A stretch of a run that is executed again, with somebody who reads its records. */
export class Replay {
  /** First record that the tap gets. */
  readonly first: EventIdx;
  /** What was seen of every thread before it, where that is known. */
  readonly seen: LastSeen | null;
  private readonly seeker: Simulation;
  private readonly tap: Tap;
  private readonly ties: Ties;
  /** Records of the open chunk that the tap has had. */
  private told: number;

  constructor(seeker: Simulation, seen: LastSeen | null, tap: Tap, ties: Ties) {
    this.seeker = seeker;
    this.seen = seen;
    this.tap = tap;
    this.ties = ties;
    this.first = seeker.events;
    this.told = seeker.tail.count;
    seeker.sink = (full) => {
      this.tell(full);
      this.told = 0;
      return chunkOver(full.buffer, chunkEnd(full), 0);
    };
  }

  get valid(): boolean {
    return this.ties.valid();
  }

  /** Records that have been executed. */
  get events(): EventIdx {
    return this.seeker.events;
  }

  /** Runs on, to the end of the step that writes record `until - 1` at the latest. */
  run(until: EventIdx): void {
    this.seeker.run({ untilEvent: until });
    this.tell(this.seeker.tail);
  }

  /** Leaves a snapshot behind, so that one may come back soon. */
  keep(): void {
    this.ties.keep();
  }

  private tell(chunk: Chunk): void {
    this.tap(chunk, this.told, chunk.count);
    this.told = chunk.count;
  }
}
