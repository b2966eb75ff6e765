import type { BinaryOp, Expr } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { At } from './report.ts';

/** The instruction of each operator that computes a value. */
export const BINARY_CODE: Readonly<Partial<Record<BinaryOp, Code>>> = {
  '+': Code.ADD,
  '-': Code.SUB,
  '*': Code.MUL,
  '/': Code.DIV,
  '%': Code.MOD,
  '&': Code.AND,
  '|': Code.OR,
  '^': Code.XOR,
  '<<': Code.SHL,
  '>>': Code.SHR,
  '==': Code.EQ,
  '!=': Code.NE,
  '<': Code.LT,
  '<=': Code.LE,
  '>': Code.GT,
  '>=': Code.GE,
};

/** What an instruction computes; undefined for a division by zero. The interpreter's meaning, exactly. */
export function foldCode(code: Code, a: number, b: number): number | undefined {
  switch (code) {
    case Code.ADD:
      return a + b;
    case Code.SUB:
      return a - b;
    case Code.MUL:
      return a * b;
    case Code.DIV:
      return b === 0 ? undefined : Math.trunc(a / b) + 0;
    case Code.MOD:
      return b === 0 ? undefined : (a % b) + 0;
    case Code.AND:
      return a & b;
    case Code.OR:
      return a | b;
    case Code.XOR:
      return a ^ b;
    case Code.SHL:
      return a << b;
    case Code.SHR:
      return a >> b;
    case Code.EQ:
      return Number(a === b);
    case Code.NE:
      return Number(a !== b);
    case Code.LT:
      return Number(a < b);
    case Code.LE:
      return Number(a <= b);
    case Code.GT:
      return Number(a > b);
    case Code.GE:
      return Number(a >= b);
    default:
      return undefined;
  }
}

/** Value of a unary operator other than '&'. */
export function foldUnary(op: '!' | '-' | '~', a: number): number {
  if (op === '!') return Number(a === 0);
  return op === '-' ? 0 - a : ~a;
}

/** Builtins that compute a number from numbers, with how many they take. */
export const BUILTIN_ARITY: Readonly<Record<string, number>> = {
  min: 2,
  max: 2,
  round_down: 2,
  round_up: 2,
  likely: 1,
  unlikely: 1,
};
export const BUILTINS = [...Object.keys(BUILTIN_ARITY), 'range'];

function foldBuiltin(name: string, a: number, b: number): number | undefined {
  switch (name) {
    case 'min':
      return a < b ? a : b;
    case 'max':
      return a > b ? a : b;
    case 'round_down':
      return b === 0 ? undefined : a - (a % b);
    case 'round_up':
      return b === 0 ? undefined : a + b - 1 - ((a + b - 1) % b);
    default:
      return a;
  }
}

/** Value of a name in a constant expression, if it has one. */
export type Lookup = (name: string) => number | undefined;

/**
 * Value of an expression whose parts are all constant, else undefined; says nothing about errors. `&&`, `||` and `?:`
 * need only the parts that count.
 */
export function tryConst(e: Expr, lookup: Lookup): number | undefined {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'name':
      return lookup(e.name);
    case 'unary': {
      const a = e.op === '&' ? undefined : tryConst(e.arg, lookup);
      return a === undefined || e.op === '&' ? undefined : foldUnary(e.op, a);
    }
    case 'binary': {
      const a = tryConst(e.left, lookup);
      if (e.op === '&&' && a === 0) return 0;
      if (e.op === '||' && a !== undefined && a !== 0) return 1;
      if (a === undefined) return undefined;
      const b = tryConst(e.right, lookup);
      if (b === undefined) return undefined;
      if (e.op === '&&' || e.op === '||') return Number(b !== 0);
      const code = BINARY_CODE[e.op];
      return code === undefined ? undefined : foldCode(code, a, b);
    }
    case 'cond': {
      const test = tryConst(e.test, lookup);
      return test === undefined ? undefined : tryConst(test !== 0 ? e.yes : e.no, lookup);
    }
    case 'call': {
      const [x, y] = e.args;
      if (
        !Object.hasOwn(BUILTIN_ARITY, e.callee) ||
        BUILTIN_ARITY[e.callee] !== e.args.length ||
        x === undefined
      ) {
        return undefined;
      }
      const a = tryConst(x, lookup);
      const b = y === undefined ? 0 : tryConst(y, lookup);
      return a === undefined || b === undefined ? undefined : foldBuiltin(e.callee, a, b);
    }
    default:
      return undefined;
  }
}

/** The first name of an expression that has no constant value, or the expression itself: what to complain about. */
export function notConstant(e: Expr, lookup: Lookup): (At & { name?: string }) | undefined {
  if (tryConst(e, lookup) !== undefined) return undefined;
  const parts: readonly Expr[] =
    e.kind === 'unary'
      ? [e.arg]
      : e.kind === 'binary'
        ? [e.left, e.right]
        : e.kind === 'cond'
          ? [e.test, e.yes, e.no]
          : e.kind === 'call'
            ? e.args
            : [];
  for (const part of parts) {
    const found = notConstant(part, lookup);
    if (found !== undefined) return found;
  }
  return e.kind === 'name' ? { line: e.line, col: e.col, name: e.name } : e;
}
