import type { Ns } from '../event/index.ts';
import { Histogram } from './histogram.ts';

/** Holders that are remembered for the longest wait. */
export const NAMED_HOLDERS = 4;

/** A holder of a lock in 16 + 1 bits: the thread, and above it 1 for exclusive. */
export function packHolder(thread: number, write: number): number {
  return thread | (write << 16);
}
export function holderThread(packed: number): number {
  return packed & 0xffff;
}
export function holderWrites(packed: number): boolean {
  return packed >>> 16 === 1;
}

/** Durations of one sort, and where the longest of them (the first, among equals) came about. */
export class Samples {
  readonly lengths: Histogram;
  /** Start of the longest one, its thread and its site; thread is -1 while there is none. */
  longestAt = 0;
  longestThread = -1;
  longestSite = 0;
  /** Packed holders of the lock when the longest wait began. */
  heldBy: readonly number[] = [];

  constructor(lengths = new Histogram()) {
    this.lengths = lengths;
  }

  /** Adds one that began at `since`; true if it is the longest so far. */
  record(since: Ns, until: Ns, thread: number, site: number): boolean {
    const longest = until - since > this.lengths.maxNs;
    this.lengths.record(until - since);
    if (!longest) return false;
    this.longestAt = since;
    this.longestThread = thread;
    this.longestSite = site;
    return true;
  }

  clone(): Samples {
    const copy = new Samples(this.lengths.clone());
    copy.longestAt = this.longestAt;
    copy.longestThread = this.longestThread;
    copy.longestSite = this.longestSite;
    copy.heldBy = this.heldBy;
    return copy;
  }
}
