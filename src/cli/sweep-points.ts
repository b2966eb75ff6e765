import { isValueList, readValues, ValuesError } from '../scenario/index.ts';
import { UsageError } from './args.ts';

/** Most combinations of one sweep: every result is kept until the last one is in. */
export const MAX_POINTS = 10_000;

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
    if (!isValueList(text)) continue;
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

function valuesOf(key: string, text: string): readonly string[] {
  try {
    return readValues(text, MAX_POINTS);
  } catch (error) {
    if (!(error instanceof ValuesError)) throw error;
    throw error.tooMany ? tooMany(key, text) : new UsageError(`--set ${key}=${text}: ${error.message}`);
  }
}

function tooMany(key: string, text: string): UsageError {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new UsageError(
    `--set ${key}=${short}: this makes more than ${MAX_POINTS} points, the most of a sweep`,
  );
}
