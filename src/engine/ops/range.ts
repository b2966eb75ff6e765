import type { Engine } from '../engine.ts';
import {
  listFind,
  listInsert,
  listLine,
  listMark,
  listOwnLine,
  listWait,
  listWalkEnd,
} from '../locks/range-list.ts';
import { treeInsert, treeNodes, treeRemove, treeTry, treeWait } from '../locks/range-tree.ts';
import { Outcome, Reason } from '../outcome.ts';
import { RangeState, rangeTreeId } from '../ranges.ts';
import { pageAfter, pageOf } from './entry.ts';
import { type Effect, look, nothing, type Operation, reads, step, writes } from './face.ts';
import { mmArg } from './vma.ts';

const EINTR = 4;

/** Arguments mm, range, write: first page, one past the last, whether it writes. */
function from(e: Engine, at: number): number {
  return pageOf(e.w.regs[at + 1] as number);
}
function to(e: Engine, at: number): number {
  return pageAfter(e.w.regs[at + 2] as number);
}
function write(e: Engine, at: number): 0 | 1 {
  return e.w.regs[at + 3] === 0 ? 0 : 1;
}

/** A wait that a fatal signal ends. */
function killable(wait: Effect): Effect {
  return (e, thread, at, line) => {
    e.w.killable[thread] = 1;
    wait(e, thread, at, line);
    if (!e.blocked) e.w.killable[thread] = 0;
    if (!e.interrupted) return 0;
    e.interrupted = false;
    return -EINTR;
  };
}

const waitInTree: Effect = (e, thread, at) => {
  treeWait(e, thread, mmArg(e, at));
  return 0;
};

const waitInList: Effect = (e, thread, at) => {
  listWait(e, thread, mmArg(e, at), from(e, at), to(e, at), write(e, at));
  return 0;
};

/** Words of range locks: the tree, whose spinlock the paths take themselves, and the list, whose lines move. */
export const rangeOps: readonly Operation[] = [
  look('mm_range_tree', nothing, (e, _thread, at) => rangeTreeId(mmArg(e, at))),
  step('range_insert', writes('0'), (e, thread, at) =>
    treeInsert(e, thread, mmArg(e, at), from(e, at), to(e, at), write(e, at)),
  ),
  step('range_tryinsert', writes('0'), (e, thread, at) =>
    treeTry(e, thread, mmArg(e, at), from(e, at), to(e, at), write(e, at)),
  ),
  step('range_wait', writes('0'), waitInTree),
  step('range_wait_killable', writes('0'), killable(waitInTree)),
  step('range_remove', writes('0'), (e, thread, at) => {
    treeRemove(e, thread, mmArg(e, at));
    return 0;
  }),
  look('range_nodes', reads('0'), (e, _thread, at) => treeNodes(e, mmArg(e, at), from(e, at), to(e, at))),
  look('range_nodes_own', reads('0'), (e, thread, at) => {
    const { w, ranges } = e;
    const mm = mmArg(e, at);
    const asked = ranges.own(thread, mm, RangeState.ASKED);
    const slot = asked >= 0 ? asked : ranges.own(thread, mm, RangeState.HELD);
    return slot < 0 ? 0 : treeNodes(e, mm, w.rangeStart[slot] as number, w.rangeEnd[slot] as number);
  }),
  step(
    'range_list_find',
    writes('0'),
    (e, _thread, at) => listFind(e, mmArg(e, at), from(e, at), to(e, at), write(e, at)),
    (e, _thread, at, cpu) => {
      e.end = listWalkEnd(e, mmArg(e, at), from(e, at), to(e, at), write(e, at), cpu);
    },
  ),
  step('range_list_wait', writes('0'), waitInList),
  step('range_list_wait_killable', writes('0'), killable(waitInList)),
  step(
    'range_list_insert',
    writes('0'),
    (e, thread, at) => {
      const place = e.w.regs[at + 4] as number;
      const mm = mmArg(e, at);
      return listInsert(e, thread, mm, from(e, at), to(e, at), write(e, at), place) ? 1 : 0;
    },
    (e, _thread, at, cpu) => {
      e.end = e.words.locked(listLine(e, e.w.regs[at + 4] as number), cpu);
    },
  ),
  step(
    'range_list_mark',
    writes('0'),
    (e, thread, at) => {
      if (!listMark(e, thread, mmArg(e, at))) e.stop(Outcome.STUCK, Reason.NOT_HELD, thread);
      return 0;
    },
    (e, thread, at, cpu) => {
      e.end = e.words.locked(listOwnLine(e, thread, mmArg(e, at)), cpu);
    },
  ),
];
