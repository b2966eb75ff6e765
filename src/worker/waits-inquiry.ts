import type { EventIdx, Ns } from '../event/index.ts';
import { Blame, type BlameFilter, feed, type Pause, SpanCollector } from '../trace/index.ts';
import type { Inquiry, Sources } from './inquiry.ts';
import type { Answer } from './protocol.ts';

/** When the waits were that a filter means, from the first record to the last that is kept. */
export class WaitsInquiry implements Inquiry {
  private readonly sources: Sources;
  private readonly seq: number;
  /** Behind the last record that is read, and the time up to which they tell what was. */
  private readonly end: EventIdx;
  private readonly until: Ns;
  private readonly spans: SpanCollector;
  private readonly reader: Blame;

  constructor(sources: Sources, seq: number, filter: BlameFilter) {
    this.sources = sources;
    this.seq = seq;
    const { store, now } = sources;
    this.end = store.count;
    this.until = store.count === store.total ? now() : store.timeOf(store.count - 1);
    this.spans = new SpanCollector(filter);
    this.reader = new Blame(sources.meta, undefined, this.spans);
  }

  work(pause: Pause): Answer | undefined {
    if (!feed(this.sources.store, this.reader, this.end, pause)) return undefined;
    this.reader.finish(this.until);
    return { type: 'waits', seq: this.seq, waits: this.spans.spans() };
  }
}
