import type { Document, PropertyItem, ScenarioItem, ThreadItem } from '../ast.ts';
import { WORDS } from '../bytecode.ts';
import type { Diagnostic, Parameter, Program, PropertyCode, Template, ThreadPlan } from '../program.ts';
import { nearest } from '../text.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { checkSources } from './check.ts';
import { Context, type Limits } from './context.ts';
import type { Source } from './declared.ts';
import type { Instruction } from './emitter.ts';
import { Globals } from './globals.ts';
import type { Linked } from './link.ts';
import { expectationOf, extentOf, type Planner, planAreas, processesOf, threadCount } from './plan.ts';
import { Reporter, Stop } from './report.ts';
import {
  compileProperty,
  compileThread,
  declaredNames,
  givenValues,
  placeOf,
  threadPlans,
} from './scenario.ts';
import { marksOf, planSchedule } from './schedule.ts';
import type { AreaGroup } from './value.ts';
import { Words } from './words.ts';

export interface CompileInput {
  readonly vocabulary: Vocabulary;
  readonly main: Document;
  readonly mainFile: string;
  readonly mainText: string;
  readonly scenario: string;
  /** Path files in force; functions of `main` replace theirs. */
  readonly library: readonly Source[];
  /** Knobs and numbers by name; they go before what the scenario sets. Settings among them are ignored. */
  readonly overrides: Readonly<Record<string, number>>;
  /** Knobs of path files that are not in force: to set them is no error and has no effect. */
  readonly idle?: readonly string[];
  /** Prices of the vocabulary's costs, in ns. */
  readonly costs: Readonly<Record<string, number>>;
  /** Name of the machine, for messages. */
  readonly machine: string;
  /** Start byte of each area of one process. */
  readonly place: (areas: readonly { readonly bytes: number }[]) => readonly number[];
  readonly limits?: Partial<Limits>;
}

const LIMITS: Limits = { instructions: 65_536, depth: 16, threads: 4096 };

export interface CompileResult {
  /** Null when a diagnostic is an error. */
  readonly program: Program | null;
  readonly diagnostics: Diagnostic[];
}

/**
 * Compiles one scenario of a document. Never throws for bad input: every problem is a diagnostic with file, line and
 * column. Time and size are bounded: at most 65,536 instructions, calls inlined at most 16 deep, 4096 threads.
 */
export function compile(input: CompileInput): CompileResult {
  const reporter = new Reporter();
  try {
    const program = new Compilation(input, reporter).run();
    return { program: reporter.failed ? null : program, diagnostics: reporter.diagnostics };
  } catch (error) {
    if (!(error instanceof Stop)) {
      // The stack is the one resource that is not counted; whatever else is thrown is a defect of this room.
      if (!(error instanceof RangeError)) throw error;
      reporter.error(input.mainFile, { line: 1, col: 1 }, 'the text is nested too deeply');
    }
    return { program: null, diagnostics: reporter.diagnostics };
  }
}

class Compilation {
  private readonly input: CompileInput;
  private readonly reporter: Reporter;
  private readonly words: Words;
  private readonly limits: Limits;

  constructor(input: CompileInput, reporter: Reporter) {
    this.input = input;
    this.reporter = reporter;
    this.words = new Words(input.vocabulary);
    this.limits = { ...LIMITS, ...input.limits };
  }

  private findScenario(): ScenarioItem | undefined {
    const { main, mainFile, scenario } = this.input;
    const all = main.items.filter((i) => i.kind === 'scenario');
    const found = all.find((s) => s.name === scenario);
    if (found !== undefined) return found;
    const near = nearest(
      scenario,
      all.map((s) => s.name),
    );
    const hint =
      all.length === 0 ? '; the document has none' : near === undefined ? '' : `; nearest: ${near}`;
    this.reporter.error(mainFile, { line: 1, col: 1 }, `unknown scenario '${scenario}'${hint}`);
    return undefined;
  }

  run(): Program | null {
    const { input, reporter, words, limits } = this;
    const main: Source = { file: input.mainFile, document: input.main, text: input.mainText };
    const scenario = this.findScenario();
    if (scenario === undefined) return null;
    // The document's own functions are checked as a whole, whether a thread calls them or not.
    checkSources(reporter, words, main, input.library, { scenarios: false, machine: input.machine });
    const documents = [...input.library.map((l) => l.document), input.main];
    const known = declaredNames(documents, scenario);
    const { given, values } = givenValues(
      reporter,
      words,
      scenario,
      input.mainFile,
      known,
      input.overrides,
      input.idle ?? [],
    );
    const globals = new Globals(words, reporter, values, given);
    for (const l of input.library) globals.add(l, true);
    globals.add(main, false);
    globals.addNumbers(scenario, input.mainFile);
    const planner: Planner = { globals, reporter, words, file: input.mainFile, place: input.place };
    const x = new Context(words, globals, reporter, input.costs, input.machine, limits);

    x.marks = marksOf(scenario);

    const parts: Linked[] = [];
    const threads: ThreadPlan[] = [];
    const templates: { name: string; linked: Linked; entry: number; labels: ReadonlySet<string> }[] = [];
    /** Copies of a process whose areas lie alike run the same code. */
    const made = new Map<ThreadItem, { readonly places: string; readonly template: number }>();
    const processes = processesOf(planner, scenario);
    const plans = processes.map((part) => planAreas(planner, part));
    const extentNs = extentOf(planner, scenario);
    if (processes.every((p) => p.threads.length === 0))
      reporter.error(input.mainFile, scenario, `scenario ${scenario.name} has no threads`);
    processes.forEach((part, process) => {
      for (const t of part.threads) {
        const n = threadCount(planner, t, limits.threads);
        if (threads.length + n > limits.threads) {
          reporter.error(input.mainFile, t, `a scenario has at most ${limits.threads} threads`);
          throw new Stop();
        }
        const { groups } = plans[process] as (typeof plans)[number];
        const places = JSON.stringify([...groups]);
        const before = made.get(t);
        if (before?.places === places) {
          threads.push(...threadPlans(planner, t, n, before.template, process, part.index));
          continue;
        }
        const entry = x.done;
        const code = compileThread(x, t, input.mainFile, groups, part.index === null ? n : 0);
        threads.push(...threadPlans(planner, t, n, templates.length, process, part.index));
        made.set(t, { places, template: templates.length });
        templates.push({ name: t.name, linked: code, entry, labels: x.labels });
        parts.push(code);
      }
    });
    const areas = commonAreas(plans.map((p) => p.groups));
    const properties: { item: PropertyItem; file: string; linked: Linked; entry: number }[] = [];
    for (const { source, item } of propertiesOf(main, input.library)) {
      const entry = x.done;
      const code = compileProperty(x, item, source.file, areas, source !== main);
      properties.push({ item, file: source.file, linked: code, entry });
      parts.push(code);
    }
    const schedule = planSchedule(planner, scenario, threads, templates);
    const expect = expectationOf(
      planner,
      scenario,
      properties.map((p) => p.item.name),
    );
    if (reporter.failed) return null;

    const registers = parts.reduce((n, p) => Math.max(n, p.high + p.pinned.length), words.firstRegister);
    if (registers > 4096) {
      reporter.error(
        input.mainFile,
        scenario,
        `the scenario needs ${registers} registers per thread; at most 4096 are possible`,
      );
      return null;
    }
    const code = parts.flatMap((p) => p.code);
    const used = new Set(code.map((i) => x.sites[i.site]?.file ?? ''));
    const valuesOf = (what: 'knob' | 'number') =>
      globals.listed(what).map((g): Parameter => {
        const value = globals.valueOf(g, false);
        return { name: g.name, value, given: g.given, help: g.help };
      });
    return {
      code: pack(code),
      siteOf: Uint32Array.from(code, (i) => i.site),
      sites: x.sites,
      registers,
      templates: templates.map(({ name, linked, entry }): Template => {
        return { name, entry, locals: linked.locals, init: initial(linked, registers) };
      }),
      properties: properties.map(({ item, file, linked, entry }): PropertyCode => {
        const { property: kind, name, sentence } = item;
        return { kind, name, sentence, entry, init: initial(linked, registers), place: placeOf(file, item) };
      }),
      shared: globals.shared.map(({ name, slot, length, initial: value, ghost }) => ({
        name,
        slot,
        length,
        initial: value,
        ghost,
      })),
      sharedSlots: globals.slots,
      locks: globals.locks.map((l) => ({ name: l.name, kind: words.types.get(l.type)?.lock ?? 'mutex' })),
      names: x.names,
      scenario: {
        name: scenario.name,
        title: scenario.title,
        expect,
        extentNs,
        processes: plans.map((p) => p.plan),
        threads,
        schedule,
        numbers: valuesOf('number'),
        knobs: valuesOf('knob'),
      },
      custom: globals.custom,
      texts: Object.fromEntries(
        [main, ...input.library].filter((s) => used.has(s.file)).map((s) => [s.file, s.text]),
      ),
    };
  }
}

/** Areas that properties may name: those whose name is unique among the processes. */
export function commonAreas(groups: readonly ReadonlyMap<string, AreaGroup>[]): Map<string, AreaGroup> {
  const found = new Map<string, AreaGroup>();
  const twice = new Set<string>();
  for (const g of groups) {
    for (const [name, area] of g) {
      if (found.has(name)) twice.add(name);
      found.set(name, area);
    }
  }
  for (const name of twice) found.delete(name);
  return found;
}

/** Properties of a document and its library, each name once: the document's own go first. */
export function propertiesOf(
  main: Source,
  library: readonly Source[],
): { source: Source; item: PropertyItem }[] {
  const all = [main, ...library].flatMap((source) =>
    source.document.items.flatMap((item) => (item.kind === 'property' ? [{ source, item }] : [])),
  );
  const seen = new Set<string>();
  return all.filter(({ item: { name } }) => !seen.has(name) && seen.add(name));
}

function initial(linked: Linked, registers: number): Float64Array {
  const init = new Float64Array(registers);
  init.set(linked.pinned, linked.high);
  return init;
}

function pack(code: readonly Instruction[]): Int32Array {
  const words = new Int32Array(code.length * WORDS);
  code.forEach((i, k) => {
    words[k * WORDS] = i.op;
    words[k * WORDS + 1] = i.x;
    words[k * WORDS + 2] = i.y;
    words[k * WORDS + 3] = i.z;
  });
  return words;
}
