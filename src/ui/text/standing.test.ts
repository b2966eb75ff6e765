import { expect, test } from 'vitest';
import type { Moment, TraceMeta } from '../../event/index.ts';
import { filesStoodIn, nextStep, siteOfFrame, standingIn } from './standing.ts';

const frame = (file: string, line: number): { fn: string; file: string; line: number; col: number } => ({
  fn: 'f',
  file,
  line,
  col: 1,
});
const thread = (n: number, ...stack: ReturnType<typeof frame>[]): NonNullable<Moment['threads']>[number] => ({
  thread: n,
  state: n,
  sinceNs: 0,
  cpu: null,
  site: 3,
  stack,
});

const moment: Moment = {
  t: 0,
  event: 0,
  threads: [
    thread(0, frame('a.kp', 7), frame('s', 1)),
    thread(1, frame('b.kp', 2), frame('a.kp', 7)),
    thread(2, frame('b.kp', 3), frame('b.kp', 9)),
  ],
};

test('every thread stands once in a file, at its innermost frame there; the wanted one leads', () => {
  expect([...standingIn('a.kp', moment, 1)]).toEqual([[7, { threads: [1, 0], state: 1, inner: false }]]);
  expect([...standingIn('b.kp', moment, 0).keys()]).toEqual([2, 3]);
});

test('files by the threads whose innermost frame is there', () => {
  expect(filesStoodIn(moment)).toEqual([
    { file: 'b.kp', threads: 2 },
    { file: 'a.kp', threads: 1 },
  ]);
});

test('the site of an outer frame is that of the call', () => {
  const site = (parent: number): { file: string; line: number; col: number; fn: string; parent: number } => ({
    ...frame('a', 1),
    parent,
  });
  const meta = { sites: [site(0), site(0), site(1), site(2)] } as unknown as TraceMeta;
  const inner = thread(0);
  expect([0, 1, 2].map((depth) => siteOfFrame(inner, depth, meta))).toEqual([3, 2, 1]);
});

test('the next step of a line follows the one that was recorded last, else the place decides', () => {
  const steps = [{ site: 4 }, { site: 6 }];
  expect(nextStep(steps, 5, 4)).toBe(1);
  expect(nextStep(steps, 5, 6)).toBe(2);
  expect(nextStep(steps, 6, 0)).toBe(1);
  expect(nextStep(steps, 5, 0)).toBe(0);
});
