import type { Ns } from '../event/index.ts';
import { type EventText, members, us } from './chrome-text.ts';

/** What a slice on a thread's lane shows. */
export const SliceKind = { SYSCALL: 0, FAULT: 1, PHASE: 2, WAIT: 3, RUNNABLE: 4 } as const;
export type SliceKind = (typeof SliceKind)[keyof typeof SliceKind];

/** A slice that has not ended. Name and category are without quotes; `args` are members known from the start. */
export interface Slice {
  readonly kind: SliceKind;
  readonly name: string;
  readonly cat: string;
  readonly start: Ns;
  args: string;
  /** Its begin event is written already. */
  begun: boolean;
}

type Shape = Pick<Slice, 'name' | 'cat'>;

function head(ph: string, { name, cat }: Shape, where: string, ts: Ns): string {
  return `"ph":"${ph}","name":${JSON.stringify(name)},"cat":"${cat}",${where},"ts":${us(ts)}`;
}

function begin(out: EventText, shape: Shape, where: string, ts: Ns, args: string): void {
  out.add(`${head('B', shape, where, ts)},"args":{${args}}`);
}

/**
 * Writes a whole slice: a begin and an end event, one behind the other. A complete event (ph X) would be shorter, but
 * readers add its two decimal numbers up as doubles, and then slices that touch may overlap by a billionth: DevTools
 * drops such a slice, speedscope never ends it. One of no length is safe. The two events stand together because
 * DevTools pairs them in the order of the file, whatever lane they are on.
 */
export function writeSlice(
  out: EventText,
  shape: Shape,
  where: string,
  start: Ns,
  end: Ns,
  args: string,
): void {
  if (start === end) {
    out.add(`${head('X', shape, where, start)},"dur":0.000,"args":{${args}}`);
    return;
  }
  begin(out, shape, where, start, args);
  out.add(head('E', shape, where, end));
}

/** The open slices of one lane, the innermost last; whatever is asked for, what comes out nests. */
export class SliceStack {
  readonly open: Slice[] = [];
  readonly #out: EventText;
  readonly #where: string;
  readonly #closed: (slice: Slice, t: Ns) => void;

  /** `closed` is called for every slice as it ends, when it is no longer in `open`. */
  constructor(out: EventText, where: string, closed: (slice: Slice, t: Ns) => void) {
    this.#out = out;
    this.#where = where;
    this.#closed = closed;
  }

  begin(kind: SliceKind, name: string, cat: string, start: Ns, args: string): void {
    this.open.push({ kind, name, cat, start, args, begun: false });
  }

  top(): Slice | undefined {
    return this.open[this.open.length - 1];
  }

  /** The innermost open slice of a kind. */
  find(kind: SliceKind): Slice | undefined {
    return this.open.findLast((slice) => slice.kind === kind);
  }

  /** Ends the innermost slice of a kind, if there is one, and first all that began in it; `more` are its last args. */
  end(kind: SliceKind, t: Ns, more = ''): void {
    const slice = this.find(kind);
    if (slice === undefined) return;
    while (this.top() !== slice) this.#close(t, '');
    this.#close(t, more);
  }

  /** Ends all, as far as the recording goes; `last` gives the last args of each. */
  finish(t: Ns, last: (slice: Slice) => string): void {
    for (let slice = this.top(); slice !== undefined; slice = this.top()) this.#close(t, last(slice));
  }

  #close(t: Ns, more: string): void {
    const slice = this.open.pop() as Slice;
    for (const outer of this.open) {
      // Readers sort by time and keep the order of the file where times are equal: the outer one must begin first.
      if (outer.begun || outer.start !== slice.start) continue;
      begin(this.#out, outer, this.#where, outer.start, outer.args);
      outer.begun = true;
    }
    if (slice.begun) {
      this.#out.add(`${head('E', slice, this.#where, t)},"args":{${more}}`);
    } else {
      writeSlice(this.#out, slice, this.#where, slice.start, t, members(slice.args, more));
    }
    this.#closed(slice, t);
  }
}
