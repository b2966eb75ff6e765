import { describe, expect, it } from 'vitest';
import { cycleSentence, type Simulation } from '../engine/index.ts';
import { resolve } from '../scenario/index.ts';
import { launch } from '../worker/launch.ts';

/** Each race of facts faults, table 2c, by its scenario, with the check that closes it. */
const RACES: readonly (readonly [scenario: string, check: string, breaks: string])[] = [
  ['race-vma-freed', 'CHECK_SRCU', 'no_vma_after_removal'],
  ['race-table-freed', 'IRQS_OFF', 'no_write_to_freed_table'],
  ['race-behind-zap', 'CHECK_SEQ2', 'page_account'],
  ['race-mprotect', 'CHECK_SEQ2', 'no_writable_page_in_read_only_vma'],
  ['race-mremap', 'PROTECT_TARGET', 'page_account'],
  ['race-collapse', 'CHECK_PMD', 'no_write_to_freed_table'],
  ['race-ipi-deadlock', 'TRYLOCK_PTL', ''],
  ['race-fork', 'MARK_FORK', 'no_write_to_shared_page'],
  ['race-anon-vma', 'CHECK_ANON_VMA', 'page_has_anon_vma'],
  ['race-notifier', 'NOTIFIER_LOCK', 'no_stale_secondary_mapping'],
  ['race-same-page', 'CHECK_PTE_NONE', 'page_account'],
  ['race-userfault', 'MARK_UFFD', 'userfault_is_delivered'],
  ['race-expand', 'MARK_EXPAND', 'no_page_outside_vma'],
  ['fork-6-4', 'LOCK_ON_FORK', 'page_has_anon_vma'],
];

function run(scenario: string, set: Readonly<Record<string, string>>): Simulation {
  const resolution = resolve({ scenario, set });
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.diagnostics));
  const sim = launch(resolution.value);
  while (sim.run({ steps: 1_000_000 })) {
    // To its end.
  }
  return sim;
}

describe('races of page faults', () => {
  it.each(RACES)('%s: shows without %s, and not with it', (scenario, check, breaks) => {
    const without = run(scenario, {});
    expect(without.verdict()).toBe(breaks === '' ? 'deadlock' : 'violation');
    if (breaks === '')
      expect((without.deadlock() ?? []).map(cycleSentence)).toContain(
        'b waits until a acknowledges the TLB flush of parent',
      );
    if (breaks !== '') expect(without.violations().map((v) => v.invariant)).toContain(breaks);
    const withIt = run(scenario, { [check]: 'true' });
    expect([withIt.verdict(), withIt.violations()]).toEqual(['pass', []]);
  });

  it('exit-pinned: a thread in a fault keeps its address space', () => {
    const sim = run('exit-pinned', {});
    expect([sim.verdict(), sim.violations()]).toEqual(['pass', []]);
  });
});
