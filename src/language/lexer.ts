import type { Comment } from './ast.ts';
import type { Diagnostic } from './program.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'punct' | 'eof';
  /** As written; for a string its value. */
  readonly text: string;
  readonly line: number;
  readonly col: number;
  readonly from: number;
  readonly to: number;
}

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Most diagnostics that one text gets. */
export const MAX_DIAGNOSTICS = 100;

const PUNCTUATORS = [
  ...['<<=', '>>='],
  ...['->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '..'],
  ...['+=', '-=', '*=', '/=', '%=', '|=', '&=', '^='],
  ...'(){}[];,:?=+-*/%&|^~!<>.@'.split(''),
];
/** Punctuators by first character, longest first. */
const BY_FIRST = new Map<string, string[]>();
for (const p of PUNCTUATORS) {
  const first = p[0] as string;
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), p]);
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
// A number swallows the letters behind it (units, or nonsense that the parser refuses), but not the '..' of a range.
const NUMBER = /[0-9][A-Za-z0-9_]*(?:\.[0-9][A-Za-z0-9_]*)?/y;

class Lexer {
  readonly tokens: Token[] = [];
  readonly comments: Comment[] = [];
  readonly diagnostics: Diagnostic[] = [];
  private at = 0;
  private line = 1;
  private lineStart = 0;
  private lineHasToken = false;
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  private complain(message: string): void {
    if (this.diagnostics.length >= MAX_DIAGNOSTICS) return;
    const col = this.at - this.lineStart + 1;
    this.diagnostics.push({ severity: 'error', file: this.file, line: this.line, col, message });
  }

  private push(kind: Token['kind'], text: string, to: number): void {
    const { line, at } = this;
    this.tokens.push({ kind, text, line, col: at - this.lineStart + 1, from: at, to });
    this.at = to;
    this.lineHasToken = true;
  }

  private newline(): void {
    this.at++;
    this.line++;
    this.lineStart = this.at;
    this.lineHasToken = false;
  }

  private comment(block: boolean): void {
    const { text, at, line } = this;
    const col = at - this.lineStart + 1;
    const ownLine = !this.lineHasToken;
    let to = text.indexOf(block ? '*/' : '\n', at + 2);
    if (block && to < 0) this.complain("comment without an end; expected '*/'");
    to = to < 0 ? text.length : block ? to + 2 : to;
    const raw = text.slice(at, to).replace(/[ \t\r]+$/, '');
    while (this.at < to) {
      if (text[this.at] === '\n') this.newline();
      else this.at++;
    }
    // A block comment that ends before code on the same line still leaves that code first on its line.
    this.comments.push({ text: raw, ownLine, line, col, from: at, to, endLine: this.line });
  }

  private string(): void {
    const { text, at } = this;
    let value = '';
    let i = at + 1;
    for (; i < text.length && text[i] !== '"' && text[i] !== '\n'; i++) {
      if (text[i] === '\\' && (text[i + 1] === '"' || text[i + 1] === '\\')) i++;
      value += text[i];
    }
    const closed = text[i] === '"';
    if (!closed) this.complain("string without an end; expected '\"' on the same line");
    this.push('string', value, closed ? i + 1 : i);
  }

  private matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  run(): Lexed {
    const { text } = this;
    while (this.at < text.length) {
      const c = text[this.at] as string;
      if (c === '\n') this.newline();
      else if (c === ' ' || c === '\t' || c === '\r') this.at++;
      else if (c === '/' && text[this.at + 1] === '/') this.comment(false);
      else if (c === '/' && text[this.at + 1] === '*') this.comment(true);
      else if (c === '"') this.string();
      else this.word(c);
    }
    this.push('eof', 'the end of the text', this.at);
    return this;
  }

  private word(c: string): void {
    const name = this.matched(NAME);
    if (name !== undefined) {
      this.push('name', name, this.at + name.length);
      return;
    }
    const number = this.matched(NUMBER);
    if (number !== undefined) {
      this.push('number', number, this.at + number.length);
      return;
    }
    for (const p of BY_FIRST.get(c) ?? []) {
      if (this.text.startsWith(p, this.at)) {
        this.push('punct', p, this.at + p.length);
        return;
      }
    }
    const char = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    this.complain(
      c === '#' ? "unexpected '#': there is no preprocessor here" : `unexpected character '${char}'`,
    );
    this.at += char.length;
  }
}

/** Splits a text into tokens and comments; linear in its length. The last token is `eof`. */
export function lex(text: string, file: string): Lexed {
  return new Lexer(text, file).run();
}
