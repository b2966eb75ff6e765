import { Class, Kind, NO_THREAD, objectId, State } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { roundHalfUp } from './numbers.ts';
import { GRACE_DOMAINS } from './world.ts';

/** RCU proper, and SRCU for what may sleep. */
export const Domain = { RCU: 0, SRCU: 1 } as const;
export type Domain = (typeof Domain)[keyof typeof Domain];

/**
 * Grace periods. One begins when somebody wants it and none is under way; it ends once the kernel's own detection has
 * had its time (machine.sched.grace) and every section that had begun before it is over. What asks meanwhile waits for
 * the next one. Read-side sections write no line that another CPU has.
 */
export class Grace {
  private readonly e: Engine;

  constructor(e: Engine) {
    this.e = e;
  }

  private source(domain: Domain): number {
    return this.e.w.sizes.cpus * 3 + this.e.w.sizes.threads * 2 + domain;
  }

  enter(thread: number, domain: Domain): void {
    const { w } = this.e;
    const at = thread * GRACE_DOMAINS + domain;
    w.graceNest[at] = (w.graceNest[at] as number) + 1;
    // A thread that is in a section of RCU is not preempted; SRCU's may even sleep.
    if (domain === Domain.RCU) w.noPreempt[thread] = (w.noPreempt[thread] as number) + 1;
  }

  leave(thread: number, domain: Domain): void {
    const { w } = this.e;
    const at = thread * GRACE_DOMAINS + domain;
    // One that was never begun: nothing ends.
    if (w.graceNest[at] === 0) return;
    w.graceNest[at] = (w.graceNest[at] as number) - 1;
    if (domain === Domain.RCU) w.noPreempt[thread] = (w.noPreempt[thread] as number) - 1;
    if (w.graceNest[at] !== 0 || w.graceOld[at] === 0) return;
    w.graceOld[at] = 0;
    w.graceReaders[domain] = (w.graceReaders[domain] as number) - 1;
    if (w.graceReaders[domain] === 0 && w.graceDue[domain] === 1) this.finish(domain);
  }

  /** VMA slots, chained, are freed after a grace period. */
  freeLater(first: number, domain: Domain): void {
    const { w } = this.e;
    for (let at = first; at >= 0; ) {
      const next = (w.vmaChain[at] as number) - 1;
      w.vmaChain[at] = 0;
      w.vmaGrace[at] = 2 + 2 * domain;
      w.graceNext[domain] = (w.graceNext[domain] as number) + 1;
      at = next;
    }
    this.wanted(domain);
  }

  /** Page tables that the thread unlinked are freed after a grace period of RCU, as walks need no more than that. */
  freeTablesLater(thread: number): void {
    const { w } = this.e;
    const n = this.e.tables.keepForGrace(thread);
    if (n === 0) return;
    w.graceNext[Domain.RCU] = (w.graceNext[Domain.RCU] as number) + n;
    this.wanted(Domain.RCU);
  }

  /** The thread sleeps for a grace period. */
  synchronize(thread: number, domain: Domain): void {
    const { e } = this;
    e.w.graceWait[thread] = 2 + 2 * domain;
    e.w.graceNext[domain] = (e.w.graceNext[domain] as number) + 1;
    e.complete(thread, 0);
    e.setState(thread, State.IDLE);
    e.emitState(thread, objectId(Class.GRACE, domain));
    e.blocked = true;
    this.wanted(domain);
  }

  /** The thread sleeps for a grace period, and somebody is in a section that it has to wait for. */
  keptFrom(thread: number): boolean {
    const { w } = this.e;
    const waits = w.graceWait[thread] as number;
    if (waits === 0) return false;
    const domain = (waits - 1) >> 1;
    for (let t = 0; t < w.sizes.threads; t++) if (w.graceNest[t * GRACE_DOMAINS + domain] !== 0) return true;
    return false;
  }

  private wanted(domain: Domain): void {
    if (this.e.w.graceActive[domain] === 0) this.begin(domain);
  }

  private begin(domain: Domain): void {
    const { e } = this;
    const { w } = e;
    w.graceActive[domain] = 1;
    w.graceDue[domain] = 0;
    w.graceNow[domain] = w.graceNext[domain] as number;
    w.graceNext[domain] = 0;
    this.move(2 + 2 * domain, 1 + 2 * domain);
    if (domain === Domain.RCU) e.tables.graceBegins();
    let readers = 0;
    for (let t = 0; t < w.sizes.threads; t++) {
      const at = t * GRACE_DOMAINS + domain;
      if (w.graceNest[at] === 0) continue;
      w.graceOld[at] = 1;
      readers++;
    }
    w.graceReaders[domain] = readers;
    e.emit(Kind.GRACE_BEGIN, NO_THREAD, objectId(Class.GRACE, domain), w.graceNow[domain] as number, 0);
    e.q.set(this.source(domain), e.now + roundHalfUp(e.machine.sched.grace.value));
  }

  private move(from: number, to: number): void {
    const { w } = this.e;
    for (let at = 0; at < w.vmaGrace.length; at++) if (w.vmaGrace[at] === from) w.vmaGrace[at] = to;
    for (let t = 0; t < w.sizes.threads; t++) if (w.graceWait[t] === from) w.graceWait[t] = to;
  }

  /** The time of the detection is over. */
  due(domain: Domain): void {
    const { w } = this.e;
    w.graceDue[domain] = 1;
    if (w.graceReaders[domain] === 0) this.finish(domain);
  }

  private finish(domain: Domain): void {
    const { e } = this;
    const { w } = e;
    w.graceActive[domain] = 0;
    w.graceDue[domain] = 0;
    let freed = 0;
    for (let at = 0; at < w.vmaGrace.length; at++) {
      if (w.vmaGrace[at] !== 1 + 2 * domain) continue;
      w.vmaGrace[at] = 0;
      e.vmas.free(NO_THREAD, (at / e.layout.vmas) | 0, at);
      freed++;
    }
    if (domain === Domain.RCU) e.tables.graceEnds();
    w.graceNow[domain] = 0;
    e.emit(Kind.GRACE_END, NO_THREAD, objectId(Class.GRACE, domain), freed, 0);
    for (let t = 0; t < w.sizes.threads; t++) {
      if (w.graceWait[t] !== 1 + 2 * domain) continue;
      w.graceWait[t] = 0;
      e.cpus.wake(t, 0, 0);
    }
    if ((w.graceNext[domain] as number) > 0) this.begin(domain);
  }
}
