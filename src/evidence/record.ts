import type { Ns } from '../event/index.ts';
import type { PageFaultPoint } from './page-fault1.ts';
import type { Prediction } from './prediction.ts';

/**
 * How sure a published figure is, as the fact sheets mark it: V read in the source, E an excerpt only, D derived from
 * what was read, M recalled.
 */
export type Mark = 'V' | 'E' | 'D' | 'M';

export type Sheet = 'munmap' | 'locks' | 'faults' | 'zone';

/** Where a figure stands. */
export interface Citation {
  /** Who published it, where and when. */
  readonly text: string;
  /** The project's fact sheet that has it, and the number of the section there. */
  readonly sheet: Sheet;
  readonly section: string;
  readonly mark: Mark;
}

/** What is measured; `unit` in words, such as 'seconds', 'per cent', 'faults per second'. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
}

/**
 * A figure as it was published, in the metric's unit. 'about' is taken as if it were exact, a range by its middle. Of
 * 'above' and 'below' no error can be told, only whether the simulated figure is on that side.
 */
export type Published =
  | { readonly kind: 'exact' | 'about' | 'above' | 'below'; readonly value: number }
  | { readonly kind: 'range'; readonly low: number; readonly high: number };

/** The settings of a run, by key, as `--set` takes them. */
export type Settings = Readonly<Record<string, string>>;

export interface LatencyFigures {
  readonly p50Ns: Ns | null;
  readonly p99Ns: Ns | null;
  readonly maxNs: Ns | null;
}

export interface DurationFigures extends LatencyFigures {
  readonly count: number;
  readonly totalNs: Ns;
}

export interface ModeFigures {
  readonly acquired: number;
  readonly wait: DurationFigures;
  readonly hold: DurationFigures;
}

/** A stretch of a syscall in which its thread held the process-wide lock in one way. */
export interface PhaseFigures {
  readonly mode: 'none' | 'read' | 'write';
  readonly startNs: Ns;
  readonly ns: Ns;
}

/** What an experiment may read: a part of what `run --json` prints. null where a run measured none. */
export interface RunReport {
  readonly outcome: string;
  readonly simulatedNs: Ns;
  readonly locks: readonly {
    readonly id: string;
    readonly label: string;
    readonly read: ModeFigures;
    readonly write: ModeFigures;
  }[];
  readonly faults: { readonly count: number; readonly perSec: number; readonly latency: LatencyFigures };
  /** By name; those that were called. */
  readonly syscalls: Readonly<Record<string, { readonly count: number; readonly latency: LatencyFigures }>>;
  /** By name of the syscall: how its phases held the process-wide lock, the first thousand of each. */
  readonly phases: Readonly<Record<string, readonly PhaseFigures[]>>;
  /** `named`: what the paths and the scenario count themselves, by name. */
  readonly counters: { readonly named: Readonly<Record<string, number>> };
  readonly threads: readonly {
    readonly name: string;
    readonly userNs: Ns;
    readonly kernelNs: Ns;
  }[];
}

/** How a figure comes out of what was measured. */
export interface Reading<Measurement> {
  readonly set: Settings;
  /** The figure, in the metric's unit (of a ratio: in any); null where there is none. */
  readonly read: (measured: Measurement) => number | null;
  /** The same in words. */
  readonly how: string;
  /**
   * The figure compares with a second run that has these settings instead of `set`: 'ratio' is set / against, 'change'
   * the same as a change in per cent, 'gain' what `set` gains over a third run, `base`, in per cent of what `against` does.
   */
  readonly against?:
    | { readonly set: Settings; readonly as: 'ratio' | 'change' }
    | { readonly set: Settings; readonly as: 'gain'; readonly base: Settings };
}

/** A scenario of the gallery, run to its end. */
export interface RunExperiment extends Reading<RunReport> {
  readonly kind: 'run';
  readonly scenario: string;
}

/** The scenario page-fault1, measured after its warm-up. */
export interface PageFaultExperiment extends Reading<PageFaultPoint> {
  readonly kind: 'page-fault1';
}

/** A workload of the gallery, run until its rate is steady. */
export interface PredictionExperiment extends Reading<Prediction> {
  readonly kind: 'prediction';
  /** Id of the workload. */
  readonly scenario: string;
}

export type Experiment = RunExperiment | PageFaultExperiment | PredictionExperiment;

/** One published figure, and the experiment that measures the same. */
export interface EvidenceRecord {
  /** Words between dots, from the general to the particular: whoever asks for 'batch' gets 'batch.lwn.53'. */
  readonly id: string;
  readonly title: string;
  readonly source: Citation;
  /** What the figure was measured on. */
  readonly measuredOn: string;
  /** Id of the machine that the experiment runs on. */
  readonly machine: string;
  /** What ran when it was measured. */
  readonly workload: string;
  readonly metric: Metric;
  readonly published: Published;
  readonly experiment: Experiment;
  /** What was there and the model does not have. */
  readonly leavesOut: string;
  /** How far the published figure, and the comparison with it, can be relied on. */
  readonly note: string;
  /** The model was fitted to this very figure, or its input chosen to reach it: agreement proves nothing. */
  readonly calibrated: boolean;
  /** What the source says about the figure, for a page that shows both. */
  readonly commentary?: readonly string[];
}
