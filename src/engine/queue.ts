import type { World } from './world.ts';

/**
 * The event queue: an indexed binary heap over a fixed set of sources (each CPU's step, each thread's timer, each
 * CPU's slice), ordered by time and then by order of scheduling. A source has at most one event, so the queue never
 * grows and an event can be moved or taken out.
 */
export class EventQueue {
  private readonly w: World;
  private readonly time: Float64Array;
  private readonly order: Float64Array;
  private readonly at: Uint16Array;
  private readonly pos: Uint16Array;
  /** Source whose event is being handled, or -1; between two events always -1. */
  private handled = -1;

  constructor(world: World) {
    this.w = world;
    this.time = world.heapTime;
    this.order = world.heapOrder;
    this.at = world.heapAt;
    this.pos = world.heapPos;
  }

  /** Time of the next event (the one being handled is past), or Infinity. */
  next(): number {
    const { at, time } = this;
    const n = this.w.run[2] as number;
    if (this.handled < 0) return n === 0 ? Infinity : (time[at[0] as number] as number);
    if (n < 2) return Infinity;
    const a = time[at[1] as number] as number;
    if (n === 2) return a;
    const b = time[at[2] as number] as number;
    return a < b ? a : b;
  }

  has(source: number): boolean {
    return this.pos[source] !== 0 && source !== this.handled;
  }

  /**
   * The source of the first event, which from now on is being handled. It keeps its place at the root until it is set
   * anew (the usual case, which then costs one way down) or `done` is called.
   */
  first(): number {
    this.handled = this.at[0] as number;
    return this.handled;
  }

  /** The event is handled: it is gone if its source was not set anew. */
  done(): void {
    const source = this.handled;
    if (source < 0) return;
    this.handled = -1;
    this.remove(source);
  }

  timeOf(source: number): number {
    return this.time[source] as number;
  }

  /** Schedules a source, or moves its event; it then counts as scheduled last among those of its time. */
  set(source: number, t: number): void {
    const { w, time, order, pos } = this;
    if (source === this.handled) {
      this.handled = -1;
      time[source] = t;
      order[source] = (w.clock[1] as number) + 1;
      w.clock[1] = order[source] as number;
      this.down(0, source);
      return;
    }
    time[source] = t;
    order[source] = (w.clock[1] as number) + 1;
    w.clock[1] = order[source] as number;
    const p = pos[source] as number;
    if (p === 0) {
      const n = w.run[2] as number;
      w.run[2] = n + 1;
      this.up(n, source);
    } else {
      this.up(p - 1, source);
      this.down((pos[source] as number) - 1, source);
    }
  }

  /** Schedules a source that has no event before everything else of that time. */
  setFirst(source: number, t: number): void {
    this.time[source] = t;
    this.order[source] = 0;
    if (source === this.handled) {
      this.handled = -1;
      this.down(0, source);
      return;
    }
    const n = this.w.run[2] as number;
    this.w.run[2] = n + 1;
    this.up(n, source);
  }

  /** Takes a source's event out, if it has one. */
  remove(source: number): void {
    const { w, at, pos } = this;
    const p = pos[source] as number;
    if (p === 0) return;
    if (source === this.handled) this.handled = -1;
    const last = (w.run[2] as number) - 1;
    w.run[2] = last;
    pos[source] = 0;
    const moved = at[last] as number;
    at[last] = 0;
    if (moved !== source) {
      this.up(p - 1, moved);
      this.down((pos[moved] as number) - 1, moved);
    }
    this.time[source] = 0;
    this.order[source] = 0;
  }

  private up(from: number, source: number): void {
    const { time, order, at, pos } = this;
    const t = time[source] as number;
    const o = order[source] as number;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const p = at[parent] as number;
      const pt = time[p] as number;
      if (pt < t || (pt === t && (order[p] as number) < o)) break;
      at[i] = p;
      pos[p] = i + 1;
      i = parent;
    }
    at[i] = source;
    pos[source] = i + 1;
  }

  private down(from: number, source: number): void {
    const { time, order, at, pos } = this;
    const n = this.w.run[2] as number;
    const t = time[source] as number;
    const o = order[source] as number;
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= n) break;
      let c = at[child] as number;
      let ct = time[c] as number;
      const right = child + 1;
      if (right < n) {
        const r = at[right] as number;
        const rt = time[r] as number;
        if (rt < ct || (rt === ct && (order[r] as number) < (order[c] as number))) {
          child = right;
          c = r;
          ct = rt;
        }
      }
      if (t < ct || (t === ct && o < (order[c] as number))) break;
      at[i] = c;
      pos[c] = i + 1;
      i = child;
    }
    at[i] = source;
    pos[source] = i + 1;
  }
}
