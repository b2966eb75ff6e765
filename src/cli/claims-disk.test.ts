import { describe, expect, it } from 'vitest';
import { resolve } from '../scenario/index.ts';
import type { LockReport } from '../trace/index.ts';
import type { RunResult } from './result.ts';
import { measure } from './run.ts';

/** What faults that wait for the disk must show, and get_user_pages with and without mmap_sem, run as the command line runs them. */

const MS = 1e6;

async function run(scenario: string, set: Record<string, string> = {}, text?: string): Promise<RunResult> {
  const resolved = resolve({ scenario, set, ...(text === undefined ? {} : { text }) });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
  return measure(resolved.value, undefined);
}

function mmapLock(r: RunResult): LockReport {
  const lock = r.locks.find((l) => l.id === 'mmap_lock');
  if (lock === undefined) throw new Error('mmap_lock is missing');
  return lock;
}

/** Exclusive acquisitions of mmap_lock per second. */
function writes(r: RunResult): number {
  return (mmapLock(r).write.acquired * 1e9) / r.simulatedNs;
}

describe('disk-reader', () => {
  it('held: about one write acquisition for each read of the disk; dropped: more than 200 times as many', async () => {
    const held = await run('disk-reader-held', { length: '2s' });
    expect(writes(held)).toBeGreaterThan(55 / 2);
    expect(writes(held)).toBeLessThan(55 * 2);
    // Each of them waits for a read.
    expect(mmapLock(held).write.wait.p50Ns).toBeGreaterThan(17 * MS);
    expect(mmapLock(held).read.hold.p50Ns).toBeGreaterThan(18 * MS);

    const dropped = await run('disk-reader', { length: '100ms' });
    expect(writes(dropped)).toBeGreaterThan(200 * writes(held));
    // Bounded by what a round costs: nothing waits for the disk.
    expect(mmapLock(dropped).write.wait.maxNs).toBeLessThan(0.1 * MS);
    expect(mmapLock(dropped).read.hold.maxNs).toBeLessThan(0.1 * MS);
  });

  it('the reader reads as fast either way: 55 pages per second', async () => {
    for (const HOLD_FOR_IO of ['true', 'false']) {
      const r = await run('disk-reader', { HOLD_FOR_IO, length: '200ms' });
      expect(r.faults.latency.p50Ns).toBeGreaterThan(18 * MS);
      expect(r.faults.latency.p50Ns).toBeLessThan(18.5 * MS);
    }
  });

  it('a faster disk holds the mapper up for less, and no less often', async () => {
    const r = await run('disk-reader-held', { disk_read: '150us', length: '200ms' });
    // A read, two wake-ups, and the idle states that CPUs have gone to meanwhile.
    expect(mmapLock(r).write.wait.p50Ns).toBeGreaterThan(0.15 * MS);
    expect(mmapLock(r).write.wait.p50Ns).toBeLessThan(0.3 * MS);
  });
});

describe('a fault that is done again', () => {
  /** A page of a file is read for 1 ms; what the other thread does meanwhile. */
  function beside(other: string, sets = ''): string {
    return `scenario t "a fault and something else" {
      set munmap = baseline; set fault = disk-retry; set machine = small; set grain = page; ${sets}
      number disk_read = 1ms "a read";
      extent 100ms;
      area data = 4 * PAGE_SIZE file;
      thread reader on cpu 0 { touch(data.start); }
      thread other on cpu 1 { compute(100us); ${other} }
    }`;
  }

  it('is that of every scheme that does without the lock where it can', async () => {
    for (const fault of ['spf-2014', 'spf-2018', 'spf-2021', 'per-vma-lock-6.4', 'per-vma-lock-6.15']) {
      const r = await run('t', { fault }, beside('munmap(data);'));
      const { read } = mmapLock(r);
      expect([fault, r.outcome, r.faults.segv, read.acquired]).toEqual([fault, 'pass', 1, 2]);
      expect([fault, (read.hold.maxNs ?? MS) < 0.1 * MS]).toEqual([fault, true]);
    }
  });

  it('finds the VMA gone if somebody unmapped it while the disk worked', async () => {
    const r = await run('t', {}, beside('munmap(data);'));
    expect([r.outcome, r.faults.segv]).toEqual(['pass', 1]);
    // With the lock held nobody could.
    const held = await run('t', {}, beside('munmap(data);', 'set HOLD_FOR_IO = true;'));
    expect([held.outcome, held.faults.segv]).toEqual(['pass', 0]);
    expect(mmapLock(held).write.wait.maxNs).toBeGreaterThan(0.8 * MS);
  });

  it('is the same for a write', async () => {
    const text = beside('munmap(data);').replace('touch(data.start)', 'write(data.start)');
    const gone = await run('t', {}, text);
    expect([gone.outcome, gone.faults.segv, mmapLock(gone).read.acquired]).toEqual(['pass', 1, 2]);
    const held = await run('t', { HOLD_FOR_IO: 'true' }, text);
    expect([held.outcome, held.faults.segv, mmapLock(held).read.acquired]).toEqual(['pass', 0, 1]);
    expect(mmapLock(held).write.wait.maxNs).toBeGreaterThan(0.8 * MS);
  });

  it('puts a page of zeroes where the file was replaced meanwhile', async () => {
    const r = await run('t', {}, beside('mmap_fixed(data);'));
    expect([r.outcome, r.faults.segv, r.faults.count]).toEqual(['pass', 0, 1]);
  });

  it('waits for the read of another one, and both map the page', async () => {
    const r = await run('t', {}, beside('touch(data.start + 5);'));
    expect([r.outcome, r.faults.count]).toEqual(['pass', 2]);
    expect(r.simulatedNs).toBeLessThan(1.3 * MS);
  });

  it('holds the lock in its second pass if the page has gone again, unless it may retry once more', async () => {
    // Another thread drops the page just when it has come.
    const drop = `wait_until(cached(data.start)); invalidate_mapping_pages(data);`;
    const once = await run('t', {}, beside(drop));
    expect(once.outcome).toBe('pass');
    expect(mmapLock(once).read.acquired).toBe(2);
    expect(mmapLock(once).read.hold.maxNs).toBeGreaterThan(MS);
    const often = await run('t', {}, beside(drop, 'set RETRY_ONCE = false;'));
    expect(mmapLock(often).read.acquired).toBe(3);
    expect(mmapLock(often).read.hold.maxNs).toBeLessThan(0.1 * MS);
  });

  it('needs no disk for what munmap left in the page cache, and accounts come out right', async () => {
    const text = `scenario t "again" {
      set fault = disk-retry; set machine = small; set grain = page;
      number disk_read = 1ms "a read";
      extent 100ms;
      area data = 4 * PAGE_SIZE file;
      thread reader on cpu 0 { touch(data.start); madvise_dontneed(data); touch(data.start); munmap(data); }
    }`;
    const r = await run('t', {}, text);
    expect([r.outcome, r.faults.count]).toEqual(['pass', 2]);
    expect(r.simulatedNs).toBeLessThan(1.3 * MS);
  });
});

describe('gup-beside-munmap', () => {
  it('get_user_pages waits for the munmap of another range, get_user_pages_fast does not', async () => {
    const r = await run('gup-beside-munmap');
    const unmap = r.syscalls['munmap']?.latency.maxNs ?? 0;
    expect(unmap).toBeGreaterThan(100 * MS);
    expect(r.syscalls['get_user_pages']?.latency.maxNs).toBeGreaterThan(0.9 * unmap);
    expect(r.syscalls['get_user_pages_fast']?.latency.maxNs).toBeLessThan(0.01 * MS);
    // Every millisecond, before the munmap and during it.
    expect(r.syscalls['get_user_pages_fast']?.count).toBeGreaterThan((unmap / MS) * 0.8);
  });

  it('both bring in what is missing; the slow one keeps the lock while the disk works', async () => {
    const text = `scenario t "missing pages" {
      set fault = disk-retry; set machine = small; set grain = page;
      number disk_read = 1ms "a read";
      extent 100ms;
      area heap = 4 * PAGE_SIZE;
      area data = 2 * PAGE_SIZE file;
      thread a on cpu 0 { get_user_pages_fast(heap); get_user_pages(data); get_user_pages_fast(heap); }
    }`;
    const r = await run('t', {}, text);
    expect(r.outcome).toBe('pass');
    expect(mmapLock(r).read.acquired).toBe(2);
    expect(mmapLock(r).read.hold.maxNs).toBeGreaterThan(2 * MS);
  });

  it('outside of every mapping both give -EFAULT', async () => {
    const text = `shared int slow = 0; shared int fast = 0;
    invariant slow_fails "it says so": slow != 1; invariant fast_fails "it says so": fast != 1;
    scenario t "nothing there" {
      set machine = small; extent 10ms;
      area heap = 4 * PAGE_SIZE populated;
      thread a on cpu 0 {
        slow = get_user_pages(range(heap.start, heap.end + PAGE_SIZE)) == 0;
        fast = get_user_pages_fast(range(heap.end, heap.end + PAGE_SIZE)) == 0;
      }
    }`;
    expect((await run('t', {}, text)).outcome).toBe('pass');
  });
});
