import type { EventIdx, EventRecord, Moment, Ns } from '../event/index.ts';
import type { Diagnostic } from '../language/index.ts';
import type { LinkState } from '../scenario/link.ts';
import type { GalleryTitle } from '../scenario/titles.ts';
import type { LogReport, PyramidReader } from '../trace/index.ts';
import type {
  Condition,
  Experiment,
  Finding,
  Move,
  Progress,
  ReadyInfo,
  Response,
  Unmoved,
} from '../worker/protocol.ts';
import type { Experiments } from './experiments/state.ts';
import type { FinderSlice } from './finder.ts';
import type { LinkNames } from './names.ts';
import type { Panes } from './panes.ts';
import type { TimelineSlice } from './timeline.ts';
import type { WhySlice } from './why.ts';

/** A time and the place among the records of that nanosecond, as links name a playhead. */
export interface Place {
  readonly t: Ns;
  readonly ordinal: number;
}

/** A span of simulated time, `from` < `to`. */
export interface Range {
  readonly from: Ns;
  readonly to: Ns;
}

/** A value that the reader typed or an entry that he picked, until it is known whether the experiment can be built with it. */
export interface Trial {
  /** Of a knob, number or kind of strategy; 'scenario' for another one in its place. */
  readonly key: string;
  readonly value: string;
  /** From a menu, which is closed by now: what is wrong with it is told above the page. */
  readonly picked?: boolean;
  readonly seq: number;
  /** What is wrong with it; null as long as nobody knows. */
  readonly problem: string | null;
}

export interface ExperimentSlice {
  /** What is asked for now; the run may still be building, or have been refused. */
  readonly experiment: Experiment;
  /** The last one that could be built: what a refused choice goes back to. */
  readonly lastGood: Experiment | null;
  /**
   * Titles of the gallery before its menu is there: that of the scenario that the page opens with; all of them where a link
   * was opened.
   */
  readonly titles: readonly GalleryTitle[];
  /** Builds an experiment. `keep` leaves playhead, zoom and selection where they are, to compare. */
  load(experiment: Experiment, keep?: boolean): void;
  /** A gallery scenario with its own choices. */
  chooseScenario(id: string): void;
  /** Overrides one choice, knob or number; null takes the override back. */
  choose(key: string, value: string | null): void;
  /** The latest that was tried, unless it was good: then it was chosen. */
  readonly trial: Trial | null;
  /** Chooses a value if the experiment can be built with it; else all stays as it is, and `trial` says why. */
  tryChoice(key: string, value: string): void;
  /**
   * The same for an entry of a menu, or for a scenario (key 'scenario'). What is picked while another is tried is tried after
   * it. Where there is no picture that could stay, it is chosen as it is.
   */
  pick(key: string, value: string): void;
  /** What was tried can be built (null), or what is wrong with it. `last`: whoever tries is gone, and what waits goes too. */
  settleTrial(problem: string | null, last?: boolean): void;
  /** Back to `lastGood`, or to the default scenario. */
  recover(): void;
  /** What a link says; parts that it lacks get their defaults. `titles`: where they are there. */
  applyLink(link: LinkState, titles?: readonly GalleryTitle[]): void;
}

export type Phase = 'building' | 'running' | 'paused' | 'ended' | 'refused' | 'failed';

export interface RunSlice {
  /** Number of the run that the page shows; answers for other runs are dropped. */
  readonly run: number;
  readonly phase: Phase;
  readonly info: ReadyInfo | null;
  readonly progress: Progress | null;
  readonly pyramid: PyramidReader | null;
  /** Grows whenever the pyramid, which is changed in place, has more in it. */
  readonly revision: number;
  readonly report: LogReport | null;
  readonly findings: readonly Finding[];
  readonly hash: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** What the engine said when it threw. */
  readonly failure: string | null;
  pauseRun(): void;
  resumeRun(): void;
  receive(response: Response): void;
}

export type MomentRecord = EventRecord & { readonly sentence: string };

/** Unit in which the speed of playback is set. */
export type SpeedUnit = 'time' | 'events';

/** How far a search has got; `waiting`: it has seen all there is and waits for the run. */
export interface Searching {
  readonly event: EventIdx;
  readonly waiting: boolean;
}

/** A move that led nowhere, and why. */
export interface DeadEnd {
  readonly move: Move;
  readonly why: Unmoved;
}

export interface PlayheadSlice {
  readonly moment: Moment | null;
  /** The record at the playhead; null at the very start. */
  readonly record: MomentRecord | null;
  readonly ordinal: number;
  /** Records around the playhead, in order; empty while it moves. */
  readonly nearby: readonly MomentRecord[];
  /** Those of the place where the playhead came to rest are still to come. */
  readonly looking: boolean;
  /** Sequence number of the move that is under way, and what comes after it. */
  readonly outstanding: number | null;
  readonly queued: Move | null;
  /** The move that is under way, or was the last. */
  readonly asked: Move | null;
  /** Only while the move under way is a search that takes its time. */
  readonly searching: Searching | null;
  /** The last move, if it led nowhere. */
  readonly deadEnd: DeadEnd | null;
  /** Where the playhead goes as soon as the run has got there. */
  readonly destination: Place | null;
  /** True once the reader moved: the page then no longer chooses an opening view. */
  readonly touched: boolean;
  readonly playing: boolean;
  /** Simulated seconds per second, as a multiple of "the whole extent in 20 s". */
  readonly speed: number;
  readonly speedUnit: SpeedUnit;
  /** Records per second of the reader's time. */
  readonly eventRate: number;
  /** Where playback has got to, ns; only meaningful while playing. */
  readonly playedNs: Ns;
  /** At most one move is under way; the latest of those that come meanwhile follows it. */
  move(move: Move): void;
  /** Ends the search under way. */
  cancelMove(): void;
  /** Goes to where a condition is met next, or was last. */
  runUntil(condition: Condition, by?: 1 | -1): void;
  play(): void;
  stop(): void;
  setSpeed(speed: number): void;
  setEventRate(eventsPerSec: number): void;
  setSpeedUnit(unit: SpeedUnit): void;
  /** Playback goes on by `ms` of the reader's time. */
  tick(ms: number): void;
}

/** A line of a path's text, from 1; 0 for a file as a whole. */
export interface ShownLine {
  readonly file: string;
  readonly line: number;
}

export type Theme = 'dark' | 'light';

/** A line above the page that the reader may put away. */
export interface Notice {
  readonly tone: 'info' | 'error';
  readonly text: string;
  /** What the reader can do about it; the line then stays until it is put away. */
  readonly offer?: { readonly label: string; act(): void };
}

export interface ViewSlice extends Panes {
  /** Null: the whole extent. */
  readonly range: Range | null;
  /** True once the reader, or a link, chose the span: the page then no longer does. */
  readonly zoomed: boolean;
  /** Selected thread by name; null: the page's own choice, see `selectedThread`. */
  readonly selected: string | null;
  /** Frame of the selected thread's stack that the code panel shows, from the innermost; null follows it. */
  readonly frame: number | null;
  /** Function of the frame that a link names, until the playhead is there. */
  readonly namedFrame: string | null;
  /** What else a link names, until the run is there that knows the names. */
  readonly named: LinkNames | null;
  /** What the code panel shows instead of the selected thread's place; null follows the thread. */
  readonly line: ShownLine | null;
  /** Whether the questions of a text (`//?`) are asked. */
  readonly prompts: boolean;
  readonly theme: Theme;
  readonly helpOpen: boolean;
  readonly notice: Notice | null;
  setRange(range: Range | null): void;
  select(thread: string | null): void;
  selectNeighbour(by: 1 | -1): void;
  showFrame(frame: number | null): void;
  /** Shows a line of a file, line 0 for the file as a whole, until a thread or a frame is chosen. */
  showLine(file: string, line: number): void;
  setPrompts(on: boolean): void;
  setTheme(theme: Theme): void;
  setColumns(columns: NonNullable<Panes['columns']>): void;
  /** Null: as high as at first. */
  setDrawerHeight(height: number | null): void;
  setHelp(open: boolean): void;
  notify(notice: Notice | null): void;
}

/** Which page is shown: the run, that of experiments, or the table of mechanisms. */
export interface PagesSlice {
  readonly page: 'run' | 'experiments' | 'mechanisms';
  /** Fragment of the page of experiments as it was last, or is to be. */
  readonly experimentsLink: string;
  /** Fragment of the table of mechanisms, likewise; all that the reader chose there is in it. */
  readonly mechanismsLink: string;
  /** Null until one of those pages, which both measure with it, has been fetched. */
  readonly experiments: Experiments | null;
  showExperiments(link: string): void;
  showMechanisms(link: string): void;
  /** Back to the run, or to the default one where there has been none yet. */
  showRun(): void;
}

export type AppState = ExperimentSlice &
  RunSlice &
  PlayheadSlice &
  ViewSlice &
  TimelineSlice &
  WhySlice &
  FinderSlice &
  PagesSlice;

export type GetState = () => AppState;
export type SetState = (part: Partial<AppState>) => void;
