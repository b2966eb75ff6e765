import { describe, expect, it } from 'vitest';
import { Flag, Kind } from '../../event/index.ts';
import { small } from '../../kernel/index.ts';
import type { Simulation } from '../simulation.ts';
import { program, simulate } from '../testing.ts';
import type { World } from '../world.ts';
import { audit } from './audit.ts';
import { brokenLaw } from './laws.ts';

/** Audits and laws must notice what is wrong: each column is made wrong once. */

/** At 50 us: t0 writes and sleeps, t1 and t2 queue, t3 spins for a spinlock of t4, t5 queues for t4's CPU, t6 waits. */
const TEXT = `
rwsem s; spinlock l; shared int go = 0;
scenario test "a moment with everything in it" {
  extent 1ms;
  area heap = 8 * PAGE_SIZE populated;
  thread t0 on cpu 0 { down_write(&s); sleep(200us); up_write(&s); }
  thread t1 on cpu 1 { compute(5us); down_read(&s); up_read(&s); }
  thread t2 on cpu 1 { compute(9us); down_write(&s); up_write(&s); }
  thread t3 on cpu 2 { compute(5us); spin_lock(&l); spin_unlock(&l); }
  thread t4 on cpu 3 { spin_lock(&l); compute(300us); spin_unlock(&l); }
  thread t5 on cpu 3 { go = 1; }
  thread t6 on cpu 0 { wait_until(go > 0); }
}`;

function moment(): Simulation {
  const sim = simulate(program(TEXT), small);
  sim.run({ untilNs: 50_000 });
  return sim;
}

/** Lock 1 is the declared rwsem: lock 0 is the process's own. */
const S = 1;

const WRONG: readonly (readonly [about: RegExp, spoil: (w: World, sim: Simulation) => void])[] = [
  [/sentinel/, (w) => w.queueTime.fill(0, 0, 1)],
  [/not sorted|now/, (w) => w.queueTime.fill(1e9, 1, 2).fill(2e9, 2, 3)],
  [/'queued'/, (w) => w.queued.fill(0)],
  [/behind the event queue/, (w) => w.queueTime.fill(7, w.queueTime.length - 1)],
  [/run queue of CPU 3 is a circle|next in no run queue/, (w) => w.rqNext.fill(6, 5, 6)],
  [/counts 2 queued/, (w) => w.rqCount.fill(2, 3, 4)],
  [/tail of CPU 3/, (w) => w.rqTail.fill(1, 3, 4)],
  [/belongs to/, (w) => w.threadCpu.fill(2, 4, 5)],
  [/on a CPU/, (w) => w.cpuThread.fill(5, 0, 1)],
  [/nowhere/, (w) => w.cpuThread.fill(0, 3, 4)],
  [/has state/, (w) => w.state.fill(6, 4, 5)],
  [/parked, 1 counted/, (w) => w.parked.fill(0)],
  [/timer of thread 0/, (w) => w.timer.fill(0, 0, 1)],
  [/alive/, (w) => w.run.fill(3, 5, 6)],
  [/may move/, (w) => w.run.fill(3, 9, 10)],
  [/writer and 1 readers/, (w) => w.rwReaders.fill(1, S, S + 1)],
  [/is owned by/, (w) => w.rwWriter.fill(3, S, S + 1)],
  [/lost wake-up.*lock 1/, (w) => w.rwWriter.fill(0, S, S + 1)],
  [/counts 3 sleepers/, (w) => w.rwQueued.fill(3, S, S + 1)],
  [/list of lock 1 is a circle/, (w) => w.waitNext.fill(2, 2, 3)],
  [/tail of the list of lock 1/, (w) => w.rwTail.fill(1, S, S + 1)],
  [/outside its queues/, (w) => w.rwHead.fill(3, S, S + 1)],
  [/waits \(0\)|nowhere/, (w) => w.waiting.fill(0, 1, 2)],
  [/watched wrongly/, (w) => w.seenWriters.fill(0)],
  [/spinlock \d+ is owned by -1/, (w) => w.spinOwner.fill(0)],
  [/preemption/, (w) => w.noPreempt.fill(0)],
  [/holds of thread 0/, (w) => w.heldCount.fill(0, 0, 1)],
  [/waits for nothing/, (w) => w.waitSince.fill(5, 4, 5)],
  [/counts 9 pages/, (w) => w.tabCount.fill(9, 1, 2)],
  [/RSS/, (w) => w.mmRss.fill(3)],
  [/keeps/, (w) => w.mmFreed.fill(1)],
  [/of the machine/, (w) => w.clock.fill(1, 3, 4)],
  [/overlaps or is empty/, (w) => w.vmaEnd.fill(0, 0, 1)],
  [/tree does not know/, (w) => w.treeCount.fill(0)],
];

describe('audit', () => {
  it('finds nothing wrong with a sound world', () => {
    const sim = moment();
    expect(audit(sim.engine)).toEqual([]);
    expect(sim.engine.parked).toBe(1);
    while (sim.run({ steps: 1 })) expect(audit(sim.engine)).toEqual([]);
    expect(sim.verdict()).toBe('pass');
  });

  it.each(WRONG)('notices %s', (about, spoil) => {
    const sim = moment();
    spoil(sim.engine.w, sim);
    expect(audit(sim.engine).join('\n')).toMatch(about);
  });
});

describe('laws of a log', () => {
  /** The log of a run, with the first record of a kind made another one. */
  function law(kind?: number, change?: (i: number, sim: Simulation) => void): string {
    const sim = moment();
    sim.run();
    const at = kind === undefined ? -1 : sim.tail.kind.indexOf(kind);
    if (at >= 0) change?.(at, sim);
    return brokenLaw([sim.tail]);
  }

  it('hold for a sound log', () => {
    expect(law()).toBe('');
  });

  it.each<[string, RegExp, number, (i: number, sim: Simulation) => void]>([
    ['time', /earlier/, Kind.LOCK_RELEASE, (i, sim) => sim.tail.t.fill(0, i, i + 1)],
    ['steps', /within the step/, Kind.LOCK_RELEASE, (i, sim) => sim.tail.flags.fill(8, i, i + 1)],
    ['requests', /unlike the flag/, Kind.LOCK_REQUEST, (i, sim) => sim.tail.kind.fill(Kind.STATE, i, i + 1)],
    ['releases', /granted while/, Kind.LOCK_RELEASE, (i, sim) => sim.tail.kind.fill(Kind.STATE, i, i + 1)],
    [
      'grants',
      /one that does not write/,
      Kind.LOCK_GRANT,
      (i, sim) => sim.tail.kind.fill(Kind.STATE, i, i + 1),
    ],
    [
      'cancels',
      /does not wait/,
      Kind.LOCK_RELEASE,
      (i, sim) => sim.tail.kind.fill(Kind.LOCK_CANCEL, i, i + 1),
    ],
    ['the last', /not closed/, Kind.SWITCH, (_, sim) => sim.tail.flags.fill(0, sim.tail.count - 1)],
  ])('notice wrong %s', (_, sentence, kind, change) => {
    expect(law(kind, change)).toMatch(sentence);
    expect(Flag.STEP_END).toBe(128);
  });
});
