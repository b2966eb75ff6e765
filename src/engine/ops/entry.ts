import { Class, Flag, Kind, objectId, PAGE_BYTES, TABLE_PAGES } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { tableId, tableSlot } from '../layout.ts';
import { whole } from '../numbers.ts';
import { Outcome, Reason } from '../outcome.ts';
import { nothing, type Operation, reads, step, writes } from './face.ts';

/** Page number of an address. */
export function pageOf(address: number): number {
  return whole(address / PAGE_BYTES);
}

/** First page behind an address range's end: a partly covered page counts. */
export function pageAfter(address: number): number {
  return whole((address + PAGE_BYTES - 1) / PAGE_BYTES);
}

function enterKernel(e: Engine, thread: number): void {
  e.w.inKernel[thread] = 1;
  e.setState(thread, 1);
}

/** The way in takes its time after the record, so that a call's length counts it; the next step waits for it. */
function payOnEntry(e: Engine, thread: number, ns: number): void {
  e.w.due[thread] = (e.w.due[thread] as number) + ns;
}

function leaveKernel(e: Engine, thread: number): void {
  e.watch.leavesKernel(thread);
  if ((e.w.heldCount[thread] as number) > 0) e.stop(Outcome.STUCK, Reason.HELD_AT_EXIT, thread);
  e.w.inKernel[thread] = 0;
  e.setState(thread, 0);
  // A fatal signal is dealt with here: the thread does not come back to its program.
  if (e.w.killed[thread] === 1) e.yields = true;
}

/** Positive errno of a result; results that are not errors count as 0. */
function errno(result: number): number {
  return result < 0 && result > -4096 ? -result : 0;
}

/** Words at the border between user mode and the kernel. */
export const entryOps: readonly Operation[] = [
  step('syscall_enter', nothing, (e, thread, at) => {
    const w = e.w;
    const name = w.regs[at] as number;
    const a = w.regs[at + 1] as number;
    const b = w.regs[at + 2] as number;
    w.syscall[thread] = name;
    w.syscallA[thread] = pageOf(a);
    w.syscallB[thread] = pageAfter(b);
    const from = pageOf(a);
    const ranged = b > a;
    // The record that tells most of it: where there is a range, the one with its length.
    w.syscallEvent[thread] = e.count + (ranged ? 1 : 0);
    enterKernel(e, thread);
    e.emit(Kind.SYSCALL_ENTER, thread, objectId(Class.SYSCALL, name), from, 1);
    e.emit(Kind.SYSCALL_LENGTH, thread, objectId(Class.SYSCALL, name), ranged ? pageAfter(b) - from : 0, 1);
    if (e.inMunmap(thread)) e.watch.unmapBegins(thread, w.threadMm[thread] as number);
    payOnEntry(e, thread, e.machine.entry.syscall.value);
    return 0;
  }),
  step('syscall_exit', nothing, (e, thread, at) => {
    const w = e.w;
    const name = w.regs[at] as number;
    if (e.inMunmap(thread)) {
      const mm = w.threadMm[thread] as number;
      const failed = errno(w.regs[at + 1] as number) !== 0;
      e.watch.unmapEnds(thread, mm, w.syscallA[thread] as number, w.syscallB[thread] as number, failed);
    }
    leaveKernel(e, thread);
    w.syscall[thread] = 0;
    w.syscallA[thread] = 0;
    w.syscallB[thread] = 0;
    w.syscallBirth[thread] = 0;
    e.emit(Kind.SYSCALL_EXIT, thread, objectId(Class.SYSCALL, name), errno(w.regs[at + 1] as number), 0);
    return 0;
  }),
  step('fault_enter', nothing, (e, thread, at) => {
    const w = e.w;
    w.syscallEvent[thread] = e.count;
    w.syscallA[thread] = pageOf(w.regs[at + 1] as number);
    enterKernel(e, thread);
    e.emit(
      Kind.FAULT_ENTER,
      thread,
      objectId(Class.MM, w.threadMm[thread] as number),
      w.syscallA[thread] as number,
      1,
    );
    payOnEntry(e, thread, e.machine.entry.fault.value);
    return 0;
  }),
  step('fault_exit', nothing, (e, thread, at) => {
    const w = e.w;
    leaveKernel(e, thread);
    const page = w.syscallA[thread] as number;
    w.syscallA[thread] = 0;
    const failed = (w.regs[at + 1] as number) !== 0;
    const mm = objectId(Class.MM, w.threadMm[thread] as number);
    e.emit(Kind.FAULT_EXIT, thread, mm, page, failed ? Flag.FAIL : 0);
    return 0;
  }),
  step('phase', nothing, (e, thread, at) => {
    e.emit(Kind.PHASE, thread, objectId(Class.PHASE, e.w.regs[at] as number), 0, e.w.state[thread] as number);
    return 0;
  }),
  step('count', writes('counter'), (e, thread, at) => {
    const w = e.w;
    const i = w.regs[at] as number;
    w.counter[i] = (w.counter[i] as number) + 1;
    e.emit(
      Kind.COUNTER,
      thread,
      objectId(Class.COUNTER, i),
      w.counter[i] as number,
      w.state[thread] as number,
    );
    return 0;
  }),
  step(
    'access',
    reads('0'),
    (e, thread, at) => {
      const w = e.w;
      const mm = w.threadMm[thread] as number;
      const page = pageOf(w.regs[at] as number);
      const slot = tableSlot(e.layout, mm, page);
      if (slot < 0 || w.tabState[slot] === 0) return 0;
      if (!w.sizes.pages) {
        // Grain `table`: a table knows how many pages it has, not which; programs touch each page once.
        const there = !e.tables.isEmpty(tableId(e.layout, mm, slot), page);
        return there || w.lastTouch[thread] === page + 1 ? touched(e, thread) : 0;
      }
      const bit = page % TABLE_PAGES;
      if (((w.tabBits[slot * 16 + (bit >>> 5)] as number) & (1 << (bit & 31))) === 0) return 0;
      e.watch.accessed(thread, mm, slot, bit, page);
      return 1;
    },
    (e, _thread, _at, cpu) => {
      e.end = e.cpus.endOf(cpu, e.machine.entry.access.value);
    },
  ),
];

function touched(e: Engine, thread: number): number {
  e.w.lastTouch[thread] = 0;
  return 1;
}
