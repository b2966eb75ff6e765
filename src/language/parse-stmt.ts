import type { Assign, AssignOp, Block, Cost, Declarator, Expr, Stmt, TypeRef } from './ast.ts';
import { Abandon, type Cursor } from './cursor.ts';
import { parseArgs, parseCost, parseExpr } from './parse-expr.ts';

const ASSIGN_OPS = new Set<string>(['=', '+=', '-=', '*=', '/=', '%=', '|=', '&=', '^=', '<<=', '>>=']);
const QUALIFIERS = new Set([
  'static',
  'const',
  'inline',
  'volatile',
  'extern',
  '__always_inline',
  'noinline',
]);
const INT_WORDS = new Set(['int', 'long', 'unsigned', 'signed', 'short', 'char']);
const KEYWORDS = new Set([
  ...[
    'if',
    'else',
    'while',
    'do',
    'for',
    'goto',
    'return',
    'break',
    'continue',
    'atomic',
    'ghost',
    'wait_until',
  ],
  ...['in', 'switch', 'case', 'default'],
]);

/** Skips `static`, `const` and their like, which mean nothing here. */
export function skipQualifiers(c: Cursor): void {
  while (c.token.kind === 'name' && QUALIFIERS.has(c.token.text)) c.next();
}

/** A type as written; several words become one name with single blanks: 'unsigned long', 'struct vm_area_struct'. */
export function parseType(c: Cursor): TypeRef {
  skipQualifiers(c);
  const start = c.name('a type');
  let name = start.text;
  if (name === 'struct') name += ` ${c.name("a name after 'struct'").text}`;
  else if (INT_WORDS.has(name)) {
    while (c.token.kind === 'name' && INT_WORDS.has(c.token.text)) name += ` ${c.next().text}`;
  }
  return { name, ...c.span(start) };
}

/** True when a declaration begins here: a type followed by a name, with a star between at most. */
function declarationAhead(c: Cursor): boolean {
  const t = c.token;
  if (t.kind !== 'name' || KEYWORDS.has(t.text)) return false;
  if (t.text === 'struct' || INT_WORDS.has(t.text) || QUALIFIERS.has(t.text)) return true;
  if (c.peek(1).kind === 'name' && !KEYWORDS.has(c.peek(1).text)) return true;
  const after = c.peek(3);
  return (
    c.peek(1).text === '*' &&
    c.peek(2).kind === 'name' &&
    after.kind === 'punct' &&
    /^[;=,]$/.test(after.text)
  );
}

function declaration(c: Cursor): Stmt {
  const start = c.token;
  const type = parseType(c);
  const names: Declarator[] = [];
  do {
    const at = c.token;
    const pointer = c.accept('*');
    if (c.is('*')) c.fail('a pointer to a pointer is not part of this language');
    const { text: name } = c.name('the name of a variable');
    if (c.is('[')) c.fail("arrays are shared variables: 'shared int a[4];' outside of functions");
    const declarator = { name, pointer, ...(c.accept('=') ? { init: parseExpr(c) } : {}) };
    names.push({ ...declarator, ...c.span(at) });
  } while (c.accept(','));
  return { kind: 'declare', type, names, ...c.span(start) };
}

/** An assignment, `x++`, or an expression whose value is dropped; without its ';'. */
function simple(c: Cursor): Stmt {
  const start = c.token;
  const target = parseExpr(c);
  const t = c.token;
  if (t.kind === 'punct' && ASSIGN_OPS.has(t.text)) {
    c.next();
    const value = parseExpr(c);
    if (c.is('=')) c.fail('one assignment per statement');
    return { kind: 'assign', target, op: t.text as AssignOp, value, ...c.span(start) };
  }
  if (c.is('++') || c.is('--')) {
    c.next();
    const value: Expr = { kind: 'number', value: 1, text: '1', height: 1, ...c.span(t) };
    return { kind: 'assign', target, op: t.text === '++' ? '+=' : '-=', value, step: true, ...c.span(start) };
  }
  return { kind: 'expr', value: target, ...c.span(start) };
}

function ghost(c: Cursor): Stmt {
  const start = c.next();
  const assign = simple(c);
  if (assign.kind !== 'assign') c.fail("expected an assignment after 'ghost'", start);
  return { kind: 'ghost', assign: assign as Assign, ...c.span(start) };
}

function leaf(c: Cursor): Stmt {
  const start = c.token;
  if (c.is('ghost')) return ghost(c);
  if (c.accept('goto')) return { kind: 'goto', label: c.name("a label after 'goto'").text, ...c.span(start) };
  if (c.accept('break')) return { kind: 'break', ...c.span(start) };
  if (c.accept('continue')) return { kind: 'continue', ...c.span(start) };
  if (c.accept('return')) {
    return { kind: 'return', ...(c.is(';') ? {} : { value: parseExpr(c) }), ...c.span(start) };
  }
  if (c.is('wait_until') && c.peek(1).text === '(') {
    c.next();
    const test = condition(c, 'wait_until');
    return { kind: 'wait', test, ...c.span(start) };
  }
  return declarationAhead(c) ? declaration(c) : simple(c);
}

/** A statement that ends in ';', with the cost behind it. */
function leafStatement(c: Cursor): Stmt {
  const start = c.token;
  const stmt = leaf(c);
  c.semicolon('at the end of the statement');
  const span = c.span(start);
  if (!c.accept('@')) return { ...stmt, ...span };
  const cost: Cost = parseCost(c);
  return { ...stmt, ...span, cost };
}

function condition(c: Cursor, word: string): Expr {
  c.expect('(', `after '${word}'`);
  const test = parseExpr(c);
  if (c.is('=')) c.fail("an assignment is a statement of its own; to compare, write '=='");
  c.expect(')', `to close '${word} ('`);
  return test;
}

function refuseCost(c: Cursor, what: string): void {
  if (c.is('@')) c.fail(`a cost cannot stand behind ${what}; it follows a statement that ends in ';'`);
}

/** The body of if, while or for. */
function body(c: Cursor, what: string): Stmt {
  refuseCost(c, `the condition of ${what}`);
  const stmt = parseStatement(c);
  if (stmt.kind === 'declare') c.fail(`a declaration needs braces around it in ${what}`, stmt);
  if (stmt.kind === 'label') c.fail(`a label needs braces around it in ${what}`, stmt);
  return stmt;
}

function ifStatement(c: Cursor): Stmt {
  const start = c.next();
  const test = condition(c, 'if');
  const yes = body(c, 'if');
  const no = c.accept('else') ? body(c, 'else') : undefined;
  return { kind: 'if', test, yes, ...(no === undefined ? {} : { no }), ...c.span(start) };
}

function forStatement(c: Cursor): Stmt {
  const start = c.next();
  c.expect('(', "after 'for'");
  if (c.token.kind === 'name' && c.peek(1).text === 'in' && c.peek(1).kind === 'name') {
    const { text: name } = c.next();
    c.next();
    const at = c.name("an iterator after 'in'");
    c.expect('(', `after the iterator ${at.text}`);
    const args = parseArgs(c, at.text);
    const iteratorAt = c.span(at);
    c.expect(')', "to close 'for ('");
    const loop = body(c, 'for');
    return { kind: 'forin', name, iterator: at.text, args, iteratorAt, body: loop, ...c.span(start) };
  }
  const init = c.is(';') ? undefined : declarationAhead(c) ? declaration(c) : simple(c);
  c.expect(';', "behind the first part of 'for'");
  const test = c.is(';') ? undefined : parseExpr(c);
  c.expect(';', "behind the condition of 'for'");
  const next = c.is(')') ? undefined : simple(c);
  c.expect(')', "to close 'for ('");
  const loop = body(c, 'for');
  return {
    kind: 'for',
    ...(init === undefined ? {} : { init }),
    ...(test === undefined ? {} : { test }),
    ...(next === undefined ? {} : { next }),
    body: loop,
    ...c.span(start),
  };
}

function statement(c: Cursor): Stmt {
  const start = c.token;
  if (c.is('{')) return parseBlock(c);
  if (c.accept(';')) return { kind: 'empty', ...c.span(start) };
  if (c.is('if')) return ifStatement(c);
  if (c.is('for')) return forStatement(c);
  if (c.accept('while')) {
    const test = condition(c, 'while');
    return { kind: 'while', test, body: body(c, 'while'), ...c.span(start) };
  }
  if (c.accept('do')) {
    const loop = body(c, 'do');
    c.expect('while', "behind the body of 'do'");
    const test = condition(c, 'while');
    c.semicolon("at the end of 'do'");
    refuseCost(c, "'do'");
    return { kind: 'dowhile', body: loop, test, ...c.span(start) };
  }
  if (c.accept('atomic')) {
    const inner = parseBlock(c);
    refuseCost(c, "'atomic { }'");
    return { kind: 'atomic', body: inner, ...c.span(start) };
  }
  if (c.is('else')) c.fail("'else' without 'if'");
  if (c.is('switch') || c.is('case') || c.is('default'))
    c.fail(`'${c.token.text}' is not part of this language; use if`);
  if (c.is('@')) c.fail("a cost follows a statement that ends in ';', and one statement has one cost");
  if (c.token.kind === 'name' && c.peek(1).text === ':' && c.peek(1).kind === 'punct') {
    const { text: name } = c.next();
    c.next();
    return { kind: 'label', name, ...c.span(start) };
  }
  return leafStatement(c);
}

/** One statement; abandons it after an error. */
export function parseStatement(c: Cursor): Stmt {
  c.open();
  try {
    return statement(c);
  } finally {
    c.depth--;
  }
}

/** A block in braces. Errors inside it lose one statement each. */
export function parseBlock(c: Cursor): Block {
  const start = c.expect('{', 'to open the block');
  const stmts: Stmt[] = [];
  c.open();
  try {
    while (!c.done && !c.is('}')) {
      const from = c.at;
      const { depth, exprDepth } = c;
      try {
        stmts.push(parseStatement(c));
      } catch (error) {
        if (!(error instanceof Abandon)) throw error;
        c.depth = depth;
        c.exprDepth = exprDepth;
        c.recover(from);
      }
    }
  } finally {
    c.depth--;
  }
  c.expect('}', `to close the block of line ${start.line}`);
  return { kind: 'block', body: stmts, ...c.span(start) };
}
