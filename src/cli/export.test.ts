import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ReadTrace, readTrace, totalsOf } from '../trace/chrome-testing.ts';
import { readArguments } from './args.ts';
import { exportCommand } from './export.ts';
import { Workshop } from './export-testing.ts';

const starter = join(dirname(fileURLToPath(import.meta.url)), '../../tools/mmscope.mjs');
const shop = new Workshop();
const { folder, mixed } = shop;
afterAll(() => shop.remove());

const stall = 'munmap-320g-writer --set size=512MB --set munmap=baseline --until 230ms';
const starved = 'chunk-starve --until 180ms';
const handed = 'chunk-starve --set mmapLock=rwsem-5.11 --until 180ms';
const RUNS = ['tiny', 'chunk-hole', 'vm-dead-race', 'read-twice', stall, starved, handed, mixed];

const nothing = { count: 0, ns: 0 };

describe('a chrome trace', () => {
  it.each(RUNS)('says the same as the statistics of the run: %s', async (line) => {
    const trace = readTrace(await shop.exported(line));
    const run = await shop.measured(line);
    const threads = trace.lanes.filter((lane) => trace.processes.get(lane.pid)?.startsWith('threads'));
    const names = threads.filter((lane) => lane.sort >= 0).map((lane) => lane.name);
    expect(names).toEqual(run.threads.map(({ name, cpu }) => (cpu === null ? name : `${name} (CPU ${cpu})`)));

    const waits = totalsOf(threads, 'wait');
    for (const { id, kind, read, write } of run.locks) {
      const exclusive = kind !== 'rwsem';
      const asked = (mode: string) => waits.get(`wait ${id}${exclusive ? '' : ` (${mode})`}`) ?? nothing;
      expect(asked('W')).toEqual({ count: write.wait.count, ns: write.wait.totalNs });
      if (!exclusive) expect(asked('R')).toEqual({ count: read.wait.count, ns: read.wait.totalNs });
      if (id === 'ptl') continue;
      const lanes = trace.lanes.filter(({ name }) => name === id || name.startsWith(`${id} reader`));
      const holds = [...totalsOf(lanes, 'hold')];
      for (const [mode, { hold }] of [['R', read] as const, ['W', write] as const]) {
        const mine = holds.filter(([name]) => name.startsWith(`${mode} by`)).map(([, total]) => total);
        expect(mine.reduce((sum, { count }) => sum + count, 0)).toBe(hold.count);
        expect(mine.reduce((sum, { ns }) => sum + ns, 0)).toBe(hold.totalNs);
      }
    }

    const faults = threads.flatMap(({ slices }) => slices.filter(({ name }) => name === 'page fault'));
    expect(faults.length).toBe(run.faults.count);
    expect(faults.filter(({ args }) => args['result'] === 'SIGSEGV').length).toBe(run.faults.segv);
    const calls = totalsOf(threads, 'syscall');
    expect([...calls].map(([name, { count }]) => [name, count]).sort()).toEqual(
      Object.entries(run.syscalls)
        .map(([name, { count }]) => [name, count])
        .sort(),
    );

    const marks = trace.lanes.flatMap(({ instants }) => instants.map(({ name }) => name));
    const marked = (start: string): number => marks.filter((name) => name.startsWith(start)).length;
    expect(marked('steal')).toBe(run.counters.steals);
    expect(marked('TLB flush')).toBe(run.counters.tlbFlushes);
    expect(marked('violation')).toBe(run.violationCount);
    expect(marked('deadlock')).toBe(run.deadlock === null ? 0 : 1);
    for (const [i, { name, cpu }] of run.threads.entries()) {
      const lane = threads.filter(({ sort }) => sort >= 0)[i];
      const lasted = (...states: string[]): number =>
        lane?.states
          .filter((row) => states.includes(row.name))
          .reduce((sum, row) => sum + row.end - row.start, 0) ?? -1;
      const { userNs, kernelNs, spinNs, blockedNs, runnableNs } = run.threads[i] as (typeof run.threads)[0];
      expect([name, lasted('Running'), lasted('D'), lasted('R')]).toEqual([
        name,
        userNs + kernelNs + spinNs,
        blockedNs,
        runnableNs,
      ]);
      if (cpu !== null) {
        expect(lane?.states.every((row) => row.name !== 'Running' || row.cpu === cpu)).toBe(true);
      }
    }
  });

  it('of contended runs has arrows, steals, demands, hand-overs and page-table locks', async () => {
    const [stolen, given, both] = (await Promise.all(
      [starved, handed, mixed].map(async (line) => readTrace(await shop.exported(line))),
    )) as [ReadTrace, ReadTrace, ReadTrace];
    const marks = (trace: ReadTrace): Set<string> =>
      new Set(trace.lanes.flatMap(({ instants }) => instants.map(({ name }) => name)));
    expect(marks(stolen)).toContain('steal mmap_lock (W)');
    expect(marks(given)).toContain('demand mmap_lock (W)');
    expect(marks(given)).toContain('hand-over mmap_lock (W)');
    // The head of the queue is woken after each section, in vain.
    expect(stolen.flows.map(({ name, from, to }) => [name, from.lane.name, to.lane.name])).toEqual(
      Array.from({ length: 2 }, () => ['wake', 'unmapper (CPU 0)', 'mapper (CPU 1)']),
    );
    expect(new Set(both.flows.map(({ name }) => name))).toEqual(new Set(['wake', 'release']));
    expect([...both.processes.values()]).toEqual([
      'threads of p',
      'threads of q',
      'locks',
      'page-table locks waited for',
    ]);
    const ptl = both.lanes.filter((lane) => lane.pid === 4 && lane.sort >= 0);
    expect(ptl.length).toBeGreaterThan(0);
    expect(ptl.every((lane) => /^ptl:0x.*\/p$/.test(lane.name) && lane.slices.length > 0)).toBe(true);
  });

  it('names its origin', async () => {
    const { about } = readTrace(await shop.exported('tiny --set seed=5 --set munmap=baseline'));
    expect(about).toMatchObject({ scenario: 'tiny', seed: 5, machine: 'small', model: expect.any(Number) });
    expect(about['set']).toMatchObject({ munmap: 'baseline', grain: 'page', CHECK_DEAD: true });
    expect(about['generator']).toMatch(/^mmscope \d/);
  });
});

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function mmscope(...args: string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, [starter, ...args], { maxBuffer: 2 ** 26 }, (error, out, err) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
    });
  });
}

describe('an ndjson file', () => {
  it('has the lines of events', async () => {
    const { out } = await mmscope('events', 'tiny');
    expect(out.length).toBeGreaterThan(1000);
    expect(await shop.exported('tiny', 'ndjson')).toBe(out);
  });
});

async function refusal(...argv: string[]): Promise<string> {
  const result = (async () => exportCommand(readArguments(['export', ...argv])))();
  return result.then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? `${error.constructor.name}: ${error.message}` : '?'),
  );
}

describe('export', () => {
  it('says what is missing or wrong, and what comes nearest', async () => {
    const out = join(folder, 'never.json');
    const to = ['-o', out];
    expect(await refusal()).toMatch(/UsageError: export: which scenario/);
    expect(await refusal('tiny', ...to)).toMatch(/UsageError: export: which format\?.*chrome or ndjson/);
    expect(await refusal('tiny', ...to, '--format', 'crome')).toMatch(/--format crome: .*nearest: chrome/);
    expect(await refusal('tiny', ...to, '--format', 'toString')).toMatch(/UsageError: --format toString/);
    expect(await refusal('tiny', '--format', 'chrome')).toMatch(/UsageError: export: where to\? \(-o FILE/);
    expect(await refusal('tiny', '--format', 'chrome', '-o', '')).toMatch(/where to/);
    expect(await refusal('tinny', '--format', 'chrome', ...to)).toMatch(/UsageError: .*nearest: tiny/);
    expect(await refusal('tiny', 'tiny', '--format', 'chrome', ...to)).toMatch(/unexpected argument 'tiny'/);
    expect(await refusal('tiny', '--fromat', 'chrome')).toMatch(
      /unknown option '--fromat'; nearest: --format/,
    );
    const big = ['munmap-320g', '--set', 'size=100000GB', '--format', 'chrome', ...to];
    expect(await refusal(...big)).toMatch(/UsageError: munmap-320g: /);
    expect(existsSync(out)).toBe(false);
  });

  it('says why a file cannot be written', async () => {
    const format = ['--format', 'chrome', '-o'];
    expect(await refusal('tiny', ...format, folder)).toBe(`UsageError: ${folder}: is a folder`);
    expect(await refusal('tiny', ...format, join(folder, 'no/such.json'))).toMatch(
      /such\.json: no such folder/,
    );
    const inFile = join(shop.document('plain', ''), 'x.json');
    expect(await refusal('tiny', ...format, inFile)).toMatch(/UsageError: .*x\.json: cannot be written/);
    // A device that is always full: what fails while it is written is told the same way.
    expect(await refusal('chunk-neighbour', ...format, '/dev/full')).toMatch(
      /\/dev\/full: cannot be written/,
    );
  });

  it('replaces a file at the end, follows links, and leaves nothing else behind', async () => {
    const place = join(folder, 'place');
    mkdirSync(place);
    writeFileSync(join(place, 'real.json'), 'old');
    symlinkSync('real.json', join(place, 'link.json'));
    const argv = ['export', 'tiny', '--format', 'ndjson', '-o', join(place, 'link.json')];
    await exportCommand(readArguments(argv));
    expect(readdirSync(place).sort()).toEqual(['link.json', 'real.json']);
    expect(lstatSync(join(place, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(place, 'real.json'), 'utf8')).toMatch(/^\{"id":0,/);
  });

  it('writes to stdout for -, and prints usage errors on one line', async () => {
    const { code, out, err } = await mmscope('export', 'tiny', '--format', 'chrome', '-o', '-');
    expect([code, err]).toEqual([0, '']);
    expect(readTrace(out).about['scenario']).toBe('tiny');
    const wrong = await mmscope('export', 'tiny', '--format', 'perfetto', '-o', '-');
    expect([wrong.code, wrong.out]).toEqual([2, '']);
    expect(wrong.err).toMatch(/^mmscope: --format perfetto: expected chrome or ndjson.*\n$/);
  });

  it('leaves no file and touches none on Ctrl-C', async () => {
    const endless = shop.document(
      'endless.kp',
      'scenario l "l" { extent 100000s; area a = 64MB; thread t on cpu 0 { while (1) { touch(a.start); compute(10ns); } } }',
    );
    const place = join(folder, 'stopped');
    mkdirSync(place);
    writeFileSync(join(place, 'old.json'), 'old');
    for (const name of ['old.json', 'new.json']) {
      const child = spawn(process.execPath, [
        ...[starter, 'export', endless, '--format', 'chrome', '-o', join(place, name)],
      ]);
      const over = new Promise((done) => child.on('exit', done));
      // The text is under way once there is a file for it.
      while (!readdirSync(place).some((file) => file.endsWith('.part'))) {
        await new Promise((done) => setTimeout(done, 20));
      }
      child.kill('SIGINT');
      expect(await over).toBe(130);
    }
    expect(readdirSync(place)).toEqual(['old.json']);
    expect(readFileSync(join(place, 'old.json'), 'utf8')).toBe('old');
  });
});
