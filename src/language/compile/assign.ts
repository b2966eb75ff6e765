import type { Assign, AssignOp, BinaryOp, Declare, Expr } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { TypeName } from '../vocabulary.ts';
import type { Context } from './context.ts';
import type { SharedGlobal } from './declared.ts';
import { lower, lowerElement, lowerScalar } from './expr.ts';
import { BINARY_CODE } from './fold.ts';
import { mayUse } from './names.ts';
import { accepts, aType, BAD, type Local, type Scalar, typeOf, typeText, type Value, ZERO } from './value.ts';

/** The operator inside a compound assignment; undefined for '='. */
function operatorOf(op: AssignOp): BinaryOp | undefined {
  return op === '=' ? undefined : (op.slice(0, -1) as BinaryOp);
}

/** The right side as an expression: `x += 1` computes `x + 1`. */
function combined(s: Assign): Expr {
  const op = operatorOf(s.op);
  if (op === undefined) return s.value;
  const { line, col, from, to, endLine } = s;
  return { kind: 'binary', op, left: s.target, right: s.value, height: 1, line, col, from, to, endLine };
}

/** Puts a value into the registers of a local, ranges without running over themselves. */
export function store(x: Context, into: Value, v: Value): void {
  if (into.kind === 'reg' && (v.kind === 'const' || v.kind === 'reg')) x.move(into.reg, v);
  if (into.kind !== 'range' || v.kind !== 'range' || into.start.kind !== 'reg' || into.end.kind !== 'reg')
    return;
  let { end } = v;
  if (end.kind === 'reg' && end.reg === into.start.reg && v.start !== end) {
    const saved: Scalar = { kind: 'reg', type: 'int', reg: x.em.temp() };
    x.move(saved.reg, end);
    end = saved;
  }
  x.move(into.start.reg, v.start);
  x.move(into.end.reg, end);
}

/** A fresh local with registers of its own, freed at the end of its scope. */
export function newLocal(x: Context, type: TypeName, scope: number): Local {
  const n = type === 'range' ? 2 : 1;
  const reg = x.em.alloc(n, x.frame.began);
  for (let k = 0; k < n; k++) x.frame.scopes[scope]?.registers.push(reg + k);
  const at = (k: number): Scalar => ({ kind: 'reg', type: n === 2 ? 'int' : type, reg: reg + k });
  return { type, value: n === 2 ? { kind: 'range', start: at(0), end: at(1) } : at(0), fixed: null };
}

function checkAssigned(x: Context, at: Expr, name: string, local: Local, v: Value): void {
  if (v.kind === 'void') {
    x.error(at, 'expected a value, but this returns nothing');
    return;
  }
  if (local.type === 'null' && v.kind === 'reg') retype(local, v.type);
  if (!accepts(local.type, v)) {
    x.error(at, `'${name}' is ${aType(local.type)}, found ${typeText(typeOf(v))}`);
  }
}

/** A local that held only NULL so far becomes a handle of the first object it gets. */
function retype(local: Local, type: TypeName): void {
  local.type = type;
  if (local.value.kind === 'reg') (local.value as { type: TypeName }).type = type;
}

/** A first assignment to a name that is not declared: a local of the function, of the value's type. */
function implied(x: Context, s: Assign, name: string): void {
  if (s.op !== '=') {
    x.unknown(s.target, 'name', name, () => x.valueNames());
    lower(x, s.value);
    return;
  }
  // The register comes first, so that the value is computed straight into it.
  const scalar = newLocal(x, 'int', 0);
  const reg = scalar.value.kind === 'reg' ? scalar.value.reg : -1;
  const v = lower(x, s.value, reg);
  if (v.kind === 'void') x.error(s.value, 'expected a value, but this returns nothing');
  const type = v.kind === 'bad' || v.kind === 'void' ? '?' : typeOf(v);
  if (type === '?') {
    x.declare(name, { type: '?', value: BAD, fixed: null }, 0);
    return;
  }
  let local: Local = { type, value: { kind: 'reg', type, reg }, fixed: null };
  if (v.kind === 'range') local = newLocal(x, 'range', 0);
  if (local.value.kind === 'reg') x.frame.zeroed.push(local.value.reg);
  else if (local.value.kind === 'range' && local.value.start.kind === 'reg') {
    x.frame.zeroed.push(local.value.start.reg, local.value.start.reg + 1);
  }
  store(x, local.value, v);
  x.declare(name, local, 0);
}

function toName(x: Context, s: Assign, target: Extract<Expr, { kind: 'name' }>): void {
  const { name } = target;
  const local = x.local(name);
  if (local !== undefined) {
    if (local.fixed !== null) {
      x.error(target, `'${name}' cannot be assigned: it is ${local.fixed}`);
      return;
    }
    const { value } = local;
    const v = lower(x, combined(s), value.kind === 'reg' ? value.reg : -1);
    checkAssigned(x, s.value, name, local, v);
    store(x, value, v);
    return;
  }
  const g = x.globals.visible(x.frame.library).get(name);
  if (g?.kind === 'shared') {
    toShared(x, s, target, g);
    return;
  }
  const what =
    (g?.kind === 'lock' && 'a lock') ||
    (g?.kind === 'constant' && `a ${g.what}`) ||
    (x.words.constants.has(name) && 'a constant') ||
    (x.words.variables.has(name) && 'given to every thread') ||
    (name === 'index' && 'given to every thread') ||
    (name === 'NULL' && 'a constant') ||
    (x.frame.areas?.has(name) === true && 'an area');
  if (typeof what === 'string') {
    x.error(target, `'${name}' cannot be assigned: it is ${what}`);
    return;
  }
  if (x.mode === 'ghost') {
    const ghosts = x.globals.shared.filter((v) => v.ghost).map((v) => v.name);
    x.unknown(target, 'ghost variable', name, ghosts);
    return;
  }
  implied(x, s, name);
}

function mayStore(x: Context, at: Expr, ghost: boolean, name: string): boolean {
  if (ghost === (x.mode === 'ghost')) return true;
  x.error(
    at,
    ghost
      ? `'${name}' is a ghost variable; write 'ghost ${name} = ...;'`
      : `'${name}' is no ghost variable; only those are assigned by 'ghost'`,
  );
  return false;
}

function toShared(x: Context, s: Assign, target: Expr, g: SharedGlobal): void {
  if (g.array) {
    x.error(target, `'${g.name}' is an array; expected ${g.name}[...]`);
    return;
  }
  if (!mayStore(x, target, g.ghost, g.name)) return;
  const v = lowerScalar(x, combined(s));
  if (v.type !== 'int') x.error(s.value, `'${g.name}' is a number, found ${typeText(v.type)}`);
  x.emitAt(s, Code.STORE, x.reg(v), g.slot, -1, true);
}

/** Value of `old op value` for places that are read and written once. */
function update(x: Context, s: Assign, old: Scalar): Scalar {
  const op = operatorOf(s.op) as BinaryOp;
  const right = lowerScalar(x, s.value);
  for (const v of [old, right]) {
    if (v.type !== 'int') x.error(s.value, `'${s.op}' works on numbers, found ${typeText(v.type)}`);
  }
  const to: Scalar = { kind: 'reg', type: 'int', reg: x.em.temp() };
  x.emit(BINARY_CODE[op] as Code, to.reg, x.reg(old), x.reg(right));
  return to;
}

function toElement(x: Context, s: Assign, target: Extract<Expr, { kind: 'index' }>): void {
  const slot = lowerElement(x, target);
  if (slot === undefined || !mayStore(x, target, slot.ghost, slot.name)) return;
  let v: Scalar;
  if (s.op === '=') v = lowerScalar(x, s.value);
  else {
    const old: Scalar = { kind: 'reg', type: 'int', reg: x.em.temp() };
    x.emitAt(target, Code.LOAD, old.reg, slot.slot, slot.index, true);
    v = update(x, s, old);
  }
  if (v.type !== 'int') x.error(s.value, `'${slot.name}' holds numbers, found ${typeText(v.type)}`);
  x.emitAt(s, Code.STORE, x.reg(v), slot.slot, slot.index, true);
}

/** `vma->vm_flags |= VM_DEAD`: read, compute, write; the object is found once. */
function toField(x: Context, s: Assign, target: Extract<Expr, { kind: 'field' }>): void {
  const object = lower(x, target.object);
  if (object.kind === 'bad') return;
  if (object.kind === 'range') {
    toRangePart(x, s, target, object);
    return;
  }
  const type = typeOf(object);
  const field = x.words.field(type, target.name);
  if (field === undefined || object.kind === 'void') {
    x.unknown(target, `field of ${typeText(type)}`, target.name, x.words.fieldNames(type));
    return;
  }
  const set = field.set === undefined ? undefined : x.words.ops.get(field.set);
  const get = x.words.ops.get(field.get);
  if (set === undefined) {
    x.error(target, `'${target.name}' of ${type} cannot be assigned`);
    return;
  }
  if (!mayUse(x, target, set.spec.name, set.spec.kind)) return;
  const block = x.em.temp(2);
  let v: Scalar;
  if (s.op === '=') v = lowerScalar(x, s.value, block + 1);
  else {
    const old: Scalar = { kind: 'reg', type: field.type, reg: x.em.temp() };
    if (get !== undefined)
      x.emitAt(target, Code.OP, old.reg, get.index, x.reg(object), get.spec.kind === 'step');
    v = update(x, s, old);
  }
  if (!accepts(field.type, v)) {
    x.error(s.value, `'${target.name}' is ${aType(field.type)}, found ${typeText(v.type)}`);
  }
  x.move(block, object);
  x.move(block + 1, v);
  x.emitAt(s, Code.OP, -1, set.index, block, set.spec.kind === 'step');
}

function toRangePart(
  x: Context,
  s: Assign,
  target: Extract<Expr, { kind: 'field' }>,
  range: Extract<Value, { kind: 'range' }>,
): void {
  if (target.name !== 'start' && target.name !== 'end') {
    x.unknown(target, 'field of a range', target.name, ['start', 'end']);
    return;
  }
  const local = target.object.kind === 'name' ? x.local(target.object.name) : undefined;
  const part = target.name === 'start' ? range.start : range.end;
  if (local === undefined || local.fixed !== null || part.kind !== 'reg') {
    x.error(target, 'only the ends of a local range can be assigned');
    return;
  }
  const v = lowerScalar(x, combined(s), part.reg);
  if (v.type !== 'int') x.error(s.value, `'${target.name}' is a number, found ${typeText(v.type)}`);
  x.move(part.reg, v);
}

/** An assignment to a local, a shared variable, an element, a field, or a name that becomes a local by it. */
export function lowerAssign(x: Context, s: Assign): void {
  const { target } = s;
  if (target.kind === 'name') toName(x, s, target);
  else if (target.kind === 'index') toElement(x, s, target);
  else if (target.kind === 'field') toField(x, s, target);
  else {
    x.error(target, 'expected a variable, an element or a field on the left of the assignment');
    lower(x, s.value);
  }
}

/** The type a declaration names, or '?' with a message. */
export function declaredType(
  x: Context,
  ref: { name: string; line: number; col: number },
  pointer: boolean,
): TypeName {
  const type = x.words.spellings.get(ref.name);
  if (type === undefined) {
    const known = [...x.words.spellings.keys()];
    x.unknown(ref, 'type', ref.name, ref.name.startsWith('struct ') ? known : [...known, 'void']);
    return '?';
  }
  if (pointer && (type === 'int' || type === 'range')) {
    x.error(ref, `a pointer to ${type} is not part of this language`);
    return '?';
  }
  return type;
}

/** `int x = 0, y;`, `struct vm_area_struct *vma;`, `struct mmu_gather tlb;` */
export function lowerDeclare(x: Context, s: Declare): void {
  const scope = x.frame.scopes.length - 1;
  for (const d of s.names) {
    const type = declaredType(x, s.type, d.pointer);
    if (x.frame.scopes[scope]?.names.has(d.name) === true) {
      x.error(d, `'${d.name}' is already declared here`);
    }
    if (type === '?') {
      x.declare(d.name, { type, value: BAD, fixed: null });
      continue;
    }
    if (x.words.isEmbedded(type) && !d.pointer) {
      x.error(d, 'locks are declared outside of functions');
    }
    if (s.type.name.startsWith('struct ') && !d.pointer) {
      if (d.init !== undefined) x.error(d.init, `a ${type} cannot be initialised; it is declared alone`);
      // The structure itself, not a pointer: every thread has one, under the handle 1.
      x.declare(d.name, {
        type,
        value: { kind: 'const', type, value: 1 },
        fixed: 'a structure, not a pointer',
      });
      continue;
    }
    const local = newLocal(x, type, scope);
    const { value } = local;
    const init: Value =
      d.init !== undefined
        ? lower(x, d.init, value.kind === 'reg' ? value.reg : -1)
        : type === 'range'
          ? { kind: 'range', start: ZERO, end: ZERO }
          : ZERO;
    if (d.init !== undefined) checkAssigned(x, d.init, d.name, local, init);
    store(x, value, init);
    x.declare(d.name, local, scope);
  }
}
