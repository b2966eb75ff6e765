import type { BinaryOp, Expr } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { Lowering } from './args.ts';
import { lowerBuiltin, lowerIndexedArea } from './builtin.ts';
import { lowerFunction, lowerOp } from './call.ts';
import type { Context } from './context.ts';
import { BINARY_CODE, BUILTINS, foldCode } from './fold.ts';
import { computed, lowerName, mayLoad, mayUse, WHERE } from './names.ts';
import { accepts, BAD, type Scalar, typeOf, typeText, type Value, ZERO } from './value.ts';

/** The one value of an expression; 0 with a message for ranges and calls without a result. */
export function lowerScalar(x: Context, e: Expr, dest = -1): Scalar {
  const v = lower(x, e, dest);
  if (v.kind === 'const' || v.kind === 'reg') return v;
  if (v.kind === 'range') x.error(e, 'a range does not fit here; expected one value, such as its .start');
  if (v.kind === 'void') x.error(e, 'expected a value, but this returns nothing');
  return ZERO;
}

/** A number: what arithmetic and comparisons with < work on. */
function lowerInt(x: Context, e: Expr, op: string): Scalar {
  const v = lowerScalar(x, e);
  if (v.type !== 'int') {
    x.error(e, `'${op}' works on numbers, found ${typeText(v.type)}`);
    return ZERO;
  }
  return v;
}

/** Evaluates into a register, whatever the expression is. */
export function lowerInto(x: Context, e: Expr, dest: number): Scalar {
  const v = lowerScalar(x, e, dest);
  x.move(dest, v);
  return v;
}

/**
 * Evaluates an expression. `dest` is where a computed value goes, if the caller has a place for it (-1: a temporary);
 * constants and variables stay where they are. Nothing reads `dest` after the first write to it.
 */
export function lower(x: Context, e: Expr, dest = -1, want = true): Value {
  x.spend(e);
  if (e.kind === 'unary' || e.kind === 'binary' || e.kind === 'cond' || e.kind === 'call') {
    const c = x.constantOf(e);
    if (c !== undefined) return { kind: 'const', type: 'int', value: c };
  }
  switch (e.kind) {
    case 'number':
      return { kind: 'const', type: 'int', value: e.value };
    case 'string':
      return x.error(e, 'a string stands only where an operation wants a name');
    case 'name':
      return lowerName(x, e, dest);
    case 'unary':
      return lowerUnary(x, e, dest);
    case 'binary':
      return lowerBinary(x, e, dest);
    case 'cond':
      return lowerChoice(x, e, dest);
    case 'call':
      return lowerCall(x, e, dest, want);
    case 'field':
      return lowerField(x, e, dest);
    case 'index':
      return lowerIndex(x, e, dest);
  }
}

function lowerUnary(x: Context, e: Extract<Expr, { kind: 'unary' }>, dest: number): Value {
  if (e.op === '&') return lowerAddress(x, e, dest);
  if (e.op === '!') {
    if (e.arg.kind === 'binary' && (e.arg.op === '&&' || e.arg.op === '||')) return materialise(x, e, dest);
    const v = lowerScalar(x, e.arg);
    const to = computed(x, dest);
    x.emit(Code.NOT, to.reg, x.reg(v));
    return to;
  }
  const v = lowerInt(x, e.arg, e.op);
  const to = computed(x, dest);
  x.emit(e.op === '-' ? Code.NEG : Code.INV, to.reg, x.reg(v));
  return to;
}

/** `&x`: locks and objects are handles already, so the sign only has to stand before one. */
function lowerAddress(x: Context, e: Extract<Expr, { kind: 'unary' }>, dest: number): Value {
  const v = lower(x, e.arg, dest);
  const type = typeOf(v);
  if (type === '?') return v;
  const object = type !== 'int' && type !== 'range' && type !== 'void' && type !== 'null';
  if (!object) return x.error(e, `'&' stands before a lock or a structure, found ${typeText(type)}`);
  if (e.arg.kind === 'field' && !x.words.isEmbedded(type)) {
    return x.error(e, `'&' of a field is for locks; ${e.arg.name} is a ${type}`);
  }
  return v;
}

function lowerBinary(x: Context, e: Extract<Expr, { kind: 'binary' }>, dest: number): Value {
  const { op } = e;
  if (op === '&&' || op === '||') return materialise(x, e, dest);
  const code = BINARY_CODE[op] as Code;
  const [a, b] =
    op === '==' || op === '!=' ? comparable(x, e) : [lowerInt(x, e.left, op), lowerInt(x, e.right, op)];
  if (a.kind === 'const' && b.kind === 'const') {
    const value = foldCode(code, a.value, b.value);
    if (value === undefined) return x.error(e, 'division by zero');
    return { kind: 'const', type: 'int', value };
  }
  if (b.kind === 'const' && b.value === 0 && (op === '/' || op === '%'))
    return x.error(e, 'division by zero');
  const simple = simplified(op, a, b);
  if (simple !== undefined) return simple;
  const to = computed(x, dest);
  x.emit(code, to.reg, x.reg(a), x.reg(b));
  return to;
}

/** x + 0, x - 0, x * 1, x / 1: no instruction. */
function simplified(op: BinaryOp, a: Scalar, b: Scalar): Scalar | undefined {
  if (b.kind === 'const') {
    if (b.value === 0 && (op === '+' || op === '-')) return a;
    if (b.value === 1 && op === '*') return a;
  }
  if (a.kind === 'const' && ((a.value === 0 && op === '+') || (a.value === 1 && op === '*'))) return b;
  return undefined;
}

/** Operands of == and !=: of one type, or an object and NULL. */
function comparable(x: Context, e: Extract<Expr, { kind: 'binary' }>): [Scalar, Scalar] {
  const a = lowerScalar(x, e.left);
  const b = lowerScalar(x, e.right);
  const same = accepts(a.type, b) || accepts(b.type, a) || a.type === 'null' || b.type === 'null';
  if (!same)
    x.error(e, `'${e.op}' compares ${typeText(a.type)} with ${typeText(b.type)}; expected one type, or NULL`);
  return [a, b];
}

/** A condition as a value: 0 or 1. */
function materialise(x: Context, e: Expr, dest: number): Value {
  const to = computed(x, dest);
  const no = x.em.newLabel();
  const end = x.em.newLabel();
  lowerCond(x, e, no, false);
  x.emit(Code.MOV, to.reg, x.em.constant(1));
  x.jump(end);
  x.em.bind(no);
  x.emit(Code.MOV, to.reg, x.em.constant(0));
  x.em.bind(end);
  return to;
}

function lowerChoice(x: Context, e: Extract<Expr, { kind: 'cond' }>, dest: number): Value {
  const test = x.constantOf(e.test);
  if (test !== undefined) {
    muted(x, () => lower(x, test !== 0 ? e.no : e.yes));
    return lower(x, test !== 0 ? e.yes : e.no, dest);
  }
  const reg = dest >= 0 ? dest : x.em.temp();
  const no = x.em.newLabel();
  const end = x.em.newLabel();
  lowerCond(x, e.test, no, false);
  const a = lowerInto(x, e.yes, reg);
  x.jump(end);
  x.em.bind(no);
  const b = lowerInto(x, e.no, reg);
  x.em.bind(end);
  if (!accepts(a.type, b) && !accepts(b.type, a)) {
    x.error(e, `the two values of '?' differ: ${typeText(a.type)} and ${typeText(b.type)}`);
  }
  return {
    kind: 'reg',
    type: a.type === 'null' || (a.kind === 'const' && accepts(b.type, a)) ? b.type : a.type,
    reg,
  };
}

/** Lowers what will not run, for its errors and its declarations only. */
export function muted(x: Context, lowering: () => void): void {
  const { lastStep } = x.frame;
  x.em.muted++;
  lowering();
  x.em.muted--;
  x.frame.lastStep = lastStep;
}

function lowerField(x: Context, e: Extract<Expr, { kind: 'field' }>, dest: number): Value {
  if (e.object.kind === 'index' && !e.arrow && (e.name === 'start' || e.name === 'end')) {
    const area = lowerIndexedArea(x, lowering, e.object, dest, e.name);
    if (area !== undefined) return area;
  }
  const object = lower(x, e.object);
  if (object.kind === 'bad') return BAD;
  if (object.kind === 'range') {
    if (e.name === 'start' || e.name === 'end') return e.name === 'start' ? object.start : object.end;
    return x.unknown(e, 'field of a range', e.name, ['start', 'end']);
  }
  const type = typeOf(object);
  const field = x.words.field(type, e.name);
  if (field === undefined) {
    if (!x.words.types.has(type)) return x.error(e, `${typeText(type)} has no fields; found '${e.name}'`);
    return x.unknown(e, `field of ${type}`, e.name, x.words.fieldNames(type));
  }
  const op = x.words.ops.get(field.get);
  if (op === undefined || object.kind === 'void') return x.error(e, `field '${e.name}' cannot be read`);
  const reg = x.reg(object);
  if (op.spec.kind === 'pure' && x.words.isEmbedded(field.type) && x.em.isFixed(reg) && x.em.muted === 0) {
    // The lock of an object that never changes is found once, before the thread begins.
    return { kind: 'reg', type: field.type, reg: x.em.hoist(op.index, reg, x.frame.site) };
  }
  if (!mayUse(x, e, op.spec.name, op.spec.kind)) return BAD;
  const to = computed(x, dest, field.type);
  x.emitAt(e, Code.OP, to.reg, op.index, reg, op.spec.kind === 'step');
  return to;
}

function lowerIndex(x: Context, e: Extract<Expr, { kind: 'index' }>, dest: number): Value {
  const area = lowerIndexedArea(x, lowering, e, dest, 'both');
  if (area !== undefined) return area;
  const slot = lowerElement(x, e);
  if (slot === undefined || !mayLoad(x, e, slot.ghost, slot.name)) return BAD;
  const to = computed(x, dest);
  x.emitAt(e, Code.LOAD, to.reg, slot.slot, slot.index, true);
  return to;
}

/** An element of a shared array: its slot, plus a checked index register (-1 for a constant index). */
export function lowerElement(
  x: Context,
  e: Extract<Expr, { kind: 'index' }>,
): { slot: number; index: number; ghost: boolean; name: string } | undefined {
  const name = e.object.kind === 'name' ? e.object.name : '';
  const g =
    name === '' || x.local(name) !== undefined ? undefined : x.globals.visible(x.frame.library).get(name);
  if (g === undefined || g.kind !== 'shared' || !g.array) {
    if (name !== '' && x.local(name) === undefined && g === undefined) {
      const arrays = [...x.globals.visible(x.frame.library).values()].filter(
        (s) => s.kind === 'shared' && s.array,
      );
      x.unknown(e, 'array', name, [...arrays.map((s) => s.name), ...(x.frame.areas?.keys() ?? [])]);
    } else x.error(e, 'only shared arrays and rows of areas have an index');
    return undefined;
  }
  const index = lowerInt(x, e.index, '[ ]');
  const { slot, ghost, length } = g;
  if (index.kind === 'const') {
    if (!Number.isInteger(index.value) || index.value < 0 || index.value >= length) {
      x.error(e.index, `index ${index.value} is outside of ${name}[${length}]`);
      return undefined;
    }
    return { slot: slot + index.value, index: -1, ghost, name };
  }
  const reg = x.reg(index);
  x.emit(Code.CHECK_INDEX, length, reg);
  return { slot, index: reg, ghost, name };
}

function lowerCall(x: Context, e: Extract<Expr, { kind: 'call' }>, dest: number, want: boolean): Value {
  const { callee } = e;
  if (BUILTINS.includes(callee)) return lowerBuiltin(x, lowering, e, dest);
  const op = x.words.ops.get(callee);
  if (op !== undefined)
    return mayUse(x, e, callee, op.spec.kind) ? lowerOp(x, lowering, e, op, dest, want) : BAD;
  const fn = x.globals.functions.get(callee);
  if (fn !== undefined) {
    if (x.mode !== 'code') return x.error(e, `'${callee}' is a function; ${WHERE[x.mode]} can only look`);
    return lowerFunction(x, lowering, e, fn, dest, want);
  }
  if (x.words.iterators.has(callee))
    return x.error(e, `'${callee}' is an iterator: for (x in ${callee}(...))`);
  const known = (): string[] => [
    ...x.words.ops.keys(),
    ...x.globals.functions.keys(),
    ...BUILTINS,
    'wait_until',
  ];
  return x.unknown(e, 'function', callee, known);
}

function truthJump(x: Context, e: Expr, label: number, when: boolean): void {
  const v = lowerScalar(x, e);
  if (v.kind === 'const') {
    if ((v.value !== 0) === when) x.jump(label);
  } else x.emit(when ? Code.JNZ : Code.JZ, label, v.reg);
}

/** Jumps to a label when the truth of a condition is `when`; falls through otherwise. */
export function lowerCond(x: Context, e: Expr, label: number, when: boolean): void {
  x.spend(e);
  const c = x.constantOf(e);
  if (c !== undefined) {
    if ((c !== 0) === when) x.jump(label);
    return;
  }
  if (e.kind === 'unary' && e.op === '!') {
    lowerCond(x, e.arg, label, !when);
    return;
  }
  if (e.kind === 'call' && (e.callee === 'likely' || e.callee === 'unlikely') && e.args.length === 1) {
    lowerCond(x, e.args[0] as Expr, label, when);
    return;
  }
  if (e.kind !== 'binary') {
    truthJump(x, e, label, when);
    return;
  }
  if (e.op === '&&' || e.op === '||') {
    const decides = e.op === '||';
    const first = x.constantOf(e.left);
    if (first !== undefined && (first !== 0) !== decides) {
      lowerCond(x, e.right, label, when);
      return;
    }
    if (when === decides) {
      lowerCond(x, e.left, label, when);
      lowerCond(x, e.right, label, when);
      return;
    }
    const skip = x.em.newLabel();
    lowerCond(x, e.left, skip, decides);
    lowerCond(x, e.right, label, when);
    x.em.bind(skip);
    return;
  }
  // A comparison with 0 or NULL is the jump itself.
  if ((e.op === '==' || e.op === '!=') && isZero(x, e.right) && x.constantOf(e.left) === undefined) {
    lowerCond(x, e.left, label, (e.op === '!=') === when);
    return;
  }
  truthJump(x, e, label, when);
}

function isZero(x: Context, e: Expr): boolean {
  return (e.kind === 'name' && e.name === 'NULL' && x.local('NULL') === undefined) || x.constantOf(e) === 0;
}

/** What the lowering of calls needs from here. */
export const lowering: Lowering = { lower, lowerScalar };
