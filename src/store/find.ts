import {
  Class,
  type ObjectId,
  objectId,
  objectLabel,
  objectName,
  PAGE_BYTES,
  TABLE_PAGES,
  type TraceMeta,
} from '../event/index.ts';
import type { ReadyInfo } from '../worker/protocol.ts';

/** Something that has a name or a text, and what choosing it means. */
export type Target =
  | { readonly kind: 'thread'; readonly name: string }
  | { readonly kind: 'lock'; readonly lock: ObjectId }
  | { readonly kind: 'function' | 'line'; readonly file: string; readonly line: number };

export interface Found {
  readonly target: Target;
  /** What it is called, and where it is or belongs. */
  readonly label: string;
  readonly detail: string;
  /** Places of the label that match the query: [from, to) each, in order. */
  readonly spans: readonly (readonly [number, number])[];
}

interface Candidate extends Omit<Found, 'spans'> {
  /** Other spellings. */
  readonly aliases: readonly string[];
}

type Source = Pick<ReadyInfo, 'meta' | 'texts'>;

/** How well something matches: less is better. */
const Rank = { WHOLE: 0, PREFIX: 1, WORD: 2, WITHIN: 3, FUZZY: 4 } as const;

interface Match {
  readonly rank: number;
  readonly spans: Found['spans'];
}

/** As many as anybody looks through. */
const MOST = 40;
/** Texts are searched from so many characters on: a letter stands in every line. */
const LEAST_TEXT = 3;
const KINDS: readonly Target['kind'][] = ['thread', 'lock', 'function', 'line'];
const byName = new Intl.Collator('en', { numeric: true });

/** How a query matches a name, both in lower case; null if it does not. */
function match(name: string, query: string, fuzzy: boolean): Match | null {
  const at = name.indexOf(query);
  if (at === 0) {
    return { rank: name === query ? Rank.WHOLE : Rank.PREFIX, spans: [[0, query.length]] };
  }
  if (at > 0) {
    const word = wordStart(name, query);
    const from = word >= 0 ? word : at;
    return { rank: word >= 0 ? Rank.WORD : Rank.WITHIN, spans: [[from, from + query.length]] };
  }
  const spans = fuzzy ? scattered(name, query) : null;
  return spans === null ? null : { rank: Rank.FUZZY, spans };
}

/** Where a word of the name begins with the query, -1 if none does. */
function wordStart(name: string, query: string): number {
  for (let at = name.indexOf(query, 1); at > 0; at = name.indexOf(query, at + 1)) {
    if (!/[a-z0-9]/.test(name[at - 1] ?? '')) return at;
  }
  return -1;
}

/** The letters of the query in their order, wherever they stand; blanks do not count. */
function scattered(name: string, query: string): [number, number][] | null {
  const spans: [number, number][] = [];
  let from = 0;
  for (const letter of query) {
    if (letter === ' ') continue;
    const at = name.indexOf(letter, from);
    if (at < 0) return null;
    const last = spans.at(-1);
    if (last !== undefined && last[1] === at) last[1] = at + 1;
    else spans.push([at, at + 1]);
    from = at + 1;
  }
  return spans;
}

/** Line that declares a function: the first at which its name stands before a bracket and no statement around it. */
function headOf(text: string, fn: string, within: number): number {
  const lines = text.split('\n');
  for (let line = within; line > 0; line--) {
    const content = lines[line - 1] ?? '';
    const at = content.indexOf(`${fn}(`);
    if (at >= 0 && /^\S/.test(content) && !/^(\/\/|scenario)/.test(content)) return line;
  }
  return within;
}

function threads(meta: TraceMeta): Candidate[] {
  return meta.threads.map(({ name, cpu }) => ({
    target: { kind: 'thread', name },
    label: name,
    detail: cpu === null ? 'any CPU' : `CPU ${cpu}`,
    aliases: [],
  }));
}

function lockCandidate(lock: ObjectId, detail: string, meta: TraceMeta): Candidate {
  const label = objectLabel(lock, meta);
  const name = objectName(lock, meta);
  // Both spellings of the process-wide lock are one.
  const aliases = [name, name.replace('mmap_lock', 'mmap_sem')].filter((other) => other !== label);
  return { target: { kind: 'lock', lock }, label, detail, aliases };
}

function locks(meta: TraceMeta): Candidate[] {
  return [
    ...meta.mms.map((_, mm) => lockCandidate(objectId(Class.MMAP_LOCK, mm), 'rwsem', meta)),
    ...meta.locks.map(({ kind }, i) => lockCandidate(objectId(Class.LOCK, i), kind, meta)),
  ];
}

function functions({ meta, texts }: Source): Candidate[] {
  const first = new Map<string, { fn: string; file: string; line: number }>();
  const own = new Set(meta.threads.map(({ name }) => name.replace(/ \d+$/, '')));
  for (const { fn, file, line } of meta.sites.slice(1)) {
    const key = `${file} ${fn}`;
    const known = first.get(key);
    // What a thread does itself bears the name of the thread, which is found as such.
    if (own.has(fn) || (known !== undefined && known.line <= line)) continue;
    first.set(key, { fn, file, line });
  }
  return [...first.values()].map(({ fn, file, line }) => {
    const head = headOf(texts[file] ?? '', fn, line);
    return {
      target: { kind: 'function', file, line: head },
      label: fn,
      detail: `${file}:${head}`,
      aliases: [],
    };
  });
}

function lines(texts: Source['texts']): Candidate[] {
  return Object.entries(texts).flatMap(([file, text]) =>
    text.split('\n').flatMap((content, i): Candidate[] => {
      const label = content.trim();
      if (label === '' || label === '}') return [];
      const place = `${file}:${i + 1}`;
      return [{ target: { kind: 'line', file, line: i + 1 }, label, detail: place, aliases: [] }];
    }),
  );
}

const known = new WeakMap<object, readonly Candidate[]>();

function candidates(source: Source): readonly Candidate[] {
  const before = known.get(source);
  if (before !== undefined) return before;
  const all = [...threads(source.meta), ...locks(source.meta), ...functions(source), ...lines(source.texts)];
  known.set(source, all);
  return all;
}

/** The lock of the page table that serves an address, of the mm that is named behind it or the first one. */
function tableLock(query: string, meta: TraceMeta): Found[] {
  const parts = /^(?:ptl:|page table )?0x([0-9a-f]{1,12})(?:\/(.+))?$/.exec(query);
  if (parts === null) return [];
  const mm = parts[2] === undefined ? 0 : meta.mms.findIndex((name) => name.toLowerCase() === parts[2]);
  const table = Math.floor(Number.parseInt(parts[1] ?? '', 16) / (PAGE_BYTES * TABLE_PAGES));
  if (mm < 0 || table >= 2 ** 20) return [];
  const lock = objectId(Class.TABLE, mm * 2 ** 20 + table);
  return [{ target: { kind: 'lock', lock }, label: objectLabel(lock, meta), detail: 'its lock', spans: [] }];
}

/** A line by its place: 'baseline.kp:7', or ':7' for that line of every file. */
function placed(query: string, all: readonly Candidate[]): Found[] {
  if (!/:\d+$/.test(query)) return [];
  return all
    .filter(({ target, detail }) => target.kind === 'line' && detail.toLowerCase().endsWith(query))
    .map(({ target, label, detail }) => ({ target, label, detail, spans: [] }));
}

/** The best match of a name and its other spellings. */
function best(candidate: Candidate, query: string): Match | null {
  const text = candidate.target.kind === 'line';
  if (text && query.length < LEAST_TEXT) return null;
  const own = match(candidate.label.toLowerCase(), query, !text);
  let found = own;
  for (const alias of candidate.aliases) {
    const other = match(alias.toLowerCase(), query, true);
    if (other !== null && (found === null || other.rank < found.rank))
      found = { rank: other.rank, spans: [] };
  }
  return found;
}

/**
 * Threads, locks, functions and lines that match a query, the best first: the whole name, its beginning, a word of it, a
 * part of it, its letters in order. At most 40; none for an empty query.
 */
export function find(source: Source, text: string): Found[] {
  const query = text.trim().toLowerCase();
  if (query === '') return [];
  const all = candidates(source);
  const matches = all.flatMap((candidate) => {
    const found = best(candidate, query);
    return found === null ? [] : [{ candidate, ...found }];
  });
  matches.sort(
    (a, b) =>
      a.rank - b.rank ||
      KINDS.indexOf(a.candidate.target.kind) - KINDS.indexOf(b.candidate.target.kind) ||
      a.candidate.label.length - b.candidate.label.length ||
      byName.compare(a.candidate.label, b.candidate.label) ||
      byName.compare(a.candidate.detail, b.candidate.detail),
  );
  const named = matches.map(({ candidate: { target, label, detail }, spans }) => ({
    target,
    label,
    detail,
    spans,
  }));
  return [...tableLock(query, source.meta), ...placed(query, all), ...named].slice(0, MOST);
}
