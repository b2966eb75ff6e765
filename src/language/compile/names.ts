import type { Expr } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { TypeName } from '../vocabulary.ts';
import type { Context } from './context.ts';
import { BAD, type Mode, type Value } from './value.ts';

/** A register for a result: the caller's, or a temporary. */
export function computed(
  x: Context,
  dest: number,
  type: TypeName = 'int',
): { kind: 'reg'; type: TypeName; reg: number } {
  return { kind: 'reg', type, reg: dest >= 0 ? dest : x.em.temp() };
}

/** A name on its own: a local, a cost, an area, a lock, a constant or a shared variable. */
export function lowerName(x: Context, e: Extract<Expr, { kind: 'name' }>, dest: number): Value {
  const { name } = e;
  const local = x.local(name);
  if (local !== undefined) return local.value;
  if (x.mode === 'cost' && x.words.costs.has(name)) return price(x, e);
  const variable = name === 'index' && !x.words.variables.has(name) ? INDEX : x.words.variables.get(name);
  if (variable !== undefined) {
    if (x.mode === 'property') return x.error(e, `'${name}' belongs to a thread; a property cannot use it`);
    if (variable.type === 'range') return pair('int', variable.register);
    return { kind: 'reg', type: variable.type, reg: variable.register };
  }
  const area = x.frame.areas?.get(name);
  if (area !== undefined) {
    if (area.array) return x.error(e, `'${name}' is a row of areas; expected ${name}[...]`);
    const start = area.starts[0] ?? 0;
    return {
      kind: 'range',
      start: { kind: 'const', type: 'int', value: start },
      end: { kind: 'const', type: 'int', value: start + area.bytes },
    };
  }
  const g = x.globals.visible(x.frame.library).get(name);
  if (g === undefined) {
    if (name === 'NULL') return { kind: 'const', type: 'null', value: 0 };
    const value = x.words.constants.get(name);
    if (value !== undefined) return { kind: 'const', type: 'int', value };
    if (x.words.costs.has(name)) return x.error(e, `'${name}' is a cost; costs stand behind '@' only`);
    return x.unknown(e, 'name', name, () => x.valueNames());
  }
  if (g.kind === 'lock') return { kind: 'const', type: g.type, value: x.lockHandle(g.index) };
  if (g.kind === 'constant') {
    const value = x.globals.valueOf(g, x.frame.library);
    // A check must hold whatever a knob says: its value counts as unknown.
    if (x.checking && g.what === 'knob') return { kind: 'reg', type: 'int', reg: 0 };
    return { kind: 'const', type: 'int', value };
  }
  if (g.array) return x.error(e, `'${name}' is an array; expected ${name}[...]`);
  if (!mayLoad(x, e, g.ghost, name)) return BAD;
  const to = computed(x, dest);
  x.emitAt(e, Code.LOAD, to.reg, g.slot, -1, true);
  return to;
}

const INDEX = { type: 'int', register: 0 };

function pair(type: TypeName, reg: number): Value {
  return { kind: 'range', start: { kind: 'reg', type, reg }, end: { kind: 'reg', type, reg: reg + 1 } };
}

/** Whether a shared variable may be read here; says so if not. */
export function mayLoad(x: Context, e: Expr, ghost: boolean, name: string): boolean {
  if (x.mode === 'cost') {
    x.error(e, `a cost cannot read the shared variable '${name}'; read it into a local first`);
    return false;
  }
  if (ghost && x.mode !== 'property' && x.mode !== 'ghost') {
    x.error(e, `'${name}' is a ghost variable; only properties and ghost statements read it`);
    return false;
  }
  return true;
}

function price(x: Context, e: Extract<Expr, { kind: 'name' }>): Value {
  if (x.costs === null) return { kind: 'reg', type: 'int', reg: 0 };
  const value = Object.hasOwn(x.costs, e.name) ? x.costs[e.name] : undefined;
  if (value === undefined) return x.error(e, `cost '${e.name}' has no price on machine ${x.machine}`);
  return { kind: 'const', type: 'int', value };
}

/** How messages call what may only look. */
export const WHERE: Readonly<Record<Mode, string>> = {
  code: 'here',
  cost: 'a cost',
  wait: 'wait_until',
  property: 'a property',
  ghost: 'a ghost statement',
};

/** Whether an operation of this kind may stand here; says so if not. */
export function mayUse(x: Context, e: Expr, name: string, kind: 'step' | 'pure' | 'peek'): boolean {
  if (kind === 'peek' && x.mode === 'code') {
    x.error(
      e,
      `'${name}' looks without being a step; only costs, wait_until, properties and ghost code may use it`,
    );
    return false;
  }
  if (kind === 'step' && x.mode !== 'code') {
    x.error(e, `'${name}' is a step; ${WHERE[x.mode]} can only look (operations marked peek or pure)`);
    return false;
  }
  return true;
}
