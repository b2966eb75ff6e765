import type { Expr } from '../ast.ts';
import { Code } from '../bytecode.ts';
import { type Call, type Lowering, wrongCount } from './args.ts';
import type { Context } from './context.ts';
import { BUILTIN_ARITY } from './fold.ts';
import { type Scalar, typeText, type Value } from './value.ts';

/** min, max, round_down, round_up, likely, unlikely, range. */
export function lowerBuiltin(x: Context, l: Lowering, e: Call, dest: number): Value {
  const [first, second] = e.args;
  const arity = e.callee === 'range' ? 2 : (BUILTIN_ARITY[e.callee] as number);
  if (e.args.length !== arity || first === undefined) return wrongCount(x, e, arity, arity);
  if (second === undefined) return l.lower(x, first, dest);
  const a = l.lowerScalar(x, first);
  const b = l.lowerScalar(x, second);
  for (const [v, at] of [
    [a, first],
    [b, second],
  ] as const) {
    if (v.type !== 'int') return x.error(at, `${e.callee} works on numbers, found ${typeText(v.type)}`);
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
  if (index.type !== 'int') return x.error(e.index, `an index is a number, found ${typeText(index.type)}`);
  const known = (value: number): Scalar => ({ kind: 'const', type: 'int', value });
  if (index.kind === 'const') {
    const start = starts[index.value];
    if (start === undefined)
      return x.error(e.index, `index ${index.value} is outside of ${name}[${starts.length}]`);
    if (part !== 'both') return known(part === 'start' ? start : start + bytes);
    return { kind: 'range', start: known(start), end: known(start + bytes) };
  }
  const base = starts[0] ?? 0;
  const stride = (starts[1] ?? base) - base;
  if (starts.some((s, k) => s !== base + k * stride)) {
    return x.error(e, `the areas ${name} do not stand at equal distances; only constant indices work`);
  }
  if (index.reg === 0 && x.frame.threads > 0 && x.frame.threads <= starts.length && x.em.muted === 0) {
    // Every thread has its own area: it is found once, before the thread begins.
    const first = x.em.hoistArea(base, stride, bytes, x.frame.site);
    const end = (k: number): Scalar => ({ kind: 'reg', type: 'int', reg: first + k });
    if (part !== 'both') return end(part === 'start' ? 0 : 1);
    return { kind: 'range', start: end(0), end: end(1) };
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
