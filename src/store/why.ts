import type { EventIdx, Ns, ObjectId, ThreadIdx } from '../event/index.ts';
import {
  type BlamedSpans,
  type BlameFilter,
  type SpanBin,
  spansOf,
  type ThreadSpan,
  type WaitStory,
} from '../trace/index.ts';
import type { RangeAnswer, Request, Response } from '../worker/protocol.ts';
import { axisNs } from './derive.ts';
import { causesRange } from './opening.ts';
import type { GetState, MomentRecord, Range, SetState } from './state.ts';

/** What the panel below the lanes shows. */
export type Drawer = 'run' | 'why' | 'blame' | 'statistics' | 'zones';

/** Waits or holds that the reader marks in the time view. */
export interface Marked {
  /** Names the bar: 'wait read 4096' of a lock. */
  readonly key: string;
  /** When the first of them began and the last of them ended. */
  readonly range: Range;
  /** Some of them, or all. */
  readonly spans: readonly ThreadSpan[];
  readonly count: number;
}

export type RangeQuestion = 'statistics' | 'blame';

export interface WhySlice {
  readonly drawer: Drawer;
  /** False: the page chooses what the drawer shows. */
  readonly drawerChosen: boolean;
  /** The latest story that was told; null before one, or where the thread waited for nothing. */
  readonly story: WaitStory | null;
  /** What it was asked for; the story may be that of an earlier question as long as `storyPending`. */
  readonly storyOf: { readonly thread: ThreadIdx; readonly t: Ns } | null;
  readonly storyPending: boolean;
  /** The latest full answers, and how far the present question has got (1: answered). */
  readonly statistics: RangeAnswer | null;
  readonly blame: RangeAnswer | null;
  readonly rangeDone: number;
  /** Blame over the whole run, not over what is shown; of one lock, or of all. */
  readonly blameWhole: boolean;
  readonly blameLock: ObjectId | null;
  /** Which waits the time view shows before all else, and when they were, as far as is known. */
  readonly blameFilter: BlameFilter | null;
  readonly blameWaits: readonly BlamedSpans[];
  readonly waitsPending: boolean;
  readonly marked: Marked | null;
  /** Records that led to a finding, in order, as far as they have come; and how many are still to come. */
  readonly causes: readonly MomentRecord[];
  readonly causesLeft: number;
  openDrawer(drawer: Drawer): void;
  /** Why a thread waits at a time; asks nothing where the story that is there tells it. */
  askStory(thread: ThreadIdx, t: Ns): void;
  /** What a range holds. Questions that follow each other fast are put together. */
  askRange(what: RangeQuestion, range: Range): void;
  setBlameWhole(whole: boolean): void;
  setBlameLock(lock: ObjectId | null): void;
  filterBlame(filter: BlameFilter | null): void;
  /** Fetches the records that led to a finding, by id. */
  askCauses(ids: readonly EventIdx[]): void;
  /** Marks what is in some bars of a chart, with a measure over all of it; none of them: nothing. */
  mark(key: string, bins: readonly SpanBin[]): void;
}

export interface Why {
  readonly slice: WhySlice;
  /** Takes in what concerns this slice; other responses change nothing. */
  readonly tookWhy: (response: Response) => void;
}

/** Time between two questions about ranges: a turn of the wheel asks for many. */
const APART_MS = 60;

/** What belongs to one run. */
const NOTHING = {
  story: null,
  storyOf: null,
  storyPending: false,
  statistics: null,
  blame: null,
  rangeDone: 1,
  blameLock: null,
  blameFilter: null,
  blameWaits: [],
  waitsPending: false,
  marked: null,
  causes: [],
  causesLeft: 0,
} as const;

export function whySlice(set: SetState, get: GetState, send: (request: Request) => void): Why {
  let seq = 0;
  let storySeq = 0;
  let rangeSeq = 0;
  let waitsSeq = 0;
  /** There was more of the run after the waits were asked for. */
  let waitsGrew = false;
  /** Requests for causes count down from -1: the playhead's own, which ask for records too, count up. */
  let causesSeq = 0;
  let firstCause = 0;
  let asked: { readonly what: RangeQuestion; readonly range: Range } | null = null;
  let askedAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** True where a run is there to be asked. */
  function answers(): boolean {
    const { phase, info } = get();
    return info !== null && phase !== 'building' && phase !== 'refused' && phase !== 'failed';
  }

  /** The story that is there tells of this moment too, and has an end or nothing to add. */
  function known(thread: ThreadIdx, t: Ns): boolean {
    const { story, storyPending, storyOf } = get();
    if (storyPending) return false;
    if (storyOf?.thread === thread && storyOf.t === t) return story === null || story.end !== 'waiting';
    if (story === null || story.thread !== thread || story.end === 'waiting') return false;
    return t >= story.sinceNs && t < story.untilNs;
  }

  function putRange(): void {
    clearTimeout(timer);
    timer = undefined;
    if (asked === null || !answers()) return;
    askedAt = performance.now();
    rangeSeq = ++seq;
    const { what, range } = asked;
    send({ type: 'range', run: get().run, seq: rangeSeq, from: range.from, to: range.to, what });
  }

  /** When the waits were that the filter means. */
  function askWaits(): void {
    const { blameFilter: filter, run } = get();
    if (filter === null || !answers()) return;
    waitsSeq = ++seq;
    waitsGrew = false;
    set({ waitsPending: true });
    send({ type: 'waits', run, seq: waitsSeq, filter });
  }

  /** What led to a finding may be a line on the axis: as long as the reader has not moved, it is shown at large. */
  function showCauses(): void {
    const { touched, zoomed, range, causes } = get();
    if (touched || zoomed || range !== null) return;
    const times = causes.map(({ t }) => t);
    set({ range: causesRange(times, axisNs(get())) });
  }

  function tookWhy(response: Response): void {
    if (response.run !== get().run) return;
    if (response.type === 'ready') {
      asked = null;
      storySeq = rangeSeq = waitsSeq = 0;
      firstCause = causesSeq - 1;
      clearTimeout(timer);
      timer = undefined;
      set(NOTHING);
    } else if (response.type === 'story' && response.seq === storySeq) {
      set({ story: response.story, storyPending: false });
    } else if (response.type === 'range' && response.seq === rangeSeq) {
      const { summary, pairs, done } = response;
      set({ rangeDone: done });
      if (summary !== undefined) set({ statistics: response });
      if (pairs !== undefined) set({ blame: response });
    } else if (response.type === 'waits' && response.seq === waitsSeq) {
      set({ blameWaits: response.waits, waitsPending: false });
      if (waitsGrew) askWaits();
    } else if (response.type === 'report') {
      // There is more of the run now.
      if (get().waitsPending) waitsGrew = true;
      else askWaits();
    } else if (response.type === 'records' && response.seq <= firstCause && response.seq >= causesSeq) {
      const causes = [...get().causes, ...response.records].sort((a, b) => a.id - b.id);
      set({ causes, causesLeft: get().causesLeft - 1 });
      if (get().causesLeft === 0) showCauses();
    } else if (response.type === 'failed' || response.type === 'refused') {
      set({ storyPending: false, rangeDone: 1, causesLeft: 0, waitsPending: false });
    }
  }

  const slice: WhySlice = {
    ...NOTHING,
    drawer: 'run',
    drawerChosen: false,
    blameWhole: false,
    openDrawer: (drawer) => {
      // Marks belong to the chart: nobody could take them back once that is gone.
      if (get().marked !== null) slice.mark('', []);
      set({ drawer, drawerChosen: true });
    },
    askCauses: (ids) => {
      if (!answers()) return;
      firstCause = causesSeq - 1;
      set({ causes: [], causesLeft: ids.length });
      for (const id of ids) send({ type: 'records', run: get().run, seq: --causesSeq, from: id, to: id + 1 });
    },
    askStory: (thread, t) => {
      if (!answers() || known(thread, t)) return;
      const { storyOf, storyPending } = get();
      if (storyPending && storyOf?.thread === thread && storyOf.t === t) return;
      storySeq = ++seq;
      set({ storyOf: { thread, t }, storyPending: true });
      send({ type: 'story', run: get().run, seq: storySeq, thread, t });
    },
    askRange: (what, range) => {
      if (!answers()) return;
      asked = { what, range };
      set({ rangeDone: 0 });
      const wait = askedAt + APART_MS - performance.now();
      if (wait <= 0) putRange();
      else timer ??= setTimeout(putRange, wait);
    },
    setBlameWhole: (blameWhole) => set({ blameWhole }),
    setBlameLock: (blameLock) => {
      set({ blameLock });
      slice.filterBlame(null);
    },
    filterBlame: (blameFilter) => {
      waitsSeq = 0;
      set({ blameFilter, blameWaits: [], waitsPending: false });
      askWaits();
    },
    mark: (key, bins) => {
      const full = bins.filter(({ count }) => count > 0);
      if (full.length === 0) {
        // A span that the reader measured is none of the chart's.
        if (get().marked === null) return;
        set({ marked: null });
        get().measure(null);
        return;
      }
      const from = Math.min(...full.map(({ firstNs }) => firstNs));
      const to = Math.max(...full.map(({ lastNs }) => lastNs));
      const count = full.reduce((sum, bin) => sum + bin.count, 0);
      set({ marked: { key, range: { from, to }, spans: full.flatMap(spansOf), count } });
      get().measure({ from, to });
    },
  };
  return { slice, tookWhy };
}
