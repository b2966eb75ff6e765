import type { EventIdx, EventRecord, Moment, Ns, TraceMeta } from '../event/index.ts';
import type { Diagnostic, Expectation, LineNotes } from '../language/index.ts';
import type { PyramidUpdate } from '../trace/intervals.ts';
import type { LogReport } from '../trace/report.ts';

/** What to run: a gallery scenario by id, or a document's text with the name of the scenario in it. */
export interface Experiment {
  readonly scenario: string;
  /** Text of a document that the reader brought; absent for the gallery. */
  readonly text?: string;
  /** Overrides as `--set` and the URL spell them: key -> value text. */
  readonly set: Readonly<Record<string, string>>;
}

/** A choice that the page may offer, with its present value. */
export interface ParameterInfo {
  readonly key: string;
  readonly value: number;
  readonly help: string;
  readonly kind: 'knob' | 'number';
}

/** Where the playhead goes. Every move is answered by a 'moment'. */
export type Move =
  | { readonly to: 'event'; readonly event: EventIdx }
  | { readonly to: 'time'; readonly t: Ns }
  /** The next or previous atomic step of the run, or of one thread. */
  | { readonly to: 'step'; readonly by: 1 | -1; readonly thread?: number }
  /** The next or previous LOCK_REQUEST. */
  | { readonly to: 'contention'; readonly by: 1 | -1 }
  | { readonly to: 'violation'; readonly by: 1 | -1 }
  | { readonly to: 'start' }
  | { readonly to: 'end' };

export type Request =
  /** Builds and begins to run, from the start; whatever ran before is dropped. */
  | { readonly type: 'load'; readonly run: number; readonly experiment: Experiment }
  /** Stops the run where it is (the trace so far stays); 'resume' goes on. */
  | { readonly type: 'pause'; readonly run: number }
  | { readonly type: 'resume'; readonly run: number }
  | { readonly type: 'move'; readonly run: number; readonly seq: number; readonly move: Move }
  /** Records [from, to), at most 1,000. */
  | {
      readonly type: 'records';
      readonly run: number;
      readonly seq: number;
      readonly from: EventIdx;
      readonly to: EventIdx;
    };

/** Everything the page needs to know of an experiment before its first record. */
export interface ReadyInfo {
  readonly meta: TraceMeta;
  readonly title: string;
  readonly expect: Expectation | null;
  /** Resolved choices: munmap, fault, mmapLock, alloc, machine, seed, grain. */
  readonly choices: Readonly<Record<string, string>>;
  readonly hypothetical: readonly string[];
  readonly parameters: readonly ParameterInfo[];
  readonly custom: readonly string[];
  /** Text and line notes of every file that sites refer to. */
  readonly texts: Readonly<Record<string, string>>;
  readonly notes: Readonly<Record<string, LineNotes>>;
  /** Names of the invariants that are watched at this grain. */
  readonly watched: readonly string[];
}

export interface Progress {
  readonly events: EventIdx;
  readonly now: Ns;
  /** Records that the worker still keeps; older runs keep all, longer ones the first part. */
  readonly kept: EventIdx;
  readonly ended: boolean;
  readonly verdict: 'running' | 'pass' | 'violation' | 'deadlock' | 'stuck' | 'limit';
  readonly eventsPerSec: number;
}

/** One finding, in words, with the records to jump to. */
export interface Finding {
  readonly kind: 'violation' | 'deadlock' | 'stuck' | 'limit';
  readonly title: string;
  readonly message: string;
  readonly event: EventIdx;
  readonly causes: readonly EventIdx[];
}

export type Response =
  | { readonly type: 'ready'; readonly run: number; readonly info: ReadyInfo }
  /** The experiment cannot be built: its text, a key, a value, a size. */
  | { readonly type: 'refused'; readonly run: number; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly type: 'progress';
      readonly run: number;
      readonly progress: Progress;
      readonly pyramid: PyramidUpdate;
    }
  /** Statistics so far; the last one comes when the run ended, with its hash. */
  | {
      readonly type: 'report';
      readonly run: number;
      readonly report: LogReport;
      readonly findings: readonly Finding[];
      readonly hash: string | null;
    }
  | {
      readonly type: 'moment';
      readonly run: number;
      readonly seq: number;
      readonly moment: Moment;
      /** The record at the playhead (the last one written), with its sentence; null at the very start. */
      readonly record: (EventRecord & { readonly sentence: string }) | null;
      /** Place among the records of the same nanosecond, from 0. */
      readonly ordinal: number;
      /** False when there was nothing further that way: the moment is where it was. */
      readonly moved: boolean;
    }
  | {
      readonly type: 'records';
      readonly run: number;
      readonly seq: number;
      readonly records: readonly (EventRecord & { readonly sentence: string })[];
    }
  /** The engine threw: a defect of the program, told in words; the worker can load again. */
  | { readonly type: 'failed'; readonly run: number; readonly message: string };
