import type { Document, PropertyItem, ScenarioItem, ThreadItem } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { Place, ThreadPlan } from '../program.ts';
import { nearest, parseNumber } from '../text.ts';
import type { Context } from './context.ts';
import { RegistersExhausted } from './emitter.ts';
import { lowerScalar } from './expr.ts';
import { type Linked, link } from './link.ts';
import type { Planner } from './plan.ts';
import type { Reporter } from './report.ts';
import { lowerBody } from './stmt.ts';
import type { AreaGroup, Frame } from './value.ts';
import type { Words } from './words.ts';

/** A frame at the outermost level: a thread's own text, or a property's. */
export function outerFrame(
  x: Context,
  name: string,
  file: string,
  areas: ReadonlyMap<string, AreaGroup> | null,
  how: { readonly library?: boolean; readonly threads?: number } = {},
): Frame {
  return {
    name,
    fn: null,
    file,
    library: how.library === true,
    parent: 0,
    up: null,
    depth: 0,
    inEntry: false,
    scopes: [],
    returns: 'void',
    returnLabel: x.em.newLabel(),
    result: -1,
    labels: new Map(),
    chain: [],
    loops: [],
    areas,
    began: x.em.now(),
    zeroed: [],
    lastStep: -1,
    site: 0,
    threads: how.threads ?? 0,
  };
}

function linked(x: Context, at: { line: number; col: number }, lower: () => void): Linked {
  try {
    lower();
    const code = link(x.em, x.words.opsByIndex, x.done);
    x.done += code.code.length;
    x.spend(at);
    return code;
  } catch (error) {
    if (error instanceof RegistersExhausted)
      return x.stop(at, `'${x.frame.name}' needs more than 4096 registers`);
    throw error;
  }
}

/** Code of the threads of one declaration; `threads`: how many they are, 0 when that must not matter. */
export function compileThread(
  x: Context,
  t: ThreadItem,
  file: string,
  areas: ReadonlyMap<string, AreaGroup>,
  threads: number,
): Linked {
  x.em = x.newEmitter();
  x.mode = 'code';
  x.labels = new Set();
  x.frame = outerFrame(x, t.name, file, areas, { threads });
  x.frame.site = x.siteAt(t);
  return linked(x, t, () => {
    x.openScope();
    lowerBody(x, t.body.body);
    x.em.bind(x.frame.returnLabel);
    x.closeScope();
    x.frame.site = x.siteAt(t);
    x.emit(Code.HALT, 0);
  });
}

/** Code of a property; it ends in RESULT. */
export function compileProperty(
  x: Context,
  p: PropertyItem,
  file: string,
  areas: ReadonlyMap<string, AreaGroup>,
  library: boolean,
): Linked {
  x.em = x.newEmitter();
  x.mode = 'property';
  x.frame = outerFrame(x, p.name, file, areas, { library });
  x.frame.site = x.siteAt(p);
  return linked(x, p, () => {
    x.openScope();
    const v = lowerScalar(x, p.value);
    x.emit(Code.RESULT, 0, x.reg(v));
    x.closeScope();
  });
}

/** The threads of a declaration as the plan lists them, with their CPUs; `copy`: the number of their process among copies. */
export function threadPlans(
  p: Planner,
  t: ThreadItem,
  n: number,
  template: number,
  process: number,
  copy: number | null,
): ThreadPlan[] {
  const plans: ThreadPlan[] = [];
  for (let k = 0; k < n; k++) {
    // A thread that stands alone in one of many processes is numbered as its process is.
    const index = t.count === undefined && copy !== null ? copy : k;
    let cpu: number | null = null;
    if (t.cpu !== undefined) {
      const value = p.globals.evaluate(
        t.cpu,
        p.file,
        false,
        (name) => (name === 'index' ? index : undefined),
        ['index'],
      );
      // One message is enough for a group.
      if (value === undefined) return [];
      if (!Number.isInteger(value) || value < 0 || value > 65_535) {
        p.reporter.error(p.file, t.cpu, `a CPU is a whole number from 0, found ${value}`);
        return [];
      }
      cpu = value;
    }
    const of = copy === null ? '' : ` ${copy}`;
    const name = t.count === undefined ? `${t.name}${of}` : `${t.name}${of} ${index}`;
    plans.push({ name, template, index, cpu, process, daemon: t.daemon });
  }
  return plans;
}

/**
 * Values that `set` items give to knobs and numbers, and those in force with the overrides; says what is unknown or no
 * number.
 */
export function givenValues(
  reporter: Reporter,
  words: Words,
  scenario: ScenarioItem,
  file: string,
  known: ReadonlyMap<string, 'knob' | 'number'>,
  overrides: Readonly<Record<string, number>>,
  idle: readonly string[] = [],
): { given: ReadonlyMap<string, number>; values: ReadonlyMap<string, number> } {
  const values = new Map<string, number>();
  const { settings } = words.vocabulary;
  const names = [...known.keys(), ...settings, ...idle];
  const seen = new Set<string>();
  for (const s of scenario.items) {
    if (s.kind !== 'set') continue;
    if (seen.has(s.key)) reporter.error(file, s, `'${s.key}' is already set`);
    seen.add(s.key);
    if (settings.includes(s.key)) continue;
    const what = known.get(s.key);
    if (what === undefined) {
      if (idle.includes(s.key)) continue;
      reporter.unknown(file, s, 'name in set:', s.key, names);
      continue;
    }
    const value = parseNumber(s.value);
    if (value === undefined)
      reporter.error(file, s, `expected a number, true or false for ${what} ${s.key}, found '${s.value}'`);
    else values.set(s.key, value);
  }
  const given = new Map(values);
  for (const [name, value] of Object.entries(overrides)) {
    if (settings.includes(name) || (!known.has(name) && idle.includes(name))) continue;
    if (known.has(name)) {
      if (Number.isFinite(value)) values.set(name, value);
      else reporter.error(file, scenario, `the override of ${name} is no number`);
      continue;
    }
    const near = nearest(name, names);
    const hint = near === undefined ? '' : `; nearest: ${near}`;
    reporter.error(file, scenario, `unknown name in an override: '${name}'${hint}`);
  }
  return { given, values };
}

/** Knobs and numbers that documents and the scenario declare. */
export function declaredNames(
  documents: readonly Document[],
  scenario: ScenarioItem,
): Map<string, 'knob' | 'number'> {
  const known = new Map<string, 'knob' | 'number'>();
  for (const d of documents) {
    for (const item of d.items)
      if (item.kind === 'knob' || item.kind === 'number') known.set(item.name, item.kind);
  }
  for (const item of scenario.items) if (item.kind === 'number') known.set(item.name, 'number');
  return known;
}

export function placeOf(file: string, at: { line: number; col: number }): Place {
  return { file, line: at.line, col: at.col };
}
