import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventRecord, Flag, Kind, recordAt, State, type TraceMeta } from '../event/index.ts';
import { resolve } from '../scenario/index.ts';
import { launch } from './launch.ts';
import type { Condition, Move, Response } from './protocol.ts';
import { Session } from './session.ts';

type MomentResponse = Extract<Response, { type: 'moment' }>;
type SearchMove = Extract<Move, { to: 'step' | 'contention' | 'violation' | 'until' }>;

function resolved(scenario: string, set: Record<string, string> = {}) {
  const result = resolve({ scenario, set });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

/** A whole run: its records, and the places at which the playhead may stand. */
interface Recording {
  readonly scenario: string;
  readonly set: Record<string, string>;
  readonly meta: TraceMeta;
  readonly records: readonly EventRecord[];
  /** By record: the place behind the step that holds it. */
  readonly placeOf: readonly number[];
  readonly places: readonly number[];
}

function record(scenario: string, set: Record<string, string> = {}): Recording {
  const sim = launch(resolved(scenario, set));
  const chunks = [sim.tail];
  sim.sink = (full) => {
    const next = { ...structuredClone(full), first: full.first + full.count, count: 0 };
    chunks.push(next);
    return next;
  };
  const places = [sim.events];
  while (sim.run({ untilEvent: sim.events + 1 })) places.push(sim.events);
  if (places.at(-1) !== sim.events) places.push(sim.events);
  const records = chunks.flatMap((c) => Array.from({ length: c.count }, (_, i) => recordAt(c, i)));
  const placeOf: number[] = [];
  for (const place of places) while (placeOf.length < place) placeOf.push(place);
  return { scenario, set, meta: sim.meta, records, placeOf, places };
}

/** Which records a move looks for, by the plain reading of its words. */
function hits({ records, meta }: Recording, move: SearchMove): number[] {
  const condition: Condition | null = move.to === 'until' ? move.condition : null;
  const atLine = (site: number, file: string, line: number): boolean => {
    const s = meta.sites[site];
    if (s === undefined || site === 0) return false;
    return (s.file === file && s.line === line) || atLine(s.parent, file, line);
  };
  const asleep = (flags: number): boolean =>
    [State.WAIT_READ, State.WAIT_WRITE].some((s) => s === (flags & Flag.STATE_MASK));
  const holds = (r: EventRecord): boolean => {
    if (condition?.on === 'line') return atLine(r.site, condition.file, condition.line);
    return condition?.on === 'blocks' && asleep(r.flags);
  };
  const wanted = (r: EventRecord, before: EventRecord | undefined): boolean => {
    if (move.to === 'step') return move.thread === undefined || r.thread === move.thread;
    const lock =
      move.to === 'contention' ? move.lock : condition?.on === 'contended' ? condition.lock : undefined;
    if (move.to === 'contention' || condition?.on === 'contended') {
      return r.kind === Kind.LOCK_REQUEST && (lock === undefined || r.object === lock);
    }
    if (move.to === 'violation' || condition?.on === 'breaks') return r.kind === Kind.VIOLATION;
    if (condition?.thread !== undefined && condition.thread !== r.thread) return false;
    return r.thread < meta.threads.length && holds(r) && !(before !== undefined && holds(before));
  };
  const last = new Map<number, EventRecord>();
  return records
    .filter((r) => {
      const before = last.get(r.thread);
      last.set(r.thread, r);
      return wanted(r, before);
    })
    .map(({ id }) => id);
}

/** Where a move from a place must lead; null: nowhere. */
function naive(of: Recording, move: SearchMove, here: number): number | null {
  const found = hits(of, move);
  const place = (id: number | undefined): number | null =>
    id === undefined ? null : (of.placeOf[id] as number);
  if (move.by === 1) return place(found.find((id) => id >= here));
  return place(found.findLast((id) => (of.placeOf[id] as number) < here));
}

function finished(of: Recording, maxRecords?: number): Session {
  const s = new Session(resolved(of.scenario, of.set), maxRecords);
  while (!s.ended) s.slice(50);
  return s;
}

function go(s: Session, move: Move): MomentResponse {
  s.move(1, 1, move);
  for (;;) {
    const answer = s.seek(5, false);
    if (answer?.type === 'moment') return answer;
  }
}

const by = fc.constantFrom<1 | -1>(1, -1);

function moves({ meta, records }: Recording): fc.Arbitrary<SearchMove> {
  const locks = [...new Set(records.filter((r) => r.kind === Kind.LOCK_REQUEST).map((r) => r.object))];
  const sites = [...new Set(records.map((r) => r.site))].filter((site) => site !== 0);
  const thread = fc.option(fc.nat(meta.threads.length - 1), { nil: undefined });
  const lock = fc.constantFrom(undefined, ...locks);
  const line = fc.constantFrom(...sites).chain((site) => {
    const chain = [];
    for (let s = site; s !== 0; s = meta.sites[s]?.parent ?? 0) chain.push(meta.sites[s]);
    return fc.constantFrom(...chain);
  });
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    lock.map((l): Condition => (l === undefined ? { on: 'contended' } : { on: 'contended', lock: l })),
    thread.map((t): Condition => (t === undefined ? { on: 'blocks' } : { on: 'blocks', thread: t })),
    fc.constant<Condition>({ on: 'breaks' }),
    fc.tuple(line, thread).map(([at, t]): Condition => {
      const place = { on: 'line', file: at?.file ?? '', line: at?.line ?? 0 } as const;
      return t === undefined ? place : { ...place, thread: t };
    }),
  );
  return fc.oneof(
    fc
      .tuple(by, thread)
      .map(
        ([b, t]): SearchMove => (t === undefined ? { to: 'step', by: b } : { to: 'step', by: b, thread: t }),
      ),
    fc
      .tuple(by, lock)
      .map(
        ([b, l]): SearchMove =>
          l === undefined ? { to: 'contention', by: b } : { to: 'contention', by: b, lock: l },
      ),
    by.map((b): SearchMove => ({ to: 'violation', by: b })),
    fc.tuple(by, condition).map(([b, c]): SearchMove => ({ to: 'until', by: b, condition: c })),
  );
}

describe('searches', () => {
  const SMALL = [
    ['tiny', {}],
    ['vm-dead-race', {}],
    ['read-twice', {}],
    ['chunk-starve', {}],
    ['mutex-storm', {}],
  ] as const;

  it.each(SMALL)('lead where a plain look through the log of %s leads, kept or not', (scenario, set) => {
    const of = record(scenario, set);
    for (const maxRecords of [undefined, Math.floor(of.records.length / 3), 1]) {
      const s = finished(of, maxRecords);
      const visits = fc.record({ from: fc.nat(of.places.length - 1), move: moves(of), times: fc.nat(3) });
      fc.assert(
        fc.property(visits, ({ from, move, times }) => {
          let here = of.places[from] as number;
          go(s, { to: 'event', event: here });
          for (let k = 0; k <= times; k++) {
            const wanted = naive(of, move, here);
            const { moved, moment, unmoved } = go(s, move);
            expect({ moved, unmoved, event: moment.event }).toEqual({
              moved: wanted !== null,
              unmoved: wanted === null ? 'nothing' : undefined,
              event: wanted ?? here,
            });
            here = moment.event;
          }
        }),
        { numRuns: maxRecords === undefined ? 30 : 15 },
      );
    }
  });

  it('forward from the end of what has run wait for the run, and lead to the same places', () => {
    const of = record('chunk-starve');
    for (const maxRecords of [undefined, 4_000]) {
      fc.assert(
        fc.property(moves(of), fc.nat(15), (drawn, slices) => {
          const move = { ...drawn, by: 1 } as SearchMove;
          const s = new Session(resolved('chunk-starve'), maxRecords);
          for (let i = 0; i < slices; i++) s.slice(0.01);
          const here = go(s, { to: 'end' }).moment.event;
          s.move(1, 7, move);
          let answer = s.seek(1, false);
          while (answer === null) {
            s.slice(0.01);
            answer = s.seek(1, false);
          }
          const wanted = naive(of, move, here);
          expect(answer).toMatchObject({ seq: 7, moved: wanted !== null, moment: { event: wanted ?? here } });
        }),
        { numRuns: 12 },
      );
    }
  });

  it('can be cancelled, and do not wait for a run that is paused', () => {
    const s = new Session(resolved('chunk-starve'));
    s.slice(0.01);
    const here = go(s, { to: 'end' }).moment;
    s.move(1, 2, { to: 'violation', by: 1 });
    expect(s.seek(5, false)).toBeNull();
    expect(s.searching()).toMatchObject({ seq: 2, event: here.event, waiting: true });
    expect(s.seeking).toBe(false);
    expect(s.cancel()).toMatchObject({
      seq: 2,
      moved: false,
      unmoved: 'cancelled',
      moment: { event: here.event },
    });
    expect([s.searching(), s.cancel()]).toEqual([null, null]);
    s.move(1, 3, { to: 'violation', by: 1 });
    expect(s.seek(5, true)).toMatchObject({ seq: 3, moved: false, unmoved: 'paused' });
  });

  it('are done in slices where the records must be made again, and tell how far they are', () => {
    const s = finished(record('chunk-starve'), 1);
    for (const by of [1, -1] as const) {
      go(s, { to: by === 1 ? 'start' : 'end' });
      s.move(1, 4, { to: 'until', by, condition: { on: 'breaks' } });
      const seen: number[] = [];
      let answer = s.seek(0, false);
      while (answer === null) {
        const how = s.searching();
        if (how?.type === 'searching') seen.push(how.event);
        answer = s.seek(0, false);
      }
      expect(answer).toMatchObject({ moved: false, unmoved: 'nothing' });
      expect(new Set(seen).size).toBeGreaterThan(10);
    }
  });

  it('come back to the records around a place that are no longer kept', () => {
    const of = record('chunk-starve');
    const s = finished(of, 1);
    for (const p of [0.9, 0.2, 0.5]) {
      const here = of.places[Math.floor(of.places.length * p)] as number;
      const { moment, record: at, ordinal } = go(s, { to: 'event', event: here });
      expect(at).toMatchObject(of.records[here - 1] as EventRecord);
      expect(ordinal).toBe(here - 1 - of.records.findIndex(({ t }) => t === moment.t));
      const around = s.records(here - 5, here + 7);
      expect(around.map(({ sentence: _, ...r }) => r)).toEqual(of.records.slice(here - 5, here + 7));
      expect(go(s, { to: 'step', by: -1 }).moment.event).toBe(naive(of, { to: 'step', by: -1 }, here));
    }
  });
});

describe('places', () => {
  it('within a step of very many records are behind it', () => {
    const of = record('munmap-320g', { size: '40GB', munmap: 'baseline' });
    let longest = 0;
    let inside = 0;
    for (let i = 1; i < of.places.length; i++) {
      const [from, to] = [of.places[i - 1] as number, of.places[i] as number];
      if (to - from <= longest) continue;
      longest = to - from;
      inside = from + Math.floor(longest * 0.9);
    }
    // More than travel does between two looks at the clock, and leaves for the end.
    expect(longest).toBeGreaterThan(16_384);
    const s = finished(of);
    for (const event of [inside, inside - 1, inside + 1]) {
      s.move(1, 1, { to: 'event', event });
      let answer = s.seek(0, false);
      while (answer === null) answer = s.seek(0, false);
      expect(answer).toMatchObject({ moment: { event: of.placeOf[event - 1] } });
      go(s, { to: 'event', event: Math.floor(inside / 3) });
    }
  });
});

describe('lines that can be stopped at', () => {
  it('are those that records stand at, but for interruptions', () => {
    for (const scenario of ['tiny', 'vm-dead-race', 'chunk-starve', 'mutex-storm']) {
      const { records, meta } = record(scenario);
      const { stops } = finished({ scenario, set: {} } as Recording).info();
      const own = [
        Kind.LOCK_REQUEST,
        Kind.LOCK_RELEASE,
        Kind.PAGES,
        Kind.SYSCALL_ENTER,
        Kind.PHASE,
        Kind.VAR,
      ] as number[];
      for (const { site, kind } of records) {
        if (!own.includes(kind)) continue;
        for (let s = site; s !== 0; s = meta.sites[s]?.parent ?? 0) {
          const at = meta.sites[s];
          expect(stops[at?.file ?? ''], `${at?.file}:${at?.line}`).toContain(at?.line);
        }
      }
    }
  });

  it('leave out what only takes time or only looks', () => {
    const { stops, texts } = finished({ scenario: 'tiny', set: {} } as Recording).info();
    const [file = ''] = Object.keys(texts).filter((name) => texts[name]?.includes('scenario tiny'));
    const lines = texts[file]?.split('\n') ?? [];
    const at = (text: string): number => lines.findIndex((l) => l.includes(text)) + 1;
    expect(stops[file]).toContain(at('munmap(shared_buffer)'));
    expect(stops[file]).not.toContain(at('compute(16us)'));
    expect(stops[file]).toEqual(stops[file]?.toSorted((a, b) => a - b));
  });
});
