import { expect, test } from 'vitest';
import { Class, objectId, type Site, State } from '../../event/index.ts';
import { Runs } from '../../trace/index.ts';
import { windowOf } from '../layout/runs.ts';
import { LOCK, meta, recorder } from '../paint/testing.ts';
import { nameOf, paintNames } from './path-names.ts';

function site(fn: string, parent: number): Site {
  return { file: 'x.kp', line: 1, col: 1, fn, parent };
}

const known = {
  ...meta,
  syscalls: ['munmap', 'mmap'],
  sites: [site('', 0), site('unmapper', 0), site('zap', 1)],
};
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

interface Length {
  readonly ns: number;
  readonly object: number;
}

/** What is written in a lane of 100 px for 1,000 ns: runs given as pixels, calls one after the other again and again. */
function written(spans: readonly (readonly [number, number])[], calls: readonly Length[]) {
  const runs = new Runs();
  const { surface, rects } = recorder();
  const names: string[] = [];
  const measured = {
    ...surface,
    textWidth: (text: string) => text.length * 5,
    text: (_x: number, _y: number, text: string) => void names.push(text),
  };
  runs.count = spans.length;
  spans.forEach(([from, to], i) => {
    [runs.x0[i], runs.x1[i], runs.share[i]] = [from, to, 1];
  });
  const at = (t: number) => {
    for (let startNs = 0, i = 0; ; i = (i + 1) % calls.length) {
      const { ns = 0, object = 0 } = calls[i] ?? {};
      if (t < startNs + ns) return { startNs, endNs: startNs + ns, state: State.KERNEL, object, site: 1 };
      startNs += ns;
    }
  };
  const w = windowOf({ from: 0, to: 1_000 }, 100, 1);
  paintNames(measured, runs, { x: 0, y: 0, h: 20, ratio: 1 }, w, at, known);
  return { names, plates: rects.map(({ x, w: wide }) => [x, wide]) };
}

const munmap = { object: call };
const mmap = { object: objectId(Class.SYSCALL, 1) };

test('a name is written only where it fits its run, on a plate as wide as the text', () => {
  const whole = written(
    [
      [0, 37],
      [50, 88],
    ],
    [{ ns: 1_000, ...munmap }],
  );
  expect(whole).toEqual({ names: ['munmap'], plates: [[52, 34]] });
});

test('a run of many short calls has no name, one of a few long ones has theirs, each where it is', () => {
  expect(
    written(
      [[0, 100]],
      [
        { ns: 3, ...munmap },
        { ns: 4, ...mmap },
      ],
    ).names,
  ).toEqual([]);
  // One that is long enough is found among short ones.
  const few = [
    { ns: 90, ...mmap },
    { ns: 380, ...munmap },
    { ns: 530, ...mmap },
  ];
  expect(written([[0, 100]], few)).toEqual({
    names: ['munmap', 'mmap'],
    plates: [
      [11, 34],
      [49, 24],
    ],
  });
});
