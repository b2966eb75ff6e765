import { Class, classOf, type ObjectId, objectId, State } from '../../event/index.ts';
import { Code, WORDS } from '../../language/bytecode.ts';
import { findCycle } from '../deadlock.ts';
import type { Engine } from '../engine.ts';
import { unacknowledged } from '../interrupts.ts';
import { spinIndex, tableId } from '../layout.ts';
import { Wait } from '../locks/face.ts';
import { rwlockId } from '../locks/rwlock.ts';
import { Outcome, Phase } from '../outcome.ts';
import { GRACE_DOMAINS, MAX_HELD } from '../world.ts';
import { type Complain, isHeld } from './audit-cpus.ts';

/** A rwsem or a mutex: they share their columns. */
function isSleeping(e: Engine, lock: ObjectId): boolean {
  return e.sleeping(lock) !== null;
}

interface Held {
  readers: number;
  readonly writers: number[];
}

/** Who holds what, as the threads' own lists say, and who waits for what. */
class Threads {
  private readonly holds = new Map<ObjectId, Held>();
  private readonly waits = new Map<ObjectId, number[]>();

  constructor(e: Engine) {
    const { heldCount, heldLock, heldWrite, waitLock, sizes } = e.w;
    for (let t = 0; t < sizes.threads; t++) {
      for (let k = t * MAX_HELD; k < t * MAX_HELD + (heldCount[t] as number); k++) {
        const held = this.held(heldLock[k] as number);
        this.holds.set(heldLock[k] as number, held);
        if (heldWrite[k] === 1) held.writers.push(t);
        else held.readers++;
      }
      const lock = waitLock[t] as number;
      if (lock !== 0) this.waits.set(lock, [...this.waiters(lock), t]);
    }
  }

  held(lock: ObjectId): Held {
    return this.holds.get(lock) ?? { readers: 0, writers: [] };
  }

  waiters(lock: ObjectId): readonly number[] {
    return this.waits.get(lock) ?? [];
  }

  /** Every lock that somebody holds or waits for. */
  locks(): ObjectId[] {
    return [...this.holds.keys(), ...this.waits.keys()];
  }
}

/** A queue through World.waitNext: its threads in order. */
function queue(
  e: Engine,
  name: string,
  head: Uint16Array,
  tail: Uint16Array,
  i: number,
  complain: Complain,
): number[] {
  const list: number[] = [];
  for (let at = head[i] as number; at !== 0; at = e.w.waitNext[at - 1] as number) {
    list.push(at - 1);
    if (list.length > e.w.sizes.threads) {
      complain(`${name} is a circle`);
      return list;
    }
  }
  if ((tail[i] as number) !== (list.at(-1) ?? -1) + 1) complain(`the tail of ${name} is wrong`);
  return list;
}

/** True when some thread is in the middle of an operation on the lock, which it has yet to finish. */
function underWay(e: Engine, lock: ObjectId): boolean {
  const { w } = e;
  const { code } = e.program;
  for (let t = 0; t < w.sizes.threads; t++) {
    if (w.sub[t] === 0 || w.phase[t] !== Phase.COST_PAID) continue;
    const i = (w.pc[t] as number) * WORDS;
    if (code[i] === Code.OP && w.regs[t * w.sizes.registers + (code[i + 3] as number)] === lock) return true;
  }
  return false;
}

function hasEvent(e: Engine, thread: number): boolean {
  return e.cpus.onCpu(thread) && (e.q.has(e.w.threadCpu[thread] as number) || isHeld(e, thread));
}

/** The same threads, in whatever order. */
function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((t) => b.includes(t));
}

/** Owners of a lock as the model has them, against what threads hold and what is counted apart. */
function auditOwners(e: Engine, lock: ObjectId, threads: Threads, complain: Complain): void {
  const { w } = e;
  const i = e.rwIndexOf(lock);
  const owner = (w.rwWriter[i] as number) - 1;
  const readers = w.rwReaders[i] as number;
  const held = threads.held(lock);
  const writers = owner < 0 || isPassed(e, owner, lock) ? [] : [owner];
  if (owner >= 0 && readers > 0) complain(`lock ${i} has a writer and ${readers} readers`);
  if (held.readers !== readers) complain(`lock ${i} counts ${readers} readers, threads hold ${held.readers}`);
  if (!same(held.writers, writers)) complain(`lock ${i} is owned by ${owner}, written by ${held.writers}`);
  if (w.seenReaders[i] !== readers || w.seenWriters[i] !== writers.length)
    complain(`lock ${i} is watched wrongly: ${w.seenReaders[i]} readers, ${w.seenWriters[i]} writers`);
}

/** The lock was passed on to the thread while it spun, and the line is under way. */
function isPassed(e: Engine, thread: number, lock: ObjectId): boolean {
  return e.w.waiting[thread] === Wait.PASSED && e.w.waitLock[thread] === lock;
}

/** Queues of a sleeping lock. Returns the threads in its list and in its OSQ. */
function auditQueues(
  e: Engine,
  lock: ObjectId,
  complain: Complain,
): { readonly list: readonly number[]; readonly osq: readonly number[] } {
  const { w } = e;
  const i = e.rwIndexOf(lock);
  const list = queue(e, `the list of lock ${i}`, w.rwHead, w.rwTail, i, complain);
  const osq = queue(e, `the OSQ of lock ${i}`, w.osqHead, w.osqTail, i, complain);
  if (list.length !== w.rwQueued[i]) complain(`lock ${i} counts ${w.rwQueued[i]} sleepers of ${list.length}`);
  if (osq.length !== w.osqCount[i]) complain(`lock ${i} counts ${w.osqCount[i]} spinners of ${osq.length}`);
  list.forEach((t, k) => {
    const how = w.waiting[t] as number;
    const first = how === Wait.WOKEN || how === Wait.CLAIM;
    if (w.waitLock[t] !== lock || (how !== Wait.QUEUED && !(first && k === 0)))
      complain(`thread ${t}, ${k} in the list of lock ${i}, waits (${how}) for ${w.waitLock[t]}`);
    const asleep = w.waitWrite[t] === 1 ? State.WAIT_WRITE : State.WAIT_READ;
    if (how === Wait.QUEUED && w.state[t] !== asleep)
      complain(`sleeper ${t} of lock ${i} has state ${w.state[t]}`);
    if (how === Wait.CLAIM && !e.cpus.onCpu(t)) complain(`thread ${t} claims lock ${i} without a CPU`);
  });
  for (const t of osq) {
    if (w.waitLock[t] !== lock || w.waiting[t] !== Wait.SPIN)
      complain(`thread ${t} in the OSQ of lock ${i} waits (${w.waiting[t]}) for ${w.waitLock[t]}`);
    if (!e.cpus.onCpu(t)) complain(`thread ${t} spins for lock ${i} without a CPU`);
  }
  return { list, osq };
}

function auditSleeping(e: Engine, lock: ObjectId, threads: Threads, complain: Complain): void {
  const { w } = e;
  const i = e.rwIndexOf(lock);
  auditOwners(e, lock, threads, complain);
  const { list, osq } = auditQueues(e, lock, complain);
  const owner = (w.rwWriter[i] as number) - 1;
  const passed = owner >= 0 && isPassed(e, owner, lock) ? [owner] : [];
  const waiters = threads.waiters(lock);
  if (!same(waiters, [...list, ...osq, ...passed]))
    complain(`${waiters} wait for lock ${i} outside its queues`);
  for (const t of [osq[0], list[0]]) {
    const polls = t !== undefined && (w.waiting[t] === Wait.SPIN || w.waiting[t] === Wait.CLAIM);
    if (polls && owner >= 0 && !e.cpus.onCpu(owner) && !hasEvent(e, t) && w.run[0] === Outcome.RUNNING)
      complain(`thread ${t} spins for lock ${i} and is not told that owner ${owner} does not run`);
  }
  if (w.rwDemand[i] === 1 && list.length === 0) complain(`nobody is left who demanded lock ${i}`);
  if (w.run[0] !== Outcome.RUNNING || waiters.length === 0 || owner >= 0) return;
  const first = list[0];
  if (w.rwReaders[i] !== 0 && (first === undefined || w.waitWrite[first] === 1)) return;
  const coming = waiters.some((t) => w.waiting[t] === Wait.WOKEN || hasEvent(e, t));
  if (!coming && !underWay(e, lock))
    complain(`lost wake-up: ${waiters} wait for lock ${i}, which ${w.rwReaders[i]} read and nobody writes`);
}

function auditSpinlock(e: Engine, lock: ObjectId, threads: Threads, complain: Complain): void {
  const { w } = e;
  const i = spinIndex(e.layout, lock);
  const owner = (w.spinOwner[i] as number) - 1;
  const { readers, writers } = threads.held(lock);
  const passed = owner >= 0 && isPassed(e, owner, lock) ? [owner] : [];
  if (readers > 0) complain(`spinlock ${i} is held for reading`);
  if (!same([...writers, ...passed], owner < 0 ? [] : [owner]))
    complain(`spinlock ${i} is owned by ${owner}, held by ${writers}`);
  const list = queue(e, `the queue of spinlock ${i}`, w.spinHead, w.spinTail, i, complain);
  if (w.spinCount[i] !== list.length) complain(`spinlock ${i} counts ${w.spinCount[i]} waiters`);
  for (const t of list) {
    if (w.waitLock[t] !== lock || w.waiting[t] !== Wait.SPIN)
      complain(`thread ${t} in the queue of spinlock ${i} waits (${w.waiting[t]}) for ${w.waitLock[t]}`);
    if (!e.cpus.onCpu(t)) complain(`thread ${t} spins for spinlock ${i} without a CPU`);
  }
  const waiters = threads.waiters(lock);
  if (!same(waiters, [...list, ...passed])) complain(`${waiters} wait for spinlock ${i} outside its queue`);
  if (owner >= 0 || waiters.length === 0 || w.run[0] !== Outcome.RUNNING) return;
  if (!waiters.some((t) => hasEvent(e, t)))
    complain(`lost wake-up: ${waiters} wait for spinlock ${i}, which is free`);
}

/** The rwlock of an mm: owners, queue, and that whoever may go on does. */
function auditRwlock(e: Engine, mm: number, threads: Threads, complain: Complain): void {
  const { w } = e;
  const lock = rwlockId(mm);
  const { readers, writers } = threads.held(lock);
  const waiters = threads.waiters(lock);
  const passed = waiters.filter((t) => isPassed(e, t, lock));
  const owner = (w.rlWriter[mm] as number) - 1;
  const writes = [...writers, ...passed.filter((t) => w.waitWrite[t] === 1)];
  if (!same(writes, owner < 0 ? [] : [owner]))
    complain(`rwlock ${mm} is written by ${owner}, held by ${writers}`);
  const reads = readers + passed.filter((t) => w.waitWrite[t] === 0).length;
  if (w.rlReaders[mm] !== reads) complain(`rwlock ${mm} counts ${w.rlReaders[mm]} readers of ${reads}`);
  if (owner >= 0 && reads > 0) complain(`rwlock ${mm} has a writer and ${reads} readers`);
  const list = queue(e, `the queue of rwlock ${mm}`, w.rlHead, w.rlTail, mm, complain);
  if (w.rlQueued[mm] !== list.length) complain(`rwlock ${mm} counts ${w.rlQueued[mm]} waiters`);
  if (!same(waiters, [...list, ...passed])) complain(`${waiters} wait for rwlock ${mm} outside its queue`);
  const next = list[0];
  if (next === undefined || w.run[0] !== Outcome.RUNNING || owner >= 0) return;
  if (reads === 0 || w.waitWrite[next] === 0)
    complain(`lost wake-up: thread ${next} could have rwlock ${mm}`);
}

/** Lock models, the threads' own lists of holds, and the counts that are kept apart. */
export function auditLocks(e: Engine, complain: Complain): void {
  const { w } = e;
  const threads = new Threads(e);
  const locks = new Set<ObjectId>(threads.locks());
  for (let mm = 0; mm < e.layout.mms; mm++) {
    locks.add(objectId(Class.MMAP_LOCK, mm));
    const end = e.layout.tableBase[mm + 1] as number;
    for (let slot = e.layout.tableBase[mm] as number; slot < end; slot++) {
      if (w.spinOwner[slot] !== 0 || w.spinHead[slot] !== 0) locks.add(tableId(e.layout, mm, slot));
    }
  }
  for (let k = 0; k < e.program.locks.length; k++) locks.add(objectId(Class.LOCK, k));
  for (const lock of locks) {
    if (isSleeping(e, lock)) auditSleeping(e, lock, threads, complain);
    else if (classOf(lock) === Class.MM) auditAcks(e, threads.waiters(lock), complain);
    else if (classOf(lock) !== Class.MM_LOCK) auditSpinlock(e, lock, threads, complain);
  }
  for (let mm = 0; mm < e.layout.mms; mm++) auditRwlock(e, mm, threads, complain);
  for (let t = 0; t < w.sizes.threads; t++) auditThread(e, t, complain);
}

/** Threads that wait for a TLB flush to be acknowledged wait for a CPU that has interrupts off. */
function auditAcks(e: Engine, waiters: readonly number[], complain: Complain): void {
  const { w } = e;
  for (const t of waiters) {
    if (w.waiting[t] !== Wait.ACK) complain(`thread ${t} waits (${w.waiting[t]}) for an mm`);
    if ([...unacknowledged(e, t)].length === 0)
      complain(`lost acknowledgement: thread ${t} waits for nobody`);
  }
  const all = [...w.waiting].filter((how) => how === Wait.ACK).length;
  if (w.ackWaiters[0] !== all)
    complain(`${all} threads wait for acknowledgements, ${w.ackWaiters[0]} counted`);
}

function auditThread(e: Engine, t: number, complain: Complain): void {
  const { w } = e;
  const lock = w.waitLock[t] as number;
  const write = w.waitWrite[t] as number;
  const spinsFor = lock !== 0 && !isSleeping(e, lock) && w.waiting[t] !== Wait.ACK;
  let spinlocks = (spinsFor ? 1 : 0) + (w.irqsOff[t] as number) + (w.graceNest[t * GRACE_DOMAINS] as number);
  for (let k = 0; k < MAX_HELD; k++) {
    const held = w.heldLock[t * MAX_HELD + k] as number;
    if (k < (w.heldCount[t] as number) !== (held !== 0)) complain(`the holds of thread ${t} end not at ${k}`);
    if (held !== 0 && !isSleeping(e, held)) spinlocks++;
  }
  if (w.noPreempt[t] !== spinlocks)
    complain(
      `thread ${t} switched preemption off ${w.noPreempt[t]} times for ${spinlocks} spinlocks, sections and interrupts`,
    );
  if ((w.waiting[t] === Wait.NONE) !== (lock === 0))
    complain(`thread ${t} waits (${w.waiting[t]}) for lock ${lock}`);
  const rest = [
    write,
    w.waitNext[t],
    w.waitSince[t],
    w.queuedAt[t],
    w.spinUntil[t],
    w.killable[t],
    w.hung[t],
  ];
  if (lock === 0 && rest.some((column) => column !== 0))
    complain(`thread ${t} waits for nothing and has a place in a queue`);
  if (lock !== 0 && w.run[0] !== Outcome.DEADLOCK && findCycle(e, t) !== null)
    complain(`thread ${t} is in a deadlock that nobody reported`);
}
