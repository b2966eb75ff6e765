export type TokenKind = 'keyword' | 'call' | 'name' | 'comment' | 'number' | 'cost' | 'plain' | 'space';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

export interface CodeLine {
  readonly number: number;
  /** Levels of indentation. */
  readonly indent: number;
  readonly tokens: readonly Token[];
  /** The line carries a note (`//:` or `//?`), which the page shows apart. */
  readonly noted: boolean;
}

const KEYWORDS = new Set(
  (
    'if else while for in goto return break continue atomic void int addr range struct vm_area_struct mmu_gather ' +
    'page knob ghost scenario thread daemon area process number set expect extent invariant reachable progress ' +
    'schedule on cpu populated enum flags true false NULL const rwsem mutex spinlock'
  ).split(' '),
);

const SPACES = 4;
const PIECE = /\/\/.*$|"[^"]*"|[A-Za-z_]\w*|\d[\w.]*|\s+|[^\sA-Za-z_\d]/g;

/** A trailing note is taken away; a whole line of it stays, as prose about what follows. */
function withoutNote(text: string): { text: string; noted: boolean } {
  const at = text.search(/\/\/[:?]/);
  if (at < 0) return { text, noted: false };
  if (text.slice(0, at).trim() === '') return { text: text.replace(/\/\/[:?]\s*/, '// '), noted: true };
  return { text: text.slice(0, at).trimEnd(), noted: true };
}

function kindOf(piece: string, rest: string, column: number): TokenKind {
  if (/^\s/.test(piece)) return 'space';
  if (piece.startsWith('//')) return 'comment';
  if (/^["\d]/.test(piece)) return 'number';
  if (KEYWORDS.has(piece)) return 'keyword';
  if (!/^[A-Za-z_]/.test(piece) || !/^\s*\(/.test(rest)) return 'plain';
  return column === 0 ? 'name' : 'call';
}

function tokensOf(text: string, definition: boolean): Token[] {
  const cost = text.search(/\s@\s/);
  const body = cost < 0 ? text : text.slice(0, cost).trimEnd();
  const tokens: Token[] = [];
  for (const match of body.matchAll(PIECE)) {
    const kind = kindOf(match[0], body.slice(match.index + match[0].length), definition ? 0 : 1);
    const last = tokens.at(-1);
    if (last?.kind === kind) tokens[tokens.length - 1] = { kind, text: last.text + match[0] };
    else tokens.push({ kind, text: match[0] });
  }
  if (cost >= 0) tokens.push({ kind: 'space', text: ' ' }, { kind: 'cost', text: text.slice(cost + 1) });
  return tokens;
}

/** The lines of a document, coloured; line numbers from 1. */
export function codeLines(text: string): CodeLine[] {
  const lines = text.replace(/\n+$/, '').split('\n');
  return lines.map((raw, i) => {
    const { text: shown, noted } = withoutNote(raw.replaceAll('\t', '    '));
    const blank = shown.length - shown.trimStart().length;
    const definition = blank === 0 && /^[A-Za-z_].*\)\s*\{?\s*$/.test(shown);
    return {
      number: i + 1,
      indent: blank / SPACES,
      tokens: tokensOf(shown.trim(), definition),
      noted,
    };
  });
}

/** The lines of the function (or thread) that a line is in, both ends included; the line itself where there is none. */
export function functionSpan(text: string, line: number): { first: number; last: number } {
  const lines = text.split('\n');
  let first = line;
  while (first > 1 && !/^\S.*\{\s*$/.test(lines[first - 1] ?? '')) first--;
  if (!/^\S.*\{\s*$/.test(lines[first - 1] ?? '')) return { first: line, last: line };
  let last = line;
  while (last < lines.length && !/^\}/.test(lines[last - 1] ?? '')) last++;
  return { first, last };
}

/** The note in front of a function: the whole lines of `//:` right above its first line, as one text. */
export function leadingNote(narration: Readonly<Record<number, string>>, first: number): string | null {
  const parts: string[] = [];
  for (let line = first - 1; narration[line] !== undefined; line--) parts.unshift(narration[line] ?? '');
  return parts.length > 0 ? parts.join(' ') : null;
}

/** What the comment at the head of a document says about it: the sentences that begin in its first line. */
export function headNote(text: string): string | null {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const said = /^\/\/(?!:|\?)\s*(.+)/.exec(line)?.[1]?.trim();
    if (said === undefined) break;
    lines.push(said);
  }
  const [first] = lines;
  if (first === undefined) return null;
  const whole = lines.join(' ');
  const rest = whole.slice(first.length - 1);
  return whole.slice(0, first.length - 1) + (/^.*?\.(?=\s|$)/.exec(rest)?.[0] ?? rest);
}
