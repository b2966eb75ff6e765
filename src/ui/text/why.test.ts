import { describe, expect, test } from 'vitest';
import { Class, type LockMoment, type Moment, objectId, State, type TraceMeta } from '../../event/index.ts';
import { groupLabel, queueGroups } from './queue.ts';
import { partiesBrief, threadSentence, whyWaiting } from './why.ts';

const LOCK = objectId(Class.MMAP_LOCK, 0);
const names = ['unmapper', 'mapper', 'faulter 1', 'faulter 2'];

const meta: TraceMeta = {
  title: '',
  threads: names.map((name, cpu) => ({ name, cpu, mm: 0, daemon: false })),
  cpuSocket: [],
  mms: ['process'],
  sites: [],
  syscalls: [],
  phases: [],
  counters: [],
  invariants: [],
  vars: [],
  locks: [],
  mmapLockLabel: 'mmap_sem',
  extentNs: 1e9,
  simulated: true,
};

function waiting(thread: number, mode: 'read' | 'write', sinceNs: number): NonNullable<Moment['threads']>[0] {
  const state = mode === 'read' ? State.WAIT_READ : State.WAIT_WRITE;
  return { thread, state, sinceNs, cpu: thread, site: 0, waitsFor: { lock: LOCK, mode, sinceNs } };
}

const moment: Moment = {
  t: 1_000_000,
  event: 10,
  threads: [
    {
      thread: 0,
      state: State.KERNEL,
      sinceNs: 0,
      cpu: 0,
      site: 0,
      stack: [{ fn: 'unmap_vmas', file: 'mm/unmap.kp', line: 16, col: 1 }],
    },
    waiting(1, 'write', 100_000),
    waiting(2, 'read', 588_000),
    waiting(3, 'read', 600_000),
  ],
  locks: [
    {
      lock: LOCK,
      mode: 'read',
      owners: [0],
      queue: [
        { thread: 1, mode: 'write', spinning: false },
        { thread: 2, mode: 'read', spinning: false },
        { thread: 3, mode: 'read', spinning: false },
      ],
    },
  ],
};

/** unmapper writes; mapper spins, the faulters sleep. */
const spun: Moment = {
  ...moment,
  threads: (moment.threads ?? []).map((t) => (t.thread === 1 ? { ...t, state: State.SPIN } : t)),
  locks: [
    {
      lock: LOCK,
      mode: 'write',
      owners: [0],
      queue: [
        { thread: 1, mode: 'write', spinning: true },
        { thread: 2, mode: 'read', spinning: false },
        { thread: 3, mode: 'read', spinning: false },
      ],
    },
  ],
};

describe('why a thread waits', () => {
  test('a reader behind a queued writer', () => {
    const why = whyWaiting(moment, 2, meta);
    expect(why).toMatchObject({ lock: 'mmap_sem', mode: 'read', waitedNs: 412_000, place: 2, queued: 3 });
    expect(why?.holders).toEqual([
      {
        thread: 0,
        name: 'unmapper',
        mode: 'read',
        at: 'unmap_vmas, line 16',
        doing: 'running on CPU 0',
        runs: true,
      },
    ]);
    expect(why?.ahead.map(({ name }) => name)).toEqual(['mapper']);
    expect(why?.explanation).toBe(
      'A queued writer blocks new readers: faulter 1 could share the lock, but mapper stands before it.',
    );
  });

  test('a writer behind a reader', () => {
    expect(whyWaiting(moment, 1, meta)?.explanation).toContain('needs the lock alone');
  });

  test('a sleeper that spinners may pass, and that was passed', () => {
    const why = whyWaiting(spun, 2, meta, { passed: 2, demander: null });
    expect(why).toMatchObject({ how: 'sleeps', place: 1, queued: 2, passed: 2, demander: null, ahead: [] });
    expect(why?.spinners.map(({ name }) => name)).toEqual(['mapper']);
    expect(why?.explanation).toBe(
      'A writer excludes everybody: faulter 1 waits until unmapper releases the lock or downgrades it. ' +
        'The lock was taken past it twice: who runs is faster than who has to wake up.',
    );
  });

  test('a spinner stands among spinners', () => {
    const why = whyWaiting(spun, 1, meta);
    expect(why).toMatchObject({ how: 'spins', place: 1, queued: 1, ahead: [], spinners: [], passed: 0 });
    expect(why?.explanation).toContain('polls the lock instead of sleeping');
    expect(threadSentence(spun, 1, meta)).toBe('mapper spins to write mmap_sem held by unmapper, for 900 µs');
  });

  test('one that has demanded the lock, and those behind it', () => {
    expect(whyWaiting(spun, 2, meta, { passed: 2, demander: 2 })?.explanation).toContain(
      'It has demanded the lock: nobody may pass it.',
    );
    const other = whyWaiting(spun, 3, meta, { passed: 2, demander: 2 });
    expect(other?.demander?.name).toBe('faulter 1');
    expect(other?.explanation).toContain('faulter 1 has demanded the lock');
  });

  test('an owner that was handed the lock and does not run yet', () => {
    const threads = (spun.threads ?? []).map((t) => (t.thread === 0 ? { ...t, state: State.RUNNABLE } : t));
    const why = whyWaiting({ ...spun, threads }, 2, meta);
    expect(why?.holders[0]?.runs).toBe(false);
    expect(why?.explanation).toContain('unmapper holds the lock without running');
    expect(whyWaiting(spun, 2, meta)?.explanation).not.toContain('without running');
  });

  test('a lock with one mode is waited for, not written', () => {
    const m = objectId(Class.LOCK, 0);
    const wait = { lock: m, mode: 'write', sinceNs: 0 } as const;
    const threads = [{ thread: 1, state: State.SPIN, sinceNs: 0, cpu: 1, site: 0, waitsFor: wait }];
    const queue = [{ thread: 1, mode: 'write', spinning: true }] as const;
    const locks = [{ lock: m, mode: 'write', owners: [0], queue }] as const;
    const bare: Moment = { t: 1_000, event: 1, threads, locks };
    const said = (kind: 'mutex' | 'spinlock'): string | undefined =>
      whyWaiting(bare, 1, { ...meta, locks: [{ name: 'm', kind }] })?.explanation;
    expect(said('spinlock')).toBe(
      'mapper waits until unmapper releases the lock. Who waits for a spinlock never sleeps.',
    );
    expect(said('mutex')).toContain('polls the lock');
    expect(whyWaiting(bare, 1, { ...meta, locks: [{ name: 'm', kind: 'mutex' }] })?.wants).toBe('for m');
  });

  test('one that waits for a spinlock whose next in line has lost its CPU', () => {
    const s = objectId(Class.LOCK, 0);
    const wait = { lock: s, mode: 'write', sinceNs: 0 } as const;
    const line = [1, 2].map((thread) => ({ thread, mode: 'write' as const, spinning: true }));
    const waits = (thread: number, state: number) => {
      return { thread, state, sinceNs: 0, cpu: thread, site: 0, waitsFor: wait };
    };
    const threads = [waits(1, State.RUNNABLE), waits(2, State.SPIN)];
    const bare: Moment = {
      t: 9,
      event: 1,
      threads,
      locks: [{ lock: s, mode: 'free', owners: [], queue: line }],
    };
    const spinlock: TraceMeta = { ...meta, locks: [{ name: 's', kind: 'spinlock' }] };
    const first = whyWaiting(bare, 1, spinlock);
    expect(first).toMatchObject({ how: 'has lost its CPU', line: 'line', place: 1, queued: 2 });
    expect(first?.explanation).toBe('The lock is free, and mapper is next.');
    expect(whyWaiting(bare, 2, spinlock)?.explanation).toContain('mapper is next but has lost its CPU.');
    const all = { ...bare, threads: [waits(1, State.SPIN), waits(2, State.SPIN)] };
    expect(whyWaiting(all, 2, spinlock)?.explanation).toContain('mapper is next.');
  });

  test('a reader of mm_rb_lock spins, and is kept away by a writer', () => {
    const lock = objectId(Class.MM_LOCK, 0);
    const waitsFor = { lock, mode: 'read' as const, sinceNs: 0 };
    const why = whyWaiting(
      {
        ...moment,
        threads: [
          { thread: 0, state: State.KERNEL, sinceNs: 0, cpu: 0, site: 0 },
          { thread: 1, state: State.SPIN, sinceNs: 0, cpu: 1, site: 0, waitsFor },
        ],
        locks: [{ lock, mode: 'write', owners: [0], queue: [{ thread: 1, mode: 'read', spinning: true }] }],
      },
      1,
      meta,
    );
    expect(why).toMatchObject({ wants: 'to read mm_rb_lock', modes: true, how: 'spins', line: 'line' });
    expect(why?.explanation).toBe(
      'A writer excludes everybody: mapper waits until unmapper releases the lock. Who waits for a spinlock never sleeps.',
    );
  });

  test('nothing to say about a thread that runs', () => expect(whyWaiting(moment, 0, meta)).toBeNull());

  test('a moment without locks still says what is waited for', () => {
    const bare: Moment = { t: moment.t, event: 10, threads: moment.threads ?? [] };
    expect(whyWaiting(bare, 2, meta)).toMatchObject({ holders: [], place: 0, explanation: '' });
  });
});

test('one sentence for those who do not see the lanes', () => {
  expect(threadSentence(moment, 2, meta)).toBe(
    'faulter 1 waits to read mmap_sem held by unmapper, for 412 µs',
  );
  expect(threadSentence(moment, 0, meta)).toBe('unmapper is running on CPU 0 in unmap_vmas, line 16');
  expect(threadSentence({ t: 0, event: 0 }, 0, meta)).toBe('unmapper: not recorded');
});

test('those who wait alike stand together', () => {
  const lock = moment.locks?.[0];
  expect(lock === undefined ? [] : queueGroups(lock, meta)).toEqual([
    { mode: 'write', spinning: false, first: 1, last: 1, names: ['mapper'] },
    { mode: 'read', spinning: false, first: 2, last: 3, names: ['faulter 1', 'faulter 2'] },
  ]);
});

test('spinners and sleepers are counted apart', () => {
  const groups = queueGroups(spun.locks?.[0] as LockMoment, meta);
  expect(groups.map((group) => groupLabel(group, true))).toEqual(['spins to write', '1.–2. to read']);
  expect(groups.map((group) => groupLabel(group, false))).toEqual(['spinning', '1.–2. asleep']);
});

test('who stands before a thread is told with the mode of each', () => {
  const writer = { name: 'mapper', mode: 'write' } as const;
  const readers = [1, 2, 3].map((i) => ({ name: `faulter ${i}`, mode: 'read' }) as const);
  expect(partiesBrief([], true)).toBe('');
  expect(partiesBrief([writer], true)).toBe('mapper (write)');
  expect(partiesBrief(readers, true)).toBe('faulter 1 (read) + 2 readers');
  expect(partiesBrief([writer, ...readers], true)).toBe('mapper (write) + 3 readers');
  expect(partiesBrief([...readers, writer], true)).toBe('faulter 1 (read) + 1 writer + 2 readers');
  expect(partiesBrief([writer, writer, ...readers.slice(2)], true)).toBe(
    'mapper (write) + 1 writer + 1 reader',
  );
  expect(partiesBrief([writer, writer], false)).toBe('mapper +1');
});
