import type { OpSpec } from '../language/vocabulary.ts';
import { op } from './op-spec.ts';

/** Words of range locks: the interval tree under a spinlock, and the list without one. A thread's latest range comes first. */
export const RANGE_OPS: readonly OpSpec[] = [
  op('pure', 'mm_range_tree', 'mm:mm', 'spinlock', 'The spinlock of the tree of ranges.'),
  op(
    'step',
    'range_insert',
    'mm:mm, r:range, write:int',
    'int',
    'Puts a range into the tree; how many earlier ones keep it out, 0 with the range.',
  ),
  op(
    'step',
    'range_tryinsert',
    'mm:mm, r:range, write:int',
    'int',
    '1 with the range if none keeps it out, else 0 and it is not put there.',
  ),
  op('step', 'range_wait', 'mm:mm', 'void', 'Sleeps until no earlier range keeps the inserted one out.'),
  op('step', 'range_wait_killable', 'mm:mm', 'int', 'Like range_wait; -EINTR after a fatal signal.'),
  op(
    'step',
    'range_remove',
    'mm:mm',
    'void',
    "Takes the thread's range out of the tree; wakes those whom nothing else keeps out.",
  ),
  op(
    'peek',
    'range_nodes',
    'mm:mm, r:range',
    'int',
    'Nodes that are looked at for a range: one a level, and those that overlap it.',
  ),
  op('peek', 'range_nodes_own', 'mm:mm', 'int', "The same for the thread's range."),
  op(
    'step',
    'range_list_find',
    'mm:mm, r:range, write:int',
    'int',
    'The place of a range in the sorted list, or 0: a range that is held keeps it out.',
  ),
  op(
    'step',
    'range_list_wait',
    'mm:mm, r:range, write:int',
    'void',
    'Spins until the node is marked that keeps a range out; gives the CPU away where it is wanted.',
  ),
  op(
    'step',
    'range_list_wait_killable',
    'mm:mm, r:range, write:int',
    'int',
    'Like range_list_wait; -EINTR after a fatal signal.',
  ),
  op(
    'step',
    'range_list_insert',
    'mm:mm, r:range, write:int, place:int',
    'int',
    '1 with the range, 0 if the list has changed at that place.',
  ),
  op('step', 'range_list_mark', 'mm:mm', 'void', "Marks the node of the thread's range as deleted."),
];
