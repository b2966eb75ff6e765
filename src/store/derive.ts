import type { Ns, ThreadIdx, ThreadMoment, TraceMeta } from '../event/index.ts';
import type { AppState, Range } from './state.ts';
import type { Drawer } from './why.ts';

type Part<K extends keyof AppState> = Pick<AppState, K>;

/** The time axis spans this from the first moment on, whatever has been recorded. */
export function extentNs(state: Part<'info'>): Ns {
  return state.info?.meta.extentNs ?? 1;
}

/** A run that ended before this share of its extent is shown alone: the rest would stay empty. */
const EARLY = 0.6;

/** What the whole axis spans: the extent, or less once a run has ended long before it. */
export function axisNs(state: Part<'info' | 'progress' | 'phase'>): Ns {
  const extent = extentNs(state);
  const end = state.progress?.now ?? 0;
  return state.phase === 'ended' && end > 0 && end < extent * EARLY ? Math.ceil(end * 1.04) : extent;
}

/** How long the run is: once it has ended so long as it lasted, which the axis may exceed; before, its extent. */
export function lengthNs(state: Part<'info' | 'progress' | 'phase'>): Ns {
  const end = state.progress?.now ?? 0;
  return state.phase === 'ended' && end > 0 ? end : extentNs(state);
}

/** The span of time on the screen. */
export function shownRange(state: Part<'info' | 'progress' | 'phase' | 'range'>): Range {
  const whole = axisNs(state);
  const { range } = state;
  return range === null || range.from >= whole ? { from: 0, to: whole } : range;
}

/** The thread that waited longest by now: what one looks at first. */
function busiest(state: Part<'info' | 'report'>): string | null {
  const first = state.info?.meta.threads[0]?.name ?? null;
  let most = 0;
  let name = first;
  for (const thread of state.report?.threads ?? []) {
    const waited = thread.blockedNs + thread.spinNs;
    if (waited > most) {
      most = waited;
      name = thread.name;
    }
  }
  return name;
}

/** Name of the selected thread: the reader's choice where this run has it, else the page's. */
export function selectedName(state: Part<'info' | 'report' | 'selected'>): string | null {
  const { info, selected } = state;
  if (selected !== null && info?.meta.threads.some(({ name }) => name === selected)) return selected;
  return busiest(state);
}

/** Index of the selected thread, -1 while there is none. */
export function selectedThread(state: Part<'info' | 'report' | 'selected'>): ThreadIdx {
  const name = selectedName(state);
  return state.info?.meta.threads.findIndex((thread) => thread.name === name) ?? -1;
}

/** What the selected thread does at the playhead. */
export function selectedMoment(
  state: Part<'info' | 'report' | 'selected' | 'moment'>,
): ThreadMoment | undefined {
  const index = selectedThread(state);
  return state.moment?.threads?.find(({ thread }) => thread === index);
}

/** Where the playhead is drawn, ns: it runs ahead of the moment while playing. */
export function playheadNs(state: Part<'moment' | 'playing' | 'playedNs' | 'destination'>): Ns {
  return state.playing ? state.playedNs : (state.moment?.t ?? state.destination?.t ?? 0);
}

/** True where the allocator that runs has zones, as far as the moment shows. */
export function hasZones({ moment }: Part<'moment'>): boolean {
  return (moment?.zones?.length ?? 0) > 0;
}

/** What the drawer shows: what was chosen, unless this run has no such thing. */
export function shownDrawer(state: Part<'drawer' | 'moment'>): Drawer {
  const { drawer, moment } = state;
  return drawer === 'zones' && moment !== null && !hasZones(state) ? 'run' : drawer;
}

/** True while nothing is under way between page and worker. */
export function isQuiet(
  state: Part<
    | 'phase'
    | 'outstanding'
    | 'queued'
    | 'playing'
    | 'destination'
    | 'storyPending'
    | 'rangeDone'
    | 'causesLeft'
    | 'waitsPending'
    | 'looking'
    | 'page'
    | 'run'
    | 'experiments'
    | 'trial'
  >,
): boolean {
  const {
    phase,
    outstanding,
    queued,
    playing,
    destination,
    storyPending,
    rangeDone,
    causesLeft,
    waitsPending,
    looking,
    page,
    run,
    experiments,
    trial,
  } = state;
  if (page !== 'run') {
    if (experiments === null || experiments.busy) return false;
    if (run === 0) return true;
  }
  if (phase === 'refused' || phase === 'failed') return true;
  const settled = phase === 'ended' || phase === 'paused';
  if (trial?.problem === null) return false;
  if (storyPending || waitsPending || looking || rangeDone < 1 || causesLeft > 0) return false;
  return settled && outstanding === null && queued === null && !playing && destination === null;
}

/** Share of the extent that has been simulated, 0 to 1. */
export function doneShare(state: Part<'info' | 'progress'>): number {
  return Math.min(1, (state.progress?.now ?? 0) / extentNs(state));
}

/** Threads that are shown together: those of one socket, or those that the scheduler places. */
export interface ThreadGroup {
  /** Names the group, whatever the run. */
  readonly key: string;
  readonly name: string;
  readonly threads: readonly ThreadIdx[];
}

/** Threads by the socket of the CPU that they are pinned to, in order; those that are pinned to none come last. */
export function threadGroups(meta: TraceMeta): ThreadGroup[] {
  const bySocket = new Map<number, ThreadIdx[]>();
  meta.threads.forEach(({ cpu }, thread) => {
    const socket = cpu === null ? Infinity : (meta.cpuSocket[cpu] ?? Infinity);
    const list = bySocket.get(socket);
    if (list === undefined) bySocket.set(socket, [thread]);
    else list.push(thread);
  });
  return [...bySocket]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([socket, threads]) =>
      socket === Infinity
        ? { key: 'any', name: 'any CPU', threads }
        : { key: `socket ${socket}`, name: `socket ${socket}`, threads },
    );
}
