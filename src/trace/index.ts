export { type AreaPages, AreaSeries } from './area-series.ts';
export { type Area, AreaTracker } from './areas.ts';
export { Blame, type BlamePair } from './blame.ts';
export { type BlamedSpans, type BlameFilter, SpanCollector, spanFrom } from './blamed-spans.ts';
export type { FaultTotals, SyscallTotals } from './call-statistics.ts';
export { ChromeWriter } from './chrome.ts';
export { describe, threadName } from './describe.ts';
export { Histogram, type LogBin } from './histogram.ts';
export { Pyramid, type PyramidUpdate } from './intervals.ts';
export { type LockInterval, LockMode, LockRuns } from './lock-lane.ts';
export type { InstanceTotals, LockTotals, ModeTotals } from './lock-statistics.ts';
export { type Mark, MarkKind } from './mark-lane.ts';
export { NdjsonWriter, ndjson } from './ndjson.ts';
export { openingOfMoment } from './opening.ts';
export { feed, firstAt, Openings, type Pause } from './openings.ts';
export { MAX_PHASES, type Mode, type PhaseSpan } from './phases.ts';
export { PyramidReader } from './pyramid-reader.ts';
export { MOST_READ, type Occurring, PyramidView, type WaitedLocks } from './pyramid-view.ts';
export {
  type Distribution,
  type PhaseTime,
  type RangeLock,
  RangeStatistics,
  type RangeSummary,
} from './range-statistics.ts';
export * from './report.ts';
export { type SpanBin, spansOf, type ThreadSpan } from './span-bins.ts';
export { type Counters, Statistics, type Totals } from './statistics.ts';
export { type Direction, NO_RECORD, type RecordFilter, TraceStore } from './store.ts';
export type { StoryHold } from './story-holds.ts';
export { type Interval, Runs } from './thread-lane.ts';
export { StoryTeller, type WaitStory } from './wait-story.ts';
export type { Wake } from './wake-list.ts';
