import { describe, expect, it } from 'vitest';
import { MOST_SPANS, SpanCollector, spanFrom } from './blamed-spans.ts';

const ANY = { waiter: null, holder: null, lock: null };

describe('SpanCollector', () => {
  it('joins what touches, thread by thread, and leaves out other waiters', () => {
    const all = new SpanCollector(ANY);
    const one = new SpanCollector({ ...ANY, waiter: 2 });
    for (const collector of [all, one]) {
      collector.add(1, 0, 10);
      collector.add(2, 5, 10);
      collector.add(1, 10, 20);
      // Two readers had the lock at once.
      collector.add(1, 15, 18);
      collector.add(1, 25, 30);
    }
    const plain = all.spans().map(({ thread, bounds }) => ({ thread, bounds: [...bounds] }));
    expect(plain).toEqual([
      { thread: 1, bounds: [0, 20, 25, 30] },
      { thread: 2, bounds: [5, 10] },
    ]);
    expect(one.spans().map(({ thread }) => thread)).toEqual([2]);
  });

  it('keeps a bounded number, and loses no wait', () => {
    const collector = new SpanCollector(ANY);
    const n = 5 * MOST_SPANS;
    for (let i = 0; i < n; i++) collector.add(0, i * 100, i * 100 + 10 + (i % 80));
    const bounds = collector.spans()[0]?.bounds ?? new Float64Array(0);
    expect(bounds.length).toBeLessThanOrEqual(2 * MOST_SPANS);
    expect([bounds[0], bounds[bounds.length - 1]]).toEqual([0, (n - 1) * 100 + 10 + ((n - 1) % 80)]);
    for (let i = 0; i < n; i += 997) {
      const at = spanFrom(bounds, i * 100);
      expect(bounds[at]).toBeLessThanOrEqual(i * 100);
    }
  });
});

it('finds the first span that is not over', () => {
  const bounds = Float64Array.of(10, 20, 30, 40);
  expect([0, 10, 19, 20, 39, 40].map((t) => spanFrom(bounds, t))).toEqual([0, 0, 0, 2, 2, 4]);
});
