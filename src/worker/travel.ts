import type { Simulation } from '../engine/index.ts';
import { chunkEnd, chunkOver, type EventIdx, type EventRecord, type Ns, recordAt } from '../event/index.ts';
import type { LastSeen } from './goal.ts';
import { Keyframes } from './keyframes.ts';
import { Replay, type Tap } from './replay.ts';

/** Snapshots just before the playhead, at most. */
const MAX_RING = 8;
/** Bytes that they may take beside the keyframes. */
const MAX_BYTES = 64 * 2 ** 20;
/** Records between two snapshots of the ring. */
const RING_SPACING = 1_024;
/** Records between two looks at the clock. */
const BLOCK = 2_048;

/** A place of a run: so many records, or a time. */
export type Place =
  | { readonly event: EventIdx; readonly t?: never }
  | { readonly t: Ns; readonly event?: never };

/** A snapshot in full. */
interface Snapshot {
  readonly event: EventIdx;
  readonly t: Ns;
  readonly bytes: Uint8Array;
}

/** The log is not kept: records overwrite one chunk, which says truly which ones it holds. */
function tellNobody(seeker: Simulation): void {
  seeker.sink = (full) => chunkOver(full.buffer, chunkEnd(full), 0);
}

/**
 * Time travel by keyframe and re-execution. The running simulation leaves keyframes behind, thinned as the run grows;
 * a second world goes back to the nearest one and runs on to the wanted place, so the run itself is never disturbed.
 * Buffers are used again.
 */
export class TimeTravel {
  private readonly seeker: Simulation;
  private readonly frames: Keyframes;
  private readonly ring: Snapshot[] = [];
  private readonly maxRing: number;
  /** Raised whenever the seeker goes elsewhere: a replay that it was in the middle of is then void. */
  private trips = 0;
  /** First record that was executed since the seeker went back. */
  private executed: EventIdx = 0;
  /** Whoever wants so many records, or more up to those of the seeker, is where it stands: a step may write many. */
  private reach: EventIdx = Infinity;

  /** `seeker` is another simulation of the same scenario, still at its start, with `seen` of its threads. */
  constructor(seeker: Simulation, seen: LastSeen) {
    this.seeker = seeker;
    tellNobody(seeker);
    const { events, now, worldBytes } = seeker;
    this.maxRing = Math.max(1, Math.min(MAX_RING, Math.floor(MAX_BYTES / worldBytes) - 2));
    this.frames = new Keyframes(events, now, seen, seeker.snapshot());
  }

  /** Bytes that keyframes and ring take. */
  get bytes(): number {
    return this.frames.bytes + this.ring.length * this.seeker.worldBytes;
  }

  /** Records at which the running simulation should call `keyframe` next. */
  get nextKeyframe(): EventIdx {
    return this.frames.next;
  }

  /** Keeps the present state of the running simulation, of whose threads `seen` is known. */
  keyframe(running: Simulation, seen: LastSeen): void {
    running.engine.settle();
    this.frames.add(running.events, running.now, seen, running.engine.w.bytes);
  }

  /** A record just before the place where the seeker is, if it can still be read. */
  record(id: EventIdx): EventRecord | undefined {
    const { tail } = this.seeker;
    const known = id >= Math.max(tail.first, this.executed) && id < chunkEnd(tail);
    return known ? recordAt(tail, id - tail.first) : undefined;
  }

  /** Goes so near to a place that little is left for `toEvent` or `toTime`, for about `ms`; true when it is there. */
  approach(place: Place, ms: number): boolean {
    const s = this.seeker;
    const begin = performance.now();
    const { event = Infinity, t = Infinity } = place;
    // The last stretch is left to `toEvent`, which leaves snapshots behind on it.
    const near = event - RING_SPACING * this.maxRing;
    if (this.standsAt(event)) return true;
    const there = s.events <= event && s.now <= t ? s.events : -1;
    this.goBack((f) => f.event <= event && f.t <= t, there);
    while (s.events < near) {
      const wanted = Math.min(near, s.events + BLOCK);
      s.run({ untilNs: t, untilEvent: wanted });
      this.reach = wanted;
      if (s.events < wanted || s.events >= event) break;
      if (performance.now() - begin >= ms) return false;
    }
    return true;
  }

  /** The world at the last step end at or behind `wanted` records; call only for places the run has reached. */
  toEvent(wanted: EventIdx): Simulation {
    const s = this.seeker;
    // Before the first step there is nothing but the records of the areas' mappings.
    const first = this.frames.list[0]?.event ?? 0;
    const event = Math.max(wanted, first);
    if (this.standsAt(event)) return s;
    // From before it, so that its last record can be read.
    this.goBack((f) => f.event < event || f.event === first, event > s.events ? s.events : -1);
    // Leave snapshots behind on the last stretch: whoever steps back once will do so again.
    const ringFrom = event - RING_SPACING * this.maxRing;
    if (s.events < ringFrom) this.runTo(ringFrom);
    while (s.events < event) {
      this.runTo(Math.min(event, s.events + RING_SPACING));
      if (s.events < event) this.keep();
      if (s.ended) break;
    }
    return s;
  }

  private standsAt(event: EventIdx): boolean {
    const { events } = this.seeker;
    return event === events || (event >= this.reach && event < events);
  }

  private runTo(wanted: EventIdx): void {
    this.seeker.run({ untilEvent: wanted });
    this.reach = wanted;
  }

  /** The world at time `t`: everything that happens at it has happened. */
  toTime(t: Ns): Simulation {
    const s = this.seeker;
    this.goBack((f) => f.t <= t, s.now <= t ? s.events : -1);
    s.run({ untilNs: t });
    this.reach = Infinity;
    return s;
  }

  /**
   * Re-executes the run from a frame at or before record `event` on, and tells `tap` of its records; with `remembers`
   * from one that knows what was seen of every thread by then. Void as soon as the seeker goes anywhere else.
   */
  replay(event: EventIdx, remembers: boolean, tap: Tap): Replay {
    const { seeker } = this;
    const here = remembers || seeker.events > event ? -1 : seeker.events;
    const seen = this.goBack((f) => f.event <= event, here, !remembers);
    const { trips } = this;
    this.reach = Infinity;
    return new Replay(seeker, seen, tap, {
      valid: () => this.trips === trips,
      keep: () => this.keep(),
    });
  }

  /**
   * Goes to the latest keyframe that fits, or snapshot of the ring if that may be, unless the seeker stands at `here`
   * behind it already. What was seen of every thread there, if that is known.
   */
  private goBack(
    fits: (f: Pick<Snapshot, 'event' | 't'>) => boolean,
    here: EventIdx,
    ring = true,
  ): LastSeen | null {
    this.trips++;
    tellNobody(this.seeker);
    const frame = this.frames.list.findLast(fits);
    let near: Snapshot | null = null;
    for (const f of ring ? this.ring : []) {
      if (fits(f) && f.event > Math.max(here, near?.event ?? -1)) near = f;
    }
    const { engine } = this.seeker;
    if (near !== null && near.event >= (frame?.event ?? -1)) {
      this.seeker.restore(near.bytes);
      this.wentTo(near.event);
      return null;
    }
    if (frame === undefined || frame.event <= here) return null;
    this.frames.write(frame, engine.w.bytes);
    this.seeker.restore(engine.w.bytes);
    this.wentTo(frame.event);
    return frame.seen;
  }

  private wentTo(event: EventIdx): void {
    this.reach = Infinity;
    this.executed = event;
  }

  private keep(): void {
    const { events: event, now: t } = this.seeker;
    if (this.ring.some((f) => f.event === event)) return;
    const old = this.ring.length >= this.maxRing ? this.ring.shift() : undefined;
    this.ring.push({ event, t, bytes: this.seeker.snapshot(old?.bytes) });
  }
}
