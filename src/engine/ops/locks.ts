import { Kind } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { spinIndex } from '../layout.ts';
import { type Cost, look, nothing, type Operation, reads, step, writes } from './face.ts';
import { Class, objectId } from '../../event/index.ts';

const rwLine: Cost = (e, _thread, at, cpu) => e.lines.rwsem(e.rwIndexOf(e.w.regs[at] as number), cpu);
const spinLine: Cost = (e, _thread, at, cpu) => e.lines.spin(spinIndex(e.layout, e.w.regs[at] as number), cpu);

function rwsemOp(
  name: string,
  act: (e: Engine, thread: number, lock: number, i: number) => number,
): Operation {
  return step(
    name,
    writes('0'),
    (e, thread, at) => {
      const lock = e.w.regs[at] as number;
      return act(e, thread, lock, e.rwIndexOf(lock));
    },
    rwLine,
  );
}

function tried(e: Engine, thread: number, lock: number, got: 0 | 1, flags: number): number {
  if (got === 0) e.emit(Kind.LOCK_TRY_FAIL, thread, lock, 0, (e.w.state[thread] as number) | flags);
  return got;
}

const WRITE = 8;

/** Words of locks: the chosen models do the work. */
export const lockOps: readonly Operation[] = [
  rwsemOp('down_read', (e, t, lock, i) => (e.rwsem.downRead(e, t, lock, i), 0)),
  rwsemOp('down_read_trylock', (e, t, lock, i) => tried(e, t, lock, e.rwsem.tryRead(e, t, lock, i), 0)),
  rwsemOp('up_read', (e, t, lock, i) => (e.rwsem.upRead(e, t, lock, i), 0)),
  rwsemOp('down_write', (e, t, lock, i) => (e.rwsem.downWrite(e, t, lock, i), 0)),
  rwsemOp('down_write_killable', (e, t, lock, i) => (e.rwsem.downWrite(e, t, lock, i), 0)),
  rwsemOp('down_write_trylock', (e, t, lock, i) => tried(e, t, lock, e.rwsem.tryWrite(e, t, lock, i), WRITE)),
  rwsemOp('up_write', (e, t, lock, i) => (e.rwsem.upWrite(e, t, lock, i), 0)),
  rwsemOp('downgrade_write', (e, t, lock, i) => (e.rwsem.downgrade(e, t, lock, i), 0)),
  step('rwsem_is_contended', reads('0'), (e, _thread, at) =>
    (e.w.rwQueued[e.rwIndexOf(e.w.regs[at] as number)] as number) > 0 ? 1 : 0,
  ),
  step(
    'spin_lock',
    writes('0'),
    (e, thread, at) => {
      const lock = e.w.regs[at] as number;
      e.spinlock.lock(e, thread, lock, spinIndex(e.layout, lock));
      return 0;
    },
    spinLine,
  ),
  step(
    'spin_trylock',
    writes('0'),
    (e, thread, at) => {
      const lock = e.w.regs[at] as number;
      return tried(e, thread, lock, e.spinlock.tryLock(e, thread, lock, spinIndex(e.layout, lock)), WRITE);
    },
    spinLine,
  ),
  // A plain store to a line that is at home: the next waiter pays for its transfer.
  step('spin_unlock', writes('0'), (e, thread, at) => {
    const lock = e.w.regs[at] as number;
    e.spinlock.unlock(e, thread, lock, spinIndex(e.layout, lock));
    return 0;
  }),
  look('mm_mmap_lock', nothing, (e, _thread, at) => objectId(Class.MMAP_LOCK, (e.w.regs[at] as number) - 1)),
  look('pt_ptl', nothing, (e, _thread, at) => e.w.regs[at] as number),
  look('readers', reads('0'), (e, _thread, at) => e.w.rwReaders[e.rwIndexOf(e.w.regs[at] as number)] as number),
  look('writer', reads('0'), (e, _thread, at) =>
    e.w.rwWriter[e.rwIndexOf(e.w.regs[at] as number)] !== 0 ? 1 : 0,
  ),
  look('waiters', reads('0'), (e, _thread, at) => {
    const i = e.rwIndexOf(e.w.regs[at] as number);
    return (e.w.rwQueued[i] as number) + (e.w.osqCount[i] as number);
  }),
];
