import { Class, Flag, Kind, objectId } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { spinIndex } from '../layout.ts';
import { Outcome, Reason } from '../outcome.ts';
import { look, nothing, type Operation, reads, step, writes } from './face.ts';

type RwsemMethod = 'downRead' | 'upRead' | 'downWrite' | 'upWrite' | 'downgrade';

/** One flat function per word: these run millions of times a second. */
function rwsemOp(name: string, method: RwsemMethod): Operation {
  const effects: Record<RwsemMethod, Operation['effect']> = {
    downRead: (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.rwsem.downRead(e, thread, lock, line);
      return 0;
    },
    upRead: (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.rwsem.upRead(e, thread, lock, line);
      return 0;
    },
    downWrite: (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.rwsem.downWrite(e, thread, lock, line);
      return 0;
    },
    upWrite: (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.rwsem.upWrite(e, thread, lock, line);
      return 0;
    },
    downgrade: (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.rwsem.downgrade(e, thread, lock, line);
      return 0;
    },
  };
  return step(name, writes('0'), effects[method], 'rwsem line');
}

const EINTR = 4;

/** A word whose wait a fatal signal ends: 0 with the lock, -EINTR without. */
function killable(
  name: string,
  request: (e: Engine, thread: number, lock: number, i: number) => void,
): Operation {
  return step(
    name,
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.w.killable[thread] = 1;
      request(e, thread, lock, line);
      if (!e.blocked) e.w.killable[thread] = 0;
      if (!e.interrupted) return 0;
      e.interrupted = false;
      return -EINTR;
    },
    'rwsem line',
  );
}

function tried(e: Engine, thread: number, lock: number, got: 0 | 1, flags: number): number {
  if (got === 0) e.emit(Kind.LOCK_TRY_FAIL, thread, lock, 0, (e.w.state[thread] as number) | flags);
  return got;
}

/** Words of locks: the chosen models do the work. */
export const lockOps: readonly Operation[] = [
  rwsemOp('down_read', 'downRead'),
  step(
    'down_read_trylock',
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      return tried(e, thread, lock, e.rwsem.tryRead(e, thread, lock, line), 0);
    },
    'rwsem line',
  ),
  killable('down_read_killable', (e, thread, lock, i) => e.rwsem.downRead(e, thread, lock, i)),
  rwsemOp('up_read', 'upRead'),
  rwsemOp('down_write', 'downWrite'),
  killable('down_write_killable', (e, thread, lock, i) => e.rwsem.downWrite(e, thread, lock, i)),
  step(
    'down_write_trylock',
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      return tried(e, thread, lock, e.rwsem.tryWrite(e, thread, lock, line), Flag.WRITE);
    },
    'rwsem line',
  ),
  rwsemOp('up_write', 'upWrite'),
  rwsemOp('downgrade_write', 'downgrade'),
  step('rwsem_is_contended', reads('0'), (e, _thread, at) =>
    (e.w.rwQueued[e.rwIndexOf(e.w.regs[at] as number)] as number) > 0 ? 1 : 0,
  ),
  step(
    'mutex_lock',
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.mutex.lock(e, thread, lock, line);
      return 0;
    },
    'rwsem line',
  ),
  killable('mutex_lock_killable', (e, thread, lock, i) => e.mutex.lock(e, thread, lock, i)),
  step(
    'mutex_trylock',
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      return tried(e, thread, lock, e.mutex.tryLock(e, thread, lock, line), Flag.WRITE);
    },
    'rwsem line',
  ),
  step(
    'mutex_unlock',
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      e.mutex.unlock(e, thread, lock, line);
      return 0;
    },
    'rwsem line',
  ),
  step(
    'spin_lock',
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      // A page table's lock stands in its page: once that is free, so is the lock.
      if (line < e.w.sizes.tables && e.tables.isGone(line)) e.watch.tableGone(thread, lock);
      e.spinlock.lock(e, thread, lock, line);
      return 0;
    },
    'spin line',
  ),
  step(
    'spin_trylock',
    writes('0'),
    (e, thread, at, line) => {
      const lock = e.w.regs[at] as number;
      if (line < e.w.sizes.tables && e.tables.isGone(line)) e.watch.tableGone(thread, lock);
      return tried(e, thread, lock, e.spinlock.tryLock(e, thread, lock, line), Flag.WRITE);
    },
    'spin line',
  ),
  // A plain store to a line that is at home: the next waiter pays for its transfer.
  step('spin_unlock', writes('0'), (e, thread, at) => {
    const lock = e.w.regs[at] as number;
    e.spinlock.unlock(e, thread, lock, spinIndex(e.layout, lock));
    return 0;
  }),
  look('mm_of', nothing, (e, thread, at) => {
    const n = e.w.regs[at] as number;
    if (n >= 0 && n < e.layout.mms && n % 1 === 0) return n + 1;
    e.stop(Outcome.STUCK, Reason.INDEX, thread);
    return 1;
  }),
  look('mm_mmap_lock', nothing, (e, _thread, at) => objectId(Class.MMAP_LOCK, (e.w.regs[at] as number) - 1)),
  look('pt_ptl', nothing, (e, _thread, at) => (e.w.regs[at] as number) >>> 0),
  look(
    'readers',
    reads('0'),
    (e, _thread, at) => e.w.rwReaders[e.rwIndexOf(e.w.regs[at] as number)] as number,
  ),
  look('writer', reads('0'), (e, _thread, at) =>
    e.w.rwWriter[e.rwIndexOf(e.w.regs[at] as number)] !== 0 ? 1 : 0,
  ),
  look('waiters', reads('0'), (e, _thread, at) => {
    const i = e.rwIndexOf(e.w.regs[at] as number);
    return (e.w.rwQueued[i] as number) + (e.w.osqCount[i] as number);
  }),
];
