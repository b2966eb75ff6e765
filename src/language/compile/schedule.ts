import type { Document, Expr, ScenarioItem, ScheduleItem, Stmt, ThreadItem, TurnItem } from '../ast.ts';
import { Code } from '../bytecode.ts';
import type { ThreadPlan, TurnPlan } from '../program.ts';
import { nearest } from '../text.ts';
import { childrenOf } from './context.ts';
import type { Linked } from './link.ts';
import type { Planner } from './plan.ts';

/** What a turn may go to beside labels: the end of its thread. */
const END = 'end';
const MAX_TIMES = 2 ** 31 - 1;

function schedulesOf(scenario: ScenarioItem): ScheduleItem[] {
  return scenario.items.filter((i) => i.kind === 'schedule');
}

/** The label that a turn goes to; undefined where it goes to the end of its thread. */
function labelOf(turn: TurnItem): string | undefined {
  return turn.until === END ? undefined : turn.until;
}

/** The labels that the schedule of a scenario names, numbered. */
export function marksOf(scenario: ScenarioItem): Map<string, number> {
  const marks = new Map<string, number>();
  for (const turn of schedulesOf(scenario).flatMap((s) => s.turns)) {
    const label = labelOf(turn);
    if (label !== undefined && !marks.has(label)) marks.set(label, marks.size);
  }
  return marks;
}

/** The turns of a scenario; complains about what can be wrong with them apart from names. */
function turnsOf(p: Planner, scenario: ScenarioItem): readonly TurnItem[] {
  const [first, second] = schedulesOf(scenario);
  if (second !== undefined) p.reporter.error(p.file, second, 'the schedule is already given');
  for (const { until, times } of first?.turns ?? []) {
    if (until === END && times !== undefined) p.reporter.error(p.file, times, 'a thread ends only once');
  }
  return first?.turns ?? [];
}

/** How a schedule names a thread that the trace calls 'faulter 3': faulter[3]. */
function spelt(name: string): string {
  const [word = '', ...numbers] = name.split(' ');
  return word + numbers.map((n) => `[${n}]`).join('');
}

/** A constant of a turn that counts something; undefined when it was complained about. */
function counted(p: Planner, e: Expr, least: number, what: string): number | undefined {
  const value = p.globals.evaluate(e, p.file, false);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= MAX_TIMES)) return value;
  p.reporter.error(p.file, e, `${what} is a whole number from ${least}, found ${value}`);
  return undefined;
}

/** Index of the thread that a turn names, -1 when it was complained about. */
function threadOf(p: Planner, turn: TurnItem, names: readonly string[]): number {
  const numbers = turn.index.map((e) => counted(p, e, 0, 'the number of a thread'));
  if (numbers.includes(undefined)) return -1;
  const name = turn.thread + numbers.map((n) => `[${n}]`).join('');
  const found = names.indexOf(name);
  if (found >= 0) return found;
  // Numbers are no misspelling: of a word that is known, the nearest thread is one of its own.
  const words = names.map((n) => n.replace(/\[.*/, ''));
  const word = words.includes(turn.thread) ? turn.thread : nearest(turn.thread, words);
  const meant = `${word}${name.slice(turn.thread.length)}`;
  const known = names.includes(meant) ? meant : names.findLast((_, k) => words[k] === word);
  const hint = known === undefined ? '' : `; nearest: ${known}`;
  p.reporter.error(p.file, turn, `unknown thread '${name}'${hint}`);
  return -1;
}

/** Code of the threads of one declaration, with the labels in it. */
interface Text {
  readonly linked: Linked;
  readonly labels: ReadonlySet<string>;
}

/** The turns of a scenario's schedule, with their threads and labels found. */
export function planSchedule(
  p: Planner,
  scenario: ScenarioItem,
  threads: readonly ThreadPlan[],
  texts: readonly Text[],
): TurnPlan[] {
  const marks = marksOf(scenario);
  const names = threads.map((t) => spelt(t.name));
  const plans: TurnPlan[] = [];
  for (const turn of turnsOf(p, scenario)) {
    const thread = threadOf(p, turn, names);
    const times = turn.times === undefined ? 1 : counted(p, turn.times, 1, 'how often a label is come to');
    const text = texts[threads[thread]?.template ?? -1];
    if (text === undefined || times === undefined) continue;
    const label = labelOf(turn);
    const mark = label === undefined ? -1 : (marks.get(label) ?? -1);
    const reached = mark < 0 || text.linked.code.some((i) => i.op === Code.MARK && i.x === mark);
    if (label !== undefined && !text.labels.has(label))
      p.reporter.unknown(p.file, turn, `label in the code of ${names[thread]}`, label, text.labels);
    else if (!reached) {
      const why = 'it stands in an atomic block, or nothing leads there';
      p.reporter.error(p.file, turn, `no turn can end at label '${label}': ${why}`);
    }
    plans.push({ thread, mark, times, place: { file: p.file, line: turn.line, col: turn.col } });
  }
  return plans;
}

function collect(statements: readonly Stmt[], labels: Set<string>): void {
  for (const s of statements) {
    if (s.kind === 'label') labels.add(s.name);
    collect(childrenOf(s), labels);
  }
}

/** Checks a schedule without the code of its threads: their words, and labels that stand in no text at all. */
export function checkSchedule(
  p: Planner,
  scenario: ScenarioItem,
  threads: readonly ThreadItem[],
  documents: readonly Document[],
): void {
  const turns = turnsOf(p, scenario);
  if (turns.length === 0) return;
  const labels = new Set<string>();
  for (const t of threads) collect(t.body.body, labels);
  for (const item of documents.flatMap((d) => d.items))
    if (item.kind === 'function') collect(item.body.body, labels);
  const words = threads.map((t) => t.name);
  for (const turn of turns) {
    const label = labelOf(turn);
    if (!words.includes(turn.thread)) p.reporter.unknown(p.file, turn, 'thread', turn.thread, words);
    else if (label !== undefined && !labels.has(label))
      p.reporter.unknown(p.file, turn, 'label', label, labels);
  }
}
