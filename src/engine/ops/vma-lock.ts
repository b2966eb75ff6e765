import { Class, Flag, Kind, type ObjectId, objectId, State } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { dequeue, enqueue, first } from '../locks/sleeping.ts';
import { VmaState } from '../vmas.ts';
import { MmWord, VmaWord } from '../words.ts';
import { type Costing, look, nothing, type Operation, reads, step, writes } from './face.ts';
import { mmArg } from './vma.ts';

/** What a writer adds to vm_refcnt while it waits for readers (VMA_LOCK_OFFSET, include/linux/mm_types.h, 6.15). */
const LOCK_OFFSET = 0x40000000;
/** Count of a VMA that is in the tree and has no reader. */
const ATTACHED = 1;

const EAGAIN = 11;
const EBUSY = 16;

/** Slot of the VMA in the first argument, -1 (and a violation) where it was freed. */
function slotArg(e: Engine, thread: number, at: number): number {
  const handle = e.w.regs[at] as number;
  return handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
}

function lockId(e: Engine, handle: number): ObjectId {
  const mm = e.vmas.mmOf(handle);
  return objectId(Class.VMA_LOCK, (mm << 20) | ((handle % 65_536) - 1));
}

/** The word `which` of the VMA is read, or worked on by a locked operation. */
function onWord(which: number, locked: boolean): Costing {
  return (e, _thread, at, cpu) => {
    const handle = e.w.regs[at] as number;
    const slot = handle === 0 ? -1 : e.vmas.peek(handle);
    if (slot < 0) e.end = e.now;
    else {
      const i = e.words.ofVma(slot, which);
      e.end = locked ? e.words.locked(i, cpu) : e.words.read(i, cpu);
    }
  };
}

function change(e: Engine, slot: number, by: number): number {
  const i = e.words.ofVma(slot, VmaWord.VM_REFCNT);
  const count = (e.w.wordValue[i] as number) + by;
  e.w.wordValue[i] = count;
  return count;
}

function granted(e: Engine, thread: number, lock: ObjectId, write: 0 | 1, flags: number): void {
  const { w } = e;
  const i = e.rwIndexOf(lock);
  // Owners and the one who waits are kept as those of a rwsem, for whoever looks at them.
  if (write === 1) w.rwWriter[i] = thread + 1;
  else w.rwReaders[i] = (w.rwReaders[i] as number) + 1;
  const arg = write === 1 ? 0 : (w.rwReaders[i] as number);
  e.hold(thread, lock, write);
  e.watch.rwsemHold(thread, i, write);
  e.emit(Kind.LOCK_GRANT, thread, lock, arg, flags | (write === 1 ? Flag.WRITE : 0));
}

/** The last reader has left: the writer, who waits for that, has the VMA for itself. */
function wakeWriter(e: Engine, waker: number, lock: ObjectId): void {
  const { w } = e;
  const i = e.rwIndexOf(lock);
  const writer = first(e, i);
  if (writer < 0) return;
  dequeue(e, writer, i);
  e.endWait(writer);
  e.complete(writer, 0);
  e.emit(Kind.WAKE, waker, lock, writer, w.state[waker] as number);
  granted(e, writer, lock, 1, State.RUNNABLE | Flag.CONTENDED);
  e.cpus.wakeGranted(writer, e.machine.sched.wakeCost.value);
}

/** Words of per-VMA locks: the numbers of 6.4 and later, and the reference count of 6.15. The rwsem of 6.4 is one as any other. */
export const vmaLockOps: readonly Operation[] = [
  look('vma_vm_lock', nothing, (e, _thread, at) => lockId(e, e.w.regs[at] as number)),
  step(
    'vma_lock_seq',
    reads('0'),
    (e, thread, at) => {
      const slot = slotArg(e, thread, at);
      return slot < 0 ? 0 : (e.w.wordValue[e.words.ofVma(slot, VmaWord.VM_LOCK_SEQ)] as number);
    },
    onWord(VmaWord.VM_LOCK_SEQ, false),
  ),
  step('set_vma_lock_seq', writes('0'), (e, thread, at) => {
    const slot = slotArg(e, thread, at);
    if (slot >= 0)
      e.words.store(thread, e.words.ofVma(slot, VmaWord.VM_LOCK_SEQ), e.w.regs[at + 1] as number);
    return 0;
  }),
  step(
    'mm_lock_seq',
    reads('0'),
    (e, _thread, at) => e.w.wordValue[e.words.ofMm(mmArg(e, at), MmWord.MM_LOCK_SEQ)] as number,
    (e, _thread, at, cpu) => {
      e.end = e.words.read(e.words.ofMm(mmArg(e, at), MmWord.MM_LOCK_SEQ), cpu);
    },
  ),
  step(
    'vma_refcount_get',
    writes('0'),
    (e, thread, at) => {
      const slot = slotArg(e, thread, at);
      if (slot < 0) return -EAGAIN;
      const lock = lockId(e, e.w.regs[at] as number);
      const count = e.w.wordValue[e.words.ofVma(slot, VmaWord.VM_REFCNT)] as number;
      const gone = count === 0 || e.w.vmaState[slot] !== VmaState.LINKED;
      if (gone || count >= LOCK_OFFSET) {
        e.emit(Kind.LOCK_TRY_FAIL, thread, lock, 0, e.w.state[thread] as number);
        return gone ? -EAGAIN : -EBUSY;
      }
      change(e, slot, 1);
      granted(e, thread, lock, 0, e.runState(thread));
      return 0;
    },
    onWord(VmaWord.VM_REFCNT, true),
  ),
  step(
    'vma_refcount_put',
    writes('0'),
    (e, thread, at) => {
      const slot = slotArg(e, thread, at);
      if (slot < 0) return 0;
      const lock = lockId(e, e.w.regs[at] as number);
      if (!e.unhold(thread, lock, 0)) return 0;
      const { w } = e;
      const i = e.rwIndexOf(lock);
      e.watch.rwsemRelease(i, 0);
      w.rwReaders[i] = (w.rwReaders[i] as number) - 1;
      const count = change(e, slot, -1);
      e.emit(Kind.LOCK_RELEASE, thread, lock, w.rwReaders[i] as number, w.state[thread] as number);
      if (count === LOCK_OFFSET + ATTACHED) wakeWriter(e, thread, lock);
      return 0;
    },
    onWord(VmaWord.VM_REFCNT, true),
  ),
  step(
    'vma_enter_locked',
    writes('0'),
    (e, thread, at) => {
      const slot = slotArg(e, thread, at);
      if (slot < 0) return 0;
      const lock = lockId(e, e.w.regs[at] as number);
      const count = change(e, slot, LOCK_OFFSET);
      if (count === LOCK_OFFSET + ATTACHED) {
        granted(e, thread, lock, 1, e.runState(thread));
        return 0;
      }
      enqueue(e, thread, lock, e.rwIndexOf(lock), 1, false);
      return 0;
    },
    onWord(VmaWord.VM_REFCNT, true),
  ),
  step(
    'vma_exit_locked',
    writes('0'),
    (e, thread, at) => {
      const slot = slotArg(e, thread, at);
      if (slot < 0) return 0;
      const lock = lockId(e, e.w.regs[at] as number);
      if (!e.unhold(thread, lock, 1)) return 0;
      const i = e.rwIndexOf(lock);
      e.watch.rwsemRelease(i, 1);
      e.w.rwWriter[i] = 0;
      change(e, slot, -LOCK_OFFSET);
      e.emit(Kind.LOCK_RELEASE, thread, lock, 0, (e.w.state[thread] as number) | Flag.WRITE);
      return 0;
    },
    onWord(VmaWord.VM_REFCNT, true),
  ),
];
