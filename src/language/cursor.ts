import type { Expr, Span } from './ast.ts';
import { lex, MAX_DIAGNOSTICS, type Token } from './lexer.ts';
import type { Diagnostic } from './program.ts';

/** Ends the parsing of one statement or item; the place is already reported. */
export class Abandon extends Error {}

/** Levels of nesting (statements plus the height of an expression) that a text may have. */
export const MAX_DEPTH = 200;

/** The parser's place in the token stream, with the errors met so far. */
export class Cursor {
  readonly file: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly comments: ReturnType<typeof lex>['comments'];
  readonly diagnostics: Diagnostic[];
  /** Statements and blocks that are open. */
  depth = 0;
  /** Expressions that are open, for the recursion of the parser itself. */
  exprDepth = 0;
  /** Index of the next token. */
  at = 0;

  constructor(text: string, file: string) {
    const { tokens, comments, diagnostics } = lex(text, file);
    this.file = file;
    this.text = text;
    this.tokens = tokens;
    this.comments = comments;
    this.diagnostics = [...diagnostics];
  }

  get token(): Token {
    return this.tokens[this.at] as Token;
  }

  peek(ahead: number): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }

  get done(): boolean {
    return this.token.kind === 'eof' || this.diagnostics.length >= MAX_DIAGNOSTICS;
  }

  /** Records an error without giving up the statement. */
  complain(message: string, token: { line: number; col: number } = this.token): void {
    if (this.diagnostics.length >= MAX_DIAGNOSTICS) return;
    this.diagnostics.push({ severity: 'error', file: this.file, line: token.line, col: token.col, message });
  }

  /** Records an error and gives up the statement or item. */
  fail(message: string, token: { line: number; col: number } = this.token): never {
    this.complain(message, token);
    throw new Abandon(message);
  }

  /** How messages call the next token. */
  get found(): string {
    const t = this.token;
    if (t.kind === 'eof') return t.text;
    return t.kind === 'string' ? 'a string' : `'${t.text.slice(0, 40)}'`;
  }

  is(text: string): boolean {
    const t = this.token;
    return t.text === text && (t.kind === 'punct' || t.kind === 'name');
  }

  next(): Token {
    const t = this.token;
    if (t.kind !== 'eof') this.at++;
    return t;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  expect(text: string, where: string): Token {
    if (!this.is(text)) this.fail(`expected '${text}' ${where}, found ${this.found}`);
    return this.next();
  }

  /** A ';': when it is missing, the error stands behind the token before it, where it belongs. */
  semicolon(where: string): Token {
    if (this.is(';')) return this.next();
    const before = this.tokens[this.at - 1] ?? this.token;
    return this.fail(`expected ';' ${where}, found ${this.found}`, {
      line: before.line,
      col: before.col + (before.to - before.from),
    });
  }

  name(what: string): Token {
    if (this.token.kind !== 'name') this.fail(`expected ${what}, found ${this.found}`);
    return this.next();
  }

  /** A word with dashes and dots inside, such as `rwsem-3.16` or `e5-2680-2s`. */
  word(what: string): Token {
    const first = this.token;
    if (first.kind !== 'name' && first.kind !== 'number' && !this.is('-')) {
      this.fail(`expected ${what}, found ${this.found}`);
    }
    this.next();
    while (this.token.from === (this.tokens[this.at - 1] as Token).to) {
      const t = this.token;
      if (t.kind !== 'name' && t.kind !== 'number' && t.text !== '-' && t.text !== '.') break;
      this.next();
    }
    const to = (this.tokens[this.at - 1] as Token).to;
    return { ...first, text: this.text.slice(first.from, to), to };
  }

  /** The span from a token to the one before the next. */
  span(start: { line: number; col: number; from: number }): Span {
    const last = (this.tokens[Math.max(0, this.at - 1)] as Token) ?? this.token;
    return { line: start.line, col: start.col, from: start.from, to: last.to, endLine: last.line };
  }

  /** Opens one level of statements or blocks; close it with `depth--`. */
  open(): void {
    if (this.depth >= MAX_DEPTH) this.fail(`nested more than ${MAX_DEPTH} levels deep`);
    this.depth++;
  }

  /** Height of a tree with these children; refuses what later passes could not walk. */
  height(at: { line: number; col: number }, ...children: readonly Expr[]): number {
    let h = 1;
    for (const c of children) if (c.height >= h) h = c.height + 1;
    if (h + this.depth > MAX_DEPTH) this.fail(`nested more than ${MAX_DEPTH} levels deep`, at);
    return h;
  }

  /**
   * After an error: skips to a place where a statement or an item can begin. Stops behind a ';' or a closed block on
   * this level, and before a '}' that closes the surrounding one.
   */
  recover(from: number): void {
    let level = 0;
    if (this.at === from) this.skipOne();
    // What was consumed before the error may have opened blocks that must be closed here.
    for (let i = from; i < this.at; i++) level += this.levelOf(i);
    if (level < 0) level = 0;
    const before = this.tokens[this.at - 1] as Token;
    if (
      level === 0 &&
      this.at > from &&
      before.kind === 'punct' &&
      (before.text === ';' || before.text === '}')
    )
      return;
    while (this.token.kind !== 'eof') {
      if (level === 0 && this.is('}')) return;
      level += this.levelOf(this.at);
      const t = this.next();
      if (level === 0 && t.kind === 'punct' && (t.text === ';' || t.text === '}')) return;
    }
  }

  private skipOne(): void {
    if (!this.is('}')) this.next();
  }

  private levelOf(i: number): number {
    const t = this.tokens[i] as Token;
    if (t.kind !== 'punct') return 0;
    return t.text === '{' ? 1 : t.text === '}' ? -1 : 0;
  }
}
