import { describe, expect, it } from 'vitest';
import { small } from '../kernel/index.ts';
import { resolve } from '../scenario/index.ts';
import type { RunResult } from './result.ts';
import { measure } from './run.ts';

/** Paths and knobs that no gallery scenario shows, in small documents. */

async function run(text: string, set: Record<string, string> = {}): Promise<RunResult> {
  const resolved = resolve({ scenario: 'test', text, file: 'test.kp', set });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
  return measure(resolved.value, undefined);
}

function violated(r: RunResult): string[] {
  return [...new Set(r.violations.map((v) => v.invariant))].sort();
}

const head = (settings: string): string =>
  `scenario test "test" { set machine = small; set grain = page; ${settings} extent 400ms;`;

describe('vm-dead as posted', () => {
  // A reader that outlasts the first zap makes the unmapper queue behind the second munmap: both mark the same VMA, one
  // frees it, and the other one's last phase comes after that.
  const twoMunmaps = `${head('set munmap = vm-dead;')}
    area big = 1GB populated;
    thread a on cpu 0 { compute(1us); munmap(big); }
    thread c on cpu 2 { compute(20us); down_read(&mm->mmap_sem); compute(58ms); up_read(&mm->mmap_sem); }
    thread b on cpu 1 { compute(40us); munmap(big); }
  }`;

  it('uses a VMA that another munmap freed when pointers are carried over, and not when they are looked up again', async () => {
    expect(violated(await run(twoMunmaps, { CARRY_POINTERS: 'true' }))).toContain('no_vma_after_removal');
    expect(violated(await run(twoMunmaps))).toEqual([]);
  });

  it('lets ps read a page that is there, and bring in one that is not', async () => {
    for (const grain of ['page', 'table']) {
      const r = await run(
        `${head('')}
        area a = 4 * PAGE_SIZE populated;
        area b = 4 * PAGE_SIZE;
        thread ps on cpu 1 { proc_pid_cmdline_read(a.start); proc_pid_cmdline_read(b.start); touch(a.start); } }`,
        { grain },
      );
      expect([grain, r.outcome, violated(r), r.mm[0]?.rssPages, r.faults.count]).toEqual([
        grain,
        'pass',
        [],
        5,
        0,
      ]);
    }
  });

  const psFaultsIn = `${head('set munmap = vm-dead;')}
    area big = 1GB populated;
    thread a on cpu 0 { compute(1us); munmap(big); }
    thread ps on cpu 1 { wait_until(zapped(big.start)); proc_pid_cmdline_read(big.start); }
  }`;

  it('lets ps put a page behind the zap when only the x86 handler tests VM_DEAD', async () => {
    expect(violated(await run(psFaultsIn, { X86_ONLY: 'true' }))).toContain('page_account');
    expect(violated(await run(psFaultsIn))).toEqual([]);
  });
});

describe('mmap and madvise', () => {
  it('maps, touches, unmaps and maps again at the lowest free address', async () => {
    const r = await run(`shared int same = 0;
      ${head('')}
      area a = 2MB;
      thread t on cpu 0 {
        p = mmap(8 * PAGE_SIZE);
        touch(p);
        touch(p + 7 * PAGE_SIZE);
        munmap(range(p, p + 8 * PAGE_SIZE));
        err = touch(p);
        q = mmap(PAGE_SIZE);
        same = p == q && err != 0;
        touch(q);
      } }`);
    expect([r.outcome, violated(r)]).toEqual(['pass', []]);
    expect(r.faults.count).toBe(4);
    expect(r.faults.segv).toBe(1);
    expect(r.mm[0]).toEqual({ id: r.mm[0]?.id, rssPages: 1, presentPages: 1 });
    expect(r.syscalls['mmap']?.count).toBe(2);
  });

  it('maps where munmap left a hole, the first that is long enough, before it takes new addresses', async () => {
    const r = await run(`shared int ok = 0;
      ${head('')}
      area a = 16 * PAGE_SIZE populated;
      area b = 2MB;
      thread t on cpu 0 {
        munmap(range(a.start + 4 * PAGE_SIZE, a.start + 8 * PAGE_SIZE));
        small = mmap(4 * PAGE_SIZE);
        next = mmap(PAGE_SIZE);
        munmap(b);
        large = mmap(3MB);
        touch(small);
        touch(next);
        touch(large);
        ok = small == a.start + 4 * PAGE_SIZE && next == a.end && large > next && large < b.end;
        if (!ok)
          touch(0);
      } }`);
    expect([r.outcome, violated(r), r.faults.segv]).toEqual(['pass', [], 0]);
    expect(r.mm[0]?.presentPages).toBe(12 + 3);
  });

  it('cannot reuse a range that is detached but not yet zapped: mmap waits for mmap_sem', async () => {
    const r = await run(
      `${head('set munmap = downgrade;')}
      area big = 1GB populated;
      thread u on cpu 0 { munmap(big); }
      thread m on cpu 1 {
        wait_until(!mapped(big.start));
        p = mmap(1GB);
        touch(p);
        if (p != big.start)
          touch(0);
      } }`,
    );
    expect([r.outcome, violated(r), r.faults.segv, r.mm[0]?.presentPages]).toEqual(['pass', [], 0, 1]);
    const zap = r.phases['munmap']?.find((p) => p.name === 'zap');
    expect(zap?.ns).toBeGreaterThan(50e6);
    expect(r.syscalls['mmap']?.latency.maxNs).toBeGreaterThan(0.99 * (zap?.ns ?? Infinity));
  });

  it('MADV_DONTNEED throws pages away under read and keeps the mapping', async () => {
    const r = await run(`${head('')}
      area a = 8 * PAGE_SIZE populated;
      thread t on cpu 0 { madvise_dontneed(a); touch(a.start); } }`);
    expect([r.outcome, r.faults.count, r.faults.segv, r.mm[0]?.rssPages]).toEqual(['pass', 1, 0, 1]);
    expect(r.locks.find((l) => l.id === 'mmap_lock')?.write.acquired).toBe(0);
  });

  it('MADV_DONTNEED goes VMA by VMA, and tells of holes with -ENOMEM when the rest is done', async () => {
    const r = await run(`${head('')}
      area a = 8 * PAGE_SIZE populated;
      area b = 8 * PAGE_SIZE populated;
      thread t on cpu 0 {
        if (madvise_dontneed(range(a.start + 4 * PAGE_SIZE, b.start + 4 * PAGE_SIZE)) == -ENOMEM)
          count("holes");
        if (madvise_dontneed(range(b.end, b.end + PAGE_SIZE)) == -ENOMEM)
          count("holes");
        if (madvise_dontneed(range(b.start, b.end)) == 0)
          count("whole");
      } }`);
    expect([r.outcome, violated(r), r.mm[0]?.rssPages, r.counters.named]).toEqual([
      'pass',
      [],
      4,
      { holes: 2, whole: 1 },
    ]);
  });

  it('MADV_DONTNEED leaves alone what a munmap has detached and is zapping', async () => {
    const r = await run(`${head('set munmap = downgrade;')}
      area big = 1GB populated;
      thread u on cpu 0 { munmap(big); }
      thread m on cpu 1 {
        wait_until(!mapped(big.start));
        if (madvise_dontneed(big) == -ENOMEM)
          count("holes");
      } }`);
    expect([r.outcome, violated(r), r.counters.named]).toEqual(['pass', [], { holes: 1 }]);
    // At once, as it has nothing to do.
    expect(r.syscalls['madvise_dontneed']?.latency.maxNs).toBeLessThan(10_000);
  });

  it('cuts VMAs at both ends and leaves what lies outside', async () => {
    for (const munmap of ['baseline', 'chunked', 'vm-dead', 'downgrade']) {
      const r = await run(
        `${head('')}
        area a = 64 * PAGE_SIZE populated;
        thread t on cpu 0 {
          munmap(range(a.start + 8 * PAGE_SIZE, a.end - 8 * PAGE_SIZE));
          touch(a.start);
          touch(a.end - PAGE_SIZE);
          touch(a.start + 32 * PAGE_SIZE);
        } }`,
        { munmap },
      );
      expect([munmap, r.outcome, r.mm[0]?.presentPages, r.mm[0]?.rssPages, r.faults.segv]).toEqual([
        munmap,
        'pass',
        16,
        16,
        1,
      ]);
    }
  });

  it('gives -EINVAL for an empty range, and for one that begins within a page', async () => {
    for (const munmap of ['baseline', 'chunked', 'vm-dead', 'downgrade']) {
      const r = await run(
        `${head('')}
        area a = 8 * PAGE_SIZE populated;
        thread t on cpu 0 {
          if (munmap(range(a.start, a.start)) == -EINVAL)
            count("refused");
          if (munmap(range(a.end, a.start)) == -EINVAL)
            count("refused");
          if (munmap(range(a.start + 1, a.end)) == -EINVAL)
            count("refused");
          touch(a.start + PAGE_SIZE);
          madvise_dontneed(range(a.start, a.start + PAGE_SIZE));
          touch(a.start);
        } }`,
        { munmap },
      );
      expect([munmap, r.counters.named['refused'], r.mm[0]?.rssPages]).toEqual([munmap, 3, 8]);
      expect([munmap, violated(r), r.faults.segv]).toEqual([munmap, [], 0]);
    }
  });

  it('chunked drops the lock between sections only, so never for a range of one', async () => {
    const drops = async (size: string): Promise<number> =>
      (
        await run(
          `scenario test "test" { set machine = small; set munmap = chunked; set ALWAYS_DROP = true; extent 400ms;
          area a = ${size};
          thread t on cpu 0 { munmap(a); } }`,
        )
      ).counters.lockDrops;
    expect([await drops('1MB'), await drops('1GB'), await drops('2GB'), await drops('2560MB')]).toEqual([
      0, 0, 1, 2,
    ]);
  });

  it('flushes TLBs for tables alone: in the last phase of vm-dead, and where the pages went before', async () => {
    const flushes = async (munmap: string, before: string): Promise<number> =>
      (
        await run(
          `${head('')}
          area a = 1GB populated;
          thread t on cpu 0 { ${before} munmap(a); } }`,
          { munmap },
        )
      ).counters.tlbFlushes;
    const zap = await flushes('baseline', '');
    // The zap's last batch and the tables are flushed together, but where they go one after the other.
    expect(await flushes('downgrade', '')).toBe(zap);
    expect(await flushes('vm-dead', '')).toBe(zap + 1);
    for (const munmap of ['baseline', 'vm-dead', 'downgrade'])
      expect([munmap, await flushes(munmap, 'madvise_dontneed(a);')]).toEqual([munmap, zap + 1]);
  });

  it('pays for every VMA of the range, not for the call', async () => {
    const { detach_vma: detach, remove_vma: remove } = small.costs;
    const each = (detach?.value ?? 0) + (remove?.value ?? 0);
    for (const munmap of ['baseline', 'chunked', 'vm-dead', 'downgrade']) {
      const length = async (n: number): Promise<number> => {
        const r = await run(
          `${head('')}
          area a[5] = PAGE_SIZE;
          thread t on cpu 0 { munmap(range(a[0].start, a[${n - 1}].end)); } }`,
          { munmap },
        );
        return r.syscalls['munmap']?.latency.maxNs ?? 0;
      };
      expect([munmap, (await length(5)) - (await length(1))]).toEqual([munmap, 4 * each]);
    }
  });

  it('keeps address spaces apart', async () => {
    const r = await run(`scenario test "two" { set machine = small; extent 10ms;
      process p { area a = 2MB populated; thread t on cpu 0 { munmap(a); } }
      process q { area b = 4MB populated; thread u on cpu 1 { touch(b.start); } }
    }`);
    expect(r.mm.map((m) => [m.id, m.presentPages])).toEqual([
      ['p', 0],
      ['q', 1024],
    ]);
    expect(r.locks.filter((l) => l.kind === 'rwsem').map((l) => l.id)).toEqual([
      'mmap_lock/p',
      'mmap_lock/q',
    ]);
  });
});

describe('documents', () => {
  it('watch invariants of their own, after every step, and name what broke them', async () => {
    const r = await run(`shared int a[3];
      invariant ordered "the second never leads": a[0] >= a[1];
      ${head('')}
      thread t on cpu 0 { a[0] = 2; a[1] = 1; a[1] = 3; a[0] = 4; } }`);
    expect(r.outcome).toBe('violation');
    expect(r.violations.map((v) => [v.invariant, v.thread])).toEqual([['ordered', 't']]);
  });

  it('wait until what another thread does makes a condition true', async () => {
    const r = await run(`shared int a[3];
      ${head('')}
      thread t on cpu 0 { wait_until(a[1] << 1 == 6 && a[2] >> 1 == 2); a[0] = 1; }
      thread u on cpu 1 { compute(10us); a[1] = 3; compute(10us); a[2] = 5; } }`);
    expect(r.outcome).toBe('pass');
    expect(r.simulatedNs).toBeGreaterThan(20_000);
  });
});

describe('limits', () => {
  it('names what ran out', async () => {
    const vmas = await run(`${head('')} thread t on cpu 0 { while (1) mmap(PAGE_SIZE); } }`);
    expect([vmas.outcome, vmas.reason?.message]).toEqual([
      'limit',
      expect.stringMatching(/VMA slots|extent/),
    ]);
    const memory = await run(
      `scenario test "oom" { set machine = small; extent 100s; area a = 15GB populated; area b = 4GB;
       thread t on cpu 0 { p = b.start; while (1) { touch(p); p += PAGE_SIZE; } } }`,
    );
    expect([memory.outcome, memory.reason?.message]).toEqual(['limit', expect.stringMatching(/memory/)]);
  });

  it('tells a program error from a result', async () => {
    const bad = async (body: string): Promise<string | undefined> =>
      (await run(`rwsem s; ${head('')} thread t on cpu 0 { int z = 0; ${body} } }`)).reason?.message;
    expect(await bad('up_read(&s);')).toMatch(/does not hold/);
    expect(await bad('down_write(&s);')).toMatch(/lock held/);
    expect(await bad('z = 1 / z;')).toMatch(/divides by zero/);
    expect(await bad('while (1) z = z + 1;')).toMatch(/million rounds/);
  });
});
