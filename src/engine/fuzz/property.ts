import type { Machine } from '../../kernel/machine.ts';
import type { Program } from '../../language/program.ts';
import type { Choices } from '../build.ts';
import { invariants } from '../invariants.ts';
import { Outcome, Reason } from '../outcome.ts';
import { Simulation } from '../simulation.ts';
import { generate, isSound } from './documents.ts';
import { Draw } from './draw.ts';
import { Finding, otherForms, straight } from './forms.ts';
import { brokenLaw } from './laws.ts';
import { type Node, shrink, textOf } from './tree.ts';

/**
 * Compiles a document with one scenario and tells how to make its simulation.
 * @throws Error with the first diagnostic.
 */
export type Compile = (text: string) => () => Simulation;

/** What a resolution of the scenario room comes to, as far as it matters here. */
type Resolve = (source: { scenario: string; text: string; set: Record<string, string> }) =>
  | {
      readonly ok: true;
      readonly value: { readonly program: Program; readonly machine: Machine; readonly choices: Choices };
    }
  | { readonly ok: false; readonly diagnostics: readonly unknown[] };

/** Compiles with what resolves scenarios; the engine itself knows no catalogue. */
export function compiler(resolve: Resolve): Compile {
  return (text) => {
    const result = resolve({ scenario: 'fuzz', text, set: {} });
    if (!result.ok) throw new Error(`does not compile: ${JSON.stringify(result.diagnostics[0])}`);
    const { program, machine, choices } = result.value;
    return () => new Simulation(program, machine, choices);
  };
}

/** Runs something, and ends it with an error when it takes far too long: the engine itself may hang. */
export type Guard = (run: () => void) => void;

/** How often each outcome came up: a campaign that only ever sees one tests little. */
export type Tally = Map<string, number>;

/** @throws Finding when an end is none: threads left over, a law broken that nothing can break. */
function judge(sim: Simulation, sound: boolean): string {
  const { w } = sim.engine;
  if (w.run[0] === Outcome.DEADLOCK && (sim.deadlock() ?? []).length === 0)
    throw new Finding('deadlock without a cycle');
  if (w.run[0] === Outcome.DONE && w.run[5] !== 0) throw new Finding(`done with ${w.run[5]} threads alive`);
  const reason = sim.stopReason()?.message ?? '';
  if ((w.run[1] === Reason.NONE) !== (reason === ''))
    throw new Finding('the reason for the end has no words');
  const broken = sim.violations().find((v) => invariants.some((i) => i.name === v.invariant));
  if (sound && broken !== undefined)
    throw new Finding(`violation of ${broken.invariant} at ${broken.atNs} ns: ${broken.message}`);
  return `${sim.verdict()} ${reason}`.trim();
}

/**
 * Everything that must hold of one document. Returns its outcome in words.
 * @throws Finding when something does not.
 */
export function examine(text: string, d: Draw, compile: Compile): string {
  const make = compile(text);
  const whole = straight(make);
  const outcome = judge(whole.sim, isSound(text));
  const broken = brokenLaw(whole.log.chunks);
  if (broken !== '') throw new Finding(`records: ${broken}`);
  otherForms(d, make, whole);
  return outcome;
}

/** The first words of a finding: a cut document that fails otherwise is another finding. */
export function kindOf(error: unknown): string {
  if (error instanceof Finding) return /^violation of \w+|^\w+/.exec(error.message)?.[0] ?? '';
  return error instanceof Error ? error.message.replaceAll(/\d+/g, '').slice(0, 90) : 'thrown';
}

export function errorOf(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * One case: its document is made (by `make`) from seed and number, examined, and cut down if it fails.
 * @throws Error with the finding and the least document that shows it.
 */
export function examineCase(
  seed: number,
  k: number,
  compile: Compile,
  guard: Guard,
  tally: Tally,
  make: (d: Draw) => Node,
): void {
  const node = make(new Draw(seed, k));
  const attempt = (n: Node, note?: Tally): unknown =>
    errorOf(() =>
      guard(() => {
        const outcome = examine(textOf(n), new Draw(seed + 1, k), compile);
        note?.set(outcome, (note.get(outcome) ?? 0) + 1);
      }),
    );
  const error = attempt(node, tally);
  if (error === undefined) return;
  const kind = kindOf(error);
  // To cut down what hangs would take its time at every cut.
  const least = kind.includes('timed out')
    ? node
    : shrink(node, (n) => {
        const other = attempt(n);
        return other !== undefined && kindOf(other) === kind;
      });
  const said = least === node ? error : attempt(least);
  const why = said instanceof Error ? said.message : String(said);
  throw new Error(`case ${k} of seed ${seed}: ${why}\n\n${textOf(least)}`, { cause: error });
}

/** What cases of some number must have come across, by the first word of the outcome. */
const OUTCOMES = ['pass', 'violation', 'deadlock', 'stuck', 'limit'] as const;

/**
 * Examines cases [from, to) of a seed, and tells how often each outcome came up.
 * @throws Error as examineCase.
 */
export function runCases(
  seed: number,
  from: number,
  to: number,
  compile: Compile,
  guard: Guard,
  make: (d: Draw) => Node = generate,
): Tally {
  const tally: Tally = new Map();
  for (let k = from; k < to; k++) examineCase(seed, k, compile, guard, tally, make);
  return tally;
}

/** Outcomes that never came up. */
export function missing(tally: Tally): string[] {
  return OUTCOMES.filter((outcome) => ![...tally.keys()].some((words) => words.startsWith(outcome)));
}
