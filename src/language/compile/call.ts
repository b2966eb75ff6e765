import { Code } from '../bytecode.ts';
import type { TypeName } from '../vocabulary.ts';
import { type Call, type Lowering, lowerArguments, row, wrongCount, wrongType } from './args.ts';
import type { Context } from './context.ts';
import type { Fn } from './declared.ts';
import { accepts, BAD, type Frame, type Local, type Scalar, type Value, ZERO } from './value.ts';
import { type Op, slotsOf } from './words.ts';

/** Lowers the body of a function in a frame that is already entered. Set by stmt.ts. */
export const bodies: { lower: (x: Context, fn: Fn) => void } = {
  lower: () => {
    throw new Error('the lowering of statements is not loaded');
  },
};

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
    if (accepts(type, v)) return v;
    wrongType(x, arg, item.name, { name: item.params[k]?.name ?? '', type }, v);
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
  return {
    kind: 'range',
    start: { kind: 'reg', type: 'int', reg },
    end: { kind: 'reg', type: 'int', reg: reg + 1 },
  };
}

function refuseRecursion(x: Context, e: Call, fn: Fn): void {
  const chain: string[] = [];
  for (let f: Frame | null = x.frame; f !== null; f = f.up) {
    if (f.fn !== null) chain.push(f.name);
    if (f.fn === fn) {
      x.stop(
        e,
        `recursion is not possible, calls are inlined: ${[...chain.reverse(), fn.item.name].join(' -> ')}`,
      );
    }
  }
  if (x.frame.depth >= x.limits.depth) {
    x.stop(
      e,
      `calls are nested more than ${x.limits.depth} deep: ${chain.slice(0, 4).reverse().join(' -> ')} -> ${fn.item.name}`,
    );
  }
}

function enterKernel(
  x: Context,
  e: Call,
  entry: { enter: string; table: string; name: string },
  args: readonly Value[],
): void {
  const op = x.words.ops.get(entry.enter);
  if (op === undefined) return;
  const scalars = args.flatMap((v): Scalar[] =>
    v.kind === 'range' ? [v.start, v.end] : v.kind === 'const' || v.kind === 'reg' ? [v] : [ZERO],
  );
  const slots: Scalar[] = [{ kind: 'const', type: 'int', value: x.intern(entry.table, entry.name) }];
  for (let k = 1; k < op.slots; k++) slots.push(scalars[k - 1] ?? ZERO);
  const { reg, release } = row(x, slots);
  x.emitAt(e, Code.OP, -1, op.index, reg, true);
  release();
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
    threads: 0,
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
  x.declare(name, {
    type,
    value: n === 2 ? { kind: 'range', start: at(0), end: at(1) } : at(0),
    fixed: null,
  });
}
