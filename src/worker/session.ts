import type { Simulation } from '../engine/index.ts';
import {
  type Chunk,
  ChunkPool,
  chunkEnd,
  type EventIdx,
  type EventRecord,
  Flag,
  hashRecords,
  hashText,
  Kind,
  newLogHash,
} from '../event/index.ts';
import { notesOf } from '../language/index.ts';
import type { Resolved } from '../scenario/index.ts';
import {
  buildReport,
  describe,
  type LogReport,
  NO_RECORD,
  Pyramid,
  Statistics,
  TraceStore,
} from '../trace/index.ts';
import { launch, watchedAt } from './launch.ts';
import type { Finding, Move, Progress, ReadyInfo, Response } from './protocol.ts';
import { TimeTravel } from './travel.ts';

/** Steps between two looks at the clock. */
const SLICE_STEPS = 8_192;
/** Longest run of records that one message carries. */
const MAX_RECORDS = 1_000;

type Told = EventRecord & { readonly sentence: string };

/** One experiment in the worker: the run, what is made of its records, and travel in it. */
export class Session {
  readonly resolved: Resolved;
  private readonly sim: Simulation;
  private readonly travel: TimeTravel;
  private readonly statistics: Statistics;
  private readonly pyramid: Pyramid;
  private readonly store: TraceStore;
  private readonly hash = newLogHash();
  /** Records of the open chunk that were taken in already. */
  private taken = 0;
  private more = true;
  private busyMs = 0;
  private playhead: EventIdx = 0;

  /** @throws BuildError for absurd sizes. */
  constructor(resolved: Resolved, maxRecords?: number, pool = new ChunkPool()) {
    this.resolved = resolved;
    this.sim = launch(resolved);
    this.travel = new TimeTravel(launch(resolved));
    this.statistics = new Statistics(this.sim.meta);
    this.pyramid = new Pyramid(this.sim.meta);
    this.store = new TraceStore(this.sim.meta, maxRecords === undefined ? {} : { maxRecords });
    this.sim.sink = (full) => {
      this.takeIn();
      this.taken = 0;
      return pool.take(chunkEnd(full));
    };
    this.takeIn();
  }

  info(): ReadyInfo {
    const { program, choices, hypothetical } = this.resolved;
    const { scenario } = program;
    return {
      meta: this.sim.meta,
      title: scenario.title,
      expect: scenario.expect,
      choices: { ...choices, seed: String(choices.seed) },
      hypothetical,
      parameters: [
        ...scenario.knobs.map((k) => ({ key: k.name, value: k.value, help: k.help, kind: 'knob' as const })),
        ...scenario.numbers.map((n) => ({
          key: n.name,
          value: n.value,
          help: n.help,
          kind: 'number' as const,
        })),
      ],
      custom: program.custom,
      texts: program.texts,
      notes: Object.fromEntries(Object.entries(program.texts).map(([file, text]) => [file, notesOf(text)])),
      watched: watchedAt(choices.grain).on,
    };
  }

  /** The chunks of its log, when the session is over. */
  get chunks(): readonly Chunk[] {
    return this.store.chunks;
  }

  get ended(): boolean {
    return !this.more;
  }

  /** Runs on for about `ms`. */
  slice(ms: number): void {
    const begin = performance.now();
    let now = begin;
    while (this.more && now - begin < ms) {
      this.more = this.sim.run({ steps: SLICE_STEPS });
      if (this.sim.events >= this.travel.nextKeyframe && this.more) this.travel.keyframe(this.sim);
      now = performance.now();
    }
    this.takeIn();
    if (!this.more) {
      this.statistics.finish(this.sim.now);
      this.pyramid.finish(this.sim.now);
    }
    this.busyMs += performance.now() - begin;
  }

  /** What is new in the open chunk goes to statistics and pyramid. */
  private takeIn(): void {
    const chunk = this.sim.tail;
    this.statistics.add(chunk, this.taken, chunk.count);
    this.pyramid.add(chunk, this.taken, chunk.count);
    hashRecords(this.hash, chunk, this.taken, chunk.count);
    this.store.add(chunk);
    this.taken = chunk.count;
  }

  progress(): Progress {
    return {
      events: this.sim.events,
      now: this.sim.now,
      kept: this.store.count,
      ended: !this.more,
      verdict: this.sim.verdict(),
      eventsPerSec: this.busyMs > 0 ? Math.round((this.sim.events / this.busyMs) * 1000) : 0,
    };
  }

  takeUpdates(): ReturnType<Pyramid['takeUpdates']> {
    return this.pyramid.takeUpdates();
  }

  report(): { report: LogReport; findings: Finding[]; hash: string | null } {
    const mms = (this.sim.moment().mms ?? []).map((m) => ({
      id: m.name,
      rssPages: m.rssPages,
      presentPages: m.presentPages,
    }));
    const hash = this.more ? null : hashText(this.hash);
    return { report: buildReport(this.statistics, mms), findings: this.findings(), hash };
  }

  private findings(): Finding[] {
    const found: Finding[] = this.sim.violations().map((v) => ({
      kind: 'violation',
      title: v.invariant,
      message: `${v.message}${v.line === '' ? '' : ` (${v.line})`}`,
      event: v.event,
      causes: v.causes,
    }));
    const cycle = this.sim.deadlock();
    if (cycle !== null) {
      found.push({
        kind: 'deadlock',
        title: `deadlock of ${cycle.length} threads`,
        message: cycle
          .map(
            (c) =>
              `${c.thread} waits for ${c.waitsFor} (${c.mode}), ${c.holds ? 'held by' : 'behind'} ${c.heldBy}`,
          )
          .join('; '),
        event: this.sim.events - 1,
        causes: [],
      });
    }
    const reason = this.sim.stopReason();
    const verdict = this.sim.verdict();
    if (reason !== null && (verdict === 'stuck' || verdict === 'limit')) {
      const where = reason.line === null ? '' : ` (${reason.line})`;
      found.push({
        kind: verdict,
        title: `${reason.thread ?? 'the run'}: ${verdict}`,
        message: `${reason.message}${where}`,
        event: this.sim.events - 1,
        causes: [],
      });
    }
    return found;
  }

  /** Moves the playhead; the run goes on undisturbed. */
  move(run: number, seq: number, move: Move): Response {
    const before = this.playhead;
    const seeker =
      move.to === 'time'
        ? this.travel.toTime(Math.min(move.t, this.sim.now))
        : this.travel.toEvent(this.target(move));
    this.playhead = seeker.events;
    const moment = seeker.moment();
    const id = moment.event - 1;
    const record = this.store.record(id);
    const first = record === undefined ? id : this.firstOf(id, record.t);
    const moved = this.playhead !== before || move.to === 'time' || move.to === 'event';
    return {
      type: 'moment',
      run,
      seq,
      moment,
      record: record === undefined ? null : this.tell(record),
      ordinal: Math.max(0, id - first),
      moved,
    };
  }

  /** First record of the nanosecond in which a record stands. */
  private firstOf(id: EventIdx, t: number): EventIdx {
    let first = id;
    while (first > 0 && this.store.timeOf(first - 1) === t) first--;
    return first;
  }

  /** Number of records behind which the playhead shall stand. */
  private target(move: Exclude<Move, { to: 'time' }>): EventIdx {
    const here = this.playhead;
    const { store } = this;
    const total = this.sim.events;
    switch (move.to) {
      case 'event':
        return Math.max(0, Math.min(total, move.event));
      case 'start':
        return 0;
      case 'end':
        return total;
      case 'step': {
        if (move.thread !== undefined) return this.found(here, move.by, { thread: move.thread });
        if (move.by === 1) {
          const next = store.nextStepEnd(here - 1);
          return next === NO_RECORD ? Math.min(total, here + 1) : next + 1;
        }
        if (here > store.count) return this.travel.stepBefore(here);
        const previous = store.previousStepEnd(here - 1);
        return previous === NO_RECORD ? 0 : previous + 1;
      }
      case 'contention':
        return this.found(here, move.by, { kind: Kind.LOCK_REQUEST });
      case 'violation':
        return this.found(here, move.by, { kind: Kind.VIOLATION });
    }
  }

  /** Behind the step that holds the next (previous) record of a kind; where it is if there is none. */
  private found(here: EventIdx, by: 1 | -1, filter: { thread?: number; kind?: number }): EventIdx {
    const { store } = this;
    // The step that was just done holds records up to here - 1: the previous one must lie before its first.
    const from = by === 1 ? here - 1 : store.previousStepEnd(here - 1) + 1;
    const id = store.find(from, by === 1 ? 'next' : 'previous', filter);
    if (id === NO_RECORD) return here;
    const record = store.record(id);
    const end = record !== undefined && (record.flags & Flag.STEP_END) !== 0 ? id : store.nextStepEnd(id);
    return end === NO_RECORD ? here : end + 1;
  }

  records(from: EventIdx, to: EventIdx): Told[] {
    const list: Told[] = [];
    for (let id = Math.max(0, from); id < Math.min(to, from + MAX_RECORDS); id++) {
      const record = this.store.record(id);
      if (record !== undefined) list.push(this.tell(record));
    }
    return list;
  }

  private tell(record: EventRecord): Told {
    return { ...record, sentence: describe(record, this.sim.meta) };
  }
}
