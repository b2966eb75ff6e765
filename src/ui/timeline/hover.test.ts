import { expect, test } from 'vitest';
import { Class, objectId } from '../../event/index.ts';
import { AreaSeries } from '../../trace/index.ts';
import {
  MM_SEQ,
  MUTEX,
  meta,
  RANGE_LOCK,
  RCU,
  readAfterWrite,
  speculation,
  stealAndHandOver,
  VMA_LOCK,
  withAborts,
} from '../paint/testing.ts';
import { hoverText } from './hover.ts';

const at = (t: number, slack = 1) => hoverText({ kind: 'lock', lane: 0 }, t, slack, stealAndHandOver(), meta);

test('a lock lane tells owner and queue, and whether the owner runs', () => {
  expect(at(50)?.text).toBe('free · nobody waits');
  expect(at(250)?.text).toBe('written by a · 1 waits (spinning)');
  expect(at(450)?.text).toBe('written by a · 2 wait (1 spinning, 1 asleep)');
  expect(at(650)?.text).toBe('written by c · 1 waits (asleep) · demanded');
  expect(at(750)?.text).toBe('written by b, which does not run · nobody waits');
  expect(at(2_000)).toBeNull();
  const reads = hoverText({ kind: 'lock', lane: 0 }, 850, 1, readAfterWrite(), meta);
  expect(reads?.text).toBe('1 reader · nobody waits');
});

test('a mark is told where it is drawn, with what lies beside it', () => {
  expect(at(498)?.marked).toEqual([]);
  expect(at(498, 5)?.marked).toEqual(['c steals mmap_sem past 1 waiter']);
  expect(at(560, 110)?.marked).toEqual(['b demands mmap_sem: nobody may pass it', '1 more steal']);
});

test('who waits for a spinlock without spinning has lost its CPU', () => {
  const view = stealAndHandOver(MUTEX);
  const locks = [{ name: 's', kind: 'spinlock' as const }];
  const spinlock = hoverText({ kind: 'lock', lane: view.lockLane(MUTEX) }, 350, 1, view, { ...meta, locks });
  expect(spinlock?.text).toBe('held by a · 1 waits (without a CPU)');
});

test('a lock of one mode is held, not written; a thread lane has no marks', () => {
  const view = stealAndHandOver(MUTEX);
  const mutex = hoverText({ kind: 'lock', lane: view.lockLane(MUTEX) }, 450, 1, view, meta);
  expect([mutex?.title, mutex?.text]).toEqual(['m', 'held by a · 2 wait (1 spinning, 1 asleep)']);
  const thread = hoverText({ kind: 'thread', lane: 1 }, 350, 300, view, meta);
  expect(thread).toEqual({ title: 'b', text: 'waits to write m · 400 ns', marked: [] });
});

test('a pixel in which a thread does several things tells them all', () => {
  const view = readAfterWrite();
  const marked = (t: number, pixel: number) =>
    hoverText({ kind: 'thread', lane: 1 }, t, 1, view, meta, pixel)?.marked.map((text) =>
      text.replaceAll('\u00a0', ' '),
    );
  expect(marked(300, 400)).toEqual(['in these 400 ns: 50 % user, 50 % waits to read']);
  expect(marked(500, 400)).toEqual([]);
});

test('sequence counts and grace periods tell their state and how long it lasts', () => {
  const view = speculation();
  const told = (id: number, t: number): string => {
    const { title, text } = hoverText({ kind: 'lock', lane: view.singleLane(id) }, t, 1, view, meta) ?? {};
    return `${title}: ${text}`;
  };
  expect(told(MM_SEQ, 50)).toBe('mmap_seq: even · 100 ns');
  expect(told(MM_SEQ, 150)).toBe('mmap_seq: odd: c is at work · 200 ns');
  expect(told(objectId(Class.SEQ, 0), 420)).toBe('vm_sequence: 1 odd · 40 ns');
  expect(told(RCU, 100)).toBe('RCU grace: no grace period');
  expect(told(RCU, 300)).toBe('RCU grace: 3 callbacks wait · 400 ns');
  expect(told(RCU, 700)).toBe('RCU grace: 1 callback waits · 400 ns');
});

test('an abort tells its reason, and how many are beside it', () => {
  const view = speculation();
  const marked = (t: number, slack: number) =>
    hoverText({ kind: 'thread', lane: 0 }, t, slack, view, withAborts)?.marked;
  expect(marked(155, 10)).toEqual(['abort: spf_abort_odd']);
  expect(marked(700, 10)).toEqual(['abort: spf_abort_odd, 1 more abort']);
  expect(marked(155, 1)).toEqual([]);
});

test('per-VMA locks tell how many are held, one of them by whom; a range lock may have several writers', () => {
  const view = speculation();
  const at = (lane: number, t: number) => {
    const { title, text } = hoverText({ kind: 'lock', lane }, t, 1, view, meta) ?? {};
    return [title, text];
  };
  const all = view.lockLane(VMA_LOCK);
  expect(at(all, 600)).toEqual(['per-VMA locks', '1 written · 1 waits (asleep)']);
  expect(at(all, 750)).toEqual(['per-VMA locks', 'free · nobody waits']);
  expect(at(view.singleLane(VMA_LOCK), 600)).toEqual(['vm_lock:3', 'written by b · 1 waits (asleep)']);
  expect(at(view.lockLane(RANGE_LOCK), 850)).toEqual([
    'range_lock',
    'written by c and 1 other · nobody waits',
  ]);
  expect(at(view.laneOfMany(0), 600)).toEqual(['page-table locks', 'nobody waits']);
});

test('a folded group tells how many threads do what', () => {
  const group = { kind: 'group', name: 'socket 0', threads: [0, 1, 2] } as const;
  const at450 = hoverText(group, 450, 1, stealAndHandOver(MUTEX), meta);
  expect(at450).toEqual({ title: 'socket 0', text: '1 kernel · 1 spinning · 1 waits to write', marked: [] });
});

test('the address space tells what is mapped, present and dying', () => {
  const series = new AreaSeries();
  series.append(100, { mapped: 1_024, dead: 0, present: 512 });
  series.append(200, { mapped: 1_024, dead: 1_024, present: 512 });
  series.append(300, { mapped: 0, dead: 0, present: 0 });
  const band = { areas: [{ mm: 0, fromPage: 0, toPage: 1_024, series }], pages: 1_024 };
  const text = (t: number) =>
    hoverText({ kind: 'area', band, name: 'big' }, t, 1, readAfterWrite(), meta)?.text;
  expect(text(50)).toBe('not mapped');
  expect(text(150)).toBe('4 MB mapped · 50 % present');
  expect(text(250)).toBe('4 MB mapped · 50 % present · 4 MB dead or detached');
  expect(text(350)).toBe('not mapped');
});
