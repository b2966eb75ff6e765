import { type Ns, State } from '../event/index.ts';
import { Lane } from './lane.ts';
import { SEGMENT, SEGMENT_BITS, STATES, type ThreadSegment, threadSegment } from './segments.ts';

/** A time in which a thread was in one state; `endNs` is the end of the recording for the last one. */
export interface Interval {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly state: number;
  /** The lock it waits for, the SYSCALL or (in a fault) the MM that it is in the kernel for, or 0. */
  readonly object: number;
  readonly site: number;
}

/**
 * Runs of a thread lane: pixels [x0, x1) show `state`, which fills `share` of each of them (0 to 1). A pixel in which
 * the thread waits for a lock at all shows that wait; `base` is then the state that fills most of it. `ran` says what
 * else there was: of a pixel that shows a sleep what the thread did most when it ran, of one that a wait fills for the
 * most part the state that is next; `state` itself where there is nothing to say.
 */
export class Runs {
  count = 0;
  x0 = new Uint32Array(256);
  x1 = new Uint32Array(256);
  state = new Uint8Array(256);
  base = new Uint8Array(256);
  ran = new Uint8Array(256);
  share = new Float32Array(256);

  /** Adds a pixel, to the last run if it looks the same. */
  push(x: number, state: number, base: number, share: number, ran = state): void {
    const last = this.count - 1;
    const rounded = Math.fround(share);
    if (
      last >= 0 &&
      this.x1[last] === x &&
      this.state[last] === state &&
      this.base[last] === base &&
      this.ran[last] === ran &&
      this.share[last] === rounded
    ) {
      this.x1[last] = x + 1;
      return;
    }
    this.x0[this.count] = x;
    this.x1[this.count] = x + 1;
    this.state[this.count] = state;
    this.base[this.count] = base;
    this.ran[this.count] = ran;
    this.share[this.count] = rounded;
    this.count++;
  }

  /** Empties the list and makes room for as many runs as there may be. */
  clear(pixels: number): void {
    this.count = 0;
    if (pixels <= this.x0.length) return;
    this.x0 = new Uint32Array(pixels);
    this.x1 = new Uint32Array(pixels);
    this.state = new Uint8Array(pixels);
    this.base = new Uint8Array(pixels);
    this.ran = new Uint8Array(pixels);
    this.share = new Float32Array(pixels);
  }
}

/** A pixel that ends within so many entries is walked; of one with more the sums of blocks are taken. */
const WALKED = 64;

/** One thread's states over time. */
export class ThreadLane extends Lane<ThreadSegment> {
  readonly #ns = new Float64Array(STATES);

  constructor() {
    super(STATES, threadSegment);
  }

  protected override sumOf(segment: ThreadSegment, at: number): number {
    return segment.state[at];
  }

  protected override blockDone(): void {}

  /** The thread is in another state, or in the same one for another object, from `t` on. */
  append(t: Ns, state: number, object: number, site: number): void {
    const segment = this.room(t);
    const at = (this.count - 1) & (SEGMENT - 1);
    segment.state[at] = state;
    segment.object[at] = object;
    segment.site[at] = site;
  }

  stateOf(i: number): number {
    return this.segments[i >>> SEGMENT_BITS].state[i & (SEGMENT - 1)];
  }

  intervalAt(t: Ns, endNs: Ns): Interval | undefined {
    const i = this.indexAt(t);
    if (i < 0) return undefined;
    const segment = this.segments[i >>> SEGMENT_BITS];
    const at = i & (SEGMENT - 1);
    return {
      startNs: segment.start[at],
      endNs: i + 1 < this.count ? this.startOf(i + 1) : Math.max(endNs, segment.start[at]),
      state: segment.state[at],
      object: segment.object[at],
      site: segment.site[at],
    };
  }

  /** See `PyramidView.laneRuns`. */
  runs(t0: Ns, t1: Ns, pixels: number, endNs: Ns, out: Runs): void {
    out.clear(pixels);
    this.#each(t0, t1, pixels, endNs, out, null);
  }

  /** Adds to `out`, STATES values per pixel, how long each state lasts in the pixel (ns). */
  addStates(t0: Ns, t1: Ns, pixels: number, endNs: Ns, out: Float64Array): void {
    this.#each(t0, t1, pixels, endNs, null, out);
  }

  /** Shows the pixels of which something is recorded as runs, or adds up the states in each. */
  #each(t0: Ns, t1: Ns, pixels: number, endNs: Ns, runs: Runs | null, states: Float64Array | null): void {
    if (!(t1 > t0) || this.count === 0) return;
    const from = this.startOf(0);
    const width = (t1 - t0) / pixels;
    const ns = this.#ns;
    let i = -1;
    let end = -Infinity;
    // Called for every pixel of every lane in each frame: hence loops and comparisons instead of functions.
    for (let x = 0; x < pixels; x++) {
      const left = t0 + width * x;
      const right = x + 1 === pixels ? t1 : t0 + width * (x + 1);
      const a = left < from ? from : left;
      const b = right > endNs ? endNs : right;
      if (!(a < b)) continue;
      if (a >= end) {
        i = i < 0 ? this.indexAt(a) : this.advance(i, a);
        end = i + 1 < this.count ? this.startOf(i + 1) : Infinity;
      }
      if (end >= b) {
        const state = this.stateOf(i);
        if (runs !== null) runs.push(x, state, state, 1);
        if (states !== null) states[x * STATES + state] += b - a;
        continue;
      }
      i = this.#measure(i, a, b);
      end = i + 1 < this.count ? this.startOf(i + 1) : Infinity;
      if (runs !== null) this.#show(x, b - a, runs);
      if (states !== null) for (let s = 0; s < STATES; s++) states[x * STATES + s] += ns[s];
    }
  }

  /** Sums the states of [a, b), which begins in entry `i` and ends behind it; returns the entry at its end. */
  #measure(i: number, a: Ns, b: Ns): number {
    const ns = this.#ns;
    for (let s = 0; s < STATES; s++) ns[s] = 0;
    const at = i & (SEGMENT - 1);
    const { start, state } = this.segments[i >>> SEGMENT_BITS];
    const stop = Math.min(at + WALKED, SEGMENT - 1, this.count - 1 - (i - at));
    // Behind the last entry of a segment, and of all, there is no start to compare with.
    const near = stop < at + WALKED || start[stop] > b;
    let first = at;
    let from = a;
    if (near) {
      for (; first < stop; first++) {
        const end = start[first + 1];
        if (end > b) {
          ns[state[first]] += b - from;
          return i - at + first;
        }
        ns[state[first]] += end - from;
        from = end;
      }
    }
    const next = i - at + first;
    const last = this.advance(next, b);
    if (last > next) {
      ns[this.stateOf(next)] += this.startOf(next + 1) - from;
      this.addSums(next + 1, last, ns);
      from = this.startOf(last);
    }
    ns[this.stateOf(last)] += b - from;
    return last;
  }

  #show(x: number, width: Ns, out: Runs): void {
    const ns = this.#ns;
    let base = 0;
    for (let s = 1; s < STATES; s++) if (ns[s] > ns[base]) base = s;
    let shown = base;
    let longest = 0;
    for (let s: number = State.SPIN; s <= State.WAIT_WRITE; s++) {
      if (ns[s] <= longest) continue;
      longest = ns[s];
      shown = s;
    }
    const sleeps = shown === State.IDLE || shown === State.DONE;
    const most = ns[State.USER] > ns[State.KERNEL] ? State.USER : State.KERNEL;
    const share = ns[shown] / width;
    let ran = sleeps && ns[most] > 0 ? most : shown;
    if (longest > 0 && shown === base) {
      let next = 0;
      for (let s = 0; s < STATES; s++) {
        if (s === shown || ns[s] <= next) continue;
        next = ns[s];
        ran = s;
      }
    }
    out.push(x, shown, base, share > 1 ? 1 : share, ran);
  }
}
