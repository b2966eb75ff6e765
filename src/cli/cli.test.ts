import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
    execFile(process.execPath, [starter, ...args], { maxBuffer: 2 ** 28 }, (error, out, err) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'mmscope-'));

function document(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** One line on stderr, nothing on stdout, exit code 2. */
function refused(r: Outcome, pattern: RegExp): void {
  expect([r.code, r.out]).toEqual([2, '']);
  expect(r.err).toMatch(pattern);
  expect(r.err.trimEnd().split('\n')).toHaveLength(1);
}

describe('command line', () => {
  it('lists what there is', async () => {
    const { code, out } = await mmscope('list', '--json');
    expect(code).toBe(0);
    const all = JSON.parse(out);
    expect(all.scenarios.map((s: { id: string }) => s.id)).toContain('munmap-320g');
    expect(all.strategies.munmap.map((s: { id: string }) => s.id)).toEqual([
      'baseline',
      'chunked',
      'vm-dead',
      'downgrade',
    ]);
    for (const kind of ['munmap', 'fault', 'mmapLock', 'mutex', 'spinlock', 'alloc']) {
      expect([kind, all.strategies[kind].length > 0]).toEqual([kind, true]);
      for (const r of all.strategies[kind])
        expect(Object.keys(r)).toEqual(expect.arrayContaining(['id', 'title', 'source', 'outcome']));
    }
    const ids = all.machines.map((m: { id: string }) => m.id);
    expect(ids).toEqual(expect.arrayContaining(['haswell-ep-24c', 'ivybridge-ep-20c', 'ivybridge-ex-60c']));
    const rome = all.machines.find((m: { id: string }) => m.id === 'rome-128c');
    expect(rome).toMatchObject({
      sockets: 2,
      coresPerSocket: 64,
      line: { ccx: { cores: 4, away: { value: 267 } } },
    });
    for (const m of all.machines)
      expect(m.line.socket).toEqual(expect.objectContaining({ source: expect.any(String) }));
  });

  it('prints one object with every part that the format names', async () => {
    const { code, out } = await mmscope('run', 'tiny', '--json');
    expect(code).toBe(0);
    const r = JSON.parse(out);
    expect(Object.keys(r)).toEqual(
      expect.arrayContaining(
        'format model build scenario machine set seed expect outcome simulatedNs events wallMs eventsPerSec hash threads locks mm syscalls phases faults counters violations deadlock'.split(
          ' ',
        ),
      ),
    );
    for (const t of r.threads) {
      const sum = t.userNs + t.kernelNs + t.spinNs + t.blockedNs + t.runnableNs + t.idleNs;
      expect(sum).toBe(r.simulatedNs);
    }
  });

  it('stops at --until', async () => {
    const r = JSON.parse((await mmscope('run', 'munmap-320g', '--until', '300ms', '--json')).out);
    expect(r.simulatedNs).toBeLessThanOrEqual(300e6);
    expect(r.outcome).toBe('limit');
  });

  it('streams the log, in order and whole', async () => {
    const run = JSON.parse((await mmscope('run', 'tiny', '--json')).out);
    const { code, out } = await mmscope('events', 'tiny');
    const records = out
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l));
    expect([code, records.length]).toEqual([0, run.events]);
    expect(records.map((r) => r.id)).toEqual(records.map((_, i) => i));
    expect(records.every((r, i) => i === 0 || r.t >= records[i - 1].t)).toBe(true);
  });

  it('runs documents, picks a scenario by name, and checks what it expects', async () => {
    const text = `
scenario one "passes" { extent 1ms; thread a on cpu 0 { compute(1us); } }
scenario two "says it fails" expect deadlock { extent 1ms; thread a on cpu 0 { compute(1us); } }`;
    const file = document('two.kp', text);
    expect(JSON.parse((await mmscope('run', file, '--json')).out).scenario).toBe('one');
    expect((await mmscope('run', `${file}#one`, '--check')).code).toBe(0);
    expect((await mmscope('run', `${file}#two`, '--check')).code).toBe(1);
    expect((await mmscope('run', `${file}#two`)).code).toBe(0);
  });

  it('says where bad input is and what comes nearest', async () => {
    refused(await mmscope('rum', 'tiny'), /unknown command 'rum'; nearest: run/);
    refused(await mmscope('run'), /which scenario/);
    refused(await mmscope('run', 'tinny'), /no scenario 'tinny'.*nearest: tiny/);
    refused(await mmscope('run', 'tiny', '--chek'), /unknown option '--chek'; nearest: --check/);
    refused(
      await mmscope('run', 'tiny', '--set', 'munmap=downgrad'),
      /no munmap 'downgrad'.*nearest: downgrade/,
    );
    refused(await mmscope('run', 'tiny', '--set', 'munmapp=downgrade'), /munmapp/);
    refused(await mmscope('run', 'tiny', '--set', 'CHECK_DED=true'), /CHECK_DED.*nearest: CHECK_DEAD/);
    refused(await mmscope('run', 'munmap-320g', '--set', 'think=soon'), /'soon' is no value for think/);
    refused(await mmscope('run', 'tiny', '--set', 'machine=big'), /no machine 'big'/);
    refused(await mmscope('run', 'tiny', '--set', 'grain=fine'), /grain is 'page' or 'table'/);
    refused(await mmscope('run', 'tiny', '--set', 'seed=-1'), /seed is a whole number/);
    refused(await mmscope('run', 'tiny', '--until', 'noon'), /--until noon/);
    refused(await mmscope('run', join(folder, 'none.kp')), /none\.kp: no such file/);
    const broken = document(
      'broken.kp',
      'scenario x "x" {\n  extent 1ms;\n  thread a on cpu 0 { cmpute(1us); }\n}\n',
    );
    refused(await mmscope('run', broken), /broken\.kp:3:\d+: .*cmpute.*nearest: compute/);
    refused(await mmscope('run', document('none.kp', 'knob A = true;')), /no scenario/);
  });

  it('refuses absurd sizes by name', async () => {
    refused(
      await mmscope('run', 'munmap-320g', '--set', 'size=100000GB'),
      /larger than the .* TiB|do not fit/,
    );
    refused(await mmscope('run', 'munmap-320g', '--set', 'machine=small'), /CPU|GB|fit/);
  });

  it('ends a path that never ends', async () => {
    const file = document(
      'forever.kp',
      'shared int x = 0;\nscenario f "f" { extent 1ms;\n thread a on cpu 0 { while (1) x = 1; } }',
    );
    const r = JSON.parse((await mmscope('run', file, '--json')).out);
    expect(r.outcome).toBe('stuck');
    expect(r.reason.line).toMatch(/forever\.kp:3/);
  });

  it('ends with 130 on Ctrl-C', async () => {
    const file = document(
      'long.kp',
      'scenario l "l" { extent 100000s; thread a on cpu 0 { while (1) compute(10ns); } }',
    );
    const child = spawn(process.execPath, [starter, 'run', file, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (d) => {
      out += String(d);
    });
    setTimeout(() => child.kill('SIGINT'), 1_500);
    const code = await new Promise((done) => child.on('exit', done));
    expect([code, out]).toEqual([130, '']);
  });

  it('tells its version and its help', async () => {
    expect((await mmscope('--version')).out).toMatch(
      /^mmscope \d+\.\d+\.\d+ \(model \d+, format \d+, build \w+\)\n$/,
    );
    expect((await mmscope('--help')).out).toContain('exit codes');
  });
});
