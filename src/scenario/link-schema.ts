import * as z from 'zod/mini';

// No code generation at run time: the page's content security policy forbids it.
z.config({ jitless: true });

/** Longest text that a link may carry. */
const MAX_TEXT = 1_048_576;

const time = z.number().check(z.minimum(0), z.maximum(1e15));
const text = (most: number) => z.string().check(z.maxLength(most));
const name = text(200);
const span = z.strictObject({ from: time, to: time });
const whole = (most: number) => z.int().check(z.minimum(0), z.maximum(most));
/** Groups of threads that a link may name. */
const MAX_FOLDS = 1_000;

/** What is valid as the content of a link. Fetched where a link is read. */
export const linkSchema = z.strictObject({
  scenario: name,
  text: z.optional(text(MAX_TEXT)),
  set: z.record(text(100), text(200)),
  /** Playhead: time and place among the records of that nanosecond. */
  at: z.optional(z.strictObject({ t: time, ordinal: whole(1e9) })),
  /** 'all': the whole axis, where the page would show a part of it by itself. */
  view: z.optional(z.union([span, z.literal('all')])),
  /** Selected thread and lock. */
  thread: z.optional(name),
  lock: z.optional(name),
  /** Function of the frame that the code panel shows, or the line that it shows instead. */
  frame: z.optional(name),
  line: z.optional(z.strictObject({ file: name, line: whole(1e6) })),
  /** By group of threads: folded or opened by the reader. */
  folds: z.optional(
    z.record(name, z.boolean()).check(z.refine((folds) => Object.keys(folds).length <= MAX_FOLDS)),
  ),
  edges: z.optional(z.enum(['none', 'chain', 'all'])),
  /** The group of page-table locks is open; the one that was asked for by address. */
  tables: z.optional(z.literal(true)),
  table: z.optional(name),
  measured: z.optional(span),
  drawer: z.optional(z.enum(['run', 'why', 'blame', 'statistics', 'zones'])),
  /** The matrix of blame, and which waits it filters: of a waiter, for a holder (or for nobody), for a lock. */
  blame: z.optional(
    z.strictObject({
      whole: z.optional(z.literal(true)),
      lock: z.optional(name),
      filter: z.optional(
        z.strictObject({
          waiter: z.optional(name),
          holder: z.optional(name),
          nobody: z.optional(z.literal(true)),
          lock: z.optional(name),
        }),
      ),
    }),
  ),
});

/** Everything that a link carries. Things are named, never numbered; what is absent is as the page has it by itself. */
export type LinkState = z.infer<typeof linkSchema>;
