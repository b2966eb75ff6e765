import type { Expr } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { ParamSpec, TypeName } from '../vocabulary.ts';
import { BAD, type Context, type Frame, type Local, type Scalar, type Value } from './context.ts';
import { BUILTIN_ARITY } from './fold.ts';
import type { Fn } from './globals.ts';
import { type Op, slotsOf } from './words.ts';

/** The lowering of expressions and of function bodies, handed in so that files need not import each other in a circle. */
export interface Lowering {
  lower(x: Context, e: Expr, dest?: number, want?: boolean): Value;
  lowerScalar(x: Context, e: Expr, dest?: number): Scalar;
  lowerInto(x: Context, e: Expr, dest: number): Scalar;
  accepts(want: TypeName, v: Value): boolean;
  typeOf(v: Value): TypeName;
  typeText(type: TypeName): string;
}

/** Lowers the body of a function in a frame that is already entered. Set by stmt.ts. */
export const bodies: { lower: (x: Context, fn: Fn) => void } = {
  lower: () => {
    throw new Error('the lowering of statements is not loaded');
  },
};

type Call = Extract<Expr, { kind: 'call' }>;
const ZERO: Scalar = { kind: 'const', type: 'int', value: 0 };

function wrongCount(x: Context, e: Call, least: number, most: number): Value {
  const want = least === most ? `${most}` : `${least} to ${most}`;
  const s = most === 1 ? '' : 's';
  return x.error(e, `${e.callee} takes ${want} argument${s}, found ${e.args.length}`);
}

function wrongType(x: Context, l: Lowering, at: Expr, callee: string, param: { name: string; type: TypeName }, v: Value): void {
  const got = l.typeText(l.typeOf(v));
  x.error(at, `'${param.name}' of ${callee} is expected to be ${l.typeText(param.type)}, found ${got}`);
}

/** min, max, round_down, round_up, likely, unlikely, range. */
export function lowerBuiltin(x: Context, l: Lowering, e: Call, dest: number): Value {
  const [first, second] = e.args;
  const arity = e.callee === 'range' ? 2 : (BUILTIN_ARITY[e.callee] as number);
  if (e.args.length !== arity || first === undefined) return wrongCount(x, e, arity, arity);
  if (second === undefined) return l.lower(x, first, dest);
  const a = l.lowerScalar(x, first);
  const b = l.lowerScalar(x, second);
  for (const [v, at] of [[a, first], [b, second]] as const) {
    if (v.type !== 'int') return x.error(at, `${e.callee} works on numbers, found ${l.typeText(v.type)}`);
  }
  if (e.callee === 'range') return { kind: 'range', start: a, end: b };
  const result = x.em.temp();
  const [ra, rb] = [x.reg(a), x.reg(b)];
  if (e.callee === 'round_down' || e.callee === 'round_up') {
    let from = ra;
    if (e.callee === 'round_up') {
      from = x.em.temp();
      x.emit(Code.ADD, from, ra, rb);
      x.emit(Code.SUB, from, from, x.em.constant(1));
    }
    x.emit(Code.MOD, result, from, rb);
    const to = dest >= 0 ? dest : result;
    x.emit(Code.SUB, to, from, result);
    return { kind: 'reg', type: 'int', reg: to };
  }
  const end = x.em.newLabel();
  const other = x.em.newLabel();
  const to = dest >= 0 ? dest : result;
  const test = x.em.temp();
  x.emit(Code.LT, test, ra, rb);
  x.emit(e.callee === 'min' ? Code.JZ : Code.JNZ, other, test);
  x.move(to, a);
  x.jump(end);
  x.em.bind(other);
  x.move(to, b);
  x.em.bind(end);
  return { kind: 'reg', type: 'int', reg: to };
}

/** Arguments that need no instruction: they can be looked up after others were computed. */
function isSimple(e: Expr): boolean {
  if (e.kind === 'name' || e.kind === 'number') return true;
  if (e.kind === 'unary' && e.op === '&') return isSimple(e.arg);
  return e.kind === 'field' && e.object.kind === 'name' && !e.arrow;
}

/** A call of an operation of the vocabulary: its arguments into registers in a row, then one instruction. */
export function lowerOp(x: Context, l: Lowering, e: Call, op: Op, dest: number, want: boolean): Value {
  const { spec } = op;
  const { params } = spec;
  const least = params.filter((p) => p.optional !== true).length;
  if (e.args.length < least || e.args.length > params.length) return wrongCount(x, e, least, params.length);
  const { reg: first, release } = lowerArguments(x, l, e, params);
  let result: Value = { kind: 'void' };
  let to = -1;
  if (spec.returns === 'range') {
    to = x.em.temp(2);
    result = {
      kind: 'range',
      start: { kind: 'reg', type: 'int', reg: to },
      end: { kind: 'reg', type: 'int', reg: to + 1 },
    };
  } else if (spec.returns !== 'void') {
    if (want) to = dest >= 0 ? dest : x.em.temp();
    result = { kind: 'reg', type: spec.returns, reg: to };
  }
  x.emitAt(e, Code.OP, to, op.index, first, spec.kind === 'step');
  release();
  return result;
}

/** Registers in a row that hold the arguments. */
export function lowerArguments(
  x: Context,
  l: Lowering,
  e: { readonly callee: string; readonly args: readonly Expr[] },
  params: readonly ParamSpec[],
): { reg: number; release: () => void } {
  const total = params.reduce((n, p) => n + slotsOf(p.type), 0);
  if (total === 0) return { reg: 0, release: () => undefined };
  // First what stands ready; null where something must be computed.
  const slots: (Scalar | null)[] = [];
  params.forEach((p, k) => {
    const arg = e.args[k];
    const ready = arg === undefined ? missing(p) : readyArgument(x, l, e.callee, p, arg);
    slots.push(...(ready ?? Array.from({ length: slotsOf(p.type) }, () => null)));
  });
  if (total === 1 && slots[0] === null) {
    const v = argument(x, l, e.callee, params[0] as ParamSpec, e.args[0] as Expr, -1)[0] as Scalar;
    return { reg: x.reg(v), release: () => undefined };
  }
  if (total === 1) return { reg: x.reg(slots[0] as Scalar), release: () => undefined };
  const row = inRow(slots);
  if (row >= 0) return { reg: row, release: () => undefined };
  const fixed = slots.map((s) => {
    if (s === null) return null;
    if (s.kind === 'const') return { value: s.value };
    return x.em.isFixed(s.reg) ? { reg: s.reg } : null;
  });
  const shared = x.em.muted === 0 && fixed.some((f) => f !== null) ? x.em.block(fixed, x.frame.site) : undefined;
  if (shared !== undefined) shared.busy = true;
  const first = shared?.first ?? x.em.temp(total);
  let at = 0;
  params.forEach((p, k) => {
    const arg = e.args[k];
    if (slots[at] === null && arg !== undefined) {
      argument(x, l, e.callee, p, arg, first + at).forEach((v, n) => {
        x.move(first + at + n, v);
      });
    }
    at += slotsOf(p.type);
  });
  slots.forEach((s, k) => {
    if (s !== null && (shared === undefined || fixed[k] === null)) x.move(first + k, s);
  });
  const release = (): void => {
    if (shared !== undefined) shared.busy = false;
  };
  return { reg: first, release };
}

function missing(p: ParamSpec): Scalar[] {
  return Array.from({ length: slotsOf(p.type) }, () => ZERO);
}

/** First of the registers, if all slots stand in registers in a row already; else -1. */
function inRow(slots: readonly (Scalar | null)[]): number {
  const first = slots[0];
  if (first === undefined || first === null || first.kind !== 'reg') return -1;
  return slots.every((s, k) => s !== null && s.kind === 'reg' && s.reg === first.reg + k) ? first.reg : -1;
}

function readyArgument(x: Context, l: Lowering, callee: string, p: ParamSpec, arg: Expr): Scalar[] | undefined {
  if (p.table !== undefined) return argument(x, l, callee, p, arg, -1);
  const constant = x.constantOf(arg);
  if (constant === undefined && !isSimple(arg)) {
    // A lock of an object that never changes was found before the thread began.
    const lock = arg.kind === 'unary' && arg.op === '&' ? arg.arg : arg;
    if (lock.kind !== 'field' || lock.object.kind !== 'name') return undefined;
    const variable = x.local(lock.object.name) === undefined ? x.words.variables.get(lock.object.name) : undefined;
    const field = variable === undefined ? undefined : x.words.field(variable.type, lock.name);
    if (field === undefined || !x.words.isLock(field.type)) return undefined;
  }
  const shared = arg.kind === 'name' && x.local(arg.name) === undefined;
  if (shared && x.globals.visible(x.frame.library).get(arg.name)?.kind === 'shared') return undefined;
  return argument(x, l, callee, p, arg, -1);
}

/** One argument's values, checked against its parameter. */
function argument(x: Context, l: Lowering, callee: string, p: ParamSpec, arg: Expr, dest: number): Scalar[] {
  if (p.table !== undefined) {
    if (arg.kind === 'string') return [{ kind: 'const', type: 'name', value: x.intern(p.table, arg.value) }];
    x.error(arg, `'${p.name}' of ${callee} is a name in quotes`);
    return [ZERO];
  }
  const v = l.lower(x, arg, dest);
  if (!l.accepts(p.type, v)) {
    wrongType(x, l, arg, callee, p, v);
    return missing(p);
  }
  if (v.kind === 'range') return [v.start, v.end];
  if (v.kind === 'const' || v.kind === 'reg') return p.type === 'range' ? missing(p) : [v];
  return missing(p);
}

/** An element of a row of areas; undefined when the name is none. `part`: which of its ends is wanted. */
export function lowerIndexedArea(
  x: Context,
  l: Lowering,
  e: Extract<Expr, { kind: 'index' }>,
  dest: number,
  part: 'start' | 'end' | 'both',
): Value | undefined {
  const name = e.object.kind === 'name' ? e.object.name : '';
  const area = x.local(name) === undefined ? x.frame.areas?.get(name) : undefined;
  if (area === undefined) return undefined;
  if (!area.array) return x.error(e, `'${name}' is one area, not a row of them`);
  const { starts, bytes } = area;
  const index = l.lowerScalar(x, e.index);
  if (index.type !== 'int') return x.error(e.index, `an index is a number, found ${l.typeText(index.type)}`);
  const known = (value: number): Scalar => ({ kind: 'const', type: 'int', value });
  if (index.kind === 'const') {
    const start = starts[index.value];
    if (start === undefined) return x.error(e.index, `index ${index.value} is outside of ${name}[${starts.length}]`);
    if (part !== 'both') return known(part === 'start' ? start : start + bytes);
    return { kind: 'range', start: known(start), end: known(start + bytes) };
  }
  const base = starts[0] ?? 0;
  const stride = (starts[1] ?? base) - base;
  if (starts.some((s, k) => s !== base + k * stride)) {
    return x.error(e, `the areas ${name} do not stand at equal distances; only constant indices work`);
  }
  x.emit(Code.CHECK_INDEX, starts.length, index.reg);
  const scaled = x.em.temp();
  x.emit(Code.MUL, scaled, index.reg, x.em.constant(stride));
  const end = (offset: number, to: number): Scalar => {
    const reg = to >= 0 ? to : x.em.temp();
    x.emit(Code.ADD, reg, scaled, x.em.constant(base + offset));
    return { kind: 'reg', type: 'int', reg };
  };
  if (part !== 'both') return end(part === 'start' ? 0 : bytes, dest);
  const pair = x.em.temp(2);
  return { kind: 'range', start: end(0, pair), end: end(bytes, pair + 1) };
}

function typeOfParam(x: Context, fn: Fn, k: number): TypeName {
  const ref = fn.item.params[k]?.type;
  return (ref === undefined ? undefined : x.words.spellings.get(ref.name)) ?? '?';
}

/** What a function returns; '?' when its type is unknown. */
export function returnType(x: Context, fn: Fn): TypeName {
  if (fn.item.type.name === 'void') return 'void';
  return x.words.spellings.get(fn.item.type.name) ?? '?';
}

/** A call of a function of the documents: its body stands where the call was. */
export function lowerFunction(x: Context, l: Lowering, e: Call, fn: Fn, dest: number, want: boolean): Value {
  const { item } = fn;
  if (e.args.length !== item.params.length) return wrongCount(x, e, item.params.length, item.params.length);
  const args = e.args.map((arg, k): Value => {
    const type = typeOfParam(x, fn, k);
    const v = l.lower(x, arg);
    if (l.accepts(type, v)) return v;
    wrongType(x, l, arg, item.name, { name: item.params[k]?.name ?? '', type }, v);
    return BAD;
  });
  const type = returnType(x, fn);
  if (x.em.muted > 0) return standIn(x, type);
  refuseRecursion(x, e, fn);
  x.spendCall(e);
  const entry = x.frame.inEntry ? undefined : x.words.entries.get(item.name);
  const parent = x.siteAt(e);
  const exit = entry === undefined ? undefined : x.words.ops.get(entry.exit);
  // The exit operation takes the result where the body left it.
  const block = exit === undefined || entry === undefined ? -1 : x.em.temp(Math.max(2, exit.slots));
  let result = -1;
  if (type === 'range') result = x.em.temp(2);
  else if (type !== 'void' && block >= 0) result = block + 1;
  else if (type !== 'void' && want) result = dest >= 0 ? dest : x.em.temp();
  if (entry !== undefined) enterKernel(x, e, entry, args);
  inline(x, fn, parent, args, { type, result, inEntry: x.frame.inEntry || entry !== undefined });
  if (entry !== undefined && exit !== undefined) {
    x.move(block, { kind: 'const', type: 'int', value: x.intern(entry.table, entry.name) });
    if (type === 'void' || type === 'range') x.move(block + 1, ZERO);
    x.emitAt(e, Code.OP, -1, exit.index, block, true);
  }
  // The last step lies in the callee, on a path that only a run knows.
  x.frame.lastStep = -1;
  if (type === 'void') return { kind: 'void' };
  if (type !== 'range') return { kind: 'reg', type, reg: result };
  return {
    kind: 'range',
    start: { kind: 'reg', type: 'int', reg: result },
    end: { kind: 'reg', type: 'int', reg: result + 1 },
  };
}

/** A value of a type for code that is only checked. */
function standIn(x: Context, type: TypeName): Value {
  if (type === 'void') return { kind: 'void' };
  if (type === '?') return BAD;
  if (type !== 'range') return { kind: 'reg', type, reg: x.em.temp() };
  const reg = x.em.temp(2);
  return { kind: 'range', start: { kind: 'reg', type: 'int', reg }, end: { kind: 'reg', type: 'int', reg: reg + 1 } };
}

function refuseRecursion(x: Context, e: Call, fn: Fn): void {
  const chain: string[] = [];
  for (let f: Frame | null = x.frame; f !== null; f = f.up) {
    if (f.fn !== null) chain.push(f.name);
    if (f.fn === fn) {
      x.stop(e, `recursion is not possible, calls are inlined: ${[...chain.reverse(), fn.item.name].join(' -> ')}`);
    }
  }
  if (x.frame.depth >= x.limits.depth) {
    x.stop(e, `calls are nested more than ${x.limits.depth} deep: ${chain.slice(0, 4).reverse().join(' -> ')} -> ${fn.item.name}`);
  }
}

function enterKernel(x: Context, e: Call, entry: { enter: string; table: string; name: string }, args: readonly Value[]): void {
  const op = x.words.ops.get(entry.enter);
  if (op === undefined) return;
  const scalars = args.flatMap((v): Scalar[] => (v.kind === 'range' ? [v.start, v.end] : v.kind === 'const' || v.kind === 'reg' ? [v] : [ZERO]));
  const slots: Scalar[] = [{ kind: 'const', type: 'int', value: x.intern(entry.table, entry.name) }];
  for (let k = 1; k < op.slots; k++) slots.push(scalars[k - 1] ?? ZERO);
  const first = x.em.temp(slots.length);
  slots.forEach((s, k) => {
    x.move(first + k, s);
  });
  x.emitAt(e, Code.OP, -1, op.index, first, true);
}

function inline(
  x: Context,
  fn: Fn,
  parent: number,
  args: readonly Value[],
  call: { type: TypeName; result: number; inEntry: boolean },
): void {
  const up = x.frame;
  const began = x.em.now();
  x.frame = {
    name: fn.item.name,
    fn,
    file: fn.file,
    library: fn.library,
    parent,
    up,
    depth: up.depth + 1,
    inEntry: call.inEntry,
    scopes: [],
    returns: call.type,
    returnLabel: x.em.newLabel(),
    result: call.result,
    labels: new Map(),
    chain: [],
    loops: [],
    areas: null,
    began,
    zeroed: [],
    lastStep: -1,
    site: 0,
  };
  x.frame.site = x.siteAt(fn.item);
  x.openScope();
  const assigned = x.assignedIn(fn);
  fn.item.params.forEach((p, k) => {
    const type = typeOfParam(x, fn, k);
    bindParameter(x, p.name, type, args[k] ?? BAD, assigned.has(p.name));
  });
  bodies.lower(x, fn);
  x.em.bind(x.frame.returnLabel);
  x.closeScope();
  x.frame = up;
}

/** A parameter that the body never assigns is its argument; another one gets a copy. */
export function bindParameter(x: Context, name: string, type: TypeName, arg: Value, assigned: boolean): void {
  const value = type === '?' || arg.kind === 'void' ? BAD : arg;
  if (!assigned || value.kind === 'bad') {
    const typed: Value = value.kind === 'const' ? { ...value, type } : value;
    const local: Local = { type, value: typed, fixed: null };
    x.declare(name, local);
    return;
  }
  const n = slotsOf(type);
  const reg = x.em.alloc(n, x.frame.began);
  for (let k = 0; k < n; k++) x.frame.scopes[0]?.registers.push(reg + k);
  const parts = value.kind === 'range' ? [value.start, value.end] : [value];
  parts.forEach((v, k) => {
    x.move(reg + k, v as Scalar);
  });
  const at = (k: number): Scalar => ({ kind: 'reg', type: n === 2 ? 'int' : type, reg: reg + k });
  x.declare(name, { type, value: n === 2 ? { kind: 'range', start: at(0), end: at(1) } : at(0), fixed: null });
}
