import { expect, test } from 'vitest';
import { Class, objectId, type Site, State } from '../../event/index.ts';
import { LOCK, meta } from '../paint/testing.ts';
import { nameOf } from './path-names.ts';

function site(fn: string, parent: number): Site {
  return { file: 'x.kp', line: 1, col: 1, fn, parent };
}

const known = { ...meta, syscalls: ['munmap'], sites: [site('', 0), site('unmapper', 0), site('zap', 1)] };
const call = objectId(Class.SYSCALL, 0);
const fault = objectId(Class.MM, 0);

function name(state: number, object: number, at: number): string {
  return nameOf({ startNs: 0, endNs: 1, state, object, site: at }, known);
}

test('a lane names the call, the function in it where it is not the thread itself, and what is waited for', () => {
  expect(name(State.KERNEL, call, 1)).toBe('munmap');
  expect(name(State.KERNEL, call, 2)).toBe('munmap: zap');
  expect(name(State.KERNEL, fault, 2)).toBe('page fault');
  expect(name(State.WAIT_READ, LOCK, 2)).toBe('mmap_sem');
  expect(name(State.USER, 0, 1)).toBe('');
});
