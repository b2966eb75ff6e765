/**
 * The bytecode: four 32-bit words per instruction, `[op, x, y, z]`, program counters count instructions. Registers are
 * doubles, one file per thread; constants stand in registers that are filled before the thread starts, so no
 * instruction loads one. Calls are inlined: there is no call stack, a site's parents tell where code came from.
 * Booleans are 0 and 1. Bit operations work on 32-bit integers.
 */
export const Code = {
  /** The thread ends. */
  HALT: 0,
  /** x := y */
  MOV: 1,
  /** x := y op z */
  ADD: 2,
  SUB: 3,
  MUL: 4,
  /** Division by zero ends the run with an error that names the place. Quotients are truncated toward zero. */
  DIV: 5,
  MOD: 6,
  AND: 7,
  OR: 8,
  XOR: 9,
  SHL: 10,
  SHR: 11,
  EQ: 12,
  NE: 13,
  LT: 14,
  LE: 15,
  GT: 16,
  GE: 17,
  /** x := op y */
  NOT: 18,
  NEG: 19,
  INV: 20,
  /** continue at x */
  JMP: 21,
  /** continue at x when register y is 0 / is not 0 */
  JZ: 22,
  JNZ: 23,
  /** x := shared variable y [+ value of register z, when z >= 0]; one step */
  LOAD: 24,
  /** shared variable y [+ register z] := register x; one step */
  STORE: 25,
  /** x := operation y with arguments in registers z, z+1, ...; x and x+1 for a range; x = -1: no result */
  OP: 26,
  /** The next step costs: x = 0: register y; 1: uniform in [y, z]; 2: exponential with mean y. Nanoseconds. */
  COST: 27,
  /** Code up to x only computes costs: an explorer continues at x, the timed engine at the next instruction. */
  COST_CODE: 28,
  /** Register y holds a condition: go on when it is not 0, else park until the world changed and continue at x. */
  WAIT: 29,
  /** Steps until ATOMIC_END happen at one instant; the time they take is paid behind it. */
  ATOMIC_BEGIN: 30,
  ATOMIC_END: 31,
  /** An invariant's or a peeked condition's value is register y; evaluation ends. */
  RESULT: 32,
  /** Index check: register y must be >= 0 and < x; otherwise the run ends with an error that names the place. */
  CHECK_INDEX: 33,
  /** A label that the scenario's schedule names, the x-th of them; nothing happens here but that a turn may end. */
  MARK: 34,
} as const;
export type Code = (typeof Code)[keyof typeof Code];

/** Words per instruction. */
export const WORDS = 4;
/** COST kinds. */
export const CostKind = { FIXED: 0, UNIFORM: 1, EXP: 2 } as const;
