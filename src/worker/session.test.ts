import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolve } from '../scenario/index.ts';
import type { Move, Response } from './protocol.ts';
import { Session } from './session.ts';

function session(
  scenario: string,
  set: Record<string, string> = {},
  maxRecords?: number,
  text?: string,
): Session {
  const result = resolve({ scenario, set, ...(text === undefined ? {} : { text }) });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return new Session(result.value, maxRecords);
}

function finish(s: Session): string {
  while (!s.ended) s.slice(50);
  return s.report().hash ?? '';
}

type MomentResponse = Extract<Response, { type: 'moment' }>;

function move(s: Session, m: Move): MomentResponse {
  s.move(1, 1, m);
  for (;;) {
    const r = s.seek(50, true);
    if (r?.type === 'moment') return r;
  }
}

const BIG = { size: '4GB' };

describe('Session', () => {
  it('has the same hash whatever is looked at while it runs', () => {
    const undisturbed = finish(session('munmap-320g', BIG));
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        (places) => {
          const s = session('munmap-320g', BIG);
          for (const p of places) {
            s.slice(3);
            const { events, now } = s.progress();
            move(s, { to: 'event', event: Math.floor(events * p) });
            move(s, { to: 'time', t: Math.floor(now * p) });
            move(s, { to: 'step', by: -1 });
          }
          expect(finish(s)).toBe(undisturbed);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('keeps to a schedule, from wherever one comes', () => {
    const text = `rwsem s;
      shared int n = 0;
      scenario turns "a schedule" {
        set munmap = vm-dead; set CHECK_DEAD = false; set grain = page; set machine = small;
        schedule { unmapper to again 2; w[0] to held 300; reader; w[1]; w[0] to held 200; unmapper; w[0]; }
        area big = 1GB populated;
        thread unmapper { munmap(big); }
        thread reader { touch(big.start); down_read(&s); up_read(&s); }
        thread w[2] { for (i = 0; i < 2000; i++) { down_write(&s); held: n += 1; up_write(&s); } }
      }`;
    const undisturbed = finish(session('turns', {}, undefined, text));
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }), (places) => {
        const s = session('turns', {}, undefined, text);
        const seen = new Map<number, string>();
        for (const p of [...places, ...places]) {
          s.slice(2);
          const place = Math.floor(s.progress().events * p);
          const { moment } = move(s, { to: 'event', event: place });
          expect(JSON.stringify(moment)).toBe(seen.get(place) ?? JSON.stringify(moment));
          seen.set(place, JSON.stringify(moment));
          for (const by of [1, 1, -1, -1] as const) move(s, { to: 'step', by });
        }
        expect(finish(s)).toBe(undisturbed);
      }),
      { numRuns: 10 },
    );
    expect(session('turns', {}, undefined, text).info().scheduled).toBe(true);
  });

  it('shows the same moment at a place, from wherever one comes', () => {
    const s = session('munmap-320g-writer', BIG);
    finish(s);
    const { events } = s.progress();
    const places = [0.7, 0.1, 0.4, 0.99, 0.4, 0.1].map((p) => Math.floor(events * p));
    const seen = new Map<number, string>();
    for (const p of places) {
      const { moment } = move(s, { to: 'event', event: p });
      const text = JSON.stringify(moment);
      expect(seen.get(p) ?? text).toBe(text);
      seen.set(p, text);
      // There and back again, step by step.
      for (let k = 0; k < 5; k++) move(s, { to: 'step', by: 1 });
      let back = moment;
      for (let k = 0; k < 5; k++) back = move(s, { to: 'step', by: -1 }).moment;
      expect(JSON.stringify(back)).toBe(text);
    }
  });

  it('stands only between steps, and says so when there is nothing further', () => {
    const s = session('tiny');
    finish(s);
    const { events } = s.progress();
    const stops: number[] = [];
    move(s, { to: 'start' });
    for (;;) {
      const r = move(s, { to: 'step', by: 1 });
      if (!r.moved) break;
      stops.push(r.moment.event);
    }
    expect(stops.at(-1)).toBe(events);
    const back: number[] = [];
    for (;;) {
      const r = move(s, { to: 'step', by: -1 });
      if (!r.moved) break;
      back.push(r.moment.event);
    }
    expect(back.toReversed().slice(1)).toEqual(stops.slice(0, -1));
  });

  it('goes to the next contention and to steps of one thread', () => {
    const s = session('munmap-320g-writer', BIG);
    finish(s);
    move(s, { to: 'start' });
    const first = move(s, { to: 'contention', by: 1 });
    expect(first.moment.threads?.some((t) => t.waitsFor !== undefined)).toBe(true);
    const second = move(s, { to: 'contention', by: 1 });
    expect(second.moment.event).toBeGreaterThan(first.moment.event);
    expect(move(s, { to: 'contention', by: -1 }).moment.event).toBe(first.moment.event);
    const mine = move(s, { to: 'step', by: 1, thread: 3 });
    expect(s.records(mine.moment.event - 4, mine.moment.event).some((r) => r.thread === 3)).toBe(true);
  });

  it('travels past the records that are kept', () => {
    const long = { size: '16GB' };
    const s = session('munmap-320g', long, 65_536);
    finish(s);
    const { events, kept } = s.progress();
    expect(kept).toBe(65_536);
    expect(events).toBeGreaterThan(65_536);
    const whole = session('munmap-320g', long);
    finish(whole);
    for (const p of [events - 10, 70_000, 20_000]) {
      const a = move(s, { to: 'event', event: p }).moment;
      const b = move(whole, { to: 'event', event: p }).moment;
      expect(a).toEqual(b);
      expect(move(s, { to: 'step', by: -1 }).moment).toEqual(move(whole, { to: 'step', by: -1 }).moment);
    }
  });

  it('finds the moment of a violation', () => {
    const s = session('vm-dead-race');
    finish(s);
    const { findings } = s.report();
    expect(findings[0]?.kind).toBe('violation');
    move(s, { to: 'start' });
    const r = move(s, { to: 'violation', by: 1 });
    expect(r.moment.event).toBeGreaterThan(findings[0]?.event ?? Infinity);
    expect(r.record?.sentence).toMatch(/no_fresh_zero_page|reader/);
  });
});
