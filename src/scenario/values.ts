/** Lists of values, as they are swept over: `a,b,c` and `1..9`, also mixed. */

const RANGE = /^(-?\d+)\.\.(-?\d+)$/;

/** A list that cannot be read. */
export class ValuesError extends Error {
  /** Which part of the text is meant, as characters [from, to). */
  readonly from: number;
  readonly to: number;
  /** There are too many of them; nothing is wrong with what they are. */
  readonly tooMany: boolean;

  constructor(message: string, from: number, to: number, tooMany = false) {
    super(message);
    this.from = from;
    this.to = to;
    this.tooMany = tooMany;
  }
}

/** A value of a list, and where it stands in the text, as characters [from, to). */
export interface ListedValue {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** Whether a text is a list rather than one value. */
export function isValueList(text: string): boolean {
  return text.includes(',') || RANGE.test(text.trim());
}

/**
 * The values of a list in their order, ranges written out; spaces around commas mean nothing.
 * @throws ValuesError for an empty value or range, and for more than `most` values.
 */
export function readValues(text: string, most: number): string[] {
  return listedValues(text, most).map(({ value }) => value);
}

/** The same with the places of the values. */
export function listedValues(text: string, most: number): ListedValue[] {
  const values: ListedValue[] = [];
  let start = 0;
  for (const raw of text.split(',')) {
    const part = raw.trim();
    const from = start + (raw.length - raw.trimStart().length);
    const to = from + part.length;
    start += raw.length + 1;
    if (part === '') throw new ValuesError('a value between commas is empty', from, to);
    const [, first, last] = RANGE.exec(part) ?? [];
    if (first === undefined || last === undefined) values.push({ value: part, from, to });
    else {
      const begin = BigInt(first);
      const end = BigInt(last);
      if (begin > end) throw new ValuesError(`the range ${part} is empty`, from, to);
      // Counted before it is written out: a range may be far too long to be.
      if (end - begin >= most) throw new ValuesError(`more than ${most} values`, from, to, true);
      for (let n = begin; n <= end; n++) values.push({ value: String(n), from, to });
    }
    if (values.length > most) throw new ValuesError(`more than ${most} values`, from, to, true);
  }
  return values;
}
