import { type Ns, State } from '../event/index.ts';
import type { Engine } from './engine.ts';
import { roundHalfUp, uniform } from './numbers.ts';
import { Outcome, Timer } from './outcome.ts';

/**
 * Virtual CPUs: a busy host gives each its turn and then runs something else in its place. Whatever the thread there
 * holds, it holds on to; whatever it spins for, others may take. The guest's scheduler knows nothing of it. An idle
 * virtual CPU uses up nothing of its turn.
 */

/** Random numbers of the host are numbered apart from those of threads, CPUs and ticket locks. */
const HOST_DRAWS = 196_608;

/** A length of half to one and a half times the mean: turns of different CPUs do not stay in step. */
function drawn(e: Engine, cpu: number, purpose: 0 | 1, mean: Ns): Ns {
  const k = e.w.cpuDraws[cpu] as number;
  e.w.cpuDraws[cpu] = k + 1;
  return roundHalfUp(mean * (0.5 + uniform(e.seed, HOST_DRAWS + cpu, purpose, k)));
}

/** The CPU has something to run: its turn begins, or goes on. */
export function hostRuns(e: Engine, cpu: number): void {
  const { host } = e.machine;
  const event = e.cpus.hostOf(cpu);
  if (host === undefined || e.q.has(event)) return;
  const left = e.w.cpuTurnLeft[cpu] as number;
  e.w.cpuTurnLeft[cpu] = 0;
  e.q.set(event, e.now + (left > 0 ? left : drawn(e, cpu, 0, host.turn.value)));
}

/** The CPU has nothing to run: its turn waits for it. */
export function hostIdles(e: Engine, cpu: number): void {
  const event = e.cpus.hostOf(cpu);
  if (e.machine.host === undefined || !e.q.has(event)) return;
  e.w.cpuTurnLeft[cpu] = e.q.timeOf(event) - e.now;
  e.q.remove(event);
}

/** A turn is over, or comes round again. */
export function hostSwitches(e: Engine, cpu: number): void {
  const { w, q } = e;
  const { host } = e.machine;
  if (host === undefined || w.run[0] !== Outcome.RUNNING) return;
  const thread = (w.cpuThread[cpu] as number) - 1;
  const event = e.cpus.hostOf(cpu);
  if (w.cpuAwayUntil[cpu] === 0) {
    const away = drawn(e, cpu, 1, host.away.value);
    w.cpuAwayUntil[cpu] = e.now + away;
    q.set(event, e.now + away);
    // What was under way takes that much longer.
    if (q.has(cpu)) q.set(cpu, q.timeOf(cpu) + away);
    if (w.timer[thread] !== Timer.SWITCH) {
      w.cpuAwayState[cpu] = (w.state[thread] as number) + 1;
      e.setState(thread, State.RUNNABLE);
      e.emitState(thread, w.waitLock[thread] as number);
    }
    return;
  }
  w.cpuAwayUntil[cpu] = 0;
  const state = w.cpuAwayState[cpu] as number;
  w.cpuAwayState[cpu] = 0;
  if (state > 0) {
    e.setState(thread, (state - 1) as State);
    e.emitState(thread, w.waitLock[thread] as number);
  }
  q.set(event, e.now + drawn(e, cpu, 0, host.turn.value));
  if (w.cpuResched[cpu] === 1) e.cpus.askResched(cpu);
}
