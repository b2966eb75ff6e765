import { doubled } from './grow.ts';

/** Ranges that a set keeps apart; past that no new one is taken in. */
const MAX_RANGES = 16_384;

/** A set of page numbers as disjoint ranges [from, to), in order; ranges that touch become one. */
export class RangeSet {
  /** False once a range was refused because there were too many. */
  complete = true;
  #count = 0;
  #from = new Float64Array(16);
  #to = new Float64Array(16);

  get count(): number {
    return this.#count;
  }

  /** Index of the first range that ends above a page. */
  #above(page: number): number {
    let lo = 0;
    let hi = this.#count;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if (this.#to[mid] > page) hi = mid;
      else lo = mid + 1;
    }
    return lo;
  }

  has(page: number): boolean {
    if (this.#count === 0) return false;
    const i = this.#above(page);
    return i < this.#count && this.#from[i] <= page;
  }

  add(from: number, to: number): void {
    if (!(from < to)) return;
    // A range that ends where the new one begins joins it too, hence the page before.
    const i = this.#above(from - 1);
    let j = i;
    let low = from;
    let high = to;
    for (; j < this.#count && this.#from[j] <= to; j++) {
      low = Math.min(low, this.#from[j]);
      high = Math.max(high, this.#to[j]);
    }
    if (j > i || this.#count < MAX_RANGES) this.#replace(i, j, [low, high]);
    else this.complete = false;
  }

  delete(from: number, to: number): void {
    if (!(from < to) || this.#count === 0) return;
    const i = this.#above(from);
    let j = i;
    while (j < this.#count && this.#from[j] < to) j++;
    if (j === i) return;
    const rest: number[] = [];
    if (this.#from[i] < from) rest.push(this.#from[i], from);
    if (this.#to[j - 1] > to) rest.push(to, this.#to[j - 1]);
    this.#replace(i, j, rest);
  }

  /** Puts ranges (pairs of from and to) in the place of those with index [i, j). */
  #replace(i: number, j: number, pairs: readonly number[]): void {
    const n = pairs.length / 2;
    const count = this.#count - (j - i) + n;
    if (count > this.#from.length) {
      this.#from = doubled(this.#from);
      this.#to = doubled(this.#to);
    }
    this.#from.copyWithin(i + n, j, this.#count);
    this.#to.copyWithin(i + n, j, this.#count);
    for (let k = 0; k < n; k++) {
      this.#from[i + k] = pairs[2 * k];
      this.#to[i + k] = pairs[2 * k + 1];
    }
    this.#count = count;
  }
}
