import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kind, NO_THREAD, State } from '../event/index.ts';
import { ChromeWriter } from './chrome.ts';
import { readTrace, totalsOf, written } from './chrome-testing.ts';
import { us } from './chrome-text.ts';
import { Statistics } from './statistics.ts';
import { LogBuilder, randomLog, testMeta } from './testing.ts';

/** The log once more, with wake-ups by and of threads drawn at random in between. */
function withWakes(log: LogBuilder, seed: number): LogBuilder {
  const mixed = new LogBuilder();
  const states = new Map<number, number>();
  let word = seed;
  const draw = (n: number): number => {
    word = (Math.imul(word, 0x41c64e6d) + 0x3039) | 0;
    return (word >>> 8) % n;
  };
  for (const { t, kind, thread, flags, object, arg, site } of log.records()) {
    mixed.at(t).put(kind, thread, flags, object, arg, site);
    states.set(thread, flags & 7);
    const waker = draw(6);
    if (draw(3) > 0) continue;
    if (waker === 5) mixed.put(Kind.WAKE, NO_THREAD, 0, object, draw(5));
    else mixed.put(Kind.WAKE, waker, states.get(waker) ?? State.IDLE, object, draw(5));
  }
  return mixed;
}

describe('any log', () => {
  it('becomes lanes that nest, flows with two ends and the sums of the statistics', () => {
    const property = fc.property(fc.integer(), fc.integer({ min: 0, max: 700 }), (seed, steps) => {
      const log = withWakes(randomLog(seed, steps), seed);
      const meta = testMeta();
      const statistics = new Statistics(meta);
      log.feed(statistics);
      statistics.finish(log.t + 5);
      const totals = statistics.totals();
      const trace = readTrace(written(log, log.t + 5, meta));

      const waits = totalsOf(trace.lanes, 'wait');
      const held = (name: string, mode: string): { count: number; ns: number } => {
        const lanes = trace.lanes.filter(
          (lane) => lane.name === name || lane.name.startsWith(`${name} reader`),
        );
        const sum = { count: 0, ns: 0 };
        for (const [what, { count, ns }] of totalsOf(lanes, 'hold')) {
          if (!what.startsWith(mode)) continue;
          sum.count += count;
          sum.ns += ns;
        }
        return sum;
      };
      const names = ['mmap_lock/main', 'mmap_lock/second', 'sem', 'mutex'];
      totals.locks.slice(0, 4).forEach(({ read: readers, write: writers }, i) => {
        const name = names[i];
        for (const [mode, { wait, hold }] of [['R', readers] as const, ['W', writers] as const]) {
          const title = name === 'mutex' ? 'wait mutex' : `wait ${name} (${mode})`;
          if (name === 'mutex' && mode === 'R') continue;
          expect(waits.get(title) ?? { count: 0, ns: 0 }).toEqual({
            count: wait.lengths.count,
            ns: wait.lengths.totalNs,
          });
          expect(held(name, `${mode} by`)).toEqual({ count: hold.lengths.count, ns: hold.lengths.totalNs });
        }
      });
      const ofMany = totals.locks.slice(-2);
      const titles = [
        ['wait ptl', ofMany[0].write],
        ['wait vm_lock (R)', ofMany[1].read],
        ['wait vm_lock (W)', ofMany[1].write],
      ] as const;
      for (const [title, { wait }] of titles) {
        const { count, totalNs: ns } = wait.lengths;
        expect(waits.get(title) ?? { count: 0, ns: 0 }).toEqual({ count, ns });
      }
      const { elsewhere, inRange } = totals.faults;
      const faults = totalsOf(trace.lanes, 'fault').get('page fault');
      expect(faults?.count ?? 0).toBe(elsewhere.latency.count + inRange.latency.count);
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('comes in pieces while it is read, and keeps none of them', () => {
    const log = randomLog(7, 60_000);
    const writer = new ChromeWriter(testMeta(), {});
    const lengths: number[] = [];
    for (const chunk of log.chunks) {
      for (const piece of writer.pieces(chunk, 0, chunk.count)) lengths.push(piece.length);
    }
    const tail = [...writer.tail(log.t)].join('');
    expect(lengths.length).toBeGreaterThan(50);
    // A piece is given away as soon as it is long enough; a record or two thousand make it no longer than this.
    expect(Math.max(...lengths, tail.length)).toBeLessThan(300_000);
  });
});

describe('times', () => {
  it('are whole ns, spelt as microseconds with three decimals', () => {
    expect([us(0), us(1), us(999), us(1_000), us(18_000_000_057)]).toEqual([
      '0.000',
      '0.001',
      '0.999',
      '1.000',
      '18000000.057',
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), (ns) => {
        expect(
          us(ns)
            .replace('.', '')
            .replace(/^0+(?=\d)/, ''),
        ).toBe(String(ns));
      }),
    );
  });
});
