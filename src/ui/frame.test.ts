import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { drain, finish, framePending, keepUp, type Picture, schedule, unschedule } from './frame.ts';

let clock = 0;
let due: (() => void)[] = [];
/** What was shown, frames apart by `|`. */
let shown: string[] = [];

/** Lets frames go by. */
function frames(count: number): string {
  shown = [];
  for (let i = 0; i < count; i++) {
    const now = due;
    due = [];
    for (const callback of now) callback();
    shown.push('|');
  }
  return shown.join(' ');
}

/** A picture of so many pieces, each of 1 ms. */
function picture(name: string, pieces: number): () => Picture {
  return function* () {
    for (let i = 0; i < pieces; i++) {
      clock++;
      yield;
    }
    return () => shown.push(name);
  };
}

const lanes = {};
const locks = {};
const overlay = {};

beforeEach(() => {
  clock = 0;
  due = [];
  shown = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => due.push(callback));
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});

afterEach(() => {
  for (const key of [lanes, locks, overlay]) unschedule(key);
  // A frame that was asked for is over before the next test.
  frames(1);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the frame loop', () => {
  test('shows in one frame what fits into it, and asks for no other', () => {
    schedule(lanes, picture('lanes', 2));
    schedule(locks, picture('locks', 1));
    expect(due).toHaveLength(1);
    expect(frames(1)).toBe('lanes locks |');
    expect(due).toEqual([]);
  });

  test('goes on in the next frames with what does not fit, and shows all of it together', () => {
    schedule(locks, picture('locks', 2));
    schedule(lanes, picture('lanes', 8));
    schedule(overlay, picture('overlay', 0));
    expect(frames(4)).toBe('| | locks lanes overlay | |');
  });

  test('has more time for pictures in a frame in which nothing was asked for', () => {
    schedule(lanes, picture('lanes', 9));
    expect(frames(2)).toBe('| lanes |');
    schedule(lanes, picture('lanes', 9));
    frames(1);
    schedule(overlay, picture('overlay', 0));
    expect(frames(2)).toBe('| lanes overlay |');
  });

  test('draws only the latest of a key', () => {
    schedule(lanes, picture('old', 1));
    schedule(lanes, picture('new', 1));
    expect(frames(2)).toBe('new | |');
  });

  test('ends a picture in the making before the latest of those asked for meanwhile', () => {
    schedule(lanes, picture('first', 6));
    frames(1);
    schedule(lanes, picture('second', 1));
    schedule(overlay, picture('overlay', 0));
    schedule(lanes, picture('third', 6));
    expect(frames(1)).toBe('first |');
    expect(frames(1)).toBe('third overlay |');
  });

  test('shows a small picture at once behind one that is over', () => {
    schedule(lanes, picture('lanes', 5));
    frames(1);
    schedule(overlay, picture('overlay', 0));
    expect(frames(1)).toBe('lanes overlay |');
    expect(framePending()).toBe(false);
  });

  test('has something pending until the last of it is shown', () => {
    expect(framePending()).toBe(false);
    schedule(lanes, picture('lanes', 6));
    expect(framePending()).toBe(true);
    frames(1);
    expect(framePending()).toBe(true);
    frames(1);
    expect(framePending()).toBe(false);
  });

  test('forgets what is unscheduled, waiting or in the making, and shows the rest', () => {
    schedule(locks, picture('locks', 1));
    schedule(lanes, picture('lanes', 9));
    frames(1);
    schedule(overlay, picture('overlay', 1));
    unschedule(lanes);
    unschedule(overlay);
    expect(frames(1)).toBe('locks |');
    expect(framePending()).toBe(false);
  });

  test('finishes at once: what is in the making, or the newer picture of the same', () => {
    schedule(lanes, picture('old lanes', 9));
    schedule(locks, picture('locks', 9));
    frames(1);
    schedule(lanes, picture('lanes', 9));
    finish();
    expect(shown.filter((name) => name !== '|').sort()).toEqual(['lanes', 'locks']);
    expect(framePending()).toBe(false);
    expect(frames(1)).toBe('|');
  });

  test('keeps up with the page for one frame', () => {
    schedule(lanes, picture('lanes', 9));
    keepUp();
    expect(frames(1)).toBe('lanes |');
    schedule(lanes, picture('lanes', 9));
    expect(frames(1)).toBe('|');
  });

  test('gives up a picture that fails, and shows the others', () => {
    schedule(lanes, function* () {
      yield;
      throw new Error('no lanes');
    });
    schedule(locks, picture('locks', 1));
    expect(() => frames(1)).toThrow('no lanes');
    expect(frames(1)).toBe('locks |');
    expect(framePending()).toBe(false);
  });
});

test('work in pieces can be done at once', () => {
  const pieces = picture('lanes', 3)();
  drain(pieces)();
  expect([clock, shown]).toEqual([3, ['lanes']]);
});
