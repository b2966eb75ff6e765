import { Class, objectId, State } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { Wait } from './locks/face.ts';
import { Timer } from './outcome.ts';

/**
 * Interrupts that are off, and those who wait for them: a TLB flush is over when every CPU that it interrupts has
 * acknowledged, and a CPU with interrupts off does so only when they are on again (facts faults 2.c, R2 and R7).
 */

/** The thread's CPU takes no interrupts, and is not preempted. */
export function irqsOff(e: Engine, thread: number): void {
  const { w } = e;
  if (w.irqsOff[thread] === 1) return;
  w.irqsOff[thread] = 1;
  w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
}

/** It takes them again: first those that have waited. */
export function irqsOn(e: Engine, thread: number): void {
  const { w } = e;
  if (w.irqsOff[thread] === 0) return;
  w.irqsOff[thread] = 0;
  w.noPreempt[thread] = (w.noPreempt[thread] as number) - 1;
  if ((w.ackWaiters[0] as number) === 0) return;
  const cpu = w.threadCpu[thread] as number;
  const masks = e.cpus.words;
  for (let t = 0; t < w.sizes.threads; t++) {
    if (w.waiting[t] !== Wait.ACK) continue;
    const at = t * masks + (cpu >>> 5);
    const bit = 1 << (cpu & 31);
    if (((w.ackMask[at] as number) & bit) === 0) continue;
    w.ackMask[at] = (w.ackMask[at] as number) & ~bit;
    if (waitsForNobody(e, t)) acknowledged(e, t, cpu);
  }
}

function waitsForNobody(e: Engine, thread: number): boolean {
  const masks = e.cpus.words;
  for (let k = 0; k < masks; k++) if (e.w.ackMask[thread * masks + k] !== 0) return false;
  return true;
}

/** The last CPU that a thread waits for has acknowledged: it goes on when it sees that. */
function acknowledged(e: Engine, thread: number, from: number): void {
  const { w } = e;
  w.ackWaiters[0] = (w.ackWaiters[0] as number) - 1;
  e.endWait(thread);
  e.tables.flushed(thread);
  e.complete(thread, 0);
  e.setState(thread, e.runState(thread));
  e.cpus.setThreadBusy(thread, 1);
  e.emitState(thread);
  const cpu = w.threadCpu[thread] as number;
  e.q.set(cpu, e.now + e.machine.tlb.receive.value + e.lines.transfer(from + 1, cpu, 0));
}

/**
 * A TLB flush of `thread` for an mm has sent its interrupts: it waits for the CPUs that do not take them. False: there are
 * none, and the flush is over.
 */
export function awaitAcks(e: Engine, thread: number, mm: number): boolean {
  const { w } = e;
  const masks = e.cpus.words;
  const own = w.threadCpu[thread] as number;
  let any = false;
  for (let t = 0; t < w.sizes.threads; t++) {
    const cpu = w.threadCpu[t] as number;
    if (w.irqsOff[t] === 0 || t === thread || cpu === own || w.threadMm[t] !== mm) continue;
    const runs = w.cpuThread[cpu] === t + 1 && w.timer[t] !== Timer.SWITCH;
    if (!runs) continue;
    const at = thread * masks + (cpu >>> 5);
    w.ackMask[at] = (w.ackMask[at] as number) | (1 << (cpu & 31));
    any = true;
  }
  if (!any) return false;
  w.ackWaiters[0] = (w.ackWaiters[0] as number) + 1;
  w.waiting[thread] = Wait.ACK;
  e.beginWait(thread, objectId(Class.MM, mm), 1, State.SPIN);
  if (!e.machine.zone.spinnersSlow) e.cpus.setThreadBusy(thread, 0);
  e.emitState(thread, objectId(Class.MM, mm));
  return true;
}

/** Threads whose acknowledgement a thread waits for. */
export function* unacknowledged(e: Engine, thread: number): Generator<number> {
  const { w } = e;
  const masks = e.cpus.words;
  for (let t = 0; t < w.sizes.threads; t++) {
    const cpu = w.threadCpu[t] as number;
    const bit = (w.ackMask[thread * masks + (cpu >>> 5)] as number) & (1 << (cpu & 31));
    if (bit !== 0 && w.irqsOff[t] === 1) yield t;
  }
}
