import { CHUNK_RECORDS, type Chunk, type EventIdx } from '../event/index.ts';
import { Follower, type FollowSink } from './follower.ts';
import type { Opening } from './opening.ts';
import { type LogBuilder, testMeta } from './testing.ts';

/** For tests of what reads a part of a log. */

const nothing = (): void => {};
const DEAF: FollowSink = {
  waits: nothing,
  waited: nothing,
  holds: nothing,
  held: nothing,
  changed: nothing,
  moving: nothing,
  called: nothing,
  phased: nothing,
  faulted: nothing,
  faultedOften: nothing,
};

/** What is under way before the record with this id; read from the start, or from another opening. */
export function openingAt(log: LogBuilder, id: EventIdx, from?: Opening): Opening {
  const follower = new Follower(testMeta(), DEAF);
  if (from !== undefined) follower.open(from);
  feedPart(log, follower, id);
  return follower.opening();
}

/** Feeds a reader from where it stands up to a record, that one not included. */
export function feedPart(
  log: LogBuilder,
  reader: { readonly next: EventIdx; add(chunk: Chunk, from: number, to: number): void },
  to: EventIdx,
): void {
  while (reader.next < to) {
    const chunk = log.chunks[Math.floor(reader.next / CHUNK_RECORDS)];
    const from = reader.next - chunk.first;
    reader.add(chunk, from, Math.min(to - chunk.first, from + 300, CHUNK_RECORDS));
  }
}

/** A part of a log, and a record at or before its beginning where reading may begin. */
export interface Part {
  readonly fromNs: number;
  readonly toNs: number;
  readonly openAt: EventIdx;
}

/** Chooses a part by three numbers from 0 to 1; most parts begin and end with a record, where mistakes are made. */
export function partOf(log: LogBuilder, a: number, b: number, c: number): Part {
  const records = log.records();
  const pick = (share: number, least: number): number => {
    const near = records[least + Math.floor((records.length - least) * share)]?.t ?? log.t;
    return near + [0, 0, 1, 9][Math.floor(share * 1000) % 4];
  };
  const fromNs = a < 0.1 ? 0 : pick(a * 0.9, 0);
  const before = records.filter(({ t }) => t < fromNs).length;
  const toNs = Math.max(fromNs + 1, pick(b, before));
  // Just before the part, a little before it, or anywhere.
  const back = c < 0.3 ? 0 : c < 0.7 ? Math.floor(c * 40) : Math.floor(before * c);
  return { fromNs, toNs, openAt: Math.max(0, before - back) };
}
