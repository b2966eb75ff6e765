import type { Ns, ThreadIdx, TraceMeta } from '../event/index.ts';
import { type BlameFilter, Openings, type TraceStore } from '../trace/index.ts';
import type { Inquiry, Sources } from './inquiry.ts';
import type { Answer, Request } from './protocol.ts';
import { RangeInquiry } from './range-inquiry.ts';
import { StoryInquiry } from './story-inquiry.ts';
import type { TimeTravel } from './travel.ts';
import { WaitsInquiry } from './waits-inquiry.ts';

/** Time between two messages about how far a range has got. */
const TELL_MS = 200;

/**
 * Questions about the log beside the run: one wait, one range, and the waits of one filter, at a time. A new one takes the
 * place of the one before it of its sort, which is then not answered.
 */
export class Inquiries {
  private readonly sources: Sources;
  private story: Inquiry | null = null;
  private range: Inquiry | null = null;
  private waits: Inquiry | null = null;
  private told = 0;

  constructor(meta: TraceMeta, store: TraceStore, travel: TimeTravel, now: () => Ns) {
    this.sources = { meta, store, travel, openings: new Openings(store), now };
  }

  /** Why a thread waits at a time. */
  askStory(seq: number, thread: ThreadIdx, t: Ns): void {
    this.story = new StoryInquiry(this.sources, seq, thread, t);
  }

  /** Statistics of a range, or who blocked whom in it. */
  askRange({ seq, from, to, what }: Pick<Request & { type: 'range' }, 'seq' | 'from' | 'to' | 'what'>): void {
    this.range = new RangeInquiry(this.sources, seq, from, to, what);
    this.told = performance.now();
  }

  /** When the waits were that a filter means. */
  askWaits(seq: number, filter: BlameFilter): void {
    this.waits = new WaitsInquiry(this.sources, seq, filter);
  }

  /** True while there is something to do. */
  get busy(): boolean {
    return this.story !== null || this.range !== null || this.waits !== null;
  }

  /** Goes on for about `ms`; gives what there is to say. */
  work(ms: number): Answer[] {
    const end = performance.now() + ms;
    const pause = (): boolean => performance.now() >= end;
    const answers: Answer[] = [];
    const story = this.story?.work(pause);
    if (story !== undefined) {
      this.story = null;
      answers.push(story);
    }
    if (pause()) return answers;
    const waits = this.waits?.work(pause);
    if (waits !== undefined) {
      this.waits = null;
      answers.push(waits);
    }
    if (this.range === null || pause()) return answers;
    const range = this.range.work(pause);
    if (range !== undefined) {
      this.range = null;
      answers.push(range);
    } else if (performance.now() - this.told >= TELL_MS) {
      this.told = performance.now();
      const how = this.range.progress?.();
      if (how !== undefined) answers.push(how);
    }
    return answers;
  }
}
