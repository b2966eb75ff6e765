import type { SiteIdx } from '../event/index.ts';
import { Code, CostKind, WORDS } from './bytecode.ts';
import type { Program } from './program.ts';
import type { Vocabulary } from './vocabulary.ts';

const NAMES = Object.fromEntries(Object.entries(Code).map(([name, value]) => [value, name]));

/** True for instructions from which a step begins: LOAD, STORE, and operations that are steps. */
function isStep(program: Program, vocabulary: Vocabulary, pc: number, ghosts: ReadonlySet<number>): boolean {
  const op = program.code[pc * WORDS];
  const y = program.code[pc * WORDS + 2] as number;
  if (op === Code.OP) return vocabulary.ops[y]?.kind === 'step';
  return (op === Code.LOAD || op === Code.STORE || op === Code.WAIT) && !(op !== Code.WAIT && ghosts.has(y));
}

/** First instruction of the properties; what follows is no thread's code. */
function endOfThreads(program: Program): number {
  return Math.min(program.code.length / WORDS, ...program.properties.map((p) => p.entry));
}

/** One step of a line. */
export interface Step {
  readonly site: SiteIdx;
  /** 'read x', 'write x', or the word of the vocabulary. */
  readonly what: string;
}

/** What a step does, in a few words. */
function whatOf(program: Program, vocabulary: Vocabulary, pc: number): string {
  const op = program.code[pc * WORDS];
  const y = program.code[pc * WORDS + 2] as number;
  if (op === Code.OP) return vocabulary.ops[y]?.name ?? '';
  if (op === Code.WAIT) return 'wait until it holds';
  const name = program.shared.find((s) => y >= s.slot && y < s.slot + s.length)?.name ?? '';
  return op === Code.LOAD ? `read ${name}` : `write ${name}`;
}

/** The steps of every line, by call and `file:line`, in the order of the code. */
function stepsByCall(program: Program, vocabulary: Vocabulary): Map<string, { line: string; steps: Step[] }> {
  const ghosts = new Set(
    program.shared
      .filter((v) => v.ghost)
      .flatMap((v) => Array.from({ length: v.length }, (_, k) => v.slot + k)),
  );
  const end = endOfThreads(program);
  const waiting = new Uint8Array(end);
  for (let pc = 0; pc < end; pc++) {
    if (program.code[pc * WORDS] === Code.WAIT) waiting.fill(1, program.code[pc * WORDS + 1] as number, pc);
  }
  const perCall = new Map<string, { line: string; steps: Step[] }>();
  for (let pc = 0; pc < end; pc++) {
    const at = program.siteOf[pc] as number;
    const site = program.sites[at];
    if (site === undefined || waiting[pc] === 1 || !isStep(program, vocabulary, pc, ghosts)) continue;
    const line = `${site.file}:${site.line}`;
    const key = `${site.parent}:${line}`;
    const step = { site: at, what: whatOf(program, vocabulary, pc) };
    const known = perCall.get(key);
    if (known === undefined) perCall.set(key, { line, steps: [step] });
    else known.steps.push(step);
  }
  return perCall;
}

/**
 * How many steps each line takes, by `file:line`. A line that several calls reach counts once (the most it takes in any
 * of them); a wait_until is one step, reads of its condition included; ghost code takes none.
 */
export function stepsOfLine(program: Program, vocabulary: Vocabulary): Map<string, number> {
  const lines = new Map<string, number>();
  for (const { line, steps } of stepsByCall(program, vocabulary).values()) {
    if (steps.length > (lines.get(line) ?? 0)) lines.set(line, steps.length);
  }
  return lines;
}

/** The steps of every line that takes several, one list for each call that reaches it. */
export function severalSteps(program: Program, vocabulary: Vocabulary): Step[][] {
  return [...stepsByCall(program, vocabulary).values()].flatMap(({ steps }) =>
    steps.length > 1 ? [steps] : [],
  );
}

function operands(program: Program, vocabulary: Vocabulary | null, pc: number): string {
  const at = pc * WORDS;
  const [op, x, y, z] = Array.from(program.code.subarray(at, at + WORDS)) as [number, number, number, number];
  const slot = (n: number): string => {
    const v = program.shared.find((s) => n >= s.slot && n < s.slot + s.length);
    return v === undefined ? `[${n}]` : v.length === 1 ? v.name : `${v.name}[${n - v.slot}]`;
  };
  const index = z >= 0 ? ` + r${z}` : '';
  switch (op) {
    case Code.OP: {
      const spec = vocabulary?.ops[y];
      return `${x < 0 ? '' : `r${x} = `}${spec?.name ?? `op ${y}`} (${spec !== undefined && spec.params.length === 0 ? '' : `r${z}..`})`;
    }
    case Code.MARK:
      return `label ${x} of the schedule`;
    case Code.JMP:
    case Code.COST_CODE:
      return `-> ${x}`;
    case Code.JZ:
    case Code.JNZ:
    case Code.WAIT:
      return `r${y} -> ${x}`;
    case Code.LOAD:
      return `r${x} = ${slot(y)}${index}`;
    case Code.STORE:
      return `${slot(y)}${index} = r${x}`;
    case Code.COST:
      return x === CostKind.UNIFORM ? `r${y}..r${z}` : x === CostKind.EXP ? `exp r${y}` : `r${y}`;
    case Code.RESULT:
      return `r${y}`;
    case Code.CHECK_INDEX:
      return `r${y} < ${x}`;
    case Code.HALT:
    case Code.ATOMIC_BEGIN:
    case Code.ATOMIC_END:
      return '';
    case Code.MOV:
    case Code.NOT:
    case Code.NEG:
    case Code.INV:
      return `r${x} = r${y}`;
    default:
      return `r${x} = r${y}, r${z}`;
  }
}

/** The code of a program as text, one instruction a line, with the line it came from: for tests and debugging. */
export function disassemble(program: Program, vocabulary: Vocabulary | null = null): string {
  const out: string[] = [];
  const heads = new Map<number, string>();
  for (const t of program.templates) heads.set(t.entry, `thread ${t.name}`);
  for (const p of program.properties) heads.set(p.entry, `${p.kind} ${p.name}`);
  for (let pc = 0; pc < program.code.length / WORDS; pc++) {
    const head = heads.get(pc);
    if (head !== undefined) out.push(`${head}:`);
    const site = program.sites[program.siteOf[pc] as number];
    const name = (NAMES[program.code[pc * WORDS] as number] ?? '?').padEnd(12);
    const text = `${String(pc).padStart(5)}  ${name} ${operands(program, vocabulary, pc)}`;
    out.push(`${text.padEnd(64)} ${site?.fn}:${site?.line}:${site?.col}`);
  }
  return `${out.join('\n')}\n`;
}
