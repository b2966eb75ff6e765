import type { Ns } from '../event/index.ts';

/** Entries of a series; past that neighbours in time are merged. */
export const MAX_ENTRIES = 2_048;
const COLUMNS = 3;
const ENTRY_BYTES = 8 + 4 * COLUMNS;

/** Pages of an area: under its VMAs; of those that are dead or detached; present in its page tables. */
export interface AreaPages {
  mapped: number;
  dead: number;
  present: number;
}

/** A series as it crosses to the page. */
export interface SeriesUpdate {
  readonly count: number;
  readonly buffer: ArrayBuffer;
}

interface Columns {
  readonly start: Float64Array;
  readonly mapped: Uint32Array;
  readonly dead: Uint32Array;
  readonly present: Uint32Array;
}

function columnsOver(buffer: ArrayBuffer, n: number): Columns {
  return {
    start: new Float64Array(buffer, 0, n),
    mapped: new Uint32Array(buffer, 8 * n, n),
    dead: new Uint32Array(buffer, 12 * n, n),
    present: new Uint32Array(buffer, 16 * n, n),
  };
}

/**
 * The pages of an area over time in bounded memory: exact as long as there is room, then in steps of a length that
 * doubles whenever the room is used up. A step shows the most that was mapped and dead in it, so that nothing short
 * vanishes, and what was present at its end.
 */
export class AreaSeries {
  count = 0;
  /** Length of a step, ns; 0 while every change is kept. */
  step: Ns = 0;
  #columns: Columns;
  #news = false;
  /** What is true now, where the last entry says more. */
  #now: AreaPages | null = null;

  constructor(given?: SeriesUpdate) {
    this.count = given?.count ?? 0;
    this.#columns = columnsOver(
      given?.buffer ?? new ArrayBuffer(MAX_ENTRIES * ENTRY_BYTES),
      given?.count ?? MAX_ENTRIES,
    );
  }

  /** What the area is like from `t` on. */
  append(t: Ns, now: AreaPages): void {
    this.#news = true;
    this.flush(t);
    const { start, mapped, dead, present } = this.#columns;
    const last = this.count - 1;
    if (last >= 0 && t < start[last] + Math.max(1, this.step)) {
      const plain = start[last] === t;
      mapped[last] = plain ? now.mapped : Math.max(mapped[last], now.mapped);
      dead[last] = plain ? now.dead : Math.max(dead[last], now.dead);
      present[last] = now.present;
      this.#now = plain ? null : { ...now };
      return;
    }
    this.#push(t, now);
  }

  /** Ends a step that says more than is true, once it is over. */
  flush(t: Ns): void {
    const now = this.#now;
    if (now === null) return;
    const end = this.#columns.start[this.count - 1] + this.step;
    if (t < end) return;
    this.#now = null;
    this.#news = true;
    this.#push(end, now);
  }

  #push(t: Ns, now: AreaPages): void {
    if (this.count === MAX_ENTRIES) this.#thin(t);
    const { start, mapped, dead, present } = this.#columns;
    const at = this.count++;
    start[at] = t;
    mapped[at] = now.mapped;
    dead[at] = now.dead;
    present[at] = now.present;
  }

  /** Merges entries until half of the room is free. */
  #thin(t: Ns): void {
    const { start, mapped, dead, present } = this.#columns;
    this.step = Math.max(2 * this.step, (t - start[0]) / (MAX_ENTRIES / 2));
    let kept = 0;
    for (let i = 1; i < this.count; i++) {
      if (start[i] - start[kept] < this.step) {
        mapped[kept] = Math.max(mapped[kept], mapped[i]);
        dead[kept] = Math.max(dead[kept], dead[i]);
        present[kept] = present[i];
        continue;
      }
      kept++;
      start[kept] = start[i];
      mapped[kept] = mapped[i];
      dead[kept] = dead[i];
      present[kept] = present[i];
    }
    this.count = kept + 1;
  }

  #indexAt(t: Ns): number {
    let lo = -1;
    let hi = this.count;
    while (hi - lo > 1) {
      const mid = (lo + hi) >>> 1;
      if (this.#columns.start[mid] <= t) lo = mid;
      else hi = mid;
    }
    return lo;
  }

  /** The pages at a time; undefined before the first VMA. */
  at(t: Ns): AreaPages | undefined {
    const i = this.#indexAt(t);
    if (i < 0) return undefined;
    const { mapped, dead, present } = this.#columns;
    return { mapped: mapped[i], dead: dead[i], present: present[i] };
  }

  /**
   * Adds to `out`, three values per pixel of [t0, t1), the most pages mapped and dead in it and those present at its
   * end; nothing behind `endNs`.
   */
  addPixels(t0: Ns, t1: Ns, pixels: number, endNs: Ns, out: Float64Array): void {
    if (!(t1 > t0) || this.count === 0) return;
    const { start, mapped, dead, present } = this.#columns;
    const { count } = this;
    const width = (t1 - t0) / pixels;
    let i = this.#indexAt(t0);
    let next = i + 1 < count ? start[i + 1] : Infinity;
    for (let x = 0; x < pixels; x++) {
      if (t0 + width * x >= endNs) return;
      const end = t0 + width * (x + 1);
      let most = i < 0 ? 0 : mapped[i];
      let dying = i < 0 ? 0 : dead[i];
      while (next < end) {
        i++;
        if (mapped[i] > most) most = mapped[i];
        if (dead[i] > dying) dying = dead[i];
        next = i + 1 < count ? start[i + 1] : Infinity;
      }
      if (i < 0) continue;
      out[3 * x] += most;
      out[3 * x + 1] += dying;
      out[3 * x + 2] += present[i];
    }
  }

  /** A copy of all entries, if there is anything new in them. */
  takeUpdate(): SeriesUpdate | undefined {
    if (!this.#news) return undefined;
    this.#news = false;
    const buffer = new ArrayBuffer(this.count * ENTRY_BYTES);
    const copy = columnsOver(buffer, this.count);
    const { start, mapped, dead, present } = this.#columns;
    copy.start.set(start.subarray(0, this.count));
    copy.mapped.set(mapped.subarray(0, this.count));
    copy.dead.set(dead.subarray(0, this.count));
    copy.present.set(present.subarray(0, this.count));
    return { count: this.count, buffer };
  }
}
