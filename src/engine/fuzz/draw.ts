import { uniform, whole } from '../numbers.ts';

/** Numbers of fuzzing, apart from those of any run. */
const PURPOSE = 9;

/** Random choices of one case, all of them a function of seed and case number. */
export class Draw {
  private k = 0;
  private readonly seed: number;
  private readonly stream: number;

  constructor(seed: number, stream: number) {
    this.seed = seed;
    this.stream = stream;
  }

  private next(): number {
    return uniform(this.seed, this.stream, PURPOSE, this.k++);
  }

  /** A whole number from lo to hi, both included. */
  int(lo: number, hi: number): number {
    return lo + whole(this.next() * (hi - lo + 1));
  }

  /** True once in 1 / p times. */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  /** One of a list by weight. */
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T {
    let at = this.next() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of list) {
      at -= weight;
      if (at < 0) return value;
    }
    return (list[0] as readonly [number, T])[1];
  }

  /** A list in random order. */
  shuffled<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
}
