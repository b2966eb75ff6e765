import { Code, WORDS } from './bytecode.ts';
import { either, equal, type Known, sameKnown, tested, truthOf } from './known.ts';
import type { Program } from './program.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a word of the vocabulary does to its first argument, a lock. */
export interface LockWord {
  readonly does: 'take' | 'give' | 'turn';
  /** The hold that it takes, or turns the present one into. */
  readonly mode: 'read' | 'write';
  /** The result that means "taken"; absent for words that always succeed. */
  readonly taken?: 'zero' | 'nonzero';
}

/** Bits of what may be held at a place, over all paths that lead there. 0: no path does. */
export const Held = {
  /** No rwsem and no mutex. */
  NONE: 1,
  READ: 2,
  /** A rwsem for writing, or a mutex. */
  WRITE: 4,
  /** A spinlock or a rwlock, and none. */
  SPIN: 8,
  NO_SPIN: 16,
} as const;

/** What is known of registers. */
type Facts = ReadonlyMap<number, Known>;

interface State {
  /** Lock -> hold; ordered by name, so that equal sets have equal keys. */
  readonly locks: ReadonlyMap<string, 'read' | 'write'>;
  readonly facts: Facts;
}

/** Lock sets that are told apart at one place; a text of more is as good as unknown. */
const MAX_SETS = 32;
/** Locks that are waited for by spinning: what holds one does not sleep. */
const SPUN = /^(?:spin|rw)lock /;

function keyOf(locks: State['locks']): string {
  return [...locks].map(([lock, mode]) => `${lock}=${mode}`).join(' ');
}

function maskOf(locks: State['locks']): number {
  let mode: number = Held.NONE;
  let spin: number = Held.NO_SPIN;
  for (const [lock, how] of locks) {
    if (SPUN.test(lock)) spin = Held.SPIN;
    else if (how === 'write') mode = Held.WRITE;
    else if (mode === Held.NONE) mode = Held.READ;
  }
  return mode | spin;
}

/** Follows the control flow of all threads, with the set of locks that are held. */
class Flow {
  /** Per instruction: key of a lock set -> what is known on every path that comes with it. */
  readonly at: (Map<string, State> | undefined)[] = [];
  private readonly program: Program;
  private readonly vocabulary: Vocabulary;
  private readonly words: Readonly<Record<string, LockWord>>;
  private readonly constants = new Map<number, Known>();
  private readonly todo: [number, State][] = [];

  constructor(program: Program, vocabulary: Vocabulary, words: Readonly<Record<string, LockWord>>) {
    this.program = program;
    this.vocabulary = vocabulary;
    this.words = words;
    const ends = [...program.templates.map(({ entry }) => entry), program.code.length / WORDS];
    for (const template of program.templates) {
      // Registers that the code of these threads leaves as they are when they begin.
      const written = new Set(vocabulary.variables.map((v) => v.register));
      const end = Math.min(...ends.filter((pc) => pc > template.entry));
      for (let pc = template.entry; pc < end; pc++) for (const r of this.targets(pc)) written.add(r);
      this.constants.clear();
      for (const [r, value] of template.init.entries()) if (!written.has(r)) this.constants.set(r, [value]);
      this.arrive(template.entry, { locks: new Map(), facts: new Map() });
      this.run();
    }
  }

  private word(pc: number, i: number): number {
    return this.program.code[pc * WORDS + i] as number;
  }

  /** Registers that an instruction writes. */
  private targets(pc: number): readonly number[] {
    const op = this.word(pc, 0);
    const x = this.word(pc, 1);
    if (op === Code.OP) {
      if (x < 0) return [];
      return this.vocabulary.ops[this.word(pc, 2)]?.returns === 'range' ? [x, x + 1] : [x];
    }
    return (op >= Code.MOV && op <= Code.INV) || op === Code.LOAD ? [x] : [];
  }

  /** Arithmetic and moves, and operations that depend on their arguments alone. */
  isPrivate(pc: number): boolean {
    const op = this.word(pc, 0);
    return (
      (op >= Code.MOV && op <= Code.INV) ||
      (op === Code.OP && this.vocabulary.ops[this.word(pc, 2)]?.kind === 'pure')
    );
  }

  /** A name for what a register holds at a place: the same lock has the same name all over a function. */
  private nameOf(pc: number, register: number, depth = 0): string {
    for (let p = pc - 1; p >= Math.max(0, pc - 4) && depth < 3; p--) {
      if (!this.targets(p).includes(register)) continue;
      const op = this.word(p, 0);
      if (op === Code.MOV) return this.nameOf(p, this.word(p, 2), depth + 1);
      const spec = op === Code.OP ? this.vocabulary.ops[this.word(p, 2)] : undefined;
      if (spec?.kind === 'pure') return `${spec.name}(${this.nameOf(p, this.word(p, 3), depth + 1)})`;
      break;
    }
    return `r${register}`;
  }

  private arrive(pc: number, state: State): void {
    let here = this.at[pc];
    if (here === undefined) {
      here = new Map();
      this.at[pc] = here;
    }
    const key = keyOf(state.locks);
    const old = here.get(key);
    if (old === undefined) {
      if (here.size >= MAX_SETS) return;
      here.set(key, state);
      this.todo.push([pc, state]);
      return;
    }
    const facts = new Map<number, Known>();
    let changed = false;
    for (const [r, known] of old.facts) {
      const both = either(known, state.facts.get(r));
      if (both !== undefined) facts.set(r, both);
      if (!sameKnown(both, known)) changed = true;
    }
    if (!changed) return;
    const joined = { locks: old.locks, facts };
    here.set(key, joined);
    this.todo.push([pc, joined]);
  }

  private run(): void {
    for (let next = this.todo.pop(); next !== undefined; next = this.todo.pop()) this.step(...next);
  }

  private step(pc: number, state: State): void {
    const op = this.word(pc, 0);
    if (op === Code.HALT || op === Code.RESULT) return;
    if (op === Code.JMP) {
      this.arrive(this.word(pc, 1), state);
      return;
    }
    if (op === Code.JZ || op === Code.JNZ) {
      const register = this.word(pc, 2);
      const known = this.known(state.facts, register);
      const truth = truthOf(known);
      if (truth !== undefined) {
        this.arrive(truth === (op === Code.JNZ) ? this.word(pc, 1) : pc + 1, state);
        return;
      }
      // Each way on tells what the test has found.
      const knowing = (value: boolean): Facts => new Map(state.facts).set(register, tested(known, value));
      this.arrive(this.word(pc, 1), { locks: state.locks, facts: knowing(op === Code.JNZ) });
      this.arrive(pc + 1, { locks: state.locks, facts: knowing(op === Code.JZ) });
      return;
    }
    if (op === Code.WAIT) this.arrive(this.word(pc, 1), state);
    if (op === Code.OP) {
      const spec = this.vocabulary.ops[this.word(pc, 2)];
      const word = this.words[spec?.name ?? ''];
      if (word !== undefined) {
        this.lock(pc, word, spec?.params[0]?.type ?? '', state);
        return;
      }
    }
    this.arrive(pc + 1, { locks: state.locks, facts: this.learnt(pc, state) });
  }

  /** What is known behind an instruction. */
  private learnt(pc: number, { facts }: State): Facts {
    const targets = this.targets(pc);
    const [x] = targets;
    if (x === undefined) return facts;
    const op = this.word(pc, 0);
    const result = this.result(op, this.known(facts, this.word(pc, 2)), () =>
      this.known(facts, this.word(pc, 3)),
    );
    const next = new Map(facts);
    for (const r of targets) next.delete(r);
    if (result !== undefined) next.set(x, result);
    return next;
  }

  private known(facts: Facts, register: number): Known | undefined {
    return facts.get(register) ?? this.constants.get(register);
  }

  /** What an instruction makes of what is known of its operands. */
  private result(op: number, a: Known | undefined, b: () => Known | undefined): Known | undefined {
    const from = (truth: boolean | undefined): Known | undefined =>
      truth === undefined ? undefined : [truth ? 1 : 0];
    switch (op) {
      case Code.MOV:
        return a;
      case Code.NEG:
        return a === undefined || a === 'nonzero' ? a : a.map((v) => -v).sort((x, y) => x - y);
      case Code.NOT: {
        const truth = truthOf(a);
        return from(truth === undefined ? undefined : !truth);
      }
      case Code.EQ:
        return from(equal(a, b()));
      case Code.NE: {
        const same = equal(a, b());
        return from(same === undefined ? undefined : !same);
      }
      default:
        return undefined;
    }
  }

  private lock(pc: number, word: LockWord, type: string, state: State): void {
    const [result] = this.targets(pc);
    const facts = this.learnt(pc, state);
    const lock = `${type} ${this.nameOf(pc, this.word(pc, 3))}`;
    const locks = new Map(state.locks);
    if (word.does === 'take') locks.set(lock, word.mode);
    // A lock that came under another name (through a parameter) is the one of its type that is held.
    const held = locks.has(lock) ? lock : [...locks.keys()].find((l) => l.startsWith(`${type} `));
    if (word.does === 'give' && held !== undefined) locks.delete(held);
    if (word.does === 'turn' && held !== undefined) locks.set(held, word.mode);
    const sorted = new Map([...locks].sort(([a], [b]) => (a < b ? -1 : 1)));
    const knowing = (value: boolean): Facts =>
      result === undefined ? facts : new Map(facts).set(result, tested(undefined, value));
    if (word.taken === undefined) {
      this.arrive(pc + 1, { locks: sorted, facts });
      return;
    }
    const success = word.taken === 'nonzero';
    this.arrive(pc + 1, { locks: sorted, facts: knowing(success) });
    this.arrive(pc + 1, { locks: state.locks, facts: knowing(!success) });
  }
}

/**
 * The locks that a thread may hold when it comes to a line, per site: bits of `Held`. All sites of a line in one call
 * have the same value, that of the line's first instruction. Whether a lock was got is followed through the tests of
 * registers, such as its word's result or a pointer; other conditions may go either way.
 */
export function holdsOfSites(
  program: Program,
  vocabulary: Vocabulary,
  words: Readonly<Record<string, LockWord>>,
): Uint8Array {
  const flow = new Flow(program, vocabulary, words);
  const perLine = new Map<string, number>();
  const lineOf = (site: number): string => {
    const s = program.sites[site];
    return `${s?.parent}:${s?.file}:${s?.line}`;
  };
  // The code that fills registers before a thread begins bears the lines that use them.
  const early = new Set<number>();
  for (const { entry } of program.templates) {
    for (let pc = entry; flow.isPrivate(pc); pc++) early.add(pc);
  }
  const order = [...flow.at.keys()].sort((a, b) => Number(early.has(a)) - Number(early.has(b)));
  for (const pc of order) {
    const states = flow.at[pc];
    if (states === undefined) continue;
    let mask = 0;
    for (const { locks } of states.values()) mask |= maskOf(locks);
    // A line that only calls begins where the called function does.
    for (let at = program.siteOf[pc] as number; at !== 0; at = program.sites[at]?.parent ?? 0) {
      const line = lineOf(at);
      if (!perLine.has(line)) perLine.set(line, mask);
    }
  }
  return Uint8Array.from(program.sites, (_, site) => perLine.get(lineOf(site)) ?? 0);
}
