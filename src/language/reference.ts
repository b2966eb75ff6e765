import type { Document, Expr, FunctionItem, Stmt } from './ast.ts';

/**
 * Runs integer code straight from the syntax tree, for the tests: an independent second opinion on what the compiler
 * makes of it. Knows locals, calls and control flow without goto; `out(x)` appends to the output.
 */
export class Reference {
  readonly out: number[] = [];
  constants: Readonly<Record<string, number>> = {};
  private readonly functions = new Map<string, FunctionItem>();
  private fuel: number;

  constructor(document: Document, fuel = 100_000) {
    for (const item of document.items) if (item.kind === 'function') this.functions.set(item.name, item);
    this.fuel = fuel;
  }

  /** Runs statements as a thread's own text. False when the fuel ran out. */
  run(body: readonly Stmt[]): boolean {
    try {
      this.list(body, [new Map()]);
      return true;
    } catch (error) {
      if (error instanceof OutOfFuel) return false;
      throw error;
    }
  }

  private burn(): void {
    if (this.fuel-- <= 0) throw new OutOfFuel();
  }

  private call(name: string, args: readonly number[]): number {
    if (name === 'out') {
      this.out.push(args[0] as number);
      return 0;
    }
    if (name === 'echo' || name === 'likely') return args[0] as number;
    if (name === 'min') return Math.min(...args);
    if (name === 'max') return Math.max(...args);
    const f = this.functions.get(name) as FunctionItem;
    const scope = new Map(f.params.map((p, k) => [p.name, args[k] as number]));
    const end = this.list(f.body.body, [scope]);
    return typeof end === 'number' ? end : 0;
  }

  private value(e: Expr, scopes: Scopes): number {
    this.burn();
    switch (e.kind) {
      case 'number':
        return e.value;
      case 'name':
        return scopes.findLast((s) => s.has(e.name))?.get(e.name) ?? this.constants[e.name] ?? 0;
      case 'call':
        return this.call(
          e.callee,
          e.args.map((a) => this.value(a, scopes)),
        );
      case 'cond':
        return this.value(e.test, scopes) !== 0 ? this.value(e.yes, scopes) : this.value(e.no, scopes);
      case 'unary': {
        const v = this.value(e.arg, scopes);
        return e.op === '!' ? Number(v === 0) : e.op === '-' ? 0 - v : ~v;
      }
      case 'binary': {
        if (e.op === '&&')
          return Number(this.value(e.left, scopes) !== 0 && this.value(e.right, scopes) !== 0);
        if (e.op === '||')
          return Number(this.value(e.left, scopes) !== 0 || this.value(e.right, scopes) !== 0);
        return arithmetic(e.op, this.value(e.left, scopes), this.value(e.right, scopes));
      }
      default:
        throw new Error(`not for this: ${e.kind}`);
    }
  }

  private list(stmts: readonly Stmt[], scopes: Scopes): End {
    for (const s of stmts) {
      const end = this.statement(s, scopes);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  private loop(
    scopes: Scopes,
    test: Expr | undefined,
    body: Stmt,
    next: Stmt | undefined,
    first: boolean,
  ): End {
    for (let turn = 0; ; turn++) {
      if ((turn > 0 || !first) && test !== undefined && this.value(test, scopes) === 0) return undefined;
      this.burn();
      const end = this.statement(body, scopes);
      if (end === 'break') return undefined;
      if (end !== undefined && end !== 'continue') return end;
      if (next !== undefined) this.statement(next, scopes);
    }
  }

  private statement(s: Stmt, scopes: Scopes): End {
    this.burn();
    switch (s.kind) {
      case 'block':
        return this.list(s.body, [...scopes, new Map()]);
      case 'assign': {
        const name = s.target.kind === 'name' ? s.target.name : '';
        const right = this.value(s.value, scopes);
        const scope = scopes.findLast((m) => m.has(name)) ?? (scopes[0] as Map<string, number>);
        const old = scope.get(name) ?? 0;
        scope.set(name, s.op === '=' ? right : arithmetic(s.op.slice(0, -1), old, right));
        return undefined;
      }
      case 'declare':
        for (const d of s.names)
          scopes.at(-1)?.set(d.name, d.init === undefined ? 0 : this.value(d.init, scopes));
        return undefined;
      case 'expr':
        this.value(s.value, scopes);
        return undefined;
      case 'if':
        if (this.value(s.test, scopes) !== 0) return this.statement(s.yes, scopes);
        return s.no === undefined ? undefined : this.statement(s.no, scopes);
      case 'while':
        return this.loop(scopes, s.test, s.body, undefined, false);
      case 'dowhile':
        return this.loop(scopes, s.test, s.body, undefined, true);
      case 'for': {
        const inner = [...scopes, new Map<string, number>()];
        if (s.init !== undefined) this.statement(s.init, inner);
        return this.loop(inner, s.test, s.body, s.next, false);
      }
      case 'return':
        return s.value === undefined ? 0 : this.value(s.value, scopes);
      case 'break':
      case 'continue':
        return s.kind;
      default:
        return undefined;
    }
  }
}

type Scopes = Map<string, number>[];
/** How a statement ended: a number is what it returned. */
type End = number | 'break' | 'continue' | undefined;

class OutOfFuel extends Error {}

function arithmetic(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '<=':
      return Number(a <= b);
    case '>':
      return Number(a > b);
    case '>=':
      return Number(a >= b);
    default:
      throw new Error(`not for this: ${op}`);
  }
}
