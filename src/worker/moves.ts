import type { Simulation } from '../engine/index.ts';
import { type Chunk, type EventIdx, type EventRecord, type Ns, recordAt } from '../event/index.ts';
import { describe, NO_RECORD, type TraceStore } from '../trace/index.ts';
import { goalOf, type LastSeen } from './goal.ts';
import type { Move, Response, Unmoved } from './protocol.ts';
import { Search } from './search.ts';
import type { Place, TimeTravel } from './travel.ts';

/** A record with its sentence. */
export type Told = EventRecord & { readonly sentence: string };

type MomentResponse = Extract<Response, { type: 'moment' }>;
type SearchingResponse = Extract<Response, { type: 'searching' }>;

/** How far the run is that is moved in. */
export interface RunState {
  readonly ended: boolean;
  readonly paused: boolean;
}

/** A move that is under way: first a search, where one is needed, then the way to what it found. */
interface Underway {
  readonly run: number;
  readonly seq: number;
  readonly move: Move;
  readonly search: Search | null;
  place: Place | null;
}

/** The playhead of a session: where it is, and how it gets elsewhere, in slices. */
export class Moves {
  private readonly sim: Simulation;
  private readonly travel: TimeTravel;
  private readonly store: TraceStore;
  private readonly seen: readonly LastSeen[];
  private playhead: EventIdx = 0;
  private underway: Underway | null = null;

  /** `seen`: what was seen of every thread before each kept chunk. */
  constructor(sim: Simulation, travel: TimeTravel, store: TraceStore, seen: readonly LastSeen[]) {
    this.sim = sim;
    this.travel = travel;
    this.store = store;
    this.seen = seen;
  }

  get active(): boolean {
    return this.underway !== null;
  }

  /** Begins a move; `work` brings it to its end. One that is still under way must have been cancelled. */
  begin(run: number, seq: number, move: Move): void {
    const search = this.searchFor(move);
    const place = search === null ? this.placeOf(move) : null;
    this.underway = { run, seq, move, search, place };
  }

  /** Goes on with the move under way for about `ms`; its answer once it has come to its end. */
  work(ms: number, state: RunState): MomentResponse | null {
    const begin = performance.now();
    const { underway } = this;
    if (underway === null) return null;
    const { search } = underway;
    for (;;) {
      if (underway.place === null && search !== null) {
        const found = search.work(ms, state.ended);
        if (found === 'none') return this.answer('nothing');
        if (found === 'waits') return state.paused ? this.answer('paused') : null;
        if (found === 'more') return null;
        underway.place = { event: search.hit + 1 };
      }
      if (underway.place === null) return this.answer('nothing');
      if (!this.travel.approach(this.wayTo(underway.place), ms - (performance.now() - begin))) return null;
      const before = this.playhead;
      this.arrive(underway.place);
      const { move } = underway;
      if (search === null) return this.answer(this.playhead === before && isStep(move) ? 'nothing' : null);
      // A step may bring others with it: then this is where the playhead was already.
      if (goesBack(move) && this.playhead >= before) {
        this.playhead = before;
        search.reject();
        underway.place = null;
        continue;
      }
      return this.answer(null);
    }
  }

  /** Ends the move under way where it began. */
  cancel(): MomentResponse | null {
    return this.underway === null ? null : this.answer('cancelled');
  }

  /** How far the search under way has got; null when there is none. */
  searching(): SearchingResponse | null {
    const { underway } = this;
    if (underway === null || underway.search === null) return null;
    const { run, seq, search } = underway;
    return { type: 'searching', run, seq, event: search.event, waiting: search.waiting };
  }

  /** Takes in new records of the run. */
  live(chunk: Chunk, from: number, to: number): void {
    this.underway?.search?.live(chunk, from, to);
  }

  private tell(record: EventRecord): Told {
    return { ...record, sentence: describe(record, this.sim.meta) };
  }

  private searchFor(move: Move): Search | null {
    switch (move.to) {
      case 'step':
        if (move.by === 1 && move.thread === undefined && this.playhead < this.sim.events) return null;
        break;
      case 'contention':
      case 'violation':
      case 'until':
        break;
      default:
        return null;
    }
    const { store, travel, seen } = this;
    const { meta } = this.sim;
    const records = { store, travel, seen, threads: meta.threads.length };
    return new Search(records, goalOf(move, meta), move.by, this.playhead);
  }

  /** Where a move goes that needs no search. */
  private placeOf(move: Move): Place {
    const total = this.sim.events;
    switch (move.to) {
      case 'time':
        return { t: Math.min(move.t, this.sim.now) };
      case 'event':
        return { event: Math.max(0, Math.min(total, move.event)) };
      case 'start':
        return { event: 0 };
      case 'end':
        return { event: total };
      default: {
        const next = this.store.nextStepEnd(this.playhead - 1);
        return { event: next === NO_RECORD ? Math.min(total, this.playhead + 1) : next + 1 };
      }
    }
  }

  /** A time as the records up to it, as far as they are kept: on the way to a record snapshots are left behind. */
  private wayTo(place: Place): Place {
    if (place.t === undefined) return place;
    const event = this.store.idAtTime(place.t) + 1;
    return event < this.store.count || this.store.count === this.store.total ? { event } : place;
  }

  private arrive(place: Place): void {
    const { event } = this.wayTo(place);
    if (event !== undefined) this.playhead = this.travel.toEvent(event).events;
    if (place.t !== undefined) this.playhead = this.travel.toTime(place.t).events;
  }

  /** The answer to the move under way, which is over with it. */
  private answer(unmoved: Unmoved | null): MomentResponse | null {
    const { underway } = this;
    if (underway === null) return null;
    this.underway = null;
    const { run, seq, move } = underway;
    // A time between two records is a place as well; whoever did not move stays at it.
    const at =
      move.to === 'time'
        ? this.travel.toTime(Math.min(move.t, this.sim.now))
        : this.travel.toEvent(this.playhead);
    const moment = at.moment();
    const id = moment.event - 1;
    const record = this.store.record(id) ?? this.travel.record(id);
    return {
      type: 'moment',
      run,
      seq,
      moment,
      record: record === undefined ? null : this.tell(record),
      ordinal: record === undefined ? 0 : id - this.firstOf(id, record.t),
      moved: unmoved === null,
      ...(unmoved === null ? {} : { unmoved }),
    };
  }

  /** First record of the nanosecond in which a record stands. */
  private firstOf(id: EventIdx, t: Ns): EventIdx {
    let first = id;
    while ((this.store.record(first - 1) ?? this.travel.record(first - 1))?.t === t) first--;
    return first;
  }

  /** Records [from, to) of the run. Those that are not kept are executed again: ask only for such near the playhead. */
  records(from: EventIdx, to: EventIdx): Told[] {
    const list: Told[] = [];
    const { store } = this;
    for (let id = Math.max(0, from); id < Math.min(to, store.count); id++) {
      const record = store.record(id);
      if (record !== undefined) list.push(this.tell(record));
    }
    const first = Math.max(from, store.count);
    const end = Math.min(to, store.total);
    if (first >= end) return list;
    const replay = this.travel.replay(first, false, (chunk, start, stop) => {
      for (let i = Math.max(start, first - chunk.first); i < Math.min(stop, end - chunk.first); i++) {
        list.push(this.tell(recordAt(chunk, i)));
      }
    });
    replay.run(end);
    return list;
  }
}

function isStep(move: Move): boolean {
  return move.to === 'step';
}

function goesBack(move: Move): boolean {
  return 'by' in move && move.by === -1;
}
