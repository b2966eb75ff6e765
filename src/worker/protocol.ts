import type { EventIdx, EventRecord, Moment, Ns, ObjectId, ThreadIdx, TraceMeta } from '../event/index.ts';
import type { Diagnostic, Expectation, LineNotes, Step } from '../language/index.ts';
import type { BlamePair } from '../trace/blame.ts';
import type { BlamedSpans, BlameFilter } from '../trace/blamed-spans.ts';
import type { PyramidUpdate } from '../trace/intervals.ts';
import type { RangeSummary } from '../trace/range-statistics.ts';
import type { LogReport } from '../trace/report.ts';
import type { WaitStory } from '../trace/wait-story.ts';

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
  /** In force. */
  readonly value: number;
  /** What the scenario gives. */
  readonly given: number;
  readonly help: string;
  readonly kind: 'knob' | 'number';
}

/** What a run is followed to. A part that is left out stands for any. */
export type Condition =
  /** A thread does not get a lock at once. */
  | { readonly on: 'contended'; readonly lock?: ObjectId }
  /** A thread goes to sleep for a lock. */
  | { readonly on: 'blocks'; readonly thread?: ThreadIdx }
  /** A thread writes its first record at a line, or in what the line calls, after one elsewhere. */
  | { readonly on: 'line'; readonly file: string; readonly line: number; readonly thread?: ThreadIdx }
  | { readonly on: 'breaks'; readonly invariant?: ObjectId };

/**
 * Where the playhead goes. Every move is answered by a 'moment', a search that takes long by 'searching' meanwhile. A
 * search forward waits for the run; the next move, or 'cancel', ends it.
 */
export type Move =
  | { readonly to: 'event'; readonly event: EventIdx }
  | { readonly to: 'time'; readonly t: Ns }
  /** The next or previous atomic step of the run, or of one thread. */
  | { readonly to: 'step'; readonly by: 1 | -1; readonly thread?: number }
  /** The next or previous LOCK_REQUEST, for any lock or one. */
  | { readonly to: 'contention'; readonly by: 1 | -1; readonly lock?: ObjectId }
  | { readonly to: 'violation'; readonly by: 1 | -1 }
  | { readonly to: 'until'; readonly by: 1 | -1; readonly condition: Condition }
  | { readonly to: 'start' }
  | { readonly to: 'end' };

export type Request =
  /** Builds and begins to run, from the start; whatever ran before is dropped. */
  | { readonly type: 'load'; readonly run: number; readonly experiment: Experiment }
  /** Whether an experiment can be built; the run goes on meanwhile. */
  | {
      readonly type: 'check';
      readonly run: number;
      readonly seq: number;
      readonly experiment: Experiment;
    }
  /** Stops the run where it is (the trace so far stays); 'resume' goes on. */
  | { readonly type: 'pause'; readonly run: number }
  | { readonly type: 'resume'; readonly run: number }
  | { readonly type: 'move'; readonly run: number; readonly seq: number; readonly move: Move }
  /** Ends the search of this move; its 'moment' says so. */
  | { readonly type: 'cancel'; readonly run: number; readonly seq: number }
  /** Records [from, to), at most 1,000. */
  | {
      readonly type: 'records';
      readonly run: number;
      readonly seq: number;
      readonly from: EventIdx;
      readonly to: EventIdx;
    }
  /** Why a thread waits at a time; a new one takes the place of the one before. */
  | {
      readonly type: 'story';
      readonly run: number;
      readonly seq: number;
      readonly thread: ThreadIdx;
      readonly t: Ns;
    }
  /** Statistics of [from, to), or who blocked whom in it; a new one takes the place of the one before. */
  | {
      readonly type: 'range';
      readonly run: number;
      readonly seq: number;
      readonly from: Ns;
      readonly to: Ns;
      readonly what: 'statistics' | 'blame';
    }
  /** When the waits were that a cell of the matrix is about, over all that is kept; a new one takes its place. */
  | { readonly type: 'waits'; readonly run: number; readonly seq: number; readonly filter: BlameFilter };

/** Answers to 'story', 'range' and 'waits', as whoever finds them gives them. */
export type Answer =
  | {
      readonly type: 'story';
      readonly seq: number;
      readonly thread: ThreadIdx;
      readonly t: Ns;
      /** Null: it waits for no lock then. */
      readonly story: WaitStory | null;
    }
  | { readonly type: 'waits'; readonly seq: number; readonly waits: readonly BlamedSpans[] }
  | RangeAnswer;

/** What a range holds; while it is being worked out, only how far that is. */
export interface RangeAnswer {
  readonly type: 'range';
  readonly seq: number;
  /** The part of the range that has been recorded and is kept. */
  readonly from: Ns;
  readonly to: Ns;
  /** False where records in the range are not kept: then `to` is the end of those that are. */
  readonly whole: boolean;
  /** 0 to 1. */
  readonly done: number;
  readonly summary?: RangeSummary;
  readonly pairs?: readonly BlamePair[];
}

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
  /** Lines of every file at which a thread can write a record, in order: those that a run can be followed to. */
  readonly stops: Readonly<Record<string, readonly number[]>>;
  /** Per site of `meta.sites`: what a thread may hold when it comes to the line of this call, as bits of `Held`. */
  readonly held: Uint8Array;
  /** The steps of every line that takes several, one list for each call that reaches it. */
  readonly steps: readonly (readonly Step[])[];
  /** Names of the invariants that are watched at this grain. */
  readonly watched: readonly string[];
  /** A schedule fixes the interleaving, for the turns that it has. */
  readonly scheduled: boolean;
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

/** Why a move ended where it began: nothing further that way, cancelled, or the run that it waits for is paused. */
export type Unmoved = 'nothing' | 'cancelled' | 'paused';

export type Response =
  | { readonly type: 'ready'; readonly run: number; readonly info: ReadyInfo }
  /** The experiment cannot be built: its text, a key, a value, a size. */
  | { readonly type: 'refused'; readonly run: number; readonly diagnostics: readonly Diagnostic[] }
  /** What is wrong with an experiment that was asked about; empty: it can be built. */
  | {
      readonly type: 'check';
      readonly run: number;
      readonly seq: number;
      readonly diagnostics: readonly Diagnostic[];
    }
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
      /** Only with `moved` false. */
      readonly unmoved?: Unmoved;
    }
  /** A search has got to a record; `waiting`: it has seen all there is and waits for the run. */
  | {
      readonly type: 'searching';
      readonly run: number;
      readonly seq: number;
      readonly event: EventIdx;
      readonly waiting: boolean;
    }
  | {
      readonly type: 'records';
      readonly run: number;
      readonly seq: number;
      readonly records: readonly (EventRecord & { readonly sentence: string })[];
    }
  | (Answer & { readonly run: number })
  /** The engine threw: a defect of the program, told in words; the worker can load again. */
  | { readonly type: 'failed'; readonly run: number; readonly message: string };
