import type { Document, ScenarioItem, ThreadItem } from '../ast.ts';
import type { Diagnostic } from '../program.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { bindParameter, returnType } from './call.ts';
import { Context } from './context.ts';
import type { Fn, Source } from './declared.ts';
import { Globals } from './globals.ts';
import { type Planner, planAreas, processesOf } from './plan.ts';
import { Reporter, Stop } from './report.ts';
import { compileProperty, compileThread, declaredNames, givenValues, outerFrame } from './scenario.ts';
import { checkSchedule } from './schedule.ts';
import { lowerBody } from './stmt.ts';
import { type AreaGroup, BAD, type Frame, type Scalar, type Value } from './value.ts';
import { slotsOf, Words } from './words.ts';

const MAX_SCENARIOS = 256;
const LIMITS = { instructions: 65_536, depth: 16, threads: 4096 };

/** Areas one behind the other: where they stand does not matter to a check. */
function anywhere(areas: readonly { readonly bytes: number }[]): number[] {
  let at = 0;
  return areas.map(({ bytes }) => {
    const start = at;
    at += bytes;
    return start;
  });
}

/** Checks every function of a document by itself, whatever knobs say, and (if wanted) every scenario. */
export function checkSources(
  reporter: Reporter,
  words: Words,
  main: Source,
  library: readonly Source[],
  how: { readonly scenarios: boolean; readonly machine: string },
): void {
  const globals = new Globals(words, reporter, new Map());
  for (const l of library) globals.add(l, true);
  globals.add(main, false);
  // In a compilation numbers of scenarios count as well: every function is checked with those of all scenarios.
  const scenarios = main.document.items.filter((i) => i.kind === 'scenario');
  const x = new Context(words, globals, reporter, null, how.machine, LIMITS);
  const [, ...late] = scenarios.slice(MAX_SCENARIOS - 1);
  if (late[0] !== undefined) {
    reporter.error(
      main.file,
      late[0],
      `a document has at most ${MAX_SCENARIOS} scenarios, found ${scenarios.length}`,
    );
    return;
  }
  const names = new Set<string>();
  for (const s of scenarios) {
    if (names.has(s.name)) reporter.error(main.file, s, `scenario '${s.name}' is already defined`);
    names.add(s.name);
  }
  if (!how.scenarios) addNumbers(globals, scenarios, main.file);
  const properties = new Set<string>();
  for (const item of main.document.items) {
    if (item.kind === 'property') {
      if (properties.has(item.name))
        reporter.error(main.file, item, `property '${item.name}' is already declared`);
      properties.add(item.name);
    }
    if (item.kind === 'knob' || item.kind === 'number' || item.kind === 'const') {
      const g = globals.main.get(item.name);
      if (g?.kind === 'constant') globals.valueOf(g, false);
    }
  }
  if (how.scenarios) for (const s of scenarios) checkScenario(reporter, words, main, library, s);
  if (how.scenarios) addNumbers(globals, scenarios, main.file);
  for (const fn of globals.functions.values()) {
    if (fn.file !== main.file || fn.library) continue;
    x.em = x.newEmitter();
    x.mode = 'code';
    const returns = returnType(x, fn);
    checkFunction(x, fn, { ...outerFrame(x, fn.item.name, fn.file, null), fn, returns });
  }
}

/** Checks a function by itself: its parameters may be anything of their types. */
function checkFunction(x: Context, fn: Fn, frame: Frame): void {
  x.frame = frame;
  x.openScope();
  const names = new Set<string>();
  for (const p of fn.item.params) {
    if (names.has(p.name)) x.error(p, `parameter '${p.name}' appears twice`);
    names.add(p.name);
    const type = x.words.spellings.get(p.type.name);
    if (type === undefined) x.unknown(p, 'type', p.type.name, x.words.spellings.keys());
    const bad = (type === 'int' || type === 'range') && p.pointer;
    if (bad) x.error(p, `a pointer to ${type} is not part of this language`);
    const at = type === undefined ? -1 : x.em.alloc(slotsOf(type));
    const scalar = (k: number): Scalar => ({
      kind: 'reg',
      type: type === 'range' ? 'int' : (type ?? '?'),
      reg: at + k,
    });
    const value: Value =
      type === undefined
        ? BAD
        : type === 'range'
          ? { kind: 'range', start: scalar(0), end: scalar(1) }
          : scalar(0);
    bindParameter(x, p.name, type ?? '?', value, false);
  }
  if (returnType(x, fn) === '?')
    x.unknown(fn.item.type, 'type', fn.item.type.name, [...x.words.spellings.keys(), 'void']);
  lowerBody(x, fn.item.body.body);
  x.closeScope();
}

/** Numbers of all scenarios, each name once, for functions that use them. */
function addNumbers(globals: Globals, scenarios: readonly ScenarioItem[], file: string): void {
  for (const s of scenarios) {
    const items = s.items.filter((i) => i.kind === 'number' && !globals.main.has(i.name));
    globals.addNumbers({ ...s, items }, file);
  }
}

function checkScenario(
  reporter: Reporter,
  words: Words,
  main: Source,
  library: readonly Source[],
  scenario: ScenarioItem,
): void {
  const documents = [...library.map((l) => l.document), main.document];
  const known = declaredNames(documents, scenario);
  const { values } = givenValues(reporter, words, scenario, main.file, known, {});
  const globals = new Globals(words, reporter, values);
  for (const l of library) globals.add(l, true);
  globals.add(main, false);
  globals.addNumbers(scenario, main.file);
  const planner: Planner = { globals, reporter, words, file: main.file, place: anywhere };
  const x = new Context(words, globals, reporter, null, '', LIMITS);
  const processes = processesOf(planner, scenario);
  const all: ReadonlyMap<string, AreaGroup>[] = [];
  const threads: ThreadItem[] = [];
  for (const part of processes) {
    // Copies differ in nothing that could be wrong in one alone.
    if ((part.index ?? 0) > 0) continue;
    const { groups } = planAreas(planner, part);
    all.push(groups);
    for (const t of part.threads) {
      compileThread(x, t, main.file, groups, 0);
      threads.push(t);
    }
  }
  const areas = new Map(all.flatMap((g) => [...g]));
  for (const item of main.document.items) {
    if (item.kind === 'property') compileProperty(x, item, main.file, areas, false);
  }
  checkSchedule(planner, scenario, threads, documents);
}

/**
 * Checks a document by itself, together with the library documents whose functions, knobs and locks it uses: every
 * function, whether it is called or not and whatever knobs say, and every scenario. Costs need no prices. Never throws.
 */
export function check(
  document: Document,
  vocabulary: Vocabulary,
  library: readonly Document[] = [],
): Diagnostic[] {
  const reporter = new Reporter();
  const source = (d: Document): Source => ({ file: d.file, document: d, text: '' });
  try {
    const others = library.filter((l) => l.file !== document.file).map(source);
    checkSources(reporter, new Words(vocabulary), source(document), others, { scenarios: true, machine: '' });
  } catch (error) {
    if (!(error instanceof Stop)) {
      if (!(error instanceof RangeError)) throw error;
      reporter.error(document.file, { line: 1, col: 1 }, 'the text is nested too deeply');
    }
  }
  return reporter.diagnostics;
}
