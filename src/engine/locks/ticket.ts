import type { Ns } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { uniform, whole } from '../numbers.ts';
import { fifoSpinlock, spinners } from './spinning.ts';

/** Random numbers of ticket locks are numbered apart from those of threads and CPUs. */
const TICKET_DRAWS = 131_072;

/** When the next owner sees its ticket called; the others' fetches keep the line busy behind it. */
function called(e: Engine, i: number, next: number): Ns {
  const w = e.w;
  const draw = w.clock[5] as number;
  w.clock[5] = draw + 1;
  // Fetches are served from a random waiter on and around the queue, whose first is the next owner.
  const start = whole(uniform(e.seed, TICKET_DRAWS, 0, draw) * spinners(e, i));
  const from = w.spinLineCpu[i] as number;
  const home = e.lines.spinHome(i);
  let farthest = 0;
  let before = 0;
  let all = 0;
  let place = 0;
  for (let t = w.spinHead[i] as number; t !== 0; t = w.waitNext[t - 1] as number, place++) {
    const took = e.lines.transfer(from, w.threadCpu[t - 1] as number, home);
    if (took > farthest) farthest = took;
    if (start > 0 && place >= start) before += took;
    all += took;
  }
  // The store takes effect when the farthest copy is gone.
  w.spinLineBusy[i] = e.now + farthest + all;
  return e.now + farthest + before + e.lines.transfer(from, w.threadCpu[next] as number, home);
}

/**
 * The ticket spinlock of x86 (commit 314cdbefd1fd, 2.6.25 to 4.1; facts locks, section 1): first come, first served. All
 * waiters poll one line, so a release takes it away from all of them, and they fetch it one after the other; the next
 * owner's turn comes anywhere among them. A hand-over takes longer the more there are.
 */
export const ticket = fifoSpinlock('ticket', called);
