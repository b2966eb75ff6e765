import { describe, expect, test } from 'vitest';
import { NO_THREAD, type TraceMeta } from '../../event/index.ts';
import type { StoryHold, WaitStory } from '../../trace/index.ts';
import { holdsDuring, meanwhile, plain, tell, wanted } from './sentences.ts';

const SEM = 0xa0000000;
const MUTEX = 0xa0000001;

const meta: TraceMeta = {
  title: '',
  threads: ['unmapper', 'f0', 'f1', 'f2', 'f3', 'f4'].map((name) => ({ name, cpu: 0, mm: 0, daemon: false })),
  cpuSocket: [0],
  mms: ['app'],
  sites: [0, 1, 2, 3].map((line) => ({ file: 'a.kp', line, col: 1, fn: 'f', parent: 0 })),
  syscalls: [],
  phases: [],
  counters: [],
  invariants: [],
  vars: [],
  locks: [
    { name: 'sem', kind: 'rwsem' },
    { name: 'm', kind: 'mutex' },
  ],
  mmapLockLabel: 'mmap_sem',
  extentNs: 1000,
  simulated: true,
};

const BASE: WaitStory = {
  thread: 1,
  lock: SEM,
  write: false,
  request: 2,
  site: 1,
  sinceNs: 10,
  untilNs: 70,
  end: 'got',
  grantedNs: 61,
  handedOver: true,
  spinNs: 4,
  sleepNs: 49,
  runnableNs: 7,
  otherNs: 0,
  freeNs: 1,
  ahead: [],
  aheadCount: 0,
  steals: [],
  stealCount: 0,
  holds: [],
  holdCount: 1,
  holders: 1,
  heldNs: 50,
  releasedBy: { thread: 0, atNs: 60, site: 2 },
  wokenBy: { thread: 0, atNs: 61, site: 3 },
  wakeCount: 1,
};

function told(change: Partial<WaitStory> = {}): string[] {
  const place = (word: { t: number } | { site: number }): string =>
    't' in word ? `<${word.t}>` : `<line ${word.site}>`;
  return tell({ ...BASE, ...change }, meta).map((sentence) => plain(sentence, meta, place));
}

describe('tell', () => {
  test('goes from the request to the end', () => {
    expect(told()).toEqual([
      'f0 asked to read sem at <line 1>, at <10>, and waited 60 ns: 4 ns spinning, 49 ns asleep, 7 ns runnable.',
      'Nobody was ahead of it.',
      'One hold kept it from sem, for 50 ns. It was free for 1 ns.',
      'unmapper handed sem on at <line 2>, at <60>.',
      'unmapper woke it at <line 3>, at <61>.',
      'The lock was its own from <61>, and it ran with it 9 ns later.',
    ]);
  });

  test('names who stood before it and who passed it, and counts the others', () => {
    const ahead = [2, 3, 4].map((thread) => ({
      thread,
      write: thread === 2,
      sinceNs: 1,
      queued: thread !== 3,
    }));
    const lines = told({
      ahead,
      aheadCount: 9,
      steals: [{ thread: 5, write: true, atNs: 20, site: 1 }],
      stealCount: 1,
      holdCount: 12,
      holders: 3,
    });
    expect(lines[1]).toBe(
      'Ahead of it in the queue: f1 (write), f2 (read, spinning), f3 (read) and 6 others.',
    );
    expect(lines[2]).toBe(
      'sem was held 12 times meanwhile, by 3 threads, 50 ns in all. It was free for 1 ns.',
    );
    expect(lines[3]).toBe('It was passed once while it queued: by f4 at <20>.');
  });

  test('says how it stands with a wait that has no end, or was given up', () => {
    const open = told({
      end: 'waiting',
      grantedNs: null,
      releasedBy: null,
      wokenBy: null,
      holdCount: 0,
      freeNs: 0,
    });
    expect(open[0]).toContain('has waited 60 ns as far as is recorded');
    expect(open.slice(2)).toEqual(['Nobody held sem meanwhile.', 'It does not own the lock yet.']);
    expect(told({ end: 'gave up', grantedNs: null }).at(-1)).toBe('It gave up at <70>.');
  });

  test('knows wake-ups in vain and those by the machine', () => {
    const lines = told({
      wokenBy: { thread: NO_THREAD, atNs: 61, site: 0 },
      wakeCount: 3,
      handedOver: false,
    });
    expect(lines[3]).toBe('unmapper let go of sem at <line 2>, at <60>.');
    expect(lines[4]).toBe('the machine woke it, at <61>, the last of 3 times.');
  });

  test('asks no mode of a lock that has one only', () => {
    expect(wanted(MUTEX, true, meta)).toBe('for m');
    expect(wanted(SEM, true, meta)).toBe('to write sem');
  });
});

const HOLD: StoryHold = {
  thread: 0,
  write: true,
  sinceNs: 0,
  untilNs: 100,
  released: true,
  site: 1,
  ranNs: 30,
  spunNs: 0,
  blockedNs: 60,
  runnableNs: 10,
  idleNs: 0,
  blockedOn: MUTEX,
};

test('what a holder did comes in the order of its length', () => {
  expect(meanwhile(HOLD, meta)).toBe('slept for m 60 ns, ran 30 ns, wanted a CPU 10 ns');
  expect(meanwhile({ ...HOLD, ranNs: 0, runnableNs: 0 }, meta)).toBe('slept for m all the time');
});

test('holds that only touch the wait are left out, unless it has only begun', () => {
  const touching = { ...HOLD, ranNs: 0, blockedNs: 0, runnableNs: 0 };
  const now = { ...touching, released: false };
  expect(holdsDuring({ ...BASE, holds: [HOLD, touching, now] })).toEqual([HOLD]);
  const begun = { sinceNs: 70, end: 'waiting', holds: [touching, now] } as const;
  expect(holdsDuring({ ...BASE, ...begun })).toEqual([now]);
  expect(told({ ...begun, grantedNs: null })[2]).toBe('The wait has only begun.');
});
