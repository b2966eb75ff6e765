import { describe, expect, test } from 'vitest';
import { Class, type Moment, objectId, State, type TraceMeta } from '../../event/index.ts';
import { queueGroups, threadSentence, whyWaiting } from './why.ts';

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

describe('why a thread waits', () => {
  test('a reader behind a queued writer', () => {
    const why = whyWaiting(moment, 2, meta);
    expect(why).toMatchObject({ lock: 'mmap_sem', mode: 'read', waitedNs: 412_000, place: 2, queued: 3 });
    expect(why?.holders).toEqual([
      { thread: 0, name: 'unmapper', mode: 'read', at: 'unmap_vmas, line 16', doing: 'running on CPU 0' },
    ]);
    expect(why?.ahead.map(({ name }) => name)).toEqual(['mapper']);
    expect(why?.explanation).toBe(
      'A queued writer blocks new readers: faulter 1 could share the lock, but mapper stands before it.',
    );
  });

  test('a writer behind a reader', () => {
    expect(whyWaiting(moment, 1, meta)?.explanation).toContain('needs the lock alone');
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
