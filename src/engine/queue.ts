import type { World } from './world.ts';

/**
 * The event queue over a fixed set of sources (each CPU's step, each thread's timer, each CPU's slice); a source has at
 * most one event, so the queue never grows and an event can be moved or taken out. It is a list sorted by time, the
 * next event last: taking it is free, and putting one in costs a walk over those that come before it. Steps are short
 * and sleeps are long, so the walk is short with the few dozen events that a machine has under way. Events of one time
 * come out in the order in which they were scheduled.
 */
export class EventQueue {
  private readonly w: World;
  /** Events in the queue; lives in the world only while it is copied. */
  private n = 0;
  private readonly time: Float64Array;
  private readonly source: Uint16Array;
  private readonly queued: Uint8Array;

  constructor(world: World) {
    this.w = world;
    this.time = world.queueTime;
    this.source = world.queueSource;
    this.queued = world.queued;
    // Events stand at 1..n; what stands before them is never reached, which saves every walk a look at its end.
    this.time[0] = Infinity;
  }

  /** Writes its length into the world, and reads it back. */
  settle(): void {
    this.w.run[2] = this.n;
  }
  adopt(): void {
    this.n = this.w.run[2] as number;
  }

  /** Time of the next event, or Infinity. */
  next(): number {
    return this.time[this.n] as number;
  }

  has(source: number): boolean {
    return this.queued[source] === 1;
  }

  /** Time of a source's event; it must have one. */
  timeOf(source: number): number {
    return this.time[this.find(source)] as number;
  }

  private find(source: number): number {
    let k = this.n;
    while (this.source[k] !== source) k--;
    return k;
  }

  /** Schedules a source, or moves its event; it then counts as scheduled last among those of its time. */
  set(source: number, t: number): void {
    if (this.queued[source] === 1) this.remove(source);
    const { time, source: at } = this;
    let k = this.n;
    while ((time[k] as number) <= t) {
      time[k + 1] = time[k] as number;
      at[k + 1] = at[k] as number;
      k--;
    }
    this.put(k + 1, source, t);
  }

  /** Schedules a source that has no event before everything else of that time. */
  setFirst(source: number, t: number): void {
    const { time, source: at } = this;
    let k = this.n;
    while ((time[k] as number) < t) {
      time[k + 1] = time[k] as number;
      at[k + 1] = at[k] as number;
      k--;
    }
    this.put(k + 1, source, t);
  }

  private put(k: number, source: number, t: number): void {
    this.time[k] = t;
    this.source[k] = source;
    this.queued[source] = 1;
    this.n++;
  }

  /** Takes a source's event out, if it has one. */
  remove(source: number): void {
    if (this.queued[source] === 0) return;
    const { time, source: at, n } = this;
    for (let k = this.find(source); k < n; k++) {
      time[k] = time[k + 1] as number;
      at[k] = at[k + 1] as number;
    }
    time[n] = 0;
    at[n] = 0;
    this.queued[source] = 0;
    this.n = n - 1;
  }

  /** Takes out the next event and returns its source; the queue must not be empty. */
  pop(): number {
    const n = this.n;
    const source = this.source[n] as number;
    this.time[n] = 0;
    this.source[n] = 0;
    this.queued[source] = 0;
    this.n = n - 1;
    return source;
  }
}
