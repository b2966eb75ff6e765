import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const starter = join(dirname(fileURLToPath(import.meta.url)), '../../tools/mmscope.mjs');

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function mmscope(...args: string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, [starter, ...args], (error, out, err) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
    });
  });
}

/** One line on stderr, nothing on stdout, exit code 2. */
async function refused(pattern: RegExp, ...args: string[]): Promise<void> {
  const r = await mmscope('predict', ...args);
  expect([r.code, r.out]).toEqual([2, '']);
  expect(r.err).toMatch(pattern);
  expect(r.err.trimEnd().split('\n')).toHaveLength(1);
}

const SMALL = ['--set', 'machine=small', '--until', '20ms'];

describe('predict', () => {
  it('prints one object, the same each time', async () => {
    const args = ['mmap-munmap-threads', '--set', 'threads=3', ...SMALL, '--json'];
    const { code, out } = await mmscope('predict', ...args);
    expect(code).toBe(0);
    const r = JSON.parse(out);
    expect(r).toEqual(
      expect.objectContaining({
        format: expect.any(Number),
        model: expect.any(Number),
        build: expect.any(String),
        workload: 'mmap-munmap-threads',
        unit: 'mmap and munmap',
        machine: 'small',
        threads: 3,
        seed: 1,
        set: expect.objectContaining({ fault: 'mmap-sem', munmap: 'downgrade', alloc: 'zone', threads: 3 }),
        hash: expect.stringMatching(/^[0-9a-f]{16}$/),
        simulatedNs: expect.any(Number),
        opsPerSec: expect.any(Number),
        aborts: expect.any(Object),
        latency: {
          p50Ns: expect.any(Number),
          p99Ns: expect.any(Number),
          maxNs: expect.any(Number),
        },
      }),
    );
    expect(r.perThread).toBeCloseTo(r.opsPerSec / 3, 6);
    expect(Object.keys(r.shares)).toEqual(['user', 'kernel', 'spin', 'blocked', 'runnable', 'idle']);
    expect(r.warmupNs === null || r.warmupNs < r.simulatedNs).toBe(true);
    expect((await mmscope('predict', ...args)).out).toBe(out);
  });

  it('prints a table without --json', async () => {
    const { code, out } = await mmscope('predict', 'ebizzy', '--set', 'threads=2', ...SMALL);
    expect(code).toBe(0);
    expect(out).toMatch(/^ebizzy: 2 threads on small\n/);
    expect(out).toMatch(/rate +[\d,.]+ a second; one is: record/);
    expect(out).toMatch(/blocked +\d+\.\d %/);
  });

  it('says what is wrong and what comes nearest', async () => {
    await refused(/which workload.*page-fault-threads/);
    await refused(/no workload 'page-fault-thread'; nearest: page-fault-threads/, 'page-fault-thread');
    await refused(/no workload 'tiny'/, 'tiny');
    await refused(/unexpected argument 'ebizzy'/, 'multi-fault', 'ebizzy');
    for (const threads of ['0', '513', '2.5', '-1', 'many'])
      await refused(/threads=.*whole number from 1 to 512/, 'ebizzy', '--set', `threads=${threads}`);
    await refused(/processes .*from 1 to 256, found 257/, 'page-fault-processes', '--set', 'threads=257');
    await refused(/nearest: threads/, 'ebizzy', '--set', 'thread=2');
    await refused(/no fault 'mmap-sen'.*nearest: mmap-sem/, 'ebizzy', '--set', 'fault=mmap-sen');
    await refused(/--until soon/, 'ebizzy', '--until', 'soon');
  });

  it('has workloads that list marks and run knows', async () => {
    const { scenarios } = JSON.parse((await mmscope('list', '--json')).out);
    const marked = scenarios.filter((s: { workload?: true }) => s.workload === true);
    expect(marked).toContainEqual({
      id: 'ebizzy',
      title: expect.any(String),
      workload: true,
      unit: 'record',
    });
    expect(marked).toHaveLength(6);
    expect((await mmscope('run', 'ebizzy', '--set', 'machine=small', '--check')).code).toBe(0);
  });
});
