import type { Vocabulary } from '../../language/vocabulary.ts';
import { entryOps } from './entry.ts';
import type { Operation } from './face.ts';
import { lockOps } from './locks.ts';
import { pageOps } from './pages.ts';
import { schedOps } from './sched.ts';
import { vmaOps } from './vma.ts';
import { zoneOps } from './zone.ts';

export const operations: readonly Operation[] = [
  ...lockOps,
  ...schedOps,
  ...entryOps,
  ...vmaOps,
  ...pageOps,
  ...zoneOps,
];

/**
 * The operations in the order of a vocabulary, as bytecode numbers them.
 * @throws Error naming a word that has no effect here.
 */
export function bind(vocabulary: Vocabulary): Operation[] {
  const byName = new Map(operations.map((o) => [o.name, o]));
  return vocabulary.ops.map((spec) => {
    const op = byName.get(spec.name);
    if (op === undefined) throw new Error(`the engine has no effect for '${spec.name}'`);
    return op;
  });
}
