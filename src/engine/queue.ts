import type { World } from './world.ts';

/**
 * The event queue over a fixed set of sources (each CPU's step, each thread's timer, each CPU's slice); a source has at
 * most one event, so the queue never grows and an event can be moved or taken out. It is a list sorted by time, the
 * next event last: taking it is free, and putting one in costs a walk over those between it and the nearer end. They
 * are few: steps are short, sleeps are long, and what takes equally long comes out in the order in which it went in.
 * Events of one time come out in the order in which they were scheduled.
 *
 * The list wanders down its columns, as events go in at the far end and come out at the near one, and is moved up again
 * when it reaches the bottom. In a copy of the world it stands in places 1..n.
 */
export class EventQueue {
  private readonly w: World;
  /** Places of the event that is farthest away and of the next one; in an empty queue `near` is just below `far`. */
  private far = 1;
  private near = 0;
  private readonly time: Float64Array;
  private readonly source: Uint16Array;
  private readonly queued: Uint8Array;

  constructor(world: World) {
    this.w = world;
    this.time = world.queueTime;
    this.source = world.queueSource;
    this.queued = world.queued;
    // What stands before the first event is never reached, which saves every walk a look at its end.
    this.time[0] = Infinity;
  }

  /** Brings the world's columns into the form in which they are copied, and takes them up again. */
  settle(): void {
    this.w.run[2] = this.near - this.far + 1;
    if (this.far !== 1) this.slide(1);
  }
  adopt(): void {
    this.far = 1;
    this.near = this.w.run[2] as number;
  }

  /** Moves the list so that it begins at place `to`. Places that are not in use are zero. */
  private slide(to: number): void {
    const { time, source, far: first, near: last } = this;
    const end = to + last - first;
    time.copyWithin(to - 1, first - 1, last + 1);
    source.copyWithin(to - 1, first - 1, last + 1);
    const from = to < first && end >= first - 1 ? end + 1 : first - 1;
    const past = to > first && to - 1 <= last ? to - 1 : last + 1;
    time.fill(0, from, past);
    source.fill(0, from, past);
    this.far = to;
    this.near = end;
  }

  /** Time of the next event, or Infinity. */
  next(): number {
    return this.time[this.near] as number;
  }

  /** Source of the next event; there must be one. */
  first(): number {
    return this.source[this.near] as number;
  }

  has(source: number): boolean {
    return this.queued[source] === 1;
  }

  /** Time of a source's event; it must have one. */
  timeOf(source: number): number {
    return this.time[this.find(source)] as number;
  }

  private find(source: number): number {
    let k = this.near;
    while (this.source[k] !== source) k--;
    return k;
  }

  /** Schedules a source, or moves its event; it then counts as scheduled last among those of its time. */
  set(source: number, t: number): void {
    if (this.queued[source] === 1) this.remove(source);
    this.add(source, t);
  }

  /** As set, for a source that has no event. */
  add(source: number, t: number): void {
    const { time, source: at, near: last } = this;
    if ((time[(this.far + last) >>> 1] as number) <= t) {
      this.addFar(source, t);
      return;
    }
    let k = last;
    while ((time[k] as number) <= t) {
      time[k + 1] = time[k] as number;
      at[k + 1] = at[k] as number;
      k--;
    }
    time[k + 1] = t;
    at[k + 1] = source;
    this.queued[source] = 1;
    this.near = last + 1;
  }

  /** As add, for an event that comes behind at least half of the others. */
  private addFar(source: number, t: number): void {
    const { time, source: at } = this;
    // Room for as many events as there are sources is left above, so the list never reaches the top.
    if (this.far === 1) this.slide(this.queued.length + 1);
    let k = this.far;
    while ((time[k] as number) > t) {
      time[k - 1] = time[k] as number;
      at[k - 1] = at[k] as number;
      k++;
    }
    time[k - 1] = t;
    at[k - 1] = source;
    this.queued[source] = 1;
    const first = this.far - 1;
    time[first - 1] = Infinity;
    this.far = first;
  }

  /** Schedules a source that has no event before everything else of that time. */
  setFirst(source: number, t: number): void {
    const { time, source: at } = this;
    let k = this.near;
    while ((time[k] as number) < t) {
      time[k + 1] = time[k] as number;
      at[k + 1] = at[k] as number;
      k--;
    }
    time[k + 1] = t;
    at[k + 1] = source;
    this.queued[source] = 1;
    this.near++;
  }

  /** Takes a source's event out, if it has one. */
  remove(source: number): void {
    if (this.queued[source] === 0) return;
    const { time, source: at, near: last } = this;
    for (let k = this.find(source); k < last; k++) {
      time[k] = time[k + 1] as number;
      at[k] = at[k + 1] as number;
    }
    time[last] = 0;
    at[last] = 0;
    this.queued[source] = 0;
    this.near = last - 1;
  }

  /** Takes out the next event and returns its source; the queue must not be empty. */
  pop(): number {
    const { near: last } = this;
    const source = this.source[last] as number;
    this.time[last] = 0;
    this.source[last] = 0;
    this.queued[source] = 0;
    this.near = last - 1;
    return source;
  }
}
