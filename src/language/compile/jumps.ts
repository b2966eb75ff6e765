import type { Stmt } from '../ast.ts';
import { Code } from '../bytecode.ts';
import { store } from './assign.ts';
import { type Context, childrenOf } from './context.ts';
import { lower } from './expr.ts';
import { accepts, aType, type Frame, type Scalar, typeOf, typeText, type Value } from './value.ts';

/** Makes the labels of a body known before it is lowered, for jumps forward. */
export function collectLabels(x: Context, stmts: readonly Stmt[], chain: readonly Stmt[]): void {
  for (const s of stmts) {
    if (s.kind === 'label') {
      if (x.frame.labels.has(s.name)) x.error(s, `label '${s.name}' is already defined in this function`);
      else x.frame.labels.set(s.name, { label: x.em.newLabel(), chain });
    }
    const inner = s.kind === 'forin' || s.kind === 'atomic' ? [...chain, s] : chain;
    collectLabels(x, childrenOf(s), inner);
  }
}

/** True when a label stands in a statement: then a jump may lead into it. */
export function hasLabel(s: Stmt): boolean {
  return s.kind === 'label' || childrenOf(s).some(hasLabel);
}

/** Leaves the atomic blocks that a jump jumps out of. */
export function leave(x: Context, to: readonly Stmt[]): void {
  for (const s of x.frame.chain.slice(to.length)) if (s.kind === 'atomic') x.emit(Code.ATOMIC_END, 0);
}

/** True inside an atomic block, of a caller too. */
export function inAtomic(x: Context): boolean {
  for (let f: Frame | null = x.frame; f !== null; f = f.up)
    if (f.chain.some((s) => s.kind === 'atomic')) return true;
  return false;
}

/** A label's place in the code. Where the schedule names it, a turn may end there; within a step none can. */
export function lowerLabel(x: Context, name: string): void {
  const info = x.frame.labels.get(name);
  if (info !== undefined && x.em.labels[info.label] === -1) x.em.bind(info.label);
  if (x.em.muted > 0 || x.mode !== 'code') return;
  x.labels.add(name);
  const mark = x.marks.get(name);
  if (mark !== undefined && !inAtomic(x)) x.emit(Code.MARK, mark);
}

/** A jump to a label, out of loops and atomic blocks if need be. */
export function lowerGoto(x: Context, s: Extract<Stmt, { kind: 'goto' }>): void {
  const info = x.frame.labels.get(s.label);
  if (info === undefined) {
    x.unknown(s, 'label', s.label, x.frame.labels.keys());
    return;
  }
  const inside = info.chain.find((outer, k) => x.frame.chain[k] !== outer);
  if (inside !== undefined) {
    const what = inside.kind === 'atomic' ? 'an atomic block' : 'a loop over an iterator';
    x.error(s, `goto cannot enter ${what}: label '${s.label}' stands inside of it`);
    return;
  }
  leave(x, info.chain);
  x.jump(info.label);
}

/** The result into its place, then to the end of the inlined body. */
export function lowerReturn(x: Context, s: Extract<Stmt, { kind: 'return' }>): void {
  const { frame } = x;
  const { returns, result } = frame;
  if (s.value === undefined) {
    if (returns !== 'void' && returns !== '?') x.error(s, `expected ${aType(returns)} behind 'return'`);
  } else if (returns === 'void') {
    x.error(s.value, `'${frame.name}' returns nothing; expected 'return;'`);
  } else {
    const scalar = returns !== 'range';
    const v = lower(x, s.value, scalar ? result : -1);
    if (!accepts(returns, v))
      x.error(s.value, `'${frame.name}' returns ${typeText(returns)}, found ${typeText(typeOf(v))}`);
    if (result >= 0) store(x, resultPlace(frame), v);
  }
  leave(x, []);
  x.jump(frame.returnLabel);
}

/** Registers of a frame's result. */
export function resultPlace(frame: Frame): Value {
  const at = (k: number): Scalar => ({ kind: 'reg', type: 'int', reg: frame.result + k });
  return frame.returns === 'range' ? { kind: 'range', start: at(0), end: at(1) } : at(0);
}
