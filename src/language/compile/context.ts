import { Class, objectId, type Site, type SiteIdx } from '../../event/index.ts';
import type { Expr, Stmt } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { Fn } from './declared.ts';
import { Emitter, type LocalRecord } from './emitter.ts';
import { tryConst } from './fold.ts';
import type { Globals } from './globals.ts';
import { type At, type Names, type Reporter, Stop } from './report.ts';
import { BAD, type Frame, type Local, type Mode, type Scalar, type Value } from './value.ts';
import type { Words } from './words.ts';

export interface Limits {
  readonly instructions: number;
  readonly depth: number;
  readonly threads: number;
}

const MAX_WORK = 3_000_000;
const MAX_CALLS = 50_000;

/** The state of a compilation that all its parts share. */
export class Context {
  readonly words: Words;
  readonly globals: Globals;
  readonly reporter: Reporter;
  readonly costs: Readonly<Record<string, number>> | null;
  readonly machine: string;
  readonly limits: Limits;
  /** Knobs count as unknown and calls are not followed: the text is checked, not compiled. */
  readonly checking: boolean;
  readonly sites: Site[] = [{ file: '', line: 0, col: 0, fn: '', parent: 0 }];
  readonly names: Record<string, string[]> = {};
  em: Emitter;
  frame!: Frame;
  mode: Mode = 'code';
  /** Labels that the scenario's schedule names, with the operands of their MARKs. */
  marks: ReadonlyMap<string, number> = new Map();
  /** Labels of the thread that is compiled, those in its calls included. */
  labels = new Set<string>();
  /** Instructions of finished templates. */
  done = 0;
  private work = 0;
  private calls = 0;
  private readonly siteIds = new Map<string, SiteIdx>();
  private readonly assigned = new Map<Fn, ReadonlySet<string>>();

  constructor(
    words: Words,
    globals: Globals,
    reporter: Reporter,
    costs: Readonly<Record<string, number>> | null,
    machine: string,
    limits: Limits,
  ) {
    this.words = words;
    this.globals = globals;
    this.reporter = reporter;
    this.costs = costs;
    this.machine = machine;
    this.limits = limits;
    this.checking = costs === null;
    this.em = this.newEmitter();
    for (const { spec } of words.opsByIndex) {
      for (const p of spec.params) if (p.table !== undefined) this.names[p.table] ??= [''];
    }
    for (const entry of words.vocabulary.entries) this.names[entry.table] ??= [''];
  }

  newEmitter(): Emitter {
    const em = new Emitter(this.words.firstRegister);
    if (this.checking) em.muted = 1;
    return em;
  }

  error(at: At, message: string): Value {
    this.reporter.error(this.frame.file, at, message);
    return BAD;
  }

  unknown(at: At, what: string, name: string, known: Names): Value {
    this.reporter.unknown(this.frame.file, at, what, name, known);
    return BAD;
  }

  /** Reports a limit that no text may pass, and ends the compilation. */
  stop(at: At, message: string): never {
    this.reporter.error(this.frame.file, at, message);
    throw new Stop(message);
  }

  /** Counts work, so that no text takes unbounded time. */
  spend(at: At): void {
    if (++this.work > MAX_WORK) this.stop(at, 'the text takes too long to compile; it calls too much');
    if (this.done + this.em.code.length > this.limits.instructions) {
      this.stop(
        at,
        `the scenario needs more than ${this.limits.instructions} instructions, counting every inlined call`,
      );
    }
  }

  spendCall(at: At): void {
    if (++this.calls > MAX_CALLS) this.stop(at, `the scenario inlines more than ${MAX_CALLS} calls`);
  }

  /** The site of a place in the current frame. */
  siteAt(at: At): SiteIdx {
    const { file, name: fn, parent } = this.frame;
    const key = `${parent}:${at.line}:${at.col}:${file}:${fn}`;
    let id = this.siteIds.get(key);
    if (id === undefined) {
      id = this.sites.length;
      this.sites.push({ file, line: at.line, col: at.col, fn, parent });
      this.siteIds.set(key, id);
    }
    return id;
  }

  /** Number of a name in one of the program's tables. */
  intern(table: string, name: string): number {
    this.names[table] ??= [''];
    const list = this.names[table];
    const known = list.indexOf(name);
    return known >= 0 ? known : list.push(name) - 1;
  }

  /** Emits an instruction that is no step, at the site of the current statement. */
  emit(op: number, x: number, y = 0, z = 0): void {
    this.em.emit(op, x, y, z, this.frame.site);
  }

  /** Emits a step (or a look that stands where steps do not count). */
  emitAt(at: At, op: number, x: number, y: number, z: number, isStep: boolean): void {
    const index = this.em.emit(op, x, y, z, this.siteAt(at));
    if (isStep && this.mode === 'code' && this.em.muted === 0) this.frame.lastStep = index;
  }

  jump(label: number): void {
    this.emit(Code.JMP, label);
  }

  /** The register that holds a value; a constant's is filled before the run. */
  reg(v: Scalar): number {
    return v.kind === 'reg' ? v.reg : this.em.constant(v.value);
  }

  move(to: number, v: Scalar): void {
    const from = this.reg(v);
    if (from !== to) this.emit(Code.MOV, to, from);
  }

  local(name: string): Local | undefined {
    const { scopes } = this.frame;
    for (let k = scopes.length - 1; k >= 0; k--) {
      const found = scopes[k]?.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Names that could stand for a value here, for messages. */
  valueNames(): string[] {
    const { frame, words } = this;
    const own = frame.scopes.flatMap((s) => [...s.names.keys()]);
    const areas = frame.areas === null ? [] : [...frame.areas.keys()];
    const globals = [...this.globals.visible(frame.library).keys()];
    const costs = this.mode === 'cost' ? [...words.costs] : [];
    return [
      ...own,
      ...areas,
      ...globals,
      ...costs,
      ...words.variables.keys(),
      ...words.constants.keys(),
      'NULL',
    ];
  }

  /** Value of an expression that is constant here; parameters with constant arguments count. */
  constantOf(e: Expr): number | undefined {
    if (e.kind === 'number') return e.value;
    const globals = this.globals.visible(this.frame.library);
    return tryConst(e, (name) => {
      const local = this.local(name);
      if (local !== undefined) return local.value.kind === 'const' ? local.value.value : undefined;
      const g = globals.get(name);
      if (g !== undefined) {
        if (g.kind !== 'constant' || (this.checking && g.what === 'knob')) return undefined;
        return this.globals.valueOf(g, this.frame.library);
      }
      if (this.words.variables.has(name)) return undefined;
      if (this.frame.areas?.has(name) === true) return undefined;
      return name === 'NULL' ? undefined : this.words.constants.get(name);
    });
  }

  lockHandle(index: number): number {
    return objectId(Class.LOCK, index);
  }

  /** Names that a function assigns to, which therefore need registers of their own. */
  assignedIn(fn: Fn): ReadonlySet<string> {
    let set = this.assigned.get(fn);
    if (set === undefined) {
      const found = new Set<string>();
      collectAssigned(fn.item.body, found);
      set = found;
      this.assigned.set(fn, set);
    }
    return set;
  }

  openScope(): void {
    this.frame.scopes.push({ names: new Map(), registers: [], records: [] });
  }

  closeScope(): void {
    const scope = this.frame.scopes.pop();
    if (scope === undefined) return;
    for (const r of scope.registers) this.em.free(r, 1);
    if (scope.records.length === 0) return;
    const end = this.em.mark();
    for (const record of scope.records) record.to = end;
  }

  /** Makes a name known in a scope (the innermost unless told otherwise), and to the page. */
  declare(name: string, local: Local, scope = this.frame.scopes.length - 1): void {
    const into = this.frame.scopes[scope];
    into?.names.set(name, local);
    if (into === undefined || this.em.muted > 0) return;
    const from = this.em.mark();
    const record = (n: string, l: { type: string }, v: Scalar): void => {
      const r: LocalRecord = {
        name: n,
        local: l,
        register: this.reg(v),
        frame: this.frame.parent,
        from,
        to: from,
      };
      this.em.locals.push(r);
      into.records.push(r);
    };
    const { value } = local;
    if (value.kind === 'const' || value.kind === 'reg') record(name, local, value);
    if (value.kind !== 'range') return;
    const { start, end } = value;
    if (start.kind === 'reg' && end.kind === 'reg' && end.reg === start.reg + 1) record(name, local, start);
    else {
      record(`${name}.start`, { type: 'int' }, start);
      record(`${name}.end`, { type: 'int' }, end);
    }
  }
}

function collectAssigned(s: Stmt, found: Set<string>): void {
  switch (s.kind) {
    case 'assign': {
      let t: Expr = s.target;
      while (t.kind === 'field') t = t.object;
      if (t.kind === 'name') found.add(t.name);
      return;
    }
    default:
      for (const child of childrenOf(s)) collectAssigned(child, found);
  }
}

/** Statements directly inside a statement. */
export function childrenOf(s: Stmt): readonly Stmt[] {
  switch (s.kind) {
    case 'block':
      return s.body;
    case 'if':
      return s.no === undefined ? [s.yes] : [s.yes, s.no];
    case 'for':
      return [...(s.init === undefined ? [] : [s.init]), s.body, ...(s.next === undefined ? [] : [s.next])];
    case 'while':
    case 'dowhile':
    case 'forin':
    case 'atomic':
      return [s.body];
    default:
      return [];
  }
}
