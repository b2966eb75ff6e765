import { UsageError } from './args.ts';

/** Most combinations of one sweep: every result is kept until the last one is in. */
export const MAX_POINTS = 10_000;

const RANGE = /^(-?\d+)\.\.(-?\d+)$/;

/** One combination of the swept values. */
export interface Point {
  /** The swept keys with their values as given, in the order of the command line. */
  readonly swept: Readonly<Record<string, string>>;
  /** Every choice, the fixed ones too: what `run` would get by `--set`. */
  readonly set: Readonly<Record<string, string>>;
}

export interface Grid {
  /** Keys whose value is a list or a range, in the order of the command line. */
  readonly keys: readonly string[];
  /** Row-major: the first key varies slowest. One point when nothing is swept. */
  readonly points: readonly Point[];
}

/**
 * Every combination of what `--set` gives: `a,b,c` and `1..9` are swept, also mixed (`1,4..6`), all else is fixed.
 * @throws UsageError for an empty value or range, and for more than MAX_POINTS points.
 */
export function readGrid(set: Readonly<Record<string, string>>): Grid {
  const axes: { key: string; values: readonly string[] }[] = [];
  let size = 1;
  for (const [key, text] of Object.entries(set)) {
    if (!text.includes(',') && !RANGE.test(text)) continue;
    const values = valuesOf(key, text);
    size *= values.length;
    if (size > MAX_POINTS) throw tooMany(key, text);
    axes.push({ key, values });
  }
  let swepts: Record<string, string>[] = [{}];
  for (const { key, values } of axes) {
    swepts = swepts.flatMap((before) => values.map((value) => ({ ...before, [key]: value })));
  }
  return {
    keys: axes.map((a) => a.key),
    points: swepts.map((swept) => ({ swept, set: { ...set, ...swept } })),
  };
}

/** A point in words: `munmap=baseline seed=3`; empty when nothing is swept. */
export function pointName({ swept }: Point): string {
  return Object.entries(swept)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

function valuesOf(key: string, text: string): string[] {
  const values: string[] = [];
  for (const part of text.split(',')) {
    if (part === '') throw new UsageError(`--set ${key}=${text}: a value between commas is empty`);
    const [, first, last] = RANGE.exec(part) ?? [];
    if (first === undefined || last === undefined) values.push(part);
    else {
      const from = BigInt(first);
      const to = BigInt(last);
      if (from > to) throw new UsageError(`--set ${key}=${text}: the range ${part} is empty`);
      // Counted before it is written out: a range may be far too long to be.
      if (to - from >= MAX_POINTS) throw tooMany(key, text);
      for (let n = from; n <= to; n++) values.push(String(n));
    }
    if (values.length > MAX_POINTS) throw tooMany(key, text);
  }
  return values;
}

function tooMany(key: string, text: string): UsageError {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new UsageError(
    `--set ${key}=${short}: this makes more than ${MAX_POINTS} points, the most of a sweep`,
  );
}
