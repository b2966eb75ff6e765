import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resolve } from '../scenario/index.ts';
import { measure } from './run.ts';
import { progressText } from './sweep-progress.ts';
import { spread } from './sweep-table.ts';

const starter = join(dirname(fileURLToPath(import.meta.url)), '../../tools/mmscope.mjs');
const folder = mkdtempSync(join(tmpdir(), 'mmscope-sweep-'));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function sweep(...args: string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, [starter, 'sweep', ...args], { maxBuffer: 2 ** 26 }, (error, out, err) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
    });
  });
}

const DICE = `
scenario dice "rounds of random length" expect pass {
    set machine = small;
    extent 1s;
    number rounds = 10;
    number threads = 2;
    area a = 8 * PAGE_SIZE;
    thread roller[threads] on cpu index {
        int n = 0;
        while (n < rounds) {
            compute(0);             @ exp(10us)
            touch(a.start);
            n = n + 1;
        }
    }
}
scenario wrong "says it fails" expect deadlock { extent 1ms; thread t on cpu 0 { compute(1us); } }
scenario forever "never ends" { extent 100000s; thread t on cpu 0 { while (1) compute(10ns); } }
`;
const dice = join(folder, 'dice.kp');
writeFileSync(dice, DICE);

/** What `run --json` prints of a point, without what depends on the machine it ran on. */
async function alone(set: Record<string, string>): Promise<Record<string, unknown>> {
  const resolved = resolve({ scenario: '', text: DICE, file: 'dice.kp', set });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.diagnostics));
  return timeless(JSON.parse(JSON.stringify(await measure(resolved.value, undefined))));
}

function timeless(result: Record<string, unknown>): Record<string, unknown> {
  const { wallMs: _, eventsPerSec: __, ...rest } = result;
  return rest;
}

describe('sweep --json', () => {
  it('is what run prints of each point, in the order of the command line, on one worker and on two', async () => {
    const expected: Record<string, unknown>[] = [];
    // The long runs come first: on two workers later points end before them.
    for (const rounds of ['2000', '3']) {
      for (const seed of ['5', '1', '2']) {
        expected.push({ rounds: Number(rounds), ...(await alone({ rounds, seed })) });
      }
    }
    expect(new Set(expected.map((e) => e['hash'])).size).toBe(6);
    for (const jobs of ['1', '2']) {
      const swept = ['--set', 'rounds=2000,3', '--set', 'seed=5,1..2'];
      const { code, out, err } = await sweep(dice, ...swept, '--jobs', jobs, '--json');
      expect([code, err]).toEqual([0, '']);
      const elements: Record<string, unknown>[] = JSON.parse(out);
      expect(elements.map(timeless)).toEqual(expected);
      for (const e of elements) expect(Object.keys(e).slice(0, 2)).toEqual(['rounds', 'seed']);
    }
  });

  it('puts the swept values first, as numbers and switches where they are', async () => {
    const { out } = await sweep(
      'vm-dead-race',
      ...['--set', 'munmap=vm-dead,baseline', '--set', 'CARRY_POINTERS=true,0', '--json'],
    );
    const heads = JSON.parse(out).map((e: object) => Object.entries(e).slice(0, 3));
    expect(heads).toEqual(
      // The second strategy has no such knob: it is set without effect.
      [
        ['vm-dead', true],
        ['vm-dead', false],
        ['baseline', true],
        ['baseline', false],
      ].map(([munmap, knob]) => [
        ['munmap', munmap],
        ['CARRY_POINTERS', knob],
        ['format', 1],
      ]),
    );
    const sizes = JSON.parse((await sweep('munmap-320g', '--set', 'size=4MB,1GB', '--json')).out);
    expect(sizes.map((e: { size: unknown }) => e.size)).toEqual([4 * 2 ** 20, 2 ** 30]);
  });

  it('is an array of one when nothing is swept, and takes --until', async () => {
    const all = JSON.parse((await sweep(dice, '--set', 'seed=3', '--until', '20us', '--json')).out);
    expect(all.map((e: Record<string, unknown>) => [e['seed'], e['outcome']])).toEqual([[3, 'limit']]);
  });

  it('leaves a field of run its meaning when a number of the scenario has the same name', async () => {
    const { out, err } = await sweep(dice, '--set', 'threads=1,3', '--json');
    const all: { threads: unknown[]; set: { threads: number } }[] = JSON.parse(out);
    expect(all.map((e) => [e.threads.length, e.set.threads])).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(err).toMatch(/^mmscope: sweep: 'threads' is a field.*set\.threads only\n$/);
  });
});

describe('sweep page-fault1', () => {
  /** A machine of one socket, four of its tasks and little of the memory: half a second. */
  const few = ['--set', 'machine=skylake-desktop', '--set', 'tasks=4', '--set', 'size=16MB'];

  it('measures the steady round of each point, and the change from batch 31', async () => {
    const args = ['page-fault1', ...few, '--set', 'batch=63,31', '--set', 'seed=1,2', '--json'];
    const { code, out, err } = await sweep(...args);
    expect([code, err]).toEqual([0, '']);
    const all: Record<string, unknown>[] = JSON.parse(out);
    expect(all.map((e) => [e['batch'], e['seed'], e['machine'], e['scenario']])).toEqual(
      [63, 31].flatMap((batch) => [1, 2].map((seed) => [batch, seed, 'skylake-desktop', 'page-fault1'])),
    );
    for (const [i, e] of all.entries()) {
      const [score, zone, lru] = [e['score'], e['zoneSharePct'], e['lruSharePct']].map(Number);
      // The same seed at batch 31 is two elements further on.
      const base = Number(all[i % 2 === 0 ? 2 : 3]?.['score']);
      expect(e['changePct']).toBeCloseTo(100 * ((score ?? 0) / base - 1), 9);
      expect(e['totalSharePct']).toBeCloseTo((zone ?? 0) + (lru ?? 0), 9);
      expect(Object.keys(e['allocLatency'] as object)).toEqual(['p50Ns', 'p99Ns', 'maxNs']);
      expect(e).toMatchObject({ format: 1, set: { tasks: 4, size: 2 ** 24, alloc: 'zone' } });
      expect(e).toHaveProperty('warmupNs');
      expect(e).not.toHaveProperty('hash');
    }
  });

  it('prints score, change, shares and latencies; runs as far as it is told as a whole', async () => {
    const { out } = await sweep('page-fault1', ...few, '--set', 'batch=31,63');
    const [, head = '', first = '', second = ''] = out.split('\n');
    expect(head.trim().split(/ {2,}/)).toEqual([
      'batch',
      'rounds',
      'score',
      'change',
      'zone',
      'lru',
      'total',
      'p99 alloc',
      'worst alloc',
    ]);
    expect(first).toMatch(/^ {2}31 +(not )?steady +\d+ {2}\+0\.00 % .* us$/);
    expect(second).toMatch(/^ {2}63 .* [+-]\d+\.\d\d % /);
    const until = (await sweep('page-fault1', ...few, '--until', '1ms', '--json')).out;
    expect(JSON.parse(until)[0]).toMatchObject({ outcome: 'limit', set: { batch: 31 } });
  });

  it('refuses what cannot be built', async () => {
    const { code, err } = await sweep('page-fault1', ...few, '--set', 'batch=31,0', '--json');
    expect([code, err.trimEnd().split('\n').length]).toEqual([2, 1]);
  });
});

describe('sweep', () => {
  it('prints a table, with the spread when the seed alone is swept', async () => {
    const { out } = await sweep(dice, '--set', 'rounds=5', '--set', 'seed=1..3');
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(rows[1]?.slice(0, 3)).toEqual(['seed', 'outcome', 'simulated']);
    expect(rows.slice(2).map((r) => r[0])).toEqual(['1', '2', '3', 'min', 'median', 'max']);
    const micros = async (seed: string): Promise<number> =>
      Number((await alone({ rounds: '5', seed }))['simulatedNs']);
    const sorted = [await micros('1'), await micros('2'), await micros('3')].sort((a, b) => a - b);
    const shown = rows.slice(5).map((r) => r[1]);
    expect(shown).toEqual(sorted.map((ns) => `${(ns / 1000).toPrecision(4)} us`));
    const two = (await sweep(dice, '--set', 'rounds=1,5ns', '--set', 'seed=1..2')).out;
    expect(two).toMatch(/\n {2}5ns +2 +pass /);
    expect(two).not.toContain('median');
  });

  it('exits with 1 on --check when a point did not come out as expected', async () => {
    const wrong = await sweep(`${dice}#wrong`, '--set', 'seed=1,2', '--check');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('pass (expected deadlock)');
    expect((await sweep(dice, '--set', 'seed=1,2', '--check')).code).toBe(0);
    expect((await sweep(`${dice}#wrong`, '--set', 'seed=1,2')).code).toBe(0);
  });

  it('refuses bad input in one line before anything runs', async () => {
    const cases: [string[], RegExp][] = [
      [[], /which scenario/],
      [['tiny', 'more'], /unexpected argument 'more'/],
      [['tinny', '--set', 'seed=1..3'], /no scenario 'tinny'.*nearest: tiny/],
      // The first point would take for ever.
      [
        [`${dice}#forever`, '--set', 'munmap=baseline,downgrad'],
        /'downgrad'; nearest: downgrade \(at mu.*ad\)/,
      ],
      [['tiny', '--set', 'CHECK_DED=true,false'], /CHECK_DED.*nearest: CHECK_DEAD/],
      [['tiny', '--set', 'seed=0..1,-1'], /seed is a whole number.*\(at seed=-1\)/],
      [['tiny', '--set', 'munmap=baseline,,downgrade'], /munmap=baseline,,downgrade: .*empty/],
      [['tiny', '--set', 'seed=3..1'], /range 3\.\.1 is empty/],
      [['tiny', '--set', 'seed=1..10001'], /more than 10000 points/],
      [['tiny', '--set', 'seed=1,2', '--jobs', '0'], /--jobs 0: expected a whole number/],
      [['munmap-320g', '--set', 'size=4MB,100000GB', '--json'], /size=100000GB: .*larger than/],
    ];
    for (const [args, pattern] of cases) {
      const { code, out, err } = await sweep(...args);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(err).toMatch(pattern);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('ends with 130 on Ctrl-C and prints nothing', async () => {
    const args = [starter, 'sweep', `${dice}#forever`, '--set', 'seed=1..4', '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (d) => {
      text += String(d);
    });
    child.stderr.on('data', (d) => {
      text += String(d);
    });
    setTimeout(() => child.kill('SIGINT'), 2_500);
    const code = await new Promise((done) => child.on('exit', done));
    expect([code, text]).toEqual([130, '']);
  });
});

describe('parts of it', () => {
  it('spreads the values that there are', () => {
    expect(spread([3, null, 1, 10])).toEqual({ min: 1, median: 3, max: 10 });
    expect(spread([4, 1, 2, 30])).toEqual({ min: 1, median: 3, max: 30 });
    expect(spread([null])).toBe(null);
  });

  it('tells how far it is', () => {
    expect(progressText(3, 12, ['munmap=a seed=4', 'munmap=a seed=5'])).toBe(
      '3 of 12, running munmap=a seed=4, munmap=a seed=5',
    );
    expect(progressText(0, 1, [''])).toBe('0 of 1');
  });
});
