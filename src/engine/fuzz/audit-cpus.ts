import { State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { spins, Wait } from '../locks/face.ts';
import { Outcome, Timer } from '../outcome.ts';

/** Takes a sentence about something that is wrong. */
export type Complain = (what: string) => void;

/** The event queue: sorted, one event a source, marks and unused places as they should be. */
export function auditQueue(e: Engine, complain: Complain): void {
  const { queueTime, queueSource, queued, run } = e.w;
  const n = run[2] as number;
  const seen = new Set<number>();
  if (queueTime[0] !== Infinity) complain('the sentinel of the event queue is gone');
  for (let k = 1; k <= n; k++) {
    const source = queueSource[k] as number;
    const t = queueTime[k] as number;
    if (!(t >= e.now && t < Infinity) || t % 1 !== 0)
      complain(`event of source ${source} at ${t}, now ${e.now}`);
    if (k > 1 && t > (queueTime[k - 1] as number)) complain(`the event queue is not sorted at ${k}`);
    if (seen.has(source)) complain(`source ${source} has two events`);
    seen.add(source);
  }
  for (let k = n + 1; k < queueTime.length; k++) {
    if (queueTime[k] !== 0 || queueSource[k] !== 0)
      complain(`place ${k} behind the event queue is not empty`);
  }
  for (let source = 0; source < queued.length; source++) {
    if ((queued[source] === 1) !== seen.has(source))
      complain(`the mark 'queued' of source ${source} is wrong`);
  }
}

/** Threads of a run queue in order; complains about a list that is none. */
function runQueue(e: Engine, cpu: number, complain: Complain): number[] {
  const { rqHead, rqTail, rqCount, rqNext, sizes } = e.w;
  const list: number[] = [];
  for (let at = rqHead[cpu] as number; at !== 0; at = rqNext[at - 1] as number) {
    list.push(at - 1);
    if (list.length > sizes.threads) {
      complain(`the run queue of CPU ${cpu} is a circle`);
      return list;
    }
  }
  if (list.length !== rqCount[cpu])
    complain(`CPU ${cpu} counts ${rqCount[cpu]} queued threads of ${list.length}`);
  if ((rqTail[cpu] as number) !== (list.at(-1) ?? -1) + 1)
    complain(`the tail of CPU ${cpu}'s run queue is wrong`);
  return list;
}

/** A schedule holds the thread before what it does next. */
export function isHeld(e: Engine, thread: number): boolean {
  return e.w.sizes.scheduled && e.w.heldBack[thread] !== 0;
}

/** The schedule: whose turn it is can go on, and only others are held. */
export function auditSchedule(e: Engine, complain: Complain): void {
  const { w } = e;
  const { schedule } = e.program.scenario;
  if (schedule.length === 0 || w.run[0] !== Outcome.RUNNING) return;
  const over = w.turn[0] as number;
  const turn = schedule[over];
  if (over > schedule.length) complain(`${over} turns of ${schedule.length} are over`);
  if (turn !== undefined && (w.turn[1] as number) >= turn.times) complain(`turn ${over} is over its label`);
  if (turn === undefined && w.turn[1] !== 0) complain('a label is counted behind the last turn');
  for (let t = 0; t < w.sizes.threads; t++) {
    if (isHeld(e, t) && (turn === undefined || turn.thread === t))
      complain(`thread ${t} is held in its turn`);
    if (isHeld(e, t) && !e.cpus.onCpu(t) && w.killed[t] === 0) complain(`thread ${t} is held on no CPU`);
  }
  if (turn === undefined) return;
  const t = turn.thread;
  const cpu = w.threadCpu[t] as number;
  const comes =
    e.q.has(cpu) || e.q.has(e.cpus.timerOf(t)) || w.graceWait[t] !== 0 || (w.ioPage[t] ?? 0) !== 0;
  if (!comes) complain(`nothing will end the turn of thread ${t}`);
}

/** The thread that has a CPU. */
function auditCurrent(e: Engine, cpu: number, thread: number, complain: Complain): void {
  const { w } = e;
  const who = `thread ${thread} on CPU ${cpu}`;
  const pinnedTo = e.program.scenario.threads[thread]?.cpu ?? cpu;
  if (w.threadCpu[thread] !== cpu) complain(`${who} belongs to ${w.threadCpu[thread]}`);
  if (pinnedTo !== cpu) complain(`${who} is pinned to ${pinnedTo}`);
  // While the host runs something else the thread counts as runnable, and what it was is put by.
  const away = w.cpuAwayState[cpu] as number;
  if (away > 0 && w.state[thread] !== State.RUNNABLE)
    complain(`${who} is away with state ${w.state[thread]}`);
  const state = away > 0 ? away - 1 : (w.state[thread] as number);
  if (w.timer[thread] === Timer.SWITCH) {
    if (state !== State.RUNNABLE) complain(`${who} is switched to with state ${state}`);
    if (!e.q.has(cpu)) complain(`the switch to ${who} never ends`);
    if (w.cpuBusy[cpu] !== 0) complain(`${who} is switched to and counts as busy`);
    return;
  }
  const idles = spins(w.waiting[thread] as number);
  const slows = e.machine.zone.spinnersSlow && e.sleeping(w.waitLock[thread] as number) === null;
  const held = isHeld(e, thread);
  const busy = e.machine.threadsPerCore > 1 && (!idles || slows) && !held ? 1 : 0;
  if (w.cpuBusy[cpu] !== busy) complain(`${who} counts as busy: ${w.cpuBusy[cpu]}`);
  if (w.left[thread] !== 0) complain(`${who} has ${w.left[thread]} ns left of a step that goes on`);
  const how = w.waiting[thread] as number;
  const fits = spins(how) ? state === State.SPIN : state === e.runState(thread);
  if (!fits) complain(`${who} has state ${state} and waits (${how})`);
  if (w.cpuLast[cpu] !== thread + 1) complain(`${who} is not who ran there last`);
  const polls = spins(how) && how !== Wait.PASSED;
  if (w.run[0] === Outcome.RUNNING && !polls && !held && !e.q.has(cpu)) complain(`${who} has no event`);
}

/** A virtual CPU uses up its turn on the host while it has something to run. */
function auditHost(e: Engine, cpu: number, complain: Complain): void {
  const { w } = e;
  const event = e.q.has(e.cpus.hostOf(cpu));
  const runs = e.machine.host !== undefined && w.cpuThread[cpu] !== 0;
  if (event !== runs) complain(`CPU ${cpu} and its turn on the host do not fit`);
  const until = w.cpuAwayUntil[cpu] as number;
  if (until === 0 && w.cpuAwayState[cpu] !== 0) complain(`CPU ${cpu} has a state put by and is not away`);
  if (until !== 0 && (!event || e.q.timeOf(e.cpus.hostOf(cpu)) !== until))
    complain(`CPU ${cpu} is away until ${until}, and nothing ends that`);
}

/** CPUs, run queues, timers: every thread is in one place, and its state fits. */
export function auditCpus(e: Engine, complain: Complain): void {
  const { w } = e;
  const place = new Map<number, string>();
  const put = (thread: number, where: string): void => {
    const other = place.get(thread);
    if (other !== undefined) complain(`thread ${thread} is ${other} and ${where}`);
    place.set(thread, where);
  };
  let movable = 0;
  for (let cpu = 0; cpu < e.cpus.count; cpu++) {
    const thread = (w.cpuThread[cpu] as number) - 1;
    const waiting = runQueue(e, cpu, complain);
    for (const t of waiting) {
      put(t, 'in a run queue');
      if (w.threadCpu[t] !== cpu)
        complain(`thread ${t} queues for CPU ${cpu} and belongs to ${w.threadCpu[t]}`);
      if (w.state[t] !== State.RUNNABLE) complain(`thread ${t} in a run queue has state ${w.state[t]}`);
      if (w.timer[t] !== Timer.NONE) complain(`thread ${t} in a run queue has a timer`);
    }
    const slice = e.q.has(e.cpus.sliceOf(cpu));
    auditHost(e, cpu, complain);
    movable += waiting.filter((t) => w.pinned[t] === 0).length;
    if (thread >= 0) {
      put(thread, 'on a CPU');
      auditCurrent(e, cpu, thread, complain);
      if (waiting.length > 0 && !slice && w.cpuResched[cpu] !== 1)
        complain(`nothing will end the turn of thread ${thread} on CPU ${cpu}`);
      continue;
    }
    if (waiting.length > 0) complain(`CPU ${cpu} idles while ${waiting.length} threads queue for it`);
    if (slice || e.q.has(cpu)) complain(`the idle CPU ${cpu} has an event`);
    if (w.cpuBusy[cpu] !== 0) complain(`the idle CPU ${cpu} counts as busy`);
  }
  if (movable !== w.run[9]) complain(`${movable} queued threads may move, ${w.run[9]} counted`);
  auditThreads(e, put, complain);
  for (let t = 0; t < w.sizes.threads; t++) {
    if (w.run[0] === Outcome.RUNNING && !place.has(t))
      complain(`thread ${t} is nowhere, its state is ${w.state[t]}`);
    if (w.rqNext[t] !== 0 && place.get(t) !== 'in a run queue')
      complain(`thread ${t} has a next in no run queue`);
  }
}

function auditThreads(e: Engine, put: (thread: number, where: string) => void, complain: Complain): void {
  const { w } = e;
  let parked = 0;
  let live = 0;
  for (let t = 0; t < w.sizes.threads; t++) {
    const state = w.state[t] as number;
    if (w.parked[t] === 1) {
      parked++;
      put(t, 'parked');
      if (state !== State.IDLE) complain(`parked thread ${t} has state ${state}`);
    }
    const asleep = w.timer[t] === Timer.SLEEP;
    if (asleep) put(t, 'asleep');
    if (e.q.has(e.cpus.timerOf(t)) !== asleep) complain(`the timer of thread ${t} and its event do not fit`);
    if (e.q.has(e.cpus.alarmOf(t)) && state === State.DONE) complain(`the dead thread ${t} has an alarm`);
    if (w.waiting[t] === Wait.QUEUED) put(t, 'queued for a lock');
    if (w.graceWait[t] !== 0) put(t, 'in wait of a grace period');
    if (w.ioPage[t] !== 0) put(t, 'waiting for the disk');
    if (state === State.DONE) put(t, 'done');
    else if (e.program.scenario.threads[t]?.daemon !== true) live++;
  }
  if (parked !== e.parked) complain(`${parked} threads are parked, ${e.parked} counted`);
  if (live !== w.run[5]) complain(`${live} threads are alive, ${w.run[5]} counted`);
}
