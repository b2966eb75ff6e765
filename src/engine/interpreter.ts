import { Class, type EventIdx, Kind, NO_THREAD, type Ns, objectId, State } from '../event/index.ts';
import { Code, CostKind, WORDS } from '../language/bytecode.ts';
import { Conditions } from './conditions.ts';
import { findCycle, mayCycle } from './deadlock.ts';
import type { Engine } from './engine.ts';
import type { Domain } from './grace.ts';
import { hostSwitches } from './host.ts';
import { spinIndex } from './layout.ts';
import { looksAround, spins, Wait } from './locks/face.ts';
import { exponential, uniform, whole } from './numbers.ts';
import type { Costing, Effect, Operation } from './ops/face.ts';
import { Outcome, Phase, Reason, Timer } from './outcome.ts';
import { isRangeLock } from './ranges.ts';
import { Schedule } from './schedule.ts';
import { kill } from './signals.ts';
import { lookAtWaits } from './watchdogs.ts';
import { GRACE_DOMAINS } from './world.ts';

/** Jumps back and events without time advancing after which a run is `stuck`. */
const MAX_STEPS_AT_ONE_INSTANT = 1_000_000;

function soonest(a: Ns, b: Ns): Ns {
  return a < b ? a : b;
}

/** Operations as the loop knows them, in place of Code.OP: an operation that is no step, and steps by what they cost. */
const Op = {
  LOOK: 35,
  FREE: 36,
  RWSEM_LINE: 37,
  SPIN_LINE: 38,
  CALL: 39,
  COMPUTE: 40,
  ONLY_TIME: 41,
} as const;

// As constants of their own these are written into the compiled loop; members of an object are looked up there.
const { FREE, RWSEM_LINE, SPIN_LINE, COMPUTE } = Op;
const { SWITCH } = Timer;
const { FETCH, DUE_PAID, COST_PAID, COMPLETE } = Phase;

function opOf(o: Operation): number {
  if (!o.step) return Op.LOOK;
  switch (o.cost) {
    case 'work':
      return Op.COMPUTE;
    case 'rwsem line':
      return Op.RWSEM_LINE;
    case 'spin line':
      return Op.SPIN_LINE;
    case null:
      return Op.FREE;
    default:
      return o.onlyTime ? Op.ONLY_TIME : Op.CALL;
  }
}

/** The program with its operations told apart, so that the loop need not look up what each one is. */
function decode(code: Int32Array, ops: readonly Operation[]): Int32Array {
  const decoded = code.slice();
  for (let i = 0; i < code.length; i += WORDS)
    if (code[i] === Code.OP) decoded[i] = opOf(ops[code[i + 2] as number] as Operation);
  return decoded;
}

/**
 * The timed interpreter. A step is paid for first (what `@` says, then what the operation's own mechanism takes) and
 * takes effect at the end of that time; between two steps of a thread any other thread may act. As long as nothing
 * else is due earlier the thread goes on without a detour through the event queue, which changes no outcome.
 *
 * Longer than other files on purpose: the loop over instructions is one function, because that is what makes it fast.
 */
export class Interpreter {
  private readonly e: Engine;
  private readonly effects: readonly Effect[];
  private readonly costs: readonly (Costing | null)[];
  private readonly code: Int32Array;
  private readonly registers: number;
  private readonly conditions: Conditions;
  /** The program has invariants of its own: they are looked at whenever something happened. */
  private readonly watching: boolean;
  /** Null where nothing fixes the interleaving. */
  private readonly schedule: Schedule | null;
  /**
   * Nothing but steps of threads is to be done between two of them, as long as none is parked: no invariants of the document,
   * no turns on a host or of a schedule.
   */
  private readonly chains: boolean;
  private readonly cpus: number;
  private untilTime: Ns = Infinity;
  private untilCount: EventIdx = Infinity;
  private budget = 0;

  constructor(e: Engine, ops: readonly Operation[]) {
    this.e = e;
    this.effects = ops.map((o) => o.effect);
    this.costs = ops.map((o) => (typeof o.cost === 'function' ? o.cost : null));
    this.code = decode(e.program.code, ops);
    this.registers = e.program.registers;
    this.conditions = new Conditions(e, ops);
    this.watching = this.conditions.always;
    this.schedule = e.program.scenario.schedule.length > 0 ? new Schedule(e) : null;
    this.chains = !this.conditions.always && e.machine.host === undefined && this.schedule === null;
    this.cpus = e.cpus.count;
  }

  /**
   * Runs until the run ends, the clock would pass `untilTime`, at least `untilCount` records are written (at the end
   * of the step that wrote them), or about `budget` steps are done. True when it can go on.
   */
  run(untilTime: Ns, untilCount: EventIdx, budget: number): boolean {
    const e = this.e;
    const { w, q } = e;
    const { schedule } = this;
    this.untilTime = untilTime;
    this.untilCount = untilCount;
    this.budget = budget;
    const cpus = e.cpus.count;
    const threads = w.sizes.threads;
    const virtual = e.machine.host !== undefined;
    const extent = e.program.scenario.extentNs;
    const limit = untilTime < extent ? untilTime : extent;
    this.untilTime = soonest(limit, w.clock[6] as number);
    while (!e.over && this.budget > 0 && e.count < untilCount) {
      const t = q.next();
      if (t > this.untilTime) {
        if (t === Infinity) this.nothingLeft();
        else if (this.untilTime < limit) {
          this.lookAtWaits(limit);
          continue;
        } else if (t > extent && untilTime >= extent) this.extentReached(extent);
        break;
      }
      const source = q.pop();
      if (virtual && source < cpus && (w.cpuAwayUntil[source] as number) > t) {
        q.set(source, w.cpuAwayUntil[source] as number);
        continue;
      }
      if (t > e.now) {
        e.now = t;
        e.stepsNow = 0;
      } else if (this.stuckCheck(source < cpus ? (w.cpuThread[source] as number) - 1 : NO_THREAD)) break;
      const before = e.count;
      this.budget--;
      if (source < cpus) {
        const thread = (w.cpuThread[source] as number) - 1;
        if (w.timer[thread] === SWITCH) this.arrive(source, thread);
        else if (schedule?.holds(thread) === true) schedule.holdBack(thread);
        else {
          this.steps(thread, source);
          e.running = -1;
        }
      } else if (source < cpus + threads) {
        const thread = source - cpus;
        w.timer[thread] = Timer.NONE;
        e.cpus.wake(thread, 0, 0);
      } else this.otherEvent(source - cpus - threads);
      e.endStep(before);
      if (e.parked > 0 && e.count > before) this.conditions.recheckParked();
      if (schedule !== null && !e.over) schedule.endTurns();
    }
    if (e.over && w.run[7] === 0) {
      w.run[7] = 1;
      const before = e.count;
      e.watch.atRest(NO_THREAD);
      e.endStep(before);
    }
    e.settle();
    return !e.over && (q.next() <= limit || untilTime >= extent);
  }

  /** Slices of CPUs, alarms of threads, turns on the host, ends of grace periods, the disk: in this order. */
  private otherEvent(source: number): void {
    const { e } = this;
    const { count } = e.cpus;
    const { threads } = e.w.sizes;
    if (source < count) e.cpus.sliceOver(source);
    else if (source < count + threads) kill(e, source - count);
    else if (source < count * 2 + threads) hostSwitches(e, source - count - threads);
    else if (source < count * 2 + threads + GRACE_DOMAINS)
      e.grace.due((source - count * 2 - threads) as Domain);
    else e.files.readDone();
  }

  /** Nothing else happens before it is time to look at those who wait. */
  private lookAtWaits(limit: Ns): void {
    const { e } = this;
    const before = e.count;
    e.now = this.untilTime;
    e.stepsNow = 0;
    lookAtWaits(e);
    e.endStep(before);
    this.untilTime = soonest(limit, e.w.clock[6] as number);
  }

  private arrive(cpu: number, thread: number): void {
    const { e } = this;
    const w = e.w;
    e.cpus.arrive(cpu, thread);
    this.schedule?.arrives(thread);
    if (w.killed[thread] === 1 && w.inKernel[thread] === 0) {
      this.end(thread);
      return;
    }
    // Somebody woke up here while the CPU was switching.
    if (w.cpuResched[cpu] === 1 && w.inKernel[thread] === 0 && w.noPreempt[thread] === 0) {
      e.cpus.yield(thread);
      return;
    }
    const left = w.left[thread] as number;
    w.left[thread] = 0;
    // What was interrupted goes on; everything else starts at once, in its own turn.
    e.q.set(cpu, left > 0 ? e.cpus.endOf(cpu, left) : e.now);
  }

  /** The time the scenario declares is over: good if only daemons are left. */
  private extentReached(extent: Ns): void {
    const { e } = this;
    const w = e.w;
    e.now = extent;
    if (w.run[5] === 0) {
      e.stop(Outcome.DONE, Reason.NONE, NO_THREAD);
      return;
    }
    let late = this.schedule?.turn?.thread ?? 0;
    while (w.state[late] === State.DONE || e.program.scenario.threads[late]?.daemon === true)
      late = (late + 1) % w.sizes.threads;
    e.stop(Outcome.LIMIT, Reason.EXTENT, late);
  }

  private nothingLeft(): void {
    const { e } = this;
    const w = e.w;
    if (w.run[5] === 0) e.stop(Outcome.DONE, Reason.NONE, NO_THREAD);
    else {
      for (let t = 0; t < w.sizes.threads; t++) {
        if (w.state[t] === State.DONE) continue;
        e.stop(Outcome.STUCK, Reason.ALL_WAIT, t);
        return;
      }
    }
  }

  /** Time `end` has come for the running thread? Otherwise it is queued and the caller returns. */
  private advance(cpu: number, end: Ns): boolean {
    const { e } = this;
    if (end <= e.now) return true;
    if (end >= e.q.next()) {
      e.q.add(cpu, end);
      return false;
    }
    // Nothing else is due earlier: go on at once. If that must wait, its place among equals is the first all the same.
    if (end > this.untilTime || this.budget <= 0) {
      e.q.setFirst(cpu, end);
      return false;
    }
    e.now = end;
    e.stepsNow = 0;
    this.budget--;
    return true;
  }

  private stuckCheck(thread: number): boolean {
    if (++this.e.stepsNow < MAX_STEPS_AT_ONE_INSTANT) return false;
    this.e.stop(Outcome.STUCK, Reason.NO_PROGRESS, thread);
    return true;
  }

  /**
   * Lets a thread run on its CPU until it must wait for time, blocks, or ends; then whoever has the next event, as long
   * as that is a step of a thread at a later time. `run` does the rest.
   */
  private steps(first: number, on: number): void {
    const e = this.e;
    const { w, q } = e;
    const { pc: pcs, phase: phases, sub: subs, regs: R, due: dues } = w;
    const { code, registers, watching } = this;
    let thread = first;
    let cpu = on;
    for (;;) {
      // Whole and not negative, which the compiler does not know of a product.
      const base = (thread * registers) | 0;
      let atomic = w.atomic[thread] as number;
      e.running = thread;
      let pc = pcs[thread] as number;
      // Where in the instruction it left off; it begins every later one from the beginning.
      let phase = phases[thread] as number;
      instructions: for (;;) {
        const i = pc << 2;
        const op = code[i] as number;
        if (op >= FREE) {
          const at = base + (code[i | 3] as number);
          let line = 0;
          if (op === RWSEM_LINE) line = e.rwIndexOf(R[at] as number);
          else if (op === SPIN_LINE) line = spinIndex(e.layout, R[at] as number);
          // Progress within the instruction is written down only where the thread leaves off in it.
          if (phase !== COST_PAID) {
            pcs[thread] = pc;
            if (phase === COMPLETE) {
              const x = code[i | 1] as number;
              if (x >= 0) R[base + x] = w.result[thread] as number;
              w.result[thread] = 0;
              phases[thread] = FETCH;
              subs[thread] = 0;
              phase = FETCH;
              pc++;
              continue;
            }
            if (phase === FETCH) {
              const due = dues[thread] as number;
              if (due > 0 && atomic === 0) {
                dues[thread] = 0;
                if (!this.advance(cpu, e.cpus.endOf(cpu, due))) {
                  phases[thread] = DUE_PAID;
                  break;
                }
              }
            }
            if (op !== FREE) {
              let end = 0;
              if (op === RWSEM_LINE) end = e.lines.rwsem(line, cpu);
              else if (op === COMPUTE) {
                const ns = R[at] as number;
                end = ns > 0 ? e.cpus.endOf(cpu, ns) : e.now;
              } else if (op === SPIN_LINE) end = e.lines.spin(line, cpu);
              else {
                (this.costs[code[i | 2] as number] as Costing)(e, thread, at, cpu);
                end = e.end;
              }
              // Within atomic { } nobody else may act: its time is paid behind it.
              if (atomic !== 0) dues[thread] = (dues[thread] as number) + end - e.now;
              else if (!this.advance(cpu, end)) {
                phases[thread] = COST_PAID;
                break;
              }
            }
          }
          if (op >= COMPUTE) {
            if (phase !== FETCH) phases[thread] = FETCH;
            phase = FETCH;
            pc++;
            continue;
          }
          let before = e.count;
          const effect = this.effects[code[i | 2] as number] as Effect;
          let r = effect(e, thread, at, line);
          while (e.again > 0) {
            const end = e.again;
            e.again = 0;
            // Written down below that the instruction was begun.
            phase = COST_PAID;
            subs[thread] = (subs[thread] as number) + 1;
            if (e.count > before) {
              e.endStep(before);
              if (watching || e.parked > 0) this.conditions.look(thread);
            }
            if (e.over) break instructions;
            if (this.full(cpu, end) || !this.advance(cpu, end)) {
              phases[thread] = COST_PAID;
              break instructions;
            }
            before = e.count;
            r = effect(e, thread, at, line);
          }
          if (e.blocked) {
            e.blocked = false;
            if (phases[thread] !== COMPLETE) phases[thread] = COST_PAID;
            this.block(thread, cpu);
            e.endStep(before);
            break;
          }
          if (phase !== FETCH) {
            phase = FETCH;
            phases[thread] = FETCH;
            subs[thread] = 0;
          }
          const x = code[i | 1] as number;
          if (x >= 0) R[base + x] = r;
          pc++;
          if (
            e.yields ||
            (w.cpuResched[cpu] === 1 && w.inKernel[thread] === 0 && w.noPreempt[thread] === 0)
          ) {
            e.yields = false;
            pcs[thread] = pc;
            e.cpus.yield(thread);
            e.endStep(before);
            break;
          }
          if (e.count > before) {
            e.endStep(before);
            if (watching || e.parked > 0) this.conditions.look(thread);
            if (e.over || this.full(cpu, e.now)) {
              pcs[thread] = pc;
              break;
            }
          } else if (e.over) {
            pcs[thread] = pc;
            break;
          }
          continue;
        }
        const x = code[i | 1] as number;
        const y = code[i | 2] as number;
        const z = code[i | 3] as number;
        switch (op) {
          case 35 satisfies typeof Op.LOOK: {
            const r = (this.effects[y] as Effect)(e, thread, base + z, 0);
            if (x >= 0) R[base + x] = r;
            pc++;
            continue;
          }
          case 1 satisfies typeof Code.MOV:
            R[base + x] = R[base + y] as number;
            pc++;
            continue;
          case 2 satisfies typeof Code.ADD:
            R[base + x] = (R[base + y] as number) + (R[base + z] as number);
            pc++;
            continue;
          case 3 satisfies typeof Code.SUB:
            R[base + x] = (R[base + y] as number) - (R[base + z] as number);
            pc++;
            continue;
          case 4 satisfies typeof Code.MUL:
            R[base + x] = (R[base + y] as number) * (R[base + z] as number);
            pc++;
            continue;
          case 5 satisfies typeof Code.DIV:
          case 6 satisfies typeof Code.MOD: {
            const b = R[base + z] as number;
            if (b === 0) {
              pcs[thread] = pc;
              e.stop(Outcome.STUCK, Reason.DIVISION, thread);
              break instructions;
            }
            const a = R[base + y] as number;
            if (op === Code.MOD) R[base + x] = a % b;
            else {
              const quotient = a / b;
              R[base + x] = quotient < 0 ? -whole(-quotient) : whole(quotient);
            }
            pc++;
            continue;
          }
          case 7 satisfies typeof Code.AND:
            R[base + x] = (R[base + y] as number) & (R[base + z] as number);
            pc++;
            continue;
          case 8 satisfies typeof Code.OR:
            R[base + x] = (R[base + y] as number) | (R[base + z] as number);
            pc++;
            continue;
          case 9 satisfies typeof Code.XOR:
            R[base + x] = (R[base + y] as number) ^ (R[base + z] as number);
            pc++;
            continue;
          case 10 satisfies typeof Code.SHL:
            R[base + x] = (R[base + y] as number) << (R[base + z] as number);
            pc++;
            continue;
          case 11 satisfies typeof Code.SHR:
            R[base + x] = (R[base + y] as number) >> (R[base + z] as number);
            pc++;
            continue;
          case 12 satisfies typeof Code.EQ:
            R[base + x] = R[base + y] === R[base + z] ? 1 : 0;
            pc++;
            continue;
          case 13 satisfies typeof Code.NE:
            R[base + x] = R[base + y] !== R[base + z] ? 1 : 0;
            pc++;
            continue;
          case 14 satisfies typeof Code.LT:
            R[base + x] = (R[base + y] as number) < (R[base + z] as number) ? 1 : 0;
            pc++;
            continue;
          case 15 satisfies typeof Code.LE:
            R[base + x] = (R[base + y] as number) <= (R[base + z] as number) ? 1 : 0;
            pc++;
            continue;
          case 16 satisfies typeof Code.GT:
            R[base + x] = (R[base + y] as number) > (R[base + z] as number) ? 1 : 0;
            pc++;
            continue;
          case 17 satisfies typeof Code.GE:
            R[base + x] = (R[base + y] as number) >= (R[base + z] as number) ? 1 : 0;
            pc++;
            continue;
          case 18 satisfies typeof Code.NOT:
            R[base + x] = R[base + y] === 0 ? 1 : 0;
            pc++;
            continue;
          case 19 satisfies typeof Code.NEG:
            R[base + x] = -(R[base + y] as number);
            pc++;
            continue;
          case 20 satisfies typeof Code.INV:
            R[base + x] = ~(R[base + y] as number);
            pc++;
            continue;
          case 21 satisfies typeof Code.JMP:
            if (x <= pc && ++e.stepsNow >= MAX_STEPS_AT_ONE_INSTANT) {
              pcs[thread] = pc;
              e.stop(Outcome.STUCK, Reason.NO_PROGRESS, thread);
              break instructions;
            }
            pc = x;
            continue;
          case 22 satisfies typeof Code.JZ:
          case 23 satisfies typeof Code.JNZ:
            if ((R[base + y] === 0) === (op === Code.JZ)) {
              if (x <= pc && ++e.stepsNow >= MAX_STEPS_AT_ONE_INSTANT) {
                pcs[thread] = pc;
                e.stop(Outcome.STUCK, Reason.NO_PROGRESS, thread);
                break instructions;
              }
              pc = x;
            } else pc++;
            continue;
          case 24 satisfies typeof Code.LOAD:
          case 25 satisfies typeof Code.STORE: {
            pcs[thread] = pc;
            const due = dues[thread] as number;
            if (due > 0 && phase === FETCH && atomic === 0) {
              dues[thread] = 0;
              phases[thread] = DUE_PAID;
              if (!this.advance(cpu, e.cpus.endOf(cpu, due))) break instructions;
            }
            phases[thread] = FETCH;
            phase = FETCH;
            const slot = y + (z >= 0 ? (R[base + z] as number) : 0);
            if (op === Code.LOAD) R[base + x] = w.shared[slot] as number;
            else {
              const before = e.count;
              w.shared[slot] = R[base + x] as number;
              e.emit(
                Kind.VAR,
                thread,
                objectId(Class.VAR, slot),
                (R[base + x] as number) >>> 0,
                w.state[thread] as number,
              );
              e.endStep(before);
              if (watching || e.parked > 0) this.conditions.look(thread);
            }
            pc++;
            pcs[thread] = pc;
            if (this.full(cpu, e.now)) break instructions;
            continue;
          }
          case 27 satisfies typeof Code.COST: {
            const a = R[base + y] as number;
            let cost = a;
            if (x !== CostKind.FIXED) {
              const n = w.draws[thread * 2] as number;
              w.draws[thread * 2] = n + 1;
              const u = uniform(e.seed, thread, 0, n);
              cost = x === CostKind.UNIFORM ? a + u * ((R[base + z] as number) - a) : a * exponential(u);
            }
            // What `@` says of a negative amount (an empty range, say) is nothing.
            if (cost > 0) dues[thread] = (dues[thread] as number) + cost;
            pc++;
            continue;
          }
          case 28 satisfies typeof Code.COST_CODE:
            pc++;
            continue;
          case 34 satisfies typeof Code.MARK:
            pc++;
            if (this.schedule?.comesTo(thread, x) !== true) continue;
            pcs[thread] = pc;
            break instructions;
          case 33 satisfies typeof Code.CHECK_INDEX: {
            const index = R[base + y] as number;
            if (!(index >= 0 && index < x && index % 1 === 0)) {
              pcs[thread] = pc;
              e.stop(Outcome.STUCK, Reason.INDEX, thread);
              break instructions;
            }
            pc++;
            continue;
          }
          case 30 satisfies typeof Code.ATOMIC_BEGIN:
            w.atomic[thread] = ++atomic;
            pc++;
            continue;
          case 31 satisfies typeof Code.ATOMIC_END:
            w.atomic[thread] = --atomic;
            pc++;
            continue;
          case 29 satisfies typeof Code.WAIT: {
            if (R[base + y] !== 0) {
              pc++;
              continue;
            }
            const before = e.count;
            pcs[thread] = x;
            w.parked[thread] = 1;
            e.parked++;
            e.setState(thread, State.IDLE);
            e.emitState(thread);
            e.cpus.leave(thread);
            e.endStep(before);
            break instructions;
          }
          default:
            pcs[thread] = pc;
            this.end(thread);
            break instructions;
        }
      }
      const t = q.next();
      if (!this.chains || e.parked > 0 || e.over || this.budget <= 0 || e.count >= this.untilCount) return;
      if (t <= e.now || t > this.untilTime) return;
      cpu = q.first();
      if (cpu >= this.cpus) return;
      thread = (w.cpuThread[cpu] as number) - 1;
      if (w.timer[thread] === SWITCH) return;
      q.pop();
      e.now = t;
      e.stepsNow = 0;
      this.budget--;
    }
  }

  /** The wanted number of records is there: the thread goes on at `end`, before anything else of that time. */
  private full(cpu: number, end: Ns): boolean {
    if (this.e.count < this.untilCount) return false;
    // It will be taken from the queue once more than in one go; that is no step.
    if (end <= this.e.now) this.e.stepsNow--;
    if (end <= this.e.now || end < this.e.q.next()) this.e.q.setFirst(cpu, end);
    else this.e.q.add(cpu, end);
    return true;
  }

  /** An effect made the thread wait: a spinner keeps its CPU, everybody else gives it away. */
  private block(thread: number, cpu: number): void {
    const { e } = this;
    const w = e.w;
    const lock = w.waitLock[thread] as number;
    if (
      lock !== 0 &&
      ((w.heldCount[thread] as number) > 0 || w.irqsOff[thread] === 1 || isRangeLock(lock)) &&
      mayCycle(e, lock) &&
      findCycle(e, thread) !== null
    ) {
      e.emit(Kind.DEADLOCK, thread, w.waitLock[thread] as number, 0, w.state[thread] as number);
      e.stop(Outcome.DEADLOCK, Reason.NONE, thread);
    }
    if (w.waiting[thread] === Wait.YIELDED) {
      e.cpus.yield(thread);
      return;
    }
    if (spins(w.waiting[thread] as number)) {
      const looks = looksAround(w.waiting[thread] as number);
      if (looks && w.cpuResched[cpu] === 1 && w.noPreempt[thread] === 0) e.q.set(cpu, e.now);
      return;
    }
    if (w.noPreempt[thread] !== 0) e.stop(Outcome.STUCK, Reason.SLEEP_UNDER_SPINLOCK, thread);
    if (w.waiting[thread] === Wait.QUEUED) w.phase[thread] = DUE_PAID;
    e.cpus.leave(thread);
  }

  private end(thread: number): void {
    const { e } = this;
    const w = e.w;
    const before = e.count;
    const mm = w.threadMm[thread] as number;
    w.mmUsers[mm] = (w.mmUsers[mm] as number) - 1;
    if ((w.heldCount[thread] as number) > 0) e.stop(Outcome.STUCK, Reason.HELD_AT_EXIT, thread);
    e.q.remove(e.cpus.alarmOf(thread));
    e.setState(thread, State.DONE);
    e.emitState(thread);
    e.cpus.leave(thread);
    if (e.program.scenario.threads[thread]?.daemon !== true) {
      w.run[5] = (w.run[5] as number) - 1;
      // Turns that are left may have missed their labels.
      if (w.run[5] === 0) this.schedule?.endTurns();
      if (w.run[5] === 0) e.stop(Outcome.DONE, Reason.NONE, NO_THREAD);
    }
    e.endStep(before);
  }
}
