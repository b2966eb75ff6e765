import { type CycleReport, cycleSentence, type Simulation } from '../engine/index.ts';
import {
  CHUNK_RECORDS,
  type Chunk,
  ChunkPool,
  chunkEnd,
  DEFAULT_LOG_RECORDS,
  type EventIdx,
  hashRecords,
  hashText,
  Kind,
  newLogHash,
} from '../event/index.ts';
import { lockWords, vocabulary } from '../kernel/index.ts';
import { holdsOfSites, notesOf, severalSteps } from '../language/index.ts';
import type { Resolved } from '../scenario/index.ts';
import { buildReport, type LogReport, NO_RECORD, Pyramid, Statistics, TraceStore } from '../trace/index.ts';
import { LastSeen } from './goal.ts';
import type { Inquiries } from './inquiries.ts';
import { launch, watchedAt } from './launch.ts';
import { Moves, type Told } from './moves.ts';
import type { Finding, Move, Progress, ReadyInfo, Response } from './protocol.ts';
import { stopLines } from './stops.ts';
import { TimeTravel } from './travel.ts';

/** Steps between two looks at the clock. */
const SLICE_STEPS = 8_192;
/** Longest run of records that one message carries. */
const MAX_RECORDS = 1_000;

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
  private readonly moves: Moves;
  private asked: Inquiries | null = null;
  private readonly last: LastSeen;
  /** What had been seen of every thread before each kept chunk. */
  private readonly seen: LastSeen[] = [];

  /** @throws BuildError for absurd sizes. */
  constructor(resolved: Resolved, maxRecords = DEFAULT_LOG_RECORDS, pool = new ChunkPool()) {
    this.resolved = resolved;
    this.sim = launch(resolved);
    this.last = new LastSeen(this.sim.meta.threads.length);
    this.travel = new TimeTravel(launch(resolved), this.last.copy());
    this.statistics = new Statistics(this.sim.meta);
    this.pyramid = new Pyramid(this.sim.meta);
    this.pyramid.begin(this.sim.moment().vmas ?? []);
    // What stands there before the first step can never be executed again.
    this.store = new TraceStore(this.sim.meta, { maxRecords: Math.max(maxRecords, this.sim.events) });
    this.moves = new Moves(this.sim, this.travel, this.store, this.seen);
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
        ...scenario.knobs.map(({ name, ...rest }) => ({ key: name, ...rest, kind: 'knob' as const })),
        ...scenario.numbers.map(({ name, ...rest }) => ({ key: name, ...rest, kind: 'number' as const })),
      ],
      custom: program.custom,
      texts: program.texts,
      notes: Object.fromEntries(Object.entries(program.texts).map(([file, text]) => [file, notesOf(text)])),
      stops: stopLines(program),
      held: holdsOfSites(program, vocabulary, lockWords),
      steps: severalSteps(program, vocabulary),
      watched: watchedAt(choices.grain).on,
      scheduled: scenario.schedule.length > 0,
    };
  }

  /** The chunks of its log, when the session is over. */
  get chunks(): readonly Chunk[] {
    return this.store.chunks;
  }

  get ended(): boolean {
    return !this.more;
  }

  /** Questions about the log, beside the run; null as long as there were none. */
  get inquiries(): Inquiries | null {
    return this.asked;
  }

  /** The same, for the one who asks. What answers them is brought along: a run begins without it. */
  inquiriesBy(Answering: typeof Inquiries): Inquiries {
    this.asked ??= new Answering(this.sim.meta, this.store, this.travel, () => this.sim.now);
    return this.asked;
  }

  /** Runs on for about `ms`. */
  slice(ms: number): void {
    const begin = performance.now();
    let now = begin;
    while (this.more && now - begin < ms) {
      this.more = this.sim.run({ steps: SLICE_STEPS });
      if (this.sim.events >= this.travel.nextKeyframe && this.more) {
        this.takeIn();
        this.travel.keyframe(this.sim, this.last);
      }
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
    if (this.taken === 0 && chunk.first < this.store.maxRecords)
      this.seen[chunk.first / CHUNK_RECORDS] ??= this.last.copy();
    this.last.add(chunk, this.taken, chunk.count);
    this.moves.live(chunk, this.taken, chunk.count);
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
        message: cycle.map(cycleSentence).join('; '),
        event: this.sim.events - 1,
        causes: this.ledToDeadlock(cycle),
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

  /** Per thread of a cycle: how it came to hold the lock that another one of them asks for, and for which it asked. */
  private ledToDeadlock(cycle: readonly CycleReport[]): EventIdx[] {
    const { threads } = this.sim.meta;
    const indexOf = (name: string): number => threads.findIndex((thread) => thread.name === name);
    const ids = cycle.flatMap(({ thread, heldBy }) => {
      const end = this.store.count;
      const asked = this.store.find(end, 'previous', { thread: indexOf(thread), kind: Kind.LOCK_REQUEST });
      const object = this.store.record(asked)?.object;
      if (object === undefined) return [];
      const granted = { thread: indexOf(heldBy), kind: Kind.LOCK_GRANT, object };
      return [asked, this.store.find(end, 'previous', granted)];
    });
    return [...new Set(ids)].filter((id) => id !== NO_RECORD).sort((a, b) => a - b);
  }

  /** Begins to move the playhead; the run goes on undisturbed. The answer comes from `seek`. */
  move(run: number, seq: number, move: Move): void {
    this.moves.begin(run, seq, move);
  }

  /** Goes on with the move under way for about `ms`; its answer when it is over. `paused`: the run does not go on. */
  seek(ms: number, paused: boolean): Response | null {
    return this.moves.work(ms, { ended: !this.more, paused });
  }

  /** True while a move is under way and has something to do before the run has gone on. */
  get seeking(): boolean {
    return this.moves.active && this.moves.searching()?.waiting !== true;
  }

  /** Ends the move under way where it began, with its answer. */
  cancel(): Response | null {
    return this.moves.cancel();
  }

  /** How far a search has got, null when none is under way. */
  searching(): Response | null {
    return this.moves.searching();
  }

  /** Records [from, to), at most 1,000. */
  records(from: EventIdx, to: EventIdx): Told[] {
    return this.moves.records(from, Math.min(to, from + MAX_RECORDS));
  }
}
