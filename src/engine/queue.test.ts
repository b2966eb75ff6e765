import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from './queue.ts';
import { newWorld, type Sizes } from './world.ts';

const sizes: Sizes = {
  threads: 6,
  registers: 2,
  cpus: 4,
  sockets: 1,
  mms: 1,
  vmas: 4,
  tables: 1,
  pages: false,
  rwsems: 1,
  spinlocks: 1,
  shared: 0,
  counters: 0,
  homes: false,
  nodes: 0,
  frames: 0,
  rows: 0,
  scheduled: false,
  listRoom: 0,
  words: 0,
  vmaWords: false,
  ranges: 0,
  files: false,
};

/** The same queue, slowly: a list searched for its first entry. */
class Slow {
  private order = 0;
  private list: { source: number; t: number; order: number }[] = [];
  set(source: number, t: number): void {
    this.remove(source);
    this.list.push({ source, t, order: ++this.order });
  }
  remove(source: number): void {
    this.list = this.list.filter((x) => x.source !== source);
  }
  pop(): number {
    this.list.sort((a, b) => a.t - b.t || a.order - b.order);
    return this.list.shift()?.source ?? -1;
  }
  get size(): number {
    return this.list.length;
  }
}

describe('EventQueue', () => {
  it('hands out sources by time and then by order of scheduling, whatever was moved or removed', () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('set' as const), source: fc.nat(13), t: fc.nat(20) }),
      fc.record({ do: fc.constant('remove' as const), source: fc.nat(13), t: fc.constant(0) }),
      fc.record({ do: fc.constant('pop' as const), source: fc.constant(0), t: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const q = new EventQueue(newWorld(sizes));
        const slow = new Slow();
        for (const a of actions) {
          if (a.do === 'set') {
            q.set(a.source, a.t);
            slow.set(a.source, a.t);
          } else if (a.do === 'remove') {
            q.remove(a.source);
            slow.remove(a.source);
          } else if (slow.size > 0) {
            expect(q.pop()).toBe(slow.pop());
          }
        }
        while (slow.size > 0) {
          expect(q.pop()).toBe(slow.pop());
        }
        expect(q.next()).toBe(Infinity);
      }),
    );
  });

  it('leaves no trace of what it held', () => {
    const w = newWorld(sizes);
    const q = new EventQueue(w);
    q.set(3, 10);
    q.set(5, 10);
    q.remove(3);
    q.pop();
    q.settle();
    expect([...w.queueTime.subarray(1), ...w.queueSource, ...w.queued].every((x) => x === 0)).toBe(true);
  });
});
