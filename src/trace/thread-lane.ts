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
 * the thread waits for a lock at all shows that wait; `base` is then the state that fills most of it. Of a pixel that
 * shows a sleep, `ran` is what the thread did most when it ran, the sleep's own state where it did not.
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

/** Entries of a pixel that are walked at most before their end is looked for. */
const WALKED = 24;

function isWait(state: number): boolean {
  return state >= State.SPIN && state <= State.WAIT_WRITE;
}

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
    this.#each(
      t0,
      t1,
      pixels,
      endNs,
      (x, _width, state) => out.push(x, state, state, 1),
      (x, width) => this.#show(x, width, out),
    );
  }

  /** Adds to `out`, STATES values per pixel, how long each state lasts in the pixel (ns). */
  addStates(t0: Ns, t1: Ns, pixels: number, endNs: Ns, out: Float64Array): void {
    const ns = this.#ns;
    this.#each(
      t0,
      t1,
      pixels,
      endNs,
      (x, width, state) => {
        out[x * STATES + state] += width;
      },
      (x) => {
        for (let s = 0; s < STATES; s++) out[x * STATES + s] += ns[s];
      },
    );
  }

  /** Visits the pixels of which something is recorded: those of one state, and those of which `#ns` says the sums. */
  #each(
    t0: Ns,
    t1: Ns,
    pixels: number,
    endNs: Ns,
    plain: (x: number, width: Ns, state: number) => void,
    mixed: (x: number, width: Ns) => void,
  ): void {
    if (!(t1 > t0) || this.count === 0) return;
    const from = this.startOf(0);
    const width = (t1 - t0) / pixels;
    let i = -1;
    let end = -Infinity;
    for (let x = 0; x < pixels; x++) {
      const a = Math.max(from, t0 + width * x);
      const b = Math.min(endNs, x + 1 === pixels ? t1 : t0 + width * (x + 1));
      if (!(a < b)) continue;
      if (a >= end) {
        i = i < 0 ? this.indexAt(a) : this.advance(i, a);
        end = i + 1 < this.count ? this.startOf(i + 1) : Infinity;
      }
      if (end >= b) plain(x, b - a, this.stateOf(i));
      else {
        const last = this.#measure(i, a, b);
        mixed(x, b - a);
        i = last;
        end = i + 1 < this.count ? this.startOf(i + 1) : Infinity;
      }
    }
  }

  /** Sums the states of [a, b), which begins in entry `i` and ends behind it; returns the entry at its end. */
  #measure(i: number, a: Ns, b: Ns): number {
    const ns = this.#ns.fill(0);
    // Few entries, all in one segment, are walked without looking for their end first.
    const at = i & (SEGMENT - 1);
    const { start, state } = this.segments[i >>> SEGMENT_BITS];
    const stop = Math.min(at + WALKED, SEGMENT - 1, this.count - 1 - (i - at));
    let from = a;
    for (let k = at; k < stop; k++) {
      const end = start[k + 1];
      if (end > b) {
        ns[state[k]] += b - from;
        return i - at + k;
      }
      ns[state[k]] += end - from;
      from = end;
    }
    ns.fill(0);
    const last = this.advance(i, b);
    ns[this.stateOf(i)] += this.startOf(i + 1) - a;
    this.addSums(i + 1, last, ns);
    ns[this.stateOf(last)] += b - this.startOf(last);
    return last;
  }

  #show(x: number, width: Ns, out: Runs): void {
    const ns = this.#ns;
    let base = 0;
    let wait = -1;
    for (let s = 0; s < STATES; s++) {
      if (ns[s] > ns[base]) base = s;
      if (isWait(s) && ns[s] > 0 && (wait < 0 || ns[s] > ns[wait])) wait = s;
    }
    const shown = wait < 0 ? base : wait;
    const sleeps = shown === State.IDLE || shown === State.DONE;
    const most = ns[State.USER] > ns[State.KERNEL] ? State.USER : State.KERNEL;
    out.push(x, shown, base, Math.min(1, ns[shown] / width), sleeps && ns[most] > 0 ? most : shown);
  }
}
