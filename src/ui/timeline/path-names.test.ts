import { expect, test } from 'vitest';
import { Class, objectId, type Site, State } from '../../event/index.ts';
import { Runs } from '../../trace/index.ts';
import { LOCK, meta, recorder } from '../paint/testing.ts';
import { nameOf, paintNames } from './path-names.ts';

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

test('a name is written only where it fits its run, on a plate as wide as the text', () => {
  const runs = new Runs();
  const { surface, rects } = recorder();
  const written: string[] = [];
  const measured = {
    ...surface,
    textWidth: (text: string) => text.length * 5,
    text: (_x: number, _y: number, text: string) => void written.push(text),
  };
  runs.count = 2;
  [runs.x0[0], runs.x1[0], runs.share[0]] = [0, 37, 1];
  [runs.x0[1], runs.x1[1], runs.share[1]] = [50, 88, 1];
  const at = () => ({ startNs: 0, endNs: 1, state: State.KERNEL, object: call, site: 1 });
  paintNames(measured, runs, { x: 0, y: 0, h: 20, ratio: 1 }, at, known);
  expect(written).toEqual(['munmap']);
  expect(rects).toMatchObject([{ x: 52, w: 34 }]);
});
