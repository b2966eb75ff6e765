import type { Expr } from '../ast.ts';
import type { ParamSpec, TypeName } from '../vocabulary.ts';
import type { Context } from './context.ts';
import { accepts, type Scalar, typeOf, typeText, type Value, ZERO } from './value.ts';
import { slotsOf } from './words.ts';

/** The lowering of expressions and of function bodies, handed in so that files need not import each other in a circle. */
export interface Lowering {
  lower(x: Context, e: Expr, dest?: number, want?: boolean): Value;
  lowerScalar(x: Context, e: Expr, dest?: number): Scalar;
}

/** A call as the parser made it. */
export type Call = Extract<Expr, { kind: 'call' }>;

/** Complains about the number of arguments. */
export function wrongCount(x: Context, e: Call, least: number, most: number): Value {
  const want = least === most ? `${most}` : `${least} to ${most}`;
  const s = most === 1 ? '' : 's';
  return x.error(e, `${e.callee} takes ${want} argument${s}, found ${e.args.length}`);
}

/** Complains about an argument's type. */
export function wrongType(
  x: Context,
  at: Expr,
  callee: string,
  param: { name: string; type: TypeName },
  v: Value,
): void {
  const got = typeText(typeOf(v));
  x.error(at, `'${param.name}' of ${callee} is expected to be ${typeText(param.type)}, found ${got}`);
}

/** Arguments that need no instruction: they can be looked up after others were computed. */
function isSimple(e: Expr): boolean {
  if (e.kind === 'name' || e.kind === 'number') return true;
  if (e.kind === 'unary' && e.op === '&') return isSimple(e.arg);
  return e.kind === 'field' && e.object.kind === 'name' && !e.arrow;
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
  return row(x, slots, (first) => {
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
  });
}

/**
 * Registers in a row that hold these values. Constants and what never changes stand there before the thread begins; the
 * rest is moved; `compute` fills the slots that are null. Call `release` when the row was used.
 */
export function row(
  x: Context,
  slots: readonly (Scalar | null)[],
  compute: (first: number) => void = () => undefined,
): { reg: number; release: () => void } {
  const ready = inRow(slots);
  if (ready >= 0) return { reg: ready, release: () => undefined };
  const fixed = slots.map((s) => {
    if (s === null) return null;
    if (s.kind === 'const') return { value: s.value };
    return x.em.isFixed(s.reg) ? { reg: s.reg } : null;
  });
  const shared =
    x.em.muted === 0 && fixed.some((f) => f !== null) ? x.em.block(fixed, x.frame.site) : undefined;
  if (shared !== undefined && fixed.includes(null)) shared.busy = true;
  const reg = shared?.first ?? x.em.temp(slots.length);
  compute(reg);
  slots.forEach((s, k) => {
    if (s !== null && (shared === undefined || fixed[k] === null)) x.move(reg + k, s);
  });
  const release = (): void => {
    if (shared !== undefined) shared.busy = false;
  };
  return { reg, release };
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

function readyArgument(
  x: Context,
  l: Lowering,
  callee: string,
  p: ParamSpec,
  arg: Expr,
): Scalar[] | undefined {
  if (p.table !== undefined) return argument(x, l, callee, p, arg, -1);
  const constant = x.constantOf(arg);
  if (constant === undefined && !isSimple(arg)) {
    // A lock of an object that never changes was found before the thread began.
    const lock = arg.kind === 'unary' && arg.op === '&' ? arg.arg : arg;
    if (lock.kind !== 'field' || lock.object.kind !== 'name') return undefined;
    const variable =
      x.local(lock.object.name) === undefined ? x.words.variables.get(lock.object.name) : undefined;
    const field = variable === undefined ? undefined : x.words.field(variable.type, lock.name);
    if (field === undefined || !x.words.isEmbedded(field.type)) return undefined;
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
  if (!accepts(p.type, v)) {
    wrongType(x, arg, callee, p, v);
    return missing(p);
  }
  if (v.kind === 'range') return [v.start, v.end];
  if (v.kind === 'const' || v.kind === 'reg') return p.type === 'range' ? missing(p) : [v];
  return missing(p);
}
