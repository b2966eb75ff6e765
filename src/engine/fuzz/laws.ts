import {
  type Chunk,
  Class,
  type EventRecord,
  Flag,
  isLock,
  Kind,
  MmLock,
  type ObjectId,
  recordAt,
} from '../../event/index.ts';

/** A lock of which threads hold different parts: there may be several writers. */
function isDivided(lock: ObjectId): boolean {
  return lock >>> 28 === Class.MM_LOCK && (lock & 0xff) === MmLock.RANGE_LOCK;
}

/** A lock as the records tell of it. */
interface Story {
  writer: number;
  /** Read holds by thread. */
  readonly readers: Map<number, number>;
  readonly waiting: Set<number>;
  demandedBy: number;
}

const NOBODY = -1;

function has(r: EventRecord, flag: number): boolean {
  return (r.flags & flag) !== 0;
}

function grant(s: Story, r: EventRecord): string {
  const waited = s.waiting.delete(r.thread);
  const demanded = s.demandedBy;
  s.demandedBy = NOBODY;
  if (has(r, Flag.CONTENDED) !== waited)
    return 'is granted to one that waited, or did not, unlike the flag says';
  if (demanded !== NOBODY && demanded !== r.thread)
    return `is granted past thread ${demanded}, which demanded it`;
  if (isDivided(r.object)) {
    s.readers.set(r.thread, (s.readers.get(r.thread) ?? 0) + 1);
    return '';
  }
  if (s.writer !== NOBODY) return `is granted while thread ${s.writer} writes`;
  if (has(r, Flag.WRITE)) {
    if (s.readers.size > 0) return 'is granted to a writer while others read';
    s.writer = r.thread;
  } else s.readers.set(r.thread, (s.readers.get(r.thread) ?? 0) + 1);
  return '';
}

function release(s: Story, r: EventRecord): string {
  if (!isDivided(r.object) && (has(r, Flag.WRITE) || r.kind === Kind.LOCK_DOWNGRADE)) {
    if (s.writer !== r.thread) return 'is given back by one that does not write';
    s.writer = NOBODY;
    if (r.kind === Kind.LOCK_DOWNGRADE) s.readers.set(r.thread, 1);
    return '';
  }
  const holds = s.readers.get(r.thread) ?? 0;
  if (holds === 0) return 'is given back by one that does not read';
  if (holds === 1) s.readers.delete(r.thread);
  else s.readers.set(r.thread, holds - 1);
  return '';
}

/** What a record does to the story of its lock; a sentence if it cannot be. */
function tell(s: Story, r: EventRecord): string {
  switch (r.kind) {
    case Kind.LOCK_REQUEST:
      if (s.waiting.has(r.thread)) return 'is asked for twice';
      s.waiting.add(r.thread);
      return '';
    case Kind.LOCK_GRANT:
      return grant(s, r);
    case Kind.LOCK_RELEASE:
    case Kind.LOCK_DOWNGRADE:
      return release(s, r);
    case Kind.LOCK_DEMAND:
      s.demandedBy = r.thread;
      return s.waiting.has(r.thread) ? '' : 'is demanded by one that does not wait';
    case Kind.LOCK_CANCEL:
      if (s.demandedBy === r.thread) s.demandedBy = NOBODY;
      return s.waiting.delete(r.thread) ? '' : 'is given up by one that does not wait';
    case Kind.LOCK_QUEUE:
      return s.waiting.has(r.thread) ? '' : 'has a sleeper that never asked';
    default:
      return '';
  }
}

/**
 * Reads a whole log as a view does, without the engine: times never fall, steps are closed, and the records of every
 * lock make sense one after the other. Returns the first sentence about what does not, or ''.
 */
export function brokenLaw(chunks: readonly Chunk[]): string {
  const locks = new Map<ObjectId, Story>();
  let last: EventRecord | undefined;
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.count; i++) {
      const r = recordAt(chunk, i);
      if (last !== undefined && r.t < last.t) return `record ${r.id} is earlier than the one before it`;
      if (last !== undefined && r.t > last.t && !has(last, Flag.STEP_END))
        return `time goes on within the step of record ${last.id}`;
      last = r;
      if (!isLock(r.object) || r.kind < Kind.LOCK_REQUEST || r.kind > Kind.LOCK_DEMAND) continue;
      let story = locks.get(r.object);
      if (story === undefined) {
        story = { writer: NOBODY, readers: new Map(), waiting: new Set(), demandedBy: NOBODY };
        locks.set(r.object, story);
      }
      const problem = tell(story, r);
      if (problem !== '') return `lock 0x${r.object.toString(16)} ${problem}: record ${r.id}`;
    }
  }
  if (last !== undefined && !has(last, Flag.STEP_END)) return 'the last step is not closed';
  return '';
}
