import type { BinaryOp, Cost, Expr } from './ast.ts';
import { type Cursor, MAX_DEPTH } from './cursor.ts';
import { parseNumber } from './text.ts';

/** Binary operators by binding strength, as in C. */
export const PRECEDENCE: Readonly<Record<BinaryOp, number>> = {
  '*': 10,
  '/': 10,
  '%': 10,
  '+': 9,
  '-': 9,
  '<<': 8,
  '>>': 8,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '==': 6,
  '!=': 6,
  '&': 5,
  '^': 4,
  '|': 3,
  '&&': 2,
  '||': 1,
};

const TYPE_WORDS = new Set([
  'struct',
  'int',
  'long',
  'unsigned',
  'bool',
  'void',
  'char',
  'short',
  'size_t',
  'u64',
  'u32',
]);

/** Parses an expression; abandons the statement after an error. */
export function parseExpr(c: Cursor): Expr {
  return guarded(c, ternary);
}

/** Bounds the recursion of the parser itself: the height of a tree is known only when it is built. */
function guarded(c: Cursor, parse: (c: Cursor) => Expr): Expr {
  if (c.exprDepth + c.depth >= MAX_DEPTH) c.fail(`nested more than ${MAX_DEPTH} levels deep`);
  c.exprDepth++;
  try {
    return parse(c);
  } finally {
    c.exprDepth--;
  }
}

function ternary(c: Cursor): Expr {
  const start = c.token;
  const test = binary(c, 1);
  if (!c.accept('?')) return test;
  const yes = parseExpr(c);
  c.expect(':', "between the two values of '?'");
  const no = parseExpr(c);
  return { kind: 'cond', test, yes, no, height: c.height(start, test, yes, no), ...c.span(start) };
}

function binary(c: Cursor, least: number): Expr {
  const start = c.token;
  let left = unary(c);
  for (;;) {
    const op = c.token.kind === 'punct' ? (c.token.text as BinaryOp) : undefined;
    const strength = op === undefined || !Object.hasOwn(PRECEDENCE, op) ? 0 : PRECEDENCE[op];
    if (op === undefined || strength === 0 || strength < least) return left;
    c.next();
    const right = guarded(c, (inner) => binary(inner, strength + 1));
    left = { kind: 'binary', op, left, right, height: c.height(start, left, right), ...c.span(start) };
  }
}

function unary(c: Cursor): Expr {
  const start = c.token;
  for (const op of ['!', '~', '-', '&'] as const) {
    if (c.token.kind !== 'punct' || !c.accept(op)) continue;
    const arg = guarded(c, unary);
    return { kind: 'unary', op, arg, height: c.height(start, arg), ...c.span(start) };
  }
  if (c.is('++') || c.is('--'))
    c.fail(`'${start.text}' stands behind its variable, as a statement: x${start.text};`);
  if (c.is('*')) c.fail('pointers cannot be followed with *; a field is read with ->');
  if (c.is('+')) c.fail("expected a value, found '+'");
  return postfix(c, primary(c));
}

function parenthesised(c: Cursor): Expr {
  const start = c.next();
  if (c.token.kind === 'name' && TYPE_WORDS.has(c.token.text))
    c.fail('casts are not part of this language; leave it out');
  if (c.token.kind === 'name' && c.peek(1).text === '*' && c.peek(2).text === ')') {
    c.fail('casts are not part of this language; leave it out');
  }
  const inner = parseExpr(c);
  if (c.is('=')) c.fail("an assignment is a statement of its own; to compare, write '=='");
  c.expect(')', 'to close the parenthesis');
  return { ...inner, paren: true, ...c.span(start) };
}

function primary(c: Cursor): Expr {
  const t = c.token;
  if (t.kind === 'number') {
    c.next();
    const value = parseNumber(t.text);
    if (value === undefined) {
      c.fail(
        `'${t.text.slice(0, 40)}' is no number; units are ns us ms s B KB MB GB TB, the largest value is 2^53`,
        t,
      );
    }
    return { kind: 'number', value, text: t.text, height: 1, ...c.span(t) };
  }
  if (t.kind === 'string') {
    c.next();
    return { kind: 'string', value: t.text, height: 1, ...c.span(t) };
  }
  if (t.kind === 'name') {
    if (t.text === 'struct') c.fail("expected a value, found 'struct'");
    c.next();
    if (!c.is('(')) return { kind: 'name', name: t.text, height: 1, ...c.span(t) };
    c.next();
    const args = parseArgs(c, t.text);
    return { kind: 'call', callee: t.text, args, height: c.height(t, ...args), ...c.span(t) };
  }
  if (c.is('(')) return parenthesised(c);
  return c.fail(`expected a value, found ${c.found}`);
}

/** The rest of an argument list, its '(' already consumed. */
export function parseArgs(c: Cursor, callee: string): Expr[] {
  const args: Expr[] = [];
  if (c.accept(')')) return args;
  do args.push(parseExpr(c));
  while (args.length < 64 && c.accept(','));
  c.expect(')', `to close the arguments of ${callee}`);
  return args;
}

function postfix(c: Cursor, base: Expr): Expr {
  let object = base;
  for (;;) {
    const start = object;
    if (c.is('->') || c.is('.')) {
      const arrow = c.next().text === '->';
      const { text: name } = c.name(`a field name after '${arrow ? '->' : '.'}'`);
      object = { kind: 'field', object, name, arrow, height: c.height(start, object), ...c.span(start) };
    } else if (c.accept('[')) {
      const index = parseExpr(c);
      c.expect(']', 'to close the index');
      object = { kind: 'index', object, index, height: c.height(start, object, index), ...c.span(start) };
    } else if (c.is('(')) {
      c.fail('only names can be called');
    } else {
      return object;
    }
  }
}

/** What stands behind '@', the mark itself already consumed. */
export function parseCost(c: Cursor): Cost {
  const start = c.token;
  if (c.is('exp') && c.peek(1).text === '(') {
    c.next();
    c.next();
    const mean = parseExpr(c);
    c.expect(')', "to close 'exp('");
    return { kind: 'exp', mean, ...c.span(start) };
  }
  const value = parseExpr(c);
  if (!c.accept('..')) return { kind: 'fixed', value, ...c.span(start) };
  const high = parseExpr(c);
  return { kind: 'uniform', low: value, high, ...c.span(start) };
}
