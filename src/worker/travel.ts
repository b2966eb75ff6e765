import type { Simulation } from '../engine/index.ts';
import { chunkEnd, chunkOver, type EventIdx, type EventRecord, type Ns, recordAt } from '../event/index.ts';
import type { LastSeen } from './goal.ts';
import { Replay, type Tap } from './replay.ts';

/** Full keyframes over a run, at most. */
const MAX_KEYFRAMES = 16;
/** Snapshots just before the playhead, at most. */
const MAX_RING = 8;
const MAX_BYTES = 96 * 2 ** 20;
/** Records between the first keyframes; doubled whenever they are thinned. */
const FIRST_SPACING = 16_384;
/** Records between two snapshots of the ring. */
const RING_SPACING = 1_024;
/** Records between two looks at the clock. */
const BLOCK = 2_048;

/** A place of a run: so many records, or a time. */
export type Place =
  | { readonly event: EventIdx; readonly t?: never }
  | { readonly t: Ns; readonly event?: never };

interface Frame {
  event: EventIdx;
  t: Ns;
  bytes: Uint8Array;
  /** What had been seen of every thread; null in the ring. */
  seen: LastSeen | null;
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
  private readonly frames: Frame[] = [];
  private readonly ring: Frame[] = [];
  private readonly spare: Uint8Array[] = [];
  private readonly maxFrames: number;
  private readonly maxRing: number;
  private spacing = FIRST_SPACING;
  /** Raised whenever the seeker goes elsewhere: a replay that it was in the middle of is then void. */
  private trips = 0;
  /** First record that was executed since the seeker went back. */
  private executed: EventIdx = 0;

  /** `seeker` is another simulation of the same scenario, still at its start, with `seen` of its threads. */
  constructor(seeker: Simulation, seen: LastSeen) {
    this.seeker = seeker;
    tellNobody(seeker);
    const fit = Math.floor(MAX_BYTES / seeker.worldBytes);
    this.maxRing = Math.max(1, Math.min(MAX_RING, Math.floor(fit / 3)));
    this.maxFrames = Math.max(2, Math.min(MAX_KEYFRAMES, fit - this.maxRing));
    this.frames.push({ event: seeker.events, t: seeker.now, bytes: seeker.snapshot(), seen });
  }

  /** Bytes that keyframes and ring take. */
  get bytes(): number {
    return (this.frames.length + this.ring.length + this.spare.length) * this.seeker.worldBytes;
  }

  /** Records at which the running simulation should call `keyframe` next. */
  get nextKeyframe(): EventIdx {
    return (this.frames.at(-1)?.event ?? 0) + this.spacing;
  }

  /** Keeps the present state of the running simulation, of whose threads `seen` is known. */
  keyframe(running: Simulation, seen: LastSeen): void {
    if (this.frames.length === this.maxFrames) {
      this.spacing *= 2;
      // Every second one goes; the first stays.
      for (let i = this.frames.length - 1; i > 0; i -= 2) {
        const [gone] = this.frames.splice(i % 2 === 1 ? i : i - 1, 1);
        if (gone !== undefined) this.spare.push(gone.bytes);
      }
      if (running.events < this.nextKeyframe) return;
    }
    const bytes = running.snapshot(this.spare.pop());
    this.frames.push({ event: running.events, t: running.now, bytes, seen: seen.copy() });
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
    const there = s.events <= event && s.now <= t ? s.events : -1;
    this.goBack((f) => f.event <= event && f.t <= t, there);
    while (s.events < near) {
      const wanted = Math.min(near, s.events + BLOCK);
      s.run({ untilNs: t, untilEvent: wanted });
      if (s.events < wanted) break;
      if (performance.now() - begin >= ms) return false;
    }
    return true;
  }

  /** The world at the last step end at or behind `wanted` records; call only for places the run has reached. */
  toEvent(wanted: EventIdx): Simulation {
    const s = this.seeker;
    // Before the first step there is nothing but the records of the areas' mappings.
    const first = this.frames[0]?.event ?? 0;
    const event = Math.max(wanted, first);
    if (event === s.events) return s;
    // From before it, so that its last record can be read.
    this.goBack((f) => f.event < event || f.event === first, event > s.events ? s.events : -1);
    // Leave snapshots behind on the last stretch: whoever steps back once will do so again.
    const ringFrom = event - RING_SPACING * this.maxRing;
    if (s.events < ringFrom) s.run({ untilEvent: ringFrom });
    while (s.events < event) {
      s.run({ untilEvent: Math.min(event, s.events + RING_SPACING) });
      if (s.events < event) this.keep();
      if (s.ended) break;
    }
    return s;
  }

  /** The world at time `t`: everything that happens at it has happened. */
  toTime(t: Ns): Simulation {
    const s = this.seeker;
    this.goBack((f) => f.t <= t, s.now <= t ? s.events : -1);
    s.run({ untilNs: t });
    return s;
  }

  /**
   * Re-executes the run from a frame at or before record `event` on, and tells `tap` of its records; with `remembers`
   * from one that knows what was seen of every thread by then. Void as soon as the seeker goes anywhere else.
   */
  replay(event: EventIdx, remembers: boolean, tap: Tap): Replay {
    const { seeker } = this;
    const here = remembers || seeker.events > event ? -1 : seeker.events;
    const frame = this.goBack((f) => f.event <= event && (f.seen !== null || !remembers), here);
    const { trips } = this;
    return new Replay(seeker, frame?.seen ?? null, tap, {
      valid: () => this.trips === trips,
      keep: () => this.keep(),
    });
  }

  /** Restores the latest frame that fits and gives it, unless the seeker stands at `here` behind it already. */
  private goBack(fits: (f: Frame) => boolean, here: EventIdx): Frame | null {
    this.trips++;
    tellNobody(this.seeker);
    let best: Frame | null = null;
    for (const f of [...this.frames, ...this.ring]) {
      if (fits(f) && (best === null || f.event > best.event)) best = f;
    }
    if (best === null || best.event <= here) return null;
    this.seeker.restore(best.bytes);
    this.executed = best.event;
    return best;
  }

  private keep(): void {
    const { events: event, now: t } = this.seeker;
    if (this.ring.some((f) => f.event === event)) return;
    const old = this.ring.length >= this.maxRing ? this.ring.shift() : undefined;
    const bytes = this.seeker.snapshot(old?.bytes ?? this.spare.pop());
    this.ring.push({ event, t, bytes, seen: null });
  }
}
