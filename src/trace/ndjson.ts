import {
  type Chunk,
  type EventRecord,
  Flag,
  Kind,
  NO_THREAD,
  objectName,
  siteLabel,
  type TraceMeta,
} from '../event/index.ts';

/** Texts of objects that are kept; the names of a million page tables need not be. */
const MAX_OBJECTS = 16_384;

/** Lines of one piece of output. */
const PIECE = 512;

const KIND_NAMES: string[] = [];
for (const [name, kind] of Object.entries(Kind)) KIND_NAMES[kind] = `"${name}"`;

const STATES = ['user', 'kernel', 'spin', 'wait_read', 'wait_write', 'runnable', 'idle', 'done'];

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [Flag.WRITE, 'write'],
  [Flag.CONTENDED, 'contended'],
  [Flag.STEAL, 'steal'],
  [Flag.FAIL, 'fail'],
  [Flag.STEP_END, 'step_end'],
];

/** Text of the members "state" and "flags" for every value of the column; one bit means another thing in a grant. */
function flagTexts(grant: boolean): readonly string[] {
  return Array.from({ length: 256 }, (_, flags) => {
    const set = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([bit, name]) =>
      grant && bit === Flag.HANDOFF ? '"handoff"' : `"${name}"`,
    );
    return `"state":"${STATES[flags & 7]}","flags":[${set.join(',')}]`;
  });
}
const FLAG_TEXTS = flagTexts(false);
const GRANT_TEXTS = flagTexts(true);

/**
 * Writes records as lines of JSON with names in the place of indices: `{"id","t","thread","kind","object","arg",
 * "state","flags","line"}`. `thread` is null for the machine itself, `object` and `line` are '' where there is none.
 */
export class NdjsonWriter {
  readonly #meta: TraceMeta;
  readonly #threads: readonly string[];
  readonly #sites: readonly string[];
  readonly #objects = new Map<number, string>();

  constructor(meta: TraceMeta) {
    this.#meta = meta;
    this.#threads = meta.threads.map(({ name }) => JSON.stringify(name));
    this.#sites = meta.sites.map((_, site) => JSON.stringify(siteLabel(site, meta)));
  }

  #object(object: number): string {
    let text = this.#objects.get(object);
    if (text === undefined) {
      text = JSON.stringify(objectName(object, this.#meta));
      if (this.#objects.size >= MAX_OBJECTS) this.#objects.clear();
      this.#objects.set(object, text);
    }
    return text;
  }

  /** One line, without its line break. */
  line({ id, t, site, object, arg, thread, kind, flags }: EventRecord): string {
    return this.#line(id, t, site, object, arg, thread, kind, flags);
  }

  #line(
    id: number,
    t: number,
    site: number,
    object: number,
    arg: number,
    thread: number,
    kind: number,
    flags: number,
  ): string {
    const who = thread === NO_THREAD ? 'null' : (this.#threads[thread] ?? `"thread${thread}"`);
    const value = kind === Kind.PAGES || kind === Kind.VAR ? arg | 0 : arg;
    return (
      `{"id":${id},"t":${t},"thread":${who},"kind":${KIND_NAMES[kind] ?? kind},"object":${this.#object(object)},` +
      `"arg":${value},${(kind === Kind.LOCK_GRANT ? GRANT_TEXTS : FLAG_TEXTS)[flags]},"line":${this.#sites[site] ?? '""'}}`
    );
  }

  /** Records [from, to) of a chunk in pieces to be written one by one: a long text built at once is slow. */
  *pieces(chunk: Chunk, from: number, to: number): Generator<string> {
    for (let at = from; at < to; at += PIECE) yield this.lines(chunk, at, Math.min(to, at + PIECE));
  }

  /** Records [from, to) of a chunk, one line each, every line with its line break. */
  lines(chunk: Chunk, from: number, to: number): string {
    const { first, t, site, object, arg, thread, kind, flags } = chunk;
    let text = '';
    for (let i = from; i < to; i++) {
      text += this.#line(first + i, t[i], site[i], object[i], arg[i], thread[i], kind[i], flags[i]);
      text += '\n';
    }
    return text;
  }
}

const writers = new WeakMap<TraceMeta, NdjsonWriter>();

/** One record as a line of JSON; see `NdjsonWriter`, which is kept per meta. */
export function ndjson(record: EventRecord, meta: TraceMeta): string {
  let writer = writers.get(meta);
  if (writer === undefined) {
    writer = new NdjsonWriter(meta);
    writers.set(meta, writer);
  }
  return writer.line(record);
}
