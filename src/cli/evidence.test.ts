import { execFile, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  distinctRuns,
  type EvidenceRecord,
  type Measured,
  type Run,
  records,
  runName,
  simulatedFigure,
} from '../evidence/index.ts';
import { evidenceTable } from './evidence-table.ts';
import { measure } from './evidence-worker.ts';

const starter = join(dirname(fileURLToPath(import.meta.url)), '../../tools/mmscope.mjs');

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function evidence(...args: string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, [starter, 'evidence', ...args], (error, out, err) => {
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
    });
  });
}

/** The same run over little memory, or for a short time. */
function small(run: Run): Run {
  const sizes: Record<string, Record<string, string>> = {
    'munmap-320g': { size: '1GB' },
    'ps-hangs': { size: '64GB' },
    'khugepaged-hangs': { size: '160GB' },
    'disk-reader': { length: '50ms' },
  };
  if (run.kind === 'prediction') return { ...run, set: { ...run.set, length: '3ms' } };
  return run.kind === 'run' ? { ...run, set: { ...run.set, ...sizes[run.scenario] } } : run;
}

describe('evidence --json', () => {
  it('is an array of figures with their error, those of the id and below it', async () => {
    const { code, out, err } = await evidence('rwsem', '--json');
    expect([code, err]).toEqual([0, '']);
    const all: Record<string, unknown>[] = JSON.parse(out);
    expect(all.map((e) => e['id'])).toEqual(['rwsem.fork-test.fifo', 'rwsem.writers.convoy']);
    for (const e of all) {
      expect(Object.keys(e).slice(0, 7)).toEqual(
        'id source machine metric published simulated errorPct'.split(' '),
      );
      const [published, simulated] = [Number(e['published']), Number(e['simulated'])];
      expect(Number(e['errorPct'])).toBeCloseTo((100 * (simulated - published)) / published, 9);
      expect(Math.abs(Number(e['errorPct']))).toBeLessThan(25);
      expect(e['source']).toMatch(/; facts locks \w+ \[[VEDM]\]$/);
    }
    const one = JSON.parse((await evidence('rwsem.writers.convoy', '--jobs', '1', '--json')).out);
    expect(one).toEqual([all[1]]);
  });
});

describe('evidence', () => {
  it('prints a table', async () => {
    const { code, out } = await evidence('spinlock.spread.ticket');
    expect(code).toBe(0);
    const [head, line, ...more] = out.trimEnd().split('\n');
    expect(head?.trim().split(/ {2,}/)).toEqual(['id', 'metric', 'published', 'simulated', 'error']);
    expect(line).toMatch(/^ {2}spinlock\.spread\.ticket {2}.*, ratio +about 1 +1\.0\d* +\+\d\.\d %$/);
    expect(more).toEqual([]);
  });

  it('refuses bad input in one line', async () => {
    const cases: [string[], RegExp][] = [
      [['rwsm'], /no figure 'rwsm'; nearest: rwsem\n/],
      [['rwsem.writers.convoi'], /nearest: rwsem\.writers\.convoy\n/],
      [['stress-mmap.befor'], /no figure 'stress-mmap\.befor'; nearest: stress-mmap\.before\n/],
      [['rwsem', 'more'], /unexpected argument 'more'/],
      [['rwsem', '--set', 'seed=2'], /its own settings/],
      [['rwsem', '--jobs', '0'], /--jobs 0: expected a whole number/],
    ];
    for (const [args, pattern] of cases) {
      const { code, out, err } = await evidence(...args);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(err).toMatch(pattern);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('ends with 130 on Ctrl-C and prints nothing', async () => {
    const args = [starter, 'evidence', '--jobs', '1', '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (d) => {
        text += String(d);
      });
    }
    setTimeout(() => child.kill('SIGINT'), 2_500);
    const code = await new Promise((done) => child.on('exit', done));
    expect([code, text]).toEqual([130, '']);
  });
});

describe('parts of it', () => {
  it('finds in a run what every record reads from it', async () => {
    const measured = new Map<string, Measured>();
    // With every CPU of a server these would take minutes.
    const short = records.filter((r) => !r.workload.startsWith('page-fault1'));
    for (const run of distinctRuns(short)) measured.set(runName(run), await measure(small(run)));
    for (const r of short) {
      expect([r.id, Number.isFinite(simulatedFigure(r, measured))]).toEqual([r.id, true]);
    }
  });

  it('says of a bound whether it holds, and marks what is calibrated', () => {
    const record = records.find((r) => r.id === 'hung-task.ps') as EvidenceRecord;
    const lines = (simulated: number | null, holds: boolean | null): string[] =>
      evidenceTable([{ record, json: { simulated, errorPct: null, holds } }]).split('\n');
    expect(lines(176.06, true)[1]).toMatch(/ above 120 +176\.1 +holds +calibrated$/);
    expect(lines(100, false)[1]).toMatch(/ above 120 +100 +does not hold +calibrated$/);
    expect(lines(null, null)[1]).toMatch(/ above 120 +- +- +calibrated$/);
    expect(lines(1, false)[2]).toMatch(/^ {2}calibrated: /);
  });
});
