import { type LockMeta, PAGE_BYTES, TABLE_PAGES } from '../event/index.ts';
import {
  type CatalogueRecord,
  catalogue,
  costTable,
  cpuCount,
  defaults,
  type Machine,
  machineById,
  machines,
  misfits,
  NR_CPUS,
  recordOf,
  recordsOf,
  type StrategyKind,
  sharedFiles,
  usualLock,
  vocabulary,
  withZones,
} from '../kernel/index.ts';
import {
  compile,
  type Diagnostic,
  type Document,
  nearest,
  type Place,
  type Program,
  parse,
  parseNumber,
  scenariosOf,
  type Vocabulary,
} from '../language/index.ts';
import { withTopology, withTransfers } from './machine.ts';

/** A document and the scenario of it to run; without a text, the gallery's of that id. */
export interface Source {
  readonly scenario: string;
  readonly text?: string;
  /** Name of the document in messages. */
  readonly file?: string;
  readonly set: Readonly<Record<string, string>>;
}

/** A scenario with every choice made, compiled. */
export interface Resolved {
  readonly program: Program;
  readonly machine: Machine;
  readonly choices: {
    readonly munmap: string;
    readonly fault: string;
    readonly mmapLock: string;
    readonly mutex: string;
    readonly spinlock: string;
    readonly alloc: string;
    readonly machine: string;
    readonly seed: number;
    readonly grain: 'page' | 'table';
  };
  /** What was given in place of the machine's own, by setting: sockets, cores and threads, and transfer times in ns. */
  readonly given: Readonly<Record<string, number>>;
  /** What the chosen kernel called the process-wide lock. */
  readonly lockLabel: string;
  /** Pairs that no kernel ever had, in words. */
  readonly hypothetical: readonly string[];
  /** Overrides in force, as given. */
  readonly set: Readonly<Record<string, string>>;
}

export type Resolution =
  | { readonly ok: true; readonly value: Resolved }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * A resolution that asks for texts on its way: it yields the path files that were chosen, by name below src/kernel, and goes
 * on with their texts. Whoever has them all need not wait; a page fetches those that it lacks.
 */
export type Resolving = Generator<readonly string[], Resolution, Readonly<Record<string, string>>>;

const OVERRIDE_FILE = '--set';

function refuse(place: Place, message: string, known?: string): Resolution {
  const base: Diagnostic = { ...place, severity: 'error', message };
  return { ok: false, diagnostics: [known === undefined ? base : { ...base, nearest: known }] };
}

/** Where areas stand: in order, from 2 MiB on, each on a page table of its own with one free table between them. */
export function placeAreas(areas: readonly { readonly bytes: number }[]): number[] {
  const table = PAGE_BYTES * TABLE_PAGES;
  let at = table;
  return areas.map(({ bytes }) => {
    const start = at;
    at += Math.ceil(bytes / table) * table + table;
    return start;
  });
}

const parsed = new Map<string, Document>();

/** Library documents never change, so each is parsed once. */
function library(file: string, text: string): { file: string; document: Document; text: string } {
  let document = parsed.get(file);
  if (document === undefined) {
    document = parse(text, file).document;
    parsed.set(file, document);
  }
  return { file, document, text };
}

/**
 * Makes every choice of a scenario (catalogue default, then the scenario's `set`, then overrides) and compiles it.
 * Never throws for bad input: diagnostics name the place, and the nearest known name.
 */
export function* resolveText(source: Source & { readonly text: string }): Resolving {
  const { text, file = 'document.kp' } = source;
  const { document, diagnostics } = parse(text, file);
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) return { ok: false, diagnostics: errors };
  const scenarios = scenariosOf(document);
  const found = source.scenario === '' ? scenarios[0] : scenarios.find((s) => s.name === source.scenario);
  if (found === undefined) {
    const names = scenarios.map((s) => s.name);
    const message =
      names.length === 0 ? `${file} has no scenario` : `${file} has no scenario '${source.scenario}'`;
    return refuse({ file, line: 1, col: 1 }, message, nearest(source.scenario, names));
  }
  return yield* choose(source, document, text, file, found);
}

/** What is said of an id that the gallery does not have. `ids`: those that it has. */
export function unknownScenario(id: string, ids: readonly string[]): Resolution {
  return refuse({ file: 'scenario', line: 1, col: 1 }, `there is no scenario '${id}'`, nearest(id, ids));
}

function* choose(
  source: Source,
  document: Document,
  text: string,
  file: string,
  scenario: {
    readonly name: string;
    readonly settings: Readonly<Record<string, string>>;
    readonly place: Place;
  },
): Resolving {
  /** Value and where it was said. */
  const said = (key: string): { value: string; place: Place } | undefined => {
    const override = source.set[key];
    if (override !== undefined) return { value: override, place: { file: OVERRIDE_FILE, line: 1, col: 1 } };
    const value = scenario.settings[key];
    return value === undefined ? undefined : { value, place: scenario.place };
  };
  const nowhere: Place = { file, line: 1, col: 1 };

  const records: CatalogueRecord[] = [];
  const pick = (kind: StrategyKind, fallback: string): CatalogueRecord | Resolution => {
    const s = said(kind);
    const id = s?.value ?? fallback;
    const record = recordOf(kind, id);
    if (record === undefined) {
      const ids = recordsOf(kind).map((r) => r.id);
      return refuse(s?.place ?? nowhere, `there is no ${kind} '${id}'`, nearest(id, ids) ?? ids[0]);
    }
    records.push(record);
    return record;
  };
  const munmap = pick('munmap', defaults.munmap);
  if ('ok' in munmap) return munmap;
  const fault = pick('fault', defaults.fault);
  if ('ok' in fault) return fault;
  const lock = pick('mmapLock', usualLock(munmap, fault));
  if ('ok' in lock) return lock;
  const mutex = pick('mutex', defaults.mutex);
  if ('ok' in mutex) return mutex;
  const spinlock = pick('spinlock', defaults.spinlock);
  if ('ok' in spinlock) return spinlock;
  const alloc = pick('alloc', defaults.alloc);
  if ('ok' in alloc) return alloc;
  const problems = misfits(records);
  if (problems.length > 0) return refuse(scenario.place, problems.join('; '));

  const machineSaid = said('machine');
  const preset = machineById(machineSaid?.value ?? defaults.machine);
  if (preset === undefined) {
    const ids = machines.map((m) => m.id);
    const id = machineSaid?.value ?? '';
    return refuse(machineSaid?.place ?? nowhere, `there is no machine '${id}'`, nearest(id, ids) ?? ids[0]);
  }
  const built = withTopology(preset, said);
  if ('message' in built) return refuse(built.place, built.message);
  const timed = withTransfers(built.machine, said);
  if ('message' in timed) return refuse(timed.place, timed.message);
  const { machine } = timed;
  const grainSaid = said('grain');
  const grain = grainSaid?.value ?? defaults.grain;
  if (grain !== 'page' && grain !== 'table') {
    return refuse(
      grainSaid?.place ?? nowhere,
      `grain is 'page' or 'table', not '${grain}'`,
      nearest(grain, ['page', 'table']),
    );
  }
  const seedSaid = said('seed');
  const seed = Number(seedSaid?.value ?? defaults.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    return refuse(
      seedSaid?.place ?? nowhere,
      `seed is a whole number from 0 to 4294967295, not '${seedSaid?.value}'`,
    );
  }

  const overrides: Record<string, number> = {};
  for (const [key, value] of Object.entries(source.set)) {
    if (vocabulary.settings.includes(key)) continue;
    // What is no number is refused below, where a key that nobody knows is told first.
    overrides[key] = parseNumber(value) ?? Number.NaN;
  }
  const zoned = alloc.provides.includes('zones');
  const inForce = zoned ? withZones(machine) : machine;
  const [base, ...above] = fault.on ?? [];
  // A lock over ranges has its own text of all who took mmap_sem, whatever munmap and fault are chosen.
  const ranged = lock.file === '' ? [] : [...(lock.on ?? []), lock.file];
  const below = [...sharedFiles, munmap.file, ...(base === undefined ? [] : [base])];
  const replacing = [...above, fault.file, ...ranged, alloc.file].filter((f) => f !== '');
  const texts = yield [...below, ...replacing];
  const libraryOf = (f: string) => library(f, texts[f] ?? '');
  const result = compile({
    vocabulary: wordsOf(machine),
    main: document,
    mainFile: file,
    mainText: text,
    scenario: scenario.name,
    // What a scheme or an allocator does differently goes before what it is like without one.
    library: [...below.map(libraryOf), ...replacing.map((f) => ({ ...libraryOf(f), replaces: true }))],
    overrides,
    // A scenario, or a reader, may set a knob and then choose another strategy.
    idle: catalogue.flatMap((r) => r.knobs),
    costs: costTable(inForce),
    machine: machine.id,
    place: placeAreas,
  });
  const errors = result.diagnostics
    .filter((d) => d.severity === 'error')
    .map((d) => noNumber(d, source.set, document));
  if (result.program === null || errors.length > 0) return { ok: false, diagnostics: errors };
  const hypothetical: string[] = [];
  for (const r of [munmap, fault]) {
    if (
      lock.file === '' &&
      r.mmapLock !== undefined &&
      r.mmapLock !== lock.id &&
      !(r.kernelLocks ?? []).includes(lock.id)
    ) {
      hypothetical.push(`${r.kind} ${r.id} with ${lock.id}: its kernels had ${r.mmapLock}`);
    }
  }
  return {
    ok: true,
    value: {
      program: zoned
        ? { ...result.program, locks: [...result.program.locks, ...zoneLocks(machine)] }
        : result.program,
      machine: inForce,
      choices: {
        munmap: munmap.id,
        fault: fault.id,
        mmapLock: lock.id,
        mutex: mutex.id,
        spinlock: spinlock.id,
        alloc: alloc.id,
        machine: machine.id,
        seed,
        grain,
      },
      given: { ...built.given, ...timed.given },
      lockLabel: (fault.id === defaults.fault ? munmap : fault).lockLabel ?? 'mmap_lock',
      hypothetical,
      set: source.set,
    },
  };
}

/** The vocabulary with the machine's number of CPUs. */
function wordsOf(machine: Machine): Vocabulary {
  const constants = vocabulary.constants.map((c) =>
    c.name === NR_CPUS ? { ...c, value: cpuCount(machine) } : c,
  );
  return { ...vocabulary, constants };
}

/** The locks of zones, node by node: of its free pages, and of its LRU. */
function zoneLocks(machine: Machine): LockMeta[] {
  return Array.from({ length: machine.sockets }, (_, node) => node).flatMap((node) => [
    { name: `zone_lock/${node}`, kind: 'spinlock' as const },
    { name: `lru_lock/${node}`, kind: 'spinlock' as const },
  ]);
}

/** What may stand for a knob or number: of a number, what the one that the document gives it is made of says the units. */
function valuesOf(key: string, document: Document): string {
  const number = document.items
    .flatMap((item) => (item.kind === 'scenario' ? item.items : []))
    .find((item) => item.kind === 'number' && item.name === key);
  if (number?.kind !== 'number') return 'true or false';
  const { value } = number;
  if (value.kind !== 'number') return 'a number, with a unit if it is a time or a size';
  if (/[0-9][num]?s$/.test(value.text)) return 'a number with ns, us, ms or s';
  return /B$/.test(value.text) ? 'a number with KB, MB or GB' : 'a number';
}

/** The compiler knows only that an override is no number; what was given, and what would do, is known here. */
function noNumber(d: Diagnostic, set: Readonly<Record<string, string>>, document: Document): Diagnostic {
  const key = /^the override of (\w+) is no number$/.exec(d.message)?.[1];
  if (key === undefined) return d;
  const message = `'${set[key]}' is no value for ${key}: ${valuesOf(key, document)}`;
  return { file: OVERRIDE_FILE, line: 1, col: 1, severity: 'error', message };
}

/** One line for a diagnostic: place, message, nearest known name. */
export function diagnosticLine(d: Diagnostic): string {
  const place = d.file === OVERRIDE_FILE || d.file === 'scenario' ? d.file : `${d.file}:${d.line}:${d.col}`;
  const known = d.nearest === undefined || d.message.includes('nearest') ? '' : `; nearest: ${d.nearest}`;
  return `${place}: ${d.message}${known}`;
}
