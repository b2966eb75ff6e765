import type { Comment } from './ast.ts';

/** Column at which costs and comments behind a statement stand, where the statement is short enough. */
const MARGIN = 44;
const INDENT = '    ';

/** A stretch of a text: where a piece of output came from. */
export interface Stretch {
  readonly line: number;
  readonly endLine: number;
  readonly from: number;
  readonly to: number;
}

/** Output lines, with the comments of the source woven in where they stood. */
export class Writer {
  readonly lines: string[] = [];
  indent = 0;
  /** Where the code behind the current piece begins. */
  private until = Number.POSITIVE_INFINITY;
  private readonly comments: readonly Comment[];
  /** Next comment that is not written yet. */
  private next = 0;
  /** Line of the source that was written last. */
  private lastLine = 0;
  /** No blank line may come next: a block has just begun. */
  private fresh = true;

  constructor(comments: readonly Comment[]) {
    this.comments = comments;
  }

  private push(text: string, indent = this.indent): void {
    this.lines.push(text === '' ? '' : INDENT.repeat(indent) + text);
    this.fresh = false;
  }

  /** At most one blank line, and only where the source had one. */
  private gap(line: number, force = false): void {
    if (this.fresh || this.lines.length === 0) return;
    if ((force || line - this.lastLine > 1) && this.lines.at(-1) !== '') this.lines.push('');
  }

  private write(comment: Comment): void {
    this.push(comment.text);
    this.lastLine = comment.endLine;
  }

  /** True when comments are left that stand between two offsets. */
  pendingBetween(from: number, to: number): boolean {
    for (let k = this.next; k < this.comments.length; k++) {
      const c = this.comments[k] as Comment;
      if (c.from >= to) return false;
      if (c.from >= from) return true;
    }
    return false;
  }

  /** Writes the comments that stand before an offset, each on a line of its own. */
  flush(before: number): void {
    for (let c = this.comments[this.next]; c !== undefined && c.from < before; c = this.comments[this.next]) {
      this.gap(c.line);
      this.write(c);
      this.next++;
    }
  }

  /**
   * Writes one line. Comments before it come first, and comments inside of it as well; those behind it on its last line
   * stay behind it, up to `limit`: where the next piece of code begins. `apart`: a blank line must stand before it.
   */
  line(
    text: string,
    at: Stretch,
    how: { readonly tail?: string; readonly apart?: boolean; readonly limit?: number } = {},
  ): void {
    const limit = how.limit ?? this.until;
    const first = this.comments[this.next];
    const forced = how.apart === true;
    if (forced) this.gap(Math.min(first?.line ?? at.line, at.line), true);
    this.flush(at.from);
    this.gap(at.line);
    // A comment inside a statement would hide what follows it on the line.
    for (let c = this.comments[this.next]; c !== undefined && c.from < at.to; c = this.comments[this.next]) {
      this.push(c.text);
      this.next++;
    }
    let out = text;
    if (how.tail !== undefined) out = `${this.padded(out)}${how.tail}`;
    let behind = how.tail !== undefined;
    for (
      let c = this.comments[this.next];
      c !== undefined && c.line === at.endLine && c.from < limit;
      c = this.comments[this.next]
    ) {
      out = behind ? `${out} ${c.text}` : `${this.padded(out)}${c.text}`;
      behind = true;
      this.next++;
      if (c.text.startsWith('//') || c.endLine !== at.endLine) break;
    }
    this.push(out);
    this.lastLine = at.endLine;
  }

  private padded(text: string): string {
    return `${text.padEnd(MARGIN - 1 - this.indent * INDENT.length)} `;
  }

  /** Runs `body`, in which comments at `limit` and later belong to something else. */
  within(limit: number, body: () => void): void {
    const { until } = this;
    this.until = limit;
    body();
    this.until = until;
  }

  /** What stands indented: no blank line at its begin, and none before a brace that closes it. */
  block(body: () => void, brace = true): void {
    this.indent++;
    this.fresh = true;
    body();
    this.indent--;
    this.fresh = brace;
  }

  /** Writes what is left and returns the whole text. */
  end(): string {
    this.flush(Number.POSITIVE_INFINITY);
    while (this.lines.at(-1) === '') this.lines.pop();
    return this.lines.length === 0 ? '' : `${this.lines.join('\n')}\n`;
  }
}
