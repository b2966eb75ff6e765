/** Nanoseconds of simulated (or recorded) time; whole numbers held in a double. */
export type Ns = number;
/** CSS pixels. */
export type Px = number;
/** Sequence number of a record in the log: 0 for the first. */
export type EventIdx = number;
/** Index of a thread in `TraceMeta.threads`. */
export type ThreadIdx = number;
/** Index of a site in `TraceMeta.sites`; 0 is "nowhere". */
export type SiteIdx = number;
/** An object id as `objects.ts` packs it: class and index in 32 bits. */
export type ObjectId = number;

/** Size of the smallest page, in bytes (x86-64). */
export const PAGE_BYTES = 4096;
/** Entries of one page table, hence pages of one table (x86-64). */
export const TABLE_PAGES = 512;

export const US: Ns = 1_000;
export const MS: Ns = 1_000_000;
export const SEC: Ns = 1_000_000_000;
