import type { EventIdx, Ns, ObjectId, SiteIdx, ThreadIdx } from './units.ts';

/** One frame of a thread's stack, innermost first in `ThreadMoment.stack`. */
export interface FrameMoment {
  readonly fn: string;
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

export interface HoldMoment {
  readonly lock: ObjectId;
  readonly mode: 'read' | 'write';
  readonly sinceNs: Ns;
  readonly site: SiteIdx;
}

export interface ThreadMoment {
  readonly thread: ThreadIdx;
  /** A value of `State`. */
  readonly state: number;
  readonly sinceNs: Ns;
  readonly cpu: number | null;
  readonly site: SiteIdx;
  readonly stack?: readonly FrameMoment[];
  /** Locals of the innermost frame, already spelt for people. */
  readonly locals?: readonly { readonly name: string; readonly value: string }[];
  readonly waitsFor?: { readonly lock: ObjectId; readonly mode: 'read' | 'write'; readonly sinceNs: Ns };
  /** The page table that it works at. */
  readonly table?: ObjectId;
  /** The page that it put in place last. */
  readonly touched?: number;
  readonly holds?: readonly HoldMoment[];
  /** Its CPU takes no interrupts. */
  readonly irqsOff?: true;
}

export interface LockMoment {
  readonly lock: ObjectId;
  readonly mode: 'free' | 'read' | 'write';
  readonly owners: readonly ThreadIdx[];
  /** Waiters in the order in which they stand; spinners first, marked. */
  readonly queue: readonly {
    readonly thread: ThreadIdx;
    readonly mode: 'read' | 'write';
    readonly spinning: boolean;
  }[];
}

export interface VmaMoment {
  readonly id: ObjectId;
  readonly mm: number;
  readonly startPage: number;
  readonly pages: number;
  readonly presentPages: number;
  readonly name: string;
  readonly flags: readonly string[];
  readonly detached: boolean;
  /** Locked for writing until who did it gives mmap_lock back, whether its own lock is held or not. */
  readonly writeLocked?: true;
}

/**
 * A range of addresses that is mapped now, or was when the run began, cut into equal parts: what is present where.
 * Ranges of an mm never overlap; a part never holds a piece of a page table unless it lies in that table.
 */
export interface RangeMoment {
  readonly mm: number;
  readonly name: string;
  readonly startPage: number;
  readonly pages: number;
  /** Where the first part begins: at `startPage`, or before it within the same page table. */
  readonly origin: number;
  /** Pages of a part; of the first and the last one only those within the range count. */
  readonly partPages: number;
  /** Present pages of each part. */
  readonly present: Uint32Array;
}

export interface MmMoment {
  readonly mm: number;
  readonly name: string;
  readonly rssPages: number;
  readonly presentPages: number;
}

/** A per-CPU page list of a zone that has pages, or had some. */
export interface PageListMoment {
  readonly cpu: number;
  readonly pages: number;
  /** From so many pages on it gives some back. */
  readonly high: number;
}

/** The zone of a node. */
export interface ZoneMoment {
  readonly node: number;
  readonly zoneLock: ObjectId;
  readonly lruLock: ObjectId;
  readonly managedPages: number;
  /** Free blocks by order, from 2^0 to 2^10 pages, of memory that was used before. */
  readonly freeBlocks: readonly number[];
  /** Free pages in blocks of the highest order that nobody has used yet. */
  readonly untouchedPages: number;
  /** Pages on the LRU, and in pagevecs on their way there. */
  readonly lruPages: number;
  readonly pagevecPages: number;
  /** Pages that a list takes or gives back at a time. */
  readonly batch: number;
  readonly lists: readonly PageListMoment[];
}

/** A sequence count: odd while a writer is at work. */
export interface SequenceMoment {
  readonly id: ObjectId;
  readonly value: number;
}

/** A kind of grace periods that somebody has asked for. */
export interface GraceMoment {
  readonly id: ObjectId;
  /** Callbacks that wait for the end of the one under way; null: none is. */
  readonly callbacks: number | null;
  /** Threads in a section that began before it: it does not end before they have left. */
  readonly readers: number;
  /** Callbacks that wait for the next one. */
  readonly next: number;
}

/**
 * The state of everything at one place of the log: after the atomic step that wrote record `event`. Plain data, every
 * part optional: a view says "not recorded" where a part is missing.
 */
export interface Moment {
  readonly t: Ns;
  /** Records written so far; the last one has id `event - 1`. */
  readonly event: EventIdx;
  readonly threads?: readonly ThreadMoment[];
  readonly locks?: readonly LockMoment[];
  readonly vmas?: readonly VmaMoment[];
  /** In order of mm and address. */
  readonly ranges?: readonly RangeMoment[];
  readonly mms?: readonly MmMoment[];
  /** By node; none where the allocator has no zones. */
  readonly zones?: readonly ZoneMoment[];
  /** mmap_seq of every mm, and those of VMAs that are odd; none where no path reads any. */
  readonly sequences?: readonly SequenceMoment[];
  readonly graces?: readonly GraceMoment[];
  readonly counters?: readonly { readonly name: string; readonly value: number }[];
  readonly vars?: readonly { readonly name: string; readonly value: number }[];
}
