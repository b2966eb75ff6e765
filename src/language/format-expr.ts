import type { Cost, Expr } from './ast.ts';
import { PRECEDENCE } from './parse-expr.ts';

/** Binding strength of an expression: 0 for `?:`, 11 for unary operators, 12 for everything that is one piece. */
function strength(e: Expr): number {
  if (e.kind === 'cond') return 0;
  if (e.kind === 'binary') return PRECEDENCE[e.op];
  return e.kind === 'unary' ? 11 : 12;
}

/** A part of a larger expression, in parentheses where it must or was written so. */
function part(e: Expr, least: number): string {
  const text = bare(e);
  return e.paren === true || strength(e) < least ? `(${text})` : text;
}

/** A string in quotes. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function bare(e: Expr): string {
  switch (e.kind) {
    case 'number':
      return e.text;
    case 'string':
      return quoted(e.value);
    case 'name':
      return e.name;
    case 'unary': {
      const arg = part(e.arg, 11);
      // Two signs in a row would be read as another operator.
      return arg.startsWith(e.op) && e.op !== '!' && e.op !== '~' ? `${e.op}(${arg})` : `${e.op}${arg}`;
    }
    case 'binary': {
      const own = PRECEDENCE[e.op];
      return `${part(e.left, own)} ${e.op} ${part(e.right, own + 1)}`;
    }
    case 'cond':
      return `${part(e.test, 1)} ? ${part(e.yes, 0)} : ${part(e.no, 0)}`;
    case 'call':
      return `${e.callee}(${e.args.map((a) => formatExpr(a)).join(', ')})`;
    case 'field':
      return `${part(e.object, 12)}${e.arrow ? '->' : '.'}${e.name}`;
    case 'index':
      return `${part(e.object, 12)}[${formatExpr(e.index)}]`;
  }
}

/** An expression on one line, with the parentheses that were written and those that are needed. */
export function formatExpr(e: Expr): string {
  return part(e, 0);
}

/** A cost without its '@'. */
export function formatCost(cost: Cost): string {
  if (cost.kind === 'fixed') return formatExpr(cost.value);
  if (cost.kind === 'exp') return `exp(${formatExpr(cost.mean)})`;
  return `${formatExpr(cost.low)}..${formatExpr(cost.high)}`;
}
