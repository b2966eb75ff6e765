import type { EventIdx, Ns } from '../event/index.ts';
import type { LastSeen } from './goal.ts';

/** Keyframes over a run, at most. */
const MOST = 256;
/** Bytes that their differences take, at most. */
const MOST_BYTES = 32 * 2 ** 20;
/** Records between the first ones; doubled whenever they are thinned. */
const FIRST_SPACING = 16_384;
/** Worlds above this size are looked at less often: what they differ in takes its time to find. */
const LARGE = 8 * 2 ** 20;
/** 32-bit words that are kept together. */
const PAGE = 256;

/** A place of a run at which its state is kept. */
export interface Keyframe {
  readonly event: EventIdx;
  readonly t: Ns;
  /** What had been seen of every thread by then. */
  readonly seen: LastSeen;
  /** Pages in which the world differs from that of the keyframe before, and what stands in them. */
  readonly pages: Uint32Array;
  readonly words: Int32Array;
}

function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
}

/** The later one, with what the earlier one changed before it. */
function merged(earlier: Keyframe, later: Keyframe): Keyframe {
  const from = new Map<number, Int32Array>();
  for (const { pages, words } of [earlier, later]) {
    for (let i = 0; i < pages.length; i++) {
      from.set(pages[i] as number, words.subarray(i * PAGE, (i + 1) * PAGE));
    }
  }
  const words = new Int32Array(from.size * PAGE);
  let at = 0;
  for (const part of from.values()) {
    words.set(part, at);
    at += PAGE;
  }
  return { ...later, pages: Uint32Array.from(from.keys()), words };
}

/**
 * States of a world along a run: the first one in full, of every other what it changed. Thinned as the run grows, by
 * putting two and two together.
 */
export class Keyframes {
  /** Records between two keyframes. */
  spacing: number;
  private readonly base: Int32Array;
  /** The world at the last keyframe. */
  private readonly latest: Int32Array;
  private readonly changed: Uint32Array;
  private frames: Keyframe[];
  private patchBytes = 0;

  /** `world`: its bytes at the start of the run, a whole number of 32-bit words. */
  constructor(event: EventIdx, t: Ns, seen: LastSeen, world: Uint8Array) {
    this.base = wordsOf(world).slice();
    this.latest = this.base.slice();
    this.changed = new Uint32Array(Math.ceil(this.base.length / PAGE));
    this.frames = [{ event, t, seen: seen.copy(), pages: new Uint32Array(0), words: new Int32Array(0) }];
    this.spacing = FIRST_SPACING * Math.max(1, Math.ceil(world.byteLength / LARGE));
  }

  /** Bytes that they take. */
  get bytes(): number {
    return 2 * this.base.byteLength + this.patchBytes;
  }

  get list(): readonly Keyframe[] {
    return this.frames;
  }

  /** Records at which the next one is due. */
  get next(): EventIdx {
    return (this.frames.at(-1)?.event ?? 0) + this.spacing;
  }

  /** Keeps the state of a world. */
  add(event: EventIdx, t: Ns, seen: LastSeen, world: Uint8Array): void {
    const now = wordsOf(world);
    const count = this.compare(now);
    const pages = this.changed.slice(0, count);
    const words = new Int32Array(count * PAGE);
    pages.forEach((page, i) => {
      const part = now.subarray(page * PAGE, (page + 1) * PAGE);
      words.set(part, i * PAGE);
      this.latest.set(part, page * PAGE);
    });
    this.frames.push({ event, t, seen: seen.copy(), pages, words });
    this.patchBytes += words.byteLength;
    if (this.frames.length > MOST || this.patchBytes > MOST_BYTES) this.thin();
  }

  /** Lists the pages in which a world differs from the latest; how many there are. */
  private compare(now: Int32Array): number {
    const { latest, changed } = this;
    let count = 0;
    for (let page = 0, from = 0; from < now.length; page++, from += PAGE) {
      const end = Math.min(now.length, from + PAGE);
      let i = from;
      while (i < end && now[i] === latest[i]) i++;
      if (i < end) changed[count++] = page;
    }
    return count;
  }

  /** Every second one goes into the next; the first stays. */
  private thin(): void {
    this.spacing *= 2;
    const [first, ...others] = this.frames;
    const kept: Keyframe[] = first === undefined ? [] : [first];
    for (let i = 0; i < others.length; i += 2) {
      const [earlier, later] = [others[i], others[i + 1]];
      if (earlier !== undefined) kept.push(later === undefined ? earlier : merged(earlier, later));
    }
    this.frames = kept;
    this.patchBytes = kept.reduce((sum, { words }) => sum + words.byteLength, 0);
  }

  /** Writes the state at a keyframe over a world's bytes. */
  write(frame: Keyframe, world: Uint8Array): void {
    const to = wordsOf(world);
    to.set(this.base);
    for (const { pages, words, event } of this.frames) {
      if (event > frame.event) break;
      for (let i = 0; i < pages.length; i++) {
        const at = (pages[i] as number) * PAGE;
        const size = Math.min(PAGE, to.length - at);
        to.set(words.subarray(i * PAGE, i * PAGE + size), at);
      }
    }
  }
}
