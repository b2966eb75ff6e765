import { Class, MMAP_SEQ, objectId } from '../../event/index.ts';
import type { Engine } from '../engine.ts';
import { Domain } from '../grace.ts';
import { irqsOff, irqsOn } from '../interrupts.ts';
import { tableId, tableSlot } from '../layout.ts';
import { rwlockId, rwlockLine, rwlockLock, rwlockUnlock } from '../locks/rwlock.ts';
import { roundHalfUp } from '../numbers.ts';
import { WALKED } from '../tables.ts';
import { VmaState } from '../vmas.ts';
import { VmaWord, vmaWordHandle } from '../words.ts';
import { pageOf } from './entry.ts';
import { type Costing, type Effect, look, nothing, type Operation, reads, step, writes } from './face.ts';
import { mmArg } from './vma.ts';

const readsWord: Costing = (e, _thread, at, cpu) => {
  e.end = e.words.readHandle(e.w.regs[at] as number, cpu);
};
const locksWord: Costing = (e, _thread, at, cpu) => {
  e.end = e.words.lockedHandle(e.w.regs[at] as number, cpu);
};
const locksRwlock: Costing = (e, _thread, at, cpu) => {
  e.end = rwlockLine(e, e.w.regs[at] as number, cpu);
};

/** The word in the first argument: its index, or -1 where its VMA is gone. */
function word(e: Engine, thread: number, at: number): number {
  return e.words.indexOf(thread, e.w.regs[at] as number);
}

function wordValue(e: Engine, thread: number, at: number): number {
  const i = word(e, thread, at);
  return i < 0 ? 0 : (e.w.wordValue[i] as number);
}

const bump: Effect = (e, thread, at) => {
  const i = word(e, thread, at);
  if (i >= 0) e.words.bump(thread, i);
  return 0;
};

/** A word of the VMA in the first argument; 0 for NULL. */
function ofVma(name: string, which: number): Operation {
  return look(name, nothing, (e, _thread, at) => {
    const vma = e.w.regs[at] as number;
    return vma === 0 ? 0 : vmaWordHandle(vma, which);
  });
}

const sequenceOps: readonly Operation[] = [
  look('mm_mmap_seq', nothing, (e, _thread, at) => objectId(Class.SEQ, (mmArg(e, at) << 20) | MMAP_SEQ)),
  ofVma('vma_vm_sequence', VmaWord.VM_SEQUENCE),
  step('raw_read_seqcount', reads('0'), wordValue, readsWord),
  step(
    'read_seqcount_begin',
    reads('0'),
    (e, thread, at) => {
      const value = wordValue(e, thread, at);
      // Odd: looked at again when the writer's line may have come over once more.
      if (value % 2 !== 0) e.again = e.now + roundHalfUp(e.machine.line.socket.value);
      return value;
    },
    readsWord,
  ),
  step(
    'read_seqcount_retry',
    reads('0'),
    (e, thread, at) => (wordValue(e, thread, at) === e.w.regs[at + 1] ? 0 : 1),
    readsWord,
  ),
  step('write_seqcount_begin', writes('0'), bump),
  step('write_seqcount_end', writes('0'), bump),
];

const countOps: readonly Operation[] = [
  ofVma('vma_refcount', VmaWord.VM_REFCNT),
  step(
    'atomic_inc',
    writes('0'),
    (e, thread, at) => {
      const i = word(e, thread, at);
      if (i >= 0) e.w.wordValue[i] = (e.w.wordValue[i] as number) + 1;
      return 0;
    },
    locksWord,
  ),
  step(
    'atomic_dec_and_test',
    writes('0'),
    (e, thread, at) => {
      const i = word(e, thread, at);
      if (i < 0) return 0;
      const left = (e.w.wordValue[i] as number) - 1;
      e.w.wordValue[i] = left;
      return left === 0 ? 1 : 0;
    },
    locksWord,
  ),
  step('mm_users', reads('0'), (e, _thread, at) => e.w.mmUsers[mmArg(e, at)] as number),
];

function rwlockOp(name: string, write: 0 | 1): Operation {
  return step(
    name,
    writes('0'),
    (e, thread, at) => {
      rwlockLock(e, thread, e.w.regs[at] as number, write);
      return 0;
    },
    locksRwlock,
  );
}
function rwunlockOp(name: string, write: 0 | 1): Operation {
  return step(
    name,
    writes('0'),
    (e, thread, at) => {
      rwlockUnlock(e, thread, e.w.regs[at] as number, write);
      return 0;
    },
    locksRwlock,
  );
}

const rwlockOps: readonly Operation[] = [
  look('mm_rb_lock', nothing, (e, _thread, at) => rwlockId(mmArg(e, at))),
  rwlockOp('read_lock', 0),
  rwunlockOp('read_unlock', 0),
  rwlockOp('write_lock', 1),
  rwunlockOp('write_unlock', 1),
];

function section(name: string, domain: Domain, enter: boolean): Operation {
  return step(name, writes('cpu'), (e, thread) => {
    if (enter) e.grace.enter(thread, domain);
    else e.grace.leave(thread, domain);
    return 0;
  });
}
function freesLater(name: string, domain: Domain): Operation {
  return step(name, writes('1'), (e, thread, at) => {
    const handle = e.w.regs[at + 1] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (slot >= 0) e.grace.freeLater(slot, domain);
    return 0;
  });
}

const graceOps: readonly Operation[] = [
  section('rcu_read_lock', Domain.RCU, true),
  section('rcu_read_unlock', Domain.RCU, false),
  section('srcu_read_lock', Domain.SRCU, true),
  section('srcu_read_unlock', Domain.SRCU, false),
  freesLater('call_rcu_free_vmas', Domain.RCU),
  freesLater('call_srcu_free_vmas', Domain.SRCU),
  step('tlb_remove_tables', writes('grace'), (e, thread) => {
    e.grace.freeTablesLater(thread);
    return 0;
  }),
  step('synchronize_srcu', writes('grace'), (e, thread) => {
    e.grace.synchronize(thread, Domain.SRCU);
    return 0;
  }),
  step('synchronize_rcu', writes('grace'), (e, thread) => {
    e.grace.synchronize(thread, Domain.RCU);
    return 0;
  }),
];

const walkOps: readonly Operation[] = [
  step('local_irq_disable', writes('cpu'), (e, thread) => {
    irqsOff(e, thread);
    return 0;
  }),
  step('local_irq_enable', writes('cpu'), (e, thread) => {
    irqsOn(e, thread);
    return 0;
  }),
  step('prefetchw', writes('0'), (e, thread, at) => {
    e.lines.rwsem(e.rwIndexOf(e.w.regs[at] as number), e.w.threadCpu[thread] as number);
    return 0;
  }),
  step('read_pmd', reads('0.tables'), (e, _thread, at) => {
    const slot = tableSlot(e.layout, mmArg(e, at), pageOf(e.w.regs[at + 1] as number));
    return slot < 0 || e.w.tabState[slot] === 0 ? 0 : (e.w.tabGen[slot] as number) + 1;
  }),
  look('pte_offset', nothing, (e, _thread, at) => {
    const mm = mmArg(e, at);
    const slot = tableSlot(e.layout, mm, pageOf(e.w.regs[at + 1] as number));
    return slot < 0 ? 0 : tableId(e.layout, mm, slot) + (e.w.regs[at + 2] as number) * WALKED;
  }),
  step('vma_anon_vma', reads('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    return slot < 0 ? 0 : (e.w.vmaAnon[slot] as number);
  }),
  step('set_vma_anon_vma', writes('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (slot >= 0) e.w.vmaAnon[slot] = e.w.regs[at + 1] === 0 ? 0 : 1;
    return 0;
  }),
  step('vma_detached', reads('0'), (e, thread, at) => {
    const handle = e.w.regs[at] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    return slot < 0 || e.w.vmaState[slot] === VmaState.LINKED ? 0 : 1;
  }),
  step('vma_unchain', writes('1'), (e, thread, at) => {
    const handle = e.w.regs[at + 1] as number;
    const slot = handle === 0 ? -1 : e.vmas.slotOf(thread, handle);
    if (slot < 0) return 0;
    const next = (e.w.vmaChain[slot] as number) - 1;
    e.w.vmaChain[slot] = 0;
    return next < 0 ? 0 : e.vmas.handle(mmArg(e, at), next);
  }),
  look('list_next', nothing, (e, _thread, at) => {
    const handle = e.w.regs[at] as number;
    const slot = handle === 0 ? -1 : e.vmas.peek(handle);
    const next = slot < 0 ? -1 : (e.w.vmaChain[slot] as number) - 1;
    return next < 0 ? 0 : e.vmas.handle(e.vmas.mmOf(handle), next);
  }),
];

/** Words of page faults that do without mmap_sem; per-VMA locks are in vma-lock.ts. */
export const faultOps: readonly Operation[] = [
  ...sequenceOps,
  ...countOps,
  ...rwlockOps,
  ...graceOps,
  ...walkOps,
];
