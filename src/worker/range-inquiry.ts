import type { EventIdx, Ns } from '../event/index.ts';
import { Blame, feed, firstAt, type Pause, RangeStatistics } from '../trace/index.ts';
import type { Inquiry, Sources } from './inquiry.ts';
import type { Answer, RangeAnswer } from './protocol.ts';

/** What a range holds, from the kept records. Past those it ends with them and says so. */
export class RangeInquiry implements Inquiry {
  private readonly sources: Sources;
  private readonly seq: number;
  private readonly from: Ns;
  private readonly to: Ns;
  private readonly whole: boolean;
  /** Ids of the first record and of the one behind the last. */
  private readonly first: EventIdx;
  private readonly end: EventIdx;
  private reader: RangeStatistics | Blame | null = null;
  private readonly what: 'statistics' | 'blame';

  constructor(sources: Sources, seq: number, from: Ns, to: Ns, what: 'statistics' | 'blame') {
    const { store } = sources;
    this.sources = sources;
    this.seq = seq;
    this.what = what;
    const kept = store.count === store.total ? Infinity : store.timeOf(store.count - 1);
    this.whole = to <= kept;
    this.from = Math.max(0, from);
    this.to = Math.max(this.from, Math.min(to, sources.now(), kept));
    this.first = firstAt(store, this.from);
    this.end = firstAt(store, Math.min(to, kept));
  }

  work(pause: Pause): Answer | undefined {
    const { store, meta, openings } = this.sources;
    if (this.reader === null) {
      const opening = openings.before(this.first, pause);
      if (opening === undefined) return undefined;
      this.reader =
        this.what === 'statistics'
          ? new RangeStatistics(meta, opening, this.from, this.to)
          : new Blame(meta, { opening, fromNs: this.from });
    }
    const { reader } = this;
    if (!feed(store, reader, this.end, pause)) return undefined;
    if (reader instanceof Blame) {
      reader.finish(this.to);
      return this.answer(1, { pairs: reader.pairs() });
    }
    reader.finish();
    return this.answer(1, { summary: reader.summary() });
  }

  progress(): Answer {
    const { store, openings } = this.sources;
    const read = this.reader?.next ?? openings.read;
    return this.answer(Math.min(1, read / Math.max(1, Math.min(this.end, store.count))), {});
  }

  private answer(done: number, part: Pick<RangeAnswer, 'summary' | 'pairs'>): Answer {
    const { seq, from, to, whole } = this;
    return { type: 'range', seq, from, to, whole, done, ...part };
  }
}
