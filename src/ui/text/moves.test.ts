import { describe, expect, test } from 'vitest';
import { Class, objectId, type TraceMeta } from '../../event/index.ts';
import { deadEndText, moveText, searchText } from './moves.ts';

const meta = {
  threads: [{ name: 'unmapper' }, { name: 'faulter 0' }],
  mms: ['app'],
  invariants: [{ name: 'page_account' }],
  mmapLockLabel: 'mmap_sem',
} as unknown as TraceMeta;
const lock = objectId(Class.MMAP_LOCK, 0);

describe('what is said of moves', () => {
  test.each([
    [{ to: 'step', by: 1 }, 'no further event'],
    [{ to: 'step', by: -1, thread: 1 }, 'no earlier event of faulter 0'],
    [{ to: 'contention', by: 1 }, 'no further contention'],
    [{ to: 'contention', by: -1, lock }, 'no earlier contention of mmap_sem'],
    [{ to: 'violation', by: 1 }, 'no further violation'],
    [{ to: 'until', by: 1, condition: { on: 'blocks', thread: 0 } }, 'no further time unmapper blocks'],
    [
      { to: 'until', by: 1, condition: { on: 'line', file: 'a.kp', line: 7 } },
      'no further time a thread comes to a.kp:7',
    ],
    [
      { to: 'until', by: -1, condition: { on: 'breaks', invariant: objectId(Class.INVARIANT, 0) } },
      'no earlier break of page_account',
    ],
    [{ to: 'end' }, ''],
  ] as const)('%j that leads nowhere: %s', (move, text) => {
    expect(deadEndText({ move, why: 'nothing' }, meta)).toBe(text);
    expect(deadEndText({ move, why: 'cancelled' }, meta)).toBe('');
  });

  test('a paused run is told of, as more may come', () => {
    const move = { to: 'violation', by: 1 } as const;
    expect(deadEndText({ move, why: 'paused' }, meta)).toContain('before the run was paused');
  });

  test('a search looks, then waits', () => {
    const move = { to: 'contention', by: 1, lock } as const;
    expect(searchText(move, false, meta)).toBe('looking for the next contention of mmap_sem');
    expect(searchText(move, true, meta)).toBe('waiting for the next contention of mmap_sem');
    expect(searchText({ to: 'violation', by: -1 }, false, meta)).toBe('looking for the previous violation');
  });

  test('nothing is said where nothing is under way', () => {
    const info = { meta } as Parameters<typeof moveText>[0]['info'];
    expect(moveText({ info, asked: null, searching: null, deadEnd: null })).toBe('');
    expect(moveText({ info: null, asked: null, searching: { event: 1, waiting: true }, deadEnd: null })).toBe(
      '',
    );
  });
});
