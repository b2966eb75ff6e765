import type { Ns } from '../event/index.ts';
import { SegmentList } from './list.ts';
import { SEGMENT, SEGMENT_BITS, type WakeSegment, wakeSegment } from './segments.ts';

/** A thread was woken by another one. */
export interface Wake {
  readonly t: Ns;
  readonly by: number;
}

/** The wake-ups of one thread. */
export class WakeList extends SegmentList<WakeSegment> {
  constructor() {
    super(wakeSegment);
  }

  append(t: Ns, by: number): void {
    this.push(t).thread[(this.count - 1) & (SEGMENT - 1)] = by;
  }

  /** Wake-ups in [t0, t1), in order; of those closer than `gap` to the one before only the first. */
  between(t0: Ns, t1: Ns, gap: Ns): Wake[] {
    const list: Wake[] = [];
    let i = this.indexAt(t0);
    if (i < 0 || this.startOf(i) < t0) i++;
    while (i < this.count) {
      const t = this.startOf(i);
      if (t >= t1) break;
      list.push({ t, by: this.segments[i >>> SEGMENT_BITS].thread[i & (SEGMENT - 1)] });
      const next = gap > 0 ? this.advance(i, t + gap) : i;
      i = Math.max(i, next) + 1;
    }
    return list;
  }
}
