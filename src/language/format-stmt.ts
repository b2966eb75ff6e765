import type { Block, Stmt } from './ast.ts';
import { formatCost, formatExpr } from './format-expr.ts';
import type { Stretch, Writer } from './writer.ts';

/** A statement without its ';', for those that fit on a line. */
function inline(s: Stmt): string {
  switch (s.kind) {
    case 'assign':
      if (s.step === true) return `${formatExpr(s.target)}${s.op === '+=' ? '++' : '--'}`;
      return `${formatExpr(s.target)} ${s.op} ${formatExpr(s.value)}`;
    case 'declare': {
      const names = s.names.map((d) => {
        const init = d.init === undefined ? '' : ` = ${formatExpr(d.init)}`;
        return `${d.pointer ? '*' : ''}${d.name}${init}`;
      });
      return `${s.type.name} ${names.join(', ')}`;
    }
    case 'expr':
      return formatExpr(s.value);
    case 'goto':
      return `goto ${s.label}`;
    case 'return':
      return s.value === undefined ? 'return' : `return ${formatExpr(s.value)}`;
    case 'wait':
      return `wait_until(${formatExpr(s.test)})`;
    case 'ghost':
      return `ghost ${inline(s.assign)}`;
    default:
      return s.kind === 'empty' ? '' : s.kind;
  }
}

/** Where code begins inside a block, for comments that stand behind its brace. */
export function insideBlock(b: Block): number {
  return b.body[0]?.from ?? b.to - 1;
}

interface Body {
  readonly body: Stmt;
  /** The header before the body, as far as it holds code. */
  readonly head: Stretch;
  readonly text: string;
  /** The brace stays open: `else` or `while` follows it. */
  readonly open?: boolean;
}

/** A header with its body: `{` at its end for a block, else the statement indented below. */
function withBody(w: Writer, { text, head, body, open }: Body): void {
  if (body.kind === 'block') {
    const brace = { line: head.line, from: head.from, to: body.from + 1, endLine: body.line };
    w.line(`${text} {`, brace, { limit: insideBlock(body) });
    w.block(() => statements(w, body));
    if (open !== true) closing(w, body);
    return;
  }
  w.line(text, head, { limit: body.from });
  w.block(() => formatStmt(w, body), false);
}

function closing(w: Writer, b: Block): void {
  w.line('}', { line: b.endLine, endLine: b.endLine, from: b.to - 1, to: b.to });
}

function statements(w: Writer, b: Block): void {
  b.body.forEach((s, k) => {
    w.within(b.body[k + 1]?.from ?? b.to - 1, () => formatStmt(w, s));
  });
  w.flush(b.to - 1);
}

/** A block's statements and its closing brace; the caller wrote the line that opened it. */
export function formatBlock(w: Writer, b: Block): void {
  w.block(() => statements(w, b));
  closing(w, b);
}

function headOf(s: Stretch, last: { readonly to: number; readonly endLine: number }): Stretch {
  return { line: s.line, from: s.from, to: last.to, endLine: last.endLine };
}

function formatIf(w: Writer, s: Extract<Stmt, { kind: 'if' }>, prefix: string, from: Stretch): void {
  const { yes, no } = s;
  const head = headOf(from, s.test);
  const text = `${prefix}if (${formatExpr(s.test)})`;
  if (no === undefined) {
    withBody(w, { text, head, body: yes });
    return;
  }
  w.within(no.from, () => withBody(w, { text, head, body: yes, open: true }));
  let lead = 'else';
  let at: Stretch = { line: yes.endLine, from: yes.to, to: yes.to, endLine: yes.endLine };
  if (yes.kind === 'block') {
    if (w.pendingBetween(yes.to, no.from)) w.within(no.from, () => closing(w, yes));
    else {
      lead = '} else';
      at = { ...at, from: yes.to - 1 };
    }
  }
  // What stands between the two branches comes before the `else`.
  w.flush(no.from);
  if (no.kind === 'if') formatIf(w, no, `${lead} `, at);
  else withBody(w, { text: lead, head: at, body: no });
}

function formatDo(w: Writer, s: Extract<Stmt, { kind: 'dowhile' }>): void {
  const head = { line: s.line, from: s.from, to: s.from + 2, endLine: s.line };
  const { body } = s;
  w.within(body.to, () => withBody(w, { text: 'do', head, body, open: true }));
  const test = `while (${formatExpr(s.test)});`;
  w.block(() => w.flush(s.to), body.kind === 'block');
  const at = { line: body.endLine, from: s.to, to: s.to, endLine: s.endLine };
  w.line(body.kind === 'block' ? `} ${test}` : test, at);
}

/** Writes one statement with its cost and the comments around it. */
export function formatStmt(w: Writer, s: Stmt): void {
  switch (s.kind) {
    case 'block':
      w.line('{', { line: s.line, from: s.from, to: s.from + 1, endLine: s.line }, { limit: insideBlock(s) });
      formatBlock(w, s);
      return;
    case 'if':
      formatIf(w, s, '', s);
      return;
    case 'while':
      withBody(w, { text: `while (${formatExpr(s.test)})`, head: headOf(s, s.test), body: s.body });
      return;
    case 'dowhile':
      formatDo(w, s);
      return;
    case 'for': {
      const [init, next] = [s.init, s.next].map((p) => (p === undefined ? '' : inline(p)));
      const test = s.test === undefined ? '' : ` ${formatExpr(s.test)}`;
      const text = `for (${init};${test};${next === '' ? '' : ` ${next}`})`;
      const last = s.next ?? s.test ?? s.init ?? { to: s.from + 3, endLine: s.line };
      withBody(w, { text, head: headOf(s, last), body: s.body });
      return;
    }
    case 'forin': {
      const args = s.args.map((a) => formatExpr(a)).join(', ');
      const text = `for (${s.name} in ${s.iterator}(${args}))`;
      withBody(w, { text, head: headOf(s, s.iteratorAt), body: s.body });
      return;
    }
    case 'atomic':
      withBody(w, { text: 'atomic', head: headOf(s, { to: s.from + 6, endLine: s.line }), body: s.body });
      return;
    case 'label': {
      const { indent } = w;
      w.flush(s.from);
      w.indent = 0;
      w.line(`${s.name}:`, s);
      w.indent = indent;
      return;
    }
    default: {
      const text = `${inline(s)};`;
      if (s.cost === undefined) w.line(text, s);
      else {
        const at = { line: s.line, from: s.from, to: s.cost.to, endLine: s.cost.endLine };
        w.line(text, at, { tail: `@ ${formatCost(s.cost)}` });
      }
    }
  }
}
