import { describe, expect, it } from 'vitest';
import { cycleSentence, type Simulation } from '../engine/index.ts';
import { record } from '../engine/testing.ts';
import { type EventRecord, Kind, objectName } from '../event/index.ts';
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

function logged(scenario: string): { sim: Simulation; records: readonly EventRecord[] } {
  const resolution = resolve({ scenario, set: {} });
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.diagnostics));
  const sim = launch(resolution.value);
  return { sim, records: record(sim).records };
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

  /** What changed under the reader's feet, by the scenario: the call that did it, as the log names it, and the kinds of its records. */
  const LED: readonly (readonly [scenario: string, by: string, kinds: readonly string[]])[] = [
    ['race-vma-freed', 'b munmap', ['VMA_DETACH', 'VMA_FREE']],
    ['race-table-freed', 'b munmap', ['TABLE_FREE']],
    ['race-behind-zap', 'b munmap', ['PAGES', 'TABLE_FREE']],
    ['race-mprotect', 'b mprotect', ['VMA_FLAGS']],
    ['race-mremap', 'a mremap', ['PAGES']],
    ['race-collapse', 'khugepaged collapse_huge_page', ['TABLE_FREE']],
    ['race-fork', 'b fork', ['PROTECT']],
    ['race-same-page', 'b', ['PAGES']],
    ['race-userfault', 'monitor userfaultfd_register', ['VMA_FLAGS']],
    ['race-expand', 'exec shift_arg_pages', ['PAGES']],
    ['vm-dead-race', 'unmapper munmap', ['PAGES']],
  ];

  it.each(LED)('%s: the records that led to it say that it was %s', (scenario, by, kinds) => {
    const { sim, records } = logged(scenario);
    const [first] = sim.violations();
    const causes = (first?.causes ?? []).flatMap((id) => records[id] ?? []);
    const said = causes.map(({ thread, kind, object }) => {
      const call = kind === Kind.SYSCALL_ENTER || kind === Kind.SYSCALL_LENGTH;
      const name = sim.meta.threads[thread]?.name ?? '';
      return call ? `${name} ${objectName(object, sim.meta)}` : name;
    });
    expect(said).toContain(by);
    const names = new Map<number, string>(Object.entries(Kind).map(([name, kind]) => [kind, name]));
    expect(causes.map(({ kind }) => names.get(kind))).toEqual(expect.arrayContaining([...kinds]));
    // In order, each once, and all before it.
    const ids = [...(first?.causes ?? []), first?.event ?? -1];
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('what does not add up at the end leads to what broke it on the way', () => {
    const [first, ...others] = run('race-behind-zap', {}).violations();
    expect(others.map(({ causes }) => causes)).toEqual([[first?.event], [first?.event]]);
  });

  it('exit-pinned: a thread in a fault keeps its address space', () => {
    const sim = run('exit-pinned', {});
    expect([sim.verdict(), sim.violations()]).toEqual(['pass', []]);
  });
});
