import { describe, expect, it } from 'vitest';
import { type EventRecord, Kind, NO_THREAD } from '../event/index.ts';
import { small } from '../kernel/index.ts';
import { BuildError } from './build.ts';
import { Simulation } from './simulation.ts';
import { program, record, simulate } from './testing.ts';

/** A run of a scenario with these items: reads of the disk take a millisecond. */
function run(
  items: string,
  grain: 'page' | 'table' = 'page',
): { sim: Simulation; records: EventRecord[]; vars: Record<string, number> } {
  const text = `shared int found = 0; shared int again = 0; ghost int had; ghost int has;
  scenario test "files" { extent 1s; number disk_read = 1ms "a read"; ${items} }`;
  const sim = simulate(program(text), small, 1, grain);
  const { records } = record(sim);
  const vars = Object.fromEntries((sim.moment().vars ?? []).map(({ name, value }) => [name, value]));
  return { sim, records, vars };
}

/** When pages came from the disk, ms. */
function reads(records: readonly EventRecord[]): number[] {
  return records
    .filter((r) => r.kind === Kind.PAGE_CACHE && r.thread === NO_THREAD)
    .map((r) => Math.round(r.t / 1e6));
}

describe('the disk', () => {
  it('does one read after the other, in the order in which they were asked for', () => {
    const { sim, records } = run(`
      area data = 4 * PAGE_SIZE file;
      thread t[3] on cpu index { compute(index * 10us); page_cache_read(data.start + index * PAGE_SIZE); }`);
    expect(reads(records)).toEqual([1, 2, 3]);
    expect(sim.verdict()).toBe('pass');
    // Each goes on when its own page is there.
    const ends = [0, 1, 2].map((t) => records.findLast((r) => r.thread === t)?.t ?? 0);
    expect(ends.map((t) => Math.floor(t / 1e6))).toEqual([1, 2, 3]);
  });

  it('reads a page once for all who want it at a time', () => {
    const { records } = run(`
      area data = 4 * PAGE_SIZE file;
      thread t[3] on cpu index { compute(index * 10us); page_cache_read(data.start + 100); }`);
    expect(reads(records)).toEqual([1]);
    const ends = [0, 1, 2].map((t) => records.findLast((r) => r.thread === t)?.t ?? 0);
    for (const end of ends) expect(Math.floor(end / 1e6)).toBe(1);
  });

  it('is as fast as the machine says, unless the scenario says otherwise', () => {
    const text =
      'scenario test "t" { extent 1s; area data = PAGE_SIZE file; thread t { page_cache_read(data.start); } }';
    expect(reads(record(simulate(program(text))).records)).toEqual([18]);
  });

  it('is not asked where no area maps a file', () => {
    const { vars, records } = run(`
      area data = PAGE_SIZE;
      thread t { found = page_cache_read(data.start); }`);
    expect([vars['found'], reads(records)]).toEqual([-14, []]);
  });

  it('lets nobody sleep who holds a spinlock', () => {
    const text = `spinlock l; scenario test "t" { extent 1s; area data = PAGE_SIZE file;
      thread t { spin_lock(&l); page_cache_read(data.start); spin_unlock(&l); } }`;
    const sim = simulate(program(text));
    record(sim);
    expect([sim.verdict(), sim.stopReason()?.message]).toEqual(['stuck', 'it sleeps with a spinlock held']);
  });
});

describe('the page cache', () => {
  const LOOK = `
    ghost had = cached(data.start);
    page_cache_read(data.start);
    ghost has = cached(data.start) + 2 * cached(data.start + PAGE_SIZE);`;

  it('has what was read, and nothing else', () => {
    for (const grain of ['page', 'table'] as const) {
      const { vars } = run(`area data = 4 * PAGE_SIZE file; thread t { ${LOOK} }`, grain);
      expect(vars).toMatchObject({ had: 0, has: 1 });
    }
  });

  it('has everything of an area that was populated', () => {
    for (const grain of ['page', 'table'] as const) {
      const { vars, records } = run(
        `area data = 600 * PAGE_SIZE file populated; thread t { ${LOOK} }`,
        grain,
      );
      expect(vars).toMatchObject({ had: 1, has: 3 });
      expect(reads(records)).toEqual([]);
    }
  });

  it('knows at grain page what others read; at grain table a thread knows of its own last page alone', () => {
    const items = `
      area data = 4 * PAGE_SIZE file;
      thread a on cpu 0 { page_cache_read(data.start); page_cache_read(data.start + PAGE_SIZE); }
      thread b on cpu 1 { sleep(5ms); page_cache_read(data.start); ghost has = cached(data.start); }`;
    expect(reads(run(items).records)).toEqual([1, 2]);
    // Once more than needed, never once less.
    expect(reads(run(items, 'table').records)).toEqual([1, 2, 6]);
    expect(run(items, 'table').vars['has']).toBe(1);
  });

  it('drops what is not mapped, and keeps what is', () => {
    const { sim, vars } = run(`
      area data = 600 * PAGE_SIZE file populated;
      area other = 2 * PAGE_SIZE file;
      thread t {
        page_cache_read(other.start);
        invalidate_mapping_pages(range(data.start, other.end));
        ghost had = cached(data.start);
        ghost has = cached(other.start);
      }`);
    expect(vars).toMatchObject({ had: 1, has: 0 });
    expect(sim.verdict()).toBe('pass');
  });

  it('of two processes is not the same', () => {
    const { records } = run(`
      process x { area data = PAGE_SIZE file; thread a on cpu 0 { page_cache_read(data.start); } }
      process y { area more = PAGE_SIZE file; thread b on cpu 1 { sleep(2ms); page_cache_read(more.start); } }`);
    expect(reads(records)).toEqual([1, 3]);
  });

  it('has no frames in zones, which are refused', () => {
    const p = program(
      'scenario test "t" { extent 1s; area data = PAGE_SIZE file; thread t { compute(1us); } }',
    );
    const choices = { mmapLock: 'rwsem-3.16', mutex: 'mutex-osq', spinlock: 'qspinlock', alloc: 'zone' };
    const build = (): Simulation => new Simulation(p, small, { ...choices, grain: 'page', seed: 1 });
    expect(build).toThrow(BuildError);
    expect(build).toThrow(/area data maps a file, whose pages zones do not count: set alloc = simple/);
  });
});

describe('a page table that is looked at without a lock', () => {
  /** One walks for 100 us between the table's own entry and those in it, while the other takes the table away. */
  function walk(begin: string, end: string): Simulation {
    return run(`
      area data = 8 * PAGE_SIZE populated;
      thread walker on cpu 0 {
        ${begin}
        pmd = read_pmd(mm, data.start);
        pt = pte_offset(mm, data.start, pmd);
        compute(100us);
        found = gup_pte(pt, data.start);
        ${end}
      }
      thread unmapper on cpu 1 {
        struct mmu_gather tlb;
        compute(10us);
        down_write(&mm->mmap_sem);
        list = detach_vmas_to_be_unmapped(mm, find_vma(mm, data.start), data.end);
        tlb_gather_mmu(&tlb, mm);
        for (pt in page_tables(mm, data)) {
          n = zap_pte_range(&tlb, pt, data);
          add_mm_counter(mm, -n);
        }
        free_pgtables(mm, data);
        tlb_flush_mmu_tlbonly(&tlb);
        tlb_flush_mmu_free(&tlb);
        again = 1;
        remove_vma_list(mm, list);
        up_write(&mm->mmap_sem);
      }`).sim;
  }

  it('is memory of somebody else by then', () => {
    const sim = walk('', '');
    expect(sim.violations().map((v) => v.invariant)).toEqual(['no_write_to_freed_table']);
  });

  it('stays while interrupts are off: who frees it waits', () => {
    const sim = walk('local_irq_disable();', 'local_irq_enable();');
    expect(sim.verdict()).toBe('pass');
    expect(sim.now).toBeGreaterThan(100_000);
  });
});
