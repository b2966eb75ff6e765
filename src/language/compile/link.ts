import type { SiteIdx } from '../../event/index.ts';
import { Code } from '../bytecode.ts';
import type { LocalInfo } from '../program.ts';
import { type Emitter, type Instruction, jumps, NOP, PIN, readsOf, writesOf } from './emitter.ts';
import type { Op } from './words.ts';

/** Code of one template or property with its jumps resolved, to be placed at `base`. */
export interface Linked {
  readonly code: readonly Instruction[];
  readonly locals: readonly LocalInfo[];
  /** Ordinary registers; the pinned ones follow. */
  readonly high: number;
  readonly pinned: readonly number[];
}

/** True when register r may be read between position `from` and `end` before anything writes it. */
function readBeforeWritten(em: Emitter, ops: readonly Op[], from: number, end: number, r: number): boolean {
  const seen = new Uint8Array(end - from);
  const todo = [from];
  while (todo.length > 0) {
    const at = todo.pop() as number;
    if (at < from || at >= end || seen[at - from] === 1) continue;
    seen[at - from] = 1;
    const i = em.code[at] as Instruction;
    if (readsOf(i, ops).includes(r)) return true;
    if (writesOf(i, ops).includes(r)) continue;
    if (jumps(i.op)) todo.push(em.labels[i.x] as number);
    if (i.op !== Code.JMP && i.op !== Code.HALT && i.op !== Code.RESULT) todo.push(at + 1);
  }
  return false;
}

/** The body with every NOP replaced by the initialisations that it must hold. Moves the labels along. */
function expandNops(em: Emitter, ops: readonly Op[]): void {
  const out: Instruction[] = [];
  const map = new Int32Array(em.code.length + 1);
  em.code.forEach((i, at) => {
    map[at] = out.length;
    if (i.op !== NOP) {
      out.push(i);
      return;
    }
    const nop = em.nops[i.x];
    const end = nop === undefined ? -1 : (em.labels[nop.end] as number);
    for (const r of nop?.registers ?? []) {
      if (readBeforeWritten(em, ops, at + 1, end, r)) {
        out.push({ op: Code.MOV, x: r, y: em.constant(0), z: 0, site: i.site });
      }
    }
  });
  map[em.code.length] = out.length;
  for (let l = 0; l < em.labels.length; l++) {
    const at = em.labels[l] as number;
    if (at >= 0) em.labels[l] = map[at] as number;
  }
  em.code = out;
}

/** Where a jump really leads, through unconditional jumps; bounded, for they may form a circle. */
function destination(em: Emitter, label: number): number {
  let at = em.labels[label] as number;
  for (let n = 0; n < 32; n++) {
    const i = em.code[at];
    if (i === undefined || i.op !== Code.JMP) break;
    at = em.labels[i.x] as number;
  }
  return at;
}

function reachable(em: Emitter, targets: readonly number[]): Uint8Array {
  const live = new Uint8Array(em.code.length);
  const todo = [0];
  while (todo.length > 0) {
    const at = todo.pop() as number;
    if (at >= em.code.length || live[at] === 1) continue;
    live[at] = 1;
    const { op } = em.code[at] as Instruction;
    if (jumps(op)) todo.push(targets[at] as number);
    if (op !== Code.JMP && op !== Code.HALT && op !== Code.RESULT) todo.push(at + 1);
  }
  return live;
}

/**
 * Resolves the labels of a finished body: threads jumps, drops what cannot be reached and jumps to the next
 * instruction, puts the prologue in front and the pinned registers behind the ordinary ones.
 */
export function link(em: Emitter, ops: readonly Op[], base: number): Linked {
  expandNops(em, ops);
  const n = em.code.length;
  const targets = em.code.map((i) => (jumps(i.op) ? destination(em, i.x) : -1));
  const keep = reachable(em, targets);
  invert(em, targets, keep);
  // Backwards, so that a jump over dropped jumps is seen to lead to the next instruction.
  let next = n;
  for (let at = n - 1; at >= 0; at--) {
    if (keep[at] === 0) continue;
    const i = em.code[at] as Instruction;
    if (i.op === Code.JMP && (targets[at] as number) > at && nextKept(keep, targets[at] as number) === next)
      keep[at] = 0;
    else next = at;
  }
  const map = new Int32Array(n + 1);
  let count = base + em.prologue.length;
  for (let at = 0; at < n; at++) {
    map[at] = count;
    count += keep[at] as number;
  }
  map[n] = count;
  const register = (r: number): number => (r >= PIN ? em.high + r - PIN : r);
  const body: Instruction[] = [];
  em.code.forEach((i, at) => {
    if (keep[at] === 1) body.push(place(i, register, map[targets[at] as number] ?? 0));
  });
  const locals = em.locals.flatMap(({ name, local, register: r, frame, from, to }): LocalInfo[] => {
    const [a, b] = [map[em.labels[from] as number] ?? 0, map[em.labels[to] as number] ?? 0];
    return a < b
      ? [
          {
            name,
            type: local.type === 'null' ? 'int' : local.type,
            register: register(r),
            frame,
            from: a,
            to: b,
          },
        ]
      : [];
  });
  const prologue = em.prologue.map((i) => place(i, register, 0));
  return { code: [...prologue, ...body], locals, high: em.high, pinned: em.pinned };
}

/** `if not, go on; else jump` becomes one jump with the opposite sense. */
function invert(em: Emitter, targets: number[], keep: Uint8Array): void {
  const targeted = new Set(targets);
  for (let at = 0; at < em.code.length; at++) {
    const i = em.code[at] as Instruction;
    if (keep[at] === 0 || (i.op !== Code.JZ && i.op !== Code.JNZ)) continue;
    const over = nextKept(keep, at + 1);
    if (em.code[over]?.op !== Code.JMP || targeted.has(over)) continue;
    if (nextKept(keep, over + 1) !== nextKept(keep, targets[at] as number)) continue;
    em.code[at] = { ...i, op: i.op === Code.JZ ? Code.JNZ : Code.JZ };
    targets[at] = targets[over] as number;
    keep[over] = 0;
  }
}

function nextKept(keep: Uint8Array, from: number): number {
  let at = from;
  while (at < keep.length && keep[at] === 0) at++;
  return at;
}

/** An instruction with its registers and its jump target final. */
function place(i: Instruction, register: (r: number) => number, target: number): Instruction {
  const site: SiteIdx = i.site;
  const { op, x, y, z } = i;
  switch (op) {
    case Code.LOAD:
      return { op, x: register(x), y, z: z < 0 ? z : register(z), site };
    case Code.STORE:
      return { op, x: register(x), y, z: z < 0 ? z : register(z), site };
    case Code.OP:
      return { op, x: x < 0 ? x : register(x), y, z: register(z), site };
    case Code.JMP:
    case Code.COST_CODE:
      return { op, x: target, y: 0, z: 0, site };
    case Code.JZ:
    case Code.JNZ:
    case Code.WAIT:
      return { op, x: target, y: register(y), z: 0, site };
    case Code.COST:
      return { op, x, y: register(y), z: x === 1 ? register(z) : 0, site };
    case Code.RESULT:
    case Code.CHECK_INDEX:
      return { op, x, y: register(y), z: 0, site };
    default:
      if (op >= Code.MOV && op <= Code.INV)
        return { op, x: register(x), y: register(y), z: z === 0 ? 0 : register(z), site };
      return i;
  }
}
