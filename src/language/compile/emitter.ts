import type { SiteIdx } from '../../event/index.ts';
import { Code } from '../bytecode.ts';
import type { Op } from './words.ts';

/** A place that link() fills with initialisations, or drops. x: index into `Emitter.nops`. */
export const NOP = 99;
/** Register numbers from here on are pinned: constants and argument blocks, placed behind all others when linked. */
export const PIN = 1 << 20;
export const MAX_REGISTERS = 4096;

/** Instructions whose x is a label. */
export function jumps(op: number): boolean {
  return op === Code.JMP || op === Code.JZ || op === Code.JNZ || op === Code.COST_CODE || op === Code.WAIT;
}

export interface Instruction {
  op: number;
  x: number;
  y: number;
  z: number;
  site: SiteIdx;
}

/** A named register for the page, alive between two labels. */
export interface LocalRecord {
  readonly name: string;
  readonly local: { type: string };
  readonly register: number;
  readonly frame: SiteIdx;
  readonly from: number;
  to: number;
}

interface Pattern {
  readonly first: number;
  readonly slots: number;
  busy: boolean;
}

/** Out of registers; the caller reports it. */
export class RegistersExhausted extends Error {}

/** Code, labels and registers of one thread template or property while it is compiled. */
export class Emitter {
  code: Instruction[] = [];
  /** Position of each label, -1 until bound. */
  readonly labels: number[] = [];
  readonly locals: LocalRecord[] = [];
  /** Initial values of the pinned registers. */
  readonly pinned: number[] = [];
  /** Computed once, before the body. */
  readonly prologue: Instruction[] = [];
  /** Registers of locals that may be read before they are written, from a NOP up to a label. */
  readonly nops: { readonly registers: number[]; readonly end: number }[] = [];
  /** While not 0 nothing is emitted: code that is only checked. */
  muted = 0;
  /** Ordinary registers used at most. */
  high: number;
  private readonly marks = new Set<number>();
  private readonly first: number;
  private readonly used = new Uint8Array(MAX_REGISTERS);
  /** When each register was last allocated, by `clock`. */
  private readonly stamps = new Int32Array(MAX_REGISTERS);
  private clock = 1;
  private readonly constants = new Map<number, number>();
  private readonly patterns = new Map<string, Pattern>();
  /** The pattern that a pinned register belongs to, if any. */
  private readonly patternAt: (Pattern | undefined)[] = [];
  private readonly hoisted = new Map<string, number>();
  /** Temporaries of the statements that are open. */
  private readonly temps: number[] = [];

  constructor(firstRegister: number) {
    this.first = firstRegister;
    this.high = firstRegister;
  }

  emit(op: number, x: number, y: number, z: number, site: SiteIdx): number {
    if (this.muted === 0) this.code.push({ op, x, y, z, site });
    return this.code.length - 1;
  }

  newLabel(): number {
    this.labels.push(-1);
    return this.labels.length - 1;
  }

  bind(label: number): void {
    this.labels[label] = this.code.length;
  }

  /** A label at this place. */
  here(): number {
    const label = this.newLabel();
    this.bind(label);
    return label;
  }

  /** A place that no jump leads to: it only moves along when code is inserted. */
  mark(): number {
    const label = this.here();
    this.marks.add(label);
    return label;
  }

  /** True when no label from `since` on is bound behind position `at`. */
  straight(at: number, since: number): boolean {
    for (let l = since; l < this.labels.length; l++) {
      if ((this.labels[l] as number) > at && !this.marks.has(l)) return false;
    }
    return true;
  }

  /**
   * Puts what `make` emits before instruction `at`. Labels bound to `at` lead to the inserted code; those behind move
   * (only labels from `since` on can be behind). Registers that the code from `at` on mentions stay untouched.
   */
  insert(at: number, since: number, ops: readonly Op[], make: () => void): number {
    const tail = this.code.splice(at);
    const moved: number[] = [];
    for (let l = since; l < this.labels.length; l++) if ((this.labels[l] as number) > at) moved.push(l);
    const kept = this.protect(tail, ops);
    make();
    for (const undo of kept) undo();
    const delta = this.code.length - at;
    for (const l of moved) this.labels[l] = (this.labels[l] as number) + delta;
    for (const i of tail) this.code.push(i);
    return delta;
  }

  private protect(tail: readonly Instruction[], ops: readonly Op[]): (() => void)[] {
    const undo: (() => void)[] = [];
    const keep = (r: number): void => {
      if (r >= PIN) {
        const pattern = this.patternAt[r - PIN];
        if (pattern === undefined || pattern.busy) return;
        pattern.busy = true;
        undo.push(() => {
          pattern.busy = false;
        });
      } else if (r >= this.first && this.used[r] === 0) {
        this.used[r] = 1;
        undo.push(() => {
          this.used[r] = 0;
        });
      }
    };
    for (const i of tail) {
      for (const r of readsOf(i, ops)) keep(r);
      for (const r of writesOf(i, ops)) keep(r);
    }
    return undo;
  }

  /** `n` registers in a row. `freshSince`: never used since that `now()`, so that no loop runs over them. */
  alloc(n: number, freshSince = Number.MAX_SAFE_INTEGER): number {
    for (let r = this.first; r + n <= MAX_REGISTERS; r++) {
      let k = 0;
      while (k < n && this.used[r + k] === 0 && (this.stamps[r + k] as number) < freshSince) k++;
      if (k < n) {
        r += k;
        continue;
      }
      this.clock++;
      for (k = 0; k < n; k++) {
        this.used[r + k] = 1;
        this.stamps[r + k] = this.clock;
      }
      if (r + n > this.high) this.high = r + n;
      return r;
    }
    throw new RegistersExhausted();
  }

  now(): number {
    return ++this.clock;
  }

  free(r: number, n: number): void {
    for (let k = 0; k < n; k++) this.used[r + k] = 0;
  }

  /** Registers that live until the statement ends. */
  temp(n = 1): number {
    const r = this.alloc(n);
    for (let k = 0; k < n; k++) this.temps.push(r + k);
    return r;
  }

  tempMark(): number {
    return this.temps.length;
  }

  freeTemps(mark: number): void {
    while (this.temps.length > mark) this.used[this.temps.pop() as number] = 0;
  }

  private pin(values: readonly number[]): number {
    const id = PIN + this.pinned.length;
    for (const v of values) this.pinned.push(v);
    return id;
  }

  /** The register that holds a constant. */
  constant(value: number): number {
    if (this.muted > 0) return PIN;
    const v = value === 0 ? 0 : value;
    let id = this.constants.get(v);
    if (id === undefined) {
      id = this.pin([v]);
      this.constants.set(v, id);
    }
    return id;
  }

  /** True for a register whose value never changes while the thread lives. */
  isFixed(r: number): boolean {
    return r < this.first || r >= PIN;
  }

  /**
   * A block of argument registers of which some never change (`fixed`: a constant or a fixed register; null: filled at
   * each call). Undefined while surrounding calls use all copies.
   */
  block(slots: readonly ({ value: number } | { reg: number } | null)[], site: SiteIdx): Pattern | undefined {
    const part = (s: (typeof slots)[number]): string =>
      s === null ? '*' : 'value' in s ? `c${s.value}` : `r${s.reg}`;
    const key = slots.map(part).join(',');
    // A call inside the arguments of another one may need the same row: a few copies of it exist then.
    for (let copy = 0; copy < 3; copy++) {
      let pattern = this.patterns.get(`${copy}:${key}`);
      if (pattern === undefined) {
        const first = this.pin(slots.map((s) => (s !== null && 'value' in s ? s.value : 0)));
        pattern = { first, slots: slots.length, busy: false };
        this.patterns.set(`${copy}:${key}`, pattern);
        for (let k = 0; k < slots.length; k++) this.patternAt[first - PIN + k] = pattern;
        slots.forEach((s, k) => {
          if (s !== null && 'reg' in s)
            this.prologue.push({ op: Code.MOV, x: first + k, y: s.reg, z: 0, site });
        });
      }
      if (!pattern.busy) return pattern;
    }
    return undefined;
  }

  /** Two registers that hold the ends of a thread's own area of a row, from the thread's start. */
  hoistArea(base: number, stride: number, bytes: number, site: SiteIdx): number {
    const key = `area:${base}:${stride}:${bytes}`;
    let id = this.hoisted.get(key);
    if (id === undefined) {
      id = this.pin([0, 0]);
      this.hoisted.set(key, id);
      this.prologue.push({ op: Code.MUL, x: id, y: 0, z: this.constant(stride), site });
      this.prologue.push({ op: Code.ADD, x: id + 1, y: id, z: this.constant(base + bytes), site });
      this.prologue.push({ op: Code.ADD, x: id, y: id, z: this.constant(base), site });
    }
    return id;
  }

  /** A register that holds, from the thread's start, what a pure operation makes of a fixed register. */
  hoist(op: number, arg: number, site: SiteIdx): number {
    const key = `${op}:${arg}`;
    let id = this.hoisted.get(key);
    if (id === undefined) {
      id = this.pin([0]);
      this.hoisted.set(key, id);
      this.prologue.push({ op: Code.OP, x: id, y: op, z: arg, site });
    }
    return id;
  }
}

/** Registers that an instruction reads. */
export function readsOf(i: Instruction, ops: readonly Op[]): number[] {
  switch (i.op) {
    case Code.MOV:
    case Code.NOT:
    case Code.NEG:
    case Code.INV:
    case Code.JZ:
    case Code.JNZ:
    case Code.WAIT:
    case Code.RESULT:
    case Code.CHECK_INDEX:
      return [i.y];
    case Code.LOAD:
      return i.z >= 0 ? [i.z] : [];
    case Code.STORE:
      return i.z >= 0 ? [i.x, i.z] : [i.x];
    case Code.OP:
      return Array.from({ length: ops[i.y]?.slots ?? 0 }, (_, k) => i.z + k);
    case Code.COST:
      return i.x === 1 ? [i.y, i.z] : [i.y];
    default:
      return i.op >= Code.ADD && i.op <= Code.GE ? [i.y, i.z] : [];
  }
}

/** Registers that an instruction writes. */
export function writesOf(i: Instruction, ops: readonly Op[]): number[] {
  if (i.op === Code.OP) {
    if (i.x < 0) return [];
    return ops[i.y]?.spec.returns === 'range' ? [i.x, i.x + 1] : [i.x];
  }
  return (i.op >= Code.MOV && i.op <= Code.INV) || i.op === Code.LOAD ? [i.x] : [];
}
