import { describe, expect, it } from 'vitest';
import { resolve } from '../scenario/index.ts';
import type { RangeSummary, WaitStory } from '../trace/index.ts';
import { Inquiries } from './inquiries.ts';
import type { Answer, RangeAnswer } from './protocol.ts';
import { Session } from './session.ts';

function ended(scenario: string, set: Record<string, string> = {}, maxRecords?: number): Session {
  const result = resolve({ scenario, set });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  const session = new Session(result.value, maxRecords);
  while (!session.ended) session.slice(50);
  return session;
}

const asked = (s: Session): Inquiries => s.inquiriesBy(Inquiries);

/** Works in slices that are over at once, as they are where the machine is busy. */
function answers(s: Session, ms = 0.05): Answer[] {
  const all: Answer[] = [];
  while (asked(s).busy) all.push(...asked(s).work(ms));
  return all;
}

function story(s: Session, thread: number, t: number, between = (): void => {}): WaitStory | null {
  asked(s).askStory(1, thread, t);
  for (;;) {
    const [answer] = asked(s).work(0.2);
    if (answer?.type === 'story') return answer.story;
    between();
  }
}

function range(
  s: Session,
  from: number,
  to: number,
  what: 'statistics' | 'blame' = 'statistics',
): RangeAnswer {
  asked(s).askRange({ seq: 7, from, to, what });
  const last = answers(s, 5).at(-1);
  if (last?.type !== 'range') throw new Error('no answer');
  return last;
}

/** The longest wait for mmap_lock: who waited, since when and how long. */
function longest(s: Session): { thread: number; atNs: number; ns: number } {
  const lock = s.report().report.locks.find(({ id }) => id === 'mmap_lock');
  const wait = [lock?.read.wait, lock?.write.wait].sort((a, b) => (b?.maxNs ?? 0) - (a?.maxNs ?? 0))[0];
  const name = wait?.max?.thread;
  return {
    thread: s.info().meta.threads.findIndex((t) => t.name === name),
    atNs: wait?.max?.atNs ?? -1,
    ns: wait?.maxNs ?? -1,
  };
}

const BIG = { size: '16GB' };

describe('Inquiries', () => {
  it('tells the wait that a thread is in, from its beginning to its end', () => {
    const s = ended('munmap-320g-writer', BIG);
    const { thread, atNs, ns } = longest(s);
    const first = story(s, thread, atNs);
    expect(first).toMatchObject({ thread, sinceNs: atNs, untilNs: atNs + ns, end: 'got' });
    expect(story(s, thread, atNs + Math.floor(ns / 2))).toEqual(first);
    expect(story(s, thread, atNs + ns)?.sinceNs).not.toBe(atNs);
    expect(story(s, thread, 0)).toBeNull();
    expect((first?.heldNs ?? 0) + (first?.freeNs ?? 0)).toBeGreaterThan(0);
  });

  it('tells the same where the records are no longer kept, whatever the playhead does meanwhile', () => {
    const set = { munmap: 'baseline', size: '16GB' };
    const whole = ended('munmap-320g', set);
    const { thread, atNs, ns } = longest(whole);
    for (const kept of [65_536, 1_000]) {
      const s = ended('munmap-320g', set, kept);
      expect(s.progress().kept).toBeLessThan(s.progress().events);
      let moves = 0;
      const disturb = (): void => {
        if (++moves % 7 !== 0) return;
        s.move(1, moves, { to: 'time', t: (moves * 1_000_003) % s.progress().now });
        while (s.seeking) s.seek(5, false);
      };
      const t = atNs + Math.floor(ns * 0.4);
      const told = story(s, thread, t, disturb);
      expect(told).not.toBeNull();
      expect(told).toEqual(story(whole, thread, t));
    }
  });

  it('sums the whole run as its report does', () => {
    const s = ended('munmap-320g-writer', BIG);
    const { now } = s.progress();
    const { summary, whole } = range(s, 0, now + 1);
    const { report } = s.report();
    expect(whole).toBe(true);
    const lock = summary?.locks[0];
    const reported = report.locks.find(({ id }) => id === 'mmap_lock');
    for (const mode of ['read', 'write'] as const) {
      for (const sort of ['wait', 'hold'] as const) {
        const { count, totalNs, p50Ns, p99Ns, maxNs } = reported?.[mode][sort] ?? {};
        expect(lock?.[mode][sort]).toMatchObject({ count, totalNs, p50Ns, p99Ns, maxNs });
      }
    }
    expect(summary?.faults.count).toBe(report.faults.count);
    expect(summary?.faults.p99Ns).toBe(report.faults.latency.p99Ns);
    expect(summary?.munmap.calls).toBe(report.syscalls['munmap']?.count);
    const phases = report.phases['munmap']?.reduce((sum, { ns }) => sum + ns, 0);
    const named = summary?.munmap.phases
      .filter(({ phase }) => phase > 0)
      .reduce((sum, { ns }) => sum + ns, 0);
    expect(named).toBe(phases);
  });

  it('parts of a run add up to it', () => {
    const s = ended('munmap-320g-writer', BIG);
    const { now } = s.progress();
    const cuts = [0, 0.11, 0.5, 0.501, 0.93].map((share) => Math.floor(share * now));
    const sums: RangeSummary[] = [...cuts, now + 1].slice(1).map((to, i) => {
      return range(s, cuts[i] as number, to).summary as RangeSummary;
    });
    const whole = range(s, 0, now + 1).summary as RangeSummary;
    expect(sums.reduce((sum, { munmap }) => sum + munmap.ns, 0)).toBe(whole.munmap.ns);
    const blamed = [...cuts, now + 1]
      .slice(1)
      .map((to, i) => range(s, cuts[i] as number, to, 'blame').pairs ?? []);
    const all = range(s, 0, now + 1, 'blame').pairs ?? [];
    const total = (pairs: RangeAnswer['pairs']): number => (pairs ?? []).reduce((sum, { ns }) => sum + ns, 0);
    expect(total(all)).toBeGreaterThan(0);
    expect(total(blamed.flat())).toBe(total(all));
  });

  it('tells when the waits of a cell of the matrix were, as long as the matrix says', () => {
    const s = ended('munmap-320g-writer', BIG);
    const { now } = s.progress();
    const pairs = range(s, 0, now + 1, 'blame').pairs ?? [];
    for (const { waiter, holder, lock, ns } of pairs.slice(0, 4)) {
      asked(s).askWaits(9, { waiter, holder, lock });
      const answer = answers(s).at(-1);
      if (answer?.type !== 'waits') throw new Error('no answer');
      expect(answer.waits.map(({ thread }) => thread)).toEqual([waiter]);
      const bounds = [...(answer.waits[0]?.bounds ?? [])];
      expect(bounds.reduce((sum, t, i) => sum + (i % 2 === 0 ? -t : t), 0)).toBe(ns);
    }
  });

  it('knows the records that led to a deadlock', () => {
    const s = ended('read-twice');
    const [finding] = s.report().findings;
    expect(finding?.kind).toBe('deadlock');
    const records = (finding?.causes ?? []).flatMap((id) => s.records(id, id + 1));
    const sentences = records.map(({ sentence }) => sentence);
    expect(sentences.filter((x) => /queues for|spins for/.test(x)).length).toBeGreaterThanOrEqual(2);
    expect(sentences.some((x) => /takes|gets/.test(x))).toBe(true);
  });

  it('answers only the last question, and says where records are missing', () => {
    const s = ended('munmap-320g', { size: '16GB' }, 65_536);
    asked(s).askRange({ seq: 1, from: 0, to: 10, what: 'statistics' });
    asked(s).askRange({ seq: 2, from: 0, to: s.progress().now, what: 'statistics' });
    const got = answers(s);
    expect(got.every(({ seq }) => seq === 2)).toBe(true);
    const last = got.at(-1) as RangeAnswer;
    expect(last).toMatchObject({ done: 1, whole: false });
    expect(last.to).toBeLessThan(s.progress().now);
    expect(last.summary?.toNs).toBe(last.to);
    const behind = range(s, s.progress().now - 5, s.progress().now);
    expect(behind).toMatchObject({ whole: false });
    expect(behind.summary?.locks).toEqual([]);
  });
});
