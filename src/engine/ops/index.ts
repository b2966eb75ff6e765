import { Code, WORDS } from '../../language/bytecode.ts';
import type { Vocabulary } from '../../language/vocabulary.ts';
import { entryOps } from './entry.ts';
import type { Operation } from './face.ts';
import { faultOps } from './fault.ts';
import { fileOps } from './file.ts';
import { lockOps } from './locks.ts';
import { pageOps } from './pages.ts';
import { rangeOps } from './range.ts';
import { schedOps } from './sched.ts';
import { shareOps } from './share.ts';
import { vmaOps } from './vma.ts';
import { vmaLockOps } from './vma-lock.ts';
import { faultRunOps, zoneOps } from './zone.ts';

export const operations: readonly Operation[] = [
  ...lockOps,
  ...schedOps,
  ...entryOps,
  ...vmaOps,
  ...pageOps,
  ...zoneOps,
  ...faultRunOps,
  ...faultOps,
  ...vmaLockOps,
  ...shareOps,
  ...rangeOps,
  ...fileOps,
];

/** Words that only the allocator `zone` has, and the one that gives pages back as a number, which it has not. */
const ZONE_WORDS: ReadonlySet<string> = new Set(zoneOps.map(({ name }) => name));
const NUMBER_WORD = 'tlb_flush_mmu_free';
/** Words that move or share pages between tables: a page of a zone has a record that is in one place. */
const MOVING_WORDS = new Set(['copy_pte_range', 'move_ptes', 'pmdp_collapse_flush', 'install_huge_pmd']);

/** A word of a program that its allocator cannot do, with what would help; undefined where there is none. */
export function misfitOf(code: Int32Array, vocabulary: Vocabulary, zones: boolean): string | undefined {
  for (let i = 0; i < code.length; i += WORDS) {
    if (code[i] !== Code.OP) continue;
    const name = vocabulary.ops[code[i + 2] as number]?.name ?? '';
    if (!zones && ZONE_WORDS.has(name)) return `'${name}' needs zones: set alloc = zone`;
    if (zones && name === NUMBER_WORD)
      return `'${name}' gives pages back as a number: with zones it is free_pages_and_swap_cache`;
    if (zones && MOVING_WORDS.has(name))
      return `'${name}' moves pages between page tables, which zones do not follow: set alloc = simple`;
  }
  return undefined;
}

/** Names of all operations that a program has. */
export function usedWords(code: Int32Array, vocabulary: Vocabulary): ReadonlySet<string> {
  const used = new Set<string>();
  for (let i = 0; i < code.length; i += WORDS) {
    const spec = code[i] === Code.OP ? vocabulary.ops[code[i + 2] as number] : undefined;
    if (spec !== undefined) used.add(spec.name);
  }
  return used;
}

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
