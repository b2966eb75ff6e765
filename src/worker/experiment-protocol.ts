import type { Ns } from '../event/index.ts';
import type { Measured, Run } from '../evidence/figure.ts';

/** To a worker: one run to do, from its start to its figures. It has one at a time; to end it, end the worker. */
export interface MeasureRequest {
  readonly task: number;
  readonly run: Run;
}

/** Every request is answered once by another than 'progress'. */
export type MeasureResponse =
  | { readonly type: 'progress'; readonly task: number; readonly now: Ns; readonly extentNs: Ns }
  | { readonly type: 'measured'; readonly task: number; readonly measured: Measured }
  /** There are no figures: the input's fault, or the engine threw. In words. */
  | { readonly type: 'failed'; readonly task: number; readonly message: string };
