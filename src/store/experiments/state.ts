import type { Ns } from '../../event/index.ts';
import type { Measured, Run } from '../../evidence/figure.ts';

/** What may be set beside machine, batch and seed: numbers as they are written, switches as true or false. */
export type Settings = Readonly<Record<string, string>>;

/** The experiment over the batch of the per-CPU lists, as the reader fills it in. */
export interface BatchForm {
  readonly machine: string;
  /** Values and ranges between commas, as they were typed. */
  readonly batches: string;
  /** How many, from 1 on. */
  readonly seeds: number;
  /** Only what differs from the published experiment. */
  readonly settings: Settings;
}

/** What the page of experiments shows. */
export type ExperimentsPart = 'batch' | 'evidence';

/** What came of a run. */
export type Outcome =
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly message: string };

/** How far a run is that is under way; its extent is not known before it has begun. */
export interface Underway {
  readonly now: Ns;
  readonly extentNs: Ns | null;
}

/** The slice of the page of experiments, which is fetched with that page. */
export interface Experiments {
  readonly form: BatchForm;
  readonly part: ExperimentsPart;
  /** By name of the run; kept whatever becomes of the form. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** What was asked for since nothing was under way last, by name. */
  readonly asked: readonly string[];
  readonly underway: ReadonlyMap<string, Underway>;
  /** Something is under way, or waits. */
  readonly busy: boolean;
  edit(change: Partial<Omit<BatchForm, 'settings'>>): void;
  /** Overrides a setting; null takes that back. */
  choose(key: string, value: string | null): void;
  show(part: ExperimentsPart): void;
  /** Does those of the runs that have no figures yet, behind what is under way. */
  measure(runs: readonly Run[]): void;
  /** Ends what is under way and drops what waits; figures that are there stay. */
  cancel(): void;
}
