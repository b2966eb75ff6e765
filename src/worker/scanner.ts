import { type Chunk, type EventIdx, Flag } from '../event/index.ts';
import { NO_RECORD } from '../trace/index.ts';
import type { Goal, LastSeen } from './goal.ts';

/** Finds records that meet a goal in pieces of a log, which come in order from a known place on. */
export class Scanner {
  private readonly goal: Goal;
  /** By thread: 1 where its last record was at the goal. */
  private readonly inside: Uint8Array;
  /** The last record at the goal whose step ends before the bound. */
  private last: EventIdx = NO_RECORD;
  /** One in a step whose end is still to come. */
  private open: EventIdx = NO_RECORD;

  constructor(goal: Goal, threads: number) {
    this.goal = goal;
    this.inside = new Uint8Array(threads);
  }

  /** True when what came before a record matters. */
  get remembers(): boolean {
    return this.goal.type === 'arrival';
  }

  /** Begins anew behind the records that `seen` knows. */
  start(seen: LastSeen | null): void {
    this.last = NO_RECORD;
    this.open = NO_RECORD;
    if (seen === null) return;
    for (let t = 0; t < this.inside.length; t++) {
      this.inside[t] = this.holds(seen.site[t] as number, seen.state[t] as number) ? 1 : 0;
    }
  }

  private holds(site: number, state: number): boolean {
    const { goal } = this;
    if (goal.type === 'record') return false;
    return (goal.sites === null || goal.sites[site] === 1) && (goal.states & (1 << state)) !== 0;
  }

  /** True for a record at the goal; takes it in. */
  private test(chunk: Chunk, i: number): boolean {
    const { goal } = this;
    const thread = chunk.thread[i] as number;
    if (goal.type === 'record') {
      return (
        (goal.thread < 0 || goal.thread === thread) &&
        (goal.kind < 0 || goal.kind === chunk.kind[i]) &&
        (goal.object < 0 || goal.object === chunk.object[i])
      );
    }
    if (goal.thread >= 0 && goal.thread !== thread) return false;
    const now = this.holds(chunk.site[i] as number, (chunk.flags[i] as number) & Flag.STATE_MASK);
    const before = this.inside[thread] !== 0;
    this.inside[thread] = now ? 1 : 0;
    // Interrupts are no thread, and come to no place.
    return now && !before && thread < this.inside.length;
  }

  /** Takes records in without looking for anything. */
  pass(chunk: Chunk, from: number, to: number): void {
    if (!this.remembers) return;
    for (let i = from; i < to; i++) this.test(chunk, i);
  }

  /** The first record at the goal, NO_RECORD if there is none. */
  next(chunk: Chunk, from: number, to: number): EventIdx {
    for (let i = from; i < to; i++) if (this.test(chunk, i)) return chunk.first + i;
    return NO_RECORD;
  }

  /**
   * The last record at the goal in all pieces since `start` whose step ends so early that fewer than `bound` records
   * are written by then, NO_RECORD if there is none yet.
   */
  previous(chunk: Chunk, from: number, to: number, bound: EventIdx): EventIdx {
    for (let i = from; i < to; i++) {
      const id = chunk.first + i;
      if (this.test(chunk, i)) this.open = id;
      if (((chunk.flags[i] as number) & Flag.STEP_END) === 0) continue;
      if (this.open !== NO_RECORD && id + 1 < bound) this.last = this.open;
      this.open = NO_RECORD;
    }
    return this.last;
  }

  /** The pieces end within a step, whose last record is `end`. */
  close(end: EventIdx, bound: EventIdx): EventIdx {
    if (this.open !== NO_RECORD && end !== NO_RECORD && end + 1 < bound) this.last = this.open;
    this.open = NO_RECORD;
    return this.last;
  }
}
