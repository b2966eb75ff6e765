import type { Ns, TraceMeta } from '../event/index.ts';
import type { Openings, Pause, TraceStore } from '../trace/index.ts';
import type { Answer } from './protocol.ts';
import type { TimeTravel } from './travel.ts';

/** What an inquiry may look at. */
export interface Sources {
  readonly meta: TraceMeta;
  readonly store: TraceStore;
  readonly travel: TimeTravel;
  readonly openings: Openings;
  /** How far the run has got. */
  now(): Ns;
}

/** A question that takes several slices. Undefined: not done yet. */
export interface Inquiry {
  work(pause: Pause): Answer | undefined;
  /** How far it is, for those who wait. */
  progress?(): Answer;
}
