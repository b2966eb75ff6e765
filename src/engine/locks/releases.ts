import { Flag, Kind } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import type { RwsemModel } from './face.ts';
import { notifyFirst, notifySpinner, payWake, startWake } from './sleeping.ts';

/** Wakes whom a generation wakes; `any`: the lock is free, a writer may be woken too. Returns how many were woken. */
export type WakeList = (e: Engine, waker: number, lock: number, i: number, any: boolean) => number;

/**
 * The three ways out of a rwsem. All generations do the same: the owner's part of the count goes first, then wait_lock
 * is taken and whoever is due is woken, then every wake-up is paid for. `readersGone` runs when the last reader left.
 */
export function releases(
  wake: WakeList,
  readersGone: ((e: Engine, i: number) => void) | null = null,
): Pick<RwsemModel, 'upRead' | 'upWrite' | 'downgrade'> {
  return {
    upRead(e, thread, lock, i) {
      const w = e.w;
      const part = w.sub[thread] as number;
      if (part > 0) {
        if (part === 1) payWake(e, wake(e, thread, lock, i, true));
        return;
      }
      if (!e.unhold(thread, lock, 0)) return;
      e.watch.rwsemRelease(i, 0);
      w.rwReaders[i] = (w.rwReaders[i] as number) - 1;
      e.emit(Kind.LOCK_RELEASE, thread, lock, w.rwReaders[i] as number, w.state[thread] as number);
      if (w.rwReaders[i] !== 0) return;
      if (readersGone !== null) readersGone(e, i);
      if (w.rwQueued[i] !== 0) startWake(e, thread, i);
    },

    upWrite(e, thread, lock, i) {
      const w = e.w;
      const part = w.sub[thread] as number;
      if (part > 0) {
        if (part === 1) payWake(e, wake(e, thread, lock, i, true));
        return;
      }
      if (!e.unhold(thread, lock, 1)) return;
      e.watch.rwsemRelease(i, 1);
      e.words.writeEnds(thread, i);
      w.rwWriter[i] = 0;
      e.emit(Kind.LOCK_RELEASE, thread, lock, 0, (w.state[thread] as number) | Flag.WRITE);
      notifySpinner(e, i);
      if (w.rwQueued[i] === 0) return;
      notifyFirst(e, i);
      startWake(e, thread, i);
    },

    downgrade(e, thread, lock, i) {
      const w = e.w;
      const part = w.sub[thread] as number;
      if (part > 0) {
        if (part === 1) payWake(e, wake(e, thread, lock, i, false));
        return;
      }
      if (!e.unhold(thread, lock, 1)) return;
      e.watch.rwsemRelease(i, 1);
      e.words.writeEnds(thread, i);
      w.rwWriter[i] = 0;
      w.rwReaders[i] = 1;
      e.hold(thread, lock, 0);
      e.watch.rwsemHold(thread, i, 0);
      e.emit(Kind.LOCK_DOWNGRADE, thread, lock, 1, w.state[thread] as number);
      notifySpinner(e, i);
      if (w.rwQueued[i] === 0) return;
      notifyFirst(e, i);
      startWake(e, thread, i);
    },
  };
}
