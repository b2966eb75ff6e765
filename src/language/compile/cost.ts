import type { Cost, Expr, Stmt } from '../ast.ts';
import { Code, CostKind } from '../bytecode.ts';
import type { Context } from './context.ts';
import { lowerScalar } from './expr.ts';
import { type Scalar, typeText } from './value.ts';

/** The cost of a statement is computed before its step: what the step returns is not known yet. */
export function refuseOwnResult(x: Context, s: Stmt, cost: Cost): void {
  const own =
    s.kind === 'assign' && s.target.kind === 'name'
      ? [s.target.name]
      : s.kind === 'declare'
        ? s.names.map((d) => d.name)
        : [];
  const visit = (e: Expr): void => {
    if (e.kind === 'name' && own.includes(e.name) && x.local(e.name) !== undefined) {
      x.error(e, `'${e.name}' gets its value by this statement, but the cost is paid before`);
    }
    if (e.kind === 'unary') visit(e.arg);
    if (e.kind === 'binary') [e.left, e.right].forEach(visit);
    if (e.kind === 'cond') [e.test, e.yes, e.no].forEach(visit);
    if (e.kind === 'call') e.args.forEach(visit);
    if (e.kind === 'field' || e.kind === 'index') visit(e.object);
    if (e.kind === 'index') visit(e.index);
  };
  for (const e of costParts(cost)) visit(e);
}

function costParts(cost: Cost): Expr[] {
  if (cost.kind === 'uniform') return [cost.low, cost.high];
  return [cost.kind === 'fixed' ? cost.value : cost.mean];
}

/** Code that computes a cost, which an explorer may skip, and the COST itself. */
export function lowerCost(x: Context, cost: Cost): void {
  const { em } = x;
  const { mode } = x;
  x.mode = 'cost';
  const start = em.code.length;
  const since = em.labels.length;
  const values = costParts(cost).map((e) => {
    const v = lowerScalar(x, e);
    if (v.type !== 'int') x.error(e, `a cost is a time in nanoseconds, found ${typeText(v.type)}`);
    if (v.kind === 'const' && v.value < 0) x.error(e, `a cost cannot be negative, found ${v.value}`);
    return v;
  });
  const [a, b] = values as [Scalar, Scalar?];
  x.mode = mode;
  const kind =
    cost.kind === 'fixed' ? CostKind.FIXED : cost.kind === 'uniform' ? CostKind.UNIFORM : CostKind.EXP;
  if (kind === CostKind.FIXED && a.kind === 'const' && a.value === 0) return;
  const computes = em.code.length > start;
  x.emit(Code.COST, kind, x.reg(a), b === undefined ? 0 : x.reg(b));
  if (!computes || em.muted > 0) return;
  const skip = em.here();
  em.insert(start, since, x.words.opsByIndex, () => x.emit(Code.COST_CODE, skip));
}
