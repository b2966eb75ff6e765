import { Code, WORDS } from '../language/bytecode.ts';
import type { PropertyCode } from '../language/program.ts';
import type { Engine } from './engine.ts';
import { invariants } from './invariants.ts';
import { whole } from './numbers.ts';
import type { Operation } from './ops/face.ts';

/** Instructions that one evaluation may take; conditions have no loops of their own. */
const MAX_INSTRUCTIONS = 10_000;

/** Conditions that are looked at again whenever something happened: those of wait_until, and the document's invariants. */
export class Conditions {
  private readonly e: Engine;
  private readonly ops: readonly Operation[];
  private readonly code: Int32Array;
  private readonly registers: number;
  private readonly properties: readonly PropertyCode[];

  constructor(e: Engine, ops: readonly Operation[]) {
    this.e = e;
    this.ops = ops;
    this.code = e.program.code;
    this.registers = e.program.registers;
    this.properties = e.program.properties.filter((p) => p.kind === 'invariant');
  }

  /** True when the program has invariants of its own: they are looked at whether or not anybody waits. */
  get always(): boolean {
    return this.properties.length > 0;
  }

  /** A step of `thread` wrote records. */
  look(thread: number): void {
    if (this.properties.length > 0) this.checkProperties(thread);
    this.recheckParked();
  }

  /** Conditions of wait_until are looked at again whenever something happened. */
  recheckParked(): void {
    const { e } = this;
    if (e.parked === 0) return;
    const w = e.w;
    for (let t = 0; t < w.sizes.threads && e.parked > 0; t++) {
      if (w.parked[t] !== 1) continue;
      const pc = this.evaluate(t, t * this.registers, w.pc[t] as number);
      if (pc < 0) continue;
      const before = e.count;
      w.parked[t] = 0;
      e.parked--;
      w.pc[t] = pc;
      e.cpus.wake(t, 0, 0);
      e.endStep(before);
    }
  }

  /** The document's own invariants, looked at again whenever something happened. */
  private checkProperties(thread: number): void {
    const { e } = this;
    const base = e.w.sizes.threads * this.registers;
    for (let k = 0; k < this.properties.length; k++) {
      const property = this.properties[k] as PropertyCode;
      e.w.regs.set(property.init, base);
      const before = e.count;
      if (this.evaluate(0, base, property.entry) < 0)
        e.watch.violate(invariants.length + k, thread, 0, [before - 1]);
      e.endStep(before);
    }
  }

  /**
   * Evaluates a condition up to its WAIT or RESULT on the registers from `base` on: the place behind it if it holds,
   * else -1.
   */
  private evaluate(thread: number, base: number, from: number): number {
    const { code, e, ops } = this;
    const R = e.w.regs;
    let pc = from;
    for (let n = 0; n < MAX_INSTRUCTIONS; n++) {
      const i = pc * WORDS;
      const [x, y, z] = [code[i + 1] as number, code[i + 2] as number, code[i + 3] as number];
      const a = R[base + y] as number;
      const b = R[base + z] as number;
      switch (code[i]) {
        case 29 satisfies typeof Code.WAIT:
        case 32 satisfies typeof Code.RESULT:
          return a !== 0 ? pc + 1 : -1;
        case 26 satisfies typeof Code.OP: {
          const r = (ops[y] as Operation).effect(e, thread, base + z, 0);
          if (x >= 0) R[base + x] = r;
          break;
        }
        case 24 satisfies typeof Code.LOAD:
          R[base + x] = e.w.shared[y + (z >= 0 ? b : 0)] as number;
          break;
        case 33 satisfies typeof Code.CHECK_INDEX:
          // An index out of bounds makes no condition true.
          if (!(a >= 0 && a < x && a % 1 === 0)) return -1;
          break;
        case 21 satisfies typeof Code.JMP:
          pc = x;
          continue;
        case 22 satisfies typeof Code.JZ:
        case 23 satisfies typeof Code.JNZ:
          if ((a === 0) === (code[i] === Code.JZ)) {
            pc = x;
            continue;
          }
          break;
        default:
          R[base + x] = simple(code[i] as number, a, b);
      }
      pc++;
    }
    return -1;
  }
}

/** The value of a private two-operand instruction; conditions use no others. */
function simple(op: number, a: number, b: number): number {
  switch (op) {
    case 1 satisfies typeof Code.MOV:
      return a;
    case 2 satisfies typeof Code.ADD:
      return a + b;
    case 3 satisfies typeof Code.SUB:
      return a - b;
    case 4 satisfies typeof Code.MUL:
      return a * b;
    case 5 satisfies typeof Code.DIV:
      return b === 0 ? 0 : whole(a / b);
    case 6 satisfies typeof Code.MOD:
      return b === 0 ? 0 : a % b;
    case 7 satisfies typeof Code.AND:
      return a & b;
    case 8 satisfies typeof Code.OR:
      return a | b;
    case 9 satisfies typeof Code.XOR:
      return a ^ b;
    case 10 satisfies typeof Code.SHL:
      return a << b;
    case 11 satisfies typeof Code.SHR:
      return a >> b;
    case 12 satisfies typeof Code.EQ:
      return a === b ? 1 : 0;
    case 13 satisfies typeof Code.NE:
      return a !== b ? 1 : 0;
    case 14 satisfies typeof Code.LT:
      return a < b ? 1 : 0;
    case 15 satisfies typeof Code.LE:
      return a <= b ? 1 : 0;
    case 16 satisfies typeof Code.GT:
      return a > b ? 1 : 0;
    case 17 satisfies typeof Code.GE:
      return a >= b ? 1 : 0;
    case 18 satisfies typeof Code.NOT:
      return a === 0 ? 1 : 0;
    case 19 satisfies typeof Code.NEG:
      return -a;
    case 20 satisfies typeof Code.INV:
      return ~a;
    default:
      return 0;
  }
}
