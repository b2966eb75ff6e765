import type { Simulation } from '../engine/index.ts';
import type { EventIdx, Ns } from '../event/index.ts';

/** Full keyframes over a run, at most. */
const MAX_KEYFRAMES = 16;
/** Snapshots just before the playhead, at most. */
const MAX_RING = 8;
const MAX_BYTES = 96 * 2 ** 20;
/** Records between the first keyframes; doubled whenever they are thinned. */
const FIRST_SPACING = 16_384;
/** Records between two snapshots of the ring. */
const RING_SPACING = 1_024;

interface Frame {
  event: EventIdx;
  t: Ns;
  bytes: Uint8Array;
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

  /** `seeker` is another simulation of the same scenario, still at its start. */
  constructor(seeker: Simulation) {
    this.seeker = seeker;
    seeker.discardLog();
    const fit = Math.floor(MAX_BYTES / seeker.worldBytes);
    this.maxRing = Math.max(1, Math.min(MAX_RING, Math.floor(fit / 3)));
    this.maxFrames = Math.max(2, Math.min(MAX_KEYFRAMES, fit - this.maxRing));
    this.frames.push({ event: seeker.events, t: seeker.now, bytes: seeker.snapshot() });
  }

  /** Bytes that keyframes and ring take. */
  get bytes(): number {
    return (this.frames.length + this.ring.length + this.spare.length) * this.seeker.worldBytes;
  }

  /** Records at which the running simulation should call `keyframe` next. */
  get nextKeyframe(): EventIdx {
    return (this.frames.at(-1)?.event ?? 0) + this.spacing;
  }

  /** Keeps the present state of the running simulation. */
  keyframe(running: Simulation): void {
    if (this.frames.length === this.maxFrames) {
      this.spacing *= 2;
      // Every second one goes; the first stays.
      for (let i = this.frames.length - 1; i > 0; i -= 2) {
        const [gone] = this.frames.splice(i % 2 === 1 ? i : i - 1, 1);
        if (gone !== undefined) this.spare.push(gone.bytes);
      }
      if (running.events < this.nextKeyframe) return;
    }
    this.frames.push({ event: running.events, t: running.now, bytes: running.snapshot(this.spare.pop()) });
  }

  /** The world at the last step end at or behind `wanted` records; call only for places the run has reached. */
  toEvent(wanted: EventIdx): Simulation {
    const s = this.seeker;
    // Before the first step there is nothing but the records of the areas' mappings.
    const event = Math.max(wanted, this.frames[0]?.event ?? 0);
    if (event === s.events) return s;
    this.goBack((f) => f.event <= event, event > s.events ? s.events : -1);
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

  /** The place of the step before the one that ends at `event` records; the start if there is none. */
  stepBefore(event: EventIdx): EventIdx {
    const s = this.seeker;
    this.goBack((f) => f.event < event, -1);
    let last = s.events;
    while (s.events < event && !s.ended) {
      last = s.events;
      s.run({ untilEvent: s.events + 1 });
    }
    return last;
  }

  /** Restores the latest frame that fits, unless the seeker stands at `here` behind it already. */
  private goBack(fits: (f: Frame) => boolean, here: EventIdx): void {
    let best: Frame | undefined;
    for (const f of [...this.frames, ...this.ring]) {
      if (fits(f) && (best === undefined || f.event > best.event)) best = f;
    }
    if (best !== undefined && best.event > here) this.seeker.restore(best.bytes);
  }

  private keep(): void {
    const { events: event, now: t } = this.seeker;
    if (this.ring.some((f) => f.event === event)) return;
    const old = this.ring.length >= this.maxRing ? this.ring.shift() : undefined;
    this.ring.push({ event, t, bytes: this.seeker.snapshot(old?.bytes ?? this.spare.pop()) });
  }
}
