import { State } from '../../event/index.ts';
import { roundHalfUp, uniform, whole } from '../numbers.ts';
import { Timer } from '../outcome.ts';
import { nothing, type Operation, reads, step, wait, writes } from './face.ts';

/** Words of the scheduler and of user programs' time. */
export const schedOps: readonly Operation[] = [
  step('cond_resched', writes('cpu'), (e, thread) => {
    if (e.w.cpuResched[e.w.threadCpu[thread] as number] === 1 && e.w.noPreempt[thread] === 0) e.yields = true;
    return 0;
  }),
  step(
    'need_resched',
    reads('cpu'),
    (e, thread) => e.w.cpuResched[e.w.threadCpu[thread] as number] as number,
  ),
  step('sleep', nothing, (e, thread, at) => {
    const w = e.w;
    const ns = roundHalfUp(w.regs[at] as number);
    if (!(ns > 0)) return 0;
    e.complete(thread, 0);
    w.timer[thread] = Timer.SLEEP;
    e.q.set(e.cpus.timerOf(thread), e.now + ns);
    e.setState(thread, State.IDLE);
    e.emitState(thread);
    e.blocked = true;
    return 0;
  }),
  step('alarm', nothing, (e, thread, at) => {
    const ns = roundHalfUp(e.w.regs[at] as number);
    if (ns > 0) e.q.set(e.cpus.alarmOf(thread), e.now + ns);
    else e.q.remove(e.cpus.alarmOf(thread));
    return 0;
  }),
  wait('compute', 'work'),
  step('random', nothing, (e, thread, at) => {
    const w = e.w;
    const k = w.draws[thread * 2 + 1] as number;
    w.draws[thread * 2 + 1] = k + 1;
    return whole(uniform(e.seed, thread, 1, k) * (w.regs[at] as number));
  }),
];
