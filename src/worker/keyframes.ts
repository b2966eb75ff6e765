import type { EventIdx, Ns } from '../event/index.ts';
import type { LastSeen } from './goal.ts';

/** Keyframes over a run, at most. */
const MOST = 1_024;
/** Bytes that their differences take, at most. */
const MOST_BYTES = 32 * 2 ** 20;
/** Records between the first ones; doubled whenever they are thinned. So many are executed again in a few ms. */
const FIRST_SPACING = 8_192;
/** Worlds above this size are looked at less often: what they differ in takes its time to find. */
const LARGE = 8 * 2 ** 20;
/** 32-bit words that are kept together. What changes is scattered: larger pages would keep more that did not. */
const PAGE = 16;

/** A place of a run at which its state is kept. */
export interface Keyframe {
  readonly event: EventIdx;
  readonly t: Ns;
  /** What had been seen of every thread by then. */
  readonly seen: LastSeen;
  /** Pages in which the world differs from that of the keyframe before, and what stands in them. */
  readonly pages: Uint32Array;
  readonly words: Int32Array;
  /** Pages that have ever changed by then. */
  readonly touched: number;
}

function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
}

/** Copies a page, of which the last one of a world may be shorter. */
function copyPage(from: Int32Array, at: number, to: Int32Array, target: number): void {
  const size = Math.min(PAGE, from.length - at, to.length - target);
  for (let k = 0; k < size; k++) to[target + k] = from[at + k] as number;
}

/** The later one, with what the earlier one changed before it. `mark` is scratch, zero for every page. */
function merged(earlier: Keyframe, later: Keyframe, mark: Uint8Array): Keyframe {
  for (const page of later.pages) mark[page] = 1;
  let more = 0;
  for (const page of earlier.pages) more += 1 - (mark[page] as number);
  const pages = new Uint32Array(later.pages.length + more);
  const words = new Int32Array(pages.length * PAGE);
  pages.set(later.pages);
  words.set(later.words);
  let at = later.pages.length;
  earlier.pages.forEach((page, i) => {
    if (mark[page] === 1) return;
    pages[at] = page;
    copyPage(earlier.words, i * PAGE, words, at * PAGE);
    at++;
  });
  for (const page of later.pages) mark[page] = 0;
  return { ...later, pages, words };
}

function bytesOf({ pages, words }: Keyframe): number {
  return pages.byteLength + words.byteLength;
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
  /** Per page: whether it has ever changed; how many have. */
  private readonly ever: Uint8Array;
  private touched = 0;
  /** Per page, for the moment; zero in between. */
  private readonly mark: Uint8Array;
  private frames: Keyframe[];
  private patchBytes = 0;

  /** `world`: its bytes at the start of the run, a whole number of 32-bit words. */
  constructor(event: EventIdx, t: Ns, seen: LastSeen, world: Uint8Array) {
    this.base = wordsOf(world).slice();
    this.latest = this.base.slice();
    this.changed = new Uint32Array(Math.ceil(this.base.length / PAGE));
    this.ever = new Uint8Array(this.changed.length);
    this.mark = new Uint8Array(this.changed.length);
    const nothing = { pages: new Uint32Array(0), words: new Int32Array(0), touched: 0 };
    this.frames = [{ event, t, seen: seen.copy(), ...nothing }];
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
      copyPage(now, page * PAGE, words, i * PAGE);
      copyPage(now, page * PAGE, this.latest, page * PAGE);
      this.touched += 1 - (this.ever[page] as number);
      this.ever[page] = 1;
    });
    const frame = { event, t, seen: seen.copy(), pages, words, touched: this.touched };
    this.frames.push(frame);
    this.patchBytes += bytesOf(frame);
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
      if (earlier !== undefined) kept.push(later === undefined ? earlier : merged(earlier, later, this.mark));
    }
    this.frames = kept;
    this.patchBytes = kept.reduce((sum, frame) => sum + bytesOf(frame), 0);
  }

  /** Writes the state at a keyframe over a world's bytes. */
  write(frame: Keyframe, world: Uint8Array): void {
    const to = wordsOf(world);
    to.set(this.base);
    const { mark, frames } = this;
    // Backwards, so that every page is written once, and only until all that ever changed are there.
    let left = frame.touched;
    for (let k = frames.indexOf(frame); k > 0 && left > 0; k--) {
      const { pages, words } = frames[k] as Keyframe;
      for (let i = 0; i < pages.length; i++) {
        const page = pages[i] as number;
        if (mark[page] === 1) continue;
        mark[page] = 1;
        left--;
        copyPage(words, i * PAGE, to, page * PAGE);
      }
    }
    mark.fill(0);
  }
}
