import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { rangeLocks } from '../../kernel/range-locks.ts';
import { resolve } from '../../scenario/index.ts';
import { generate } from './documents.ts';
import { Draw } from './draw.ts';
import type { Guard } from './property.ts';
import { compiler, errorOf, examine, kindOf } from './property.ts';
import { shrink, textOf } from './tree.ts';

/**
 * Random programs under a lock over ranges, with nothing left out: no invariant of the engine may break, in no form of
 * execution. `isSound` says nothing of these locks, because no kernel had them.
 */

const compile = compiler(resolve);
const call = new Script('mmscopeCase()');
const guard: Guard = (run) => {
  Object.assign(globalThis, { mmscopeCase: run });
  call.runInThisContext({ timeout: 30_000 });
};

const CHOSEN: Readonly<Record<string, string>> = { munmap: 'downgrade', fault: 'mmap-sem' };

/** The document with a lock over ranges, and with every knob as it is but the one for full ranges. */
function ranged(text: string, lock: string, full: boolean): string {
  return (
    text
      .replaceAll(
        /^( *set )(munmap|fault) = \S+;$/gm,
        (_, set: string, key: string) => `${set}${key} = ${CHOSEN[key]};`,
      )
      .replaceAll(/^ *set [A-Z0-9_]+ = \S+;$/gm, '')
      // Locks over ranges do not know files.
      .replaceAll(/^( *area [^;]*?) file\b/gm, '$1')
      // With any range, or with zones, these break an account under mmap_sem too.
      .replaceAll(/\b(shift_arg_pages|collapse_huge_page)\([^;]*;/g, 'compute(1);')
      .replaceAll(/^( *set )mmapLock = \S+;$/gm, `$1mmapLock = ${lock};\n$1FULL_RANGE = ${full};`)
  );
}

/** The document has a law of its own, or goes to page tables without a lock that keeps them. */
function mayBreak(text: string): boolean {
  return text.includes('invariant law') || text.includes('page_tables(');
}

/** @throws Error with the least document that shows what is wrong. */
function examineRanged(k: number, lock: string, full: boolean): string {
  const node = generate(new Draw(SEED, k));
  let outcome = '';
  const attempt = (n: typeof node): unknown =>
    errorOf(() =>
      guard(() => {
        outcome = examine(ranged(textOf(n), lock, full), new Draw(SEED + 1, k), compile);
        if (/^violation/.test(outcome) && !mayBreak(textOf(n))) throw new Error(outcome);
      }),
    );
  const error = attempt(node);
  if (error === undefined) return outcome;
  const least = shrink(node, (n) => {
    const other = attempt(n);
    return other !== undefined && kindOf(other) === kindOf(error);
  });
  const said = attempt(least);
  throw new Error(
    `case ${k}: ${said instanceof Error ? said.message : said}\n\n${ranged(textOf(least), lock, full)}`,
  );
}

const SEED = Number(process.env['MMSCOPE_RANGES'] ?? 7);
const CASES = Number(process.env['MMSCOPE_RANGE_CASES'] ?? 60);

describe.each(rangeLocks.map((r) => r.id))('random programs with %s', (lock) => {
  it.each([false, true])('full ranges: %s', { timeout: 900_000 }, (full) => {
    const outcomes = new Set<string>();
    for (let k = 0; k < CASES; k++) outcomes.add(examineRanged(k, lock, full).split(' ')[0] ?? '');
    expect(outcomes).toContain('pass');
    expect(outcomes).toContain('deadlock');
  });
});
