import type { AreaItem, Expr, ProcessItem, ScenarioItem, ThreadItem } from '../ast.ts';
import type { AreaPlan, Expectation, ProcessPlan } from '../program.ts';
import type { Globals } from './globals.ts';
import type { Reporter } from './report.ts';
import type { AreaGroup } from './value.ts';
import type { Words } from './words.ts';

/** Name of the process that areas and threads belong to which are declared outside of any. */
export const IMPLICIT_PROCESS = 'app';
const DEFAULT_EXTENT_NS = 1e9;
const MAX_AREAS = 4096;
const MAX_PROCESSES = 256;
const MAX_BYTES = 2 ** 50;

export interface ProcessParts {
  readonly name: string;
  readonly item: ProcessItem | null;
  /** Its number in a group of processes, from 0; null where it stands alone. */
  readonly index: number | null;
  readonly areas: AreaItem[];
  readonly threads: ThreadItem[];
}

/** What the parts of a plan need to evaluate constants and to complain. */
export interface Planner {
  readonly globals: Globals;
  readonly reporter: Reporter;
  readonly words: Words;
  readonly file: string;
  readonly place: (areas: readonly { readonly bytes: number }[]) => readonly number[];
}

function duplicate(
  p: Planner,
  what: string,
  seen: Set<string>,
  item: { name: string; line: number; col: number },
): void {
  if (seen.has(item.name)) p.reporter.error(p.file, item, `${what} '${item.name}' is already declared`);
  seen.add(item.name);
}

/** Sorts areas and threads into processes; what stands outside of any belongs to one of its own. */
export function processesOf(p: Planner, scenario: ScenarioItem): ProcessParts[] {
  const found: ProcessParts[] = [];
  const names = new Set<string>();
  const threads = new Set<string>();
  const implicit: ProcessParts = {
    name: IMPLICIT_PROCESS,
    item: null,
    index: null,
    areas: [],
    threads: [],
  };
  for (const item of scenario.items) {
    if (item.kind !== 'process') continue;
    duplicate(p, 'process', names, item);
    const part: ProcessParts = { name: item.name, item, index: null, areas: [], threads: [] };
    for (const inner of item.items) {
      if (inner.kind === 'area') part.areas.push(inner);
      else {
        part.threads.push(inner);
        if (inner.process !== undefined)
          p.reporter.error(p.file, inner, `thread '${inner.name}' stands in process ${item.name} already`);
      }
    }
    found.push(part);
  }
  for (const part of found) for (const t of part.threads) duplicate(p, 'thread', threads, t);
  for (const item of scenario.items) {
    if (item.kind === 'area') implicit.areas.push(item);
    if (item.kind !== 'thread') continue;
    const home = item.process === undefined ? implicit : found.find((f) => f.name === item.process);
    if (home === undefined) p.reporter.unknown(p.file, item, 'process', item.process ?? '', names);
    else {
      home.threads.push(item);
      duplicate(p, 'thread', threads, item);
    }
  }
  if (implicit.areas.length + implicit.threads.length > 0) {
    if (names.has(IMPLICIT_PROCESS)) {
      p.reporter.error(
        p.file,
        scenario,
        `what stands outside of processes belongs to '${IMPLICIT_PROCESS}'; name the other one differently`,
      );
    }
    found.unshift(implicit);
  }
  return found.flatMap((part) => copiesOf(p, part));
}

/** The processes that one declaration makes: alike but for `index`. */
function copiesOf(p: Planner, part: ProcessParts): ProcessParts[] {
  if (part.item?.count === undefined) return [part];
  const n = count(p, part.item.count, `processes ${part.name}`, MAX_PROCESSES);
  return Array.from({ length: n }, (_, index) => ({ ...part, name: `${part.name} ${index}`, index }));
}

function count(p: Planner, e: Expr | undefined, what: string, most: number): number {
  if (e === undefined) return 1;
  const n = p.globals.evaluate(e, p.file, false);
  if (n === undefined) return 1;
  if (Number.isInteger(n) && n >= 1 && n <= most) return n;
  p.reporter.error(p.file, e, `the number of ${what} must be a whole number from 1 to ${most}, found ${n}`);
  return 1;
}

/** How many threads a declaration makes. */
export function threadCount(p: Planner, t: ThreadItem, most: number): number {
  return count(p, t.count, `threads ${t.name}`, most);
}

/** Places the areas of a process; by name for its threads, in a row for the plan. */
export function planAreas(
  p: Planner,
  part: ProcessParts,
): { plan: ProcessPlan; groups: Map<string, AreaGroup> } {
  const sizes: { item: AreaItem; bytes: number; n: number }[] = [];
  const names = new Set<string>();
  let total = 0;
  for (const item of part.areas) {
    duplicate(p, 'area', names, item);
    const clash = p.globals.main.get(item.name);
    if (clash !== undefined || p.words.variables.has(item.name) || p.words.constants.has(item.name)) {
      p.reporter.error(p.file, item, `the name '${item.name}' of an area is taken`);
    }
    for (const flag of item.flags) {
      const known = p.words.vocabulary.areaFlags.map((f) => f.name);
      if (!known.includes(flag))
        p.reporter.unknown(p.file, item, `word behind the size of area ${item.name}`, flag, known);
    }
    const { index } = part;
    const bytes =
      index === null
        ? p.globals.evaluate(item.size, p.file, false)
        : p.globals.evaluate(item.size, p.file, false, (name) => (name === 'index' ? index : undefined), [
            'index',
          ]);
    if (bytes !== undefined && !(bytes > 0 && bytes <= MAX_BYTES && Number.isInteger(bytes))) {
      p.reporter.error(
        p.file,
        item.size,
        `an area has from 1 byte to ${MAX_BYTES / 2 ** 40} TB, found ${bytes} bytes`,
      );
    }
    const n = count(p, item.count, `areas ${item.name}`, MAX_AREAS);
    total += n;
    sizes.push({ item, bytes: bytes !== undefined && bytes > 0 && bytes <= MAX_BYTES ? bytes : 4096, n });
  }
  if (total > MAX_AREAS)
    p.reporter.error(
      p.file,
      part.item ?? { line: 1, col: 1 },
      `a process has at most ${MAX_AREAS} areas, found ${total}`,
    );
  const flat =
    total > MAX_AREAS ? [] : sizes.flatMap(({ bytes, n }) => Array.from({ length: n }, () => ({ bytes })));
  const starts = p.place(flat);
  const groups = new Map<string, AreaGroup>();
  const areas: AreaPlan[] = [];
  let at = 0;
  for (const { item, bytes, n } of sizes) {
    const own = starts.slice(at, at + n);
    at += n;
    const array = item.count !== undefined;
    groups.set(item.name, { starts: own, bytes, array });
    own.forEach((startByte, k) => {
      areas.push({ name: array ? `${item.name}[${k}]` : item.name, startByte, bytes, flags: item.flags });
    });
  }
  return { plan: { name: part.name, areas }, groups };
}

/** The span of the axis, which is also the time limit. One second unless the scenario says otherwise. */
export function extentOf(p: Planner, scenario: ScenarioItem): number {
  const items = scenario.items.filter((i) => i.kind === 'extent');
  const [first, second] = items;
  if (second !== undefined) p.reporter.error(p.file, second, 'the extent is already given');
  if (first === undefined) return DEFAULT_EXTENT_NS;
  const ns = p.globals.evaluate(first.value, p.file, false);
  if (ns !== undefined && !(ns >= 1 && Number.isFinite(ns))) {
    p.reporter.error(p.file, first.value, `an extent is a time from 1ns, found ${ns}`);
    return DEFAULT_EXTENT_NS;
  }
  return Math.round(ns ?? DEFAULT_EXTENT_NS);
}

/** What the scenario says must come out. */
export function expectationOf(
  p: Planner,
  scenario: ScenarioItem,
  properties: readonly string[],
): Expectation | null {
  const { expect } = scenario;
  if (expect === undefined) return null;
  const { outcome, invariant } = expect;
  if (outcome === 'violation' && invariant !== undefined) {
    const known = [...p.words.vocabulary.invariants, ...properties];
    if (!known.includes(invariant)) p.reporter.unknown(p.file, expect, 'invariant', invariant, known);
    return { outcome, invariant };
  }
  if (outcome === 'pass' || outcome === 'deadlock' || outcome === 'stuck' || outcome === 'limit')
    return { outcome };
  return null;
}
