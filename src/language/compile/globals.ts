import type { Expr, FunctionItem, Item, NumberItem, ScenarioItem } from '../ast.ts';
import type { ConstantGlobal, Fn, Global, LockGlobal, SharedGlobal, Source } from './declared.ts';
import { BUILTINS, notConstant, tryConst } from './fold.ts';
import type { At, Reporter } from './report.ts';
import type { Words } from './words.ts';

const MAX_SLOTS = 65_536;
const UPPER = /^[A-Z][A-Z0-9_]*$/;
const LOWER = /^[a-z][A-Za-z0-9_]*$/;

/** Everything that documents declare outside of functions, with values where they are constant. */
export class Globals {
  /** What library functions see, and what the document's own see: all of it. */
  readonly library = new Map<string, Global>();
  readonly main = new Map<string, Global>();
  readonly functions = new Map<string, Fn>();
  readonly custom: string[] = [];
  readonly shared: SharedGlobal[] = [];
  readonly locks: LockGlobal[] = [];
  slots = 0;
  private readonly words: Words;
  private readonly reporter: Reporter;
  /** Values by name that go before the declared ones. */
  private readonly values: ReadonlyMap<string, number>;
  /** The same without what was overridden. */
  private readonly given: ReadonlyMap<string, number>;

  constructor(
    words: Words,
    reporter: Reporter,
    values: ReadonlyMap<string, number>,
    given: ReadonlyMap<string, number> = values,
  ) {
    this.words = words;
    this.reporter = reporter;
    this.values = values;
    this.given = given;
  }

  /** Takes in a document's declarations. Library documents first. */
  add(source: Source, library: boolean): void {
    const replaces = !library || source.replaces === true;
    for (const item of source.document.items) this.item(item, source.file, library, replaces);
  }

  /** Takes in the numbers of the scenario that is compiled. */
  addNumbers(scenario: ScenarioItem, file: string): void {
    for (const part of scenario.items) if (part.kind === 'number') this.number(part, file, false);
  }

  private item(item: Item, file: string, library: boolean, replaces: boolean): void {
    switch (item.kind) {
      case 'function':
        this.fn(item, file, library, replaces);
        return;
      case 'knob':
        if (!UPPER.test(item.name))
          this.reporter.error(file, item, `a knob's name is UPPER_CASE, not '${item.name}'`);
        this.constant('knob', item.name, item, file, library, item.help, item.value, null);
        return;
      case 'number':
        this.number(item, file, library);
        return;
      case 'const':
        this.constant('constant', item.name, item, file, library, '', item.value, null);
        return;
      case 'enum': {
        let previous: ConstantGlobal | null = null;
        for (const m of item.members) {
          this.constant('constant', m.name, m, file, library, item.name, m.value ?? null, previous);
          const g = this.visible(library).get(m.name);
          previous = g?.kind === 'constant' ? g : null;
        }
        return;
      }
      case 'shared':
        this.sharedVariable(item, file, library);
        return;
      case 'lock':
        this.lock(item, file, library);
        return;
      default:
        return;
    }
  }

  private number(item: NumberItem, file: string, library: boolean): void {
    if (!LOWER.test(item.name))
      this.reporter.error(file, item, `a number's name is lower-case, not '${item.name}'`);
    this.constant('number', item.name, item, file, library, item.help, item.value, null);
  }

  private constant(
    what: ConstantGlobal['what'],
    name: string,
    at: At,
    file: string,
    library: boolean,
    help: string,
    expr: Expr | null,
    previous: ConstantGlobal | null,
  ): void {
    const line = { line: at.line, col: at.col };
    this.declare(library, {
      kind: 'constant',
      what,
      name,
      file,
      at: line,
      help,
      expr,
      previous,
      value: null,
      given: 0,
      state: 'new',
    });
  }

  private sharedVariable(item: Extract<Item, { kind: 'shared' }>, file: string, library: boolean): void {
    const { name, ghost } = item;
    if (this.words.spellings.get(item.type.name) !== 'int') {
      this.reporter.error(file, item.type, `a shared variable is an int, not '${item.type.name}'`);
    }
    const length = item.length === undefined ? 1 : (this.evaluate(item.length, file, library) ?? 1);
    if (!Number.isInteger(length) || length < 1 || this.slots + length > MAX_SLOTS) {
      this.reporter.error(
        file,
        item,
        `the length of ${name} must be a whole number from 1; all together at most ${MAX_SLOTS}`,
      );
      return;
    }
    const initial = item.init === undefined ? 0 : (this.evaluate(item.init, file, library) ?? 0);
    const at = { line: item.line, col: item.col };
    const array = item.length !== undefined;
    const g: SharedGlobal = {
      kind: 'shared',
      name,
      file,
      at,
      ghost,
      array,
      length,
      slot: this.slots,
      initial,
    };
    if (!this.declare(library, g)) return;
    this.slots += length;
    this.shared.push(g);
  }

  private lock(item: Extract<Item, { kind: 'lock' }>, file: string, library: boolean): void {
    const type = this.words.spellings.get(item.type.name);
    if (type === undefined || !this.words.isLock(type)) {
      const locks = [...this.words.spellings].filter(([, t]) => this.words.isLock(t)).map(([name]) => name);
      if (type === undefined) this.reporter.unknown(file, item.type, 'type of lock', item.type.name, locks);
      else {
        const hint = type === 'int' ? `; write 'shared ${item.type.name} ${item.name};'` : '';
        this.reporter.error(
          file,
          item,
          `only locks (${locks.join(', ')}) are declared here, not ${item.type.name}${hint}`,
        );
      }
      return;
    }
    const at = { line: item.line, col: item.col };
    const g: LockGlobal = { kind: 'lock', name: item.name, file, at, type, index: this.locks.length };
    if (this.declare(library, g)) this.locks.push(g);
  }

  private fn(item: FunctionItem, file: string, library: boolean, replaces: boolean): void {
    const { name } = item;
    if (this.words.ops.has(name) || this.words.iterators.has(name) || BUILTINS.includes(name)) {
      this.reporter.error(file, item, `'${name}' is a word of the vocabulary; a function needs another name`);
      return;
    }
    const known = this.functions.get(name);
    // Twice in one document is a mistake even where it may replace what is elsewhere.
    if (known !== undefined && known.library === library && (!replaces || known.file === file)) {
      const { line } = known.item;
      this.reporter.error(file, item, `function '${name}' is already defined in ${known.file}, line ${line}`);
      return;
    }
    if (known !== undefined && !library) this.custom.push(name);
    this.functions.set(name, { item, file, library });
  }

  /** False, with a message, when the name is taken. The document's own declarations replace those of the library. */
  private declare(library: boolean, g: Global): boolean {
    const { name, file, at } = g;
    const words = this.words;
    const taken =
      (words.vocabulary.settings.includes(name) && 'a reserved setting') ||
      (words.constants.has(name) && 'a constant of the vocabulary') ||
      (words.variables.has(name) && 'a variable of every thread') ||
      (words.costs.has(name) && 'a cost') ||
      (name === 'NULL' && 'a constant of the vocabulary');
    if (taken !== false && taken !== undefined) {
      this.reporter.error(file, at, `the name '${name}' is taken: it is ${taken}`);
      return false;
    }
    const old = this.main.get(name);
    const replaces = old !== undefined && !library && this.library.get(name) === old && sameSort(old, g);
    if (old !== undefined && !replaces) {
      const what = `the name '${name}' is taken: it is ${sortOf(old)} of ${old.file}, line ${old.at.line}`;
      this.reporter.error(file, at, what);
      return false;
    }
    if (library || replaces) this.library.set(name, g);
    this.main.set(name, g);
    return true;
  }

  visible(library: boolean): ReadonlyMap<string, Global> {
    return library ? this.library : this.main;
  }

  /** Value of a name in a constant expression. */
  lookup(
    library: boolean,
    extra?: (name: string) => number | undefined,
  ): (name: string) => number | undefined {
    return (name) => {
      const own = extra?.(name);
      if (own !== undefined) return own;
      const g = this.visible(library).get(name);
      if (g !== undefined) return g.kind === 'constant' ? this.valueOf(g, library) : undefined;
      return name === 'NULL' ? 0 : this.words.constants.get(name);
    };
  }

  /** Value of a knob, number or constant; 0 with a message when it has none. */
  valueOf(g: ConstantGlobal, library: boolean): number {
    if (g.state === 'done') return g.value ?? 0;
    if (g.state === 'open') {
      this.reporter.error(g.file, g.at, `the value of '${g.name}' depends on itself`);
      return 0;
    }
    g.state = 'open';
    const given = g.what === 'constant' ? undefined : this.values.get(g.name);
    let value = given;
    // Also with a given value the declared one is checked.
    const declared = g.expr !== null ? this.evaluate(g.expr, g.file, library) : undefined;
    if (value === undefined && g.expr === null)
      value = g.previous === null ? 0 : this.valueOf(g.previous, library) + 1;
    value ??= declared ?? 0;
    g.value = value;
    g.given = this.given.get(g.name) ?? declared ?? value;
    g.state = 'done';
    return value;
  }

  /** Value of a constant expression; undefined with a message when it is not constant. */
  evaluate(
    e: Expr,
    file: string,
    library: boolean,
    extra?: (name: string) => number | undefined,
    known: readonly string[] = [],
  ): number | undefined {
    const lookup = this.lookup(library, extra);
    const value = tryConst(e, lookup);
    if (value !== undefined && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
    if (value !== undefined) {
      this.reporter.error(file, e, 'the value is larger than 2^53');
      return undefined;
    }
    const at = notConstant(e, lookup) ?? e;
    const name = 'name' in at && typeof at.name === 'string' ? at.name : undefined;
    if (name === undefined) this.reporter.error(file, at, 'expected a value that is known before the run');
    else if (this.visible(library).has(name)) {
      this.reporter.error(
        file,
        at,
        `'${name}' is not constant; expected a value that is known before the run`,
      );
    } else
      this.reporter.unknown(file, at, 'constant', name, () => [...this.constantNames(library), ...known]);
    return undefined;
  }

  constantNames(library: boolean): string[] {
    const own = [...this.visible(library).values()].filter((g) => g.kind === 'constant').map((g) => g.name);
    return [...own, ...this.words.constants.keys()];
  }

  /** Knobs or numbers in order of declaration. */
  listed(what: 'knob' | 'number'): ConstantGlobal[] {
    return [...this.main.values()].filter(
      (g): g is ConstantGlobal => g.kind === 'constant' && g.what === what,
    );
  }
}

function sortOf(g: Global): string {
  if (g.kind === 'constant') return `a ${g.what}`;
  return g.kind === 'lock' ? 'a lock' : 'a shared variable';
}

function sameSort(a: Global, b: Global): boolean {
  return sortOf(a) === sortOf(b);
}
