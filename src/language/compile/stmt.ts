import type { Expr, ForIn, Stmt } from '../ast.ts';
import { Code } from '../bytecode.ts';
import { lowerArguments } from './args.ts';
import { lowerAssign, lowerDeclare, store } from './assign.ts';
import { bodies } from './call.ts';
import type { Context } from './context.ts';
import { lowerCost, refuseOwnResult } from './cost.ts';
import type { Fn } from './declared.ts';
import { NOP } from './emitter.ts';
import { lower, lowerCond, lowering, lowerScalar, muted } from './expr.ts';
import {
  collectLabels,
  hasLabel,
  inAtomic,
  leave,
  lowerGoto,
  lowerLabel,
  lowerReturn,
  resultPlace,
} from './jumps.ts';
import { BAD, type Local, ZERO } from './value.ts';
import { slotsOf } from './words.ts';

/** Statements of a block, in a scope of their own. */
function lowerBlock(x: Context, stmts: readonly Stmt[]): void {
  x.openScope();
  lowerList(x, stmts);
  x.closeScope();
}

/** Ghost statements belong to the step before them: they happen with it, at one instant. */
function lowerList(x: Context, stmts: readonly Stmt[]): void {
  for (let k = 0; k < stmts.length; k++) {
    const ghosts: Stmt[] = [];
    while (stmts[k + ghosts.length + 1]?.kind === 'ghost') ghosts.push(stmts[k + ghosts.length + 1] as Stmt);
    const first = stmts[k] as Stmt;
    const since = x.em.labels.length;
    lowerStatement(x, first);
    if (ghosts.length === 0) continue;
    k += ghosts.length;
    const at = x.frame.lastStep;
    const together = at >= 0 && isLeaf(first) && x.em.muted === 0 && !inAtomic(x) && x.em.straight(at, since);
    if (together) {
      const ops = x.words.opsByIndex;
      x.em.insert(at, since, ops, () => x.em.emit(Code.ATOMIC_BEGIN, 0, 0, 0, x.siteAt(first)));
    }
    for (const g of ghosts) lowerStatement(x, g);
    if (together) x.emit(Code.ATOMIC_END, 0);
  }
}

function isLeaf(s: Stmt): boolean {
  return s.kind === 'assign' || s.kind === 'expr' || s.kind === 'declare';
}

/** One statement with its cost. */
export function lowerStatement(x: Context, s: Stmt): void {
  x.spend(s);
  const { em, frame } = x;
  if (s.kind !== 'block') frame.site = x.siteAt(s);
  const temps = em.tempMark();
  const start = em.code.length;
  const since = em.labels.length;
  frame.lastStep = -1;
  // A condition is evaluated again and again: its cost must not be among what is repeated.
  if (s.kind === 'wait' && s.cost !== undefined) lowerCost(x, s.cost);
  statement(x, s);
  const { lastStep } = frame;
  em.freeTemps(temps);
  if (s.cost !== undefined && s.kind !== 'wait') {
    frame.site = x.siteAt(s);
    const { cost } = s;
    refuseOwnResult(x, s, cost);
    // Before the last step of the statement if every path comes by there, else before all of it.
    const at = lastStep >= 0 && em.straight(lastStep, since) ? lastStep : start;
    const delta = em.muted > 0 ? 0 : em.insert(at, since, x.words.opsByIndex, () => lowerCost(x, cost));
    if (em.muted > 0) lowerCost(x, cost);
    frame.lastStep = lastStep >= 0 ? lastStep + delta : -1;
    em.freeTemps(temps);
  }
}

function statement(x: Context, s: Stmt): void {
  switch (s.kind) {
    case 'empty':
      return;
    case 'block':
      lowerBlock(x, s.body);
      return;
    case 'assign':
      lowerAssign(x, s);
      return;
    case 'declare':
      lowerDeclare(x, s);
      return;
    case 'expr':
      if (s.value.kind !== 'call')
        x.reporter.warning(x.frame.file, s.value, 'the value of this statement is not used');
      lower(x, s.value, -1, false);
      return;
    case 'if':
      lowerIf(x, s);
      return;
    case 'while':
      lowerLoop(x, s.test, null, s.body, s);
      return;
    case 'for':
      x.openScope();
      if (s.init !== undefined) lowerStatement(x, s.init);
      lowerLoop(x, s.test ?? null, s.next ?? null, s.body, s);
      x.closeScope();
      return;
    case 'dowhile':
      lowerDoWhile(x, s);
      return;
    case 'forin':
      lowerForIn(x, s);
      return;
    case 'label':
      lowerLabel(x, s.name);
      return;
    case 'goto':
      lowerGoto(x, s);
      return;
    case 'return':
      lowerReturn(x, s);
      return;
    case 'break':
    case 'continue': {
      const loop = x.frame.loops.at(-1);
      if (loop === undefined) {
        x.error(s, `'${s.kind}' outside of a loop`);
        return;
      }
      leave(x, loop.chain);
      x.jump(s.kind === 'break' ? loop.brk : loop.cont);
      return;
    }
    case 'wait':
      lowerWait(x, s.test, s);
      return;
    case 'atomic':
      x.emit(Code.ATOMIC_BEGIN, 0);
      x.frame.chain.push(s);
      lowerBlock(x, s.body.body);
      x.frame.chain.pop();
      x.emit(Code.ATOMIC_END, 0);
      return;
    case 'ghost': {
      const { mode } = x;
      x.mode = 'ghost';
      lowerAssign(x, s.assign);
      x.mode = mode;
      return;
    }
  }
}

function lowerIf(x: Context, s: Extract<Stmt, { kind: 'if' }>): void {
  const { em } = x;
  const c = x.constantOf(s.test);
  if (c !== undefined && !hasLabel(s)) {
    // What a knob switches off costs nothing; it is still checked, and its declarations stay.
    muted(x, () => lowerCond(x, s.test, em.newLabel(), true));
    const live = c !== 0 ? s.yes : s.no;
    for (const branch of s.no === undefined ? [s.yes] : [s.yes, s.no]) {
      if (branch === live) lowerStatement(x, branch);
      else muted(x, () => lowerStatement(x, branch));
    }
    return;
  }
  const no = em.newLabel();
  lowerCond(x, s.test, no, false);
  lowerStatement(x, s.yes);
  if (s.no === undefined) {
    em.bind(no);
    return;
  }
  const end = em.newLabel();
  x.jump(end);
  em.bind(no);
  lowerStatement(x, s.no);
  em.bind(end);
}

/** while and for: the test stands behind the body, so that a turn takes one jump. */
function lowerLoop(x: Context, test: Expr | null, next: Stmt | null, body: Stmt, s: Stmt): void {
  const { em, frame } = x;
  const [top, cont, brk] = [em.newLabel(), em.newLabel(), em.newLabel()];
  const check = next === null ? cont : em.newLabel();
  const always = test === null || (x.constantOf(test) ?? 0) !== 0;
  if (!always) x.jump(check);
  em.bind(top);
  frame.loops.push({ brk, cont, chain: [...frame.chain] });
  lowerStatement(x, body);
  frame.loops.pop();
  em.bind(cont);
  if (next !== null) {
    lowerStatement(x, next);
    em.bind(check);
  }
  frame.site = x.siteAt(s);
  if (test === null) x.jump(top);
  else lowerCond(x, test, top, true);
  em.bind(brk);
  frame.lastStep = -1;
}

function lowerDoWhile(x: Context, s: Extract<Stmt, { kind: 'dowhile' }>): void {
  const { em, frame } = x;
  const [top, cont, brk] = [em.here(), em.newLabel(), em.newLabel()];
  frame.loops.push({ brk, cont, chain: [...frame.chain] });
  lowerStatement(x, s.body);
  frame.loops.pop();
  em.bind(cont);
  frame.site = x.siteAt(s);
  lowerCond(x, s.test, top, true);
  em.bind(brk);
  frame.lastStep = -1;
}

/** `for (x in tables(r))`: the arguments stay in registers with x behind them, so one instruction gets the next. */
function lowerForIn(x: Context, s: ForIn): void {
  const { em, frame, words } = x;
  const iterator = words.iterators.get(s.iterator);
  const first = iterator === undefined ? undefined : words.ops.get(iterator.first);
  const next = iterator === undefined ? undefined : words.ops.get(iterator.next);
  x.openScope();
  const scope = frame.scopes.length - 1;
  const [top, cont, brk] = [em.newLabel(), em.newLabel(), em.newLabel()];
  let local: Local = { type: '?', value: BAD, fixed: 'the variable of its loop' };
  const at = s.iteratorAt;
  if (iterator === undefined || first === undefined || next === undefined) {
    x.unknown(at, 'iterator', s.iterator, words.iterators.keys());
  } else if (s.args.length !== iterator.params.length) {
    x.error(at, `${s.iterator} takes ${iterator.params.length} arguments, found ${s.args.length}`);
  } else {
    const slots = iterator.params.reduce((n, p) => n + slotsOf(p.type), 0);
    const block = em.alloc(slots + 1);
    for (let k = 0; k <= slots; k++) frame.scopes[scope]?.registers.push(block + k);
    const args = lowerArguments(x, lowering, { callee: s.iterator, args: s.args }, iterator.params);
    for (let k = 0; k < slots; k++) x.move(block + k, { kind: 'reg', type: 'int', reg: args.reg + k });
    args.release();
    const reg = block + slots;
    local = { ...local, type: iterator.element, value: { kind: 'reg', type: iterator.element, reg } };
    x.emitAt(at, Code.OP, reg, first.index, block, true);
    x.emit(Code.JZ, brk, reg);
    em.bind(top);
  }
  x.declare(s.name, local);
  frame.chain.push(s);
  frame.loops.push({ brk, cont, chain: [...frame.chain] });
  lowerStatement(x, s.body);
  frame.loops.pop();
  frame.chain.pop();
  em.bind(cont);
  frame.site = x.siteAt(s);
  if (local.value.kind === 'reg' && next !== undefined && iterator !== undefined) {
    const slots = next.slots - 1;
    x.emitAt(at, Code.OP, local.value.reg, next.index, local.value.reg - slots, true);
    x.emit(Code.JNZ, top, local.value.reg);
  }
  em.bind(brk);
  x.closeScope();
  frame.lastStep = -1;
}

function lowerWait(x: Context, test: Expr, s: Stmt): void {
  if (inAtomic(x)) x.error(s, "'wait_until' cannot stand in an atomic block: others must run meanwhile");
  const { mode } = x;
  x.mode = 'wait';
  const again = x.em.here();
  const v = lowerScalar(x, test);
  x.emit(Code.WAIT, again, x.reg(v));
  x.mode = mode;
}

/** Statements of a thread or a function, whose frame is entered already. */
export function lowerBody(x: Context, stmts: readonly Stmt[]): void {
  const { em, frame } = x;
  collectLabels(x, stmts, []);
  const end = em.newLabel();
  em.nops.push({ registers: frame.zeroed, end });
  em.emit(NOP, em.nops.length - 1, 0, 0, frame.site);
  lowerList(x, stmts);
  em.bind(end);
  // A function that ends without 'return' gives 0; where the end cannot be reached this is dropped again.
  if (frame.result >= 0) {
    store(
      x,
      resultPlace(frame),
      frame.returns === 'range' ? { kind: 'range', start: ZERO, end: ZERO } : ZERO,
    );
  }
}

bodies.lower = (x: Context, fn: Fn): void => lowerBody(x, fn.item.body.body);
