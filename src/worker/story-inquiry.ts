import { Kind, type Ns, type ThreadIdx } from '../event/index.ts';
import { feed, NO_RECORD, openingOfMoment, type Pause, StoryTeller, type WaitStory } from '../trace/index.ts';
import type { Inquiry, Sources } from './inquiry.ts';
import type { Answer } from './protocol.ts';
import type { Replay } from './replay.ts';

/** Records that are executed again between two looks at the clock. */
const BLOCK = 2_048;
/** For how long the way to a place may be gone at a time, ms. */
const WAY_MS = 4;

/**
 * The story of the wait that a thread is in at a time. It is read from the kept records; where they end, the run is
 * executed again.
 */
export class StoryInquiry implements Inquiry {
  private readonly sources: Sources;
  private readonly seq: number;
  private readonly thread: ThreadIdx;
  private readonly t: Ns;
  private teller: StoryTeller | null = null;
  private replay: Replay | null = null;
  /** Time of the request, once it is known, where that record is not kept. */
  private since: Ns | null = null;

  constructor(sources: Sources, seq: number, thread: ThreadIdx, t: Ns) {
    this.sources = sources;
    this.seq = seq;
    this.thread = thread;
    this.t = t;
  }

  work(pause: Pause): Answer | undefined {
    if (this.teller === null) {
      const begun = this.isKept(this.since ?? this.t) ? this.begin(pause) : this.beginUnkept();
      if (begun !== 'begun') return begun === 'none' ? this.answer(null) : undefined;
    }
    const { teller } = this;
    const { store, now } = this.sources;
    if (teller === null) return undefined;
    while (!teller.over && teller.next < store.total) {
      if (teller.next >= store.count) this.execute(teller);
      else if (!feed(store, teller, store.count, pause)) return undefined;
      if (pause() && !teller.over) return undefined;
    }
    teller.finish(now());
    const story = teller.story();
    const fits =
      story !== null && (this.t < story.untilNs || story.end === 'waiting' || this.t === story.sinceNs);
    return this.answer(fits ? story : null);
  }

  private answer(story: WaitStory | null): Answer {
    return { type: 'story', seq: this.seq, thread: this.thread, t: this.t, story };
  }

  /** All records up to a time, and one behind it if there is any, are kept. */
  private isKept(t: Ns): boolean {
    const { store } = this.sources;
    return store.count === store.total || store.timeOf(store.count - 1) > t;
  }

  /** Finds the request among the kept records. */
  private begin(pause: Pause): 'begun' | 'more' | 'none' {
    const { store, meta, openings } = this.sources;
    const here = store.idAtTime(this.since ?? this.t) + 1;
    const request = store.find(here, 'previous', { thread: this.thread, kind: Kind.LOCK_REQUEST });
    if (request === NO_RECORD) return 'none';
    const opening = openings.before(request, pause);
    if (opening === undefined) return 'more';
    this.teller = new StoryTeller(meta, opening, request);
    return 'begun';
  }

  /** Asks the world when the wait began, and goes to just before that. */
  private beginUnkept(): 'begun' | 'more' | 'none' {
    const { travel, meta } = this.sources;
    const { thread } = this;
    const t = this.since === null ? this.t : this.since - 1;
    if (!travel.approach({ t }, WAY_MS)) return 'more';
    const moment = travel.toTime(t).moment();
    if (this.since === null) {
      const wait = moment.threads?.find((m) => m.thread === thread)?.waitsFor;
      if (wait === undefined) return 'none';
      this.since = wait.sinceNs;
      return 'more';
    }
    this.teller = new StoryTeller(meta, openingOfMoment(moment), { thread, t: this.since });
    return 'begun';
  }

  /** Executes a block of records again that are not kept. */
  private execute(teller: StoryTeller): void {
    const { travel, store } = this.sources;
    if (this.replay === null || !this.replay.valid) {
      this.replay = travel.replay(teller.next, false, (chunk, from, to) => {
        const start = Math.max(from, teller.next - chunk.first);
        if (start < to) teller.add(chunk, start, to);
      });
    }
    const { replay } = this;
    replay.run(Math.min(store.total, replay.events + BLOCK));
  }
}
