import { describe, expect, it } from 'vitest';
import { faultSchemes } from '../kernel/fault-schemes.ts';
import { pathFiles } from '../kernel/files.ts';
import { recordOf } from '../kernel/index.ts';
import {
  ALL,
  type Case,
  COLLAPSE,
  changed,
  collapsing,
  EXPAND,
  family,
  found,
  head,
  locking,
  marked,
  PER_VMA,
  pair,
  READ_ONLY,
  replacing,
  reusing,
  type Seen,
  SPF,
  SPF_VMA,
  see,
  UNMAP,
} from './knob-testing.ts';

/** Every knob of the schemes for page faults does what it says: each in a small document, once with it and once without. */

/** Well with the knob, and an invariant broken without. */
const breaks =
  (invariant: string): Case['expected'] =>
  (on, off) => {
    expect([on.outcome, on.violated]).toEqual(['pass', []]);
    expect(off.outcome).toBe('violation');
    expect(off.violated).toContain(invariant);
  };

/** Well in either way, with other counters. */
const counts =
  (on: Readonly<Record<string, number>>, off: Readonly<Record<string, number>>): Case['expected'] =>
  (seenOn, seenOff) => {
    expect([seenOn.outcome, seenOff.outcome]).toEqual(['pass', 'pass']);
    expect(seenOn.named).toMatchObject(on);
    expect(seenOff.named).toMatchObject(off);
    for (const name of Object.keys(on))
      if (!(name in off)) expect(seenOff.named[name] ?? 0).toBeLessThan(on[name] as number);
  };

const cases: readonly Case[] = [
  // What is done under mmap_sem, to which all schemes come back.
  {
    knob: 'CHECK_DEAD',
    faults: ALL,
    text: `scenario test "test" { ${head} set munmap = vm-dead; area big = 1GB populated;
      thread a on cpu 0 { compute(10us); munmap(big); }
      thread b on cpu 1 { wait_until(zapped(big.start)); touch(big.start); } }`,
    expected: breaks('no_fresh_zero_page'),
  },
  {
    knob: 'CHECK_DEAD',
    faults: [...SPF, ...PER_VMA],
    // A VMA that has its anon_vma, so that nothing else sends the fault to mmap_sem.
    text: `scenario test "test" { ${head} set munmap = vm-dead; area big = 1GB populated;
      thread a on cpu 0 {
        madvise_dontneed(range(big.start, big.start + PAGE_SIZE)); touch(big.start); touch(big.start + PAGE_SIZE);
        compute(10us); munmap(big);
      }
      thread b on cpu 1 { wait_until(zapped(big.start + PAGE_SIZE)); touch(big.start); } }`,
    expected: breaks('no_fresh_zero_page'),
  },
  {
    knob: 'CHECK_BELOW_STACK',
    faults: ALL,
    text: `scenario test "test" { ${head} set munmap = vm-dead; area big = 1GB populated;
      thread a on cpu 0 { compute(10us); munmap(big); }
      thread b on cpu 1 { wait_until(zapped(big.start)); touch(big.start); } }`,
    expected: (on, off) => breaks('no_fresh_zero_page')(off, on),
  },
  {
    knob: 'X86_ONLY',
    faults: ALL,
    text: `scenario test "test" { ${head} set munmap = vm-dead; area big = 1GB populated;
      thread a on cpu 0 { compute(1us); munmap(big); }
      thread ps on cpu 1 { wait_until(zapped(big.start)); proc_pid_cmdline_read(big.start); } }`,
    expected: (on, off) => breaks('page_account')(off, on),
  },
  {
    knob: 'CHECK_PTE_NONE',
    faults: ALL,
    text: pair('a to install; b to end; a;', 'touch(heap.start);'),
    expected: breaks('page_account'),
  },
  {
    knob: 'CHECK_PTE_NONE',
    faults: SPF,
    text: pair('a to map_lock; b to end; a;', 'touch(heap.start + PAGE_SIZE); compute(1us);'),
    expected: breaks('page_account'),
  },
  {
    knob: 'CHECK_PTE_SAME',
    faults: ['mmap-sem', ...PER_VMA],
    text: family(
      'write(heap.start); fork(mm_of(1)); write(heap.start);',
      'write(heap.start);',
      'a to replacing; b to end; a;',
      replacing,
    ),
    expected: (on, off) => expect(off.flushes).toBe(on.flushes + 1),
  },
  {
    knob: 'CHECK_PTE_SAME',
    faults: SPF,
    text: family(
      'write(heap.start); fork(mm_of(1)); write(heap.start);',
      'write(heap.start); compute(1us);',
      'a to map_lock; b to end; a;',
    ),
    expected: (on, off) => expect(off.flushes).toBe(on.flushes + 1),
  },
  {
    knob: 'FLUSH_UNDER_PTL',
    faults: ALL,
    // A thread alone: its faults are not speculative.
    text: `scenario test "test" { ${head}
      process parent { area heap = 64KB; thread a { write(heap.start); fork(mm_of(1)); write(heap.start); } }
      process child { thread c { } } }`,
    expected: (on, off) => {
      expect(off.flushes).toBe(on.flushes);
      expect(off.longestTableHoldNs).toBeLessThan(on.longestTableHoldNs);
    },
  },
  // What keeps a VMA.
  {
    knob: 'CHECK_SRCU',
    faults: ['spf-2014'],
    text: pair('a to found 2; b to end; a;', UNMAP),
    expected: breaks('no_vma_after_removal'),
  },
  {
    knob: 'CHECK_REF',
    faults: ['spf-2018'],
    text: pair('a to found 2; b to end; a;', UNMAP, found('spf-2018')),
    expected: breaks('no_vma_after_removal'),
  },
  {
    knob: 'RCU_VMAS',
    faults: ['spf-2021'],
    text: pair('a to found 2; b to end; a;', UNMAP, found('spf-2021')),
    expected: breaks('no_vma_after_removal'),
  },
  // What tells that it has changed.
  {
    knob: 'CHECK_ODD',
    faults: SPF,
    text: pair('a to next; b to marked; a to lock_ptl; b to changed; a; b;', READ_ONLY, changed(marked)),
    expected: breaks('no_writable_page_in_read_only_vma'),
  },
  {
    knob: 'MARK_CHANGES',
    faults: SPF_VMA,
    text: pair('a to lock_ptl; b to zapped; a; b;', UNMAP),
    expected: breaks('page_account'),
  },
  {
    knob: 'CHECK_COPY',
    faults: ['spf-2021'],
    text: pair('a to found 2; b to end; a;', `${READ_ONLY}`, found('spf-2021')),
    expected: counts({ spf_abort_vma_copy: 1 }, { spf_abort_pte_map_lock_seq1: 1 }),
  },
  {
    knob: 'CHECK_SEQ1',
    faults: SPF,
    text: pair('a to map_lock; b to end; a;', READ_ONLY),
    // Nothing goes wrong, as the count is looked at once more: but with a lock whose table may not be that of the VMA.
    expected: (on, off) => {
      expect([on.violated, off.violated]).toEqual([[], []]);
      expect(off.tables).toBe(on.tables + 1);
    },
  },
  {
    knob: 'CHECK_SEQ2',
    faults: SPF,
    text: pair('a to lock_ptl; b to zapped; a; b;', UNMAP),
    expected: breaks('page_account'),
  },
  {
    knob: 'CHECK_PMD',
    faults: SPF,
    text: pair('a to map_lock; b to end; a;', COLLAPSE),
    set: { CHECK_SEQ1: 'false', CHECK_SEQ2: 'false' },
    expected: breaks('no_write_to_freed_table'),
  },
  // What keeps page tables while they are walked.
  {
    knob: 'IRQS_OFF',
    faults: SPF_VMA,
    text: pair('a to lock_ptl; b to end; a;', UNMAP),
    expected: breaks('no_write_to_freed_table'),
  },
  {
    knob: 'WALK_SAFE',
    faults: ['spf-2021'],
    // Longer than a grace period takes if nobody is in its way.
    text: pair('a to lock_ptl; b to end; a;', `${UNMAP} sleep(30ms);`),
    expected: breaks('no_write_to_freed_table'),
  },
  {
    knob: 'RCU_TABLES',
    faults: ['spf-2021'],
    text: `shared int done = 0;
      ${pair('a to lock_ptl; b to end; a; b;', `${UNMAP} if (!done) count("did_not_wait");`).replace(
        'touch(heap.start + PAGE_SIZE);',
        'touch(heap.start + PAGE_SIZE); done = 1;',
      )}`,
    // With interrupts off the TLB flush of the munmap waits for the walk.
    expected: counts({ did_not_wait: 1 }, {}),
  },
  {
    knob: 'TRYLOCK_PTL',
    faults: SPF,
    text: (fault) => `shared int forked = 0;
      scenario test "test" { ${head} ${fault === 'spf-2021' ? 'set RCU_TABLES = false;' : ''}
        process parent { area heap = 64KB;
          thread a { wait_until(forked == 1); touch(heap.start + PAGE_SIZE); }
          thread b { write(heap.start); fork(mm_of(1)); forked = 1; write(heap.start); } }
        process child { thread c { } }
        schedule { b to flush; a to lock_ptl; b; a${fault === 'spf-2018' ? ' to map_lock; b; a' : ''}; b; } }`,
    expected: (on, off) => expect([on.outcome, off.outcome]).toEqual(['pass', 'deadlock']),
  },
  // What is left to mmap_sem.
  {
    knob: 'CHECK_ANON_VMA',
    faults: SPF,
    text: pair('a to done; b; a;', 'm = mmap(64KB); touch(m);')
      .replace('touch(heap.start + PAGE_SIZE);', 'done: compute(1us);')
      .replace('2MB', '64KB'),
    expected: breaks('page_has_anon_vma'),
  },
  {
    knob: 'CHECK_ANON_VMA',
    faults: PER_VMA,
    text: pair('a; b;', 'compute(1us);'),
    expected: counts({ vma_lock_abort: 1 }, {}),
  },
  {
    knob: 'CHECK_UFFD',
    faults: [...SPF, ...PER_VMA],
    text: `scenario test "test" { ${head} area heap = 64KB;
      thread a { touch(heap.start); next: touch(heap.start + PAGE_SIZE); }
      thread b { userfaultfd_register(heap); registered: uffdio_copy(heap.start + PAGE_SIZE); }
      schedule { a to next; b to registered; a; b; } }`,
    expected: breaks('userfault_is_delivered'),
  },
  {
    knob: 'SINGLE_THREADED',
    faults: SPF,
    text: `scenario test "test" { ${head} area heap = 64KB;
      thread a { for (i = 0; i < 8; i++) touch(heap.start + i * PAGE_SIZE); } }`,
    expected: (on, off) => {
      expect(on.reads).toBeLessThan(3);
      expect(off.reads).toBe(8);
    },
  },
  {
    knob: 'VMA_REFCOUNT',
    faults: ['spf-2021'],
    text: pair('a to next; b; a;', 'for (i = 2; i < 9; i++) touch(heap.start + i * PAGE_SIZE);'),
    expected: (on, off) => expect(on.ns).toBeGreaterThan(off.ns),
  },
  // Locks of VMAs.
  {
    knob: 'CHECK_DETACHED',
    faults: ['per-vma-lock-6.4'],
    text: pair('a to found 2; b to end; a;', UNMAP, found('per-vma-lock-6.4')),
    expected: breaks('no_access_after_munmap'),
  },
  ...PER_VMA.map(
    (fault): Case => ({
      knob: 'CHECK_BOUNDS',
      faults: [fault],
      text: pair(
        'a to found 2; b to end; a;',
        'munmap(range(heap.start + PAGE_SIZE, heap.end));',
        found(fault),
      ),
      expected: breaks('no_page_outside_vma'),
    }),
  ),
  ...PER_VMA.map(
    (fault): Case => ({
      knob: 'CHECK_LOCK_SEQ',
      faults: [fault],
      // The entry has been made read-only, and the VMA writable again.
      text: pair(
        'a to next; a to locking; b to marked; a to reusing; b; a;',
        READ_ONLY,
        locking(fault) + marked + reusing,
      )
        .replace(
          'touch(heap.start);',
          'write(heap.start); mprotect(heap, VM_READ); mprotect(heap, VM_READ | VM_WRITE);',
        )
        .replace('touch(heap.start + PAGE_SIZE);', 'write(heap.start);'),
      expected: breaks('no_writable_page_in_read_only_vma'),
    }),
  ),
  {
    knob: 'LOCK_ON_UNMAP',
    faults: PER_VMA,
    text: pair('a to install 2; b to end; a; b;', UNMAP),
    expected: breaks('page_account'),
  },
  {
    knob: 'LOCK_ON_FORK',
    faults: PER_VMA,
    text: family(
      'write(heap.start); mprotect(heap, VM_READ); mprotect(heap, VM_READ | VM_WRITE); write(heap.start);',
      'fork(mm_of(1));',
      'b to copied; a to end; b;',
    ),
    set: { CHECK_ANON_VMA: 'false' },
    expected: breaks('page_has_anon_vma'),
  },
  {
    knob: 'LOCK_ON_NOTIFIER',
    faults: PER_VMA,
    text: family(
      'write(heap.start); fork(mm_of(1)); write(heap.start);',
      'kvm_register(heap.start);',
      'a to replacing; b to end; a; b;',
      replacing,
    ),
    expected: breaks('no_stale_secondary_mapping'),
  },
  {
    knob: 'NOTIFIER_LOCK',
    faults: SPF,
    text: family(
      'write(heap.start); fork(mm_of(1)); write(heap.start);',
      'kvm_register(heap.start);',
      'a to replace; b to end; a; b;',
    ),
    expected: breaks('no_stale_secondary_mapping'),
  },
  // Those who change a VMA.
  {
    knob: 'MARK_FORK',
    faults: SPF_VMA,
    text: family(
      'write(heap.start); mprotect(heap, VM_READ); mprotect(heap, VM_READ | VM_WRITE); write(heap.start);',
      'fork(mm_of(1));',
      'a to map_lock; b to end; a;',
    ),
    expected: breaks('no_write_to_shared_page'),
  },
  ...[['map_lock', SPF_VMA] as const, ['install 2', PER_VMA] as const].flatMap(([label, faults]): Case[] => [
    {
      knob: 'PROTECT_TARGET',
      faults,
      text: `scenario test "test" { ${head} area heap = 64KB;
        thread a { touch(heap.start); mremap(heap); }
        thread b { touch(heap.end); }
        schedule { a to moving; b to end; a; } }`,
      expected: breaks('page_account'),
    },
    {
      knob: 'MARK_COLLAPSE',
      faults,
      text: pair(`a to ${label}; b to collapsing; a; b;`, COLLAPSE, collapsing),
      set: label === 'map_lock' ? { CHECK_PMD: 'false' } : {},
      expected: breaks('no_write_to_freed_table'),
    },
    {
      knob: 'MARK_EXPAND',
      faults,
      text: pair(`a to ${label}; b to end; a; b;`, EXPAND).replace(
        'touch(heap.start + PAGE_SIZE)',
        'touch(heap.end - PAGE_SIZE)',
      ),
      expected: breaks('no_page_outside_vma'),
    },
    {
      knob: 'MARK_UFFD',
      faults,
      text: pair(
        `a to ${label}; b to registered; a; b;`,
        'userfaultfd_register(heap); registered: uffdio_copy(heap.start + PAGE_SIZE);',
      ),
      expected: breaks('userfault_is_delivered'),
    },
  ]),
];

describe('a knob', () => {
  const flat = cases.flatMap((c) => c.faults.map((fault) => ({ ...c, fault })));

  it.each(flat)('$knob of $fault', async ({ knob, fault, text, set, expected }) => {
    const document = typeof text === 'string' ? text : text(fault);
    const seen = (value: string): Promise<Seen> => see(document, { ...set, fault, [knob]: value });
    expected(await seen('true'), await seen('false'));
  });

  // What a fault does while the disk works is tested with files; see claims-disk.test.ts.
  const ofFiles = ['HOLD_FOR_IO', 'RETRY_ONCE'];
  const withoutFiles = faultSchemes.filter(({ id }) => id !== 'disk-retry');

  it.each([recordOf('fault', 'mmap-sem'), ...withoutFiles])('of $id is there, each', (record) => {
    const tested = flat.filter(({ fault }) => fault === record?.id).map(({ knob }) => knob);
    const listed = (record?.knobs ?? []).filter((knob) => !ofFiles.includes(knob));
    expect([...new Set(tested)].sort()).toEqual(listed.sort());
  });

  it('is listed by the scheme whose text declares it', () => {
    for (const { id, knobs, file, on = [] } of faultSchemes) {
      const declared = [...on, file, 'fault/write.kp'].flatMap((f) =>
        [...(pathFiles[f] ?? '').matchAll(/^knob (\w+)/gm)].map(([, name]) => name),
      );
      expect([id, declared.filter((name) => name !== undefined && !knobs.includes(name))]).toEqual([id, []]);
    }
  });
});
