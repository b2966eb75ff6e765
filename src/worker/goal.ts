import {
  type Chunk,
  Kind,
  type ObjectId,
  type SiteIdx,
  State,
  type ThreadIdx,
  type TraceMeta,
} from '../event/index.ts';
import type { Condition, Move } from './protocol.ts';

/** Any thread, kind or object. */
const ANY = -1;
const EVERY_STATE = 0xff;
const ASLEEP = (1 << State.WAIT_READ) | (1 << State.WAIT_WRITE);

/** A record that has what is given here; ANY where it does not matter. */
interface RecordGoal {
  readonly type: 'record';
  readonly thread: ThreadIdx;
  readonly kind: number;
  readonly object: ObjectId;
}

/** A thread comes to a place or into a state: its record is there, and its record before was not. */
interface ArrivalGoal {
  readonly type: 'arrival';
  readonly thread: ThreadIdx;
  /** By site: 1 where it counts; null: everywhere. */
  readonly sites: Uint8Array | null;
  /** Bit per state. */
  readonly states: number;
}

export type Goal = RecordGoal | ArrivalGoal;

function record(part: Partial<Omit<RecordGoal, 'type'>>): Goal {
  return { type: 'record', thread: ANY, kind: ANY, object: ANY, ...part };
}

/** Sites that stand at a line, or whose call stands there. */
function sitesAt(file: string, line: number, meta: TraceMeta): Uint8Array {
  const at = new Uint8Array(meta.sites.length);
  for (let site = 1; site < at.length; site++) {
    for (let s: SiteIdx = site; s !== 0; s = meta.sites[s]?.parent ?? 0) {
      if (meta.sites[s]?.line !== line || meta.sites[s]?.file !== file) continue;
      at[site] = 1;
      break;
    }
  }
  return at;
}

function goalOfCondition(condition: Condition, meta: TraceMeta): Goal {
  switch (condition.on) {
    case 'contended':
      return record({ kind: Kind.LOCK_REQUEST, object: condition.lock ?? ANY });
    case 'breaks':
      return record({ kind: Kind.VIOLATION, object: condition.invariant ?? ANY });
    case 'blocks':
      return { type: 'arrival', thread: condition.thread ?? ANY, sites: null, states: ASLEEP };
    case 'line':
      return {
        type: 'arrival',
        thread: condition.thread ?? ANY,
        sites: sitesAt(condition.file, condition.line, meta),
        states: EVERY_STATE,
      };
  }
}

/** What a move looks for. */
export function goalOf(
  move: Extract<Move, { to: 'step' | 'contention' | 'violation' | 'until' }>,
  meta: TraceMeta,
): Goal {
  switch (move.to) {
    case 'step':
      return record({ thread: move.thread ?? ANY });
    case 'contention':
      return record({ kind: Kind.LOCK_REQUEST, object: move.lock ?? ANY });
    case 'violation':
      return record({ kind: Kind.VIOLATION });
    case 'until':
      return goalOfCondition(move.condition, meta);
  }
}

/** Site and state of every thread's last record before some place of a log. */
export class LastSeen {
  readonly site: Uint32Array;
  readonly state: Uint8Array;

  constructor(threads: number) {
    this.site = new Uint32Array(threads);
    this.state = new Uint8Array(threads).fill(State.IDLE);
  }

  copy(): LastSeen {
    const copy = new LastSeen(this.site.length);
    copy.site.set(this.site);
    copy.state.set(this.state);
    return copy;
  }

  /** Goes on over records [from, to) of a chunk. */
  add(chunk: Chunk, from: number, to: number): void {
    const { site, state } = this;
    for (let i = from; i < to; i++) {
      const thread = chunk.thread[i] as number;
      if (thread >= site.length) continue;
      site[thread] = chunk.site[i] as number;
      state[thread] = (chunk.flags[i] as number) & 7;
    }
  }
}
